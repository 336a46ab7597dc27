//! Random worlds, random interleavings of them, and random texts: nothing breaks that no finding
//! explains, and what is printed reads as what was written.
//!
//! A play that breaks a claim is shrunk and kept in `regressions/`. `PROPTEST_CASES` and
//! `PROPTEST_RNG_SEED` ask for more plays and for others.
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;

use dm_model::era::ERA_NAMES;
use dm_properties::claims::{Kind, claim};
use dm_properties::findings::FINDINGS;
use dm_properties::fired::Fired;
use dm_properties::search::judge;
use dm_properties::shrink::shrink;
use dm_properties::tape::{CANARY, Played, play, shrunk, told};
use dm_sim::fuzz::tape::Tape;
use dm_sim::fuzz::world::{Drawn, draw};
use dm_sim::fuzz::{message, scenario, table, trail};
use dm_sim::scenario::{Verb, parse};
use dm_sim::world::trail::Trail;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::sample::Index;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

/// The longest tape.
const LENGTH_MAX: usize = 400;

/// Runs a test on so many cases, the same ones each time.
fn run<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value)) {
    let asked = Config::default();
    let is_set = |name: &str| env::var_os(name).is_some();
    let config = Config {
        cases: if is_set("PROPTEST_CASES") { asked.cases } else { cases },
        rng_seed: if is_set("PROPTEST_RNG_SEED") { asked.rng_seed } else { RngSeed::Fixed(1) },
        // The one shrinker is the project's, and so is what is kept.
        max_shrink_iters: 0,
        failure_persistence: None,
        ..asked
    };
    let result = TestRunner::new(config).run(strategy, |value| {
        test(value);
        Ok::<_, TestCaseError>(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

fn tapes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..LENGTH_MAX)
}

fn drawn(tape: &[u8]) -> Drawn {
    draw(&mut Tape::new(tape))
}

/// Keeps the shrunk trail of a play beside those of the searches; what to do with it.
fn keep(played: &Played) -> String {
    let (trail, claim) = shrunk(played).expect("the play broke a claim");
    let name = format!("tape-{}-{claim}.trail", trail.era.name());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions").join(name);
    fs::write(&path, trail.text().expect("it has a text")).expect("it can be written");
    format!("{}\nkept as {}", told(&trail, claim), path.display())
}

/// What the plays of a test were worth.
#[derive(Default)]
struct Seen {
    plays: u32,
    ends: u32,
    fired: Fired,
    known: BTreeSet<&'static str>,
}

#[test]
fn a_random_world_breaks_no_claim_but_by_a_finding_and_random_worlds_reach_most_labels() {
    let seen = RefCell::new(Seen::default());
    run(20_000, &tapes(), |tape| {
        let played = play(&tape, None);
        assert!(played.broken.is_none(), "{}", keep(&played));
        let mut seen = seen.borrow_mut();
        seen.plays += 1;
        seen.ends += u32::from(played.is_end);
        seen.fired.merge(&played.fired);
        seen.known.extend(played.known);
    });
    let Seen { plays, ends, fired, known } = seen.into_inner();
    assert!(plays >= 1_000 && ends > plays / 2, "{ends} of {plays} worlds came to rest");
    let never = fired.labels_that_never_fired();
    assert!(never.len() < 25, "{never:?}");
    assert_eq!(fired.actions_that_never_fired(), Vec::<&str>::new());
    assert!(known.len() >= 4, "{known:?}");
}

#[test]
fn the_same_tape_plays_the_same_twice() {
    run(50, &tapes(), |tape| {
        let (first, second) = (play(&tape, None), play(&tape, None));
        assert_eq!(first.trail.actions, second.trail.actions);
        assert_eq!(first.fired, second.fired);
    });
}

#[test]
fn the_trail_of_a_random_world_reads_as_it_is_written() {
    run(150, &tapes(), |tape| {
        let played = play(&tape, None).trail;
        let text = played.text().expect("it has a text");
        let again = Trail::parse("tape", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!((again.era, &again.actions), (played.era, &played.actions));
        assert_eq!(again.text().expect("it has a text"), text);
        trail(text.as_bytes());
    });
}

#[test]
fn a_random_scenario_reads_as_it_is_written() {
    run(1_000, &tapes(), |tape| {
        let drawn = drawn(&tape).scenario("drawn");
        let text = drawn.to_string();
        let again = parse("drawn", &text, &ERA_NAMES).unwrap_or_else(|it| panic!("{it}\n{text}"));
        assert_eq!(again.without_positions(), drawn.clone().without_positions(), "{text}");
        for line in &drawn.lines {
            let rows = line.verb.table().unwrap_or_default();
            let rows: Vec<_> = rows.iter().map(|row| row.text.as_str()).collect();
            table(rows.join("\n").as_bytes());
            if let Verb::Message { words, .. } = &line.verb {
                message(words.join(" ").as_bytes());
            }
        }
    });
}

#[test]
fn a_random_configuration_is_taken_or_refused_at_its_place_however_it_is_cut() {
    let cuts = (tapes(), any::<Index>(), any::<Index>(), vec(any::<u8>(), 0..6));
    run(400, &cuts, |(tape, start, length, put_in)| {
        let mut text = drawn(&tape).text(None).into_bytes();
        scenario(&text);
        let start = start.index(text.len());
        let end = (start + length.index(12)).min(text.len());
        text.splice(start..end, put_in);
        scenario(&text);
    });
}

#[test]
fn random_bytes_are_taken_or_refused_at_their_place() {
    run(2_000, &vec(any::<u8>(), 0..200), |bytes| {
        scenario(&bytes);
        table(&bytes);
        message(&bytes);
        trail(&bytes);
    });
}

/// A search has found the shortest trail of its configuration. Only an end may come earlier where
/// lines are taken out: they need not be reached.
#[test]
fn a_shortest_trail_shrinks_to_its_own_length() {
    for finding in FINDINGS {
        let shortest = Trail::parse(finding.trail, finding.text).expect("it is a trail");
        let shrunk = shrink(&shortest, finding.claim);
        let (now, then) = (shrunk.actions.len(), shortest.actions.len());
        match claim(finding.claim).expect("it is a claim").kind {
            Kind::Always => assert_eq!(now, then, "{}", finding.id),
            Kind::AtEnds => assert!(now <= then, "{}", finding.id),
        }
        let breaks = judge(&shrunk).expect("it can be judged");
        let found = breaks.iter().find(|it| it.claim.name == finding.claim);
        assert_eq!(found.map(|it| it.step), Some(shrunk.actions.len()), "{}", finding.id);
        let again = shrink(&shrunk, finding.claim);
        assert_eq!(again.text(), shrunk.text(), "{}", finding.id);
    }
}

#[test]
fn a_random_world_finds_the_canary_and_shrinks_it() {
    let found = Cell::new(0);
    run(1_500, &tapes(), |tape| {
        let played = play(&tape, Some(CANARY));
        let Some((trail, claim)) = shrunk(&played) else { return };
        assert!(trail.actions.len() <= played.trail.actions.len() + 1, "{claim}");
        assert!(trail.configuration.text.contains(CANARY), "{}", told(&trail, claim));
        assert!(trail.configuration.text.lines().count() < 25, "{}", told(&trail, claim));
        found.set(found.get() + 1);
    });
    assert!(found.get() > 0, "1,500 worlds without the canary");
}

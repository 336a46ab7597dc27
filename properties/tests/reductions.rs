//! Each reduction finds what the whole search finds: the same broken claims, and the same ends.
//!
//! docs/reductions.md says why that has to be so, and has the counts.
use std::collections::BTreeSet;

use dm_explore::{Control, Finish, Limits, Order, Quotient, Reduce, Search};
use dm_properties::claims::Kind;
use dm_properties::configurations::{Bound, Named, Parameters, generate, of_bound};
use dm_properties::kills::{KILLS, Kill, SMALL};
use dm_properties::search::{CheckReport, Engine, Options, Verdict, check_large, judge};
use dm_properties::system::{Checked, Goal, Pace};
use dm_sim::world::config::Configuration;
use dm_sim::world::outcome::{IoEnd, Outcome};
use dm_sim::world::symmetry::Symmetry;

const NONE: Reduce = Reduce { symmetry: false, local: false };
const SYMMETRY: Reduce = Reduce { symmetry: true, local: false };
const LOCAL: Reduce = Reduce { symmetry: false, local: true };
const ALL: Reduce = Reduce { symmetry: true, local: true };

/// The states of a configuration: all, with symmetry, with local steps merged, and with both.
type Row = (&'static str, [u64; 4]);

/// Larger searches are left to the deeper test.
const STATE_COUNT_USUAL: u64 = 60_000;

fn parse(name: &str, text: &str) -> Configuration {
    Configuration::parse(name, text).unwrap_or_else(|error| panic!("{error}"))
}

fn configuration(name: &str) -> Configuration {
    if let Some(sizes) = made(name) {
        return parse(name, &generate(sizes));
    }
    let all: Vec<&Named> = of_bound(Bound::Standard).into_iter().chain(SMALL).collect();
    let named = all.iter().find(|named| named.name == name).expect("it has a configuration");
    parse(name, named.text)
}

/// The sizes of a configuration that is made for this test.
fn made(name: &str) -> Option<Parameters> {
    let sizes = |bios, paths, cycles, signals| {
        Some(Parameters { bios, paths, faults: 1, cycles, signals, messages: 0 })
    };
    match name {
        "2 bios" => sizes(2, 1, 0, 0),
        "2 bios, 2 paths" => sizes(2, 2, 0, 0),
        "3 bios" => sizes(3, 1, 0, 0),
        "1 bio, a cycle, a signal" => sizes(1, 1, 1, 1),
        "2 bios, a cycle" => sizes(2, 1, 1, 0),
        _ => None,
    }
}

fn search(configuration: &Configuration, reduce: Reduce, threads: usize) -> CheckReport {
    let options = Options { limits: Limits::default(), order: Order::Forward };
    let engine = Engine { reduce, threads, ..Engine::default() };
    let go_on = &mut |_: &_| Control::Continue;
    let report = check_large(configuration, configuration.era, options, engine, go_on);
    report.unwrap_or_else(|error| panic!("{}: {error:?}", configuration.name()))
}

/// What a search comes to, without counts: for each claim whether it broke, else whether it said
/// anything; and what never happened.
#[derive(PartialEq, Eq, Debug)]
struct Findings {
    claims: Vec<(&'static str, Option<bool>)>,
    never: (Vec<&'static str>, Vec<&'static str>),
}

fn findings(report: &CheckReport) -> Findings {
    assert_eq!(report.finish, Finish::Complete);
    let said = |verdict: &Verdict| match verdict {
        Verdict::Held { premise } => Some(*premise),
        Verdict::Broken { .. } => None,
    };
    let claims = report.claims.iter().map(|it| (it.claim.name, said(&it.verdict)));
    let never = (report.fired.labels_that_never_fired(), report.fired.actions_that_never_fired());
    Findings { claims: claims.collect(), never }
}

/// Every trail is one of the configuration, and its last step or its end breaks the claim.
fn assert_trails_break(report: &CheckReport) {
    for it in &report.claims {
        let Verdict::Broken { trail, text, .. } = &it.verdict else { continue };
        let breaks = judge(trail).expect("it can be built");
        let breaks: Vec<_> =
            breaks.iter().filter(|found| found.claim.name == it.claim.name).collect();
        let found = breaks.iter().find(|found| found.text == *text).expect("it breaks the claim");
        assert_eq!(found.step, trail.actions.len(), "{}", it.claim.name);
        let at_end = it.claim.kind == Kind::AtEnds;
        assert!(at_end || found.step > 0);
    }
}

/// Whether any of its searches was small enough.
fn check_row((name, counts): &Row, is_usual: bool) -> bool {
    let configuration = configuration(name);
    let mut first: Option<Findings> = None;
    for (reduce, count) in [NONE, SYMMETRY, LOCAL, ALL].into_iter().zip(counts) {
        if is_usual && *count > STATE_COUNT_USUAL {
            continue;
        }
        let report = search(&configuration, reduce, 1);
        assert_eq!(report.states, *count, "{name}, {reduce:?}");
        assert_trails_break(&report);
        let found = findings(&report);
        if *count < STATE_COUNT_USUAL / 2 && reduce != NONE {
            let report = search(&configuration, reduce, 2);
            assert_eq!(report.states, *count, "{name}, {reduce:?}, two threads");
            assert_eq!(findings(&report), found, "{name}, {reduce:?}, two threads");
        }
        match &first {
            Some(first) => assert_eq!(found, *first, "{name}, {reduce:?}"),
            None => first = Some(found),
        }
    }
    first.is_some()
}

#[test]
fn each_reduction_breaks_the_same_claims_and_has_its_golden_count() {
    let searched = ROWS.iter().filter(|row| check_row(row, true)).count();
    assert!(searched >= 30, "{searched} of {} are searched", ROWS.len());
}

#[test]
#[ignore = "minutes: the largest configurations, whole"]
fn so_it_does_in_the_largest_configurations() {
    assert!(ROWS.iter().all(|row| check_row(row, false)));
}

#[test]
fn every_configuration_of_the_project_has_a_row() {
    for named in of_bound(Bound::Standard).into_iter().chain(SMALL) {
        assert!(ROWS.iter().any(|(name, _)| *name == named.name), "{}", named.name);
    }
}

/// An outcome without names: I/Os and calls that are alike may have changed places.
fn without_names(outcome: &Outcome) -> (Vec<String>, Vec<String>, bool) {
    let end = |end: &IoEnd| match end {
        IoEnd::NotIssued | IoEnd::Held(_) => format!("{end:?}"),
        IoEnd::Done(code, tokens) => format!("{code:?}, {} sectors", tokens.len()),
    };
    let mut ios: Vec<_> = outcome.ios.iter().map(|(_, it)| end(it)).collect();
    let mut calls: Vec<_> = outcome.calls.iter().map(|(_, it)| format!("{it:?}")).collect();
    ios.sort();
    calls.sort();
    (ios, calls, outcome.bug.is_some())
}

#[test]
fn each_reduction_ends_in_the_same_ways() {
    for (name, counts) in ROWS.iter().filter(|(_, counts)| counts[0] < STATE_COUNT_USUAL / 2) {
        let configuration = configuration(name);
        let outcomes = |reduce: Reduce| {
            let world = configuration.world(configuration.era).expect("it can be built");
            let system = Checked::new(world, Goal::Outcomes, Pace::Free);
            let quotient = Quotient::new(&system, reduce);
            let report = quotient.unfold(Search::new(&quotient).run());
            let same = report.outcomes.keys().cloned().collect::<BTreeSet<Outcome>>();
            let alike: BTreeSet<_> = same.iter().map(without_names).collect();
            (report.ends, same, alike)
        };
        let (ends, whole, alike) = outcomes(NONE);
        let (ends_left, merged, _) = outcomes(LOCAL);
        assert_eq!((ends_left, &merged), (ends, &whole), "{name}, local steps merged");
        if counts[1] < counts[0] {
            let (_, some, left) = outcomes(ALL);
            assert!(some.is_subset(&whole), "{name}, with symmetry");
            assert_eq!(left, alike, "{name}, with symmetry");
        }
    }
}

/// The claims that a seeded bug breaks in its configuration, and a trail that breaks the claim
/// that kills it. Some bugs make the model lose track of itself behind the first broken claim.
fn killed(kill: &Kill, reduce: Reduce) -> usize {
    let configuration = kill.configuration().expect("it is right");
    let world = configuration.world(configuration.era).expect("it can be built");
    let system = Checked::new(world, Goal::Claim(kill.claim), Pace::Free);
    let quotient = Quotient::new(&system, reduce);
    let report = quotient.unfold(Search::new(&quotient).until_broken().run());
    let found = report.violations.get(kill.claim);
    let found = found.unwrap_or_else(|| panic!("{} survives {reduce:?}", kill.seeded().name));
    found.trail.len()
}

#[test]
fn every_seeded_bug_is_found_with_each_reduction() {
    for kill in KILLS {
        let shortest = killed(kill, NONE);
        assert!(killed(kill, LOCAL) >= shortest, "{}", kill.seeded().name);
        if !is_trivial(&kill.configuration().expect("it is right")) {
            assert_eq!(killed(kill, SYMMETRY), shortest, "{}", kill.seeded().name);
            assert!(killed(kill, ALL) >= shortest, "{}", kill.seeded().name);
        }
    }
}

/// Those after whose first broken claim the model goes on.
fn goes_on(kill: &Kill) -> bool {
    !LOST.contains(&kill.seeded().name)
}

/// Whether nothing in the configuration is interchangeable, so that symmetry changes nothing.
fn is_trivial(configuration: &Configuration) -> bool {
    let world = configuration.world(configuration.era).expect("it can be built");
    Symmetry::of(&world).is_trivial()
}

/// Compares what each seeded bug breaks where there are no more states.
fn check_kills(states_max: u64) -> usize {
    let mut count = 0;
    for kill in KILLS.iter().filter(|kill| goes_on(kill)) {
        let configuration = kill.configuration().expect("it is right");
        let reductions =
            if is_trivial(&configuration) { &[LOCAL][..] } else { &[SYMMETRY, LOCAL, ALL] };
        let left = search(&configuration, LOCAL, 1);
        // About half of them are left, or fewer.
        if left.states > states_max / 2 {
            continue;
        }
        let whole = search(&configuration, NONE, 1);
        for reduce in reductions {
            let report = search(&configuration, *reduce, 1);
            assert!(report.states <= whole.states);
            assert_trails_break(&report);
            assert_eq!(findings(&report), findings(&whole), "{}", kill.seeded().name);
        }
        count += 1;
    }
    count
}

#[test]
fn every_seeded_bug_breaks_the_same_claims_with_each_reduction() {
    let count = check_kills(9_000);
    assert!(count >= 30, "{count} of {}", KILLS.len());
}

#[test]
#[ignore = "half a minute: the seeded bugs of the larger configurations too"]
fn so_does_every_other_one() {
    assert_eq!(check_kills(u64::MAX), KILLS.len() - LOST.len());
}

/// Seeded bugs that make the model lose track of itself behind the first broken claim.
const LOST: &[&str] = &["io-count-without-submission", "requeue-per-clone"];

const ROWS: &[Row] = &[
    ("spanning", [136_816, 136_816, 63_127, 63_127]),
    ("mixed", [136_518, 136_518, 12_862, 12_862]),
    ("faults", [3_189_606, 3_189_606, 127_462, 127_462]),
    ("cycles", [319_825, 319_825, 161_561, 161_561]),
    ("messages", [923_891, 923_891, 14_127, 14_127]),
    ("implicit", [13_686, 13_686, 6_243, 6_243]),
    ("pg_init", [1_679_408, 1_679_408, 102_356, 102_356]),
    ("reloaded-while-initialised", [27_937, 27_937, 14_939, 14_939]),
    ("suspenders", [366_474, 366_474, 21_768, 21_768]),
    ("stacked", [581_828, 581_828, 34_796, 34_796]),
    ("remove", [565_204, 565_204, 207_472, 207_472]),
    ("interrupted", [98_498, 98_498, 16_322, 16_322]),
    ("interrupted-queue", [887_228, 887_228, 73_162, 73_162]),
    ("interrupted-paths", [751_308, 751_308, 78_387, 78_387]),
    ("interrupted-suspenders", [1_762_290, 1_762_290, 242_106, 242_106]),
    ("interrupted-spanning", [1_096_815, 1_096_815, 108_772, 108_772]),
    ("interrupted-flush-suspender", [1_617_473, 1_617_473, 167_452, 167_452]),
    ("interrupted-flush", [82_728, 82_728, 12_786, 12_786]),
    ("resized", [13_816, 13_816, 6_508, 6_508]),
    ("old-tools", [66_952, 66_952, 32_822, 32_822]),
    ("interrupted-remove", [27_759, 27_759, 15_762, 15_762]),
    ("swap-fails", [6_926, 3_561, 3_984, 2_070]),
    ("fsync-suspended", [559, 559, 132, 132]),
    ("signal", [50_930, 50_930, 9_740, 9_740]),
    ("held-signal", [78, 78, 59, 59]),
    ("fresh", [87, 87, 61, 61]),
    ("implicit-signal", [4_303, 4_303, 1_640, 1_640]),
    ("fragments", [858, 858, 170, 170]),
    ("error-first", [391, 391, 177, 177]),
    ("no-path", [559, 559, 211, 211]),
    ("failover", [440, 440, 54, 54]),
    ("reinstated", [634, 634, 61, 61]),
    ("handler", [87, 87, 35, 35]),
    ("shrink", [735, 735, 281, 281]),
    ("reload", [1_144, 1_144, 379, 379]),
    ("fsync", [982, 982, 378, 378]),
    ("event", [225, 225, 181, 181]),
    ("bdget", [530, 530, 530, 530]),
    ("2 bios", [34_368, 17_264, 2_664, 1_358]),
    ("2 bios, 2 paths", [355_502, 174_680, 7_780, 3_912]),
    ("3 bios", [3_634_432, 614_304, 91_984, 16_104]),
    ("1 bio, a cycle, a signal", [155_774, 155_774, 81_848, 81_848]),
    ("2 bios, a cycle", [2_261_928, 1_132_085, 624_050, 312_135]),
];

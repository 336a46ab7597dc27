//! A step that is said to be alone is: whatever else may happen can as well happen after it.
//!
//! This is what docs/reductions.md asks of such steps, checked in states of the whole search for
//! every step that is alone there and everything else that can happen.
use std::collections::{BTreeSet, HashSet, VecDeque};

use dm_explore::{System, Taken, encode};
use dm_model::frame::Process;
use dm_model::ids::{BioPtr, CloneId, GENERATION_COUNT_MAX};
use dm_properties::configurations::{Named, Parameters, all, generate, interrupted, others};
use dm_properties::kills::{self, KILLS, Kill, SMALL};
use dm_properties::system::{Broken, Checked, Goal, Pace, State};
use dm_sim::world::alone::UNSOUND;
use dm_sim::world::config::Configuration;
use dm_sim::world::plan::{Action, Context, Kind};
use dm_sim::world::rename::Permutation;

/// What an action led to: the state, the claims that it broke, and whether the kernel stopped.
type Led = (State, BTreeSet<&'static str>);

/// What the checks were about.
#[derive(Default)]
struct Tally {
    states: usize,
    checks: usize,
    /// The labels and lines that were alone somewhere.
    names: BTreeSet<String>,
}

fn configurations() -> impl Iterator<Item = &'static Named> {
    all().iter().chain(interrupted()).chain(others()).chain(SMALL)
}

fn system(configuration: &Configuration) -> Checked {
    let world = configuration.world(configuration.era).expect("it can be built");
    Checked::new(world, Goal::Claims, Pace::Free)
}

fn name(state: &State, action: Action) -> String {
    if let Kind::Step(context) = action.kind {
        let process = state.world.processes.get(context).map(Process::label);
        return process.expect("it is there");
    }
    let Kind::Line(script) = action.kind else { unreachable!("nothing else is alone") };
    let line = state.world.next_line(script.into()).expect("it is to come");
    format!("line {}", line.text.split_whitespace().next().expect("a line has a verb"))
}

/// Takes an action that the state lists; `None` where it is blocked.
fn take(system: &Checked, state: &State, action: Action) -> Option<Led> {
    let mut after = state.clone();
    let mut broken: Vec<Broken> = Vec::new();
    match system.step(&mut after, &action, &mut broken) {
        Taken::Moved => Some((after, broken.iter().map(|broken| broken.claim.name).collect())),
        Taken::Blocked => None,
        Taken::Pruned | Taken::Choices(_) => unreachable!("choices are made"),
    }
}

/// Everything that can happen, every choice made.
fn possible(system: &Checked, state: &State) -> Vec<(Action, Led)> {
    let mut actions = Vec::new();
    system.actions(state, &mut actions);
    let mut possible = Vec::new();
    for action in actions {
        let mut after = state.clone();
        let variants = match system.step(&mut after, &action, &mut Vec::new()) {
            Taken::Choices(count) => (0..count).map(|it| system.variant(&action, it)).collect(),
            Taken::Moved | Taken::Pruned | Taken::Blocked => vec![action],
        };
        let led = |action: Action| Some((action, take(system, state, action)?));
        possible.extend(variants.into_iter().filter_map(led));
    }
    possible
}

/// The state with the numbers that only tell apart: the completions of a clone, the `dm_io` of a
/// bio.
fn unnumbered(mut state: State) -> State {
    let mut seen: Vec<(CloneId, u8)> = Vec::new();
    state.world.processes.rename(|context, _| {
        if let Context::Irq(clone, again) = context {
            let count = seen.iter().filter(|(it, _)| it == clone).count() as u8;
            seen.push((*clone, *again));
            *again = count;
        }
    });
    let identity = Permutation::identity(&state.world);
    let mut best = state.clone();
    for bio in 0..state.world.memory.bios.len() {
        let live = |generation: usize| {
            let memory = &state.world.memory;
            let is_it = |owner: BioPtr, number: usize| {
                owner == BioPtr::Original(dm_model::ids::BioId(bio as u16)) && number == generation
            };
            let of_io =
                |io: dm_model::ids::IoId| is_it(io.owner(), io.index() % GENERATION_COUNT_MAX);
            memory.ios.iter().any(|(io, _)| of_io(io))
                || memory.clones.iter().any(|(clone, _)| of_io(clone.io()))
        };
        if !(1..GENERATION_COUNT_MAX).any(live) {
            continue;
        }
        let before = best.clone();
        for order in orders() {
            let mut by = identity.clone();
            by.names.generations[bio] = order;
            let mut renamed = before.clone();
            renamed.rename(&by);
            if (&renamed.world, &renamed.history) < (&best.world, &best.history) {
                best = renamed;
            }
        }
    }
    best
}

/// Every order of the generations.
fn orders() -> Vec<[u8; GENERATION_COUNT_MAX]> {
    let all = 0..GENERATION_COUNT_MAX as u8;
    let mut orders = Vec::new();
    for (a, b, c) in all.clone().flat_map(|a| {
        let all = 0..GENERATION_COUNT_MAX as u8;
        all.clone().flat_map(move |b| all.clone().map(move |c| (a, b, c)))
    }) {
        let rest = all.clone().find(|it| ![a, b, c].contains(it));
        if let (Some(rest), true) = (rest, a != b && b != c && a != c) {
            orders.push([a, b, c, rest]);
        }
    }
    orders
}

fn assert_alone(
    system: &Checked,
    state: &State,
    known: &BTreeSet<&'static str>,
    tally: &mut Tally,
    what: &str,
) -> Vec<(Action, Led)> {
    let possible = possible(system, state);
    let alone: Vec<Action> = system.alone_from_start().all(&state.world).collect();
    for a in alone {
        let name = name(state, a);
        let what = format!("{what}: {name}");
        let of_it: Vec<_> = possible.iter().filter(|(it, _)| it.kind == a.kind).collect();
        let [(action, (after_a, broken_a))] = of_it[..] else {
            panic!("{what} is alone, and so it is possible in one way: {of_it:?}");
        };
        assert_eq!(*action, a, "{what} asks nothing");
        tally.names.insert(name);
        for (b, (after_b, broken_b)) in possible.iter().filter(|(it, _)| it.kind != a.kind) {
            tally.checks += 1;
            let what = format!("{what} before {b:?}");
            let b_after_a = take(system, after_a, *b);
            let (both, broken_b_after_a) = b_after_a.unwrap_or_else(|| panic!("{what}: disables"));
            let first: BTreeSet<_> = known | &(broken_a | &broken_b_after_a);
            if after_b.world.bug.is_some() {
                assert_eq!(both.world.bug, after_b.world.bug, "{what}: the kernel stops");
                assert_eq!(first, known | &(broken_b | broken_a), "{what}: claims");
                continue;
            }
            let mut alone_then = system.alone_from_start().all(&after_b.world);
            assert!(alone_then.any(|it| it == a), "{what}: it stays alone");
            let (other, broken_a_after_b) = take(system, after_b, a).expect("it is alone");
            assert_eq!(first, known | &(broken_b | &broken_a_after_b), "{what}: claims");
            let same = both == other || unnumbered(both) == unnumbered(other);
            assert!(same, "{what}: the order makes a difference");
        }
    }
    possible
}

/// Steps that are alone, one after the other, come to an end.
fn assert_ends(system: &Checked, mut state: State, what: &str) {
    let alone = |state: &State| system.alone_from_start().find(&state.world);
    for _ in 0..100 {
        let Some(action) = alone(&state) else { return };
        (state, _) = take(system, &state, action).expect("it is alone");
    }
    panic!("{what}: steps that are alone go on for ever");
}

/// Checks the first states of the whole search, breadth first.
fn check(configuration: &Configuration, what: &str, states_max: usize, tally: &mut Tally) {
    let system = system(configuration);
    let initial = system.initial();
    let mut seen = HashSet::from([encode(&initial)]);
    let mut queue = VecDeque::from([(initial, BTreeSet::new())]);
    while let Some((state, known)) = queue.pop_front() {
        tally.states += 1;
        assert_ends(&system, state.clone(), what);
        for (_, (after, broken)) in assert_alone(&system, &state, &known, tally, what) {
            if seen.len() < states_max && seen.insert(encode(&after)) {
                queue.push_back((after, broken));
            }
        }
    }
}

fn check_all(states_max: usize) -> Tally {
    let mut tally = Tally::default();
    for named in configurations() {
        let configuration = Configuration::parse(named.name, named.text).expect("it is right");
        check(&configuration, named.name, states_max, &mut tally);
    }
    let sizes = Parameters { bios: 2, paths: 2, faults: 1, cycles: 1, signals: 0, messages: 1 };
    let configuration = Configuration::parse("made", &generate(sizes)).expect("it is right");
    check(&configuration, "made", states_max, &mut tally);
    tally
}

fn check_mutants(states_max: usize) -> Tally {
    let mut tally = Tally::default();
    let is_sound = |kill: &&Kill| UNSOUND.iter().all(|(mutant, _)| *mutant != kill.mutant);
    for kill in KILLS.iter().filter(is_sound) {
        let configuration = kills::configuration(kill.configuration, kill.mutant);
        let configuration = configuration.expect("it is right");
        check(&configuration, kill.seeded().name, states_max, &mut tally);
    }
    tally
}

#[test]
fn whatever_happens_beside_a_step_that_is_alone_can_happen_after_it() {
    let tally = check_all(1_500);
    assert!(tally.checks > 50_000, "{} states, {} checks", tally.states, tally.checks);
    let names: Vec<&str> = tally.names.iter().map(String::as_str).collect();
    println!("{names:?}");
}

#[test]
fn so_it_is_with_every_seeded_bug() {
    let tally = check_mutants(400);
    assert!(tally.checks > 10_000, "{} states, {} checks", tally.states, tally.checks);
}

#[test]
fn nothing_is_alone_where_a_seeded_bug_breaks_what_that_rests_on() {
    for (mutant, _) in UNSOUND {
        let configuration = kills::configuration("reload", *mutant).expect("it is right");
        let system = system(&configuration);
        let initial = system.initial();
        assert_eq!(system.alone_from_start().find(&initial.world), None);
    }
}

#[test]
#[ignore = "minutes: every state of the small configurations, many of the others"]
fn so_it_is_in_many_more_states() {
    check_all(60_000);
    check_mutants(20_000);
}

//! shuttle: workloads under many schedules, each replayed on the model.
use std::fmt::Write as _;

use dm_model::mutant::Mutant;
use dm_threads::engine::{Arc, Scheduler, Shuttle, check_determinism};
use dm_threads::grain::{GRAINS, Grain};
use dm_threads::round::Round;
use dm_threads::schedules::{ScheduleReport, explore};
use dm_threads::shared::Shared;
use dm_threads::windows;
use dm_threads::workload::{WORKLOADS, round};
use expect_test::{expect, expect_file};

const SEED: u64 = 2006;
const SCHEDULERS: [Scheduler; 5] =
    [Scheduler::Random, Scheduler::Pct(2), Scheduler::Pct(3), Scheduler::Pct(4), Scheduler::Pct(5)];

fn workload(name: &str, grain: Grain) -> Arc<Round> {
    let known = WORKLOADS.iter().find(|known| known.name == name).expect("it is there");
    let rule = if let Grain::Rule(mutant) = grain { mutant } else { Mutant::None };
    Arc::new(round(known.name, known.text, rule).expect("it is right"))
}

fn run(round: &Arc<Round>, grain: Grain, scheduler: Scheduler, count: usize) -> ScheduleReport {
    explore(round, grain, scheduler, SEED, count)
}

#[test]
fn every_schedule_of_every_workload_is_an_interleaving_of_plain() {
    let mut table = String::new();
    for known in WORKLOADS {
        let round = workload(known.name, Grain::None);
        for scheduler in SCHEDULERS {
            let report = run(&round, Grain::None, scheduler, 300);
            let name = known.name;
            if let Some((number, failure)) = &report.failure {
                panic!("{name}, schedule {number}:\n{}", failure.text(&round.world));
            }
            let (schedules, steps) = (report.schedules, report.steps);
            let _ = writeln!(table, "{name} {scheduler:?}: {schedules} schedules, {steps} steps");
        }
    }
    expect_file!["golden/schedules.txt"].assert_eq(&table);
}

#[test]
fn the_small_windows_are_exhausted_one_schedule_after_the_other() {
    let mut table = String::new();
    for name in ["error-end", "two-ends", "presuspend-map", "worker-presuspend", "fail-path-map"] {
        let window = windows::find(name).expect("it is there").window().expect("it is right");
        let round = Arc::new(window.round);
        let report = run(&round, Grain::None, Scheduler::Dfs, 100_000);
        assert!(report.schedules < 100_000, "{name} ends");
        let failure = report.failure.map(|(_, failure)| failure.kind());
        assert_eq!(failure, None, "{name}");
        let _ = writeln!(table, "{name}: {} schedules", report.schedules);
    }
    expect![[r"
        error-end: 6 schedules
        two-ends: 35 schedules
        presuspend-map: 46 schedules
        worker-presuspend: 119 schedules
        fail-path-map: 1361 schedules
    "]]
    .assert_eq(&table);
}

#[test]
fn the_same_seed_tries_the_same_schedules() {
    let round = workload("storm", Grain::None);
    let of = |seed| {
        let report = explore(&round, Grain::None, Scheduler::Random, seed, 50);
        (report.steps, report.longest, report.tries)
    };
    assert_eq!(of(7), of(7));
    assert_ne!(of(7), of(8));
}

#[test]
fn a_schedule_that_fails_fails_again_with_its_seed_and_its_number() {
    let grain = dm_threads::grain::find("pending-split").expect("it is there").grain;
    let round = workload("spanning", grain);
    let found = |count| {
        let report = explore(&round, grain, Scheduler::Random, SEED, count);
        let (number, failure) = report.failure.expect("it is found");
        (number, failure.text(&round.world))
    };
    let (number, text) = found(1000);
    assert_eq!(found(number), (number, text));
}

/// Whether anything but the schedule decides what happens.
#[test]
fn nothing_but_the_schedule_decides_what_happens() {
    for known in WORKLOADS {
        let round = workload(known.name, Grain::None);
        let body = move || Round::run(&Arc::new(Shared::<Shuttle>::new(&round, Grain::None)));
        check_determinism(100, body);
    }
}

#[test]
fn the_seeded_bugs_that_are_interleavings_are_found_and_those_of_ordering_are_not() {
    let mut table = String::new();
    let mut loom_alone = Vec::new();
    for named in GRAINS {
        let found = first_kill(named.grain);
        let found = found.unwrap_or_else(|| {
            loom_alone.push(named.name);
            "not found".to_owned()
        });
        let _ = writeln!(table, "{}: {found}", named.name);
    }
    expect_file!["golden/grains-shuttle.txt"].assert_eq(&table);
    for name in ["io-count-relaxed", "prepare-without-barrier", "wake-without-barrier"] {
        assert!(loom_alone.contains(&name), "{name} is no interleaving");
    }
}

/// The workload, the scheduler and the schedule that show a bug first.
fn first_kill(grain: Grain) -> Option<String> {
    for scheduler in [Scheduler::Random, Scheduler::Pct(3)] {
        for known in WORKLOADS {
            let report = run(&workload(known.name, grain), grain, scheduler, 250);
            if let Some((number, failure)) = report.failure {
                let kind = failure.kind();
                let kind = kind.split(" [").next().unwrap_or_default();
                return Some(format!("{} {scheduler:?}, schedule {number}: {kind}", known.name));
            }
        }
    }
    None
}

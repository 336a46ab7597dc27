//! The exhaustive searches: golden sizes, what holds and what breaks, in which era.
use std::collections::BTreeSet;

use dm_explore::{Control, Finish, Limits, Order, encode};
use dm_model::era::Era;
use dm_properties::compare::{ERAS, QUICK, compare, without_the_flag};
use dm_properties::configurations::{self, Parameters};
use dm_properties::search::{CheckReport, Options, Pace, Verdict, check, judge, outcomes};
use dm_sim::world::World;
use dm_sim::world::config::Configuration;
use dm_sim::world::trail::Trail;

fn configuration(name: &str) -> Configuration {
    let all = configurations::all();
    let named = all.iter().find(|named| named.name == name).expect("a default configuration");
    Configuration::parse(name, named.text).unwrap_or_else(|error| panic!("{error}"))
}

fn search(configuration: &Configuration, era: Era, order: Order) -> CheckReport {
    let options = Options { limits: Limits::default(), order };
    check(configuration, era, options, &mut |_| Control::Continue).expect("it can be built")
}

fn broken(report: &CheckReport) -> Vec<&'static str> {
    let broken = report.claims.iter().filter(|it| matches!(it.verdict, Verdict::Broken { .. }));
    broken.map(|it| it.claim.name).collect()
}

fn sizes(report: &CheckReport) -> [u64; 4] {
    assert_eq!(report.finish, Finish::Complete);
    [report.states, report.transitions, u64::from(report.depth), report.ends]
}

/// The claims that say nothing of a configuration: their premise does not occur in it.
const IDLE: &[(&str, &[&str])] = &[
    ("spanning", &[POOLS, DEVICES]),
    ("mixed", &[NO_ERROR, TABLES, POOLS, DEVICES, MAP, WRITES]),
    ("cycles", &[POOLS, DEVICES]),
    ("messages", &[TABLES, POOLS, DEVICES, MAP, WRITES]),
    ("implicit", &[POOLS, DEVICES]),
    ("pg_init", &[TABLES, POOLS, DEVICES, MAP, WRITES]),
    ("suspenders", &[TABLES, POOLS, DEVICES, MAP, WRITES]),
    ("stacked", &[ONE_PLACE, TABLES, POOLS, DEVICES, MAP, WRITES]),
    ("remove", &[WRITES]),
];

const ONE_PLACE: &str = "every_io_is_in_one_place";
const NO_ERROR: &str = "no_bogus_error";
const TABLES: &str = "tables_outlive_their_users";
const POOLS: &str = "pools_outlive_their_io";
const DEVICES: &str = "devices_outlive_their_users";
const MAP: &str = "the_map_changes_only_while_suspended";
const WRITES: &str = "completed_writes_are_on_the_disk";

fn idle(report: &CheckReport) -> Vec<&'static str> {
    let is_idle = |verdict: &Verdict| matches!(verdict, Verdict::Held { premise: false });
    report.claims.iter().filter(|it| is_idle(&it.verdict)).map(|it| it.claim.name).collect()
}

#[test]
fn the_premise_of_every_claim_occurs_in_some_configuration() {
    for claim in dm_properties::claims::CLAIMS {
        let says_something = |(_, idle): &(_, &[&str])| !idle.contains(&claim.name);
        assert!(IDLE.iter().any(says_something), "{} says nothing anywhere", claim.name);
    }
}

/// Searches in both orders and compares states, transitions, depth and ends with the golden ones,
/// the claims that break, all of them pinned, and those that say nothing.
fn golden(name: &str, expected: [u64; 4], breaks: &[&str]) {
    let configuration = configuration(name);
    let forward = search(&configuration, Era::Linux2_6_20, Order::Forward);
    assert_eq!(sizes(&forward), expected, "{name}");
    assert_eq!(broken(&forward), breaks, "{name}");
    let (_, silent) = IDLE.iter().find(|(known, _)| *known == name).expect("it has a row");
    assert_eq!(idle(&forward), *silent, "{name}");
    assert_eq!(forward.surprises().count(), 0, "{name}: not everything that broke is pinned");
    let backward = search(&configuration, Era::Linux2_6_20, Order::Backward);
    assert_eq!(sizes(&backward), expected, "{name}, backward");
    assert_eq!(broken(&backward), breaks, "{name}, backward");
}

#[test]
fn spanning_is_searched_whole() {
    golden("spanning", [136_816, 528_943, 136, 3], &["tables_outlive_their_users"]);
}

#[test]
fn mixed_loses_a_requeue_to_an_error() {
    golden("mixed", [136_518, 568_033, 88, 15], &["requeue_supersedes_errors"]);
}

#[test]
fn cycles_are_searched_whole() {
    golden("cycles", [319_825, 1_226_316, 177, 55], &["tables_outlive_their_users"]);
}

#[test]
fn messages_strand_a_clone() {
    golden("messages", [923_891, 4_147_260, 96, 10], &["nothing_is_stranded"]);
}

#[test]
fn implicit_suspends_are_searched_whole() {
    golden("implicit", [13_686, 40_925, 92, 10], &["tables_outlive_their_users"]);
}

#[test]
fn pg_init_without_a_path_stops_the_kernel() {
    golden("pg_init", [1_679_408, 6_805_013, 120, 384], &["the_kernel_does_not_stop"]);
}

#[test]
fn suspenders_are_searched_whole() {
    golden("suspenders", [366_474, 1_389_943, 118, 76], &[]);
}

#[test]
fn stacked_devices_are_searched_whole() {
    golden("stacked", [581_828, 2_501_006, 114, 13], &[]);
}

#[test]
fn remove_outruns_the_last_frees() {
    let breaks = ["tables_outlive_their_users", "pools_outlive_their_io"];
    golden("remove", [565_204, 2_472_992, 118, 40], &breaks);
}

#[test]
fn faults_are_searched_whole() {
    let report = search(&configuration("faults"), Era::Linux2_6_20, Order::Forward);
    assert_eq!(sizes(&report), [3_189_606, 13_791_956, 104, 75]);
    assert_eq!(broken(&report), [""; 0]);
}

#[test]
fn the_same_search_twice_is_equal() {
    let configuration = configuration("implicit");
    let once = search(&configuration, Era::Linux2_6_20, Order::Forward);
    let twice = search(&configuration, Era::Linux2_6_20, Order::Forward);
    assert_eq!(format!("{once:?}"), format!("{twice:?}"));
}

#[test]
fn only_the_whole_series_keeps_errors_away() {
    for name in ["spanning", "implicit"] {
        let configuration = configuration(name);
        for era in dm_model::era::ERAS {
            let report = search(&configuration, era, Order::Forward);
            let bogus = broken(&report).contains(&"no_bogus_error");
            assert_eq!(bogus, era < Era::Series7, "{name} in {}", era.name());
            assert_eq!(report.surprises().count(), 0, "{name} in {}", era.name());
        }
    }
}

#[test]
fn without_the_flag_the_series_changes_nothing() {
    for name in QUICK {
        compare_without_the_flag(name);
    }
}

#[test]
#[ignore = "two minutes: the larger configurations of the same comparison"]
fn without_the_flag_the_series_changes_nothing_at_large() {
    for name in ["faults", "messages", "pg_init", "stacked", "remove"] {
        compare_without_the_flag(name);
    }
}

fn compare_without_the_flag(name: &str) {
    let text = without_the_flag(&configuration(name).text);
    let configuration = Configuration::parse(name, &text).expect("it parses");
    let observer = &mut |_: &dm_explore::Progress| Control::Continue;
    let comparison = compare(&configuration, ERAS, Limits::default(), observer).expect("it runs");
    assert!(comparison.is_equal(), "{name}: {comparison:?}");
    assert!(comparison.common > 1, "{name} has more than one outcome");
}

#[test]
fn an_interrupted_suspend_has_no_pins() {
    let text = configurations::generate(Parameters {
        bios: 1,
        paths: 1,
        faults: 1,
        cycles: 1,
        signals: 1,
        messages: 0,
    });
    let configuration = Configuration::parse("signals", &text).expect("it parses");
    let report = search(&configuration, Era::Linux2_6_20, Order::Forward);
    assert!(report.surprises().count() > 0, "found {:?}", broken(&report));
}

#[test]
fn every_trail_replays_to_the_claim_that_it_breaks() {
    for name in ["mixed", "implicit", "remove"] {
        let report = search(&configuration(name), Era::Linux2_6_20, Order::Forward);
        for claim in &report.claims {
            let Verdict::Broken { trail, .. } = &claim.verdict else { continue };
            let text = trail.text().expect("it has a text");
            let parsed = Trail::parse("a.trail", &text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(parsed.actions, trail.actions);
            let breaks = judge(&parsed).expect("it can be judged");
            let last = breaks.iter().find(|it| it.claim.name == claim.claim.name);
            assert_eq!(last.map(|it| it.step), Some(trail.actions.len()), "{name}");
        }
    }
}

#[test]
fn every_seeded_bug_is_found() {
    let expected = [
        ("no-recheck-in-queue-io", "implicit", "nothing_is_stranded"),
        ("pending-before-append", "implicit", "no_bogus_error"),
        ("check-before-prepare", "implicit", "nothing_is_stranded"),
        ("flag-tested-outside-lock", "signals", "pushback_is_empty_without_the_flag"),
    ];
    for (mutant, name, claim) in expected {
        let text = match name {
            "signals" => configurations::generate(Parameters {
                bios: 1,
                paths: 1,
                faults: 1,
                cycles: 1,
                signals: 1,
                messages: 0,
            }),
            _ => configuration(name).text,
        };
        let text = text.replacen("mode: bio\n", &format!("mode: bio\nmutant: {mutant}\n"), 1);
        let configuration = Configuration::parse(name, &text).expect("it parses");
        let report = search(&configuration, Era::Linux2_6_20, Order::Forward);
        assert!(broken(&report).contains(&claim), "{mutant}: found {:?}", broken(&report));
    }
}

/// Every state of a configuration, by a search that trusts only `Ord`.
fn all_states(start: World, mut visit: impl FnMut(&World)) -> BTreeSet<World> {
    let mut seen = BTreeSet::from([start.clone()]);
    let mut frontier = vec![start];
    let mut actions = Vec::new();
    while let Some(world) = frontier.pop() {
        visit(&world);
        actions.clear();
        world.actions(&mut actions);
        for action in &actions {
            let mut next = world.clone();
            if next.perform(*action).is_ok() && seen.insert(next.clone()) {
                frontier.push(next);
            }
        }
    }
    seen
}

#[test]
fn equal_states_have_equal_bytes_and_different_ones_do_not() {
    let world = configuration("implicit").world(Era::Linux2_6_20).expect("it can be built");
    let states = all_states(world, |_| ());
    let bytes: BTreeSet<Vec<u8>> = states.iter().map(encode).collect();
    assert_eq!(bytes.len(), states.len());
    assert!(states.len() > 10_000, "found {}", states.len());
}

#[test]
fn a_blocked_step_leaves_the_world_as_it_was() {
    let world = configuration("implicit").world(Era::Linux2_6_20).expect("it can be built");
    let mut blocked = 0;
    all_states(world, |world| {
        let mut actions = Vec::new();
        world.actions(&mut actions);
        for action in actions {
            let mut next = world.clone();
            if next.perform(action).is_err() {
                assert!(next == *world, "a blocked step has changed something");
                blocked += 1;
            }
        }
    });
    assert!(blocked > 1_000, "found {blocked}");
}

#[test]
fn a_disk_that_reorders_allows_both_orders() {
    let text = "# Two writes to one place, in flight at once; then a read.
era: 2.6.20
mode: bio
disk sda 64
create lin --table \"0 64 linear /dev/sda 0\"
hold sda
io a lin w 0 8
io b lin w 0 8
||
release sda ok
wait a
wait b
io c lin r 0 8
";
    let reads = |text: &str| -> BTreeSet<String> {
        let configuration =
            Configuration::parse("order", text).unwrap_or_else(|bad| panic!("{bad}"));
        let observer = &mut |_: &dm_explore::Progress| Control::Continue;
        let era = Era::Linux2_6_20;
        let report = outcomes(&configuration, era, Pace::Free, Limits::default(), observer)
            .expect("it runs");
        let ends = report.outcomes.iter().flat_map(|row| row.outcome.ios.clone());
        let reads = ends.filter(|(name, _)| name == "c");
        reads.map(|(_, end)| end.text(&["a".into(), "b".into(), "c".into()])).collect()
    };
    let in_order = BTreeSet::from(["ok, reads b*8".to_owned()]);
    assert_eq!(reads(text), in_order);
    let reordering = text.replace("mode: bio\n", "mode: bio\nreorders: yes\n");
    let either = BTreeSet::from(["ok, reads a*8".to_owned(), "ok, reads b*8".to_owned()]);
    assert_eq!(reads(&reordering), either);
}

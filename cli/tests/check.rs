//! `pushback check`, on configurations that are searched at once.
mod common;

use common::{assert_narrow, directory, objects, pushback};
use expect_test::expect_file;

const FLUSH: &str = "scenarios/cover-letter-flush.dm";
const NOFLUSH: &str = "scenarios/cover-letter-noflush.dm";

#[test]
fn a_small_configuration_holds() {
    let run = pushback(&["check", "--bios", "1", "--faults", "0"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(run.stderr, "");
    assert_narrow(&run.stdout);
    expect_file!["golden/check-holds.txt"].assert_eq(&run.stdout);
}

#[test]
fn a_pinned_claim_is_reported_and_does_not_fail() {
    let run = pushback(&["check", "--bios", "1", "--era", "2.6.19"]);
    assert_narrow(&run.stdout);
    expect_file!["golden/check-pinned.txt"].assert_eq(&run.stdout);
    assert!(run.stdout.contains("\nPINNED no_bogus_error "));
    let has_surprises = run.stdout.contains("\nBROKEN ");
    assert_eq!(run.code, if has_surprises { 12 } else { 0 }, "{}", run.stderr);
}

#[test]
fn an_interrupted_suspend_breaks_a_claim_and_nothing_is_pinned() {
    let run = pushback(&["check", "--signals", "1"]);
    assert_eq!(run.code, 12, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("\nBROKEN "), "{}", run.stdout);
    assert!(!run.stdout.contains("PINNED"), "{}", run.stdout);
}

#[test]
fn a_seeded_bug_is_found_and_its_trail_has_it() {
    let directory = directory("check-mutant");
    let trails = directory.to_str().expect("a plain path");
    let mutant = "pending-before-append";
    let run = pushback(&["check", "--mutant", mutant, "--faults", "1", "--trails", trails]);
    assert_eq!(run.code, 12, "{}{}", run.stdout, run.stderr);
    let replay = run.stdout.lines().find_map(|line| line.trim().strip_prefix("pushback replay "));
    let trail = replay.expect("there is a command to paste");
    assert!(trail.contains(mutant), "{trail}");
    assert_eq!(pushback(&["replay", trail]).code, 12);
}

#[test]
fn a_limit_is_told() {
    let run = pushback(&["check", "--bios", "1", "--max-states", "50"]);
    assert_eq!(run.code, 75, "{}", run.stdout);
    assert!(run.stdout.contains("NOT complete: the limit on states was reached"));
    assert!(run.stdout.contains("open not broken where the search ended"));
}

#[test]
fn both_orders_and_both_runs_count_the_same() {
    let arguments = ["check", "--config", FLUSH, "--config", NOFLUSH, "--json", "--order"];
    let order = |name| pushback(&[&arguments[..], &[name]].concat());
    assert_eq!(order("forward"), order("forward"));
    let counts = |name| {
        let objects = objects(&order(name).stdout);
        let all = objects.into_iter().filter(|object| object["kind"] == "configuration");
        all.map(|it| ["states", "transitions", "depth", "ends"].map(|key| it[key].as_u64()))
            .collect::<Vec<_>>()
    };
    assert_eq!(counts("forward"), counts("backward"));
    assert_eq!(counts("forward").len(), 2);
}

#[test]
fn results_come_in_the_order_that_was_asked_for() {
    let run = pushback(&["check", "--config", FLUSH, "--config", NOFLUSH, "--json"]);
    let objects = objects(&run.stdout);
    let names: Vec<_> = objects
        .iter()
        .filter(|object| object["kind"] == "configuration")
        .map(|object| object["configuration"].as_str().expect("a name is text"))
        .collect();
    assert_eq!(names, ["cover-letter-flush", "cover-letter-noflush"]);
    let end = objects.last().expect("there is an end");
    assert_eq!(end["exit"].as_i64(), Some(run.code.into()));
}

#[test]
fn a_file_is_a_configuration_too() {
    let run = pushback(&["check", "--config", NOFLUSH]);
    assert!([0, 12].contains(&run.code), "{}", run.stderr);
    assert!(run.stdout.starts_with("1. cover-letter-noflush, era 2.6.20: from scenarios/"));
}

#[test]
fn a_run_that_goes_on_for_ever_is_told_as_a_lasso() {
    let run = pushback(&["check", "--mutant", "dispatch-without-path", "--cycles", "0", "--never"]);
    assert_eq!(run.code, 13, "{}{}", run.stdout, run.stderr);
    assert_narrow(&run.stdout);
    expect_file!["golden/check-lasso.txt"].assert_eq(&run.stdout);
}

#[test]
fn a_lost_wake_up_is_told_as_stuck() {
    let run = pushback(&["check", "--mutant", "check-before-prepare", "--faults", "0"]);
    assert_eq!(run.code, 11, "{}{}", run.stdout, run.stderr);
    assert_narrow(&run.stdout);
    expect_file!["golden/check-stuck.txt"].assert_eq(&run.stdout);
}

#[test]
fn liveness_claims_are_not_judged_where_the_graph_is_too_large() {
    let arguments = ["check", "--bios", "1", "--faults", "0", "--max-live-states", "1000"];
    let run = pushback(&arguments);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("\nsize not judged: more states than --max-live-states"));
    assert!(run.stdout.contains("\n8 liveness claims on 0 configurations, 1 not judged: "));
}

#[test]
fn programs_are_told_of_lassos_and_of_what_never_fired() {
    let mutant = ["--mutant", "dispatch-without-path", "--cycles", "0", "--json"];
    let run = pushback(&[&["check"][..], &mutant].concat());
    let objects = objects(&run.stdout);
    let is_rest = |object: &&serde_json::Value| object["claim"] == "every_run_comes_to_rest";
    let rest = objects.iter().find(is_rest).expect("it is judged");
    assert_eq!((rest["verdict"].as_str(), rest["lassos"].as_u64()), (Some("broken"), Some(2)));
    let cycle = rest["cycle"].as_array().expect("there is a cycle");
    assert_eq!(cycle.len(), 4);
    assert_eq!(rest["fairness"].as_array().map(Vec::len), Some(2));
    let end = objects.last().expect("there is an end");
    let labels = end["never_fired_labels"].as_array().expect("there are some");
    assert!(labels.iter().any(|label| label == "DL1"), "{labels:?}");
    assert_eq!(end["liveness_surprises"], 1);
}

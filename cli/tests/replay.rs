//! `pushback replay`.
mod common;

use std::path::PathBuf;

use common::{assert_narrow, directory, objects, pushback, pushback_reading};
use expect_test::expect_file;

/// A trail on which 2.6.19 fails an I/O that it should not: the cover letter's problem.
fn broken_trail(name: &str) -> PathBuf {
    let directory = directory(name);
    let trails = directory.to_str().expect("a plain path");
    let run = pushback(&["check", "--bios", "1", "--era", "2.6.19", "--trails", trails]);
    assert_eq!(run.stderr, "");
    directory.join("generated-2.6.19-no_bogus_error.trail")
}

#[test]
fn the_step_that_breaks_a_claim_is_marked() {
    let trail = broken_trail("replay-marked");
    let run = pushback(&["replay", trail.to_str().expect("a plain path")]);
    assert_eq!(run.code, 12, "{}", run.stderr);
    assert_narrow(&run.stdout);
    expect_file!["golden/replay-broken.txt"].assert_eq(&run.stdout);
}

#[test]
fn a_trail_is_judged_as_json_too() {
    let trail = broken_trail("replay-json");
    let run = pushback(&["replay", trail.to_str().expect("a plain path"), "--json"]);
    assert_eq!(run.code, 12);
    let objects = objects(&run.stdout);
    let broken = objects.iter().find(|object| object["kind"] == "broken").expect("it is broken");
    assert_eq!(broken["claim"], "no_bogus_error");
    assert_eq!(objects.last().expect("there is an end")["exit"], 12);
}

#[test]
fn a_trail_without_fault_replays_to_zero() {
    let trail = broken_trail("replay-short");
    let text = std::fs::read_to_string(trail).expect("it was written");
    let last = text.trim_end().rfind('\n').expect("it has lines");
    let run = pushback_reading(&["replay", "-"], &text.as_bytes()[..last]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.ends_with("no claim is broken\n"), "{}", run.stdout);
}

#[test]
fn an_action_that_is_not_possible_is_refused_with_its_place() {
    let trail = broken_trail("replay-refused");
    let text = std::fs::read_to_string(trail).expect("it was written");
    let line = text.lines().count() + 1;
    let run = pushback_reading(&["replay", "-"], format!("{text}step nobody\n").as_bytes());
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    let place = format!("pushback: standard input:{line}:1: step nobody: not possible here");
    assert!(run.stderr.starts_with(&place), "{}", run.stderr);
}

#[test]
fn a_scenario_is_no_trail() {
    let run = pushback(&["replay", "scenarios/cover-letter-flush.dm"]);
    assert_eq!(run.code, 64);
    assert!(run.stderr.contains("a trail needs a line \"==== trail ERA\""), "{}", run.stderr);
}

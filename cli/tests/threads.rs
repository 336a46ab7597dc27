//! loom, shuttle and threads, from the command line.
mod common;

use common::{assert_narrow, directory, objects, pushback, pushback_reading};
use expect_test::expect_file;

#[test]
fn a_window_says_which_process_is_which_thread_and_what_loom_did() {
    let run = pushback(&["loom", "two-ends"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_narrow(&run.stdout);
    expect_file!["golden/loom-two-ends.txt"].assert_eq(&run.stdout);
}

#[test]
fn what_loom_finds_is_told_with_its_steps_and_the_read_that_missed_a_write() {
    let run = pushback(&["loom", "--mutant", "wake-without-barrier"]);
    assert_eq!((run.code, run.stderr.as_str()), (11, ""));
    assert_narrow(&run.stdout);
    expect_file!["golden/loom-mutant.txt"].assert_eq(&run.stdout);
}

#[test]
fn windows_are_rows_of_a_table_and_objects_for_programs() {
    let names = ["end-tail", "signal-sleep"];
    let run = pushback(&["loom", names[0], names[1]]);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 5));
    assert_narrow(&run.stdout);
    let run = pushback(&["loom", names[0], names[1], "--json"]);
    let objects = objects(&run.stdout);
    for (object, name) in objects.iter().zip(names) {
        assert_eq!((&object["kind"], &object["window"]), (&"window".into(), &name.into()));
        assert_eq!(object["ends"], object["ends_on_plain"]);
        assert_eq!(object["complete"], true);
        assert!(object["failure"].is_null());
    }
    assert_eq!(objects.len(), 2);
}

#[test]
fn a_window_that_is_given_up_exits_with_75() {
    let run = pushback(&["loom", "requeue-tail", "--executions", "10"]);
    assert_eq!((run.code, run.stderr.as_str()), (75, ""));
    assert!(run.stdout.contains("given up before the end"), "{}", run.stdout);
}

#[test]
fn a_window_may_come_from_a_file_and_is_refused_with_its_place() {
    let path = directory("windows").join("mine.window");
    let file = path.to_str().expect("a plain path");
    let text = include_str!("../../threads/windows/end-tail.window");
    std::fs::write(&path, text).expect("it can be written");
    let run = pushback(&["loom", file, "--bound", "none"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("window mine: "), "{}", run.stdout);
    let bad = text.replace("thread: s", "thread: t");
    let run = pushback_reading(&["loom", "-"], bad.as_bytes());
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    let message = "pushback: standard input:25:1: t is no process here\n";
    assert_eq!(run.stderr, message);
}

#[test]
fn shuttle_prints_its_seed_and_does_the_same_again() {
    let arguments = ["shuttle", "reload", "--seed", "7", "--iterations", "20"];
    let run = pushback(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.starts_with("seed 7, 20 iterations\n"), "{}", run.stdout);
    assert_narrow(&run.stdout);
    assert_eq!(pushback(&arguments), run);
}

#[test]
fn what_shuttle_finds_is_found_again_by_the_command_that_it_prints() {
    let mutant = "flag-tested-outside-lock";
    let arguments = ["shuttle", "interrupted", "--scheduler", "random", "--mutant", mutant];
    let run = pushback(&arguments);
    assert_eq!(run.code, 12, "{}", run.stdout);
    assert_narrow(&run.stdout);
    let command = run.stdout.lines().last().expect("it prints one").trim();
    let words: Vec<_> = command.split(' ').skip(1).collect();
    let again = pushback(&words);
    let found = |text: &str| text.split_once("FOUND").map(|(_, found)| found.to_owned());
    assert_eq!(found(&again.stdout), found(&run.stdout));
    assert!(found(&run.stdout).is_some_and(|text| text.contains("the run breaks a claim")));
}

#[test]
fn runs_on_threads_are_objects_for_programs() {
    let run = pushback(&["threads", "spanning", "--runs", "20", "--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let objects = objects(&run.stdout);
    assert_eq!((objects.len(), &objects[0]["schedules"]), (1, &20.into()));
    assert!(objects[0]["failure"].is_null());
}

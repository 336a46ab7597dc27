//! The simulator, from the command line.
mod common;

use common::{assert_narrow, directory, objects, pushback};

#[test]
fn one_seed_tells_what_it_draws_and_how_it_goes_and_twice_the_same() {
    let run = pushback(&["simulate", "--seed", "1"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_narrow(&run.stdout);
    let first = run.stdout.lines().next().expect("there is a first line");
    let version = env!("CARGO_PKG_VERSION");
    let expected =
        format!("pushback simulate --seed 1 --era 2.6.20 --steps 20000  # pushback {version}");
    assert_eq!(first, expected);
    assert!(run.stdout.ends_with("every claim holds\n"), "{}", run.stdout);
    assert_eq!(pushback(&["simulate", "--seed", "1"]).stdout, run.stdout);
}

#[test]
fn a_sweep_prints_the_same_on_one_thread_and_on_two() {
    let of = |jobs: &str| pushback(&["simulate", "--seeds", "0..120", "--jobs", jobs]);
    let (one, two) = (of("1"), of("2"));
    assert_eq!((one.code, one.stdout.as_str()), (0, two.stdout.as_str()));
    assert_narrow(&one.stdout);
    assert!(one.stdout.contains("\nfinding 6, "), "{}", one.stdout);
}

#[test]
fn programs_get_an_object_a_group_and_one_of_the_sweep() {
    let run = pushback(&["simulate", "--seeds", "0..40", "--json", "--marks"]);
    let objects = objects(&run.stdout);
    let kinds: Vec<_> = objects.iter().filter_map(|object| object["kind"].as_str()).collect();
    assert!(kinds.contains(&"finding") && kinds.contains(&"mark"), "{kinds:?}");
    let sweep = objects.iter().find(|object| object["kind"] == "sweep").expect("it is there");
    assert_eq!((&sweep["seeds"], &sweep["failures"]), (&40.into(), &0.into()));
}

#[test]
fn a_mutant_is_found_and_its_trail_replays() {
    let directory = directory("simulate");
    let path = directory.to_str().expect("a plain path");
    let run = pushback(&["simulate", "--mutant", "wake-up-forgotten", "--trails", path]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("nothing_is_stranded is broken after "), "{}", run.stdout);
    let trail = directory.join("simulated-1-nothing_is_stranded.trail");
    let replayed = pushback(&["replay", trail.to_str().expect("a plain path")]);
    assert_eq!(replayed.code, 12, "{}", replayed.stdout);
    assert!(replayed.stdout.contains("nothing_is_stranded"), "{}", replayed.stdout);
}

#[test]
fn a_mutant_that_is_out_of_reach_is_said_to_be_and_why() {
    let arguments =
        ["simulate", "--mutant", "bdget-failure-skips-f", "--seeds", "0..5", "--no-shrink"];
    let run = pushback(&arguments);
    assert_eq!(run.code, 12);
    assert!(run.stdout.contains("out of reach: 5 seeds break nothing"), "{}", run.stdout);
    assert!(run.stdout.contains("bdget"), "{}", run.stdout);
}

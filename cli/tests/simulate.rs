//! The seeded simulator, from the command line.
mod common;

use common::{directory, objects, pushback};

#[test]
fn a_seed_decides_everything() {
    let once = pushback(&["simulate", "--seed", "1"]);
    let twice = pushback(&["simulate", "--seed", "1"]);
    assert_eq!((once.code, once.stderr.as_str()), (0, ""));
    assert_eq!(once.stdout, twice.stdout);
    let first = once.stdout.lines().next().expect("it says what it does");
    assert!(first.contains("simulate --seed 1 --era 2.6.20 --steps 20000"), "{first}");
    assert!(first.starts_with(&format!("pushback {}: ", env!("CARGO_PKG_VERSION"))), "{first}");
    let other = pushback(&["simulate", "--seed", "2"]);
    assert_ne!(once.stdout, other.stdout);
}

#[test]
fn a_sweep_says_the_same_with_one_job_and_with_two_and_breaks_nothing_but_findings() {
    let sweep = |jobs| pushback(&["simulate", "--seeds", "0..200", "--jobs", jobs, "--json"]);
    let (one, two) = (sweep("1"), sweep("2"));
    assert_eq!((one.code, one.stderr.as_str()), (0, ""), "{}", one.stdout);
    assert_eq!(one.stdout, two.stdout);
    assert!(!objects(&one.stdout).is_empty());
}

#[test]
fn the_shards_of_a_sweep_have_other_seeds_each() {
    let shard = |part| pushback(&["simulate", "--seeds", "0..20", "--shard", part]);
    let parts = [shard("1/2"), shard("2/2")];
    for part in &parts {
        assert_eq!(part.code, 0, "{}", part.stdout);
        assert!(part.stdout.contains("10 seeds"), "{}", part.stdout);
    }
    assert_ne!(parts[0].stdout, parts[1].stdout);
}

#[test]
fn a_seeded_bug_is_found_and_its_trail_replays_to_the_same_claim() {
    let directory = directory("simulate-mutant");
    let to = directory.to_str().expect("a path of the tests");
    let run = pushback(&["simulate", "--mutant", "wake-up-forgotten", "--trails", to]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let entries = std::fs::read_dir(&directory).expect("trails were written");
    let trails: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    assert_eq!(trails.len(), 1, "{}", run.stdout);
    let replay = pushback(&["replay", trails[0].to_str().expect("a path of the tests")]);
    assert!([11, 12].contains(&replay.code), "{}: {}", replay.code, replay.stdout);
    assert!(replay.stdout.contains("nothing_is_stranded"), "{}", replay.stdout);
}

#[test]
fn what_is_no_range_no_shard_and_no_bug_is_refused() {
    for wrong in [
        ["simulate", "--seeds", "5..5"],
        ["simulate", "--seeds", "x"],
        ["simulate", "--shard", "3/2"],
        ["simulate", "--mutant", "nobody"],
        ["simulate", "--steps", "0"],
    ] {
        let run = pushback(&wrong);
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{wrong:?}");
        assert!(run.stderr.contains("error"), "{}", run.stderr);
    }
}

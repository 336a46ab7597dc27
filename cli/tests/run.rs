//! `pushback run`.
mod common;

use common::{assert_narrow, directory, objects, pushback, pushback_reading};
use expect_test::expect_file;

const FLUSH: &str = "scenarios/cover-letter-flush.dm";
const NOFLUSH: &str = "scenarios/cover-letter-noflush.dm";

/// A scenario whose I/O waits for ever.
const STUCK: &str = "\
era: 2.6.20
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \\
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
wait a
";

fn text(path: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join(path)).expect("the scenario is there")
}

#[test]
fn the_timeline_tells_the_steps_and_what_they_change() {
    let run = pushback(&["run", NOFLUSH]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stderr, "");
    assert_narrow(&run.stdout);
    expect_file!["golden/run-noflush.txt"].assert_eq(&run.stdout);
}

#[test]
fn an_older_kernel_gives_another_timeline() {
    let run = pushback(&["run", NOFLUSH, "--era", "2.6.19"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.contains("era 2.6.19"));
    assert!(run.stdout.contains("=> io a = EIO"));
    assert!(!run.stdout.contains("DNFS=1"), "that kernel has no such flag");
}

#[test]
fn every_schedule_is_summed_up_by_its_outcome() {
    let run = pushback(&["run", FLUSH, "--all-schedules"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_narrow(&run.stdout);
    expect_file!["golden/run-flush-all-schedules.txt"].assert_eq(&run.stdout);
}

#[test]
fn a_verbose_timeline_shows_the_steps_of_create() {
    let folded = pushback(&["run", NOFLUSH]).stdout;
    let whole = pushback(&["run", NOFLUSH, "--verbose"]).stdout;
    assert!(folded.contains("steps)") && !whole.contains("steps)"));
    assert!(whole.lines().count() > folded.lines().count() + 30);
}

#[test]
fn the_same_run_says_the_same_twice() {
    for arguments in [&["run", NOFLUSH][..], &["run", FLUSH, "--all-schedules"]] {
        for json in [&[][..], &["--json"]] {
            let arguments = [arguments, json].concat();
            assert_eq!(pushback(&arguments), pushback(&arguments));
        }
    }
}

#[test]
fn json_is_an_object_a_line() {
    let run = pushback(&["run", NOFLUSH, "--json"]);
    let objects = objects(&run.stdout);
    assert_eq!(objects[0]["scenario"], "cover-letter-noflush");
    let end = objects.last().expect("there is an end");
    assert_eq!((&end["kind"], &end["exit"]), (&"end".into(), &0.into()));
    assert_eq!(end["steps"], objects.iter().filter(|object| object["kind"] == "step").count());
    let sets_the_flag = |object: &&serde_json::Value| {
        let changes = object["changes"].as_array();
        changes.is_some_and(|all| all.iter().any(|it| it["name"] == "DNFS" && it["to"] == "1"))
    };
    let step = objects.iter().find(sets_the_flag).expect("NOFLUSH is set");
    assert_eq!((&step["label"], &step["what"]), (&"S2".into(), &"dm_suspend".into()));
}

#[test]
fn json_of_every_schedule_carries_a_trail_an_outcome() {
    let run = pushback(&["run", FLUSH, "--all-schedules", "--json"]);
    let objects = objects(&run.stdout);
    let outcomes: Vec<_> = objects.iter().filter(|object| object["kind"] == "outcome").collect();
    assert_eq!(objects[0]["outcomes"], outcomes.len());
    for outcome in outcomes {
        let trail = outcome["trail"].as_str().expect("a trail is text");
        let replayed = pushback_reading(&["replay", "-"], trail.as_bytes());
        assert!([0, 12].contains(&replayed.code), "{}", replayed.stderr);
    }
}

#[test]
fn what_is_not_as_expected_is_shown_as_a_difference() {
    let wrong = text(NOFLUSH).replace("io a = ok", "io a = EIO");
    let run = pushback_reading(&["run", "-", "--era", "2.6.20"], wrong.as_bytes());
    assert_eq!(run.code, 12);
    assert!(run.stdout.contains("NOT as the scenario expects"));
    assert!(run.stdout.contains("\n- io a = EIO"), "{}", run.stdout);
    assert!(run.stdout.contains("\n+ io a = ok"), "{}", run.stdout);
}

#[test]
fn a_stuck_end_is_told_apart_unless_it_is_expected() {
    let run = pushback_reading(&["run", "-"], STUCK.as_bytes());
    assert_eq!(run.code, 11, "{}", run.stdout);
    assert!(run.stdout.contains("=> io a = held at the disk"), "{}", run.stdout);
    assert!(run.stdout.contains("stuck: line 10 is never reached: wait a"), "{}", run.stdout);
    let expected = format!("{STUCK}----\ncreate mp = ok\nio a = held at the disk\n");
    let run = pushback_reading(&["run", "-"], expected.as_bytes());
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[test]
fn a_limit_on_the_search_is_no_success() {
    let run = pushback(&["run", FLUSH, "--all-schedules", "--max-states", "100"]);
    assert_eq!(run.code, 75, "{}", run.stderr);
    assert!(run.stdout.contains("NOT complete: the limit on states was reached"));
}

#[test]
fn the_trails_that_are_written_replay() {
    let directory = directory("run-trails");
    let path = directory.to_str().expect("a plain path");
    let run = pushback(&["run", FLUSH, "--all-schedules", "--trails", path]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut count = 0;
    for entry in std::fs::read_dir(&directory).expect("the directory is there") {
        let trail = entry.expect("it can be read").path();
        let trail = trail.to_str().expect("a plain path");
        assert!(run.stdout.contains(trail), "the command names {trail}");
        assert_eq!(pushback(&["replay", trail]).stderr, "");
        count += 1;
    }
    assert!(run.stdout.contains(&format!("{count} distinct outcome")), "one an outcome");
}

#[test]
fn progress_goes_to_stderr_only() {
    let quiet = pushback(&["run", FLUSH, "--all-schedules"]);
    let told = pushback(&["run", FLUSH, "--all-schedules", "--progress"]);
    assert_eq!(quiet.stderr, "");
    assert!(told.stderr.contains(" s\n"), "the time that it took: {}", told.stderr);
    assert_eq!(quiet.stdout, told.stdout);
}

//! REPORT.md is what the program would write now, and bad files are refused.
mod common;

use common::{directory, pushback};

/// The sections that take seconds; the rest is for `.ci/run`, and the deep ones for who writes it.
#[test]
fn the_quick_part_of_the_report_is_not_stale() {
    let mut arguments = vec!["report", "--check"];
    for section in ["eras", "findings", "kills", "grains", "schedules"] {
        arguments.extend(["--section", section]);
    }
    let run = pushback(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 5);
}

#[test]
fn a_report_without_its_markers_is_refused_and_left_as_it_is() {
    let path = directory("report").join("report.md");
    let file = path.to_str().expect("a plain path");
    std::fs::write(&path, "# Report\n").expect("it can be written");
    let run = pushback(&["report", "--file", file, "--section", "findings"]);
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    assert!(run.stderr.ends_with("there is no line <!-- begin findings -->\n"), "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "# Report\n");
}

#[test]
fn a_stale_section_is_told_and_then_written() {
    let path = directory("stale").join("report.md");
    let file = path.to_str().expect("a plain path");
    let text = "# Report\n<!-- begin findings -->\nold\n<!-- end findings -->\nbehind\n";
    std::fs::write(&path, text).expect("it can be written");
    let arguments = ["report", "--file", file, "--section", "findings"];
    let check = pushback(&[&arguments[..], &["--check"]].concat());
    assert_eq!((check.code, check.stdout.as_str()), (12, "findings   stale\n"));
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text);
    assert_eq!(pushback(&arguments).code, 0);
    let new = std::fs::read_to_string(&path).expect("it is there");
    assert!(new.contains("an error overwrites REQUEUE") && new.ends_with("behind\n"), "{new}");
    assert!(!new.contains("\nold\n"));
}

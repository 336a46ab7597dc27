//! Help, wrong usage and bad input.
mod common;

use std::process::Stdio;

use common::{PROGRAM, assert_narrow, command, directory, pushback, pushback_reading};
use expect_test::expect;

const COMMANDS: [&str; 14] = [
    "demo", "run", "replay", "check", "findings", "mutants", "loom", "shuttle", "threads",
    "simulate", "report", "conform", "doctor", "eras",
];

#[test]
fn every_command_has_help_with_examples() {
    for command in COMMANDS {
        let run = pushback(&[command, "--help"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command}");
        assert!(
            run.stdout.contains(&format!("Examples:\n  pushback {command}")) || command == "replay"
        );
        assert!(run.stdout.contains("Examples:"), "{command}");
    }
    let help = pushback(&["--help"]).stdout;
    assert!(COMMANDS.iter().all(|command| help.contains(&format!("\n  {command} "))));
    assert!(help.contains("Exit codes:"));
}

#[test]
fn wrong_usage_exits_with_64_and_says_so_on_stderr() {
    let wrong: [&[&str]; 28] = [
        &[],
        &["frobnicate"],
        &["run"],
        &["run", "x.dm", "--era", "2.6.21"],
        &["run", "x.dm", "--max-states", "0"],
        &["run", "x.dm", "--max-states", "-1"],
        &["run", "x.dm", "--trails", "here"],
        &["run", "x.dm", "--kernel", "uml", "--era", "2.6.20"],
        &["run", "x.dm", "--mode", "rq"],
        &["run", "scenarios/zero.dm", "--kernel", "vms"],
        &["run", "scenarios/zero.dm", "--kernel", "qemu:"],
        &["conform", "--repeat", "0"],
        &["conform", "--kernel", "linux"],
        &["check", "--bios", "0"],
        &["check", "--bios", "256"],
        &["check", "--bios", "1", "--config", "cycles"],
        &["check", "--mutant", "unheard-of"],
        &["mutants", "unheard-of"],
        &["replay"],
        &["findings", "99"],
        &["loom", "unheard-of"],
        &["loom", "--bound", "many"],
        &["loom", "--mutant", "unheard-of"],
        &["loom", "--mutants", "two-ends"],
        &["shuttle", "unheard-of"],
        &["shuttle", "--scheduler", "pct:0"],
        &["shuttle", "--seed", "-1"],
        &["threads", "scenarios"],
    ];
    for arguments in wrong {
        let run = pushback(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{arguments:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let directory = directory("usage");
    let path = |name: &str| directory.join(name).to_str().expect("a plain path").to_owned();
    std::fs::write(path("latin1"), b"era: 2.6.20\nmode: bio\n# caf\xe9\n").expect("it is written");
    std::fs::write(path("zeros"), vec![0; 17 << 20]).expect("it is written");
    for command in ["run", "replay"] {
        let run = |name: &str| {
            let run = pushback(&[command, &path(name)]);
            assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{name}");
            run.stderr.replace(directory.to_str().expect("a plain path"), "DIR")
        };
        expect!["pushback: DIR/none: cannot be read: No such file or directory (os error 2)\n"]
            .assert_eq(&run("none"));
        expect!["pushback: DIR/: cannot be read: Is a directory (os error 21)\n"]
            .assert_eq(&run(""));
        expect!["pushback: DIR/latin1: line 3 is not UTF-8 text\n"].assert_eq(&run("latin1"));
        expect!["pushback: DIR/zeros: longer than 16 MiB, no scenario is\n"]
            .assert_eq(&run("zeros"));
    }
}

#[test]
fn bad_text_is_refused_with_file_line_and_column() {
    let header = "era: 2.6.20\nmode: bio\n\ndisk sda 2048\n";
    let bad = [
        ("", ":1:1: "),
        ("era: 2.6.20\nmode: bio\n", ":"),
        ("era: 1.2.3\nmode: bio\n\ndisk sda 8\n", ":1:6: "),
        ("era: 2.6.20\nmode: rq\n\ndisk sda 8\n", ": mode rq: "),
        (&format!("{header}frobnicate mp\n"), ":5:1: "),
        (&format!("{header}io a mp r 0 8\n"), ":5:6: "),
        (&format!("{header}unplug sdz\n"), ":5:8: "),
        (&format!("{header}wait nothing\n"), ":5:6: "),
        (&format!("{header}create mp\n  0 8 linear /dev/sda 0\nio a mp r 0 99999\n"), ":7:"),
    ];
    for (text, place) in bad {
        let run = pushback_reading(&["run", "-"], text.as_bytes());
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{text}: {}", run.stderr);
        let message = format!("pushback: standard input{place}");
        assert!(run.stderr.starts_with(&message), "{text}: {}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "one line: {}", run.stderr);
    }
}

#[test]
fn an_unknown_configuration_is_answered_with_the_known_ones() {
    let run = pushback(&["check", "--config", "unheard-of"]);
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    let start = "pushback: unheard-of is neither a configuration nor a file; there are: ";
    assert!(run.stderr.starts_with(start), "{}", run.stderr);
}

#[test]
fn eras_are_listed_one_a_line() {
    let run = pushback(&["eras"]);
    assert_eq!(run.code, 0);
    assert_narrow(&run.stdout);
    let listed: Vec<_> = run.stdout.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(listed, dm_model::era::ERA_NAMES);
}

#[test]
fn a_reader_that_goes_away_is_no_reason_to_panic() {
    let mut command = command(&["run", "scenarios/cover-letter-flush.dm", "--verbose", "--json"]);
    // The reader has gone before the program begins, however fast it writes.
    let (reader, writer) = std::io::pipe().expect("there are pipes");
    drop(reader);
    let output = command.stdout(writer).stderr(Stdio::piped()).output();
    let output = output.unwrap_or_else(|error| panic!("{PROGRAM} starts: {error}"));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(141));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = command(&["eras"]).stdout(full).stderr(Stdio::piped()).output();
    let output = output.expect("the program ends");
    assert_eq!(output.status.code(), Some(74));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.starts_with("pushback: cannot write the output: "), "{stderr}");
}

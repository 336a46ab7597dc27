//! Real kernels: a scenario on one, what is said when there is none, and that nothing is left behind.
//!
//! Debian's package user-mode-linux is needed. Where it is missing these tests say so and check
//! nothing, but under CI, which installs it, they fail.
mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::{command, directory, objects, pushback};

/// Whether the user-mode kernel is there.
fn has_uml() -> bool {
    let is_there = Path::new("/usr/bin/linux.uml").exists();
    if !is_there {
        let what = "NOT CHECKED: user-mode-linux is missing (apt-get install user-mode-linux)";
        assert!(std::env::var_os("CI").is_none(), "{what}");
        eprintln!("{what}");
    }
    is_there
}

#[test]
fn the_cover_letters_solution_works_on_a_real_kernel() {
    if !has_uml() {
        return;
    }
    let run = pushback(&["run", "scenarios/cover-letter-noflush.dm", "--kernel", "uml"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert!(
        run.stdout.starts_with("scenario cover-letter-noflush, kernel uml 6."),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("=> io a = ok, reads -*8\n"), "{}", run.stdout);
    let flush = "scenarios/cover-letter-flush.dm";
    let run = pushback(&["run", flush, "--kernel", "uml", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let objects = objects(&run.stdout);
    let lines = objects.iter().filter_map(|object| object["observed"].as_array()).flatten();
    assert!(lines.clone().any(|line| line == "io a = EIO"), "{}", run.stdout);
}

#[test]
fn every_scenario_does_on_the_user_mode_kernel_what_the_model_or_a_record_says() {
    if !has_uml() {
        return;
    }
    let run = pushback(&["conform", "--json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    let objects = objects(&run.stdout);
    let end = objects.iter().find(|object| object["kind"] == "end").expect("there is an end");
    assert_eq!((&end["differ"], &end["failed"]), (&0.into(), &0.into()));
    let count = |key: &str| end[key].as_u64().expect("it is a number");
    assert!(count("agree") >= 40 && count("recorded") >= 40, "{end}");
}

/// From a difference to a record with a reason, as a developer of the project goes.
#[test]
fn a_difference_fails_until_it_is_recorded_with_a_reason() {
    if !has_uml() {
        return;
    }
    let path = directory("recorded").join("medium.dm");
    let file = path.to_str().expect("a plain path");
    let text =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/medium-error.dm"))
            .expect("it is there");
    let (bare, _) = text.split_once("---- kernel").expect("it is recorded");
    fs::write(&path, bare).expect("it can be written");
    let run = pushback(&["conform", file, "--record"]);
    assert_eq!(run.code, 12, "{}", run.stdout);
    assert!(run.stdout.contains("\nmedium    bio   6."), "{}", run.stdout);
    assert!(run.stdout.contains("DIFFERS"), "{}", run.stdout);
    assert!(run.stdout.contains("  + io b = ENODATA"), "{}", run.stdout);
    let recorded = fs::read_to_string(&path).expect("it is there");
    let block = recorded.strip_prefix(bare).expect("what stood there stays");
    assert!(block.starts_with("---- kernel 6.1\ncreate mp = ok\n"), "{block}");
    let run = pushback(&["conform", file]);
    assert_eq!(run.code, 12);
    assert!(run.stdout.contains("NO REASON"), "{}", run.stdout);
    let rule = "---- kernel 6.1\n";
    let with_reason = recorded.replace(rule, &format!("{rule}# blk_path_error: none\n"));
    fs::write(&path, with_reason).expect("it can be written");
    let run = pushback(&["conform", file]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.contains("0 agree, 1 differ as recorded, 0 DIFFER, 0 failed"));
}

/// The images of QEMU take minutes.
#[test]
#[ignore = "cargo kernels"]
fn every_scenario_does_on_debians_kernels_what_the_model_or_a_record_says() {
    let run = pushback(&["conform", "--kernel", "qemu:6.1", "--kernel", "qemu:6.12"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    print!("{}", run.stdout);
}

#[test]
fn what_is_missing_is_named_and_how_to_get_it() {
    let scenario = "scenarios/zero.dm";
    let run = |kernel: &str| pushback(&["run", scenario, "--kernel", kernel]);
    let missing = run("uml:/there/is/none");
    assert_eq!((missing.code, missing.stdout.as_str()), (69, ""));
    let message = "pushback: /there/is/none: No such file or directory (os error 2)\n";
    assert_eq!(missing.stderr, message);
    let image = run("qemu:9.99");
    assert_eq!(image.code, 69);
    let said = image.stderr.contains("`pushback doctor` says how to get one");
    assert!(
        said || image.stderr.contains("install the package qemu-system-x86"),
        "{}",
        image.stderr
    );
    let doctor = pushback(&["doctor", "--json"]);
    assert!([0, 69].contains(&doctor.code));
    let findings = objects(&doctor.stdout);
    assert!(findings.iter().any(|finding| finding["what"] == "uml"), "{}", doctor.stdout);
}

#[test]
fn a_program_that_is_no_kernel_is_told_apart_from_one() {
    if !has_uml() {
        return;
    }
    let run = pushback(&["run", "scenarios/zero.dm", "--kernel", "uml:/bin/false"]);
    assert_eq!((run.code, run.stdout.as_str()), (69, ""));
    assert!(run.stderr.contains("did not run the agent: it has ended by itself"), "{}", run.stderr);
}

#[test]
fn a_scenario_that_no_kernel_can_do_is_refused_with_its_place() {
    if !has_uml() {
        return;
    }
    let run = pushback(&["run", "scenarios/zero-readahead.dm", "--kernel", "uml"]);
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    let message = "zero-readahead.dm:1:1: the scenario is model-only: no application can see";
    assert!(run.stderr.contains(message), "{}", run.stderr);
    let run = pushback(&["run", "scenarios/zero.dm", "--kernel", "uml", "--mode", "rq"]);
    assert_eq!(run.code, 64);
    assert!(run.stderr.contains("the scenario is not of mode rq"), "{}", run.stderr);
}

/// The processes whose command line names this file.
fn processes(of: &Path) -> Vec<PathBuf> {
    let name = of.to_str().expect("a plain path").as_bytes();
    let entries = fs::read_dir("/proc").expect("Linux has it").flatten().map(|it| it.path());
    let names = |path: &PathBuf| {
        let line = fs::read(path.join("cmdline")).unwrap_or_default();
        line.windows(name.len()).any(|window| window == name)
    };
    entries.filter(names).collect()
}

fn wait_until(what: &str, seconds: u64, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(seconds), "not within {seconds} s: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// What stands in the directories in which emulators leave things.
fn files() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let places = [std::env::temp_dir(), PathBuf::from("/dev/shm"), home.join(".uml")];
    let entries = places.iter().flat_map(fs::read_dir).flatten().flatten();
    // Other tests of this machine have files of their own.
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        ["initramfs", "vm_file", "mconsole", "pushback", "uml"].iter().any(|it| name.contains(it))
    };
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(is_ours).collect();
    files.sort();
    files
}

#[test]
fn a_program_that_is_killed_half_way_leaves_no_process_and_no_file_behind() {
    if !has_uml() {
        return;
    }
    // A kernel of its own tells this test's processes from those of others.
    let kernel = directory("killed").join("linux-of-the-killed");
    fs::copy("/usr/bin/linux.uml", &kernel).expect("it can be copied");
    let name = format!("uml:{}", kernel.display());
    let before = files();
    for signal in ["KILL", "TERM", "INT"] {
        let scenario = "scenarios/queued-no-paths-queue.dm";
        let mut program = command(&["conform", scenario, "--kernel", &name, "--repeat", "1000"]);
        let program = program.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = program.spawn().expect("it starts");
        // Two machines, each with a kernel, what starts it, and a process for each guest process.
        wait_until("both kernels run", 20, || processes(&kernel).len() >= 8);
        let mut kill = Command::new("kill");
        let killed = kill.args([format!("-{signal}"), child.id().to_string()]).status();
        assert!(killed.expect("there is kill").success());
        child.wait().expect("it ends");
        wait_until("their processes have ended", 10, || processes(&kernel).is_empty());
    }
    assert_eq!(files(), before);
}

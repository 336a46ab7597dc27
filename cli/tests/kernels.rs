//! Real kernels: a scenario on one, what is said when there is none, and that nothing is left behind.
//!
//! Debian's package user-mode-linux is needed. Where it is missing these tests say so and check
//! nothing, but under CI, which installs it, they fail.
mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use common::{command, directory, objects, pushback, pushback_reading};

/// Machines of several tests at once would wait for each other.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The turn of a test, if the user-mode kernel is there.
fn turn() -> Option<MutexGuard<'static, ()>> {
    has_uml().then(|| ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner))
}

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
    let Some(_turn) = turn() else { return };
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
fn a_scenario_may_come_from_standard_input() {
    let Some(_turn) = turn() else { return };
    let text = b"era: 2.6.20\n\ncreate z\n  0 8 zero\nio a z r 0 8\n";
    let run = pushback_reading(&["run", "-", "--kernel", "uml"], text);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert!(
        run.stdout.ends_with("=> io a = ok, reads -*8\n\nas the model says\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn every_scenario_does_on_the_user_mode_kernel_what_the_model_or_a_record_says() {
    let Some(_turn) = turn() else { return };
    let run = pushback(&["conform", "--json"]);
    let objects = objects(&run.stdout);
    let bad = ["differs", "no_reason"];
    let is_bad = |object: &&serde_json::Value| {
        object["kind"] == "failed" || bad.iter().any(|bad| object["verdict"] == *bad)
    };
    let bad: Vec<_> = objects.iter().filter(is_bad).map(ToString::to_string).collect();
    assert_eq!((bad.join("\n").as_str(), run.stderr.as_str(), run.code), ("", "", 0));
    let end = objects.iter().find(|object| object["kind"] == "end").expect("there is an end");
    assert_eq!((&end["differ"], &end["failed"]), (&0.into(), &0.into()));
    let count = |key: &str| end[key].as_u64().expect("it is a number");
    assert!(count("agree") >= 40 && count("recorded") >= 40, "{end}");
}

/// From a difference to a record with a reason, as a developer of the project goes.
#[test]
fn a_difference_fails_until_it_is_recorded_with_a_reason() {
    let Some(_turn) = turn() else { return };
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
    let Some(_turn) = turn() else { return };
    let run = pushback(&["run", "scenarios/zero.dm", "--kernel", "uml:/bin/false"]);
    assert_eq!((run.code, run.stdout.as_str()), (69, ""));
    assert!(run.stderr.contains("did not run the agent: it has ended by itself"), "{}", run.stderr);
}

#[test]
fn a_scenario_that_no_kernel_can_do_is_refused_with_its_place() {
    let Some(_turn) = turn() else { return };
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
    let Some(_turn) = turn() else { return };
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

#[test]
fn a_kernel_that_stops_is_told_and_the_other_scenarios_get_another_boot() {
    let Some(_turn) = turn() else { return };
    let kernel = directory("stopped").join("linux-that-stops");
    fs::copy("/usr/bin/linux.uml", &kernel).expect("it can be copied");
    let name = format!("uml:{}", kernel.display());
    let scenario = "scenarios/ok-with-valid-paths.dm";
    let mut program = command(&["conform", scenario, "--mode", "bio", "--repeat", "100"]);
    program.args(["--machines", "1", "--progress", "--kernel", &name]);
    let mut child =
        program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut told = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let under_way = told.find(|line| line.as_ref().is_ok_and(|line| line.ends_with(" runs")));
    assert!(under_way.is_some(), "it tells of its progress");
    let ids = processes(&kernel).into_iter().filter(|path| is_kernel(path, &kernel));
    let ids: Vec<_> = ids.filter_map(|path| Some(path.file_name()?.to_owned())).collect();
    assert!(!ids.is_empty(), "the kernel runs");
    // A process of the guest may end by itself, or with the kernel, before its own turn to be killed.
    let _some_are_gone =
        Command::new("kill").arg("-KILL").args(&ids).status().expect("there is kill");
    drop(told);
    let output = child.wait_with_output().expect("it ends");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(12), "{stdout}");
    assert!(stdout.contains("100 runs in 2 boots"), "{stdout}");
    assert!(stdout.contains("the kernel has stopped"), "{stdout}");
    assert!(stdout.contains("1 agree, 0 differ as recorded, 0 DIFFER, 1 failed"), "{stdout}");
}

/// Whether a process executes this file.
fn is_kernel(process: &Path, kernel: &Path) -> bool {
    fs::read_link(process.join("exe")).is_ok_and(|exe| exe == kernel)
}

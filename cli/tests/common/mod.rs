//! Runs the built program as a user would, from the root of the workspace.
#![allow(dead_code, reason = "each test file uses a part of it")]
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_pushback");

/// What a run of the program left behind; the program's path is `pushback`, whoever built it.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Run {
    /// The exit code.
    pub(crate) code: i32,
    /// What it said.
    pub(crate) stdout: String,
    /// What it complained about.
    pub(crate) stderr: String,
}

/// The program, to be run from the root of the workspace.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    command.args(arguments);
    command
}

/// Runs the program.
pub(crate) fn pushback(arguments: &[&str]) -> Run {
    pushback_reading(arguments, b"")
}

/// Runs the program with this on standard input.
pub(crate) fn pushback_reading(arguments: &[&str], input: &[u8]) -> Run {
    let mut command = command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    // A program that does not want to read it all is not at fault.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let text =
        |bytes| String::from_utf8(bytes).expect("it says UTF-8").replace(PROGRAM, "pushback");
    Run {
        code: output.status.code().expect("it ends by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A directory of this test's own, empty.
pub(crate) fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("the directory can be made");
    path
}

/// The objects of `--json`, one a line, each with a kind.
pub(crate) fn objects(stdout: &str) -> Vec<serde_json::Value> {
    let object = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("it is JSON");
    let objects: Vec<_> = stdout.lines().map(object).collect();
    assert!(objects.iter().all(|object| object["kind"].is_string()), "each object has a kind");
    objects
}

/// Asserts that no line is wider than 100 columns, but for what the kernel or a shell says.
pub(crate) fn assert_narrow(stdout: &str) {
    for line in stdout.lines() {
        let text = line.trim_start();
        let is_free = text.starts_with("=>") || text.starts_with("pushback ");
        assert!(is_free || line.chars().count() <= 100, "too wide: {line}");
    }
}

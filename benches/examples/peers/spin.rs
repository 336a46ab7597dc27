//! The reference workload in Spin: generated, compiled and run in a directory of its own.
use std::path::Path;
use std::process::Command;

use dm_benches::reference::Reference;

const PROMELA: &str = include_str!("reference.pml");

/// What one run of Spin's verifier says.
pub(crate) struct Run {
    pub(crate) states: u64,
    pub(crate) seconds: f64,
    pub(crate) bytes: f64,
}

/// Generates and compiles the verifier; `None` where there is no Spin or no compiler.
pub(crate) fn compile(directory: &Path, size: &Reference) -> Option<()> {
    std::fs::create_dir_all(directory).ok()?;
    std::fs::write(directory.join("reference.pml"), PROMELA).ok()?;
    let Reference { bios, paths, faults, cycles } = size;
    let defines = [("N", *bios as u8), ("P", *paths as u8), ("F", *faults), ("K", *cycles)];
    let defines = defines.map(|(name, value)| format!("-D{name}={value}"));
    let mut spin = Command::new("spin");
    let generated = spin.arg("-a").args(defines).arg("reference.pml").current_dir(directory);
    generated.output().ok().filter(|it| it.status.success())?;
    let options = ["-O3", "-march=native", "-DSAFETY", "-DNOFAIR", "-DNOREDUCE", "-DMEMLIM=8000"];
    let mut gcc = Command::new("gcc");
    let compiled = gcc.args(options).args(["-w", "-o", "pan", "pan.c"]).current_dir(directory);
    compiled.output().ok().filter(|it| it.status.success()).map(|_| ())
}

/// Runs the verifier depth-first with a table that is large enough from the beginning.
pub(crate) fn run(directory: &Path) -> Option<Run> {
    let mut pan = Command::new(directory.join("pan"));
    let output = pan.args(["-m1000000", "-w24"]).current_dir(directory).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = |end: &str| text.lines().find(|line| line.contains(end));
    let number = |line: &str| line.split_whitespace().find_map(|word| word.parse::<f64>().ok());
    let states = line("states, stored")?.split_whitespace().next()?.parse().ok()?;
    let seconds = number(line("elapsed time")?)?;
    let bytes = number(line("total actual memory usage")?)? * 1024.0 * 1024.0;
    Some(Run { states, seconds, bytes })
}

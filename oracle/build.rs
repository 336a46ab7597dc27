//! Builds the agent, statically, so that it runs as the first process of a bare kernel.
//!
//! It is a build of its own, because only the agent is linked statically. Where it cannot be built
//! the library still is: it then says why whenever a kernel is to be booted.
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../agent");
    println!("cargo::rerun-if-changed=../Cargo.lock");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let (binary, reason) = match agent(&out) {
        Ok(path) => (fs::read(&path).expect("what was built can be read"), String::new()),
        Err(reason) => (Vec::new(), reason),
    };
    fs::write(out.join("agent.bin"), binary).expect("the output directory can be written");
    fs::write(out.join("agent.reason"), reason).expect("the output directory can be written");
}

fn agent(out: &Path) -> Result<PathBuf, String> {
    let cargo = env::var_os("CARGO").expect("cargo sets it");
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let target = out.join("agent-target");
    let mut command = Command::new(cargo);
    command.args(["build", "--release", "--locked", "--package", "dm-agent", "--target-dir"]);
    command.arg(&target).current_dir(manifest.join("..")).env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    command.env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    command.env("CARGO_ENCODED_RUSTFLAGS", "-Ctarget-feature=+crt-static");
    // Of the build around it: a linter in place of the compiler, or its choice of a target.
    for name in ["RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_TARGET"] {
        command.env_remove(name);
    }
    let output = command.output().map_err(|error| format!("cargo does not run: {error}"))?;
    if output.status.success() {
        return Ok(target.join("release/pushback-agent"));
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let hint = "a static libc is needed (Debian: libc6-dev)";
    Err(format!("the agent could not be built, {hint}:\n{text}"))
}

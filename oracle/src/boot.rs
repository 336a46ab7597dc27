//! One boot of a kernel: the emulator, what it prints, and a time limit on everything.
//!
//! Nothing of a boot outlives this process, however it ends. The emulator runs in a process and a
//! mount namespace of its own: `setpriv` has the kernel of the host end it with its parent, the
//! end of the namespace's first process ends the others (a user-mode kernel has many), and its
//! files lie on a file system that only the namespace has. The initramfs comes through a pipe.
use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::events::{self, Event};
use crate::initramfs::Archive;
use crate::kernel::{Kernel, KernelError, Module, ROOM, program};

/// The agent, as `build.rs` has built it; empty when it could not.
const AGENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/agent.bin"));
/// Why it could not.
const AGENT_REASON: &str = include_str!(concat!(env!("OUT_DIR"), "/agent.reason"));

/// What the host's programs do before the emulator: `$@`.
const PREPARE: &str = "mount -t tmpfs tmpfs \"$0\" && cat >\"$0/initramfs\" && exec \"$@\"";
/// How many lines of a kernel's console are kept.
const CONSOLE_LINE_COUNT_MAX: usize = 60;

/// How long a boot may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Limits {
    /// In all.
    pub(crate) whole: Duration,
    /// Without a word of the agent.
    pub(crate) silence: Duration,
}

/// What a boot has brought.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Booted {
    pub(crate) events: Vec<Event>,
    /// The last lines of the console, which say how a kernel came to its end.
    pub(crate) console: Vec<String>,
    /// Why it was ended from outside, if it was.
    pub(crate) ended: Option<String>,
}

/// The agent's size in bytes.
///
/// # Errors
/// Why there is none.
pub fn agent_size() -> Result<usize, KernelError> {
    if AGENT.is_empty() {
        return Err(KernelError::File(AGENT_REASON.trim_end().to_owned()));
    }
    Ok(AGENT.len())
}

/// The programs of the host that every boot needs, each with its Debian package.
pub const HOST_PROGRAMS: [(&str, &str); 4] = [
    ("setpriv", "util-linux"),
    ("unshare", "util-linux"),
    ("mount", "mount"),
    ("cat", "coreutils"),
];

/// Boots the kernel with this script and hears it to its end. `hear` is given each event.
///
/// # Errors
/// When something is missing that the boot needs. How the kernel fares is no error.
pub(crate) fn boot(
    kernel: &Kernel,
    script: &str,
    with_scsi: bool,
    limits: Limits,
    hear: &mut dyn FnMut(&Event),
) -> Result<Booted, KernelError> {
    agent_size()?;
    for (name, package) in HOST_PROGRAMS {
        let remedy = format!("install the package {package}");
        program(name).ok_or_else(|| KernelError::Missing { what: name.to_owned(), remedy })?;
    }
    let archive = archive(&kernel.modules(with_scsi)?, script)?;
    let mut machine = Running::start(kernel, archive)?;
    let mut booted = Booted::default();
    let begin = Instant::now();
    let mut heard = begin;
    loop {
        let now = Instant::now();
        let left = limits.whole.saturating_sub(now - begin);
        let left = left.min(limits.silence.saturating_sub(now - heard));
        match machine.lines.recv_timeout(left) {
            Ok(Line::Channel(line)) => {
                heard = Instant::now();
                let Some(event) = events::parse(&line) else { continue };
                hear(&event);
                let is_off = event == Event::Off;
                booted.events.push(event);
                if is_off {
                    break;
                }
            }
            Ok(Line::Console(line)) => machine.remember(line),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                let (what, limit) = if begin.elapsed() >= limits.whole {
                    ("it was not at its end after", limits.whole)
                } else {
                    ("it said nothing for", limits.silence)
                };
                booted.ended = Some(format!("{what} {} s", limit.as_secs()));
                break;
            }
        }
    }
    booted.console = machine.end();
    Ok(booted)
}

fn archive(modules: &[Module], script: &str) -> Result<Vec<u8>, KernelError> {
    let mut archive = Archive::default();
    archive.directory("dev");
    archive.directory("modules");
    archive.file("init", true, AGENT);
    let mut order = String::new();
    for module in modules {
        let name = module.file.file_name().unwrap_or_default().to_string_lossy();
        let content = fs::read(&module.file)
            .map_err(|error| KernelError::File(format!("{}: {error}", module.file.display())))?;
        archive.file(&format!("modules/{name}"), false, &content);
        order += format!("{name} {}", module.parameters).trim_end();
        order.push('\n');
    }
    archive.file("modules/order", false, order.as_bytes());
    archive.file("script", false, script.as_bytes());
    Ok(archive.finish())
}

/// A line that the emulator has printed.
enum Line {
    /// The agent's channel.
    Channel(String),
    /// The kernel's console, and what the programs around it say.
    Console(String),
}

/// An emulator that runs. Dropping it ends it.
struct Running {
    child: Child,
    lines: Receiver<Line>,
    threads: Vec<JoinHandle<()>>,
    console: VecDeque<String>,
}

impl Running {
    fn start(kernel: &Kernel, archive: Vec<u8>) -> Result<Self, KernelError> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork"]);
        command.arg("--kill-child");
        let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        if !is_root {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["sh", "-c", PREPARE, ROOM]).args(kernel.command());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .map_err(|error| KernelError::File(format!("setpriv does not run: {error}")))?;
        let (sender, lines) = mpsc::channel();
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take().expect("it is piped");
        let mut stdin = child.stdin.take().expect("it is piped");
        let errors = sender.clone();
        let threads = vec![
            // Who reads no more has ended, and its end is seen elsewhere.
            thread::spawn(move || drop(stdin.write_all(&archive))),
            thread::spawn(move || {
                each_line(stdout, |line| sender.send(Line::Channel(line)).is_ok());
            }),
            thread::spawn(move || {
                each_line(stderr, |line| errors.send(Line::Console(line)).is_ok());
            }),
        ];
        Ok(Self { child, lines, threads, console: VecDeque::new() })
    }

    fn remember(&mut self, line: String) {
        if self.console.len() == CONSOLE_LINE_COUNT_MAX {
            self.console.pop_front();
        }
        self.console.push_back(line);
    }

    /// Ends it and gives what its console said last.
    fn end(mut self) -> Vec<String> {
        self.kill();
        for thread in std::mem::take(&mut self.threads) {
            // A thread that only reads and sends does not panic.
            let _ = thread.join();
        }
        while let Ok(line) = self.lines.try_recv() {
            match line {
                Line::Console(line) => self.remember(line),
                Line::Channel(_) => {}
            }
        }
        std::mem::take(&mut self.console).into()
    }

    fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn each_line(stream: impl std::io::Read, mut take: impl FnMut(String) -> bool) {
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    while let Ok(length) = reader.read_until(b'\n', &mut bytes) {
        let text = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned();
        bytes.clear();
        if length == 0 || !take(text) {
            return;
        }
    }
}

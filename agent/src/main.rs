//! The first process of a small machine with a real kernel: it executes the script that the host
//! has put beside it, reports each observation as one line, and powers the machine off.
//!
//! It decides nothing about what should happen: what it saw is judged on the host.
mod call;
mod dm;
mod guest;
mod jobs;
mod kernel_log;
mod machine;
mod report;
mod script;
mod sys;
mod transfer;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::sync::Arc;

use nix::sys::signal::Signal;

use guest::{Guest, Reached};
use report::Report;
use script::Operation;

/// Where the host has put the script.
const SCRIPT: &str = "/script";
/// What names the channel to the host on the kernel's command line.
const CHANNEL: &str = "pushback.channel=";

fn main() {
    if std::process::id() != 1 {
        println!("pushback-agent is the first process of a machine that pushback boots");
        std::process::exit(64);
    }
    let mounted = machine::mount_all();
    let report = Arc::new(Report::new(channel()));
    let result = mounted.map_err(|error| format!("mount: {error}")).and_then(|()| run(&report));
    if let Err(message) = result {
        report.line("broken", &[&message]);
    }
    report.line("off", &[]);
    machine::power_off()
}

/// The device that the command line names; the console where it names none.
fn channel() -> File {
    let line = fs::read_to_string("/proc/cmdline").unwrap_or_default();
    let name = line.split_whitespace().find_map(|word| word.strip_prefix(CHANNEL));
    let path = format!("/dev/{}", name.unwrap_or("console"));
    let open = |path: &str| OpenOptions::new().read(true).write(true).open(path);
    let file = open(&path).or_else(|_| open("/dev/console")).or_else(|_| open("/dev/null"));
    file.expect("every kernel has /dev/null")
}

fn run(report: &Arc<Report>) -> Result<(), String> {
    machine::load_modules()?;
    sys::interrupt_on(Signal::SIGUSR1).map_err(|error| format!("sigaction: {error}"))?;
    let control = control().map_err(|error| format!("/dev/mapper/control: {error}"))?;
    let control = Arc::new(control);
    let (release, version) = machine::kernel();
    report.line("ready", &[&release, &version]);
    let script = fs::read_to_string(SCRIPT).map_err(|error| format!("{SCRIPT}: {error}"))?;
    let mut scenario: Option<(String, Guest, Reached)> = None;
    for line in script.lines() {
        let operation = script::parse(line).ok_or_else(|| format!("script: {line}"))?;
        if let Operation::Begin(name) = operation {
            report.line("begin", &[&name]);
            let guest = Guest::new(Arc::clone(report), Arc::clone(&control));
            scenario = Some((name, guest, Reached::Next));
            continue;
        }
        if operation == Operation::End {
            let (name, guest, _) = scenario.take().ok_or("script: end without begin")?;
            let is_clean = guest.end();
            report.line("end", &[&name, if is_clean { "clean" } else { "dirty" }]);
            if !is_clean {
                return Ok(());
            }
            continue;
        }
        let (_, guest, reached) = scenario.as_mut().ok_or("script: no begin")?;
        // What comes behind a line that never returns is not reached, up to the clean-up.
        if operation == Operation::Drain {
            guest.drain();
            *reached = Reached::Next;
        } else if *reached == Reached::Next {
            *reached = perform(report, guest, operation);
        }
    }
    Ok(())
}

fn perform(report: &Report, guest: &mut Guest, operation: Operation) -> Reached {
    match operation {
        Operation::Step(line) => {
            guest.settle();
            report.line("step", &[&line]);
        }
        Operation::Call(line, tag, call) => return guest.call(&line, &tag, call),
        Operation::Io(tag, transfer) => return guest.transfer(&tag, transfer),
        Operation::Wait(line, tag) => return guest.wait(&line, &tag),
        Operation::Signal(line, tag) => return guest.signal(&line, &tag),
        Operation::Node(path, name) => return guest.node(&path, &name),
        Operation::Again(path) => return guest.again(&path),
        Operation::Loop(path, backing) => return guest.loop_device(&path, &backing),
        Operation::Unlink(path) => return guest.unlink(&path),
        Operation::Put(file, value) => return guest.put(&file, &value),
        Operation::Inflight(name) => {
            guest.settle();
            guest.inflight(&name);
        }
        Operation::Begin(_) | Operation::Drain | Operation::End => {
            unreachable!("the caller does these")
        }
    }
    Reached::Next
}

/// The device-mapper's control device, by the number that the kernel gave it.
fn control() -> io::Result<File> {
    fs::create_dir_all("/dev/mapper")?;
    OpenOptions::new().read(true).write(true).open("/dev/mapper/control")
}

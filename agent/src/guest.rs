//! One scenario: its devices, its I/O and its calls in the background, and how each line is done.
use std::fs::{self, File};
use std::io;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use crate::call::{Answer, Call, make};
use crate::dm::Target;
use crate::jobs::{Job, settle};
use crate::kernel_log::{self, KernelLog};
use crate::machine;
use crate::report::{self, Report};
use crate::transfer::Transfer;

/// How long a call in the foreground may last before it counts as blocked.
const CALL_MAX: Duration = Duration::from_secs(10);
/// How often a device that is still in use is tried to be removed again at the end.
const REMOVE_TRIES: usize = 100;

/// Whether the lines that follow are reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reached {
    /// They are.
    Next,
    /// This one never returns, so they are not.
    Never,
}

/// The state of one scenario.
#[derive(Debug)]
pub(crate) struct Guest {
    report: Arc<Report>,
    control: Arc<File>,
    log: KernelLog,
    traces: bool,
    jobs: Vec<Job>,
    /// Every device that was created, oldest first.
    devices: Vec<(String, (u32, u32))>,
    nodes: Vec<(String, (u32, u32))>,
    loops: Vec<u32>,
}

impl Guest {
    /// Nothing is there yet.
    pub(crate) fn new(report: Arc<Report>, control: Arc<File>) -> Self {
        Self {
            report,
            control,
            log: KernelLog::new(),
            traces: kernel_log::start_tracing(),
            jobs: Vec::new(),
            devices: Vec::new(),
            nodes: Vec::new(),
            loops: Vec::new(),
        }
    }

    /// Waits until nothing happens by itself any more.
    pub(crate) fn settle(&self) {
        settle(&self.jobs);
    }

    /// Names what is under way, and tells apart what comes from here on.
    pub(crate) fn drain(&self) {
        self.settle();
        for job in self.jobs.iter().filter(|job| !job.is_done() && !job.tag.is_empty()) {
            self.report.line("pending", &[&job.tag]);
        }
        self.report.line("drain", &[]);
    }

    /// A call to the device-mapper; with a tag in the background.
    pub(crate) fn call(&mut self, line: &str, tag: &str, call: Call) -> Reached {
        let call = self.resolved(call);
        let (control, tables) = (Arc::clone(&self.control), call.is_table());
        if !tag.is_empty() {
            let (report, line) = (Arc::clone(&self.report), line.to_owned());
            let job = Job::start(tag, true, move || {
                let result = make(&control, &call).map(|_| ());
                report.line("call", &[&line, &report::result(&result)]);
            });
            return self.started(job);
        }
        if tables {
            // What was logged before is not of this call.
            self.log.messages().iter().for_each(|message| self.bug(message));
        }
        let (sender, receiver) = mpsc::channel();
        let job = Job::start("", true, move || {
            let answer = make(&control, &call);
            let _ = sender.send(answer);
        });
        let job = match job {
            Ok(job) => job,
            Err(error) => return self.trouble(line, &error),
        };
        let is_hidden = line == "0";
        let Ok(answer) = receiver.recv_timeout(CALL_MAX) else {
            self.jobs.push(job);
            if is_hidden {
                return self.trouble(line, &io::Error::other("a call does not return"));
            }
            self.report.line("call", &[line, "blocked"]);
            return Reached::Never;
        };
        let result = answer.and_then(|answer| self.told(line, answer));
        match &result {
            Err(error) if is_hidden => return self.trouble(line, error),
            _ if is_hidden => {}
            _ => {
                if tables && result.is_err() {
                    self.refusals(line);
                }
                self.report.line("call", &[line, &report::result(&result)]);
            }
        }
        Reached::Next
    }

    /// What the answer of a call shows, and what it says of the devices that are there.
    fn told(&mut self, line: &str, answer: Answer) -> io::Result<()> {
        match answer {
            Answer::Nothing => {}
            Answer::Created(name, dev, result) => {
                self.report.line("dev", &[&name, &number(dev)]);
                self.devices.push((name, dev));
                return result;
            }
            Answer::Targets(targets) => {
                for Target { start, length, kind, parameters } in targets {
                    let text = format!("{start} {length} {kind} {parameters}");
                    self.report.line("text", &[line, text.trim_end()]);
                }
            }
            Answer::Info(info) => {
                let yes = |it: bool| if it { "1" } else { "0" };
                let counts = [info.open_count, info.event_nr].map(|it| it.to_string());
                let fields = [line, yes(info.suspended), yes(info.live), yes(info.inactive)];
                self.report.line("info", &[&fields[..], &[&counts[0], &counts[1]]].concat());
            }
        }
        Ok(())
    }

    /// Why the kernel has refused a table.
    fn refusals(&mut self, line: &str) {
        for message in self.log.messages() {
            let reasons = ["device-mapper: table: ", "device-mapper: ioctl: can't"];
            let is_reason = reasons.iter().any(|reason| message.starts_with(reason));
            if is_reason {
                self.report.line("text", &[line, &message]);
            }
            self.bug(&message);
        }
    }

    fn bug(&self, message: &str) {
        if kernel_log::is_bug(message) {
            self.report.line("bug", &[message]);
        }
    }

    /// An application's I/O, in the background.
    pub(crate) fn transfer(&mut self, tag: &str, transfer: Transfer) -> Reached {
        let (report, name) = (Arc::clone(&self.report), tag.to_owned());
        let job = Job::start(tag, false, move || match transfer.run() {
            Ok(tokens) => {
                let tokens: Vec<_> = tokens.iter().map(ToString::to_string).collect();
                report.line("io", &[&name, "ok", &tokens.join(",")]);
            }
            Err(error) => report.line("io", &[&name, &report::errno(&error), ""]),
        });
        self.started(job)
    }

    fn started(&mut self, job: io::Result<Job>) -> Reached {
        match job {
            Ok(job) => {
                job.wait_until_under_way();
                self.jobs.push(job);
                Reached::Next
            }
            Err(error) => self.trouble("0", &error),
        }
    }

    /// Waits for an I/O or a call in the background.
    pub(crate) fn wait(&self, line: &str, tag: &str) -> Reached {
        let job = self.jobs.iter().find(|job| job.tag == tag);
        if job.is_some_and(|job| !job.wait(&self.jobs)) {
            self.report.line("stuck", &[line]);
            return Reached::Never;
        }
        Reached::Next
    }

    /// Interrupts a call in the background.
    pub(crate) fn signal(&mut self, line: &str, tag: &str) -> Reached {
        let job = self.jobs.iter().find(|job| job.tag == tag);
        match job.map_or(Ok(()), Job::interrupt) {
            Ok(()) => Reached::Next,
            Err(error) => self.trouble(line, &error),
        }
    }

    /// What is not part of the scenario has failed: nothing can be said of it.
    fn trouble(&self, line: &str, error: &io::Error) -> Reached {
        self.report.line("trouble", &[line, &report::errno(error)]);
        Reached::Never
    }

    /// Names a device of ours.
    pub(crate) fn node(&mut self, path: &str, name: &str) -> Reached {
        let Some((_, dev)) = self.devices.iter().rev().find(|(known, _)| known == name) else {
            // The kernel has refused to create it, and has said so.
            return Reached::Next;
        };
        self.make_node(path, *dev)
    }

    /// Names again what had this name before.
    pub(crate) fn again(&mut self, path: &str) -> Reached {
        let known = self.nodes.iter().rev().find(|(known, _)| known == path).map(|(_, dev)| *dev);
        known.map_or(Reached::Next, |dev| self.make_node(path, dev))
    }

    /// Names a loop device over a node.
    pub(crate) fn loop_device(&mut self, path: &str, backing: &str) -> Reached {
        match machine::attach_loop(backing) {
            Ok(number) => {
                self.loops.push(number);
                self.make_node(path, (7, number))
            }
            Err(error) => self.trouble("0", &error),
        }
    }

    fn make_node(&mut self, path: &str, dev: (u32, u32)) -> Reached {
        match machine::make_node(path, dev) {
            Ok(()) => {
                self.report.line("dev", &[path, &number(dev)]);
                self.nodes.push((path.to_owned(), dev));
                Reached::Next
            }
            Err(error) => self.trouble("0", &error),
        }
    }

    /// Takes a name away; the device stays.
    pub(crate) fn unlink(&self, path: &str) -> Reached {
        match machine::remove_node(path) {
            Ok(()) => Reached::Next,
            Err(error) => self.trouble("0", &error),
        }
    }

    /// Writes a value into a file of sysfs.
    pub(crate) fn put(&self, file: &str, value: &str) -> Reached {
        match fs::write(file, value) {
            Ok(()) => Reached::Next,
            Err(error) => self.trouble("0", &error),
        }
    }

    /// How many I/Os a device counts as under way.
    pub(crate) fn inflight(&self, name: &str) {
        let Some((_, (_, minor))) = self.devices.iter().rev().find(|(known, _)| known == name)
        else {
            return;
        };
        let text = fs::read_to_string(format!("/sys/block/dm-{minor}/inflight"));
        let counts = text.unwrap_or_default();
        let sum: u32 = counts.split_whitespace().filter_map(|it| it.parse::<u32>().ok()).sum();
        self.report.line("inflight", &[name, &sum.to_string()]);
    }

    /// A call with the numbers of the devices in the place of `{NAME}`.
    fn resolved(&self, mut call: Call) -> Call {
        let resolve = |text: &mut String| {
            for (path, dev) in &self.nodes {
                *text = text.replace(&format!("{{{path}}}"), &number(*dev));
            }
            for disk in ["ram0", "scsi"] {
                let place = format!("{{{disk}}}");
                if text.contains(&place) {
                    let found = match disk {
                        "scsi" => machine::scsi_disk(),
                        _ => Ok(disk.to_owned()),
                    };
                    let dev = found.and_then(|name| machine::block_device(&name));
                    *text = text.replace(&place, &dev.map_or_else(|it| it.to_string(), number));
                }
            }
        };
        match &mut call {
            Call::Create(_, targets) | Call::Load(_, targets) => {
                for target in targets {
                    resolve(&mut target.parameters);
                }
            }
            Call::Message(_, _, text) => resolve(text),
            Call::Clear(_)
            | Call::Suspend(..)
            | Call::Remove(..)
            | Call::Status(..)
            | Call::Info(_) => {}
        }
        call
    }

    /// Takes everything down; true when nothing is left.
    pub(crate) fn end(mut self) -> bool {
        for message in self.log.messages() {
            self.bug(&message);
        }
        if self.traces {
            for line in kernel_log::traced() {
                self.report.line("trace", &[&line]);
            }
        }
        let names: Vec<String> = self.devices.iter().map(|(name, _)| name.clone()).collect();
        for job in self.jobs.iter().filter(|job| !job.is_done()) {
            let _ = job.interrupt();
        }
        for name in &names {
            self.quietly(Call::Clear(name.clone()));
            self.quietly(Call::Suspend(name.clone(), 0));
        }
        for name in &names {
            self.quietly(Call::Message(name.clone(), 0, "fail_if_no_path".to_owned()));
        }
        let all_done = self.jobs.iter().all(|job| job.wait(&self.jobs));
        // Mapped devices are above loop devices, and those above gates.
        let (gates, mapped): (Vec<_>, Vec<_>) =
            names.iter().rev().partition(|name| name.contains("-gate."));
        let mut all_removed = mapped.into_iter().all(|name| self.removed(name));
        all_removed &= self.loops.iter().all(|number| machine::detach_loop(*number).is_ok());
        all_removed &= gates.into_iter().all(|name| self.removed(name));
        for (path, _) in &self.nodes {
            let _ = machine::remove_node(path);
        }
        for message in self.log.messages() {
            self.bug(&message);
        }
        if self.traces {
            drop(kernel_log::traced());
        }
        all_done && all_removed
    }

    /// A call whose result does not matter, unless it does not return.
    fn quietly(&self, call: Call) {
        let control = Arc::clone(&self.control);
        if let Ok(job) = Job::start("", true, move || drop(make(&control, &call))) {
            job.wait(&[]);
        }
    }

    fn removed(&self, name: &str) -> bool {
        for _ in 0..REMOVE_TRIES {
            match make(&self.control, &Call::Remove(name.to_owned(), 0)) {
                Err(error) if error.raw_os_error() == Some(nix::libc::EBUSY) => {
                    thread::sleep(Duration::from_millis(2));
                }
                Ok(_) => return true,
                Err(error) => return error.raw_os_error() == Some(nix::libc::ENXIO),
            }
        }
        false
    }
}

fn number((major, minor): (u32, u32)) -> String {
    format!("{major}:{minor}")
}

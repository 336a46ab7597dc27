//! From a scenario to the operations that a kernel's agent executes, a line each.
//!
//! It decides how a verb is brought about on a kernel, never what should come of it.
use std::fmt::Write as _;

use dm_model::flags::{DM_NOFLUSH_FLAG, DM_SUSPEND_FLAG};
use dm_sim::scenario::{Answer, Call, Direction, Line, Mode, Scenario, TableLine, Verb};
use thiserror::Error;

use crate::gate::{Gate, Link};
use crate::queue_mode::with_bio_mode;
use crate::stores::{Free, Lun, Store, damaged};

/// `DM_STATUS_TABLE_FLAG`.
const STATUS_TABLE: u32 = 1 << 4;
/// `DM_DEFERRED_REMOVE`.
const DEFERRED_REMOVE: u32 = 1 << 17;

const SCSI_PARAMETERS: &str = "/sys/module/scsi_debug/parameters";

/// Why a scenario cannot be brought about on a kernel.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{line}:{column}: {message}")]
pub struct ScriptError {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// What was found and what was expected.
    pub message: String,
}

/// A scenario for the agent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    /// The operations, from `begin` to `end`.
    pub text: String,
    /// What the agent calls the scenario.
    pub id: String,
    /// Whether it needs the disk of scsi_debug.
    pub needs_scsi: bool,
    /// The name of a device on the kernel, and its number in the model.
    pub numbers: Vec<(String, String)>,
    /// The mapped devices on the kernel, and the node that an application opens.
    pub devices: Vec<Mapped>,
    /// What gives `queue_mode` to a multipath target.
    pub mode: Mode,
}

/// A mapped device of the scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mapped {
    /// The name in the scenario.
    pub name: String,
    /// The name on the kernel.
    pub device: String,
    /// The mapped devices that any of its tables names.
    pub below: Vec<String>,
}

/// The script of a scenario; `index` tells it from the others of its boot.
///
/// # Errors
/// When a line asks for what no kernel can be brought to do, with its place.
pub(crate) fn script(
    scenario: &Scenario,
    mode: Mode,
    index: usize,
    free: &mut Free,
) -> Result<Script, ScriptError> {
    if let Some(reason) = &scenario.header.model_only {
        let message = format!("the scenario is model-only: {reason}");
        return Err(ScriptError { line: 1, column: 1, message });
    }
    let mut writer = Writer {
        index,
        mode,
        free,
        damaged: damaged(scenario),
        text: format!("begin\t{index}\n"),
        needs_scsi: false,
        numbers: Vec::new(),
        devices: Vec::new(),
        gates: Vec::new(),
        io_count: 0,
    };
    for line in &scenario.lines {
        let _ = writeln!(writer.text, "step\t{}", line.number);
        writer.line(line)?;
    }
    writer.finish();
    let Writer { text, needs_scsi, numbers, devices, .. } = writer;
    Ok(Script { text, id: index.to_string(), needs_scsi, numbers, devices, mode })
}

struct Writer<'a> {
    index: usize,
    mode: Mode,
    free: &'a mut Free,
    damaged: Vec<String>,
    text: String,
    needs_scsi: bool,
    numbers: Vec<(String, String)>,
    devices: Vec<Mapped>,
    gates: Vec<Gate>,
    io_count: usize,
}

impl Writer<'_> {
    fn line(&mut self, line: &Line) -> Result<(), ScriptError> {
        let number = line.number;
        match &line.verb {
            Verb::Disk { name, sectors, lun } => {
                let lun = match lun {
                    Some(path) => self.gate(path).lun,
                    None => self.new_lun(line, name, *sectors)?,
                };
                self.new_path(name, lun);
            }
            Verb::Create { name, table } => self.create(line, name, table.as_deref())?,
            Verb::Load { name, table } => {
                let fields = self.table(name, table)?;
                self.put(&["load", &number.to_string(), &self.device(name), &fields]);
            }
            Verb::Clear { name } => self.call("clear", line, name, &[]),
            Verb::Suspend { name, flags, call } => {
                self.suspend(line, name, DM_SUSPEND_FLAG | flags.bits(), call);
            }
            Verb::Resume { name, flags, call } => self.suspend(line, name, flags.bits(), call),
            Verb::Remove { name, deferred, call } => {
                let flags = if *deferred { DEFERRED_REMOVE } else { 0 };
                self.call("remove", line, name, &[&flags.to_string(), background(call)]);
            }
            Verb::Message { name, sector, words } => {
                let words: Vec<_> = words.iter().map(|word| self.number_of(word)).collect();
                self.call("message", line, name, &[&sector.to_string(), &words.join(" ")]);
            }
            Verb::Status { name, noflush } => {
                let flags = if *noflush { DM_NOFLUSH_FLAG } else { 0 };
                self.call("status", line, name, &[&flags.to_string()]);
            }
            Verb::Table { name } => {
                self.call("status", line, name, &[&(STATUS_TABLE | DM_NOFLUSH_FLAG).to_string()]);
            }
            Verb::Info { name } => self.call("info", line, name, &[]),
            Verb::Io { .. } => self.io(line)?,
            Verb::Wait { tag } => self.put(&["wait", &number.to_string(), tag]),
            Verb::Signal { tag } => self.put(&["signal", &number.to_string(), tag]),
            Verb::Hold { path } => self.change(path, |gate| gate.held = true),
            Verb::Release { path, answer } => {
                let after = if *answer == Answer::Ok { Link::Running } else { Link::Failing };
                self.change(path, |gate| {
                    gate.held = false;
                    // A path that is out or offline stays so: it has answered what it kept.
                    if matches!(gate.link, Link::Running | Link::Failing) {
                        gate.link = after;
                    }
                });
            }
            Verb::Unplug { path } => {
                self.change(path, |gate| gate.link = Link::Unplugged);
                self.put(&["unlink", &format!("/dev/{path}")]);
            }
            Verb::Replug { path, new: None } => {
                self.change(path, |gate| gate.link = Link::Running);
                self.name(path);
            }
            Verb::Replug { path, new: Some(new) } => {
                let lun = self.gate(path).lun;
                self.new_path(new, lun);
            }
            Verb::Offline { path } => self.change(path, |gate| gate.link = Link::Offline),
            Verb::Running { path } => self.change(path, |gate| gate.link = Link::Running),
            Verb::Medium { path, sector, count } => self.medium(line, path, *sector, *count)?,
            Verb::Delay { path, milliseconds } => {
                self.change(path, |gate| gate.delay = *milliseconds);
            }
            Verb::Fault { .. } | Verb::Step { .. } => {
                return Err(wrong(line, "only the model can do this".to_owned()));
            }
        }
        Ok(())
    }

    /// An operation: the fields behind tabs.
    fn put(&mut self, fields: &[&str]) {
        let _ = writeln!(self.text, "{}", fields.join("\t"));
    }

    fn call(&mut self, operation: &str, line: &Line, name: &str, fields: &[&str]) {
        let (number, device) = (line.number.to_string(), self.device(name));
        self.put(&[&[operation, &number, &device], fields].concat());
    }

    fn suspend(&mut self, line: &Line, name: &str, flags: u32, call: &Call) {
        self.call("suspend", line, name, &[&flags.to_string(), background(call)]);
    }

    fn device(&self, name: &str) -> String {
        format!("s{}-md.{name}", self.index)
    }

    fn gate(&self, path: &str) -> &Gate {
        self.gates.iter().find(|gate| gate.name == path).expect("the parser knows its disks")
    }

    fn change(&mut self, path: &str, change: impl Fn(&mut Gate)) {
        for gate in self.gates.iter_mut().filter(|gate| gate.name == path) {
            let before = gate.clone();
            change(gate);
            gate.change(&before, &mut self.text);
        }
    }

    fn new_lun(&mut self, line: &Line, name: &str, sectors: u64) -> Result<Lun, ScriptError> {
        let is_damaged = self.damaged.iter().any(|damaged| damaged == name);
        let store = if is_damaged { Store::Scsi } else { Store::Ram };
        self.needs_scsi |= is_damaged;
        self.free.take(store, sectors).map_err(|left| {
            let message = format!("{name} has {sectors} sectors, {left} are left of the store");
            wrong(line, message)
        })
    }

    fn new_path(&mut self, name: &str, lun: Lun) {
        let gate = Gate::new(name, format!("s{}-gate.{name}", self.index), lun);
        gate.create(&mut self.text);
        self.numbers.push((gate.node(), format!("8:{}", self.gates.len() * 16)));
        self.gates.push(gate);
        match self.mode {
            Mode::Bio => {}
            // A request-based multipath takes paths with a request queue only.
            Mode::Rq => {
                let device = self.gate(name).device.clone();
                let backing = format!("/dev/gate.{name}");
                self.put(&["node", &backing, &device]);
                self.put(&["loop", &format!("/dev/{name}"), &backing]);
            }
        }
        self.name(name);
    }

    /// Gives a path its name: the gate's in bio mode, else the loop device's, which has it already.
    fn name(&mut self, path: &str) {
        let (node, device) = (self.gate(path).node(), self.gate(path).device.clone());
        match self.mode {
            Mode::Bio => self.put(&["node", &node, &device]),
            Mode::Rq => self.put(&["again", &node]),
        }
    }

    fn create(
        &mut self,
        line: &Line,
        name: &str,
        table: Option<&[TableLine]>,
    ) -> Result<(), ScriptError> {
        let device = self.mapped(name).device.clone();
        let fields = match table {
            Some(table) => self.table(name, table)?,
            None => String::new(),
        };
        let nth = self.numbers.iter().filter(|(_, number)| number.starts_with("253:")).count();
        self.numbers.push((format!("/dev/mapper/{name}"), format!("253:{nth}")));
        let number = line.number.to_string();
        if fields.is_empty() {
            self.put(&["create", &number, &device]);
        } else {
            self.put(&["create", &number, &device, &fields]);
        }
        self.put(&["node", &format!("/dev/mapper/{name}"), &device]);
        Ok(())
    }

    /// Four fields a target.
    fn table(&mut self, name: &str, table: &[TableLine]) -> Result<String, ScriptError> {
        let mut fields = Vec::new();
        let mut below = Vec::new();
        for row in table {
            let mut words = row.text.split_whitespace();
            let mut number = || words.next().filter(|word| word.parse::<u64>().is_ok());
            let (Some(start), Some(length)) = (number(), number()) else {
                return Err(refused_by_dmsetup(row));
            };
            let Some(kind) = words.next() else { return Err(refused_by_dmsetup(row)) };
            let arguments: Vec<String> = words.map(str::to_owned).collect();
            below.extend(
                arguments
                    .iter()
                    .filter_map(|it| it.strip_prefix("/dev/mapper/"))
                    .map(str::to_owned),
            );
            let arguments: Vec<_> = match (kind, self.mode) {
                ("multipath", Mode::Bio) => with_bio_mode(&arguments),
                _ => arguments,
            };
            let arguments: Vec<_> = arguments.iter().map(|word| self.number_of(word)).collect();
            fields.push(format!("{start}\t{length}\t{kind}\t{}", arguments.join(" ")));
        }
        self.mapped(name).below.extend(below);
        Ok(fields.join("\t"))
    }

    /// What is known of a mapped device.
    fn mapped(&mut self, name: &str) -> &mut Mapped {
        let known = self.devices.iter().position(|known| known.name == name);
        let place = known.unwrap_or_else(|| {
            let (name, device) = (name.to_owned(), self.device(name));
            self.devices.push(Mapped { name, device, below: Vec::new() });
            self.devices.len() - 1
        });
        &mut self.devices[place]
    }

    /// A device's number in the model becomes the place of its number on the kernel.
    fn number_of(&self, word: &str) -> String {
        let known = self.numbers.iter().rev().find(|(_, number)| number == word);
        known.map_or_else(|| word.to_owned(), |(node, _)| format!("{{{node}}}"))
    }

    fn io(&mut self, line: &Line) -> Result<(), ScriptError> {
        let Verb::Io { tag, device, direction, sector, count, readahead, fsync } = &line.verb
        else {
            unreachable!("the caller sends an io")
        };
        if *readahead {
            let message = "no application can see how a read-ahead ends".to_owned();
            return Err(wrong(line, message));
        }
        self.io_count += 1;
        let is_disk = self.gates.iter().any(|gate| gate.name == *device);
        let place = if is_disk { "" } else { "mapper/" };
        let way = match direction {
            Direction::Read => "r",
            Direction::Write => "w",
        };
        let fsync = if *fsync { "fsync" } else { "-" };
        let token = self.io_count;
        let _ = writeln!(
            self.text,
            "io\t{tag}\t/dev/{place}{device}\t{way}\t{sector}\t{count}\t{token}\t{fsync}"
        );
        Ok(())
    }

    fn medium(
        &mut self,
        line: &Line,
        path: &str,
        sector: u32,
        count: u32,
    ) -> Result<(), ScriptError> {
        if self.text.contains(SCSI_PARAMETERS) {
            let message = "scsi_debug knows one range of medium errors at a time".to_owned();
            return Err(wrong(line, message));
        }
        let start = self.gate(path).lun.begin + u64::from(sector);
        let parameters = [("medium_error_start", start), ("medium_error_count", count.into())];
        for (name, value) in parameters.into_iter().chain([("opts", 2)]) {
            self.put(&["put", &format!("{SCSI_PARAMETERS}/{name}"), &value.to_string()]);
        }
        Ok(())
    }

    /// What tells where I/O is held, and then the end.
    fn finish(&mut self) {
        self.put(&["drain"]);
        let names: Vec<_> = self.gates.iter().map(|gate| gate.name.clone()).collect();
        for name in &names {
            self.change(name, |gate| gate.held = false);
        }
        if self.needs_scsi {
            self.put(&["put", &format!("{SCSI_PARAMETERS}/opts"), "0"]);
        }
        let devices: Vec<_> = self.devices.iter().map(|it| it.device.clone()).collect();
        for device in &devices {
            self.put(&["inflight", device]);
        }
        self.put(&["end"]);
    }
}

/// The name of a call in the background; nothing for one in the foreground.
fn background(call: &Call) -> &str {
    call.tag.as_deref().filter(|_| call.background).unwrap_or("")
}

fn wrong(line: &Line, message: String) -> ScriptError {
    ScriptError { line: line.number, column: line.column, message }
}

fn refused_by_dmsetup(row: &TableLine) -> ScriptError {
    let (line, column) = row.place(row.column);
    let message = "dmsetup itself refuses this table, so no kernel sees it".to_owned();
    ScriptError { line, column, message }
}

#[cfg(test)]
mod tests;

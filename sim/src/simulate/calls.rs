//! The ioctls: how a command becomes a system call of the host, and what its return means.
use std::collections::BTreeMap;

use dm_model::admin::{Create, Load, Remove};
use dm_model::effect::StatusKind;
use dm_model::errno::{Code, Errno};
use dm_model::flags::{DM_NOFLUSH_FLAG, DM_SKIP_LOCKFS_FLAG};
use dm_model::frame::Frame;
use dm_model::ids::{MdId, TableId, TaskId};
use dm_model::ioctl::{DoResume, DoSuspend};
use dm_model::lifetime::{Close, Open};
use dm_model::memory::Memory;
use dm_model::query::{Query, Question};
use dm_model::signal::Signal;

use super::command::{Command, Message};
use super::engine::{Engine, Owner, Stage, disk_name};
use super::oracle::{self, Act, Below, Table, WhyFail};
use super::topology::Layout;
use crate::drivers::Sim;
use crate::host::NoSlot;
use crate::table::{TableSpec, parse_table};

/// Who waits for a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Caller {
    /// The administrator of a device.
    Admin(usize),
    /// The daemon, about a device.
    Daemon(usize),
    /// Nobody.
    Nobody,
}

/// A system call that is under way.
#[derive(Debug)]
struct Call {
    command: Command,
    caller: Caller,
    task: TaskId,
    act: Option<oracle::Call>,
    /// How often a table of the device had become the live one before.
    swaps: u64,
    message: Option<u8>,
    /// Signals that are on their way to its task.
    signals: u32,
    returned: bool,
}

/// The calls under way, and what is remembered of those before.
#[derive(Debug, Default)]
pub(super) struct Calls {
    slots: Vec<Option<Call>>,
    /// What the oracles think is in the inactive slot of each device.
    inactive: BTreeMap<MdId, Table>,
    /// What is about to be there.
    loading: BTreeMap<MdId, Table>,
    dead_tables: BTreeMap<TableId, u64>,
    dead_mds: BTreeMap<MdId, u64>,
}

impl Calls {
    /// Whether a call is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.slots.iter().flatten().any(|call| !call.returned)
    }

    /// The commands whose calls have not returned.
    pub(super) fn open(&self) -> impl Iterator<Item = Command> + '_ {
        self.slots.iter().flatten().filter(|call| !call.returned).map(|call| call.command)
    }

    /// Before which process a freed table was seen to be so.
    pub(super) fn died(&mut self, table: TableId, process: u64) -> u64 {
        *self.dead_tables.entry(table).or_insert(process)
    }

    /// The table's slot is used again.
    pub(super) fn forget(&mut self, table: TableId) {
        self.dead_tables.remove(&table);
    }

    /// Before which process a freed device was seen to be so.
    pub(super) fn md_died(&mut self, md: MdId, process: u64) -> u64 {
        *self.dead_mds.entry(md).or_insert(process)
    }

    fn put(&mut self, call: Call) -> usize {
        match self.slots.iter().position(Option::is_none) {
            Some(index) => {
                self.slots[index] = Some(call);
                index
            }
            None => {
                self.slots.push(Some(call));
                self.slots.len() - 1
            }
        }
    }
}

impl Engine {
    /// Does what a command says, for nobody.
    pub(super) fn perform(&mut self, command: Command) {
        self.call(command, Caller::Nobody);
    }

    /// Does what a command says. `Err` with a code if it is refused before it reaches the kernel's
    /// processes; else its caller hears of its return, now or later.
    pub(super) fn call(&mut self, command: Command, caller: Caller) {
        if self.stage == Stage::Faulty
            && let Some(journal) = &mut self.journal
        {
            journal.push((self.planned, command));
        }
        match command {
            Command::Io(io)
                if self.is_listed && !io.opens && !self.admins[io.device].holds_open => {}
            Command::Io(io) => self.submit(io, None),
            Command::Open(device) => self.door(device, true),
            // A list from which something was dropped may close what is in use, or is not open.
            Command::Close(device)
                if self.is_listed
                    && (self.ios.guests(device) > 0 || !self.admins[device].holds_open) => {}
            Command::Close(device) => {
                self.admins[device].holds_open = false;
                self.door(device, false);
            }
            Command::Signal(device) => self.signal(device),
            Command::Path(..)
            | Command::Rename(_)
            | Command::Failover(..)
            | Command::Medium(..)
            | Command::Arm(..) => self.change_below(command),
            Command::Create(_)
            | Command::Load(..)
            | Command::Clear(_)
            | Command::Suspend { .. }
            | Command::Resume { .. }
            | Command::Remove(_)
            | Command::Message(..)
            | Command::Status(..) => {
                if self.ioctl(command, caller).is_err() {
                    self.returned_to(caller, command, Errno::Inval.code());
                }
                return;
            }
        }
        self.returned_to(caller, command, Code::OK);
    }

    fn ioctl(&mut self, command: Command, caller: Caller) -> Result<(), NoSlot> {
        let device = command.device().expect("an ioctl has a device");
        let md = self.topology.devices[device].md;
        let task = self.host.take_task()?;
        let (frame, message) = match self.frame(command, md, device, task) {
            Ok(found) => found,
            Err(NoSlot) => {
                self.host.give_task(task);
                return Err(NoSlot);
            }
        };
        let act = self.act(command, md);
        let act = act.map(|act| self.judge.began(md, act, self.now));
        let (signals, returned, swaps) = (0, false, self.judge.swaps(md));
        let call = Call { command, caller, task, act, swaps, message, signals, returned };
        let index = self.calls.put(call);
        self.start(Owner::Call(index), frame);
        Ok(())
    }

    fn frame(
        &mut self,
        command: Command,
        md: MdId,
        device: usize,
        task: TaskId,
    ) -> Result<(Frame<Sim>, Option<u8>), NoSlot> {
        let noflush = |is_on: bool| if is_on { DM_NOFLUSH_FLAG } else { 0 };
        let mut message = None;
        let frame = match command {
            Command::Create(_) => {
                if !self.is_md_free(md) {
                    return Err(NoSlot);
                }
                self.calls.dead_mds.remove(&md);
                self.calls.inactive.remove(&md);
                self.host.renew_md(md);
                Frame::Create(Create::new(md))
            }
            Command::Load(_, grown) => {
                self.sweep();
                let spec = self.parse(device, grown)?;
                let table = self.host.take_table(md, spec)?;
                let disks = &self.disks;
                let name = |path: usize| Some(disks.name(&self.topology, path));
                let seen = self.topology.oracle_table(device, grown, name);
                self.calls.loading.insert(md, seen);
                Frame::Load(Load::new(md, table))
            }
            Command::Clear(_) => Frame::Load(Load::clear(md)),
            Command::Suspend { noflush: is_on, lockfs, .. } => {
                let skips = if lockfs { 0 } else { DM_SKIP_LOCKFS_FLAG };
                let flags = noflush(is_on) | skips;
                Frame::DoSuspend(DoSuspend::new(&self.host, md, flags, task))
            }
            Command::Resume { noflush: is_on, .. } => {
                Frame::DoResume(DoResume::new(&self.host, md, noflush(is_on), task))
            }
            Command::Remove(_) => Frame::Remove(Remove::new(md)),
            Command::Status(_, table) => {
                let kind = if table { StatusKind::Table } else { StatusKind::Info };
                Frame::Query(Query::new(md, Question::Status(kind)))
            }
            Command::Message(_, it) => {
                let words = self.words(device, it);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let number = self.host.take_message(&words)?;
                message = Some(number);
                Frame::Query(Query::new(md, Question::Message { sector: 0, message: number }))
            }
            Command::Io(_)
            | Command::Open(_)
            | Command::Close(_)
            | Command::Signal(_)
            | Command::Path(..)
            | Command::Rename(_)
            | Command::Failover(..)
            | Command::Medium(..)
            | Command::Arm(..) => unreachable!("no ioctl"),
        };
        Ok((frame, message))
    }

    /// The table as its constructors take it; they refuse it while a device below is not there.
    fn parse(&self, device: usize, grown: bool) -> Result<TableSpec, NoSlot> {
        let name = |path: usize| Some(self.disks.name(&self.topology, path));
        let lines = self.topology.lines(device, grown, name, disk_name);
        let rows: Vec<_> = lines.iter().map(|line| (1, 1, line.as_str())).collect();
        parse_table(&rows, &self.host.setup().drivers).map_err(|_| NoSlot)
    }

    fn words(&self, device: usize, message: Message) -> Vec<String> {
        let path = |path: usize| format!("/dev/{}", disk_name(self.name_in_table(device, path)));
        match message {
            Message::Queue => vec!["queue_if_no_path".to_owned()],
            Message::Fail(_) => vec!["fail_if_no_path".to_owned()],
            Message::FailPath(it) => vec!["fail_path".to_owned(), path(it)],
            Message::ReinstatePath(it) => vec!["reinstate_path".to_owned(), path(it)],
            Message::SwitchGroup(group) => vec!["switch_group".to_owned(), group.to_string()],
            Message::DisableGroup(group) => vec!["disable_group".to_owned(), group.to_string()],
            Message::EnableGroup(group) => vec!["enable_group".to_owned(), group.to_string()],
        }
    }

    /// What the oracles are told of an ioctl.
    fn act(&self, command: Command, md: MdId) -> Option<Act> {
        let device = command.device().expect("an ioctl has a device");
        let below = |path: usize| Below::Path(u32::from(self.name_in_table(device, path).0));
        match command {
            Command::Create(_) => Some(Act::Create),
            Command::Suspend { noflush, .. } => Some(Act::Suspend { noflush }),
            Command::Resume { noflush, .. } => {
                let calls = &self.calls;
                let table = calls.loading.get(&md).or_else(|| calls.inactive.get(&md)).cloned();
                Some(Act::Resume { noflush, table })
            }
            Command::Remove(_) => Some(Act::Remove),
            Command::Message(_, Message::Queue) => Some(Act::Queue),
            Command::Message(_, Message::Fail(ran_out)) => {
                Some(Act::Fail(if ran_out { WhyFail::NoPathRetry } else { WhyFail::Message }))
            }
            Command::Message(_, Message::FailPath(path)) => Some(Act::FailPath(below(path))),
            Command::Message(_, Message::ReinstatePath(path)) => {
                Some(Act::ReinstatePath(below(path)))
            }
            Command::Message(..)
            | Command::Load(..)
            | Command::Clear(_)
            | Command::Status(..)
            | Command::Io(_)
            | Command::Open(_)
            | Command::Close(_)
            | Command::Signal(_)
            | Command::Path(..)
            | Command::Rename(_)
            | Command::Failover(..)
            | Command::Medium(..)
            | Command::Arm(..) => None,
        }
    }

    /// An ioctl has returned.
    pub(super) fn call_returned(&mut self, index: usize, code: Code) {
        let call = self.calls.slots[index].as_mut().expect("the call is under way");
        call.returned = true;
        let (command, caller, message) = (call.command, call.caller, call.message);
        let (act, swaps) = (call.act.take(), call.swaps);
        let md = command.device().map(|device| self.topology.devices[device].md);
        if let (Some(act), Some(md)) = (act, md) {
            let is_resume = matches!(command, Command::Resume { .. });
            let swapped = is_resume && code.is_error() && self.judge.swaps(md) > swaps;
            self.judge.ended(act, code, swapped, self.now);
        }
        if let Some(message) = message {
            self.host.give_message(message);
        }
        if let (Command::Load(..), Some(md)) = (command, md)
            && let Some(table) = self.calls.loading.remove(&md)
            && !code.is_error()
        {
            self.calls.inactive.insert(md, table);
        }
        let is_removed = matches!(command, Command::Remove(_)) && !code.is_error();
        let empties = is_removed || matches!(command, Command::Resume { .. } | Command::Clear(_));
        if let Some(md) = md.filter(|_| empties) {
            self.calls.inactive.remove(&md);
        }
        if let Some(marks) = &mut self.marks {
            marks.returned(command, code);
        }
        self.release(index);
        self.returned_to(caller, command, code);
    }

    fn release(&mut self, index: usize) {
        let call = self.calls.slots[index].as_ref().expect("the call is there");
        if call.returned && call.signals == 0 {
            self.host.give_task(call.task);
            self.calls.slots[index] = None;
        }
    }

    /// A signal has reached its task.
    pub(super) fn signal_ended(&mut self, index: usize) {
        self.calls.slots[index].as_mut().expect("its task is kept").signals -= 1;
        self.release(index);
    }

    fn signal(&mut self, device: usize) {
        for index in 0..self.calls.slots.len() {
            let Some(call) = &mut self.calls.slots[index] else { continue };
            let suspends = matches!(call.command, Command::Suspend { .. } | Command::Resume { .. });
            if call.returned || call.command.device() != Some(device) || !suspends {
                continue;
            }
            call.signals += 1;
            let task = call.task;
            if let Some(act) = call.act {
                self.judge.signalled(act, self.now);
            }
            self.start(Owner::Signal(index), Frame::Signal(Signal::new(task)));
        }
    }

    fn door(&mut self, device: usize, opens: bool) {
        let md = self.topology.devices[device].md;
        let frame = if opens { Frame::Open(Open::new(md)) } else { Frame::Close(Close::new(md)) };
        self.start(Owner::Door(device, opens), frame);
    }

    fn returned_to(&mut self, caller: Caller, command: Command, code: Code) {
        match caller {
            Caller::Admin(device) => self.admin_hears(device, command, code),
            Caller::Daemon(device) => self.daemon_hears(device),
            Caller::Nobody => {}
        }
    }

    /// Whether the device is multipath.
    pub(super) fn is_multipath(&self, device: usize) -> bool {
        matches!(self.topology.devices[device].layout, Layout::Multipath { .. })
    }
}

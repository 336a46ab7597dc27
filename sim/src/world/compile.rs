//! From the text of a scenario to a plan.
use std::sync::Arc;

use dm_model::effect::StatusKind;
use dm_model::era::Era;
use dm_model::errno::Code;
use dm_model::flags::DM_SUSPEND_FLAG;
use dm_model::ids::{BioId, Device, DiskId, MdId, TableId, TargetId, TaskId};
use dm_model::memory::Fault;
use dm_model::mutant::Mutant;
use dm_model::setup::{BioSetup, Setup, TableSetup, TargetSetup};
use thiserror::Error;

use super::bounds::{self, error};
use super::plan::{Budget, Op, Plan, PlanLine};
use crate::ctr::Devices;
use crate::drivers::Sim;
use crate::drivers::setup::{DiskSetup, DriverSetup, devices};
use crate::scenario::{self as verb, Line, Mode, Scenario, TableLine, Verb};
use crate::table::{Refuser, TableError, TableSpec, parse_table};

/// Why a scenario that parses cannot be run.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{line}:{column}: {message}")]
pub struct CompileError {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// What was found and what was expected.
    pub message: String,
}

/// The plan of a scenario on a kernel of this era.
///
/// # Errors
/// When a line asks for something that the model does not have.
pub fn compile(scenario: &Scenario, era: Era, mutant: Mutant) -> Result<Plan, CompileError> {
    let mut compiler = Compiler::default();
    for line in &scenario.lines {
        if !scenario.header.modes.contains(&Mode::Bio) {
            return Err(request_based(line));
        }
        compiler.line(line)?;
        bounds::check_counts(line, &compiler.counts())?;
    }
    let plan = compiler.plan(era, mutant);
    bounds::check_stacking(scenario, &plan)?;
    bounds::check_fragments(scenario, &plan)?;
    Ok(plan)
}

/// No era has request-based devices: what a scenario for them alone is told at its first line.
pub(super) fn request_based(line: &Line) -> CompileError {
    error(line, "mode rq: the eras of the model are bio-based".to_owned())
}

#[derive(Default)]
struct Compiler {
    drivers: DriverSetup,
    bios: Vec<(String, BioSetup)>,
    tables: Vec<TableSetup>,
    targets: Vec<TargetSetup>,
    lines: Vec<PlanLine>,
    forced_map: Option<Code>,
    forced_end_io: Option<Code>,
}

impl Compiler {
    fn plan(mut self, era: Era, mutant: Mutant) -> Plan {
        self.drivers.pg_init_ends = 1;
        let (bio_names, bios) = self.bios.into_iter().unzip();
        let setup = Setup::<Sim> {
            era,
            mutant,
            md_count: self.drivers.mds.len() as u8,
            task_count: self.lines.len() as u8,
            bios,
            tables: self.tables,
            targets: self.targets,
            forced_map: self.forced_map.unwrap_or_default(),
            forced_end_io: self.forced_end_io.unwrap_or_default(),
            drivers: self.drivers,
        };
        let has_steps = self.lines.iter().any(|line| matches!(line.op, Op::Step(..)));
        let (scripts, budget) = (vec![self.lines], Budget::default());
        Plan { setup: Arc::new(setup), scripts, bio_names, budget, has_steps }
    }

    fn line(&mut self, line: &Line) -> Result<(), CompileError> {
        match &line.verb {
            Verb::Disk { name, sectors, lun } => self.disk(name, *sectors, lun.as_deref()),
            Verb::Create { name, table } => return self.create(line, name, table.as_deref()),
            Verb::Load { name, table } => return self.load(line, name, table, line.text.clone()),
            Verb::Clear { name } => {
                let md = self.md(name);
                self.push(line, Op::Clear(md));
            }
            Verb::Suspend { name, flags, call } => {
                let op = Op::Suspend(self.md(name), DM_SUSPEND_FLAG | flags.bits());
                self.push_call(line, op, call);
            }
            Verb::Resume { name, flags, call } => {
                let op = Op::Suspend(self.md(name), flags.bits());
                self.push_call(line, op, call);
            }
            // An era knows no DM_DEFERRED_REMOVE and does not look at the bit.
            Verb::Remove { name, call, deferred: _ } => {
                let op = Op::Remove(self.md(name));
                self.push_call(line, op, call);
            }
            Verb::Message { name, sector, words } => {
                self.drivers.messages.push(words.clone());
                let number = (self.drivers.messages.len() - 1) as u8;
                let op = Op::Message(self.md(name), *sector, number);
                self.push(line, op);
            }
            Verb::Status { name, .. } => {
                let op = Op::Status(self.md(name), StatusKind::Info);
                self.push(line, op);
            }
            Verb::Table { name } => {
                let op = Op::Status(self.md(name), StatusKind::Table);
                self.push(line, op);
            }
            Verb::Info { name } => {
                let op = Op::Info(self.md(name));
                self.push(line, op);
            }
            Verb::Io { .. } => return self.io(line),
            Verb::Wait { tag } => {
                let op = match self.bios.iter().position(|(name, _)| name == tag) {
                    Some(bio) => Op::WaitIo(BioId(bio as u16)),
                    None => Op::WaitTask(self.task(tag)),
                };
                self.push(line, op);
            }
            Verb::Signal { tag } => {
                let op = Op::Signal(self.task(tag));
                self.push(line, op);
            }
            Verb::Fault { device, fault } => return self.fault(line, device, *fault),
            Verb::Step { process, until } => {
                self.push(line, Op::Step(process.clone(), until.clone()));
            }
            Verb::Hold { .. }
            | Verb::Release { .. }
            | Verb::Unplug { .. }
            | Verb::Replug { .. }
            | Verb::Offline { .. }
            | Verb::Running { .. }
            | Verb::Medium { .. }
            | Verb::Delay { .. } => return self.path(line),
        }
        Ok(())
    }

    fn disk(&mut self, name: &str, sectors: u64, lun: Option<&str>) {
        let lun = match lun {
            Some(path) => {
                let path = self.drivers.disk(path).expect("the parser knows its disks");
                self.drivers.disks[path.index()].lun
            }
            None => {
                self.drivers.luns.push(sectors);
                (self.drivers.luns.len() - 1) as u8
            }
        };
        self.drivers.disks.push(DiskSetup { name: name.to_owned(), lun });
    }

    fn path(&mut self, line: &Line) -> Result<(), CompileError> {
        let disk = |name: &str| self.drivers.disk(name).expect("the parser knows its disks");
        let op = match &line.verb {
            Verb::Hold { path } => Op::Hold(disk(path)),
            Verb::Release { path, answer } => Op::Release(disk(path), *answer == verb::Answer::Ok),
            Verb::Unplug { path } => Op::Unplug(disk(path)),
            Verb::Offline { path } => Op::Offline(disk(path)),
            Verb::Running { path } => Op::Running(disk(path)),
            Verb::Medium { path, sector, count } => {
                bounds::check_end(line, *sector, *count)?;
                Op::Medium(disk(path), *sector, *count)
            }
            Verb::Delay { path, milliseconds } => Op::Delay(disk(path), *milliseconds),
            Verb::Replug { path, new } => self.replug(path, new.as_deref()),
            Verb::Disk { .. }
            | Verb::Create { .. }
            | Verb::Load { .. }
            | Verb::Clear { .. }
            | Verb::Suspend { .. }
            | Verb::Resume { .. }
            | Verb::Remove { .. }
            | Verb::Message { .. }
            | Verb::Status { .. }
            | Verb::Table { .. }
            | Verb::Info { .. }
            | Verb::Io { .. }
            | Verb::Wait { .. }
            | Verb::Signal { .. }
            | Verb::Fault { .. }
            | Verb::Step { .. } => unreachable!("the caller sends verbs on paths"),
        };
        self.push(line, op);
        Ok(())
    }

    fn replug(&mut self, path: &str, new: Option<&str>) -> Op {
        let old = self.drivers.disk(path).expect("the parser knows its disks");
        let Some(new) = new else {
            return Op::Replug(old, old);
        };
        let lun = self.drivers.disks[old.index()].lun;
        self.drivers.disks.push(DiskSetup { name: new.to_owned(), lun });
        Op::Replug(old, DiskId((self.drivers.disks.len() - 1) as u8))
    }

    /// `dmsetup create` is three ioctls: create, load, resume; or remove, if the load is refused.
    fn create(
        &mut self,
        line: &Line,
        name: &str,
        table: Option<&[TableLine]>,
    ) -> Result<(), CompileError> {
        self.drivers.mds.push((name.to_owned(), 0));
        let md = self.md(name);
        self.push(line, Op::Create(md));
        if let Some(table) = table {
            self.load(line, name, table, line.text.clone())?;
            let is_refused = self.lines.last().is_some_and(|it| matches!(it.op, Op::Refused(..)));
            self.push(line, if is_refused { Op::Remove(md) } else { Op::Suspend(md, 0) });
        }
        Ok(())
    }

    fn load(
        &mut self,
        line: &Line,
        name: &str,
        table: &[TableLine],
        text: String,
    ) -> Result<(), CompileError> {
        let md = self.md(name);
        let rows: Vec<_> = table.iter().map(TableLine::placed).collect();
        let (op, log) = match parse_table(&rows, &self.drivers) {
            Ok(spec) => (Op::Load(md, self.table(line, md, spec)?), None),
            Err(refused) => {
                let number = self.drivers.number(Device::Md(md));
                (Op::Refused(md, refused.errno.code()), Some(kernel_log(&refused, &number)))
            }
        };
        self.push(line, op);
        let last = self.lines.last_mut().expect("it was just pushed");
        (last.text, last.log) = (text, log);
        Ok(())
    }

    fn table(&mut self, line: &Line, md: MdId, spec: TableSpec) -> Result<TableId, CompileError> {
        let id = TableId(self.tables.len() as u8);
        let small = |sectors: u64| u32::try_from(sectors).map_err(|_| too_large(line, sectors));
        let first = TargetId(self.targets.len() as u8);
        let (count, sectors) = (spec.targets.len() as u8, small(spec.sectors)?);
        let has_devices = spec.targets.iter().any(|target| !devices(&target.kind).is_empty());
        let mut below = Vec::new();
        for target in spec.targets {
            // One table opens a device once, however often it names it.
            for device in devices(&target.kind) {
                if let Device::Md(md) = device
                    && !below.contains(&md)
                {
                    below.push(md);
                }
            }
            let (begin, len) = (small(target.begin)?, small(target.len)?);
            let split_io = target.split_io;
            self.targets.push(TargetSetup { table: id, begin, len, split_io });
            self.drivers.kinds.push(target.kind);
        }
        self.tables.push(TableSetup { md, first, count, sectors, has_devices, below });
        let size = &mut self.drivers.mds[md.index()].1;
        if *size == 0 {
            *size = u64::from(sectors);
        }
        Ok(id)
    }

    fn io(&mut self, line: &Line) -> Result<(), CompileError> {
        let Verb::Io { tag, device, direction, sector, count, readahead, fsync } = &line.verb
        else {
            unreachable!("the caller sends an io")
        };
        let Some(md) = self.drivers.md(device) else {
            let message = format!("{device} is a disk: io goes to a mapped device");
            return Err(error(line, message));
        };
        bounds::check_end(line, *sector, *count)?;
        let bio = BioSetup {
            device: Device::Md(md),
            write: *direction == verb::Direction::Write,
            readahead: *readahead,
            fsync: *fsync,
            opens: true,
            sector: *sector,
            count: *count as u16,
        };
        self.bios.push((tag.clone(), bio));
        let id = BioId((self.bios.len() - 1) as u16);
        self.push(line, Op::Io(id));
        Ok(())
    }

    fn fault(&mut self, line: &Line, device: &str, fault: verb::Fault) -> Result<(), CompileError> {
        let Some(md) = self.drivers.md(device) else {
            let message = format!("{device} is a disk: a fault needs a mapped device");
            return Err(error(line, message));
        };
        let fault = match fault {
            verb::Fault::Bdget => Fault::Bdget,
            verb::Fault::LockFs => Fault::LockFs,
            verb::Fault::Preresume => Fault::Preresume,
            verb::Fault::PgInit(verb::PgInitFault::FailPath) => Fault::PgInitFailPath,
            verb::Fault::PgInit(verb::PgInitFault::BypassPg) => Fault::PgInitBypassPg,
            verb::Fault::PgInit(verb::PgInitFault::Retry) => Fault::PgInitRetry,
            verb::Fault::Verdict { of: verb::Hook::Map, code } => {
                bounds::check_verdict(line, *self.forced_map.get_or_insert(code), code)?;
                Fault::Map
            }
            verb::Fault::Verdict { of: verb::Hook::EndIo, code } => {
                bounds::check_verdict(line, *self.forced_end_io.get_or_insert(code), code)?;
                Fault::EndIo
            }
        };
        self.push(line, Op::Arm(md, fault));
        Ok(())
    }

    fn counts(&self) -> [(&'static str, usize); 5] {
        [
            ("ioctls and other acts", self.lines.len()),
            ("paths", self.drivers.disks.len()),
            ("mapped devices", self.drivers.mds.len()),
            ("tables", self.tables.len()),
            ("targets", self.targets.len()),
        ]
    }

    fn md(&self, name: &str) -> MdId {
        self.drivers.md(name).expect("the parser knows its mapped devices")
    }

    fn task(&self, tag: &str) -> TaskId {
        let line = self.lines.iter().find(|line| line.tag.as_deref() == Some(tag));
        line.expect("the parser knows its tags").task
    }

    fn push(&mut self, line: &Line, op: Op) {
        let task = TaskId(self.lines.len() as u8);
        self.lines.push(PlanLine {
            op,
            number: line.number,
            text: line.text.clone(),
            tag: None,
            background: false,
            task,
            log: None,
        });
    }

    fn push_call(&mut self, line: &Line, op: Op, call: &verb::Call) {
        self.push(line, op);
        let last = self.lines.last_mut().expect("it was just pushed");
        last.tag.clone_from(&call.tag);
        last.background = call.background;
    }
}

/// What the kernel logs, or dmsetup says, when it refuses a table.
fn kernel_log(refused: &TableError, number: &str) -> String {
    let prefix = "device-mapper: table:";
    let warning = refused.warning.iter().map(|warning| format!("{prefix} {warning}\n"));
    let error = match refused.refuser {
        Refuser::Dmsetup => refused.message.clone(),
        Refuser::Kernel => format!("{prefix} {number}: {}", refused.message),
    };
    warning.collect::<String>() + &error
}

fn too_large(line: &Line, sectors: u64) -> CompileError {
    let message = format!("{sectors} sectors: a table of the model ends below sector 2^32");
    error(line, message)
}

//! What a world is to do: scripts of lines, each an operation, on a setup that never changes.
use std::fmt;
use std::sync::Arc;

use dm_model::effect::StatusKind;
use dm_model::errno::Code;
use dm_model::ids::{BioId, CloneId, Device, DiskId, MdId, TableId, TargetId, TaskId};
use dm_model::memory::Fault;
use dm_model::setup::Setup;

use crate::drivers::{Sim, delay, worker};

/// A kernel execution context. The order is that of the default schedule: interrupts first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Context {
    /// The completion of a clone by a disk; the number tells apart the completions of one clone
    /// of which the first has only given it back to its target.
    Irq(CloneId, u8),
    /// A work item of a target.
    Work(TargetId, u8),
    /// A signal on its way to a task.
    Signal(TaskId),
    /// The application that made a bio.
    Io(BioId),
    /// The task of a script's line: an ioctl.
    Task(TaskId),
}

/// What a line of a script does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Op {
    /// `DM_DEV_CREATE`.
    Create(MdId),
    /// `DM_TABLE_LOAD` of a table that its constructors accept while its disks are plugged in.
    Load(MdId, TableId),
    /// `DM_TABLE_LOAD` of a table that they refuse.
    Refused(MdId, Code),
    /// `DM_TABLE_CLEAR`.
    Clear(MdId),
    /// `DM_DEV_SUSPEND` with these flags, `DM_SUSPEND_FLAG` or not.
    Suspend(MdId, u32),
    /// `DM_DEV_REMOVE`.
    Remove(MdId),
    /// `DM_TARGET_MSG`: the device, the sector, the message's number in the setup.
    Message(MdId, u32, u8),
    /// `DM_TABLE_STATUS`.
    Status(MdId, StatusKind),
    /// `DM_DEV_STATUS`.
    Info(MdId),
    /// An application makes a bio.
    Io(BioId),
    /// Waits for a bio.
    WaitIo(BioId),
    /// Waits for a line in the background.
    WaitTask(TaskId),
    /// Sends a signal to the task of a line.
    Signal(TaskId),
    /// The path keeps what it is sent.
    Hold(DiskId),
    /// The path answers what it kept, and from then on like this.
    Release(DiskId, bool),
    /// The cable is pulled out.
    Unplug(DiskId),
    /// The cable is put in again: the path comes back, perhaps under another name.
    Replug(DiskId, DiskId),
    /// The path is taken offline.
    Offline(DiskId),
    /// The path is running again.
    Running(DiskId),
    /// These sectors answer with a medium error: first, and how many.
    Medium(DiskId, u32, u32),
    /// The path answers this much later, in milliseconds.
    Delay(DiskId, u32),
    /// The next step of this kind fails.
    Arm(MdId, Fault),
    /// Only this process runs, for one step or up to a label.
    Step(String, Option<String>),
}

/// A line of a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanLine {
    /// What it does.
    pub op: Op,
    /// The line's number in its file; lines of one number are one line there.
    pub number: u32,
    /// The line as it is shown.
    pub text: String,
    /// Its name, if it has one.
    pub tag: Option<String>,
    /// The next line does not wait for it.
    pub background: bool,
    /// Its task. Every line has one, whether it sleeps or not.
    pub task: TaskId,
    /// What the kernel logs when it refuses the line.
    pub log: Option<String>,
}

impl Op {
    /// The process that a `step` line names.
    pub fn stepped(&self) -> Option<&str> {
        if let Self::Step(name, _) = self { Some(name) } else { None }
    }

    /// Whether it is an ioctl, whose result the user sees.
    pub fn is_ioctl(&self) -> bool {
        match self {
            Self::Create(_)
            | Self::Load(..)
            | Self::Refused(..)
            | Self::Clear(_)
            | Self::Suspend(..)
            | Self::Remove(_)
            | Self::Message(..)
            | Self::Status(..) => true,
            Self::Info(_)
            | Self::Io(_)
            | Self::WaitIo(_)
            | Self::WaitTask(_)
            | Self::Signal(_)
            | Self::Hold(_)
            | Self::Release(..)
            | Self::Unplug(_)
            | Self::Replug(..)
            | Self::Offline(_)
            | Self::Running(_)
            | Self::Medium(..)
            | Self::Delay(..)
            | Self::Arm(..)
            | Self::Step(..) => false,
        }
    }
}

impl PlanLine {
    /// The line without the sign that it runs in the background.
    pub fn shown(&self) -> String {
        self.text.trim_end_matches('&').trim_end().to_owned()
    }
}

/// What may happen besides the scripts, and how often.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Budget {
    /// How often a running path may go offline.
    pub faults: u8,
    /// How often a suspend may be sent a signal.
    pub signals: u8,
    /// Whether a path that went offline by a fault may come back.
    pub heals: bool,
    /// Whether a disk may complete its I/O in any order, not only the oldest first.
    pub reorders: bool,
}

/// What a world is to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What never changes in the kernel.
    pub setup: Arc<Setup<Sim>>,
    /// The scripts, which run side by side.
    pub scripts: Vec<Vec<PlanLine>>,
    /// The name of each bio.
    pub bio_names: Vec<String>,
    /// What else may happen.
    pub budget: Budget,
    /// Whether any line is a `step` line.
    pub has_steps: bool,
}

impl Plan {
    /// All lines of all scripts.
    pub fn lines(&self) -> impl Iterator<Item = &PlanLine> {
        self.scripts.iter().flatten()
    }

    /// The line that a task executes.
    pub fn line(&self, task: TaskId) -> &PlanLine {
        self.lines().find(|line| line.task == task).expect("every task has a line")
    }

    /// A context's name in trails and in `step` lines.
    pub fn name(&self, context: Context) -> String {
        match context {
            Context::Irq(clone, 0) => self.clone_name(clone),
            Context::Irq(clone, again) => format!("{}+{again}", self.clone_name(clone)),
            Context::Work(target, work) => match self.setup.md_of_work(target) {
                Some(md) => format!("{}.reissue", self.setup.drivers.name(Device::Md(md))),
                None => format!("{}.{}", self.target_name(target), work_name(work)),
            },
            Context::Signal(task) => format!("signal.{}", self.task_name(task)),
            Context::Io(bio) => self.bio_names[bio.index()].clone(),
            Context::Task(task) => self.task_name(task),
        }
    }

    /// A clone's name: its bio's and its fragments', `a.0`; of an older `dm_io`, `a'1.0`.
    pub fn clone_name(&self, clone: CloneId) -> String {
        use dm_model::ids::{BIO_COUNT_MAX, GENERATION_COUNT_MAX};
        let io = clone.io().index();
        let (owner, generation) = (io / GENERATION_COUNT_MAX, io % GENERATION_COUNT_MAX);
        let owner = match owner.checked_sub(BIO_COUNT_MAX) {
            None => self.bio_names[owner].clone(),
            Some(clone) => self.clone_name(CloneId(clone as u16)),
        };
        let prime = if generation == 0 { String::new() } else { format!("'{generation}") };
        format!("{owner}{prime}.{}", clone.fragment())
    }

    /// A bio's name.
    pub fn bio_name(&self, bio: dm_model::ids::BioPtr) -> String {
        match bio {
            dm_model::ids::BioPtr::Original(bio) => self.bio_names[bio.index()].clone(),
            dm_model::ids::BioPtr::Clone(clone) => self.clone_name(clone),
        }
    }

    /// A target's name: its device, `#N` for the device's Nth table, `/N` for its Nth target.
    pub fn target_name(&self, target: TargetId) -> String {
        let table = self.setup.targets[target.index()].table;
        let setup = &self.setup.tables[table.index()];
        let nth = self.setup.tables[..=table.index()].iter().filter(|t| t.md == setup.md).count();
        let md = self.setup.drivers.name(Device::Md(setup.md));
        let table = if nth > 1 { format!("#{nth}") } else { String::new() };
        let index = target.0 - setup.first.0;
        let target = if setup.count > 1 { format!("/{index}") } else { String::new() };
        format!("{md}{table}{target}")
    }

    fn task_name(&self, task: TaskId) -> String {
        let line = self.line(task);
        line.tag.clone().unwrap_or_else(|| {
            let verb = line.text.split_whitespace().next().unwrap_or("line");
            format!("{verb}@{}", line.number)
        })
    }
}

/// A work item's name: the kernel function that it runs.
fn work_name(work: u8) -> &'static str {
    match work {
        worker::PROCESS_QUEUED_IOS => "process_queued_ios",
        worker::TRIGGER_EVENT => "trigger_event",
        worker::PG_INIT => "pg_init_complete",
        delay::TIMER => "timer",
        _ => unreachable!("there are four work items"),
    }
}

/// What a world can do next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// A context executes one atomic section.
    Step(Context),
    /// A pending work item begins.
    Begin(TargetId, u8),
    /// A disk completes the clone at this place of its queue; `fail` spends a fault on it.
    Disk {
        /// The disk.
        disk: DiskId,
        /// The place in its queue.
        slot: u8,
        /// A transport error.
        fail: bool,
    },
    /// The next line of a script begins.
    Line(u8),
    /// A path goes offline, spending a fault, or comes back.
    Path(DiskId, bool),
    /// A task is sent a signal, spending one.
    Signal(TaskId),
}

/// What a world can do next, with the answer to the question that its step asks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Action {
    /// What it is.
    pub kind: Kind,
    /// Which answer, counted from 0.
    pub choice: u8,
}

impl From<Kind> for Action {
    fn from(kind: Kind) -> Self {
        Self { kind, choice: 0 }
    }
}

/// An action in words, as a line of a trail.
pub struct ActionText<'a> {
    /// Names everything.
    pub plan: &'a Plan,
    /// The action.
    pub action: Action,
}

impl fmt::Display for ActionText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan;
        let disk_name = |disk: DiskId| &plan.setup.drivers.disks[disk.index()].name;
        match self.action.kind {
            Kind::Step(context) => write!(f, "step {}", plan.name(context))?,
            Kind::Begin(target, work) => {
                write!(f, "begin {}", plan.name(Context::Work(target, work)))?;
            }
            Kind::Disk { disk, slot, fail } => {
                let how = if fail { "fails" } else { "answers" };
                write!(f, "disk {} {how} {slot}", disk_name(disk))?;
            }
            Kind::Line(script) if plan.scripts.len() == 1 => {
                debug_assert_eq!(script, 0);
                write!(f, "line")?;
            }
            Kind::Line(script) => write!(f, "line of script {script}")?,
            Kind::Path(disk, up) => {
                let state = if up { "running" } else { "offline" };
                write!(f, "path {} {state}", disk_name(disk))?;
            }
            Kind::Signal(task) => write!(f, "signal {}", plan.name(Context::Task(task)))?,
        }
        if self.action.choice > 0 {
            write!(f, " choice {}", self.action.choice)?;
        }
        Ok(())
    }
}

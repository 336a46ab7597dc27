//! The unbounded host: the second [`Memory`](dm_model::memory::Memory) on which the processes run.
//!
//! Where `Plain` is a bounded value to be searched, a host is one run that may last for ever. Its
//! bios, `dm_io`, clones, tables and tasks are slots that are used again once nothing is left of
//! what was in them, so that its size follows what is under way and not what has been. A process
//! that is blocked waits at what blocks it; it is made ready when that changes, and nobody polls.
//! A host never chooses: who runs next, and what a question is answered, is its caller's business.
mod locks;
mod memory;
mod objects;

use dm_model::effect::Effect;
use dm_model::era::Era;
use dm_model::errno::Code;
use dm_model::ids::TaskId;
use dm_model::ids::{BioId, BioPtr, CloneId, Device, DiskId, IoId, MdId, TableId, TargetId};
use dm_model::memory::{BioList, BioPlace, CloneState, Fault};
use dm_model::mutant::Mutant;
use dm_model::plain::Works;
use dm_model::setup::{Setup, TableSetup, TargetSetup};

use crate::drivers::disk::Disk;
use crate::drivers::setup::DriverSetup;
use crate::drivers::{Sim, Target};
use crate::multipath::state::PathId;
use crate::table::Kind;
use locks::LockState;
pub use objects::NoSlot;

/// How many mapped devices a host may have at once.
pub const MD_COUNT: usize = 16;
/// How many tables may be alive at once.
pub const TABLE_COUNT: usize = 48;
/// How many targets one table may have.
pub const TARGETS_OF_TABLE: usize = 4;
/// How many system calls may be under way at once.
pub const TASK_COUNT: usize = 256;
/// How many messages may be under way at once.
pub const MESSAGE_COUNT: usize = 256;
/// How many bios may be under way at once.
pub const BIO_COUNT: usize = 2048;

/// A process of the host, by the place that its caller keeps it at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ProcessId(pub u32);

/// What a step waited for in vain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wait {
    /// `_hash_lock`, shared or not.
    Hash(bool),
    /// `suspend_lock`.
    Suspend(MdId),
    /// `i_mutex`.
    Inode(MdId),
    /// `io_lock`, shared or not.
    Io(MdId, bool),
    /// A wake-up.
    Task(TaskId),
    /// The end of a bio.
    Bio(BioId),
    /// The end of work items.
    Works(TargetId),
}

/// A `struct mapped_device`.
#[derive(Debug, Default)]
pub struct Md {
    /// `md->flags`.
    pub flags: u8,
    /// `md->pending`.
    pub pending: i32,
    /// `md->holders`.
    pub holders: i32,
    /// `md->open_count`.
    pub open_count: i32,
    /// `md->event_nr`.
    pub event_nr: i32,
    /// `md->deferred`.
    pub deferred: BioList,
    /// What the holder of `io_lock` W is flushing.
    pub flushing: BioList,
    /// `md->pushback`.
    pub pushback: BioList,
    /// `md->map`.
    pub map: Option<TableId>,
    /// `hc->new_map`.
    pub inactive: Option<TableId>,
    /// Whether the device has been created.
    pub exists: bool,
    /// Whether it is in the hash.
    pub hashed: bool,
    /// Whether `md->suspended_bdev` is held.
    pub suspended_bdev: bool,
    /// The size of the disk, in sectors.
    pub capacity: u32,
    /// Who sleeps on `md->wait`.
    pub waiter: Option<TaskId>,
    /// Armed failures, a bit a [`Fault`].
    pub faults: u8,
    /// Whether the pools are gone.
    pub pools_freed: bool,
    /// Whether the device is gone.
    pub freed: bool,
    io_lock: LockState,
    suspend_lock: LockState,
    inode_lock: LockState,
}

/// A bio of an application.
#[derive(Debug, Default)]
pub struct Bio {
    /// The number of its I/O, over the whole run.
    pub number: u64,
    /// Where it is.
    pub place: BioPlace,
    /// How it ended, the first time.
    pub result: Option<Code>,
    /// What its read has brought, a value a sector.
    pub data: Vec<u64>,
    waiter: Option<ProcessId>,
}

/// A `struct dm_io`.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "io_count is the kernel's name")]
struct Io {
    md: MdId,
    bio: BioPtr,
    /// The application's bio that it is a part of, and how many sectors it begins into it.
    root: BioId,
    offset: u16,
    error: Code,
    io_count: i32,
    is_live: bool,
    /// How many of its clones are alive: its number is not used again before they are gone.
    clones: u8,
}

#[derive(Clone, Copy, Debug)]
struct CloneSlot {
    state: CloneState,
    is_live: bool,
}

/// A `struct dm_table`.
#[derive(Clone, Copy, Debug, Default)]
struct Table {
    holders: i32,
    event_fn: bool,
    /// Whether the slot has a table, alive or freed and not to be used again yet.
    is_taken: bool,
    freed: bool,
    /// How many clones are bound to its targets.
    clones: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Task {
    interruptible: bool,
    signal_pending: bool,
    waiter: Option<ProcessId>,
}

/// The shared memory of one kernel, without end.
#[derive(Debug)]
pub struct Host {
    setup: Setup<Sim>,
    /// The mapped devices.
    pub mds: Vec<Md>,
    /// The bios.
    pub bios: Vec<Bio>,
    free_bios: std::collections::VecDeque<BioId>,
    ios: Vec<Io>,
    free_ios: std::collections::VecDeque<IoId>,
    clones: Vec<CloneSlot>,
    tables: Vec<Table>,
    /// The targets of all tables.
    pub targets: Vec<Target>,
    /// The paths.
    pub disks: Vec<Disk>,
    works: Vec<Works>,
    work_waiters: Vec<Vec<ProcessId>>,
    tasks: Vec<Task>,
    free_tasks: Vec<TaskId>,
    free_messages: Vec<u8>,
    hash_lock: LockState,
    /// What the steps since the caller last looked have done.
    pub effects: Vec<Effect>,
    /// Work items that have become pending since the caller last looked.
    pub queued_works: Vec<(TargetId, u8)>,
    /// Processes that what they waited for may have come to.
    pub ready: Vec<ProcessId>,
    /// The answer to the next question, before it is made to fit.
    pub answer: u8,
    blocked_on: Option<Wait>,
    current: ProcessId,
    /// Code has used a `dm_io` or a clone that is not there: on `Plain` a panic.
    pub misuse: Option<String>,
}

impl Host {
    /// A host without mapped devices, with these paths and LUNs.
    pub fn new(era: Era, mutant: Mutant, mut drivers: DriverSetup) -> Self {
        let target_count = TABLE_COUNT * TARGETS_OF_TABLE;
        drivers.kinds = vec![Kind::Error; target_count];
        drivers.messages = vec![Vec::new(); MESSAGE_COUNT];
        drivers.mds = (0..MD_COUNT).map(|md| (format!("dm{md}"), 0)).collect();
        drivers.pg_init_ends = 1;
        let disks = drivers.disks.len();
        let mut setup = Setup { mutant, ..Setup::empty(era, drivers) };
        setup.md_count = MD_COUNT as u8;
        setup.tables = (0..TABLE_COUNT).map(objects::empty_table).collect();
        setup.targets = (0..target_count).map(objects::empty_target).collect();
        Self {
            setup,
            mds: (0..MD_COUNT).map(|_| Md::default()).collect(),
            bios: Vec::new(),
            free_bios: std::collections::VecDeque::new(),
            ios: Vec::new(),
            free_ios: std::collections::VecDeque::new(),
            clones: Vec::new(),
            tables: vec![Table::default(); TABLE_COUNT],
            targets: vec![Target::Stateless; target_count],
            disks: vec![Disk::default(); disks],
            works: vec![Works::default(); target_count + MD_COUNT],
            work_waiters: vec![Vec::new(); target_count + MD_COUNT],
            tasks: vec![Task::default(); TASK_COUNT],
            free_tasks: (0..TASK_COUNT).rev().map(|task| TaskId(task as u8)).collect(),
            free_messages: (0..MESSAGE_COUNT).rev().map(|message| message as u8).collect(),
            hash_lock: LockState::default(),
            effects: Vec::new(),
            queued_works: Vec::new(),
            ready: Vec::new(),
            answer: 0,
            blocked_on: None,
            current: ProcessId(0),
            misuse: None,
        }
    }

    /// The process whose step follows.
    pub fn begin_step(&mut self, process: ProcessId) {
        self.current = process;
        self.blocked_on = None;
    }

    /// The step was blocked: its process waits at what blocked it.
    ///
    /// # Panics
    /// When the step was not.
    pub fn park(&mut self) {
        let process = self.current;
        match self.blocked_on.take().expect("the step was blocked") {
            Wait::Hash(shared) => self.hash_lock.park(process, shared),
            Wait::Suspend(md) => self.mds[md.index()].suspend_lock.park(process, false),
            Wait::Inode(md) => self.mds[md.index()].inode_lock.park(process, false),
            Wait::Io(md, shared) => self.mds[md.index()].io_lock.park(process, shared),
            Wait::Task(task) => self.tasks[task.index()].waiter = Some(process),
            Wait::Bio(bio) => self.bios[bio.index()].waiter = Some(process),
            Wait::Works(target) => self.work_waiters[target.index()].push(process),
        }
    }

    /// Takes a pending work item, which runs from now on; `false` while it runs already.
    pub fn begin_work(&mut self, target: TargetId, work: u8) -> bool {
        let works = &mut self.works[target.index()];
        if works.pending & !works.running & 1 << work == 0 {
            return false;
        }
        works.pending &= !(1 << work);
        works.running |= 1 << work;
        true
    }

    /// A work item is done.
    pub fn end_work(&mut self, target: TargetId, work: u8) {
        let works = &mut self.works[target.index()];
        works.running &= !(1 << work);
        if works.pending & 1 << work != 0 {
            self.queued_works.push((target, work));
        }
        self.ready.append(&mut self.work_waiters[target.index()]);
    }

    /// Arms a failure for the next step of its kind.
    pub fn arm(&mut self, md: MdId, fault: Fault) {
        self.mds[md.index()].faults |= 1 << fault as u8;
    }

    /// A clone that a disk has: where it goes, and whether it is there at all.
    pub fn clone_at_disk(&self, clone: CloneId) -> Option<CloneState> {
        self.clones.get(clone.index()).filter(|slot| slot.is_live).map(|slot| slot.state)
    }

    /// The application's bio that a clone is a part of, and how many sectors it begins into it.
    pub fn original(&self, clone: CloneId) -> (BioId, u16) {
        let io = &self.ios[clone.io().index()];
        (io.root, io.offset + self.clones[clone.index()].state.offset)
    }

    /// The device whose table a target is part of.
    pub fn md_of(&self, target: TargetId) -> MdId {
        self.setup.tables[self.setup.targets[target.index()].table.index()].md
    }

    /// The clones that are there.
    pub fn clones(&self) -> impl Iterator<Item = &CloneState> {
        self.clones.iter().filter(|slot| slot.is_live).map(|slot| &slot.state)
    }

    /// The path that a multipath target's path is, if it is no mapped device.
    pub fn path_device(&self, target: TargetId, path: PathId) -> Option<DiskId> {
        let Kind::Multipath(spec) = self.setup.drivers.kind(target) else { return None };
        let (_, path) = spec.paths().find(|(id, _)| *id == path)?;
        match path.device {
            Device::Disk(disk) => Some(disk),
            Device::Md(_) => None,
        }
    }

    /// What never changes in a run of `Plain`, and of a host does.
    pub fn setup_mut(&mut self) -> &mut Setup<Sim> {
        &mut self.setup
    }

    fn misuse(&mut self, text: impl FnOnce() -> String) {
        if self.misuse.is_none() {
            self.misuse = Some(text());
        }
    }
}

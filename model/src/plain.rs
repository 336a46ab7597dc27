//! `Plain`: the shared memory as a bounded value that clones, compares and hashes.
//!
//! Exhaustive search, fuzzing and the oracle run on it. A step is atomic because only one process
//! steps at a time, so spinlocks are only checked for balance; what may be held across steps is
//! state. What a step has done, and how coarse it was, is noted beside the state (`footprint`).
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::driver::Drivers;
use crate::effect::{Effect, Object};
use crate::errno::Code;
use crate::footprint::{Footprint, StepLog};
use crate::ids::{BioPtr, CloneId, GENERATION_COUNT_MAX, IoId, MdId, SECTOR_COUNT_MAX};
use crate::ids::{FRAGMENT_COUNT_MAX, TargetId};
use crate::list::List;
pub use crate::md::Md;
use crate::memory::{BioPlace, CloneState, Fault, Lock};
use crate::setup::Setup;
use crate::sorted::Map;

/// A bio of an application.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Bio {
    /// Where it is.
    pub place: BioPlace,
    /// How it ended, the first time.
    pub result: Option<Code>,
    /// How often it was completed.
    pub completions: u8,
    /// What its read has brought, a token a sector; empty before, and for a write.
    pub data: List<u8, SECTOR_COUNT_MAX>,
}

/// A `struct dm_io`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Io {
    /// `io->md`.
    pub md: MdId,
    /// `io->bio`.
    pub bio: BioPtr,
    /// `io->error`.
    pub error: Code,
    /// `io->io_count`.
    pub io_count: u8,
    /// Whether it is counted in `md->pending`: between B2 and P4.
    pub counted: bool,
}

/// A `struct dm_table`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Table {
    /// `t->holders`.
    pub holders: u8,
    /// Whether its events reach its device.
    pub event_fn: bool,
    /// Whether it is gone.
    pub freed: bool,
}

/// A task that may sleep in a system call.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Task {
    /// Asleep, or about to be.
    pub interruptible: bool,
    /// `TIF_SIGPENDING`.
    pub signal_pending: bool,
}

/// The work items of a target: a bit an item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Works {
    /// Queued and not begun.
    pub pending: u8,
    /// Under way.
    pub running: u8,
}

/// The shared memory as a value.
#[derive(Debug)]
pub struct Plain<D: Drivers> {
    setup: Arc<Setup<D>>,
    /// The mapped devices.
    pub mds: Vec<Md>,
    /// The bios of applications.
    pub bios: Vec<Bio>,
    /// The live `dm_io`.
    pub ios: Map<IoId, Io>,
    /// The live clones.
    pub clones: Map<CloneId, CloneState>,
    /// The tables.
    pub tables: Vec<Table>,
    /// The targets.
    pub targets: Vec<D::Target>,
    /// The disks.
    pub disks: Vec<D::Disk>,
    /// The work items of each target, and behind them those of each device.
    pub works: Vec<Works>,
    /// The tasks.
    pub tasks: Vec<Task>,
    /// Readers of `_hash_lock`.
    pub hash_readers: u8,
    /// Whether a writer holds `_hash_lock`.
    pub hash_writer: bool,
    pub(crate) log: StepLog,
}

impl<D: Drivers> Plain<D> {
    /// The memory before anything has happened.
    pub fn new(setup: Arc<Setup<D>>, targets: Vec<D::Target>, disks: Vec<D::Disk>) -> Self {
        let md = Md { holders: 1, ..Md::default() };
        let table = Table { holders: 1, event_fn: false, freed: false };
        assert!(setup.bios.len() <= crate::ids::BIO_COUNT_MAX, "too many bios");
        assert_eq!(targets.len(), setup.targets.len(), "a state for each target");
        Self {
            mds: vec![md; usize::from(setup.md_count)],
            bios: vec![Bio::default(); setup.bios.len()],
            ios: Map::new(),
            clones: Map::new(),
            tables: vec![table; setup.tables.len()],
            works: vec![Works::default(); targets.len() + usize::from(setup.md_count)],
            targets,
            disks,
            tasks: vec![Task::default(); usize::from(setup.task_count)],
            hash_readers: 0,
            hash_writer: false,
            log: StepLog::default(),
            setup,
        }
    }

    /// Forgets what the step before did; the next question is answered with `choice`.
    pub fn begin_step(&mut self, choice: u8) {
        self.log.begin(choice);
    }

    /// What the step has done.
    pub fn effects(&self) -> &[Effect] {
        &self.log.effects
    }

    /// How many answers the step's question had; 0 when it asked none.
    pub fn asked(&self) -> u8 {
        self.log.asked()
    }

    /// How coarse the step was.
    pub fn footprint(&self) -> Footprint {
        self.log.footprint()
    }

    /// What never changes.
    pub fn setup_arc(&self) -> &Arc<Setup<D>> {
        &self.setup
    }

    /// Arms a failure.
    pub fn arm(&mut self, md: MdId, fault: Fault) {
        self.mds[md.index()].faults |= 1 << fault as u8;
    }

    /// Takes a pending work item, which runs from now on.
    pub fn begin_work(&mut self, target: TargetId, work: u8) {
        let works = &mut self.works[target.index()];
        assert!(works.pending & 1 << work != 0, "a work item that is not pending cannot begin");
        assert!(works.running & 1 << work == 0, "a work item runs once at a time");
        works.pending &= !(1 << work);
        works.running |= 1 << work;
    }

    /// A work item is done.
    pub fn end_work(&mut self, target: TargetId, work: u8) {
        self.works[target.index()].running &= !(1 << work);
    }

    /// The application's bio that a bio is a part of, and how many sectors it begins into it.
    pub fn original(&self, bio: BioPtr) -> (crate::ids::BioId, u16) {
        match bio {
            BioPtr::Original(bio) => (bio, 0),
            BioPtr::Clone(clone) => {
                let (bio, offset) = self.original(self.ios[clone.io()].bio);
                (bio, offset + self.clones[clone].offset)
            }
        }
    }

    pub(crate) fn target_and_setup(&mut self, target: TargetId) -> (&mut D::Target, &Setup<D>) {
        (&mut self.targets[target.index()], &self.setup)
    }

    /// Whether the step holds the lock, or an earlier step has left it held.
    pub(crate) fn is_held(&self, lock: Lock) -> bool {
        self.log.holds(lock) || self.is_held_across_steps(lock)
    }

    pub(crate) fn is_held_across_steps(&self, lock: Lock) -> bool {
        match lock {
            Lock::Hash => self.hash_writer,
            Lock::Suspend(md) => self.mds[md.index()].suspend_locked,
            Lock::Inode(md) => self.mds[md.index()].inode_locked,
            Lock::Io(md) => self.mds[md.index()].io_writer,
            Lock::Minor
            | Lock::Map(_)
            | Lock::Event
            | Lock::Pushback(_)
            | Lock::Wait(_)
            | Lock::Target(_)
            | Lock::Disk(_) => false,
        }
    }

    /// The first generation of `bio`'s `dm_io` of which nothing is left.
    pub(crate) fn free_generation(&self, bio: BioPtr) -> IoId {
        let unused = |io: &IoId| {
            self.ios.get(*io).is_none()
                && (0..FRAGMENT_COUNT_MAX)
                    .all(|fragment| self.clones.get(CloneId::of(*io, fragment)).is_none())
        };
        (0..GENERATION_COUNT_MAX)
            .map(|generation| IoId::of(bio, generation))
            .find(unused)
            .expect("too many dm_io of one bio are alive")
    }

    pub(crate) fn is_freed(&self, object: Object) -> bool {
        match object {
            Object::Md(md) => self.mds[md.index()].freed,
            Object::Pools(md) => self.mds[md.index()].pools_freed,
            Object::Table(table) => self.tables[table.index()].freed,
            Object::Target(target) => {
                let table = self.setup.targets[target.index()].table;
                self.tables[table.index()].freed
            }
        }
    }
}

impl<D: Drivers> Clone for Plain<D> {
    fn clone(&self) -> Self {
        Self {
            setup: Arc::clone(&self.setup),
            mds: self.mds.clone(),
            bios: self.bios.clone(),
            ios: self.ios.clone(),
            clones: self.clones.clone(),
            tables: self.tables.clone(),
            targets: self.targets.clone(),
            disks: self.disks.clone(),
            works: self.works.clone(),
            tasks: self.tasks.clone(),
            hash_readers: self.hash_readers,
            hash_writer: self.hash_writer,
            log: StepLog::default(),
        }
    }

    fn clone_from(&mut self, source: &Self) {
        self.mds.clone_from(&source.mds);
        self.bios.clone_from(&source.bios);
        self.ios.clone_from(&source.ios);
        self.clones.clone_from(&source.clones);
        self.tables.clone_from(&source.tables);
        self.targets.clone_from(&source.targets);
        self.disks.clone_from(&source.disks);
        self.works.clone_from(&source.works);
        self.tasks.clone_from(&source.tasks);
        self.hash_readers = source.hash_readers;
        self.hash_writer = source.hash_writer;
    }
}

impl<D: Drivers> Plain<D> {
    /// Everything that is state, in a fixed order.
    #[expect(clippy::type_complexity, reason = "the one list of what is state")]
    fn state(
        &self,
    ) -> (
        (&[Md], &[Bio], &Map<IoId, Io>, &Map<CloneId, CloneState>, &[Table]),
        (&[D::Target], &[D::Disk], &[Works], &[Task], u8, bool),
    ) {
        (
            (&self.mds, &self.bios, &self.ios, &self.clones, &self.tables),
            (
                &self.targets,
                &self.disks,
                &self.works,
                &self.tasks,
                self.hash_readers,
                self.hash_writer,
            ),
        )
    }
}

impl<D: Drivers> PartialEq for Plain<D> {
    fn eq(&self, other: &Self) -> bool {
        self.state() == other.state()
    }
}

impl<D: Drivers> Eq for Plain<D> {}

impl<D: Drivers> PartialOrd for Plain<D> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<D: Drivers> Ord for Plain<D> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.state().cmp(&other.state())
    }
}

impl<D: Drivers> Hash for Plain<D> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.state().hash(state);
    }
}

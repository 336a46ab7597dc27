//! The memory that the threads share: a lock for each lock of the kernel, an atomic for each word
//! that it shares without one, a cell for all else, and the notes of the model and the report.
//!
//! Made from a world and turned into one again when the threads are done.
use std::collections::{BTreeMap, BTreeSet};

use dm_model::flags::Flag;
use dm_model::frame::Process;
use dm_model::ids::{BioPtr, CloneId, DiskId, IoId, MdId, TableId, TargetId, TaskId};
use dm_model::memory::{BioList, CloneState, Lock, Word};
use dm_model::plain::{Bio, Io, Works};
use dm_sim::drivers::disk::Disk;
use dm_sim::drivers::{Sim, Target};
use dm_sim::world::Lun;
use dm_sim::world::plan::{Context, Plan};

use crate::engine::{Arc, Engine, Ghost, Note};
use crate::grain::Grain;
use crate::inventory::{Datum, has_readers};
use crate::orderings::{Orderings, Site, Strength};
use crate::record::Record;
use crate::round::Round;

/// What a datum holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    List(BioList),
    Table(Option<TableId>),
    Yes(bool),
    Task(Option<TaskId>),
    Target(Target),
    Disk(Disk),
}

/// Plain data with the explorer's check of who accesses it.
pub(crate) struct Slot<E: Engine> {
    pub(crate) cell: E::Cell,
    pub(crate) value: Ghost<Value>,
}

impl<E: Engine> Slot<E> {
    fn new(value: Value) -> Self {
        Self { cell: E::cell(), value: Ghost::new(value) }
    }

    pub(crate) fn copy(&self) -> Value {
        self.value.with(|value| value.clone())
    }
}

pub(crate) struct MdState<E: Engine> {
    pub(crate) suspend: E::Lock,
    pub(crate) inode: E::Lock,
    pub(crate) io: E::Lock,
    pub(crate) map_lock: E::Lock,
    pub(crate) pushback_lock: E::Lock,
    pub(crate) wait: E::Lock,
    pub(crate) flags: E::Atomic,
    pub(crate) pending: E::Atomic,
    pub(crate) holders: E::Atomic,
    pub(crate) open_count: E::Atomic,
    pub(crate) event_nr: E::Atomic,
    pub(crate) size: E::Atomic,
    pub(crate) deferred: Slot<E>,
    pub(crate) flushing: Slot<E>,
    pub(crate) pushback: Slot<E>,
    pub(crate) map: Slot<E>,
    pub(crate) inactive: Slot<E>,
    pub(crate) hashed: Slot<E>,
    pub(crate) suspended_bdev: Slot<E>,
    pub(crate) waiter: Slot<E>,
    /// The look at the wait queue without its lock, for the bug that takes it.
    pub(crate) waiting: E::Atomic,
    pub(crate) faults: Note,
    pub(crate) exists: Note,
    pub(crate) pools_freed: Note,
    pub(crate) freed: Note,
}

pub(crate) struct TableState<E: Engine> {
    pub(crate) holders: E::Atomic,
    pub(crate) event_fn: Slot<E>,
    pub(crate) freed: Note,
}

/// A target or a disk: a lock and what it guards.
pub(crate) struct Guarded<E: Engine> {
    pub(crate) lock: E::Lock,
    pub(crate) data: Slot<E>,
    /// Where the hardware waits for something to do.
    pub(crate) gate: E::Gate,
}

pub(crate) struct TaskState<E: Engine> {
    /// `task->state`: 1 for TASK_INTERRUPTIBLE.
    pub(crate) state: E::Atomic,
    pub(crate) signal: E::Atomic,
    /// The lock of the run queue, under which it sleeps and is woken.
    pub(crate) run_queue: E::Gate,
}

pub(crate) struct IoSlot<E: Engine> {
    pub(crate) md: MdId,
    pub(crate) bio: BioPtr,
    pub(crate) cell: E::Cell,
    pub(crate) count: E::Atomic,
    pub(crate) error: E::Atomic,
    pub(crate) counted: Note,
}

pub(crate) struct CloneSlot<E: Engine> {
    pub(crate) cell: E::Cell,
    pub(crate) state: Ghost<CloneState>,
}

pub(crate) struct BioState<E: Engine> {
    pub(crate) bio: Ghost<Bio>,
    /// Where an application waits for it.
    pub(crate) completion: E::Gate,
}

/// The memory that the threads share.
pub struct Shared<E: Engine> {
    pub(crate) plan: Arc<Plan>,
    pub(crate) round: Arc<Round>,
    pub(crate) grain: Grain,
    pub(crate) orderings: Orderings,
    pub(crate) hash: E::Lock,
    pub(crate) minor: E::Lock,
    pub(crate) event: E::Lock,
    pub(crate) mds: Vec<MdState<E>>,
    pub(crate) tables: Vec<TableState<E>>,
    pub(crate) targets: Vec<Guarded<E>>,
    pub(crate) disks: Vec<Guarded<E>>,
    pub(crate) tasks: Vec<TaskState<E>>,
    pub(crate) bios: Vec<BioState<E>>,
    pub(crate) ios: Ghost<BTreeMap<IoId, Arc<IoSlot<E>>>>,
    pub(crate) clones: Ghost<BTreeMap<CloneId, Arc<CloneSlot<E>>>>,
    pub(crate) works: Ghost<Vec<Works>>,
    /// The lock of the work queue `kmultipathd`.
    pub(crate) work_queue: E::Gate,
    pub(crate) luns: Vec<Ghost<Lun>>,
    /// The interrupts under way, which are told apart by number.
    pub(crate) interrupts: Ghost<BTreeSet<Context>>,
    /// The processes that were stopped at a label, and the locks that their threads hold.
    pub(crate) stopped: Ghost<Vec<(Context, Process<Sim>)>>,
    pub(crate) left: Ghost<Vec<(Lock, bool)>>,
    /// The tasks that have returned.
    pub(crate) returned: Ghost<BTreeSet<TaskId>>,
    /// How many of the threads that end by themselves have ended.
    pub(crate) ended: Note,
    /// Nobody makes new work any more: the hardware and the workers end when they have none.
    pub(crate) closed: Note,
    pub(crate) record: Arc<Record>,
}

impl<E: Engine> Shared<E> {
    /// The memory of the world that the round begins with.
    pub fn new(round: &Arc<Round>, grain: Grain) -> Self {
        let world = &round.world;
        let memory = &world.memory;
        let orderings = match grain {
            Grain::Ordering(site, strength) => Orderings::default().with(site, strength),
            Grain::WaitqueueActive => {
                Orderings::default().with(Site::PendingFall, Strength::Relaxed)
            }
            Grain::None
            | Grain::LeftOut(_)
            | Grain::SharedForWriter(_)
            | Grain::CutAfterTest(_)
            | Grain::CutAfterClear(_)
            | Grain::Split(_)
            | Grain::Rule(_) => Orderings::default(),
        };
        let io = |(id, io): (IoId, &Io)| (id, Arc::new(io_slot(*io)));
        let clone = |(id, state): (CloneId, &CloneState)| (id, Arc::new(clone_slot(*state)));
        Self {
            plan: Arc::clone(world.plan()),
            round: Arc::clone(round),
            grain,
            orderings,
            hash: new_lock::<E>(Lock::Hash),
            minor: new_lock::<E>(Lock::Minor),
            event: new_lock::<E>(Lock::Event),
            mds: memory.mds.iter().map(md_state).collect(),
            tables: memory.tables.iter().map(table_state).collect(),
            targets: memory.targets.iter().map(target_state).collect(),
            disks: memory.disks.iter().map(disk_state).collect(),
            tasks: memory.tasks.iter().map(task_state).collect(),
            bios: memory.bios.iter().map(bio_state).collect(),
            ios: Ghost::new(memory.ios.iter().map(io).collect()),
            clones: Ghost::new(memory.clones.iter().map(clone).collect()),
            works: Ghost::new(memory.works.clone()),
            work_queue: E::gate(),
            luns: world.luns.iter().map(|lun| Ghost::new(lun.clone())).collect(),
            interrupts: Ghost::new(world.processes.iter().map(|(it, _)| it).collect()),
            stopped: Ghost::default(),
            left: Ghost::default(),
            returned: Ghost::new(BTreeSet::new()),
            ended: Note::default(),
            closed: Note::default(),
            record: Arc::new(Record::new(round.jobs.len())),
        }
    }

    /// The lock of this name.
    pub(crate) fn lock_of(&self, lock: Lock) -> &E::Lock {
        match lock {
            Lock::Hash => &self.hash,
            Lock::Minor => &self.minor,
            Lock::Event => &self.event,
            Lock::Suspend(md) => &self.mds[md.index()].suspend,
            Lock::Inode(md) => &self.mds[md.index()].inode,
            Lock::Io(md) => &self.mds[md.index()].io,
            Lock::Map(md) => &self.mds[md.index()].map_lock,
            Lock::Pushback(md) => &self.mds[md.index()].pushback_lock,
            Lock::Wait(md) => &self.mds[md.index()].wait,
            Lock::Target(target) => &self.targets[target.index()].lock,
            Lock::Disk(disk) => &self.disks[disk.index()].lock,
        }
    }

    /// How many of these locks are different objects.
    pub fn distinct_locks(&self, locks: &[Lock]) -> usize {
        let address = |lock: &Lock| std::ptr::from_ref(self.lock_of(*lock)).addr();
        locks.iter().map(address).collect::<BTreeSet<_>>().len()
    }

    /// The data of this name.
    pub(crate) fn slot(&self, datum: Datum) -> &Slot<E> {
        let md = |md: MdId| &self.mds[md.index()];
        match datum {
            Datum::Deferred(id) => &md(id).deferred,
            Datum::Flushing(id) => &md(id).flushing,
            Datum::Pushback(id) => &md(id).pushback,
            Datum::Map(id) => &md(id).map,
            Datum::Inactive(id) => &md(id).inactive,
            Datum::Hashed(id) => &md(id).hashed,
            Datum::SuspendedBdev(id) => &md(id).suspended_bdev,
            Datum::Waiter(id) => &md(id).waiter,
            Datum::EventFn(table) => &self.tables[table.index()].event_fn,
            Datum::Target(target) => &self.targets[target.index()].data,
            Datum::Disk(disk) => &self.disks[disk.index()].data,
            Datum::Io(_) | Datum::Clone(_) => unreachable!("they come and go"),
        }
    }

    /// Does something with the atomic of this name.
    pub(crate) fn with_word<R>(&self, word: Word, use_it: impl FnOnce(&E::Atomic) -> R) -> R {
        let md = |md: MdId| &self.mds[md.index()];
        match word {
            Word::Pending(id) => use_it(&md(id).pending),
            Word::Holders(id) => use_it(&md(id).holders),
            Word::OpenCount(id) => use_it(&md(id).open_count),
            Word::EventNr(id) => use_it(&md(id).event_nr),
            Word::Size(id) => use_it(&md(id).size),
            Word::IoCount(io) => use_it(&self.io_slot(io).count),
            Word::IoError(io) => use_it(&self.io_slot(io).error),
            Word::TableHolders(table) => use_it(&self.tables[table.index()].holders),
            Word::SignalPending(task) => use_it(&self.tasks[task.index()].signal),
        }
    }

    pub(crate) fn io_slot(&self, io: IoId) -> Arc<IoSlot<E>> {
        self.ios.with(|ios| Arc::clone(ios.get(&io).expect("a dm_io is used while it lives")))
    }

    pub(crate) fn clone_slot(&self, id: CloneId) -> Arc<CloneSlot<E>> {
        self.clones
            .with(|clones| Arc::clone(clones.get(&id).expect("a clone is used while it lives")))
    }

    /// Nobody makes new work any more.
    pub(crate) fn close(&self) {
        self.closed.set(1);
        for disk in &self.disks {
            E::change(&disk.gate, || true);
        }
        E::change(&self.work_queue, || true);
    }
}

fn md_state<E: Engine>(md: &dm_model::plain::Md) -> MdState<E> {
    // What kind of lock it is does not depend on whose it is.
    let id = MdId(0);
    MdState {
        suspend: new_lock::<E>(Lock::Suspend(id)),
        inode: new_lock::<E>(Lock::Inode(id)),
        io: new_lock::<E>(Lock::Io(id)),
        map_lock: new_lock::<E>(Lock::Map(id)),
        pushback_lock: new_lock::<E>(Lock::Pushback(id)),
        wait: new_lock::<E>(Lock::Wait(id)),
        flags: E::atomic(i32::from(md.flags)),
        pending: E::atomic(i32::from(md.pending)),
        holders: E::atomic(i32::from(md.holders)),
        open_count: E::atomic(i32::from(md.open_count)),
        event_nr: E::atomic(md.event_nr.cast_signed()),
        size: E::atomic(md.capacity.cast_signed()),
        deferred: Slot::new(Value::List(md.deferred.clone())),
        flushing: Slot::new(Value::List(md.flushing.clone())),
        pushback: Slot::new(Value::List(md.pushback.clone())),
        map: Slot::new(Value::Table(md.map)),
        inactive: Slot::new(Value::Table(md.inactive)),
        hashed: Slot::new(Value::Yes(md.hashed)),
        suspended_bdev: Slot::new(Value::Yes(md.suspended_bdev)),
        waiter: Slot::new(Value::Task(md.waiter)),
        waiting: E::atomic(i32::from(md.waiter.is_some())),
        faults: Note::new(u64::from(md.faults)),
        exists: Note::new(u64::from(md.exists)),
        pools_freed: Note::new(u64::from(md.pools_freed)),
        freed: Note::new(u64::from(md.freed)),
    }
}

fn table_state<E: Engine>(table: &dm_model::plain::Table) -> TableState<E> {
    TableState {
        holders: E::atomic(i32::from(table.holders)),
        event_fn: Slot::new(Value::Yes(table.event_fn)),
        freed: Note::new(u64::from(table.freed)),
    }
}

fn new_lock<E: Engine>(lock: Lock) -> E::Lock {
    E::new_lock(has_readers(lock))
}

fn target_state<E: Engine>(target: &Target) -> Guarded<E> {
    let data = Slot::new(Value::Target(target.clone()));
    Guarded { lock: new_lock::<E>(Lock::Target(TargetId(0))), data, gate: E::gate() }
}

fn disk_state<E: Engine>(disk: &Disk) -> Guarded<E> {
    let data = Slot::new(Value::Disk(disk.clone()));
    Guarded { lock: new_lock::<E>(Lock::Disk(DiskId(0))), data, gate: E::gate() }
}

fn task_state<E: Engine>(task: &dm_model::plain::Task) -> TaskState<E> {
    TaskState {
        state: E::atomic(i32::from(task.interruptible)),
        signal: E::atomic(i32::from(task.signal_pending)),
        run_queue: E::gate(),
    }
}

fn bio_state<E: Engine>(bio: &Bio) -> BioState<E> {
    BioState { bio: Ghost::new(bio.clone()), completion: E::gate() }
}

pub(crate) fn io_slot<E: Engine>(io: Io) -> IoSlot<E> {
    IoSlot {
        md: io.md,
        bio: io.bio,
        cell: E::cell(),
        count: E::atomic(i32::from(io.io_count)),
        error: E::atomic(i32::from(io.error.0)),
        counted: Note::new(u64::from(io.counted)),
    }
}

pub(crate) fn clone_slot<E: Engine>(state: CloneState) -> CloneSlot<E> {
    CloneSlot { cell: E::cell(), state: Ghost::new(state) }
}

/// The flag's bit in the one word of flags.
pub(crate) fn bit(flag: Flag) -> i32 {
    i32::from(flag.mask())
}

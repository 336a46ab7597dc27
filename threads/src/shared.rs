//! The memory that the threads share: a lock for each lock of the kernel, an atomic for each word
//! that it shares without one, a cell for all else, and the notes of the model and the report.
//!
//! Made from a world and turned into one again when the threads are done.
use std::collections::{BTreeMap, BTreeSet};

use dm_model::errno::Code;
use dm_model::flags::Flag;
use dm_model::frame::Process;
use dm_model::ids::{BioPtr, CloneId, DiskId, IoId, MdId, TableId, TargetId, TaskId};
use dm_model::memory::{BioList, CloneState, Lock, Word};
use dm_model::plain::{Bio, Io, Plain, Works};
use dm_sim::drivers::{Sim, Target};
use dm_sim::drivers::disk::Disk;
use dm_sim::world::plan::{Context, Plan};
use dm_sim::world::{Lun, Script, Stage, World};

use crate::engine::{Arc, Engine, Ghost, Note};
use crate::grain::Grain;
use crate::orderings::{Orderings, Site, Strength};
use crate::record::Record;
use crate::round::{Job, Round};

/// Plain data of the kernel: what it may touch under its lock only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[expect(missing_docs, reason = "each is the accessor of `Memory` of its name")]
pub enum Datum {
    Deferred(MdId),
    Flushing(MdId),
    Pushback(MdId),
    Map(MdId),
    Inactive(MdId),
    Hashed(MdId),
    SuspendedBdev(MdId),
    Waiter(MdId),
    EventFn(TableId),
    Target(TargetId),
    Disk(DiskId),
    /// A `dm_io`, which belongs to whoever has a reference to it.
    Io(IoId),
    /// A clone, which belongs to one owner at a time.
    Clone(CloneId),
}

impl Datum {
    /// The locks under any of which it may be looked at, the innermost first; none for what
    /// belongs to its owner.
    pub fn guards(self) -> Vec<Lock> {
        match self {
            Self::Deferred(md) | Self::Flushing(md) => vec![Lock::Io(md)],
            Self::Pushback(md) => vec![Lock::Pushback(md)],
            Self::Map(md) => vec![Lock::Map(md), Lock::Suspend(md)],
            Self::Inactive(_) | Self::Hashed(_) => vec![Lock::Hash],
            Self::SuspendedBdev(md) => vec![Lock::Suspend(md)],
            Self::Waiter(md) => vec![Lock::Wait(md)],
            Self::EventFn(_) => vec![Lock::Event],
            Self::Target(target) => vec![Lock::Target(target)],
            Self::Disk(disk) => vec![Lock::Disk(disk)],
            Self::Io(_) | Self::Clone(_) => Vec::new(),
        }
    }
}

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

    fn copy(&self) -> Value {
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
            hash: E::new_lock(true),
            minor: E::new_lock(false),
            event: E::new_lock(false),
            mds: memory.mds.iter().map(md_state).collect(),
            tables: memory.tables.iter().map(table_state).collect(),
            targets: memory.targets.iter().map(|it| guarded(Value::Target(it.clone()))).collect(),
            disks: memory.disks.iter().map(|it| guarded(Value::Disk(it.clone()))).collect(),
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

    /// The world that the threads have left, when all of them have ended.
    pub fn collect(&self) -> World {
        let mut world = self.round.world.clone();
        self.collect_memory(&mut world);
        for (lun, shared) in world.luns.iter_mut().zip(&self.luns) {
            *lun = shared.with(|lun| lun.clone());
        }
        for (index, jobs) in self.round.jobs.iter().enumerate() {
            let done = self.record.begun(index);
            for job in &jobs[..done.min(jobs.len())] {
                if let Job::Script(script) = job {
                    let next = world.plan().scripts[*script].len() as u8;
                    world.scripts[*script] = Script { next, stage: Stage::Ready };
                }
            }
        }
        for (task, code) in self.record.at_once() {
            world.results[task.index()] = Some(code);
        }
        for (context, process) in self.stopped.with(|stopped| stopped.clone()) {
            *world.processes.get_mut(context).expect("it was there") = process;
        }
        for (context, code) in self.record.ends() {
            if world.processes.get(context).is_some() {
                world.processes.remove(context);
            }
            world.process_ended(context, code);
        }
        world
    }

    fn collect_memory(&self, world: &mut World) {
        let memory = &mut world.memory;
        for (md, shared) in memory.mds.iter_mut().zip(&self.mds) {
            let count = |atomic: &E::Atomic| small(final_value::<E>(atomic));
            md.flags = count(&shared.flags);
            md.pending = count(&shared.pending);
            md.holders = count(&shared.holders);
            md.open_count = count(&shared.open_count);
            md.event_nr = final_value::<E>(&shared.event_nr).cast_unsigned();
            md.capacity = final_value::<E>(&shared.size).cast_unsigned();
            md.deferred = list(&shared.deferred);
            md.flushing = list(&shared.flushing);
            md.pushback = list(&shared.pushback);
            md.map = table(&shared.map);
            md.inactive = table(&shared.inactive);
            md.hashed = yes(&shared.hashed);
            md.suspended_bdev = yes(&shared.suspended_bdev);
            md.waiter = task(&shared.waiter);
            md.faults = small(shared.faults.get() as i32);
            md.exists = shared.exists.get() != 0;
            md.pools_freed = shared.pools_freed.get() != 0;
            md.freed = shared.freed.get() != 0;
        }
        for thread in 0..self.round.jobs.len() {
            for (lock, is_shared) in self.round.held_by(thread) {
                set_held(memory, lock, is_shared, false);
            }
        }
        for (lock, is_shared) in self.left.with(|left| left.clone()) {
            set_held(memory, lock, is_shared, true);
        }
        for (table, shared) in memory.tables.iter_mut().zip(&self.tables) {
            table.holders = small(final_value::<E>(&shared.holders));
            table.event_fn = yes(&shared.event_fn);
            table.freed = shared.freed.get() != 0;
        }
        for (target, shared) in memory.targets.iter_mut().zip(&self.targets) {
            let Value::Target(state) = shared.data.copy() else { unreachable!("it is a target") };
            *target = state;
        }
        for (disk, shared) in memory.disks.iter_mut().zip(&self.disks) {
            let Value::Disk(state) = shared.data.copy() else { unreachable!("it is a disk") };
            *disk = state;
        }
        for (task, shared) in memory.tasks.iter_mut().zip(&self.tasks) {
            task.interruptible = final_value::<E>(&shared.state) != 0;
            task.signal_pending = final_value::<E>(&shared.signal) != 0;
        }
        for (bio, shared) in memory.bios.iter_mut().zip(&self.bios) {
            *bio = shared.bio.with(|bio| bio.clone());
        }
        memory.works = self.works.with(|works| works.clone());
        memory.ios = dm_model::sorted::Map::new();
        for (id, io) in self.ios.with(|ios| ios.clone()) {
            let state = Io {
                md: io.md,
                bio: io.bio,
                error: Code(final_value::<E>(&io.error) as i8),
                io_count: small(final_value::<E>(&io.count)),
                counted: io.counted.get() != 0,
            };
            memory.ios.insert(id, state);
        }
        memory.clones = dm_model::sorted::Map::new();
        for (id, clone) in self.clones.with(|clones| clones.clone()) {
            memory.clones.insert(id, clone.state.with(|state| *state));
        }
    }
}

/// The value of an atomic that no thread touches any more.
fn final_value<E: Engine>(atomic: &E::Atomic) -> i32 {
    E::load(atomic, crate::engine::Ordering::SeqCst)
}

fn small(value: i32) -> u8 {
    u8::try_from(value).expect("a count of the model stays between 0 and 255")
}

fn set_held(memory: &mut Plain<Sim>, lock: Lock, shared: bool, held: bool) {
    let count = |readers: u8| if held { readers + 1 } else { readers - 1 };
    match lock {
        Lock::Hash if shared => memory.hash_readers = count(memory.hash_readers),
        Lock::Hash => memory.hash_writer = held,
        Lock::Suspend(md) => memory.mds[md.index()].suspend_locked = held,
        Lock::Inode(md) => memory.mds[md.index()].inode_locked = held,
        Lock::Io(md) if shared => {
            let readers = &mut memory.mds[md.index()].io_readers;
            *readers = count(*readers);
        }
        Lock::Io(md) => memory.mds[md.index()].io_writer = held,
        Lock::Minor
        | Lock::Map(_)
        | Lock::Event
        | Lock::Pushback(_)
        | Lock::Wait(_)
        | Lock::Target(_)
        | Lock::Disk(_) => unreachable!("{lock:?} is not held across steps"),
    }
}

fn list<E: Engine>(slot: &Slot<E>) -> BioList {
    let Value::List(list) = slot.copy() else { unreachable!("it is a list") };
    list
}

fn table<E: Engine>(slot: &Slot<E>) -> Option<TableId> {
    let Value::Table(table) = slot.copy() else { unreachable!("it is a table") };
    table
}

fn yes<E: Engine>(slot: &Slot<E>) -> bool {
    let Value::Yes(yes) = slot.copy() else { unreachable!("it is yes or no") };
    yes
}

fn task<E: Engine>(slot: &Slot<E>) -> Option<TaskId> {
    let Value::Task(task) = slot.copy() else { unreachable!("it is a task") };
    task
}

fn md_state<E: Engine>(md: &dm_model::plain::Md) -> MdState<E> {
    MdState {
        suspend: E::new_lock(false),
        inode: E::new_lock(false),
        io: E::new_lock(true),
        map_lock: E::new_lock(true),
        pushback_lock: E::new_lock(false),
        wait: E::new_lock(false),
        flags: E::atomic(i32::from(md.flags)),
        pending: E::atomic(i32::from(md.pending)),
        holders: E::atomic(i32::from(md.holders)),
        open_count: E::atomic(i32::from(md.open_count)),
        event_nr: E::atomic(md.event_nr.cast_signed()),
        size: E::atomic(md.capacity.cast_signed()),
        deferred: Slot::new(Value::List(md.deferred)),
        flushing: Slot::new(Value::List(md.flushing)),
        pushback: Slot::new(Value::List(md.pushback)),
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

fn guarded<E: Engine>(value: Value) -> Guarded<E> {
    Guarded { lock: E::new_lock(false), data: Slot::new(value), gate: E::gate() }
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

//! What of the kernel is a lock, what an atomic and what plain data, by its names.
use dm_model::flags::Flag;
use dm_model::ids::{CloneId, Device, DiskId, IoId, MdId, TableId, TargetId, TaskId};
use dm_model::memory::{Lock, Word};
use dm_sim::world::plan::{Context, Plan};

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

impl Datum {
    /// The kernel's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deferred(_) => "deferred",
            Self::Flushing(_) => "flushing",
            Self::Pushback(_) => "pushback",
            Self::Map(_) => "map",
            Self::Inactive(_) => "new_map",
            Self::Hashed(_) => "hashed",
            Self::SuspendedBdev(_) => "suspended_bdev",
            Self::Waiter(_) => "wait",
            Self::EventFn(_) => "event_fn",
            Self::Target(_) => "m",
            Self::Disk(_) => "queue",
            Self::Io(_) => "dm_io",
            Self::Clone(_) => "target_io",
        }
    }

    /// All plain data of a device.
    pub fn of_md(md: MdId) -> Vec<Self> {
        vec![
            Self::Deferred(md),
            Self::Flushing(md),
            Self::Pushback(md),
            Self::Map(md),
            Self::Inactive(md),
            Self::Hashed(md),
            Self::SuspendedBdev(md),
            Self::Waiter(md),
        ]
    }
}

/// The kernel's name of a lock.
pub fn lock_name(lock: Lock) -> &'static str {
    match lock {
        Lock::Hash => "_hash_lock",
        Lock::Suspend(_) => "suspend_lock",
        Lock::Inode(_) => "i_mutex",
        Lock::Io(_) => "io_lock",
        Lock::Minor => "_minor_lock",
        Lock::Map(_) => "map_lock",
        Lock::Event => "_event_lock",
        Lock::Pushback(_) => "pushback_lock",
        Lock::Wait(_) => "its lock",
        Lock::Target(_) => "m->lock",
        Lock::Disk(_) => "queue_lock",
    }
}

/// Whether it is an rwsem or an rwlock.
pub fn has_readers(lock: Lock) -> bool {
    match lock {
        Lock::Hash | Lock::Io(_) | Lock::Map(_) => true,
        Lock::Suspend(_)
        | Lock::Inode(_)
        | Lock::Minor
        | Lock::Event
        | Lock::Pushback(_)
        | Lock::Wait(_)
        | Lock::Target(_)
        | Lock::Disk(_) => false,
    }
}

/// The locks of a device, and those of all devices.
pub fn locks_of(md: MdId) -> Vec<Lock> {
    vec![
        Lock::Hash,
        Lock::Suspend(md),
        Lock::Inode(md),
        Lock::Io(md),
        Lock::Minor,
        Lock::Map(md),
        Lock::Event,
        Lock::Pushback(md),
        Lock::Wait(md),
    ]
}

/// The kernel's name of a word that is shared without a lock.
pub fn word_name(word: Word) -> &'static str {
    match word {
        Word::Pending(_) => "pending",
        Word::Holders(_) => "holders",
        Word::OpenCount(_) => "open_count",
        Word::EventNr(_) => "event_nr",
        Word::IoCount(_) => "io_count",
        Word::IoError(_) => "error",
        Word::TableHolders(_) => "t->holders",
        Word::SignalPending(_) => "TIF_SIGPENDING",
        Word::Size(_) => "i_size",
    }
}

/// The words of a device.
pub fn words_of(md: MdId) -> Vec<Word> {
    vec![
        Word::Pending(md),
        Word::Holders(md),
        Word::OpenCount(md),
        Word::EventNr(md),
        Word::Size(md),
    ]
}

fn md_name(plan: &Plan, md: MdId) -> &str {
    plan.setup.drivers.name(Device::Md(md))
}

/// The name of a `dm_io`: its first clone's, without the fragment.
fn io_name(plan: &Plan, io: IoId) -> String {
    plan.clone_name(CloneId::of(io, 0)).trim_end_matches(".0").to_owned()
}

fn of_table(plan: &Plan, table: TableId) -> String {
    let md = plan.setup.tables[table.index()].md;
    format!("table {} of {}", table.0, md_name(plan, md))
}

/// A word and whose it is.
pub fn word_text(plan: &Plan, word: Word) -> String {
    let name = word_name(word);
    match word {
        Word::Pending(md)
        | Word::Holders(md)
        | Word::OpenCount(md)
        | Word::EventNr(md)
        | Word::Size(md) => format!("{name} of {}", md_name(plan, md)),
        Word::IoCount(io) | Word::IoError(io) => format!("io->{name} of {}", io_name(plan, io)),
        Word::TableHolders(table) => format!("{name} of {}", of_table(plan, table)),
        Word::SignalPending(task) => format!("{name} of {}", plan.name(Context::Task(task))),
    }
}

/// A flag and whose it is.
pub fn flag_text(plan: &Plan, md: MdId, flag: Flag) -> String {
    format!("{flag:?} of {}", md_name(plan, md))
}

/// The state of a task.
pub fn state_text(plan: &Plan, task: TaskId) -> String {
    format!("task->state of {}", plan.name(Context::Task(task)))
}

/// Plain data and whose they are.
pub fn datum_text(plan: &Plan, datum: Datum) -> String {
    let name = datum.name();
    match datum {
        Datum::Deferred(md)
        | Datum::Flushing(md)
        | Datum::Pushback(md)
        | Datum::Map(md)
        | Datum::Inactive(md)
        | Datum::Hashed(md)
        | Datum::SuspendedBdev(md)
        | Datum::Waiter(md) => format!("{name} of {}", md_name(plan, md)),
        Datum::EventFn(table) => format!("{name} of {}", of_table(plan, table)),
        Datum::Target(target) => format!("{name} of {}", plan.target_name(target)),
        Datum::Disk(disk) => format!("{name} of {}", plan.setup.drivers.name(Device::Disk(disk))),
        Datum::Io(io) => format!("{name} of {}", io_name(plan, io)),
        Datum::Clone(clone) => format!("{name} of {}", plan.clone_name(clone)),
    }
}

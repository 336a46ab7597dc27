//! The shared memory of the kernel, as the processes see it: words, locks, lists and arenas.
//!
//! A process never holds a reference into it across steps. Words and locks are named by value, so
//! that a new target or era adds no method; the kernel's own names are provided methods on top.
//! Every access that may block is made with `?` and comes before any effect of its step.
use crate::driver::Drivers;
use crate::effect::{Effect, Object};
use crate::era::Era;
use crate::errno::Code;
use crate::flags::Flag;
use crate::ids::{BioId, BioPtr, CloneId, Device, DiskId, IoId, LIST_COUNT_MAX, MdId};
use crate::ids::{TableId, TargetId, TaskId};
use crate::mutant::Mutant;
use crate::queue::Queue;
use crate::setup::Setup;

/// A `struct bio_list`.
pub type BioList = Queue<BioPtr, LIST_COUNT_MAX>;

/// The step cannot be taken now; nothing has changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Blocked;

/// An integer that processes share without a lock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    /// `md->pending`: live `dm_io` between `start_io_acct` and `end_io_acct`.
    Pending(MdId),
    /// `md->holders`.
    Holders(MdId),
    /// `md->open_count`.
    OpenCount(MdId),
    /// `md->event_nr`.
    EventNr(MdId),
    /// `io->io_count`: 1 for the submission and 1 a clone.
    IoCount(IoId),
    /// `io->error`, a plain `int` without a lock (BUGS.md D-02).
    IoError(IoId),
    /// `t->holders`.
    TableHolders(TableId),
    /// `TIF_SIGPENDING` of a task.
    SignalPending(TaskId),
    /// The size of the disk, in sectors (`i_size`): written under `i_mutex`, read without it.
    Size(MdId),
}

/// A lock of the kernel.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lock {
    /// `_hash_lock`, the rwsem over the device hash and the inactive tables.
    Hash,
    /// `md->suspend_lock`, a semaphore.
    Suspend(MdId),
    /// `i_mutex` of the device's inode, which an fsync holds over its I/O (BUGS.md D-01).
    Inode(MdId),
    /// `md->io_lock`, an rwsem.
    Io(MdId),
    /// `_minor_lock`, a spinlock.
    Minor,
    /// `md->map_lock`, an rwlock.
    Map(MdId),
    /// `_event_lock`, a mutex over the event callbacks of tables.
    Event,
    /// `md->pushback_lock`, a spinlock.
    Pushback(MdId),
    /// The lock of the wait queue `md->wait`.
    Wait(MdId),
    /// The lock of a target, `m->lock` in multipath.
    Target(TargetId),
    /// The queue lock of a disk.
    Disk(DiskId),
}

/// Where a bio of an application is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub enum BioPlace {
    /// Not submitted yet.
    #[default]
    New,
    /// In the hands of a process that submits, re-issues or completes it.
    Hands,
    /// In `md->deferred`.
    Deferred,
    /// In `md->pushback`.
    Pushback,
    /// Carried by a `dm_io` whose clones are on their way.
    Mapped,
    /// Completed.
    Done,
}

/// Where a clone is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub enum ClonePlace {
    /// In the hands of a process.
    #[default]
    Hands,
    /// In a target's own list.
    Target,
    /// With a disk.
    Disk,
    /// A bio of the mapped device below: deferred there.
    Deferred,
    /// A bio of the mapped device below: pushed back there.
    Pushback,
    /// A bio of the mapped device below, carried by a `dm_io` of its own.
    Mapped,
}

/// A clone and its `target_io`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct CloneState {
    /// `tio->ti`.
    pub target: TargetId,
    /// `bi_sector`, in sectors of 512 bytes.
    pub sector: u32,
    /// `bi_size`, in sectors.
    pub count: u16,
    /// How many sectors into its bio it begins.
    pub offset: u16,
    /// `bi_bdev`.
    pub device: Device,
    /// `tio->info`, the target's own.
    pub info: u8,
    /// Where it is.
    pub place: ClonePlace,
}

/// A failure that is armed for the next time its step is taken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Fault {
    /// `bdget_disk` returns no device.
    Bdget = 0,
    /// `freeze_bdev` fails.
    LockFs = 1,
    /// `preresume` of a target fails.
    Preresume = 2,
    /// `map` of a target returns the setup's [`crate::setup::Setup::forced_map`].
    Map = 3,
    /// `end_io` of a target returns the setup's [`crate::setup::Setup::forced_end_io`].
    EndIo = 4,
    /// The hardware handler says `MP_FAIL_PATH`.
    PgInitFailPath = 5,
    /// The hardware handler says `MP_BYPASS_PG`.
    PgInitBypassPg = 6,
    /// The hardware handler says `MP_RETRY`.
    PgInitRetry = 7,
}

/// The shared memory of the kernel.
pub trait Memory: Sized {
    /// What stands below the core: target code and disks.
    type Drivers: Drivers;

    /// What never changes in a run.
    fn setup(&self) -> &Setup<Self::Drivers>;
    /// The answer to a question with `count` answers, counted from 0. At most one a step.
    fn choose(&mut self, count: u8) -> u8;
    /// Tells observers what the step did.
    fn emit(&mut self, effect: Effect);

    /// Takes a lock exclusively: spinlock, mutex, semaphore, rwsem or rwlock for writing.
    ///
    /// # Errors
    /// `Blocked` while another process holds it.
    fn lock(&mut self, lock: Lock) -> Result<(), Blocked>;
    /// Gives an exclusive lock back.
    fn unlock(&mut self, lock: Lock);
    /// Takes an rwsem or an rwlock for reading.
    ///
    /// # Errors
    /// `Blocked` while a writer holds it.
    fn lock_shared(&mut self, lock: Lock) -> Result<(), Blocked>;
    /// Gives a reader's share back.
    fn unlock_shared(&mut self, lock: Lock);

    /// Reads a word.
    fn load(&mut self, word: Word) -> i32;
    /// Writes a word.
    fn store(&mut self, word: Word, value: i32);
    /// Adds to a word in one atomic operation that orders nothing else (`atomic_inc`).
    fn add(&mut self, word: Word, delta: i32);
    /// Adds to a word and returns the sum, in one atomic operation that is a full barrier
    /// (`atomic_inc_return`, `atomic_dec_and_test`).
    fn add_return(&mut self, word: Word, delta: i32) -> i32;
    /// Adds to a word unless it is `unless`, in one atomic operation (`atomic_add_unless`); whether
    /// it did, and then it is a full barrier.
    fn add_unless(&mut self, word: Word, delta: i32, unless: i32) -> bool;
    /// Reads a bit of `md->flags`.
    fn test_bit(&mut self, md: MdId, flag: Flag) -> bool;
    /// Sets a bit of `md->flags` atomically.
    fn set_bit(&mut self, md: MdId, flag: Flag);
    /// Clears a bit of `md->flags` atomically.
    fn clear_bit(&mut self, md: MdId, flag: Flag);

    /// `md->deferred`. Under `io_lock` W.
    fn deferred(&mut self, md: MdId) -> &mut BioList;
    /// The deferred bios that the holder of `io_lock` W is flushing (its local list).
    fn flushing(&mut self, md: MdId) -> &mut BioList;
    /// `md->pushback`. Under `pushback_lock`.
    fn pushback(&mut self, md: MdId) -> &mut BioList;
    /// `md->map`. Under `map_lock`.
    fn map(&mut self, md: MdId) -> &mut Option<TableId>;
    /// `hc->new_map`, the inactive table. Under `_hash_lock`.
    fn inactive(&mut self, md: MdId) -> &mut Option<TableId>;
    /// Whether the device is in the hash. Under `_hash_lock`.
    fn hashed(&mut self, md: MdId) -> &mut bool;
    /// Whether the device has been created; the model's own note.
    fn exists(&self, md: MdId) -> bool;
    /// The device is created.
    fn create(&mut self, md: MdId);
    /// Whether `md->suspended_bdev` is held. Under `suspend_lock`.
    fn suspended_bdev(&mut self, md: MdId) -> &mut bool;
    /// Whether the table's events reach its device (`t->event_fn`). Under `_event_lock`.
    fn event_fn(&mut self, table: TableId) -> &mut bool;
    /// Who sleeps on `md->wait`. Under its lock.
    fn waiter(&mut self, md: MdId) -> &mut Option<TaskId>;
    /// A target's state and what never changes. Under the target's lock.
    fn target(
        &mut self,
        target: TargetId,
    ) -> (&mut <Self::Drivers as Drivers>::Target, &Setup<Self::Drivers>);
    /// A target's state where the kernel reads it without the target's lock.
    fn target_unlocked(&mut self, target: TargetId) -> &<Self::Drivers as Drivers>::Target;
    /// A disk's state. Under the disk's lock.
    fn disk(&mut self, disk: DiskId) -> &mut <Self::Drivers as Drivers>::Disk;

    /// `set_current_state`: the task will sleep at its next `schedule`, unless woken before.
    fn set_interruptible(&mut self, task: TaskId, interruptible: bool);
    /// `schedule`: returns once the task is runnable.
    ///
    /// # Errors
    /// `Blocked` while it sleeps.
    fn schedule(&mut self, task: TaskId) -> Result<(), Blocked>;
    /// `try_to_wake_up`: a task that sleeps or is about to becomes runnable.
    fn wake_task(&mut self, task: TaskId);

    /// A new `dm_io` of the bio, with one reference and no error. Private to its maker.
    fn alloc_io(&mut self, md: MdId, bio: BioPtr) -> IoId;
    /// The `dm_io` is no longer counted in `pending`: kept beside the count to check it.
    fn uncount(&mut self, io: IoId);
    /// `io->error`, read by the process that dropped the last reference: nobody else can.
    fn last_error(&self, io: IoId) -> Code;
    /// The `dm_io`'s device and bio.
    fn io(&self, io: IoId) -> (MdId, BioPtr);
    /// Gives a `dm_io` back to its pool.
    fn free_io(&mut self, io: IoId);
    /// Puts a new clone in its slot. Private to its maker.
    fn alloc_clone(&mut self, id: CloneId, clone: CloneState);
    /// A clone, in its owner's hands.
    fn clone_state(&mut self, id: CloneId) -> CloneState;
    /// Its owner changes a clone, but not its place.
    fn change_clone(&mut self, id: CloneId, change: impl FnOnce(&mut CloneState));
    /// The clone moves to another place: the model's own note, which orders nothing.
    fn set_clone_place(&mut self, id: CloneId, place: ClonePlace);
    /// Gives a clone and its `target_io` back to their pools.
    fn free_clone(&mut self, id: CloneId);
    /// First sector, and how many, of a bio as its device sees it.
    fn extent(&self, bio: BioPtr) -> (u32, u16);
    /// The bio moves to another place: the model's own note, which orders nothing.
    fn set_place(&mut self, bio: BioPtr, place: BioPlace);
    /// A bio of an application completes.
    fn complete(&mut self, bio: BioId, code: Code);
    /// Waits until an application's bio has completed.
    ///
    /// # Errors
    /// `Blocked` until then.
    fn wait_completed(&mut self, bio: BioId) -> Result<(), Blocked>;
    /// `bio_data_dir(bio) == WRITE`.
    fn is_write(&self, bio: BioPtr) -> bool;
    /// `bio_rw(bio) == READA`.
    fn is_readahead(&self, bio: BioPtr) -> bool;

    /// `queue_work`: a work item of the target is pending; twice pending is once.
    fn queue_work(&mut self, target: TargetId, work: u8);
    /// `flush_workqueue` for those of the target's work items that `works` has a bit for.
    ///
    /// # Errors
    /// `Blocked` while one of them is pending or runs.
    fn flush_work(&mut self, target: TargetId, works: u8) -> Result<(), Blocked>;

    /// Code reads or writes the object; it is an effect if the object is gone.
    fn touch(&mut self, object: Object);
    /// The object is gone.
    fn free(&mut self, object: Object);
    /// Takes an armed failure.
    fn take_fault(&mut self, md: MdId, fault: Fault) -> bool;

    /// The kernel version.
    fn era(&self) -> Era {
        self.setup().era
    }

    /// The seeded bug.
    fn mutant(&self) -> Mutant {
        self.setup().mutant
    }

    /// `down_read(&md->io_lock)`.
    ///
    /// # Errors
    /// `Blocked` while a writer holds it.
    fn down_read(&mut self, md: MdId) -> Result<(), Blocked> {
        self.lock_shared(Lock::Io(md))
    }

    /// `up_read(&md->io_lock)`.
    fn up_read(&mut self, md: MdId) {
        self.unlock_shared(Lock::Io(md));
    }

    /// `down_write(&md->io_lock)`.
    ///
    /// # Errors
    /// `Blocked` while anybody else holds it.
    fn down_write(&mut self, md: MdId) -> Result<(), Blocked> {
        self.lock(Lock::Io(md))
    }

    /// `up_write(&md->io_lock)`.
    fn up_write(&mut self, md: MdId) {
        self.unlock(Lock::Io(md));
    }

    /// Does `section` under a lock that is held for this step only.
    ///
    /// # Errors
    /// `Blocked` while another process holds it.
    fn with_lock<R>(
        &mut self,
        lock: Lock,
        section: impl FnOnce(&mut Self) -> R,
    ) -> Result<R, Blocked> {
        self.lock(lock)?;
        let result = section(self);
        self.unlock(lock);
        Ok(result)
    }

    /// `dm_get_table`: a reference to the live table, under `map_lock` R.
    ///
    /// # Errors
    /// `Blocked` while a writer holds `map_lock`.
    fn get_table(&mut self, md: MdId) -> Result<Option<TableId>, Blocked> {
        self.touch(Object::Md(md));
        self.lock_shared(Lock::Map(md))?;
        let table = *self.map(md);
        if let Some(table) = table {
            self.add(Word::TableHolders(table), 1);
        }
        self.unlock_shared(Lock::Map(md));
        Ok(table)
    }

    /// `wake_up(&md->wait)`.
    ///
    /// # Errors
    /// `Blocked` while another process holds the queue's lock.
    fn wake_up(&mut self, md: MdId) -> Result<(), Blocked> {
        self.with_lock(Lock::Wait(md), |memory| {
            if let Some(task) = *memory.waiter(md) {
                memory.wake_task(task);
            }
        })
    }
}

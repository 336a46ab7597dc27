//! What a memory of threads is made of: locks, atomics, cells, gates and threads, from loom, from
//! shuttle or from the machine, by one macro body.
//!
//! The only file that names loom, shuttle or `std::sync`. Which kernel object is made of what
//! stands in `shared`, which access has which ordering in `orderings`.
use std::cell::Cell;
use std::sync::atomic::{AtomicI32, AtomicU64, fence};
use std::sync::{Mutex, Once, PoisonError, mpsc};
use std::time::Duration;

pub use std::sync::Arc;
pub use std::sync::atomic::Ordering;

use crate::shared::Shared;

/// Primitives of one explorer.
pub trait Engine: Sized + 'static {
    /// The explorer's name.
    const NAME: &'static str;
    /// Whether it judges memory orderings, so that reads may miss writes.
    const IS_WEAK: bool;
    /// An integer that is accessed atomically.
    type Atomic;
    /// A lock of the kernel.
    type Lock;
    /// A lock that is held.
    type Guard<'a>;
    /// Plain data: accesses that nothing orders are reported.
    type Cell;
    /// A place to sleep: the run queue's lock, the work queue's lock, a completion.
    type Gate;

    /// A new atomic.
    fn atomic(value: i32) -> Self::Atomic;
    /// Reads it.
    fn load(atomic: &Self::Atomic, order: Ordering) -> i32;
    /// Writes it.
    fn store(atomic: &Self::Atomic, value: i32, order: Ordering);
    /// Replaces its value by another, which depends on it, in one operation; the old one, and
    /// whether it was replaced.
    fn update(
        atomic: &Self::Atomic,
        order: Ordering,
        next: impl Fn(i32) -> Option<i32>,
    ) -> Result<i32, i32>;
    /// Adds to it in one operation; the old value.
    fn fetch_add(atomic: &Self::Atomic, delta: i32, order: Ordering) -> i32;
    /// Sets and clears bits in one operation; the old value.
    fn fetch_bits(atomic: &Self::Atomic, set: i32, clear: i32, order: Ordering) -> i32;
    /// A fence.
    fn fence(order: Ordering);

    /// A new lock that has readers or not.
    fn new_lock(has_readers: bool) -> Self::Lock;
    /// Takes a lock.
    fn lock(lock: &Self::Lock, shared: bool) -> Self::Guard<'_>;
    /// Plain data at its birth.
    fn cell() -> Self::Cell;
    /// An access to plain data begins with a read of it.
    fn begin(cell: &Self::Cell);
    /// The access ends, with a write if the data were changed.
    fn end(cell: &Self::Cell, changed: bool);
    /// A place to sleep.
    fn gate() -> Self::Gate;
    /// Sleeps under the gate's lock until it is so.
    fn sleep_until(gate: &Self::Gate, is_so: impl FnMut() -> bool);
    /// Changes something under the gate's lock; who sleeps there looks again if it was changed.
    fn change(gate: &Self::Gate, change: impl FnOnce() -> bool);
    /// Runs `body` in this many threads, of which the caller's is the last, and waits for all.
    fn run(shared: &Arc<Shared<Self>>, count: usize, body: fn(&Shared<Self>, usize));
}

/// Data that an explorer does not see: notes for the report. Never held across an operation that
/// it does see, since a thread may be switched there.
#[derive(Debug, Default)]
pub struct Ghost<T>(Mutex<T>);

impl<T> Ghost<T> {
    /// Data that no explorer sees.
    pub fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Does something with it.
    pub fn with<R>(&self, use_it: impl FnOnce(&mut T) -> R) -> R {
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A number that an explorer does not see, and that orders nothing.
#[derive(Debug, Default)]
pub struct Note(AtomicU64);

impl Note {
    /// A note of this number.
    pub fn new(value: u64) -> Self {
        Self(AtomicU64::new(value))
    }

    /// Reads it.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Writes it.
    pub fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// Counts one more; the number before.
    pub fn count(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }

    /// Clears these bits; the number before.
    pub fn take(&self, bits: u64) -> u64 {
        self.0.fetch_and(!bits, Ordering::Relaxed)
    }
}

/// Does it in a thread of its own; `None` if that takes longer. The thread is left behind then.
pub fn within<R: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> R + Send + 'static,
) -> Option<std::thread::Result<R>> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        // Nobody listens any more when the limit has passed.
        let _late = send.send(result);
    });
    receive.recv_timeout(limit).ok()
}

/// A cell of loom: its own check of what happens before what.
#[derive(Debug)]
pub struct LoomCell(loom::cell::Cell<()>);

impl LoomCell {
    fn new() -> Self {
        Self(loom::cell::Cell::new(()))
    }

    fn begin(&self) {
        self.0.get();
    }

    fn end(&self, changed: bool) {
        if changed {
            self.0.set(());
        }
    }
}

/// A cell where interleavings are all that there is: accesses are seen that overlap.
#[derive(Debug)]
pub struct OverlapCell(AtomicI32);

impl OverlapCell {
    fn new() -> Self {
        Self(AtomicI32::new(0))
    }

    fn begin(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn end(&self, changed: bool) {
        let users = self.0.fetch_sub(1, Ordering::Relaxed);
        assert!(!changed || users == 1, "{DATA_RACE}: it was written while others looked at it");
    }
}

/// How the panic begins that tells of overlapping accesses.
pub const DATA_RACE: &str = "data race";

/// The primitives of one explorer: a body, three instances.
macro_rules! engine {
    ($(#[$doc:meta])* $name:ident, $text:literal, $weak:literal, $($krate:ident)::+,
     $cell:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Engine for $name {
            const NAME: &'static str = $text;
            const IS_WEAK: bool = $weak;
            type Atomic = $($krate)::+::sync::atomic::AtomicI32;
            type Lock = Lock<
                $($krate)::+::sync::Mutex<()>,
                $($krate)::+::sync::RwLock<()>,
            >;
            type Guard<'a> = Guard<
                $($krate)::+::sync::MutexGuard<'a, ()>,
                $($krate)::+::sync::RwLockReadGuard<'a, ()>,
                $($krate)::+::sync::RwLockWriteGuard<'a, ()>,
            >;
            type Cell = $cell;
            type Gate = ($($krate)::+::sync::Mutex<()>, $($krate)::+::sync::Condvar);

            fn atomic(value: i32) -> Self::Atomic {
                Self::Atomic::new(value)
            }

            fn load(atomic: &Self::Atomic, order: Ordering) -> i32 {
                atomic.load(order)
            }

            fn store(atomic: &Self::Atomic, value: i32, order: Ordering) {
                atomic.store(value, order);
            }

            fn update(
                atomic: &Self::Atomic,
                order: Ordering,
                next: impl Fn(i32) -> Option<i32>,
            ) -> Result<i32, i32> {
                atomic.fetch_update(order, Ordering::Relaxed, next)
            }

            fn fetch_add(atomic: &Self::Atomic, delta: i32, order: Ordering) -> i32 {
                atomic.fetch_add(delta, order)
            }

            fn fetch_bits(atomic: &Self::Atomic, set: i32, clear: i32, order: Ordering) -> i32 {
                if clear == 0 {
                    atomic.fetch_or(set, order)
                } else {
                    atomic.fetch_and(!clear, order)
                }
            }

            fn fence(order: Ordering) {
                if $weak {
                    loom::sync::atomic::fence(order);
                } else {
                    fence(order);
                }
            }

            fn new_lock(has_readers: bool) -> Self::Lock {
                if has_readers {
                    Lock::Rw($($krate)::+::sync::RwLock::new(()))
                } else {
                    Lock::Exclusive($($krate)::+::sync::Mutex::new(()))
                }
            }

            fn lock(lock: &Self::Lock, shared: bool) -> Self::Guard<'_> {
                match lock {
                    Lock::Exclusive(lock) => Guard::Exclusive(lock.lock().expect(POISONED)),
                    Lock::Rw(lock) if shared => Guard::Read(lock.read().expect(POISONED)),
                    Lock::Rw(lock) => Guard::Write(lock.write().expect(POISONED)),
                }
            }

            fn cell() -> $cell {
                <$cell>::new()
            }

            fn begin(cell: &$cell) {
                cell.begin();
            }

            fn end(cell: &$cell, changed: bool) {
                cell.end(changed);
            }

            fn gate() -> Self::Gate {
                ($($krate)::+::sync::Mutex::new(()), $($krate)::+::sync::Condvar::new())
            }

            fn sleep_until((lock, condvar): &Self::Gate, mut is_so: impl FnMut() -> bool) {
                let mut guard = lock.lock().expect(POISONED);
                while !is_so() {
                    guard = condvar.wait(guard).expect(POISONED);
                }
                drop(guard);
            }

            fn change((lock, condvar): &Self::Gate, change: impl FnOnce() -> bool) {
                let guard = lock.lock().expect(POISONED);
                if change() {
                    condvar.notify_all();
                }
                drop(guard);
            }

            fn run(shared: &Arc<Shared<Self>>, count: usize, body: fn(&Shared<Self>, usize)) {
                let spawn = |thread: usize| {
                    let shared = Arc::clone(shared);
                    $($krate)::+::thread::spawn(move || body(&shared, thread))
                };
                // This thread is the last of them: a stack less in every execution, and under loom
                // fewer executions.
                let threads: Vec<_> = (0..count - 1).map(spawn).collect();
                body(shared, count - 1);
                for thread in threads {
                    thread.join().expect("a thread that panics is reported by itself");
                }
            }
        }
    };
}

/// A lock that has readers or not.
#[derive(Debug)]
pub enum Lock<E, R> {
    /// A spinlock, a mutex or a semaphore.
    Exclusive(E),
    /// An rwsem or an rwlock.
    Rw(R),
}

/// A lock that is held.
#[derive(Debug)]
pub enum Guard<E, R, W> {
    /// The one holder's.
    Exclusive(E),
    /// A reader's.
    Read(R),
    /// The writer's.
    Write(W),
}

const POISONED: &str = "a thread has panicked under this lock";

engine! {
    /// loom: every interleaving and every read that C11 allows.
    Loom, "loom", true, loom, LoomCell
}
engine! {
    /// shuttle: interleavings, sequentially consistent.
    Shuttle, "shuttle", false, shuttle, OverlapCell
}
engine! {
    /// The threads of this machine.
    Threads, "threads", false, std, OverlapCell
}

/// Runs the body in every execution that loom finds, with at most so many preemptions.
///
/// # Panics
/// When the body does, and when loom finds a race or a deadlock.
pub fn check_loom(preemptions: Option<usize>, body: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = preemptions;
    builder.max_branches = LOOM_BRANCH_COUNT_MAX;
    builder.check(body);
}

/// How many operations one execution under loom may have.
const LOOM_BRANCH_COUNT_MAX: usize = 1_000;

/// Who chooses the schedules under shuttle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scheduler {
    /// Every switch by lot.
    Random,
    /// Priorities by lot, and this many changes of them.
    Pct(usize),
    /// Every schedule, one after the other.
    Dfs,
}

/// Runs the body in the first `iterations` schedules of the seed.
///
/// # Panics
/// When the body does, and when it deadlocks.
pub fn check_shuttle(
    scheduler: Scheduler,
    seed: u64,
    iterations: usize,
    body: impl Fn() + Send + Sync + 'static,
) {
    use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler};
    match scheduler {
        Scheduler::Random => run_shuttle(RandomScheduler::new_from_seed(seed, iterations), body),
        Scheduler::Pct(depth) => {
            run_shuttle(PctScheduler::new_from_seed(seed, depth, iterations), body);
        }
        Scheduler::Dfs => run_shuttle(DfsScheduler::new(Some(iterations), false), body),
    }
}

/// Of each thread under shuttle, and of the replay behind it.
const STACK_SIZE: usize = 1 << 20;

fn run_shuttle(
    scheduler: impl shuttle::scheduler::Scheduler + 'static,
    body: impl Fn() + Send + Sync + 'static,
) {
    let mut config = shuttle::Config::new();
    config.failure_persistence = shuttle::FailurePersistence::None;
    config.silence_warnings = true;
    config.stack_size = STACK_SIZE;
    shuttle::Runner::new(scheduler, config).run(body);
}

/// Runs each schedule twice and compares: whether anything but the schedule decides what happens.
///
/// # Panics
/// When something does.
pub fn check_determinism(iterations: usize, body: impl Fn() + Send + Sync + 'static) {
    shuttle::check_uncontrolled_nondeterminism(body, iterations);
}

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Does it; a panic is a value, and is not printed.
pub fn quietly(work: impl FnOnce()) -> Result<(), String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                previous(info);
            }
        }));
    });
    IS_QUIET.set(true);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    IS_QUIET.set(false);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        text.unwrap_or_else(|| "a panic without words".to_owned())
    })
}

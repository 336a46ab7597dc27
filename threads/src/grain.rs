//! Seeded bugs of the grain: a lock left out, a section cut in two, an ordering weakened.
//!
//! They break what the rules of the model take for granted, so that no rule of the model can have
//! them: on `Plain` a step is a section by construction.
use dm_model::memory::Lock;
use dm_model::mutant::Mutant;

use crate::orderings::{Site, Strength};

/// What kind of lock a lock is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[expect(missing_docs, reason = "each is the variant of `Lock` of its name")]
pub enum LockKind {
    Hash,
    Suspend,
    Inode,
    Io,
    Minor,
    Map,
    Event,
    Pushback,
    Wait,
    Target,
    Disk,
}

impl From<Lock> for LockKind {
    fn from(lock: Lock) -> Self {
        match lock {
            Lock::Hash => Self::Hash,
            Lock::Suspend(_) => Self::Suspend,
            Lock::Inode(_) => Self::Inode,
            Lock::Io(_) => Self::Io,
            Lock::Minor => Self::Minor,
            Lock::Map(_) => Self::Map,
            Lock::Event => Self::Event,
            Lock::Pushback(_) => Self::Pushback,
            Lock::Wait(_) => Self::Wait,
            Lock::Target(_) => Self::Target,
            Lock::Disk(_) => Self::Disk,
        }
    }
}

/// A seeded bug of the grain, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Grain {
    /// The kernel as it is.
    #[default]
    None,
    /// A lock is not taken.
    LeftOut(LockKind),
    /// An rwsem is taken for reading where the kernel takes it for writing.
    SharedForWriter(LockKind),
    /// The lock is given back and taken again after a flag was tested under it.
    CutAfterTest(LockKind),
    /// The lock is given back and taken again after a flag was cleared under it.
    CutAfterClear(LockKind),
    /// A read and a write instead of one operation.
    Split(Site),
    /// An access has this ordering.
    Ordering(Site, Strength),
    /// `wake_up` looks for sleepers without the queue's lock (`waitqueue_active`).
    WaitqueueActive,
    /// A rule of the model is broken. loom judges by the ends of the model without it; shuttle and
    /// threads replay on the broken model, whose claims judge.
    Rule(Mutant),
}

/// A seeded bug with its name and what it is.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The name on the command line.
    pub name: &'static str,
    /// The bug.
    pub grain: Grain,
    /// The window in which it shows.
    pub window: &'static str,
    /// What it is.
    pub about: &'static str,
}

/// Every seeded bug of the grain.
pub const GRAINS: &[Named] = &[
    Named {
        name: "pushback-lock-left-out",
        grain: Grain::LeftOut(LockKind::Pushback),
        window: "requeue-signal-tail",
        about: "P3 and S10 do not take pushback_lock",
    },
    Named {
        name: "map-lock-left-out",
        grain: Grain::LeftOut(LockKind::Map),
        window: "table-swap",
        about: "dm_get_table and the swap do not take map_lock",
    },
    Named {
        name: "target-lock-left-out",
        grain: Grain::LeftOut(LockKind::Target),
        window: "fail-path-map",
        about: "map_io and fail_path do not take m->lock",
    },
    Named {
        name: "wait-lock-left-out",
        grain: Grain::LeftOut(LockKind::Wait),
        window: "requeue-tail",
        about: "add_wait_queue and wake_up do not take the queue's lock",
    },
    Named {
        name: "disk-lock-left-out",
        grain: Grain::LeftOut(LockKind::Disk),
        window: "submit-submit",
        about: "a clone is put into a disk's queue without its lock",
    },
    Named {
        name: "io-lock-read-in-queue-io",
        grain: Grain::SharedForWriter(LockKind::Io),
        window: "queue-io-resume",
        about: "queue_io, the suspend and the resume take io_lock for reading",
    },
    Named {
        name: "p3-cut-in-two",
        grain: Grain::CutAfterTest(LockKind::Pushback),
        window: "requeue-signal-tail",
        about: "P3 gives pushback_lock back between the test of the flag and the append",
    },
    Named {
        name: "queue-io-cut-in-two",
        grain: Grain::CutAfterTest(LockKind::Io),
        window: "queue-io-resume",
        about: "queue_io gives io_lock back between its test of BLOCK_IO and the append",
    },
    Named {
        name: "resume-cut-in-two",
        grain: Grain::CutAfterClear(LockKind::Io),
        window: "resume-submit",
        about: "R3 gives io_lock back between the clearing of BLOCK_IO and the stealing of deferred",
    },
    Named {
        name: "io-count-split",
        grain: Grain::Split(Site::IoCountFall),
        window: "two-ends",
        about: "io_count falls by a read and a write",
    },
    Named {
        name: "pending-split",
        grain: Grain::Split(Site::PendingFall),
        window: "two-requeues-tail",
        about: "pending falls by a read and a write",
    },
    Named {
        name: "wake-up-before-append",
        grain: Grain::Rule(Mutant::PendingBeforeAppend),
        window: "requeue-tail",
        about: "pending falls and the suspend is woken before the bio is parked",
    },
    Named {
        name: "flag-tested-outside-lock",
        grain: Grain::Rule(Mutant::FlagTestedOutsideLock),
        window: "requeue-signal-tail",
        about: "P3 tests the flag before it takes pushback_lock",
    },
    Named {
        name: "check-before-prepare",
        grain: Grain::Rule(Mutant::CheckBeforePrepare),
        window: "requeue-tail",
        about: "the suspend looks at pending before it prepares to sleep",
    },
    Named {
        name: "no-recheck-in-queue-io",
        grain: Grain::Rule(Mutant::NoRecheckInQueueIo),
        window: "queue-io-resume",
        about: "queue_io defers without looking again at BLOCK_IO",
    },
    Named {
        name: "io-count-relaxed",
        grain: Grain::Ordering(Site::IoCountFall, Strength::Relaxed),
        window: "error-end",
        about: "io_count falls without a barrier",
    },
    Named {
        name: "table-put-relaxed",
        grain: Grain::Ordering(Site::TablePut, Strength::Relaxed),
        window: "table-swap",
        about: "a reference to a table is put without a barrier",
    },
    Named {
        name: "prepare-without-barrier",
        grain: Grain::Ordering(Site::TaskPrepare, Strength::Release),
        window: "end-tail",
        about: "the suspend prepares to sleep by __set_current_state, without a barrier",
    },
    Named {
        name: "wake-without-barrier",
        grain: Grain::Ordering(Site::TaskWake, Strength::Acquire),
        window: "signal-sleep",
        about: "a signal looks at the sleeper without a barrier after TIF_SIGPENDING",
    },
    Named {
        name: "waitqueue-active",
        grain: Grain::WaitqueueActive,
        window: "end-tail",
        about: "wake_up looks for sleepers without a lock, and without the barrier that needs",
    },
];

/// The seeded bug with this name.
pub fn find(name: &str) -> Option<&'static Named> {
    GRAINS.iter().find(|named| named.name == name)
}

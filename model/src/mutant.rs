//! Seeded bugs: each is a value that breaks one rule of the core.
//!
//! They show that the claims can fail. None is active unless a setup names it.

/// A seeded bug, or none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub enum Mutant {
    /// The kernel as it is.
    #[default]
    None,
    /// `queue_io` defers without looking again at BLOCK_IO (KERNEL.md A.2).
    NoRecheckInQueueIo,
    /// The pending count falls before the bio is parked (KERNEL.md A.8, 2).
    PendingBeforeAppend,
    /// P3 tests the flag outside `pushback_lock` (KERNEL.md A.8, 1; BUGS.md D-03).
    FlagTestedOutsideLock,
    /// The suspender looks at the pending count before it prepares to sleep.
    CheckBeforePrepare,
    /// The worker dispatches without a path although the target is to queue (KERNEL.md B.3).
    DispatchWithoutPath,
}

/// Every mutant but `None`, with its name on the command line.
pub const MUTANTS: [(Mutant, &str); 5] = [
    (Mutant::NoRecheckInQueueIo, "no-recheck-in-queue-io"),
    (Mutant::PendingBeforeAppend, "pending-before-append"),
    (Mutant::FlagTestedOutsideLock, "flag-tested-outside-lock"),
    (Mutant::CheckBeforePrepare, "check-before-prepare"),
    (Mutant::DispatchWithoutPath, "dispatch-without-path"),
];

impl Mutant {
    /// The mutant with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        MUTANTS.iter().find(|(_, known)| *known == name).map(|(mutant, _)| *mutant)
    }
}

//! The simulator's column of the kill matrix: how many seeds each mutant took, or why it is out of
//! reach. A test runs a part of it, and `pushback simulate --mutants` all.
use dm_model::mutant::Mutant;

/// How many seeds are tried before a mutant is said to be out of reach.
pub const SEED_COUNT: u64 = 2_000;

/// What the simulator makes of a mutant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// It breaks this claim after so many seeds.
    Found {
        /// Seeds, the last of which found it.
        seeds: u64,
        /// The claim.
        claim: &'static str,
    },
    /// It does not, and why.
    OutOfReach(&'static str),
}

const fn found(mutant: Mutant, seeds: u64, claim: &'static str) -> (Mutant, Reach) {
    (mutant, Reach::Found { seeds, claim })
}

const fn missed(mutant: Mutant, why: &'static str) -> (Mutant, Reach) {
    (mutant, Reach::OutOfReach(why))
}

/// Every mutant, in the order of the model's lists: what `pushback simulate --mutants` shows.
pub const REACH: &[(Mutant, Reach)] = &[
    found(Mutant::NoRecheckInQueueIo, 2, "nothing_is_stranded"),
    found(Mutant::BlockIoNotTested, 2, "blocked_io_does_not_start"),
    found(Mutant::SubmissionWithoutIoLock, 2, "blocked_io_does_not_start"),
    found(Mutant::NotDeferredIsDropped, 2, "nothing_is_stranded"),
    found(Mutant::IoCountWithoutSubmission, 3, "objects_are_alive_where_they_are_used"),
    found(Mutant::FlushFails, 2, "no_unjustified_error"),
    found(Mutant::MapRequeueIgnored, 3, "no_unjustified_error"),
    found(Mutant::EndIoRequeueIgnored, 3, "no_unjustified_error"),
    missed(
        Mutant::FirstErrorStays,
        "no table that is drawn has a target that fails of itself beside one that asks for REQUEUE",
    ),
    found(Mutant::SuccessOverwritesError, 3, "every_read_returns_a_possible_value"),
    found(Mutant::RequeuePerClone, 3, "objects_are_alive_where_they_are_used"),
    found(Mutant::PushbackUnderIoLock, 143, "nothing_is_stranded"),
    found(Mutant::ParkedWithoutFlag, 627, "pushback_is_empty_without_the_flag"),
    found(Mutant::RequeueIsAnError, 3, "no_unjustified_error"),
    found(Mutant::FlagTestedOutsideLock, 627, "pushback_is_empty_without_the_flag"),
    found(Mutant::PendingBeforeAppend, 17, "no_unjustified_error"),
    found(Mutant::WakeUpForgotten, 2, "nothing_is_stranded"),
    found(Mutant::RequeueCompletesToo, 3, "objects_are_alive_where_they_are_used"),
    found(Mutant::FlagAfterPresuspend, 340, "no_unjustified_error"),
    found(Mutant::NoflushLocksFs, 488, "nothing_is_stranded"),
    found(Mutant::BlockIoNotSet, 2, "a_suspended_device_is_quiet"),
    found(Mutant::BlockIoWithoutIoLock, 2, "blocked_io_does_not_start"),
    found(Mutant::SuspendedBeforeWait, 4, "tables_outlive_their_users"),
    found(Mutant::FlagClearedBeforeWait, 3, "no_unjustified_error"),
    found(Mutant::CheckBeforePrepare, 3, "nothing_is_stranded"),
    found(Mutant::PendingNotAwaited, 122, "no_unjustified_error"),
    missed(
        Mutant::SignalIgnored,
        "who is not interrupted waits until all is healed, and then returns: no claim of a run says that it must be sooner",
    ),
    found(Mutant::SignalLeavesAtOnce, 2, "a_suspend_happens_whole_or_not_at_all"),
    found(Mutant::FlagNotCleared, 6, "a_suspend_happens_whole_or_not_at_all"),
    found(Mutant::MergeDropsOne, 3, "nothing_is_stranded"),
    found(Mutant::PendingNotReadAgain, 4, "a_suspended_device_is_quiet"),
    missed(
        Mutant::FlagClearedAfterSteal,
        "the window is the steps from S10 to S14: it took 4,832 seeds, more than are tried here",
    ),
    found(Mutant::AbortKeepsBlocking, 4, "blocked_io_does_not_start"),
    found(Mutant::AbortWithoutFlush, 4, "a_suspend_happens_whole_or_not_at_all"),
    found(Mutant::SuspendedNotSet, 1, "a_suspend_happens_whole_or_not_at_all"),
    missed(
        Mutant::BdgetFailureSkipsF,
        "2.6.20 does without bdget under noflush: it is of series:6 and series:7",
    ),
    missed(
        Mutant::BdgetFailureForgetsIo,
        "2.6.20 does without bdget under noflush: it is of series:6 and series:7",
    ),
    found(Mutant::TargetsResumedLate, 9, "no_unjustified_error"),
    found(Mutant::ResumeKeepsBlocking, 1, "blocked_io_does_not_start"),
    found(Mutant::ResumeWithoutFlush, 2, "nothing_is_stranded"),
    found(Mutant::ResumeUnblocksLate, 2, "blocked_io_does_not_start"),
    found(Mutant::SwapWithoutSuspended, 4, "the_map_changes_only_while_suspended"),
    found(Mutant::SwapOfAnySize, 199, "no_unjustified_error"),
    found(Mutant::SwapTakesInodeMutex, 14, "nothing_is_stranded"),
    found(Mutant::BindWithoutReference, 1, "tables_outlive_their_users"),
    found(Mutant::TablePutFrees, 1, "tables_outlive_their_users"),
    missed(
        Mutant::IoctlWithoutReference,
        "the administrator of a device makes one call after the other: nobody removes it meanwhile",
    ),
    found(Mutant::RequeueWithoutSuspend, 3, "no_unjustified_error"),
    found(Mutant::MapQueuesWithoutKick, 5, "nothing_is_stranded"),
    found(Mutant::EndIoQueuesWhileSuspending, 35, "nothing_is_stranded"),
    found(Mutant::EndIoQueuesWithoutKick, 1, "nothing_is_stranded"),
    found(Mutant::PresuspendWithoutKick, 35, "nothing_is_stranded"),
    found(Mutant::PresuspendSavesNothing, 3, "no_unjustified_error"),
    found(Mutant::ResumeForgetsPolicy, 3, "no_unjustified_error"),
    found(Mutant::ReinstateWithoutKick, 8, "nothing_is_stranded"),
    found(Mutant::DestroyWithoutFlush, 21, "tables_outlive_their_users"),
    found(Mutant::WorkerWaitsForPath, 35, "nothing_is_stranded"),
    found(Mutant::WorkerDropsClones, 1, "nothing_is_stranded"),
    found(Mutant::WorkerSkipsEndIo, 10, "no_unjustified_error"),
    found(Mutant::PgInitEndWithoutKick, 5, "nothing_is_stranded"),
    missed(
        Mutant::DispatchWithoutPath,
        "only a liveness claim kills it, and its loop ends once all is healed",
    ),
    missed(Mutant::PushbackWithoutFlag, "no claim can kill it"),
    missed(Mutant::SplitWithoutReference, "no claim can kill it"),
];

/// What the simulator makes of a mutant, if it is in the table.
pub fn reach_of(mutant: Mutant) -> Option<Reach> {
    REACH.iter().find(|(it, _)| *it == mutant).map(|(_, reach)| *reach)
}

//! Seeded bugs: each is a value that breaks one rule of the core or of multipath.
//!
//! They show that the claims can fail. None is active unless a setup names it. Where each shows,
//! and which claim it breaks, is in `kills` of the properties.

/// Declares the mutants: what each breaks, its name on the command line, the label of the rule.
macro_rules! mutants {
    (
        $(#[doc = $about:literal] $mutant:ident $name:literal $label:literal;)*
        livelocks:
        $(#[doc = $spins:literal] $livelock:ident $called:literal $where:literal;)*
        survivors:
        $(#[doc = $why:literal] $survivor:ident $known:literal $at:literal;)*
    ) => {
        /// A seeded bug, or none.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
        pub enum Mutant {
            /// The kernel as it is.
            #[default]
            None,
            $(#[doc = $about] $mutant,)*
            $(#[doc = $spins] $livelock,)*
            $(#[doc = $why] $survivor,)*
        }

        /// Every mutant that a claim kills, in the order of the labels.
        pub const MUTANTS: &[Seeded] = &[$(Seeded {
            mutant: Mutant::$mutant,
            name: $name,
            label: $label,
            about: $about,
        },)*];

        /// Those that only a liveness claim kills.
        pub const LIVELOCKS: &[Seeded] = &[$(Seeded {
            mutant: Mutant::$livelock,
            name: $called,
            label: $where,
            about: $spins,
        },)*];

        /// Those that no claim can kill.
        pub const SURVIVORS: &[Seeded] = &[$(Seeded {
            mutant: Mutant::$survivor,
            name: $known,
            label: $at,
            about: $why,
        },)*];
    };
}

/// What a mutant is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seeded {
    /// The value.
    pub mutant: Mutant,
    /// Its name on the command line.
    pub name: &'static str,
    /// The label whose rule it breaks.
    pub label: &'static str,
    about: &'static str,
}

impl Seeded {
    /// What it breaks, in a sentence.
    pub fn about(&self) -> &'static str {
        self.about.trim_start()
    }
}

impl Mutant {
    /// The mutant with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = MUTANTS.iter().chain(LIVELOCKS).chain(SURVIVORS);
        all.find(|known| known.name == name).map(|known| known.mutant)
    }
}

mutants! {
    /// `queue_io` defers without looking again at BLOCK_IO (KERNEL.md A.2).
    NoRecheckInQueueIo "no-recheck-in-queue-io" "Q2d";
    /// dm_request maps a bio although BLOCK_IO is set.
    BlockIoNotTested "block-io-not-tested" "Q2a";
    /// dm_request maps without `io_lock`: BLOCK_IO may be set after it was tested.
    SubmissionWithoutIoLock "submission-without-io-lock" "Q1";
    /// A bio that `queue_io` did not defer is not tried again.
    NotDeferredIsDropped "not-deferred-is-dropped" "Q2e";
    /// `io_count` counts clones only: the first may end the bio before the next is made.
    IoCountWithoutSubmission "io-count-without-submission" "B2";
    /// A flush of `deferred` ends its bios with an error and does not issue them.
    FlushFails "flush-fails" "B7";
    /// The core takes REQUEUE of map for an error (as before patch 6).
    MapRequeueIgnored "map-requeue-ignored" "M2";
    /// The core takes REQUEUE of end_io for success: the error of below stays.
    EndIoRequeueIgnored "end-io-requeue-ignored" "E1";
    /// P1 keeps the first error, so that a later REQUEUE is lost (BUGS.md D-02).
    FirstErrorStays "first-error-stays" "P1a";
    /// P1 runs for success too: a clone that succeeds overwrites an error (BUGS.md D-48).
    SuccessOverwritesError "success-overwrites-error" "P1c";
    /// Each clone that asks for REQUEUE pushes the whole bio back at once (BUGS.md D-38).
    RequeuePerClone "requeue-per-clone" "P2";
    /// P3 takes `io_lock` and appends to `deferred`: no list of its own (KERNEL.md A.8, 7).
    PushbackUnderIoLock "pushback-under-io-lock" "P3";
    /// P3 parks the bio without a look at the flag (KERNEL.md A.8, 4).
    ParkedWithoutFlag "parked-without-flag" "P3";
    /// P3 turns every REQUEUE into -EIO.
    RequeueIsAnError "requeue-is-an-error" "P3";
    /// P3 tests the flag outside `pushback_lock` (KERNEL.md A.8, 1; BUGS.md D-03).
    FlagTestedOutsideLock "flag-tested-outside-lock" "P3Append";
    /// The pending count falls before the bio is parked (KERNEL.md A.8, 2).
    PendingBeforeAppend "pending-before-append" "P4";
    /// Nobody wakes the suspender when `pending` falls to 0.
    WakeUpForgotten "wake-up-forgotten" "P5";
    /// A bio that was pushed back is completed as well.
    RequeueCompletesToo "requeue-completes-too" "P6";
    /// NOFLUSH is set after presuspend: targets read it too early (KERNEL.md A.8, 3).
    FlagAfterPresuspend "flag-after-presuspend" "S2";
    /// A noflush suspend waits in lock_fs for I/O that it pushes back (KERNEL.md A.8, 5).
    NoflushLocksFs "noflush-locks-fs" "S5";
    /// A suspend does not set BLOCK_IO.
    BlockIoNotSet "block-io-not-set" "S6a";
    /// BLOCK_IO is set without `io_lock`: submissions under way do not see it.
    BlockIoWithoutIoLock "block-io-without-io-lock" "S6a";
    /// SUSPENDED is set with BLOCK_IO, before the wait.
    SuspendedBeforeWait "suspended-before-wait" "S6a";
    /// NOFLUSH is cleared before the wait (KERNEL.md A.8, 3).
    FlagClearedBeforeWait "flag-cleared-before-wait" "S6b";
    /// The suspender looks at the pending count before it prepares to sleep.
    CheckBeforePrepare "check-before-prepare" "S8a";
    /// The suspender does not wait for `pending`.
    PendingNotAwaited "pending-not-awaited" "S8b";
    /// The suspender does not look at signals.
    SignalIgnored "signal-ignored" "S8c";
    /// A signal leads to OUT past S9..S11: nothing is undone.
    SignalLeavesAtOnce "signal-leaves-at-once" "S8c";
    /// S10 leaves NOFLUSH set.
    FlagNotCleared "flag-not-cleared" "S10";
    /// S10 loses the last bio of `pushback`.
    MergeDropsOne "merge-drops-one" "S10";
    /// A suspend that a signal ended succeeds without a look at `pending`.
    PendingNotReadAgain "pending-not-read-again" "S11a";
    /// `pushback` is stolen first, the flag cleared later (KERNEL.md A.8, 1).
    FlagClearedAfterSteal "flag-cleared-after-steal" "S11b";
    /// An interrupted suspend leaves BLOCK_IO set.
    AbortKeepsBlocking "abort-keeps-blocking" "S11b";
    /// An interrupted suspend does not flush `deferred`.
    AbortWithoutFlush "abort-without-flush" "S11c";
    /// A suspend succeeds without SUSPENDED.
    SuspendedNotSet "suspended-not-set" "S14";
    /// bdget fails and NOFLUSH stays set (KERNEL.md A.8, 6).
    BdgetFailureSkipsF "bdget-failure-skips-f" "F1";
    /// bdget fails and what was pushed back is not flushed (KERNEL.md A.8, 6).
    BdgetFailureForgetsIo "bdget-failure-forgets-io" "F3";
    /// `deferred` is flushed before the targets resume.
    TargetsResumedLate "targets-resumed-late" "R2b";
    /// A resume leaves BLOCK_IO set.
    ResumeKeepsBlocking "resume-keeps-blocking" "R3a";
    /// A resume does not flush `deferred`.
    ResumeWithoutFlush "resume-without-flush" "R3b";
    /// A resume clears BLOCK_IO after the flush.
    ResumeUnblocksLate "resume-unblocks-late" "R3c";
    /// A table is swapped in while the device is not suspended.
    SwapWithoutSuspended "swap-without-suspended" "W0";
    /// A swap after a noflush suspend does not look at the size (the stall fix).
    SwapOfAnySize "swap-of-any-size" "W0";
    /// A swap after a noflush suspend takes `i_mutex` (BUGS.md D-01).
    SwapTakesInodeMutex "swap-takes-inode-mutex" "W4";
    /// The device takes no reference to the table that is swapped in.
    BindWithoutReference "bind-without-reference" "W5";
    /// `dm_table_put` frees the table although others hold it.
    TablePutFrees "table-put-frees" "T1";
    /// The suspend ioctl holds no reference to the device.
    IoctlWithoutReference "ioctl-without-reference" "X1";
    /// `map_io` without a path answers REQUEUE though nobody suspends (BUGS.md D-52).
    RequeueWithoutSuspend "requeue-without-suspend" "N1";
    /// `map_io` queues a clone and does not run the worker.
    MapQueuesWithoutKick "map-queues-without-kick" "N1";
    /// `do_end_io` without a path queues where it should answer REQUEUE.
    EndIoQueuesWhileSuspending "end-io-queues-while-suspending" "J1";
    /// `do_end_io` queues a clone and does not run the worker.
    EndIoQueuesWithoutKick "end-io-queues-without-kick" "J5";
    /// presuspend does not run the worker for what the target has queued.
    PresuspendWithoutKick "presuspend-without-kick" "I1";
    /// presuspend changes the policy as a message does: nothing is set aside.
    PresuspendSavesNothing "presuspend-saves-nothing" "I1";
    /// resume does not bring the policy back.
    ResumeForgetsPolicy "resume-forgets-policy" "I2";
    /// reinstate_path does not run the worker for what waits.
    ReinstateWithoutKick "reinstate-without-kick" "I3";
    /// The destructor does not wait for the target's work items.
    DestroyWithoutFlush "destroy-without-flush" "I6";
    /// The worker dispatches nothing without a path, although the policy is to fail.
    WorkerWaitsForPath "worker-waits-for-path" "K1";
    /// The worker maps the first clone that it has taken, and forgets the others.
    WorkerDropsClones "worker-drops-clones" "K4";
    /// The worker ends what it cannot map itself: end_io cannot answer REQUEUE.
    WorkerSkipsEndIo "worker-skips-end-io" "K4";
    /// The end of a pg_init does not run the worker.
    PgInitEndWithoutKick "pg-init-end-without-kick" "I16";

livelocks:
    /// The worker dispatches without a path although the target is to queue (KERNEL.md B.3).
    DispatchWithoutPath "dispatch-without-path" "K1";

survivors:
    /// `__must_push_back` does not look at the flag (KERNEL.md A.8, 4).
    PushbackWithoutFlag "pushback-without-flag" "N1";
    /// `__split_bio` takes no reference to the table.
    SplitWithoutReference "split-without-reference" "B1";
}

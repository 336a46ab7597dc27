//! Where a shipped kernel breaks a claim: the reviewed list, each with its reason.
//!
//! A pinned claim is still searched and reported with its trail; it does not fail a check. Nothing
//! is pinned where a suspend may be interrupted.
use dm_model::era::Era;

/// A claim that an era breaks, and why that is the kernel's fault and not the model's.
#[derive(Clone, Copy, Debug)]
pub struct Pin {
    /// The claim's name.
    pub claim: &'static str,
    /// The first era that breaks it so.
    pub since: Era,
    /// The last era that breaks it so.
    pub until: Era,
    /// The only configurations in which it is expected; none named for all.
    pub only: &'static [&'static str],
    /// Why.
    pub reason: &'static str,
}

/// The reviewed list.
pub const PINS: &[Pin] = &[
    Pin {
        claim: "no_bogus_error",
        since: Era::Linux2_6_19,
        until: Era::Series6,
        only: &[],
        reason: "the problem that the series solves: without pushback, or before multipath asks \
                 for it (patch 7), a suspend flushes what is queued as errors",
    },
    Pin {
        claim: "requeue_supersedes_errors",
        since: Era::Series6,
        until: Era::Hardened,
        only: &["mixed", "two-ends", "requeue-error-tail", "requeue-error-signal-tail"],
        reason: "D-02: P1 reads and writes io->error without a lock, so an error that another \
                 clone brings can overwrite REQUEUE",
    },
    Pin {
        claim: "no_bogus_error",
        since: Era::Linux2_6_20,
        until: Era::Linux2_6_20,
        only: &["requeue-signal-tail", "worker-flag-clear", "interrupted"],
        reason: "F22: a signal ends the wait of a noflush suspend while a REQUEUE is on its way; \
                 S10 has cleared the flag, P3 fails the I/O, pending is 0 at S11, and the suspend \
                 answers 0",
    },
    Pin {
        claim: "pools_outlive_their_io",
        since: Era::Linux2_6_19,
        until: Era::Hardened,
        only: &["remove", "interrupted-remove"],
        reason: "D-05, D-06: clone_endio and dec_pending give the clone and the dm_io back after \
                 bio_endio, when their owner may have closed and removed the device",
    },
    Pin {
        claim: "tables_outlive_their_users",
        since: Era::Linux2_6_19,
        until: Era::Hardened,
        only: &["spanning", "cycles", "implicit", "remove", "generated", "reload", "old-tools"],
        reason: "J6: multipath_end_io looks at the path's selector after do_end_io has queued the \
                 clone again; by then the worker may have ended it, and a suspend, a swap and the \
                 destructor may have freed the path (by reading dm-mpath.c of 2.6.24)",
    },
    Pin {
        claim: "tables_outlive_their_users",
        since: Era::Linux2_6_19,
        until: Era::Hardened,
        only: &["reloaded-while-initialised"],
        reason: "multipath_dtr flushes kmultipathd alone: a pg_init that is under way ends on the \
                 target that a swap has freed (I10 .. I16; by reading dm-mpath.c of 2.6.24)",
    },
    Pin {
        claim: "the_kernel_does_not_stop",
        since: Era::Linux2_6_19,
        until: Era::Hardened,
        only: &["pg_init"],
        reason: "pg_init_required outlives the last path: process_queued_ios then calls the \
                 handler's pg_init with the path of a NULL pgpath (by reading dm-mpath.c of \
                 2.6.24)",
    },
    Pin {
        claim: "nothing_is_stranded",
        since: Era::Linux2_6_19,
        until: Era::Hardened,
        only: &["messages", "interrupted-paths", "interrupted-flush-suspender", "storm"],
        reason: "no path was ever chosen, so queue_io is still 1: the worker takes the clone off \
                 the queue (K4), reinstate_path finds queue_size 0 and does not kick the worker, \
                 do_end_io finds a valid path and queues the clone again (J5), where queue_io \
                 keeps it from kicking the worker: a path is valid and the I/O waits for ever \
                 (by reading dm-mpath.c of 2.6.24)",
    },
    Pin {
        claim: "nothing_is_stranded",
        since: Era::Linux2_6_19,
        until: Era::Hardened,
        only: &["fsync-suspended"],
        reason: "D-01 was mended for noflush alone: an fsync of a device that is suspended without \
                 it holds i_mutex while its write is deferred, and the swap waits for the mutex in \
                 __set_size (W4), before the resume that would issue the write",
    },
    Pin {
        claim: "devices_outlive_their_users",
        since: Era::Linux2_6_19,
        until: Era::Hardened,
        only: &["swap-fails"],
        reason: "do_resume whose swap fails calls dm_put(md) before dm_table_put(new_map), whose \
                 dm_put_device reads ti->table->md: a remove may have freed the device meanwhile",
    },
    Pin {
        claim: "a_suspend_that_began_returns",
        since: Era::Linux2_6_19,
        until: Era::Hardened,
        only: &["messages", "interrupted-paths", "interrupted-flush-suspender"],
        reason: STRANDED_WITH_A_PATH,
    },
    Pin {
        claim: "a_running_device_completes_its_io",
        since: Era::Linux2_6_19,
        until: Era::Hardened,
        only: &["interrupted-paths", "interrupted-flush-suspender"],
        reason: STRANDED_WITH_A_PATH,
    },
    Pin {
        claim: "a_target_with_a_path_dispatches_its_queue",
        since: Era::Linux2_6_19,
        until: Era::Hardened,
        only: &["messages", "interrupted-paths", "interrupted-flush-suspender"],
        reason: STRANDED_WITH_A_PATH,
    },
];

const STRANDED_WITH_A_PATH: &str = "as nothing_is_stranded: a suspend makes the worker take the clone off the queue, the path is \
     reinstated meanwhile and finds queue_size 0, do_end_io queues the clone again, and queue_io, \
     which is 1 until a path is chosen, keeps it from kicking the worker (findings.md 4; by \
     reading dm-mpath.c of 2.6.24)";

/// Why the claim's breaking is expected in this era; `None` where it is not, or where nothing is
/// pinned: a suspend may be interrupted, or a bug is seeded.
pub fn pinned(claim: &str, era: Era, configuration: &str, unpinned: bool) -> Option<&'static str> {
    let applies = |pin: &&Pin| {
        let concerns = pin.only.is_empty() || pin.only.contains(&configuration);
        pin.claim == claim && (pin.since..=pin.until).contains(&era) && concerns
    };
    PINS.iter().find(applies).filter(|_| !unpinned).map(|pin| pin.reason)
}

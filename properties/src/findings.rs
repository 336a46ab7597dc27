//! What the shipped kernel breaks of its claims: each with its shortest trail and its evidence.
//!
//! The list is reviewed: a test compares it with the pins and with the trails, so that a finding
//! that disappears, or a new one, is noticed. docs/findings.md tells each at length.

/// How a finding is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// The source that was read has it.
    ByReading(&'static str),
    /// The search reaches it.
    InTheModel,
    /// The threads of a machine have run into it (docs/threads.md).
    OnThreads,
    /// A running kernel of this version has shown it, by this scenario.
    SeenOnKernel(&'static str, &'static str),
}

/// A claim that the shipped kernel breaks.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    /// Its number in docs/findings.md.
    pub id: &'static str,
    /// What happens, in a line.
    pub title: &'static str,
    /// The claim that breaks.
    pub claim: &'static str,
    /// The liveness claims that break with it.
    pub also: &'static [&'static str],
    /// The configuration in which the search finds it first.
    pub configuration: &'static str,
    /// The file of its shortest trail, in `properties/regressions/`.
    pub trail: &'static str,
    /// The text of that file.
    pub text: &'static str,
    /// Why it is so, in terms of the kernel's source.
    pub why: &'static str,
    /// How it is known.
    pub evidence: &'static [Evidence],
    /// The commit or the version that mended it, as far as it was read.
    pub mended: &'static str,
}

macro_rules! trail {
    ($name:literal) => {
        include_str!(concat!("../regressions/", $name))
    };
}

/// Every finding, in the order of docs/findings.md.
pub const FINDINGS: &[Finding] = &[
    Finding {
        id: "1",
        title: "an error overwrites REQUEUE",
        claim: "requeue_supersedes_errors",
        also: &[],
        configuration: "mixed",
        trail: "mixed-2.6.20-requeue_supersedes_errors.trail",
        text: trail!("mixed-2.6.20-requeue_supersedes_errors.trail"),
        why: "dec_pending reads io->error, tests NOFLUSH and writes io->error without a lock, so \
              two clones that end at once overwrite each other: the bio fails although one part \
              of it asked for pushback (D-02)",
        evidence: &[Evidence::ByReading("dm.c, 2e93ccc1933d"), Evidence::InTheModel],
        mended: "2.6.32, by a lock",
    },
    Finding {
        id: "2",
        title: "a dm_io and a clone are freed into pools that are gone",
        claim: "pools_outlive_their_io",
        also: &[],
        configuration: "remove",
        trail: "remove-2.6.20-pools_outlive_their_io.trail",
        text: trail!("remove-2.6.20-pools_outlive_their_io.trail"),
        why: "dec_pending gives the dm_io back after bio_endio, and clone_endio the clone after \
              that: the owner may have closed and removed the device, whose pools are destroyed \
              (D-05, D-06)",
        evidence: &[Evidence::ByReading("dm.c, 2e93ccc1933d"), Evidence::InTheModel],
        mended: "D-06 in 2.6.34 (a97f925a32aa)",
    },
    Finding {
        id: "3",
        title: "multipath_end_io looks at a path that is freed",
        claim: "tables_outlive_their_users",
        also: &[],
        configuration: "implicit",
        trail: "implicit-2.6.20-tables_outlive_their_users.trail",
        text: trail!("implicit-2.6.20-tables_outlive_their_users.trail"),
        why: "multipath_end_io reads pgpath->pg->ps.type after do_end_io has queued the clone \
              again: the worker may have ended it, and a suspend, a swap and the destructor may \
              have freed the path",
        evidence: &[
            Evidence::ByReading("dm-mpath.c, 2.6.24"),
            Evidence::InTheModel,
            Evidence::OnThreads,
        ],
        mended: "not looked up",
    },
    Finding {
        id: "4",
        title: "I/O waits in multipath although a path is valid",
        claim: "nothing_is_stranded",
        also: &[
            "a_suspend_that_began_returns",
            "a_running_device_completes_its_io",
            "a_target_with_a_path_dispatches_its_queue",
        ],
        configuration: "messages",
        trail: "messages-2.6.20-nothing_is_stranded.trail",
        text: trail!("messages-2.6.20-nothing_is_stranded.trail"),
        why: "queue_io is 1 until a path is first chosen; the worker takes the clone off the queue, \
              reinstate_path finds queue_size 0 and does not start it, and do_end_io queues the \
              clone again without starting it, because of queue_io",
        evidence: &[Evidence::ByReading("dm-mpath.c, 2.6.24"), Evidence::InTheModel],
        mended: "not looked up",
    },
    Finding {
        id: "5",
        title: "a pg_init without a path",
        claim: "the_kernel_does_not_stop",
        also: &[],
        configuration: "pg_init",
        trail: "pg_init-2.6.20-the_kernel_does_not_stop.trail",
        text: trail!("pg_init-2.6.20-the_kernel_does_not_stop.trail"),
        why: "pg_init_required outlives the last path: process_queued_ios then hands &pgpath->path \
              of a NULL pgpath to the handler",
        evidence: &[Evidence::ByReading("dm-mpath.c, 2.6.24"), Evidence::InTheModel],
        mended: "published trees from 2.6.31 on start none without a path",
    },
    Finding {
        id: "6",
        title: "a signal costs I/O that a noflush suspend was to keep",
        claim: "no_bogus_error",
        also: &[],
        configuration: "interrupted",
        trail: "interrupted-2.6.20-no_bogus_error.trail",
        text: trail!("interrupted-2.6.20-no_bogus_error.trail"),
        why: "dm_suspend clears NOFLUSH (S10) before it knows whether it was interrupted (S11), and \
              never undoes presuspend: what is judged from then on finds the policy set aside and \
              no flag, and fails; the suspend may answer 0 all the same (F1, F22)",
        evidence: &[
            Evidence::ByReading("dm.c, 2e93ccc1933d; dm-mpath.c, 2.6.24"),
            Evidence::InTheModel,
            Evidence::SeenOnKernel("6.1.176, 6.1.192, 6.12.117", "policy-lost-after-interruption"),
        ],
        mended: "the policy: not in 6.12 for bio-based multipath; proposed in docs/hardened.md",
    },
    Finding {
        id: "7",
        title: "a resume that fails to swap frees the device before its table",
        claim: "devices_outlive_their_users",
        also: &[],
        configuration: "swap-fails",
        trail: "swap-fails-2.6.20-devices_outlive_their_users.trail",
        text: trail!("swap-fails-2.6.20-devices_outlive_their_users.trail"),
        why: "do_resume whose swap fails calls dm_put(md) and then dm_table_put(new_map): a remove \
              may free the device before dm_put_device reads ti->table->md",
        evidence: &[Evidence::ByReading("dm-ioctl.c, dm-table.c, 2.6.24"), Evidence::InTheModel],
        mended: "not looked up",
    },
    Finding {
        id: "8",
        title: "an fsync of a suspended device and a resume wait for each other",
        claim: "nothing_is_stranded",
        also: &[],
        configuration: "fsync-suspended",
        trail: "fsync-suspended-2.6.20-nothing_is_stranded.trail",
        text: trail!("fsync-suspended-2.6.20-nothing_is_stranded.trail"),
        why: "the fsync holds i_mutex while its write is deferred; after a suspend without the flag \
              there is suspended_bdev, so that the swap of a resume calls __set_size, which waits \
              for the mutex: D-01 was mended for noflush alone",
        evidence: &[Evidence::ByReading("dm.c, 2e93ccc1933d"), Evidence::InTheModel],
        mended: "not looked up",
    },
    Finding {
        id: "9",
        title: "a pg_init ends on a target that is gone",
        claim: "tables_outlive_their_users",
        also: &[],
        configuration: "reloaded-while-initialised",
        trail: "reloaded-while-initialised-2.6.20-tables_outlive_their_users.trail",
        text: trail!("reloaded-while-initialised-2.6.20-tables_outlive_their_users.trail"),
        why: "multipath_dtr flushes kmultipathd, which knows nothing of a handler's command that is \
              under way: dm_pg_init_complete comes after free_multipath, reads and writes the \
              target and starts its worker",
        evidence: &[Evidence::ByReading("dm-mpath.c, 2.6.24"), Evidence::InTheModel],
        mended: "6.1 waits for it, multipath_wait_for_pg_init_completion",
    },
];

/// The finding of this number.
pub fn finding(id: &str) -> Option<&'static Finding> {
    FINDINGS.iter().find(|finding| finding.id == id)
}

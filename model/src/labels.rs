//! The labels of the core as data: process, file, what makes each step atomic, what it mirrors.
//!
//! A test holds the table against the label enums, both ways; docs/labels.md is generated from it.
//! Sections are those of docs/KERNEL.md; functions are the kernel's.

/// The guard of a label at which a call is under way: it has no section of its own.
pub const CALL: &str = "none: a call";

/// What is said of one label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LabelRow {
    /// The label as trails show it.
    pub label: &'static str,
    /// The process that has it: the struct whose label it is.
    pub process: &'static str,
    /// The file of the process, from the root of the project.
    pub file: &'static str,
    /// The lock or the atomic operation that makes the step atomic.
    pub guard: &'static str,
    /// The kernel's function that the step mirrors.
    pub function: &'static str,
    /// Where that function was read: a commit, or a file of a published tree.
    pub source: &'static str,
    /// The section of docs/KERNEL.md, with its label if it has one.
    pub section: &'static str,
}

/// The columns that all labels of a process share.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Process {
    name: &'static str,
    file: &'static str,
    source: &'static str,
}

impl Process {
    /// A process in this file, read in this text of the kernel.
    pub const fn new(name: &'static str, file: &'static str, source: &'static str) -> Self {
        Self { name, file, source }
    }

    /// One of its labels.
    pub const fn row(
        self,
        label: &'static str,
        guard: &'static str,
        function: &'static str,
        section: &'static str,
    ) -> LabelRow {
        let Self { name: process, file, source } = self;
        LabelRow { label, process, file, guard, function, source, section }
    }
}

const APPLICATION: Process = Process::new("Application", "model/src/submit.rs", "2e93ccc1933d");
const SUBMIT: Process = Process::new("Submit", "model/src/submit.rs", "2e93ccc1933d");
const SPLIT: Process = Process::new("Split", "model/src/split.rs", "2e93ccc1933d");
const FLUSH: Process = Process::new("Flush", "model/src/split.rs", "2e93ccc1933d");
const MAP_BIO: Process = Process::new("MapBio", "model/src/map.rs", "2e93ccc1933d");
const CLONE_ENDIO: Process = Process::new("CloneEndio", "model/src/endio.rs", "2e93ccc1933d");
const DEC_PENDING: Process = Process::new("DecPending", "model/src/endio.rs", "2e93ccc1933d");
const COMPLETE: Process = Process::new("Complete", "model/src/complete.rs", "2e93ccc1933d");
const SUSPEND: Process = Process::new("Suspend", "model/src/suspend.rs", "2e93ccc1933d");
const RESUME: Process = Process::new("Resume", "model/src/resume.rs", "2e93ccc1933d");
const SWAP_TABLE: Process = Process::new("SwapTable", "model/src/swap.rs", "2e93ccc1933d");
const DO_SUSPEND: Process = Process::new("DoSuspend", "model/src/ioctl.rs", "dm-ioctl.c, 2.6.24");
const DO_RESUME: Process = Process::new("DoResume", "model/src/ioctl.rs", "dm-ioctl.c, 2.6.24");
const CREATE: Process = Process::new("Create", "model/src/admin.rs", "dm-ioctl.c, 2.6.24");
const LOAD: Process = Process::new("Load", "model/src/admin.rs", "dm-ioctl.c, 2.6.24");
const REMOVE: Process = Process::new("Remove", "model/src/admin.rs", "dm-ioctl.c, 2.6.24");
const QUERY: Process = Process::new("Query", "model/src/query.rs", "dm-ioctl.c, 2.6.24");
const OPEN: Process = Process::new("Open", "model/src/lifetime.rs", "2e93ccc1933d");
const CLOSE: Process = Process::new("Close", "model/src/lifetime.rs", "2e93ccc1933d");
const PUT_MD: Process = Process::new("PutMd", "model/src/lifetime.rs", "2e93ccc1933d");
const PUT_TABLE: Process = Process::new("PutTable", "model/src/lifetime.rs", "dm-table.c, 2.6.24");
const REISSUE: Process = Process::new("Reissue", "model/src/reissue.rs", "docs/hardened.md");
const SIGNAL: Process = Process::new("Signal", "model/src/signal.rs", "2.6.20");

/// Every label of the core, in the order of its enum.
pub const LABELS: &[LabelRow] = &[
    APPLICATION.row("A1", CALL, "dm_blk_open", "A.1"),
    APPLICATION.row("A2", "i_mutex", "blkdev_fsync", "A.6"),
    APPLICATION.row("A3", CALL, "dm_request", "A.2"),
    APPLICATION.row("A4", "atomic: the bio is done", "wait_on_bit", "A.3"),
    APPLICATION.row("A5", "i_mutex", "blkdev_fsync", "A.6"),
    APPLICATION.row("A6", CALL, "dm_blk_close", "A.1"),
    SUBMIT.row("Q0", "unlocked read: i_size", "generic_make_request", "A.6"),
    SUBMIT.row("Q0a", CALL, "bio_endio", "A.6"),
    SUBMIT.row("Q1", "io_lock R", "dm_request", "A.2 Q1"),
    SUBMIT.row("Q2a", "unlocked read: BLOCK_IO (io_lock R held)", "dm_request", "A.2 Q2"),
    SUBMIT.row("Q2b", "io_lock R, given back", "dm_request", "A.2 Q2"),
    SUBMIT.row("Q2c", CALL, "bio_io_error", "A.2 Q2"),
    SUBMIT.row("Q2d", "io_lock W", "queue_io", "A.2 Q2"),
    SUBMIT.row("Q2e", "io_lock R", "dm_request", "A.2 Q2"),
    SUBMIT.row("Q3", CALL, "__split_bio", "A.2 Q3"),
    SUBMIT.row("Q4", "io_lock R, given back", "dm_request", "A.2 Q4"),
    SPLIT.row("B1", "map_lock R", "dm_get_table", "A.2 Q3"),
    SPLIT.row("B2", "atomic: pending", "start_io_acct", "A.2 Q3"),
    SPLIT.row("B3", CALL, "__clone_and_map", "A.2 Q3"),
    SPLIT.row("B4", CALL, "dec_pending", "A.2 Q3"),
    SPLIT.row("B5", CALL, "dm_table_put", "A.2 Q3"),
    SPLIT.row("B6", CALL, "bio_io_error", "A.2 Q3"),
    FLUSH.row("B7", CALL, "__flush_deferred_io", "A.4 S11"),
    MAP_BIO.row("M1", "atomic: io_count", "__map_bio", "A.2 Q3"),
    MAP_BIO.row("M2", CALL, "ti->type->map", "A.2 Q3"),
    MAP_BIO.row("M3", "the disk's queue lock", "generic_make_request", "A.2 Q3"),
    MAP_BIO.row("M4", CALL, "dec_pending", "A.2 Q3"),
    MAP_BIO.row("M5", "the mempools' own locks", "bio_put, free_tio", "A.3"),
    MAP_BIO.row("M6", CALL, "generic_make_request", "A.2 Q3"),
    CLONE_ENDIO.row("E1", CALL, "ti->type->end_io", "A.3"),
    CLONE_ENDIO.row("E2", CALL, "dec_pending", "A.3"),
    CLONE_ENDIO.row("E3", "the mempools' own locks", "bio_put, free_tio", "A.3"),
    DEC_PENDING.row("P1a", "unlocked read: io->error", "dec_pending", "A.3 P1"),
    DEC_PENDING.row("P1b", "unlocked read: NOFLUSH", "dec_pending", "A.3 P1"),
    DEC_PENDING.row("P1c", "unlocked write: io->error", "dec_pending", "A.3 P1"),
    DEC_PENDING.row("P2", "atomic: io_count", "dec_pending", "A.3 P2"),
    DEC_PENDING.row("P3", "pushback_lock", "dec_pending", "A.3 P3"),
    DEC_PENDING.row("P4", "atomic: pending", "end_io_acct", "A.3 P4"),
    DEC_PENDING.row("P5", "the lock of md->wait", "wake_up", "A.3 P5"),
    DEC_PENDING.row("P6", CALL, "bio_endio", "A.3 P6"),
    DEC_PENDING.row("P7", "the mempool's own lock", "free_io", "A.3 P7"),
    DEC_PENDING.row("P3Append", "mutant only: pushback_lock", "dec_pending", "A.8, 1"),
    COMPLETE.row("U1", "atomic: the bio is done", "bio->bi_end_io", "A.3 P6"),
    SUSPEND.row("S0", "suspend_lock", "dm_suspend", "A.4 S0"),
    SUSPEND.row("S1", "map_lock R", "dm_get_table", "A.4 S1"),
    SUSPEND.row("S2", "atomic: flags", "dm_suspend", "A.4 S2"),
    SUSPEND.row("S3", CALL, "dm_table_presuspend_targets", "A.4 S3"),
    SUSPEND.row("S4", "suspend_lock, held", "bdget_disk", "A.4 S4"),
    SUSPEND.row("S5", "suspend_lock, held", "lock_fs", "A.4 S5"),
    SUSPEND.row("S6a", "io_lock W", "dm_suspend", "A.4 S6"),
    SUSPEND.row("S6b", "the lock of md->wait", "add_wait_queue", "A.4 S6"),
    SUSPEND.row("S6c", "io_lock W, given back", "dm_suspend", "A.4 S6"),
    SUSPEND.row("S8a", "atomic: the task's state", "set_current_state", "A.4 S8"),
    SUSPEND.row("S8b", "unlocked read: pending", "dm_suspend", "A.4 S8"),
    SUSPEND.row("S8c", "unlocked read: TIF_SIGPENDING", "signal_pending", "A.4 S8"),
    SUSPEND.row("S8d", "the scheduler", "io_schedule", "A.4 S8"),
    SUSPEND.row("S9a", "io_lock W", "dm_suspend", "A.4 S9"),
    SUSPEND.row("S9b", "the lock of md->wait", "remove_wait_queue", "A.4 S9"),
    SUSPEND.row("S9c", "io_lock W; atomic: pending", "none: hardened", "A.4 S11"),
    SUSPEND.row("S9d", CALL, "none: hardened", "A.4 S3"),
    SUSPEND.row("S10", "pushback_lock", "dm_suspend", "A.4 S10"),
    SUSPEND.row("S11a", "unlocked read: pending", "dm_suspend", "A.4 S11"),
    SUSPEND.row("S11b", "io_lock W, held", "dm_suspend", "A.4 S11"),
    SUSPEND.row("S11c", CALL, "__flush_deferred_io", "A.4 S11"),
    SUSPEND.row("S11d", "io_lock W, given back", "dm_suspend", "A.4 S11"),
    SUSPEND.row("S11e", "suspend_lock, held", "unlock_fs", "A.4 S11"),
    SUSPEND.row("S12", "io_lock W, given back", "dm_suspend", "A.4 S12"),
    SUSPEND.row("S13", CALL, "dm_table_postsuspend_targets", "A.4 S13"),
    SUSPEND.row("S14", "atomic: flags", "dm_suspend", "A.4 S14"),
    SUSPEND.row("F1", "io_lock W", "dm_suspend", "A.4 F"),
    SUSPEND.row("F2", "pushback_lock", "dm_suspend", "A.4 F"),
    SUSPEND.row("F3", CALL, "__flush_deferred_io", "A.4 F"),
    SUSPEND.row("F4", "io_lock W, given back", "dm_suspend", "A.4 F"),
    SUSPEND.row("O1", CALL, "dm_table_put", "A.4 OUT"),
    SUSPEND.row("O2", "suspend_lock, given back", "dm_suspend", "A.4 OUT"),
    RESUME.row("R0", "suspend_lock", "dm_resume", "A.5 R0"),
    RESUME.row("R1", "map_lock R", "dm_get_table", "A.5 R1"),
    RESUME.row("R2a", CALL, "dm_table_resume_targets", "A.5 R2"),
    RESUME.row("R2b", CALL, "dm_table_resume_targets", "A.5 R2"),
    RESUME.row("R3a", "io_lock W", "dm_resume", "A.5 R3"),
    RESUME.row("R3b", CALL, "__flush_deferred_io", "A.5 R3"),
    RESUME.row("R3c", "io_lock W, given back", "dm_resume", "A.5 R3"),
    RESUME.row("R4", "suspend_lock, held", "unlock_fs, bdput", "A.5 R4"),
    RESUME.row("R5", "atomic: flags", "dm_resume", "A.5 R5"),
    RESUME.row("R7a", CALL, "dm_table_put", "A.5 R7"),
    RESUME.row("R7b", "suspend_lock, given back", "dm_resume", "A.5 R7"),
    SWAP_TABLE.row("W0", "suspend_lock", "dm_swap_table", "A.6"),
    SWAP_TABLE.row("W1", "_event_lock", "__unbind", "A.6"),
    SWAP_TABLE.row("W2", "map_lock W", "__unbind", "A.6"),
    SWAP_TABLE.row("W3", CALL, "dm_table_put", "A.6"),
    SWAP_TABLE.row("W4", "i_mutex", "__set_size", "A.6"),
    SWAP_TABLE.row("W5", "_event_lock", "__bind", "A.6"),
    SWAP_TABLE.row("W6", "map_lock W", "__bind", "A.6"),
    SWAP_TABLE.row("W7", "suspend_lock, given back", "dm_swap_table", "A.6"),
    DO_SUSPEND.row("X1", "_hash_lock R", "find_device", "A.7"),
    DO_SUSPEND.row("X2", "unlocked read: SUSPENDED", "do_suspend", "A.7"),
    DO_SUSPEND.row("X3", CALL, "dm_suspend", "A.7"),
    DO_SUSPEND.row("X4", CALL, "dm_put", "A.7"),
    DO_RESUME.row("Y1", "_hash_lock W", "do_resume", "A.7"),
    DO_RESUME.row("Y2", "unlocked read: SUSPENDED", "do_resume", "A.7"),
    DO_RESUME.row("Y3", CALL, "dm_suspend", "A.7"),
    DO_RESUME.row("Y4", CALL, "dm_swap_table", "A.7"),
    DO_RESUME.row("Y5", CALL, "dm_table_put", "A.7"),
    DO_RESUME.row("Y6", "unlocked read: SUSPENDED", "do_resume", "A.7"),
    DO_RESUME.row("Y7", CALL, "dm_resume", "A.7"),
    DO_RESUME.row("Y8", CALL, "dm_put", "A.7"),
    DO_RESUME.row("Y9", CALL, "dm_put", "A.7"),
    DO_RESUME.row("Y10", CALL, "dm_table_put", "A.7"),
    CREATE.row("L0", "_hash_lock W", "dm_hash_insert", "A.7"),
    LOAD.row("L1", "_hash_lock R", "find_device", "A.7"),
    LOAD.row("L1a", CALL, "dm_get_device", "A.7"),
    LOAD.row("L1b", CALL, "dm_put_device", "A.7"),
    LOAD.row("L2", "_hash_lock W", "table_load, table_clear", "A.7"),
    LOAD.row("L3", CALL, "dm_table_put", "A.7"),
    LOAD.row("L4", "_hash_lock W, given back", "table_load, table_clear", "A.7"),
    LOAD.row("L5", CALL, "dm_table_put", "A.7"),
    LOAD.row("L6", CALL, "dm_put", "A.7"),
    REMOVE.row("D1", "_hash_lock W", "dev_remove", "A.7"),
    REMOVE.row("D2", "_minor_lock", "dm_lock_for_deletion", "A.7"),
    REMOVE.row("D3", "map_lock R", "__hash_remove", "A.7"),
    REMOVE.row("D4", "_event_lock", "dm_table_event", "A.7"),
    REMOVE.row("D5", CALL, "dm_table_put", "A.7"),
    REMOVE.row("D6", CALL, "dm_table_put", "A.7"),
    REMOVE.row("D7", "atomic: holders", "dm_put", "A.7"),
    REMOVE.row("D8", "_hash_lock W, given back", "dev_remove", "A.7"),
    REMOVE.row("D9", CALL, "dm_put", "A.7"),
    QUERY.row("H1", "_hash_lock R", "find_device", "A.7"),
    QUERY.row("H2", "map_lock R", "dm_get_table", "A.7"),
    QUERY.row("H3", CALL, "ti->type->message, ->status", "A.7"),
    QUERY.row("H4", CALL, "dm_table_put", "A.7"),
    QUERY.row("H5", CALL, "dm_put", "A.7"),
    OPEN.row("Z1", "_minor_lock", "dm_blk_open", "A.7"),
    CLOSE.row("Z2", "atomic: open_count", "dm_blk_close", "A.7"),
    CLOSE.row("Z3", CALL, "dm_put", "A.7"),
    PUT_MD.row("V1", "atomic: holders", "dm_put", "A.7"),
    PUT_MD.row("V2", "_minor_lock", "dm_put", "A.7"),
    PUT_MD.row("V3", "unlocked read: SUSPENDED", "dm_put", "A.7"),
    PUT_MD.row("V4", CALL, "dm_table_presuspend_targets", "A.7"),
    PUT_MD.row("V5", CALL, "dm_table_postsuspend_targets", "A.7"),
    PUT_MD.row("V6", "_event_lock", "__unbind", "A.7"),
    PUT_MD.row("V7", "map_lock W", "__unbind", "A.7"),
    PUT_MD.row("V8", CALL, "dm_table_put", "A.7"),
    PUT_MD.row("V9", CALL, "dm_table_put", "A.7"),
    PUT_MD.row("V10", "none: nobody else is left", "free_dev", "A.7"),
    PUT_TABLE.row("T1", "atomic: the table's holders", "dm_table_put", "A.6"),
    PUT_TABLE.row("T2", CALL, "ti->type->dtr", "A.6"),
    PUT_TABLE.row("T3", CALL, "dm_put_device", "A.6"),
    PUT_TABLE.row("T4", "none: nobody else is left", "table_destroy", "A.6"),
    SIGNAL.row("G1", "atomic: TIF_SIGPENDING", "signal_wake_up", "A.4 S8"),
    SIGNAL.row("G2", "the scheduler", "try_to_wake_up", "A.4 S8"),
    REISSUE.row("RQ1", "io_lock W", "none: hardened", "A.3"),
    REISSUE.row("RQ2", "pushback_lock", "none: hardened", "A.4 S10"),
    REISSUE.row("RQ3", CALL, "__flush_deferred_io", "A.4 S11"),
    REISSUE.row("RQ4", "io_lock W, given back", "none: hardened", "A.4 S11"),
];

//! The labels of the target code as data, in the form of `dm_model::labels`.
//!
//! A guard is the kernel's; where a step of the model stands for more, its enum says so.
use dm_model::labels::{CALL, LabelRow, Process};

const SIMPLE: Process =
    Process::new("Simple", "sim/src/drivers/simple.rs", "dm-linear.c and others, 2.6.24");
const MPATH: Process = Process::new("Multipath", "sim/src/drivers/mpath.rs", "dm-mpath.c, 2.6.24");
const WORKER: Process = Process::new("Worker", "sim/src/drivers/worker.rs", "dm-mpath.c, 2.6.24");
const PG_INIT: Process = Process::new("PgInit", "sim/src/drivers/pg_init.rs", "dm-mpath.c, 2.6.24");
const DELAY: Process = Process::new("Delay", "sim/src/drivers/delay.rs", "dm-delay.c, 2.6.24");

/// Every label of the target code, in the order of its enum.
pub const LABELS: &[LabelRow] = &[
    SIMPLE.row("N0", CALL, "linear_map and others", "B"),
    MPATH.row("N1", "m->lock", "map_io", "B.2"),
    MPATH.row("J1", "m->lock", "do_end_io", "B.4"),
    MPATH.row("J2", "m->lock", "fail_path", "B.4"),
    MPATH.row("J3", "m->lock", "bypass_pg", "B.4"),
    MPATH.row("J4", "atomic: the work's pending bit", "bypass_pg", "B.4"),
    MPATH.row("J5", "m->lock", "do_end_io", "B.4"),
    MPATH.row("J6", "unlocked read: ps->type", "multipath_end_io", "B.4"),
    MPATH.row("I1", "m->lock", "multipath_presuspend", "B.5"),
    MPATH.row("I2", "m->lock", "multipath_resume", "B.5"),
    MPATH.row("I3", "m->lock", "multipath_message", "B.5"),
    MPATH.row("I4", "atomic: the work's pending bit", "multipath_message", "B.5"),
    MPATH.row("I5", "m->lock", "multipath_status", "B.5"),
    MPATH.row("I6", "the work queue's lock", "multipath_dtr", "B.5"),
    MPATH.row("I8", "m->lock", "none: hardened", "B.5"),
    MPATH.row("I7", CALL, "none: it fails on demand", "A.5 R2"),
    WORKER.row("K1", "m->lock", "process_queued_ios", "B.3"),
    WORKER.row("K2", "the handler's own", "hwh->type->pg_init", "B.3"),
    WORKER.row("K3", "m->lock", "dispatch_queued_ios", "B.3"),
    WORKER.row("K4", "m->lock", "map_io", "B.3"),
    WORKER.row("K5", "the disk's queue lock", "generic_make_request", "B.3"),
    WORKER.row("K6", CALL, "bio_endio, generic_make_request", "B.3"),
    WORKER.row("TE1", "_event_lock", "trigger_event", "B.5"),
    PG_INIT.row("I10", "the handler's own", "dm_pg_init_complete", "B.5"),
    PG_INIT.row("I11", "m->lock", "pg_init_limit_reached", "B.5"),
    PG_INIT.row("I12", "unlocked read: pg->bypassed", "dm_pg_init_complete", "B.5"),
    PG_INIT.row("I13", "m->lock", "fail_path", "B.5"),
    PG_INIT.row("I14", "m->lock", "bypass_pg", "B.5"),
    PG_INIT.row("I15", "atomic: the work's pending bit", "bypass_pg", "B.5"),
    PG_INIT.row("I16", "m->lock", "dm_pg_init_complete", "B.5"),
    DELAY.row("DL1", "delayed_bios_lock", "delay_bio", "B"),
    DELAY.row("DL2", "delayed_bios_lock", "delay_presuspend", "B"),
    DELAY.row("DL3", "delayed_bios_lock", "flush_expired_bios", "B"),
    DELAY.row("DL4", "the disk's queue lock", "flush_bios", "B"),
    DELAY.row("DL5", "atomic: may_delay", "delay_resume", "B"),
    DELAY.row("DL6", "the work queue's lock", "delay_dtr", "B"),
    DELAY.row("DL7", "none: two counters are read", "delay_status", "B"),
    DELAY.row("DL8", CALL, "generic_make_request", "B"),
    DELAY.row("DL9", CALL, "none: it fails on demand", "A.5 R2"),
];

//! What the worker does for I/O that waits, and the initialisation of a group.
//!
//! Source: KERNEL.md B.3 and B.5; the count and the retries of a `pg_init` were read in 2.6.24.
use super::choose::choose_pgpath;
use super::end_io::ErrorFlags;
use crate::multipath::spec::MultipathSpec;
use crate::multipath::state::{Multipath, PathId};
use dm_model::ids::{CloneId, LIST_COUNT_MAX};
use dm_model::queue::Queue;

/// What the worker is to do when its first section is over: first the `pg_init`, then dispatch.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct ProcessQueuedIos {
    /// The path on which to start a `pg_init`.
    pub pg_init: Option<PathId>,
    /// Whether the group of that path is bypassed. The kernel reads it after the section, without
    /// the lock; no handler looks at it.
    pub bypassed: bool,
    /// Whether a `pg_init` is due and there is no path to start it on: the kernel dereferences
    /// NULL here, and the worker is dead. Seen in the code of 2.6.24, not in a log; trees of 2.6.31
    /// and later start none without a path.
    pub pg_init_without_path: bool,
    /// Whether to take all that waits and map it again.
    pub dispatch: bool,
}

/// The worker's first section (`process_queued_ios`).
pub fn process_queued_ios(m: &mut Multipath, spec: &MultipathSpec) -> ProcessQueuedIos {
    if m.queue_size == 0 {
        return ProcessQueuedIos::default();
    }
    if m.current_path.is_none() {
        choose_pgpath(m, spec);
    }
    let must_queue = if m.current_path.is_some() { m.queue_io } else { m.queue_if_no_path };
    let init_required = m.pg_init_required && !m.pg_init_in_progress;
    if init_required {
        m.pg_init_count = m.pg_init_count.checked_add(1).expect("pg_init_count fits");
        m.pg_init_required = false;
        m.pg_init_in_progress = true;
        m.pg_init_path = m.current_path;
    }
    let pg_init = m.current_path.filter(|_| init_required);
    ProcessQueuedIos {
        pg_init,
        bypassed: pg_init.is_some_and(|path| m.group(m.group_of(path)).bypassed),
        pg_init_without_path: init_required && pg_init.is_none(),
        dispatch: !must_queue,
    }
}

/// The first section of `dispatch_queued_ios`: takes all that waits. `queue_size` still counts it
/// until `map_io` has been called for each.
pub fn steal_queued(m: &mut Multipath) -> Queue<CloneId, LIST_COUNT_MAX> {
    m.queued.take()
}

/// Whether a `pg_init` was tried too often to be tried again; if not, another is due. Read in
/// 2.6.24.
pub fn pg_init_limit_reached(m: &mut Multipath, spec: &MultipathSpec) -> bool {
    let limit_reached = m.pg_init_count > spec.pg_init_retries;
    if !limit_reached {
        m.pg_init_required = true;
    }
    limit_reached
}

/// The last section of `dm_pg_init_complete`, after the sections that `flags` ask for
/// (`ErrorFlags::or_fail_path`). Errors make the next I/O choose anew among all groups; with none,
/// and no other `pg_init` due, I/O flows. The worker is always to run.
///
/// # Panics
/// When no `pg_init` is under way.
pub fn pg_init_complete(m: &mut Multipath, flags: ErrorFlags) {
    assert!(m.pg_init_in_progress, "a pg_init completes that was not started");
    let failed = !ErrorFlags { retry: false, ..flags }.is_none();
    if failed {
        m.current_path = None;
        m.current_pg = None;
    } else if !m.pg_init_required {
        m.queue_io = false;
    }
    m.pg_init_in_progress = false;
    m.pg_init_path = None;
}

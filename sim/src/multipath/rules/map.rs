//! Where a clone goes: `map_io`, one section under `m->lock`, and `__must_push_back` within it.
//!
//! Source: KERNEL.md B.2; `__must_push_back` came with 45e157206c73 ("[PATCH 08/11]").
use super::choose::choose_pgpath;
use crate::multipath::spec::MultipathSpec;
use crate::multipath::state::{Multipath, PathId};
use dm_model::errno::{Code, Errno};
use dm_model::ids::{CloneId, Device};

/// What `map_io` says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct MapIo {
    /// `SUBMITTED`: the target queued the clone; `REMAPPED`: it goes to `device`; `REQUEUE`: the
    /// core is to keep it; `-EIO`.
    pub verdict: Code,
    /// Where a remapped clone goes.
    pub device: Option<Device>,
    /// What `mpio->pgpath` becomes: the path of a remapped clone, else none.
    pub path: Option<PathId>,
    /// Whether the worker is to run (`queue_work(process_queued_ios)`).
    pub kick: bool,
}

/// Whether the core has to keep what the target cannot send (`__must_push_back`): the policy is
/// set aside, as it is from presuspend to resume if it was to queue, and the suspend is a noflush
/// one. The flag, which `m->lock` does not guard, is only read in the first case.
pub fn must_push_back(
    queue_if_no_path: bool,
    saved_queue_if_no_path: bool,
    noflush: impl FnOnce() -> bool,
) -> bool {
    queue_if_no_path != saved_queue_if_no_path && noflush()
}

/// Maps a clone, a new one (`multipath_map`) or one that waited in the target
/// (`dispatch_queued_ios`, `was_queued`).
///
/// Without `pushes_back`, as before the mpath patch of the series, the target never asks the core
/// to keep a clone and `noflush` is not read.
///
/// # Panics
/// When a clone `was_queued` that `queue_size` does not count.
pub fn map_io(
    m: &mut Multipath,
    spec: &MultipathSpec,
    clone: CloneId,
    was_queued: bool,
    pushes_back: bool,
    noflush: impl FnOnce() -> bool,
) -> MapIo {
    if m.current_path.is_none() || (!m.queue_io && turn_is_over(m)) {
        choose_pgpath(m, spec);
    }
    if was_queued {
        m.queue_size = m.queue_size.checked_sub(1).expect("queue_size counts what was queued");
    }
    match m.current_path {
        Some(_) if m.queue_io => queue(m, clone),
        None if m.queue_if_no_path => queue(m, clone),
        Some(path) => MapIo {
            verdict: Code::REMAPPED,
            device: Some(spec.path(path).device),
            path: Some(path),
            kick: false,
        },
        None => {
            let requeue = pushes_back
                && must_push_back(m.queue_if_no_path, m.saved_queue_if_no_path, noflush);
            let verdict = if requeue { Code::REQUEUE } else { Errno::Io.code() };
            MapIo { verdict, device: None, path: None, kick: false }
        }
    }
}

/// Appends a clone to the target's own list.
pub(super) fn add_to_queue(m: &mut Multipath, clone: CloneId) {
    m.queued.push_back(clone);
    m.queue_size = m.queue_size.checked_add(1).expect("queue_size fits");
}

fn queue(m: &mut Multipath, clone: CloneId) -> MapIo {
    add_to_queue(m, clone);
    let must_init = m.pg_init_required && !m.pg_init_in_progress;
    MapIo { verdict: Code::SUBMITTED, device: None, path: None, kick: must_init || !m.queue_io }
}

/// Counts one I/O on the current path, and says whether it was the last of its turn.
fn turn_is_over(m: &mut Multipath) -> bool {
    let counts = m.repeat_count > 0;
    if counts {
        m.repeat_count -= 1;
    }
    counts && m.repeat_count == 0
}

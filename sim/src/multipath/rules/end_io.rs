//! What happens to a clone that a path failed: `do_end_io`, two sections under `m->lock` with the
//! error classes between them.
//!
//! In order: [`end_io_passes`]; [`end_io_no_valid_paths`]; with paths left, the handler's
//! [`ErrorFlags`], of which `fail_path` and `bypass_pg` are acted on if the clone has a path (each
//! a section of its own) and `error_io` ends it with `-EIO`; else [`end_io_requeue`]. Source:
//! KERNEL.md B.4.
use super::map::{add_to_queue, must_push_back};
use crate::multipath::state::Multipath;
use dm_model::errno::{Code, Errno};
use dm_model::ids::CloneId;

/// What a hardware handler says of an I/O or of a `pg_init` (`MP_FAIL_PATH` and its kin).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct ErrorFlags {
    /// The path is to be failed.
    pub fail_path: bool,
    /// The group of the path is to be bypassed.
    pub bypass_pg: bool,
    /// The I/O is not to be tried again. The caller sees `-EIO`, whatever the error was.
    pub error_io: bool,
    /// The `pg_init` is to be tried again. Read in 2.6.24.
    pub retry: bool,
}

impl ErrorFlags {
    /// No error.
    pub const NONE: Self =
        Self { fail_path: false, bypass_pg: false, error_io: false, retry: false };
    /// What every error means where no handler says otherwise.
    pub const FAIL_PATH: Self = Self { fail_path: true, ..Self::NONE };
    /// The group does not answer.
    pub const BYPASS_PG: Self = Self { bypass_pg: true, ..Self::NONE };
    /// The I/O itself is at fault.
    pub const ERROR_IO: Self = Self { error_io: true, ..Self::NONE };
    /// A `pg_init` may yet work. Read in 2.6.24.
    pub const RETRY: Self = Self { retry: true, ..Self::NONE };

    /// Whether there was no error.
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// The flags, and `fail_path` if `condition` holds.
    ///
    /// `dm_pg_init_complete` adds it for one of two reasons before it acts on the flags: with
    /// `retry`, when `pg_init_limit_reached`; else, with any flag, when the group of the path is
    /// bypassed, which it reads without `m->lock`.
    #[must_use]
    pub fn or_fail_path(self, condition: bool) -> Self {
        Self { fail_path: self.fail_path || condition, ..self }
    }
}

/// What `do_end_io` finds in its first section.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum NoValidPaths {
    /// There are paths: the error is to be judged.
    PathsRemain,
    /// The core is to keep the I/O: `DM_ENDIO_REQUEUE`. The path is not failed.
    Requeue,
    /// The I/O ends with `-EIO`.
    Fail,
    /// The clone is to be queued in the target (`goto requeue`), without a look at the error.
    Queue,
}

/// Whether a result passes the target as it is: success, `EOPNOTSUPP`, and `EWOULDBLOCK` of a
/// read-ahead.
pub fn end_io_passes(result: Code, read_ahead: bool) -> bool {
    let would_block = result == Errno::Again.code() && read_ahead;
    result == Code::OK || would_block || result == Errno::Opnotsupp.code()
}

/// The first section of `do_end_io`. `pushes_back` and `noflush` are as for `map_io`.
pub fn end_io_no_valid_paths(
    m: &Multipath,
    pushes_back: bool,
    noflush: impl FnOnce() -> bool,
) -> NoValidPaths {
    if m.nr_valid_paths > 0 {
        NoValidPaths::PathsRemain
    } else if pushes_back && must_push_back(m.queue_if_no_path, m.saved_queue_if_no_path, noflush) {
        NoValidPaths::Requeue
    } else if m.queue_if_no_path {
        NoValidPaths::Queue
    } else {
        NoValidPaths::Fail
    }
}

/// The last section of `do_end_io`: the clone waits in the target, which answers
/// `DM_ENDIO_INCOMPLETE`. True when the worker is to run; while a `pg_init` is awaited it is not,
/// because the end of that runs it.
pub fn end_io_requeue(m: &mut Multipath, clone: CloneId) -> bool {
    add_to_queue(m, clone);
    !m.queue_io
}

//! What the multipath target decides: one function for each section of `dm-mpath.c` that holds
//! `m->lock`, named after the kernel's.
//!
//! They are pure: they read and write a [`Multipath`] and return what the caller is to do once
//! the lock is free. None looks at the flags of the device, except through the `noflush` that it
//! is handed. In what they return, `kick` is `queue_work(process_queued_ios)` and `trigger_event`
//! is `queue_work(trigger_event)`. Source: KERNEL.md B.2..B.5, `dm-mpath.c` read in 2.6.24.
//!
//! [`Multipath`]: super::state::Multipath
mod choose;
mod control;
mod end_io;
mod map;
mod round_robin;
mod worker;

pub use choose::{choose_path_in_pg, choose_pgpath, switch_pg};
pub use control::{
    Reinstated, bypass_pg, fail_path, presuspend, queue_if_no_path, reinstate_path, resume,
    switch_group,
};
pub use end_io::{ErrorFlags, NoValidPaths, end_io_no_valid_paths, end_io_passes, end_io_requeue};
pub use map::{MapIo, map_io, must_push_back};
pub use round_robin::{rr_fail_path, rr_reinstate_path, rr_select_path};
pub use worker::{
    ProcessQueuedIos, pg_init_complete, pg_init_limit_reached, process_queued_ios, steal_queued,
};

#[cfg(test)]
mod tests;

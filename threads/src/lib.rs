//! The kernel's processes on threads: the step machines of `dm_model` over a memory of real locks
//! and atomics, on loom, on shuttle and on this machine.
//!
//! The search over `Plain` proves the algorithm at the grain of its atomic sections. Here the grain
//! itself is tried: whether each section is protected by what is said to protect it, and whether
//! the reads without a lock have the orderings that the argument needs.
mod collect;
pub mod ends;
pub mod engine;
pub mod failure;
pub mod grain;
mod handle;
pub mod inventory;
pub mod kills;
mod memory;
pub mod orderings;
pub mod record;
pub mod replay;
pub mod round;
pub mod schedules;
pub mod shared;
pub mod stress;
pub mod weak;
pub mod weakest;
pub mod window;
pub mod windows;
pub mod workload;

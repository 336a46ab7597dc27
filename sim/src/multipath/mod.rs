//! The multipath target of the bio-based era: what a table line says, the state under `m->lock`,
//! and what each locked section of `dm-mpath.c` does to it.
//!
//! Nothing here takes a lock, sends I/O or runs by itself: the processes of the world call one
//! function a step and act on what it returns. Source: KERNEL.md B, and `dm-mpath.c`,
//! `dm-round-robin.c`, `dm-hw-handler.h`, `dm-emc.c`, `dm-mpath-hp-sw.c`, `dm-mpath-rdac.c` of a
//! published 2.6.24 tree. 2.6.20's own file was not found: what is younger says "read in 2.6.24".
pub mod args;
pub mod handler;
pub mod message;
pub mod rules;
pub mod spec;
pub mod state;
pub mod status;

#[cfg(test)]
mod testing;

pub use handler::{Handler, HandlerKind};
pub use message::{Message, MessageError};
pub use spec::{GroupSpec, MultipathSpec, PathSpec, Selector};
pub use state::{GroupId, GroupState, Multipath, PathId, PathState};

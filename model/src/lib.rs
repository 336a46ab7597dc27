//! The device-mapper core of the noflush suspend as labelled step machines over [`memory::Memory`].
//!
//! A kernel execution context is a [`frame::Process`]; one step of it is one atomic section of the
//! kernel. The crate does no I/O, knows no target, and depends on nothing but the standard library.
//! Its source is dm.c of commit 2e93ccc1933d; docs/labels.md has each label with its source.
pub mod admin;
pub mod complete;
pub mod driver;
pub mod effect;
pub mod endio;
pub mod era;
pub mod errno;
pub mod flags;
pub mod footprint;
pub mod frame;
pub mod ids;
mod invariants;
pub mod ioctl;
pub mod labels;
pub mod lifetime;
pub mod list;
pub mod map;
mod md;
pub mod memory;
pub mod mover;
pub mod mutant;
pub mod plain;
mod plain_memory;
pub mod query;
pub mod queue;
pub mod reissue;
pub mod rename;
pub mod resume;
pub mod setup;
pub mod signal;
pub mod sorted;
pub mod split;
pub mod submit;
pub mod suspend;
pub mod swap;
#[cfg(test)]
mod testing;

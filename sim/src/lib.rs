//! Targets and disks.
pub mod ctr;

//! Targets, virtual disks and the world around the core, with the text of scenarios and tables.
//!
//! What a target decides is pure (`multipath::rules`); `drivers` gives it locks and steps; `world`
//! puts processes, targets, disks and scripts together. Nothing here prints, and nothing chooses
//! what happens next but the one default schedule.
pub mod ctr;
pub mod drivers;
pub mod fuzz;
pub mod host;
pub mod multipath;
pub mod scenario;
pub mod simulate;
pub mod table;
pub mod world;

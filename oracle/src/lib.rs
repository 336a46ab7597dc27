//! Scenario files on real kernels: an agent inside them, the emulators around them, and the verdict
//! on what was seen.
//!
//! It never prints and never decides what a kernel should do: that is the model's, or a recorded
//! block of the scenario file with a reason from the kernel's source.
pub mod batch;
mod boot;
pub mod conform;
pub mod events;
mod gate;
mod initramfs;
pub mod kernel;
mod model;
pub mod observed;
mod queue_mode;
pub mod script;
mod stores;

pub use boot::{HOST_PROGRAMS, agent_size};

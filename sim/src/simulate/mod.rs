//! The seeded simulation of a host: many devices, many bios, virtual time.
//!
//! One seed decides everything: devices, what applications, administrators and daemons do, what
//! fails, who runs next and how long a disk takes. In its first phase a run is judged for safety
//! while things fail; in its second all is healed, and what was asked must end within a bound of
//! virtual time. The kernel is the model's own step machines on a [`crate::host::Host`].
mod actors;
mod admin;
mod applications;
mod breaks;
mod calendar;
mod calls;
pub mod command;
mod disks;
mod engine;
mod faults;
mod judge;
mod marks;
mod multipathd;
mod names;
pub mod oracle;
mod random;
mod run;
mod slots;
pub mod swarm;
pub mod topology;

pub use breaks::{Break, Sign};
pub use marks::Marks;
pub use run::{Options, Outcome, Sizes, replay, run, watch};
pub use swarm::Features;
pub use topology::{layout_lines, name_of, path_of_name};

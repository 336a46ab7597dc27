//! The oracles of the simulator: what a user of the devices sees, judged without the model.
//!
//! They hear what applications, administrators and faults do, and what I/O comes to. They never
//! look into a step machine, and they share no type with it but [`Code`]. Sources: CLAIMS.md S1,
//! S6 and S12, and section N for what must not be asserted.
//!
//! # Interface
//!
//! I/O has numbers that rise with each submission, from 1; 0 is [`ZERO`], the value of a sector
//! that was never written. Time is in nanoseconds and never falls. Devices, LUNs and paths have
//! numbers that the caller gives. A broken claim is a value, [`Broken`]; what only a mistake of the
//! caller can bring about is a panic.
//!
//! [`Completions`]: each I/O ends once.
//!
//! - `submitted(io, time)`: before the bio is handed to the kernel.
//! - `completed(io, code, time)?`: its end_io is called.
//! - `stranded()`: what is still open, with the time of its submission; nothing, at the end of a
//!   run in which all has to be done.
//!
//! [`Registers`]: each read returns what a sector may hold. The order of the calls is the order of
//! time. Where an I/O goes is given in sectors of LUNs ([`Extent`]), so that two devices over one
//! LUN are one set of sectors; as long as an I/O is open, its sectors have to stay where they are.
//!
//! - `write_began(io, &extents)`, `read_began(io, &extents)`: before the bio is handed over.
//! - `write_ended(io, code, copies)`: its end_io is called; [`Copies::Left`] if a disk or a path
//!   may still apply it.
//! - `settled(io)`: no copy of it is left anywhere. Only after [`Copies::Left`].
//! - `read_ended(io, code, &values)?`: its end_io is called, with a value for each sector of its
//!   extents in order. After an error no value is looked at.
//!
//! [`Justified`]: each error has a reason. An act ([`Act`]) is a call of a user into the kernel; it
//! may have happened at any moment between `began` and `ended`.
//!
//! - `path_added(path, lun)`: there is a path to a LUN.
//! - `error_answered(below, time)`: a disk answers with an error, a command to it times out, or a
//!   pg_init fails; before the kernel hears of it. Of a mapped device that is a path: a clone ends
//!   with an error.
//! - `error_handled(below, time)`: the kernel has done with that error, its interrupt or work item
//!   is over.
//! - `medium_failed(lun, sectors, time)`, `medium_healed(lun, &sectors, time)`: a range of sectors
//!   cannot be read or written, and can be again.
//! - `began(device, act, time) -> Call`: before the ioctl is handed to the kernel.
//! - `signalled(call, time)`: a signal was sent to its task, or was pending when it began.
//! - `ended(call, code, time)`: it has returned.
//! - `submitted(io, device, sectors, readahead, time)`, `completed(io, code, time)?`: as above; the
//!   reason for an error is returned.
//!
//! There is no call for a path that breaks or hangs: the kernel learns of it by an error only, and
//! whether a disk may answer with one is for who owns the disks and their faults.
use std::fmt;

pub use completion::Completions;
pub use dm_model::errno::{Code, Errno};
pub use justified::{Act, Below, Call, Justification, Justified, Kind, Segment, Table, WhyFail};
pub use register::{CANDIDATE_COUNT_MAX, Copies, Extent, Registers, ZERO};

mod completion;
mod justified;
mod register;

/// Every I/O completes once: CLAIMS.md S1.
pub const COMPLETES_ONCE: &str = "every_io_completes_at_most_once";
/// Every read returns a value that its sectors may hold: CLAIMS.md S12.
pub const POSSIBLE_VALUE: &str = "every_read_returns_a_possible_value";
/// No I/O ends with an error without a reason. It says what `no_bogus_error` of
/// `properties/src/claims.rs` says (CLAIMS.md S6) of each I/O and each device by itself, where that
/// one waives a whole run.
pub const NO_UNJUSTIFIED_ERROR: &str = "no_unjustified_error";

/// A claim that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// Its name.
    pub claim: &'static str,
    /// What was expected and found, in one line.
    pub text: String,
    /// What is known to bring this about, if anything is.
    pub cause: Option<Cause>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.claim, self.text)
    }
}

/// What surrounds an error without a justification, so that a caller can say which finding it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Cause {
    /// No path was usable, and a suspend that ended with an error had left the policy off:
    /// CLAIMS.md F1 and F12, which docs/findings.md 6 is an instance of.
    PolicyLeftOff,
    /// No path was usable, and a suspend, or the resume that suspends, was sent a signal: CLAIMS.md
    /// F22, docs/findings.md 6.
    Signalled,
    /// No path was usable during a suspend that was asked for with noflush and was sent no signal:
    /// what the series mends.
    NoflushSuspend,
}

//! Whether each error has a reason. CLAIMS.md S6.
use std::ops::Range;

use super::{Broken, Code};

/// What lies below a target.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Below {
    /// A mapped device.
    Device(u32),
    /// A path to a LUN: a disk of the host.
    Path(u32),
}

/// What a target does with I/O.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `error`: it fails.
    Error,
    /// `zero`: it completes, but a read-ahead fails.
    Zero,
    /// `linear` (one place), `delay` (one or two): a device below, and where the target begins there.
    Remapped(Vec<(Below, u64)>),
    /// `striped`: the sectors of a chunk, and the stripes.
    Striped {
        /// Sectors of a chunk.
        chunk: u64,
        /// The devices below, and where each begins.
        stripes: Vec<(Below, u64)>,
    },
    /// `multipath`: the same sector by any of its paths.
    Multipath {
        /// The paths of all groups.
        paths: Vec<Below>,
        /// Whether the table line has the feature `queue_if_no_path`.
        queues: bool,
    },
}

/// A target of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Segment {
    /// Its first sector.
    pub begin: u64,
    /// How many sectors it has.
    pub count: u64,
    /// What it does.
    pub kind: Kind,
}

/// A table: its targets in the order of sectors, without gaps.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// The targets.
    pub segments: Vec<Segment>,
}

/// Why the policy is switched off by a message.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum WhyFail {
    /// A user said `fail_if_no_path`.
    Message,
    /// The daemon's no_path_retry ran out, and it said `fail_if_no_path`.
    NoPathRetry,
}

/// A call of a user into the kernel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// DM_DEV_CREATE: there is a device, without a table. A number may be used again after a remove.
    Create,
    /// DM_DEV_SUSPEND with the suspend flag.
    Suspend {
        /// With `DM_NOFLUSH_FLAG`.
        noflush: bool,
    },
    /// DM_DEV_SUSPEND without it: a resume, which suspends first if a table was loaded.
    Resume {
        /// With `DM_NOFLUSH_FLAG`.
        noflush: bool,
        /// The table in the inactive slot, which becomes the live one.
        table: Option<Table>,
    },
    /// The message `queue_if_no_path`.
    Queue,
    /// The message `fail_if_no_path`.
    Fail(WhyFail),
    /// The message `fail_path`.
    FailPath(Below),
    /// The message `reinstate_path`.
    ReinstatePath(Below),
    /// DM_DEV_REMOVE.
    Remove,
}

/// An act that has begun.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Call(u64);

/// What was true at some moment between the submission of an I/O and its end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Justification {
    /// It is a read-ahead, which may fail whenever it would have to wait: CLAIMS.md N4.
    ReadAhead,
    /// One of its sectors could not be read or written.
    Medium {
        /// The LUN.
        lun: u32,
    },
    /// A path failed below a target that has no other.
    Path {
        /// The path.
        path: u32,
    },
    /// No path was usable and the table had no `queue_if_no_path`.
    PolicyOfTable {
        /// The device.
        device: u32,
    },
    /// No path was usable and a message had switched the policy off.
    PolicyByMessage {
        /// The device.
        device: u32,
        /// Why.
        why: WhyFail,
    },
    /// No path was usable and a suspend without noflush had set the policy aside.
    FlushSuspend {
        /// The device.
        device: u32,
    },
    /// A target that fails of itself lay there.
    ErrorTarget {
        /// The device.
        device: u32,
    },
    /// The table ended before the I/O.
    BeyondTable {
        /// The device.
        device: u32,
    },
    /// There was no table.
    NoTable {
        /// The device.
        device: u32,
    },
    /// The device was removed.
    Removed {
        /// The device.
        device: u32,
    },
}

/// The intervals that open I/O can still see.
#[derive(Clone, Debug, Default)]
pub struct Justified {
    calls: u64,
}

impl Justified {
    /// No device, no path, no I/O.
    pub fn new() -> Self {
        Self::default()
    }

    /// A path to a LUN is there.
    pub fn path_added(&mut self, _path: u32, _lun: u32) {}

    /// The path begins to fail, or to hang.
    pub fn path_down(&mut self, _path: u32, _time: u64) {}

    /// The path works again.
    pub fn path_up(&mut self, _path: u32, _time: u64) {}

    /// A clone ended with an error below a target.
    pub fn error_answered(&mut self, _below: Below, _time: u64) {}

    /// The kernel has done with that error.
    pub fn error_handled(&mut self, _below: Below, _time: u64) {}

    /// Sectors of a LUN cannot be read or written.
    pub fn medium_failed(&mut self, _lun: u32, _sectors: Range<u64>, _time: u64) {}

    /// The same sectors can be read and written again.
    pub fn medium_healed(&mut self, _lun: u32, _sectors: Range<u64>, _time: u64) {}

    /// An act begins.
    pub fn began(&mut self, _device: u32, _act: Act, _time: u64) -> Call {
        self.calls += 1;
        Call(self.calls)
    }

    /// A signal was sent to the task that does this.
    pub fn signalled(&mut self, _call: Call, _time: u64) {}

    /// The act has returned.
    pub fn ended(&mut self, _call: Call, _code: Code, _time: u64) {}

    /// An I/O is handed to the kernel.
    pub fn submitted(
        &mut self,
        _io: u64,
        _device: u32,
        _sectors: Range<u64>,
        _readahead: bool,
        _time: u64,
    ) {
    }

    /// Its end is told: the justification of its error, or nothing if it has none.
    ///
    /// # Errors
    /// When nothing justifies the error.
    pub fn completed(
        &mut self,
        _io: u64,
        _code: Code,
        _time: u64,
    ) -> Result<Option<Justification>, Broken> {
        Ok(None)
    }
}

//! What the oracle of errors is told and what it answers.

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
    /// `linear` (one place), `delay` (one or two): what lies below, and its first sector there.
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
    /// DM_DEV_CREATE: a device without a table. After a remove its number may be used again.
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
pub struct Call(pub(super) u64);

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
    /// An error came from below a target that has one way only.
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

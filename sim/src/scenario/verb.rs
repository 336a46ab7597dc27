//! The verbs of a scenario, each with its typed fields.
//!
//! The verbs on mapped devices are dmsetup's; the others act on disks and on the model.
use super::TableLine;
use dm_model::errno::Code;
use dm_model::flags::{DM_NOFLUSH_FLAG, DM_SKIP_LOCKFS_FLAG};

/// What one line of a scenario does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verb {
    /// A disk, or one more path to the LUN of a disk.
    Disk {
        /// The name of this path.
        name: String,
        /// The size in sectors of 512 bytes, 1 to 2^32.
        sectors: u64,
        /// The path whose LUN this is a further path to.
        lun: Option<String>,
    },
    /// `dmsetup create`.
    Create {
        /// The new mapped device.
        name: String,
        /// The table, never empty; none with `--notable`.
        table: Option<Vec<TableLine>>,
    },
    /// `dmsetup load`, also called `reload`.
    Load {
        /// The mapped device.
        name: String,
        /// The table, never empty.
        table: Vec<TableLine>,
    },
    /// `dmsetup clear`.
    Clear {
        /// The mapped device.
        name: String,
    },
    /// `dmsetup suspend`.
    Suspend {
        /// The mapped device.
        name: String,
        /// `--noflush` and `--nolockfs`.
        flags: SuspendFlags,
        /// How it runs.
        call: Call,
    },
    /// `dmsetup resume`; the flags are for the suspend that it implies when a table is loaded.
    Resume {
        /// The mapped device.
        name: String,
        /// `--noflush` and `--nolockfs`.
        flags: SuspendFlags,
        /// How it runs.
        call: Call,
    },
    /// `dmsetup remove`.
    Remove {
        /// The mapped device.
        name: String,
        /// `--deferred` (`DM_DEFERRED_REMOVE`): a device that is open goes when it is closed.
        /// Kernels before 3.13, so all of the model, ignore the flag and answer -EBUSY.
        deferred: bool,
        /// How it runs.
        call: Call,
    },
    /// `dmsetup message`.
    Message {
        /// The mapped device.
        name: String,
        /// A sector of the target that gets the message.
        sector: u32,
        /// The words of the message, at least one.
        words: Vec<String>,
    },
    /// `dmsetup status`.
    Status {
        /// The mapped device.
        name: String,
        /// `--noflush`.
        noflush: bool,
    },
    /// `dmsetup table`.
    Table {
        /// The mapped device.
        name: String,
    },
    /// `dmsetup info`.
    Info {
        /// The mapped device.
        name: String,
    },
    /// Issues a bio and does not wait for it.
    Io {
        /// The name of this bio.
        tag: String,
        /// A mapped device or a disk.
        device: String,
        /// Read or write.
        direction: Direction,
        /// The first sector.
        sector: u32,
        /// The number of sectors, 1 to `IO_SECTOR_COUNT_MAX`.
        count: u32,
        /// Whether it is a read-ahead, which may fail rather than block.
        readahead: bool,
        /// Whether it is a write with `fsync` behind it.
        fsync: bool,
    },
    /// Waits until a bio or a call in the background is done.
    Wait {
        /// The bio or the call.
        tag: String,
    },
    /// Sends a signal to the task of a call in the background.
    Signal {
        /// The call.
        tag: String,
    },
    /// From now on the path keeps what it is sent.
    Hold {
        /// The path.
        path: String,
    },
    /// The path answers what it kept, and no longer keeps what it is sent.
    Release {
        /// The path.
        path: String,
        /// How the kept ones end.
        answer: Answer,
    },
    /// The path is pulled out.
    Unplug {
        /// The path.
        path: String,
    },
    /// The path is put in again.
    Replug {
        /// The path that was pulled out.
        path: String,
        /// The name under which it comes back.
        new: Option<String>,
    },
    /// `echo offline > /sys/block/PATH/device/state`.
    Offline {
        /// The path.
        path: String,
    },
    /// `echo running > /sys/block/PATH/device/state`.
    Running {
        /// The path.
        path: String,
    },
    /// These sectors of the LUN answer with a medium error.
    Medium {
        /// A path to the LUN.
        path: String,
        /// The first sector.
        sector: u32,
        /// The number of sectors, at least 1.
        count: u32,
    },
    /// The path answers this much later.
    Delay {
        /// The path.
        path: String,
        /// Milliseconds of virtual time; 0 for no delay.
        milliseconds: u32,
    },
    /// Something in the kernel fails the next time. Needs `model-only:`.
    Fault {
        /// The mapped device; for `pg_init` also a path.
        device: String,
        /// What fails and how.
        fault: Fault,
    },
    /// Runs one process, alone. Needs `model-only:`.
    Step {
        /// The process, by the name that trails give it.
        process: String,
        /// The label before which it stops; none for one step.
        until: Option<String>,
    },
}

/// The flags of the suspend ioctl.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SuspendFlags {
    /// `DM_NOFLUSH_FLAG`: what is queued is pushed back instead of flushed.
    pub noflush: bool,
    /// No `DM_SKIP_LOCKFS_FLAG` when false: the file system is frozen first.
    pub nolockfs: bool,
}

/// How a call runs.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Call {
    /// The name of the call.
    pub tag: Option<String>,
    /// Whether the next line starts without waiting for it. Such a call has a tag.
    pub background: bool,
}

/// The direction of a bio.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// `r`.
    Read,
    /// `w`.
    Write,
}

/// How a path answers what it kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// `ok`.
    Ok,
    /// `error`.
    Error,
}

/// What fails the next time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// `bdget_disk` finds no memory.
    Bdget,
    /// `lock_fs` fails.
    LockFs,
    /// The `preresume` of a target fails.
    Preresume,
    /// The initialisation of a priority group ends like this.
    PgInit(PgInitFault),
    /// A target's function returns this integer.
    Verdict {
        /// The function.
        of: Hook,
        /// What it returns.
        code: Code,
    },
}

/// How the initialisation of a priority group fails (the flags of `dm_pg_init_complete`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PgInitFault {
    /// `MP_FAIL_PATH`.
    FailPath,
    /// `MP_BYPASS_PG`.
    BypassPg,
    /// `MP_RETRY`.
    Retry,
}

/// A function of a target that returns a verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hook {
    /// `map`.
    Map,
    /// `end_io`.
    EndIo,
}

/// The first word of every line.
pub(super) const VERB_NAMES: [&str; 25] = [
    "disk", "create", "load", "reload", "clear", "suspend", "resume", "remove", "message",
    "status", "table", "info", "io", "wait", "signal", "hold", "release", "unplug", "replug",
    "offline", "running", "medium", "delay", "fault", "step",
];

impl Verb {
    /// The lines of the table, where the verb has one.
    pub fn table(&self) -> Option<&[TableLine]> {
        if let Self::Create { table, .. } = self {
            return table.as_deref();
        }
        if let Self::Load { table, .. } = self { Some(table) } else { None }
    }

    /// The same, to be changed.
    pub(super) fn table_mut(&mut self) -> Option<&mut Vec<TableLine>> {
        if let Self::Create { table, .. } = self {
            return table.as_mut();
        }
        if let Self::Load { table, .. } = self { Some(table) } else { None }
    }
}

impl SuspendFlags {
    /// The bits of the ioctl's flags word.
    pub const fn bits(self) -> u32 {
        let noflush = if self.noflush { DM_NOFLUSH_FLAG } else { 0 };
        noflush | if self.nolockfs { DM_SKIP_LOCKFS_FLAG } else { 0 }
    }
}

impl Direction {
    /// `r` or `w`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "r",
            Self::Write => "w",
        }
    }
}

impl Answer {
    /// `ok` or `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
        }
    }
}

impl PgInitFault {
    /// The word of the scenario.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FailPath => "fail_path",
            Self::BypassPg => "bypass_pg",
            Self::Retry => "retry",
        }
    }
}

impl Hook {
    /// `map` or `end_io`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::EndIo => "end_io",
        }
    }
}

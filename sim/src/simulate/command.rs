//! What a run is made of: commands with their times, of applications, administrators, daemons and
//! of what fails. Everything else that happens follows from them and from the schedule.
use std::fmt;

use dm_model::memory::Fault;

/// Whether a path answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PathState {
    /// It does.
    #[default]
    Up,
    /// With errors.
    Down,
    /// Not at all, until a time-out.
    Hung,
}

/// A message to the target of a multipath device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Message {
    /// `queue_if_no_path`.
    Queue,
    /// `fail_if_no_path`; whether because `no_path_retry` ran out.
    Fail(bool),
    /// `fail_path` of the path.
    FailPath(usize),
    /// `reinstate_path` of the path.
    ReinstatePath(usize),
    /// `switch_group`.
    SwitchGroup(u8),
    /// `disable_group`.
    DisableGroup(u8),
    /// `enable_group`.
    EnableGroup(u8),
}

/// An I/O of an application.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Io {
    /// The device.
    pub device: usize,
    /// The first sector.
    pub sector: u32,
    /// How many.
    pub count: u16,
    /// A write, else a read.
    pub write: bool,
    /// It may fail rather than wait.
    pub readahead: bool,
    /// The application holds the inode's mutex over it.
    pub fsync: bool,
    /// The application opens the device for it and closes it after.
    pub opens: bool,
}

/// One thing that somebody does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// An application makes an I/O.
    Io(Io),
    /// An application opens the device and holds it open.
    Open(usize),
    /// It closes the device.
    Close(usize),
    /// `DM_DEV_CREATE`.
    Create(usize),
    /// `DM_TABLE_LOAD` of the device's table with the paths of now; whether it is the grown one.
    Load(usize, bool),
    /// `DM_TABLE_CLEAR`.
    Clear(usize),
    /// `DM_DEV_SUSPEND`.
    Suspend {
        /// The device.
        device: usize,
        /// With `DM_NOFLUSH_FLAG`.
        noflush: bool,
        /// Without `DM_SKIP_LOCKFS_FLAG`.
        lockfs: bool,
    },
    /// `DM_DEV_SUSPEND` without its flag.
    Resume {
        /// The device.
        device: usize,
        /// With `DM_NOFLUSH_FLAG`.
        noflush: bool,
    },
    /// `DM_DEV_REMOVE`.
    Remove(usize),
    /// `DM_TARGET_MSG` to sector 0.
    Message(usize, Message),
    /// `DM_TABLE_STATUS`; whether of the table.
    Status(usize, bool),
    /// A signal to every task that suspends or resumes the device.
    Signal(usize),
    /// A path answers, or fails, or hangs.
    Path(usize, PathState),
    /// A lost path comes back under its other name.
    Rename(usize),
    /// The LUN's other controller takes over.
    Failover(usize, u8),
    /// Sectors of the LUN fail, or none does.
    Medium(usize, Option<(u32, u32)>),
    /// The device's next step of this kind fails.
    Arm(usize, Fault),
}

impl Command {
    /// The mapped device that it is about, if it is about one.
    pub fn device(self) -> Option<usize> {
        match self {
            Self::Io(io) => Some(io.device),
            Self::Open(device)
            | Self::Close(device)
            | Self::Create(device)
            | Self::Load(device, _)
            | Self::Clear(device)
            | Self::Suspend { device, .. }
            | Self::Resume { device, .. }
            | Self::Remove(device)
            | Self::Message(device, _)
            | Self::Status(device, _)
            | Self::Signal(device)
            | Self::Arm(device, _) => Some(device),
            Self::Path(..) | Self::Rename(_) | Self::Failover(..) | Self::Medium(..) => None,
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flag = |is_on: bool, name: &'static str| if is_on { name } else { "" };
        match *self {
            Self::Io(io) => {
                let verb = if io.write { "write" } else { "read" };
                write!(f, "{verb} dm{} {}+{}", io.device, io.sector, io.count)?;
                let marks = [
                    flag(io.readahead, " readahead"),
                    flag(io.fsync, " fsync"),
                    flag(io.opens, " opens"),
                ];
                marks.into_iter().try_for_each(|mark| f.write_str(mark))
            }
            Self::Open(device) => write!(f, "open dm{device}"),
            Self::Close(device) => write!(f, "close dm{device}"),
            Self::Create(device) => write!(f, "create dm{device}"),
            Self::Load(device, grown) => {
                write!(f, "load dm{device}{}", flag(grown, " grown"))
            }
            Self::Clear(device) => write!(f, "clear dm{device}"),
            Self::Suspend { device, noflush, lockfs } => {
                let noflush = flag(noflush, " --noflush");
                write!(f, "suspend dm{device}{noflush}{}", flag(!lockfs, " --nolockfs"))
            }
            Self::Resume { device, noflush } => {
                write!(f, "resume dm{device}{}", flag(noflush, " --noflush"))
            }
            Self::Remove(device) => write!(f, "remove dm{device}"),
            Self::Message(device, message) => match message {
                Message::Queue => write!(f, "message dm{device} queue_if_no_path"),
                Message::Fail(_) => write!(f, "message dm{device} fail_if_no_path"),
                Message::FailPath(path) => write!(f, "message dm{device} fail_path {path}"),
                Message::ReinstatePath(path) => {
                    write!(f, "message dm{device} reinstate_path {path}")
                }
                Message::SwitchGroup(group) => write!(f, "message dm{device} switch_group {group}"),
                Message::DisableGroup(group) => {
                    write!(f, "message dm{device} disable_group {group}")
                }
                Message::EnableGroup(group) => write!(f, "message dm{device} enable_group {group}"),
            },
            Self::Status(device, false) => write!(f, "status dm{device}"),
            Self::Status(device, true) => write!(f, "table dm{device}"),
            Self::Signal(device) => write!(f, "signal dm{device}"),
            Self::Path(path, PathState::Up) => write!(f, "path {path} up"),
            Self::Path(path, PathState::Down) => write!(f, "path {path} down"),
            Self::Path(path, PathState::Hung) => write!(f, "path {path} hangs"),
            Self::Rename(path) => write!(f, "path {path} renamed"),
            Self::Failover(lun, controller) => write!(f, "lun {lun} on controller {controller}"),
            Self::Medium(lun, Some((first, count))) => {
                write!(f, "lun {lun} medium {first}+{count}")
            }
            Self::Medium(lun, None) => write!(f, "lun {lun} medium healed"),
            Self::Arm(device, fault) => write!(f, "fault dm{device} {fault:?}"),
        }
    }
}

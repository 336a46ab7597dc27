//! What applications, administrators and the daemon remember.
use std::collections::VecDeque;

use super::command::Command;

/// An application on a device, with a queue depth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Application {
    /// Its device.
    pub(super) device: usize,
    /// How many I/Os it keeps under way.
    pub(super) depth: u16,
    /// How many are.
    pub(super) outstanding: u16,
    /// Whether it is to be asked again already.
    pub(super) is_planned: bool,
}

/// An I/O by its bio's slot.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct IoState {
    /// Its number over the whole run.
    pub(super) number: u64,
    /// When it was handed to the kernel.
    pub(super) since: u64,
    /// Whose it is.
    pub(super) application: Option<usize>,
    /// The device.
    pub(super) device: usize,
    /// Whether it needs somebody else to hold the device open.
    pub(super) is_guest: bool,
    /// A write, else a read.
    pub(super) write: bool,
    /// Whether its end was told.
    pub(super) completed: bool,
    /// Whether its application's process is over.
    pub(super) process_ended: bool,
}

/// The administrator of a device: one command after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Admin {
    /// What comes next.
    pub(super) script: VecDeque<Command>,
    /// Whether a call of its is under way.
    pub(super) is_waiting: bool,
    /// Whether the device is to be closed: no new I/O but that which opens it itself.
    pub(super) is_closing: bool,
    /// Whether the device is held open.
    pub(super) holds_open: bool,
    /// Whether the device has been grown.
    pub(super) grown: bool,
    /// How often it has looked in vain.
    pub(super) looks: u32,
}

/// The daemon, about one device.
#[derive(Clone, Debug, Default)]
pub(super) struct Daemon {
    /// What comes next.
    pub(super) script: VecDeque<Command>,
    /// Whether a call of its is under way.
    pub(super) is_waiting: bool,
    /// Whether what comes next, or is under way, is a part of a reload.
    pub(super) reloads: bool,
    /// Whether a look is planned.
    pub(super) is_planned: bool,
    /// Checks in a row that found no path.
    pub(super) without_path: u8,
    /// Whether it has switched the policy off.
    pub(super) has_failed: bool,
}

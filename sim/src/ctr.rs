//! What a target's constructor may look up, and how it refuses its arguments.
//!
//! The messages are the kernel's own (`ti->error`), because its users search for them.
use dm_model::errno::Errno;
use dm_model::ids::Device;
use thiserror::Error;

/// Why a target's constructor refused its arguments.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{message}")]
pub struct CtrError {
    /// What the load ioctl returns.
    pub errno: Errno,
    /// The kernel's `ti->error`, without the device and target names that it logs before it.
    pub message: String,
    /// Which argument is at fault, counted from 0, where one is.
    pub argument: Option<usize>,
}

impl CtrError {
    /// `-EINVAL` with this message, at this argument.
    pub fn invalid(message: &str, argument: Option<usize>) -> Self {
        Self { errno: Errno::Inval, message: message.to_owned(), argument }
    }
}

/// The block devices that a table may name.
pub trait Devices {
    /// The device that `/dev/NAME`, `/dev/mapper/NAME` or `MAJOR:MINOR` means.
    fn find(&self, name: &str) -> Option<Device>;
    /// How many sectors of 512 bytes the device has; 0 when that is not known.
    fn sectors(&self, device: Device) -> u64;
    /// `MAJOR:MINOR`, which is how status and table lines name a device.
    fn number(&self, device: Device) -> String;
}

//! The constructors of the target types, with the checks and messages of each in its order.
//!
//! Left out: what needs a failed allocation, and what depends on who else has a device open.
use super::Kind;
use super::number::{scan_major_minor, scan_u32, scan_u64, whole_u32};
use crate::ctr::{CtrError, Devices};
use crate::multipath::MultipathSpec;
use dm_model::errno::Errno;
use dm_model::ids::Device;
use std::cell::Cell;

/// A constructor: the kind of target and its `split_io`.
pub(super) type Constructor = fn(&Area<'_>, &[&str]) -> Result<(Kind, u32), CtrError>;

/// The fewest sectors of a chunk: those of a page of 4096 bytes.
const CHUNK_SECTOR_COUNT_MIN: u32 = 8;

/// `dm_get_target_type`.
pub(super) fn constructor(name: &str) -> Option<Constructor> {
    match name {
        "linear" => Some(linear),
        "striped" => Some(striped),
        // `io_err_ctr` looks at no argument.
        "error" => Some(|_, _| Ok((Kind::Error, 0))),
        "zero" => Some(zero),
        "delay" => Some(delay),
        "multipath" => Some(multipath),
        _ => None,
    }
}

/// What a constructor knows besides its arguments: where the target lies, and all devices.
pub(super) struct Area<'a> {
    begin: u64,
    len: u64,
    devices: &'a dyn Devices,
    warning: Cell<Option<String>>,
}

impl<'a> Area<'a> {
    pub(super) fn new(begin: u64, len: u64, devices: &'a dyn Devices) -> Self {
        Self { begin, len, devices, warning: Cell::new(None) }
    }

    /// What `dm_get_device` logged when it failed, if it did.
    pub(super) fn take_warning(&self) -> Option<String> {
        self.warning.take()
    }

    /// `dm_get_device`: the device, if it is there and has these sectors.
    fn device(&self, path: &str, start: u64, len: u64) -> Option<Device> {
        let device = match scan_major_minor(path) {
            // More does not fit `dev_t`: -EOVERFLOW.
            Some((major, minor)) if major >= 1 << 12 || minor >= 1 << 20 => None,
            Some((major, minor)) => self.devices.find(&format!("{major}:{minor}")),
            None => self.devices.find(path),
        }?;
        if has_area(self.devices.sectors(device), start, len) {
            return Some(device);
        }
        self.warning.set(Some(format!("device {path} too small for target")));
        None
    }
}

/// The devices as a multipath target gets them: each must have the target's own sectors, at the
/// target's own place (`parse_path` passes `ti->begin`).
impl Devices for Area<'_> {
    fn find(&self, name: &str) -> Option<Device> {
        self.device(name, self.begin, self.len)
    }

    fn sectors(&self, device: Device) -> u64 {
        self.devices.sectors(device)
    }

    fn number(&self, device: Device) -> String {
        self.devices.number(device)
    }
}

/// `check_device_area`: a device of unknown size has every area.
fn has_area(sectors: u64, start: u64, len: u64) -> bool {
    sectors == 0 || (start < sectors && len <= sectors - start)
}

fn linear(area: &Area<'_>, argv: &[&str]) -> Result<(Kind, u32), CtrError> {
    let [path, start] = argv else {
        return Err(CtrError::invalid("Invalid argument count", None));
    };
    let bad_sector = CtrError::invalid("dm-linear: Invalid device sector", Some(1));
    let start = scan_u64(start).ok_or(bad_sector)?;
    let bad_device = CtrError::invalid("dm-linear: Device lookup failed", Some(0));
    let device = area.device(path, start, area.len).ok_or(bad_device)?;
    Ok((Kind::Linear { device, start }, 0))
}

fn striped(area: &Area<'_>, argv: &[&str]) -> Result<(Kind, u32), CtrError> {
    let refuse = |message: &str, argument| Err(CtrError::invalid(message, argument));
    let [count, chunk, destinations @ ..] = argv else {
        return refuse("Not enough arguments", None);
    };
    // The kernel of that era divides by a count of 0; later ones say this.
    let Some(count) = whole_u32(count).filter(|count| *count != 0) else {
        return refuse("Invalid stripe count", Some(0));
    };
    let Some(chunk) = whole_u32(chunk) else {
        return refuse("Invalid chunk_size", Some(1));
    };
    if !chunk.is_power_of_two() || chunk < CHUNK_SECTOR_COUNT_MIN {
        return refuse("Invalid chunk size", Some(1));
    }
    if !area.len.is_multiple_of(u64::from(chunk)) {
        return refuse("Target length not divisible by chunk size", Some(1));
    }
    if !area.len.is_multiple_of(u64::from(count)) {
        return refuse("Target length not divisible by number of stripes", Some(0));
    }
    // The kernel computes this number in 32 bits, in which it may wrap.
    let wanted = count.wrapping_mul(2).wrapping_add(2);
    if u32::try_from(argv.len()) != Ok(wanted) {
        return refuse("Not enough destinations specified", Some(argv.len()));
    }
    if destinations.len() as u64 != u64::from(count) * 2 {
        let message = "Memory allocation for striped context failed".to_owned();
        return Err(CtrError { errno: Errno::Nomem, message, argument: Some(0) });
    }
    let width = area.len / u64::from(count);
    let mut stripes = Vec::new();
    for (index, pair) in destinations.chunks_exact(2).enumerate() {
        stripes.push(stripe(area, pair, width).map_err(|(errno, offset)| CtrError {
            errno,
            message: "Couldn't parse stripe destination".to_owned(),
            argument: Some(2 + 2 * index + offset),
        })?);
    }
    Ok((Kind::Striped { chunk, stripes }, chunk))
}

/// `get_stripe`; an error with which of the two words is at fault.
fn stripe(area: &Area<'_>, pair: &[&str], width: u64) -> Result<(Device, u64), (Errno, usize)> {
    let start = scan_u64(pair[1]).ok_or((Errno::Inval, 1))?;
    let device = area.device(pair[0], start, width).ok_or((Errno::Nxio, 0))?;
    Ok((device, start))
}

fn zero(_area: &Area<'_>, argv: &[&str]) -> Result<(Kind, u32), CtrError> {
    if argv.is_empty() {
        Ok((Kind::Zero, 0))
    } else {
        Err(CtrError::invalid("No arguments required", Some(0)))
    }
}

fn delay(area: &Area<'_>, argv: &[&str]) -> Result<(Kind, u32), CtrError> {
    if argv.len() != 3 && argv.len() != 6 {
        return Err(CtrError::invalid("requires exactly 3 or 6 arguments", None));
    }
    let messages = ["Invalid device sector", "Invalid delay", "Device lookup failed"];
    let read = delay_part(area, argv, 0, messages)?;
    let messages =
        ["Invalid write device sector", "Invalid write delay", "Write device lookup failed"];
    let write = if argv.len() == 6 { Some(delay_part(area, argv, 3, messages)?) } else { None };
    Ok((Kind::Delay { read, write }, 0))
}

/// Device, sector and milliseconds, from this argument on; the messages are for the sector, the
/// milliseconds and the device, in the order of the checks.
fn delay_part(
    area: &Area<'_>,
    argv: &[&str],
    first: usize,
    messages: [&str; 3],
) -> Result<(Device, u64, u32), CtrError> {
    let refusal =
        |which: usize, argument: usize| CtrError::invalid(messages[which], Some(first + argument));
    let start = scan_u64(argv[first + 1]).ok_or_else(|| refusal(0, 1))?;
    let milliseconds = scan_u32(argv[first + 2]).ok_or_else(|| refusal(1, 2))?;
    let device = area.device(argv[first], start, area.len).ok_or_else(|| refusal(2, 0))?;
    Ok((device, start, milliseconds))
}

fn multipath(area: &Area<'_>, argv: &[&str]) -> Result<(Kind, u32), CtrError> {
    MultipathSpec::parse(argv, area).map(|spec| (Kind::Multipath(spec), 0))
}

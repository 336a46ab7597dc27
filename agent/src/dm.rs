//! The ioctls of the device-mapper, by the layout of `linux/dm-ioctl.h` (interface version 4).
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use crate::sys;

/// `DM_SUSPEND_FLAG`.
const SUSPEND: u32 = 1 << 1;
const ACTIVE_PRESENT: u32 = 1 << 5;
const INACTIVE_PRESENT: u32 = 1 << 6;

const HEADER: usize = 312;
const BUFFER: usize = 16 * 1024;
const TARGET_SPEC: usize = 40;
const DATA_SIZE: usize = 12;
const DATA_START: usize = 16;
const TARGET_COUNT: usize = 20;
const OPEN_COUNT: usize = 24;
const FLAGS: usize = 28;
const EVENT_NR: usize = 32;
const DEV: usize = 40;
const NAME: usize = 48;
const NAME_LENGTH: usize = 128;

/// Which ioctl.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Command {
    /// `DM_DEV_CREATE`.
    Create = 3,
    /// `DM_DEV_REMOVE`.
    Remove = 4,
    /// `DM_DEV_SUSPEND`.
    Suspend = 6,
    /// `DM_DEV_STATUS`.
    DevStatus = 7,
    /// `DM_TABLE_LOAD`.
    Load = 9,
    /// `DM_TABLE_CLEAR`.
    Clear = 10,
    /// `DM_TABLE_STATUS`.
    TableStatus = 12,
    /// `DM_TARGET_MSG`.
    Message = 14,
}

/// One target of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Target {
    /// The first sector.
    pub(crate) start: u64,
    /// How many sectors.
    pub(crate) length: u64,
    /// The target's type.
    pub(crate) kind: String,
    /// Its arguments, or its status.
    pub(crate) parameters: String,
}

/// A call to the device-mapper, and then its answer.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    command: Command,
    buffer: Vec<u8>,
}

/// What `DM_DEV_STATUS` tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Info {
    pub(crate) suspended: bool,
    pub(crate) live: bool,
    pub(crate) inactive: bool,
    pub(crate) open_count: u32,
    pub(crate) event_nr: u32,
    /// Major and minor number.
    pub(crate) dev: (u32, u32),
}

impl Request {
    /// A call on the device of this name.
    pub(crate) fn new(command: Command, name: &str, flags: u32) -> Self {
        let mut request = Self { command, buffer: vec![0; BUFFER] };
        request.set(0, 4);
        request.set(DATA_SIZE, BUFFER as u32);
        request.set(DATA_START, HEADER as u32);
        request.set(FLAGS, flags);
        let name = &name.as_bytes()[..name.len().min(NAME_LENGTH - 1)];
        request.buffer[NAME..NAME + name.len()].copy_from_slice(name);
        request
    }

    /// A load of this table.
    pub(crate) fn load(name: &str, targets: &[Target]) -> io::Result<Self> {
        let mut request = Self::new(Command::Load, name, 0);
        request.set(TARGET_COUNT, targets.len() as u32);
        let mut at = HEADER;
        for target in targets {
            let next = (TARGET_SPEC + target.parameters.len() + 8) & !7;
            if at + next > BUFFER || target.kind.len() > 15 {
                return Err(io::Error::from_raw_os_error(nix::libc::E2BIG));
            }
            request.put(at, &target.start.to_le_bytes());
            request.put(at + 8, &target.length.to_le_bytes());
            request.put(at + 20, &(next as u32).to_le_bytes());
            request.put(at + 24, target.kind.as_bytes());
            request.put(at + TARGET_SPEC, target.parameters.as_bytes());
            at += next;
        }
        Ok(request)
    }

    /// A message to the target at this sector.
    pub(crate) fn message(name: &str, sector: u64, text: &str) -> Self {
        let mut request = Self::new(Command::Message, name, 0);
        request.put(HEADER, &sector.to_le_bytes());
        let length = text.len().min(BUFFER - HEADER - 9);
        request.put(HEADER + 8, &text.as_bytes()[..length]);
        request
    }

    /// Makes the call.
    ///
    /// # Errors
    /// What the kernel answers.
    pub(crate) fn call(&mut self, control: &File) -> io::Result<()> {
        let number = 3 << 30 | (HEADER as u32) << 16 | 0xfd << 8 | self.command as u32;
        sys::ioctl(control.as_fd(), number, &mut self.buffer)
    }

    /// What the answer to any call on a device tells of it.
    pub(crate) fn info(&self) -> Info {
        let flags = self.get(FLAGS);
        let dev = self.get(DEV);
        Info {
            suspended: flags & SUSPEND != 0,
            live: flags & ACTIVE_PRESENT != 0,
            inactive: flags & INACTIVE_PRESENT != 0,
            open_count: self.get(OPEN_COUNT),
            event_nr: self.get(EVENT_NR),
            dev: (dev >> 8 & 0xfff, dev & 0xff | dev >> 12 & 0xfff00),
        }
    }

    /// The targets that `DM_TABLE_STATUS` has answered with.
    pub(crate) fn targets(&self) -> Vec<Target> {
        let start = self.get(DATA_START) as usize;
        let mut at = start;
        let mut targets = Vec::new();
        for _ in 0..self.get(TARGET_COUNT) {
            targets.push(Target {
                start: self.get_long(at),
                length: self.get_long(at + 8),
                kind: self.text(at + 24, 16),
                parameters: self.text(at + TARGET_SPEC, BUFFER),
            });
            at = start + self.get(at + 20) as usize;
        }
        targets
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.buffer[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn set(&mut self, at: usize, value: u32) {
        self.put(at, &value.to_le_bytes());
    }

    fn get(&self, at: usize) -> u32 {
        let bytes = self.buffer[at..at + 4].try_into().expect("four bytes are four");
        u32::from_le_bytes(bytes)
    }

    fn get_long(&self, at: usize) -> u64 {
        u64::from(self.get(at)) | u64::from(self.get(at + 4)) << 32
    }

    fn text(&self, at: usize, length_max: usize) -> String {
        let bytes = &self.buffer[at..BUFFER.min(at + length_max)];
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        String::from_utf8_lossy(&bytes[..end]).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_laid_out_as_the_header_says() {
        let targets = [
            Target { start: 0, length: 8, kind: "zero".into(), parameters: String::new() },
            Target { start: 8, length: 16, kind: "linear".into(), parameters: "1:0 24".into() },
        ];
        let mut request = Request::load("mp", &targets).expect("it fits");
        assert_eq!(request.text(NAME, NAME_LENGTH), "mp");
        // The kernel counts `next` of a load from the spec that it stands in.
        assert_eq!(request.get(HEADER + 20), 48);
        let second = HEADER + 48;
        request.put(second + 20, &0_u32.to_le_bytes());
        assert_eq!(request.get_long(second), 8);
        assert_eq!(request.text(second + 24, 16), "linear");
        assert_eq!(request.text(second + TARGET_SPEC, 64), "1:0 24");
    }

    #[test]
    fn a_table_that_does_not_fit_is_refused() {
        let parameters = "x".repeat(BUFFER);
        let target = Target { start: 0, length: 8, kind: "zero".into(), parameters };
        let error = Request::load("mp", &[target]).expect_err("it does not fit");
        assert_eq!(error.raw_os_error(), Some(nix::libc::E2BIG));
    }

    #[test]
    fn a_device_number_is_taken_apart_as_the_kernel_puts_it_together() {
        let mut request = Request::new(Command::DevStatus, "mp", 0);
        request.set(DEV, 0x2c | 0xfe << 8 | 0x100 << 12);
        assert_eq!(request.info().dev, (0xfe, 0x12c));
    }
}

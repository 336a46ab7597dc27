//! One I/O of an application: direct, of whole sectors, each sector filled with one token.
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};

use nix::libc::O_DIRECT;

/// Bytes of a sector.
pub(crate) const SECTOR: usize = 512;
const PAGE: usize = 4096;
/// What a sector of the buffer holds that a read has not filled.
const UNTOUCHED: u8 = 0xee;
/// The token of a sector of several: none that a write has.
const MIXED: u8 = 0xff;

/// What an application does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Transfer {
    /// The path of the device.
    pub(crate) path: String,
    /// Whether it writes.
    pub(crate) write: bool,
    /// The first sector.
    pub(crate) sector: u64,
    /// How many sectors.
    pub(crate) count: usize,
    /// What a write fills each byte with.
    pub(crate) token: u8,
    /// Whether fsync follows.
    pub(crate) fsync: bool,
}

impl Transfer {
    /// Does it. A read answers with the token of each sector, [`MIXED`] where it is not all one.
    ///
    /// # Errors
    /// What the kernel answers; a transfer that ends early is an `UnexpectedEof` or `WriteZero`.
    pub(crate) fn run(&self) -> io::Result<Vec<u8>> {
        let mut options = OpenOptions::new();
        options.read(true).write(self.write).custom_flags(O_DIRECT);
        let file = options.open(&self.path)?;
        let length = self.count * SECTOR;
        let filling = if self.write { self.token } else { UNTOUCHED };
        let mut memory = vec![filling; length + PAGE];
        let start = memory.as_ptr().align_offset(PAGE);
        let buffer = &mut memory[start..start + length];
        let offset = self.sector * SECTOR as u64;
        let moved =
            if self.write { file.write_at(buffer, offset)? } else { file.read_at(buffer, offset)? };
        if moved < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if self.fsync {
            file.sync_all()?;
        }
        Ok(if self.write { Vec::new() } else { tokens(buffer) })
    }
}

fn tokens(buffer: &[u8]) -> Vec<u8> {
    let token = |sector: &[u8]| {
        let first = sector[0];
        if sector.iter().all(|byte| *byte == first) { first } else { MIXED }
    };
    buffer.chunks(SECTOR).map(token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sector_that_is_not_all_one_has_no_token() {
        let mut buffer = vec![3; 3 * SECTOR];
        buffer[SECTOR..2 * SECTOR].fill(0);
        buffer[2 * SECTOR + 7] = 4;
        assert_eq!(tokens(&buffer), [3, 0, MIXED]);
    }

    #[test]
    fn a_device_that_is_not_there_is_an_error() {
        let path = "/dev/there/is/none".to_owned();
        let read = Transfer { path, write: false, sector: 0, count: 1, token: 0, fsync: false };
        assert_eq!(read.run().expect_err("it is not there").kind(), io::ErrorKind::NotFound);
    }
}

//! Owns the file in which a search is kept to be resumed: its header, its checksum, its errors.
//!
//! The file holds the set of states, how each was reached, what was counted, and which states
//! wait; those are not written but derived again, see `waiting`. It is written beside its name and
//! renamed when it is whole, so that there is always one that is.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crc32fast::Hasher;

/// Where a search is kept, and how often.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    /// The file. What is written first has `.new` behind its name.
    pub path: PathBuf,
    /// What is searched, by name and version: nothing else is resumed from it.
    pub identity: String,
    /// How often it is written while the search goes on; at its early end in any case.
    pub every: Option<Duration>,
}

/// Why a search cannot be resumed from a file.
#[derive(Debug)]
pub enum CheckpointError {
    /// The file cannot be read.
    Unreadable(io::Error),
    /// The file is something else.
    NotACheckpoint,
    /// The file has a format that a later version of this program writes.
    Newer {
        /// The number of the format.
        version: u32,
    },
    /// The file has a format that an earlier version of this program wrote.
    Older {
        /// The number of the format.
        version: u32,
    },
    /// The file is cut short, or not as it was written.
    Damaged,
    /// The file is of another search.
    Foreign {
        /// What it is of.
        found: String,
        /// What it should be of.
        expected: String,
    },
    /// The system does not do what it did when the file was written.
    Changed,
    /// The limit on memory is below what the file holds.
    TooLarge,
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "it cannot be read: {error}"),
            Self::NotACheckpoint => f.write_str("it is no checkpoint of a search"),
            Self::Newer { version } => {
                write!(f, "it has format {version}, this program knows format {VERSION} alone")
            }
            Self::Older { version } => {
                write!(f, "it has format {version}, this program knows format {VERSION} alone")
            }
            Self::Damaged => f.write_str("it is damaged: its checksum is not that of its contents"),
            Self::Foreign { found, expected } => {
                write!(f, "it is of another search: {found}; expected {expected}")
            }
            Self::Changed => f.write_str("what is searched has changed since it was written"),
            Self::TooLarge => f.write_str("the limit on memory is below what it holds"),
        }
    }
}

impl Error for CheckpointError {}

impl From<io::Error> for CheckpointError {
    /// What was written is read: an early end is one of a file that is damaged.
    fn from(error: io::Error) -> Self {
        let is_cut_short = error.kind() == io::ErrorKind::UnexpectedEof;
        if is_cut_short { Self::Damaged } else { Self::Unreadable(error) }
    }
}

const MAGIC: &[u8; 8] = b"explored";
const VERSION: u32 = 3;
/// What is read, written and summed at a time.
const BLOCK_BYTES: usize = 1 << 16;
/// A CRC-32 at the end.
const SUM_BYTES: u64 = 4;

/// A checkpoint that is being written.
pub(crate) struct Sink {
    file: File,
    block: Vec<u8>,
    sum: Hasher,
}

/// A checkpoint that is being read. Its checksum is right.
pub(crate) struct Source(BufReader<File>);

/// Writes a checkpoint in place of the one before, if all of it can be written.
pub(crate) fn replace(
    path: &Path,
    write: impl FnOnce(&mut Sink) -> io::Result<()>,
) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let file = File::create(&beside)?;
    let mut sink = Sink { file, block: Vec::with_capacity(BLOCK_BYTES), sum: Hasher::new() };
    sink.bytes(MAGIC)?;
    sink.bytes(&VERSION.to_le_bytes())?;
    write(&mut sink)?;
    sink.flush()?;
    let sum = std::mem::take(&mut sink.sum).finalize();
    sink.file.write_all(&sum.to_le_bytes())?;
    sink.file.sync_all()?;
    drop(sink);
    std::fs::rename(&beside, path)
}

impl Sink {
    pub(crate) fn bytes(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK_BYTES - self.block.len()));
            self.block.extend_from_slice(now);
            bytes = later;
            if self.block.len() == BLOCK_BYTES {
                self.flush()?;
            }
        }
        Ok(())
    }

    pub(crate) fn number(&mut self, number: u64) -> io::Result<()> {
        self.bytes(&number.to_le_bytes())
    }

    pub(crate) fn numbers(&mut self, numbers: &[u64]) -> io::Result<()> {
        numbers.iter().try_for_each(|number| self.number(*number))
    }

    /// Bytes with their length before them.
    pub(crate) fn text(&mut self, text: &[u8]) -> io::Result<()> {
        self.number(text.len() as u64)?;
        self.bytes(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sum.update(&self.block);
        self.file.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }
}

impl Source {
    /// Opens a checkpoint, and looks whether it is whole.
    pub(crate) fn open(path: &Path) -> Result<Self, CheckpointError> {
        let mut file = File::open(path).map_err(CheckpointError::Unreadable)?;
        let mut head = [0; 12];
        let len = file.metadata().map_err(CheckpointError::Unreadable)?.len();
        file.read_exact(&mut head).map_err(|_| CheckpointError::NotACheckpoint)?;
        let [magic @ .., v0, v1, v2, v3] = head;
        let version = u32::from_le_bytes([v0, v1, v2, v3]);
        if magic != *MAGIC {
            return Err(CheckpointError::NotACheckpoint);
        }
        if version > VERSION {
            return Err(CheckpointError::Newer { version });
        }
        if version < VERSION {
            return Err(CheckpointError::Older { version });
        }
        file.seek(SeekFrom::Start(0))?;
        let mut left = len.checked_sub(SUM_BYTES).ok_or(CheckpointError::Damaged)?;
        let (mut sum, mut block) = (Hasher::new(), vec![0; BLOCK_BYTES]);
        while left > 0 {
            let block = &mut block[..left.min(BLOCK_BYTES as u64) as usize];
            file.read_exact(block)?;
            sum.update(block);
            left -= block.len() as u64;
        }
        let mut written = [0; SUM_BYTES as usize];
        file.read_exact(&mut written)?;
        if u32::from_le_bytes(written) != sum.finalize() {
            return Err(CheckpointError::Damaged);
        }
        file.seek(SeekFrom::Start(head.len() as u64))?;
        Ok(Self(BufReader::with_capacity(BLOCK_BYTES, file)))
    }

    pub(crate) fn bytes(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.0.read_exact(bytes)
    }

    pub(crate) fn number(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    pub(crate) fn numbers<const N: usize>(&mut self) -> io::Result<[u64; N]> {
        let mut numbers = [0; N];
        for number in &mut numbers {
            *number = self.number()?;
        }
        Ok(numbers)
    }

    /// Bytes with their length before them.
    pub(crate) fn text(&mut self) -> io::Result<Vec<u8>> {
        let mut text = vec![0; self.number()? as usize];
        self.bytes(&mut text)?;
        Ok(text)
    }
}

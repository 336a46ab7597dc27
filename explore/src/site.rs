//! Owns where a key belongs: in which segment of a table, and in which line of it.

/// The line in which a key belongs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Site {
    pub(crate) segment: u32,
    pub(crate) line: u32,
}

const SEGMENT_BITS: u32 = 6;
pub(crate) const SEGMENT_COUNT: usize = 1 << SEGMENT_BITS;

impl Site {
    /// The order of the lines is that of the hashes, so that growth goes through old and new ones
    /// in order.
    #[inline]
    pub(crate) fn of(key: u64, lines: usize) -> Self {
        let hash = mix(key);
        let line = (u128::from(hash << SEGMENT_BITS) * lines as u128) >> u64::BITS;
        Self { segment: (hash >> (u64::BITS - SEGMENT_BITS)) as u32, line: line as u32 }
    }
}

/// The line behind this one.
#[inline]
pub(crate) fn after(line: usize, lines: usize) -> usize {
    if line + 1 == lines { 0 } else { line + 1 }
}

/// A place for a key among so many, a power of two, quickly found.
#[inline]
pub(crate) fn nearby(key: u64, count: usize) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - count.ilog2())) as usize
}

/// Spreads a key over all bits, the highest above all, which choose the line.
#[inline]
fn mix(key: u64) -> u64 {
    let hash = (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

//! Owns rows of words, each once, under numbers that never change.
//!
//! The rows lie in pages and never move. A table finds them by open addressing: each slot holds a
//! number and half of the hash, so that a row is seldom read in vain. Nothing is ever removed.

use std::io;

use crate::checkpoint::{CheckpointError, Sink, Source};

/// A set of rows of `N` words.
pub(crate) struct Interner<const N: usize> {
    pages: Vec<Vec<[u64; N]>>,
    /// Half of a hash above a number plus one, or [`EMPTY`]. The length is a power of two, and one
    /// slot in four is always empty.
    slots: Vec<u64>,
    len: u32,
    bytes: usize,
}

const EMPTY: u64 = 0;
const SLOTS_MIN: usize = 16;
/// The first pages are smaller, each twice as long as the one before, down to this.
const PAGE_LEN_LOG2_MIN: u32 = 4;
const PAGE_LEN_LOG2_MAX: u32 = 12;

/// The page on which a row is, and its place there.
fn place(number: u32) -> (usize, usize) {
    let (min, max) = (PAGE_LEN_LOG2_MIN, PAGE_LEN_LOG2_MAX);
    // As if there were one page more before the first, so that each begins at its own length.
    let at = number + (1 << min);
    let log2 = at.ilog2();
    if log2 < max {
        return ((log2 - min) as usize, (at - (1 << log2)) as usize);
    }
    let page = (max - min) as usize + (at >> max) as usize - 1;
    (page, at as usize % (1 << max))
}

fn page_len(page: usize) -> usize {
    1 << (PAGE_LEN_LOG2_MIN + page as u32).min(PAGE_LEN_LOG2_MAX)
}

impl<const N: usize> Interner<N> {
    pub(crate) fn new() -> Self {
        let slots = vec![EMPTY; SLOTS_MIN];
        Self { pages: Vec::new(), bytes: size_of_val(&slots[..]), slots, len: 0 }
    }

    /// What the set occupies, with the room for growth that it already holds.
    #[inline]
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The number of the row, a new one if it is new.
    pub(crate) fn number(&mut self, row: &[u64; N], hash: u64) -> u32 {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let known = self.slots[slot];
            if known == EMPTY {
                break;
            }
            let number = known as u32 - 1;
            if (known ^ hash) >> 32 == 0 && self.row(number) == row {
                return number;
            }
            slot = (slot + 1) & mask;
        }
        let number = self.append(row);
        self.slots[slot] = filled(number, hash);
        if self.len as usize * 4 > self.slots.len() * 3 {
            self.grow();
        }
        number
    }

    pub(crate) fn row(&self, number: u32) -> &[u64; N] {
        let (page, place) = place(number);
        &self.pages[page][place]
    }

    fn append(&mut self, row: &[u64; N]) -> u32 {
        let number = self.len;
        let (page, _) = place(number);
        if page == self.pages.len() {
            self.pages.push(Vec::with_capacity(page_len(page)));
            self.bytes += page_len(page) * size_of::<[u64; N]>();
        }
        self.pages[page].push(*row);
        self.len += 1;
        number
    }

    fn grow(&mut self) {
        let mut slots = vec![EMPTY; self.slots.len() * 2];
        let mask = slots.len() - 1;
        for (number, row) in (0..).zip(self.pages.iter().flatten()) {
            let hash = hash(row);
            let mut slot = hash as usize & mask;
            while slots[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            slots[slot] = filled(number, hash);
        }
        self.bytes += size_of_val(&slots[..]) - size_of_val(&self.slots[..]);
        self.slots = slots;
    }

    /// Writes the rows in the order of their numbers.
    pub(crate) fn save(&self, sink: &mut Sink) -> io::Result<()> {
        sink.number(self.len.into())?;
        self.pages.iter().flatten().try_for_each(|row| sink.numbers(row))
    }

    /// The rows that were written, with the numbers that they had.
    pub(crate) fn load(source: &mut Source) -> Result<Self, CheckpointError> {
        let mut interner = Self::new();
        for expected in 0..source.number()? {
            let row = source.numbers()?;
            if u64::from(interner.number(&row, hash(&row))) != expected {
                return Err(CheckpointError::Damaged);
            }
        }
        Ok(interner)
    }
}

fn filled(number: u32, hash: u64) -> u64 {
    hash >> 32 << 32 | u64::from(number + 1)
}

/// Spreads a row over all bits: the table uses the lowest, its slots keep the highest.
#[inline]
pub(crate) fn hash<const N: usize>(row: &[u64; N]) -> u64 {
    let mut hash = 0_u64;
    for word in row {
        hash = (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_one_number_for_ever() {
        let mut interner = Interner::new();
        let row = |i: u32| [u64::from(i), u64::from(i % 7) << 40];
        for again in 0..2 {
            for i in 0..100_000 {
                let row = row(i);
                assert_eq!(interner.number(&row, hash(&row)), i, "again: {again}");
            }
        }
        assert_eq!(interner.len, 100_000);
        let expected: usize = 100_000 * 16 + 262_144 * 8;
        assert!((expected..expected + (17 << 12)).contains(&interner.bytes()));
    }

    #[test]
    fn places_follow_each_other_and_fill_the_pages() {
        let mut expected = (0, 0);
        for number in 0..100_000 {
            assert_eq!(place(number), expected, "of {number}");
            expected.1 += 1;
            if expected.1 == page_len(expected.0) {
                expected = (expected.0 + 1, 0);
            }
        }
    }
}

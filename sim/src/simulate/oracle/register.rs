//! Whether each read returns a value that its sectors may hold: each sector as a register under
//! writes with values of their own. CLAIMS.md S12; what else it must allow: N3.
//!
//! # What a sector is
//!
//! Each sector is judged by itself: a block device promises no more. A write may be **applied** at
//! any moments, none, one or many, from its beginning to its end, where its *end* is its end_io, or
//! with [`Copies::Left`] the moment at which it is settled. If it completed without an error it was
//! applied at least once before its end_io. A read returns what was applied last before some
//! moment between its own beginning and its end_io. [`ZERO`] was applied before time began, and is
//! over since.
//!
//! # The rule
//!
//! The order of calls is time, so that no two moments are equal. Let `[b, e]` be a write of value v
//! (`e` without end while it is open), and for a read of it `[i, r]`. It is *late* if `i > e`: then
//! v must stand in the sector from `e` to `i`. The **hold** of v is `[e, h]`, `h` the greatest `i`
//! of the late reads that returned it. Reads and writes fit into one history if and only if
//!
//! 1. of each read, `b < r`: the write had begun;
//! 2. no two holds meet;
//! 3. no write that completed without an error has its beginning and its end_io in the hold of
//!    another: it was applied in between;
//! 4. no read that is not late lies in the hold of another value w: not all of `max(i, b)` to
//!    `min(r, e)`.
//!
//! *Necessary*: within a hold nothing else is applied and nothing else is read: what was applied in
//! between could not be followed by v, whose write is over. What 2 to 4 forbid puts something else
//! there whatever moments are chosen; of 4, the read happens after `max(i, b)`, and v had to be
//! applied last before it and so, if not in w's hold, before that began, which w ended.
//! *Sufficient*: apply each held v just before `e`, and read it late at `i`. Holds do not meet, so
//! that between two of them there is room; an open interval that no single hold covers has a moment
//! outside all. By 3 each other completed write has one, and by 4 each read that is not late has
//! one while its own write may be applied: apply it there just before, which disturbs nobody, for
//! whoever is not held may be applied again just before it is read. So the rule is exact: it gives
//! no false alarm, and it overlooks nothing that the values of one sector can show.
//!
//! # What is kept
//!
//! A value whose write is over has a **deadline**: the earliest moment after which no read may
//! begin that returns it. Each rule becomes a bound on it: 3, the end_io of the completed write; 4,
//! `min(r, e)` of the read; 2, the end of the write with the later hold, and for a write that ended
//! within another's hold its own. What lies before the beginning of every open read is forgotten: a
//! hold of such a value is over before any read that is still to be judged begins. Open writes are
//! found by their number. So a sector keeps its last value, and what open reads or failed writes
//! leave possible. Of more than [`CANDIDATE_COUNT_MAX`] the older half becomes "any value", with
//! the latest end and deadline among them: weaker, never stricter, and counted.
use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Broken, Code, POSSIBLE_VALUE};
use cell::{Cell, Found};

mod cell;
#[cfg(test)]
mod exhaustive;
#[cfg(test)]
mod tests;

pub use cell::CANDIDATE_COUNT_MAX;

/// The value of a sector that was never written.
pub const ZERO: u64 = 0;

/// Sectors that are found together.
const PAGE_SECTORS: u64 = 16;

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

impl Extent {
    fn contains(&self, lun: u32, sector: u64) -> bool {
        self.lun == lun && (self.sector..self.sector + u64::from(self.count)).contains(&sector)
    }
}

/// Whether a write that has ended may still be applied by something that kept it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Copies {
    /// Nothing has it any more.
    None,
    /// A disk, a path that hangs or a queue may still apply it, until it is settled.
    Left,
}

/// What an I/O does. The direction of a bio.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Direction {
    Read,
    Write,
}

/// An I/O that can still read or change something.
#[derive(Clone, Debug)]
struct Open {
    direction: Direction,
    extents: Vec<Extent>,
    began: u64,
    /// Of a write, whether its end_io is over and only copies of it are left.
    is_told: bool,
}

/// Every sector that was ever touched, as a register. Source: what users expect of a disk, and what
/// the kernel's retries make of it (CLAIMS.md N3).
#[derive(Clone, Debug, Default)]
pub struct Registers {
    /// The time, in calls.
    now: u64,
    open: BTreeMap<u64, Open>,
    /// By LUN and page.
    pages: BTreeMap<(u32, u64), Vec<Cell>>,
    unjudged: u64,
}

impl Registers {
    /// Nothing was written.
    pub fn new() -> Self {
        Self::default()
    }

    /// A write is handed to the kernel: from here on it may be applied, once or more.
    ///
    /// # Panics
    /// When an open I/O has its number, or it is that of [`ZERO`].
    pub fn write_began(&mut self, io: u64, extents: &[Extent]) {
        self.begin(io, Direction::Write, extents);
    }

    /// A read is handed to the kernel.
    ///
    /// # Panics
    /// When an open I/O has its number.
    pub fn read_began(&mut self, io: u64, extents: &[Extent]) {
        let now = self.begin(io, Direction::Read, extents);
        for extent in extents {
            each_cell(&mut self.pages, extent, |_, cell| cell.read_began(now));
        }
    }

    /// A write has ended: without an error it was applied, else it may have been. What is not
    /// applied to all of its sectors ends with an error.
    ///
    /// # Panics
    /// When there is no such write, or it has ended before.
    pub fn write_ended(&mut self, io: u64, code: Code, copies: Copies) {
        self.now += 1;
        let now = self.now;
        let open = self.open.get_mut(&io).filter(|open| open.direction == Direction::Write);
        let open = open.unwrap_or_else(|| panic!("write {io} is not open"));
        assert!(!open.is_told, "write {io} ends twice");
        open.is_told = true;
        if !code.is_error() {
            for extent in &open.extents {
                each_cell(&mut self.pages, extent, |_, cell| cell.overwritten(open.began, now));
            }
        }
        if copies == Copies::None {
            self.retire(io);
        }
    }

    /// No copy of a write that ended with [`Copies::Left`] is left.
    ///
    /// # Panics
    /// When there is no such write.
    pub fn settled(&mut self, io: u64) {
        self.now += 1;
        let is_told = self.open.get(&io).is_some_and(|open| open.is_told);
        assert!(is_told, "write {io} has not ended, or nothing was left of it");
        self.retire(io);
    }

    /// A read has ended with these values, one a sector in the order of its extents; after an error
    /// they are not looked at.
    ///
    /// # Errors
    /// When a sector cannot have held its value at any moment of the read.
    ///
    /// # Panics
    /// When there is no such read, or without an error it has not a value for each sector.
    pub fn read_ended(&mut self, io: u64, code: Code, values: &[u64]) -> Result<(), Broken> {
        self.now += 1;
        let read = self.open.remove(&io).filter(|open| open.direction == Direction::Read);
        let read = read.unwrap_or_else(|| panic!("read {io} is not open"));
        let count: usize = read.extents.iter().map(|extent| extent.count as usize).sum();
        assert!(code.is_error() || values.len() == count, "{} of {count} values", values.len());
        let (now, open, unjudged) = (self.now, &self.open, &mut self.unjudged);
        let (mut index, mut broken) = (0, None);
        for extent in &read.extents {
            each_cell(&mut self.pages, extent, |sector, cell| {
                if !code.is_error() && broken.is_none() {
                    let value = values[index];
                    let writing = || began(open, value, extent.lun, sector);
                    match cell.read_ended(value, writing, read.began, now) {
                        Found::Possible => {}
                        Found::Unjudged => *unjudged += 1,
                        Found::Impossible(why) => {
                            let possible = possible(cell, open, &read, extent.lun, sector);
                            broken = Some(format!(
                                "io {io} read sector {sector} of LUN {}: expected {possible}, \
                                 found {value}, which {why}",
                                extent.lun
                            ));
                        }
                    }
                }
                cell.read_is_over(read.began, now);
                index += 1;
            });
        }
        let broken = broken.map(|text| Broken { claim: POSSIBLE_VALUE, text, cause: None });
        broken.map_or(Ok(()), Err)
    }

    /// How many values were not judged, because a sector had more candidates than are kept.
    pub fn unjudged_count(&self) -> u64 {
        self.unjudged
    }

    /// How many values are kept, of all sectors: what memory is in proportion to.
    pub fn candidate_count(&self) -> usize {
        self.pages.values().flatten().map(Cell::candidate_count).sum()
    }

    fn begin(&mut self, io: u64, direction: Direction, extents: &[Extent]) -> u64 {
        assert!(io != ZERO && io != u64::MAX, "{io} is no number of an I/O");
        self.now += 1;
        let began = self.now;
        let open = Open { direction, extents: extents.to_vec(), began, is_told: false };
        let before = self.open.insert(io, open);
        assert!(before.is_none(), "io {io} is open already");
        began
    }

    fn retire(&mut self, io: u64) {
        let now = self.now;
        let write = self.open.remove(&io).expect("the caller has looked");
        for extent in &write.extents {
            each_cell(&mut self.pages, extent, |_, cell| cell.write_is_over(io, write.began, now));
        }
    }
}

/// Calls `act` with each sector of an extent and its cell.
fn each_cell(
    pages: &mut BTreeMap<(u32, u64), Vec<Cell>>,
    extent: &Extent,
    mut act: impl FnMut(u64, &mut Cell),
) {
    let (mut sector, end) = (extent.sector, extent.sector + u64::from(extent.count));
    while sector < end {
        let page = sector / PAGE_SECTORS;
        let cells = pages
            .entry((extent.lun, page))
            .or_insert_with(|| vec![Cell::default(); PAGE_SECTORS as usize]);
        let page_end = end.min((page + 1) * PAGE_SECTORS);
        for sector in sector..page_end {
            act(sector, &mut cells[(sector % PAGE_SECTORS) as usize]);
        }
        sector = page_end;
    }
}

/// When an open write of this value to this sector began.
fn began(open: &BTreeMap<u64, Open>, value: u64, lun: u32, sector: u64) -> Option<u64> {
    open.get(&value).filter(|open| open.writes(lun, sector)).map(|open| open.began)
}

impl Open {
    fn writes(&self, lun: u32, sector: u64) -> bool {
        self.direction == Direction::Write
            && self.extents.iter().any(|extent| extent.contains(lun, sector))
    }
}

/// What a read might have returned, in words.
fn possible(cell: &Cell, open: &BTreeMap<u64, Open>, read: &Open, lun: u32, sector: u64) -> String {
    let writes = open.iter().filter(|(_, open)| open.writes(lun, sector)).map(|(io, _)| *io);
    let mut values: Vec<u64> = cell.possible(read.began).chain(writes).collect();
    values.sort_unstable();
    let mut text = String::new();
    for (index, value) in values.iter().enumerate() {
        let before = if index == 0 { "" } else { " or " };
        write!(text, "{before}{value}").expect("a string takes it");
    }
    if text.is_empty() { "no value at all".to_owned() } else { text }
}

//! Owns how each state was first reached: a byte a state, most of the time.
//!
//! Each worker numbers the states that it finds, and notes for each from which state it came and
//! by which action. States are expanded nearly in the order of their numbers, so that it is enough
//! to note how far the parent has moved on since the child before.

use std::io;

use crate::checkpoint::{Sink, Source};

/// A state that was found: by which worker, and as its how manieth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StateId(u64);

/// How a state was first reached: from which other, and the action's place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) parent: StateId,
    pub(crate) ordinal: u16,
}

/// The states that one worker has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grove {
    worker: u8,
    pages: Vec<Page>,
    len: u64,
    /// The parent of the last state on the last page.
    last: u64,
}

/// Notes that can be read from the beginning of the page on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Page {
    /// The number of its first state.
    first: u64,
    bytes: Vec<u8>,
}

const NUMBER_BITS: u32 = 40;
const PAGE_BYTES: usize = 1 << 14;
/// More than a note takes.
const NOTE_BYTES_MAX: usize = 16;
/// A note of one byte is how far the parent moved on, times this, plus the ordinal.
const SHORT_ORDINALS: u64 = 84;
const SHORT_MOVES: u64 = 3;
/// Announces how far the parent moved on, and the ordinal.
const LONG: u8 = 253;
/// Announces the parent, and the ordinal.
const WHOLE: u8 = 254;

impl StateId {
    /// The initial state.
    pub(crate) const FIRST: Self = Self(0);

    pub(crate) fn new(worker: u8, number: u64) -> Self {
        assert!(number < 1 << NUMBER_BITS, "a worker has found too many states");
        Self(u64::from(worker) << NUMBER_BITS | number)
    }

    pub(crate) fn worker(self) -> usize {
        (self.0 >> NUMBER_BITS) as usize
    }

    pub(crate) fn number(self) -> u64 {
        self.0 & ((1 << NUMBER_BITS) - 1)
    }

    /// As one number.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// How many states the same worker found from the other state until this one.
    pub(crate) fn since(self, other: Self) -> Option<usize> {
        let is_same = self.worker() == other.worker();
        is_same.then(|| self.0.checked_sub(other.0).map(|count| count as usize)).flatten()
    }

    /// The state that the same worker found so many later.
    pub(crate) fn plus(self, count: usize) -> Self {
        Self(self.0 + count as u64)
    }
}

impl Grove {
    pub(crate) fn new(worker: u8) -> Self {
        Self { worker, ..Self::default() }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn bytes(&self) -> usize {
        self.pages.len() * PAGE_BYTES
    }

    /// The state that is found next.
    pub(crate) fn next(&self) -> StateId {
        StateId::new(self.worker, self.len)
    }

    /// Notes where the next state came from.
    pub(crate) fn push(&mut self, origin: Origin) {
        let Origin { parent: StateId(parent), ordinal } = origin;
        let ordinal = u64::from(ordinal);
        let has_room = |page: &Page| page.bytes.len() + NOTE_BYTES_MAX <= PAGE_BYTES;
        let is_continued = self.pages.last().is_some_and(has_room);
        if !is_continued {
            let bytes = Vec::with_capacity(PAGE_BYTES);
            self.pages.push(Page { first: self.len, bytes });
        }
        let last = self.pages.len() - 1;
        let bytes = &mut self.pages[last].bytes;
        match parent.checked_sub(self.last).filter(|_| is_continued) {
            Some(moved) if moved < SHORT_MOVES && ordinal < SHORT_ORDINALS => {
                bytes.push((moved * SHORT_ORDINALS + ordinal) as u8);
            }
            Some(moved) => push_note(bytes, LONG, [moved, ordinal]),
            None => push_note(bytes, WHOLE, [parent, ordinal]),
        }
        self.last = parent;
        self.len += 1;
    }

    /// Where the state with this number came from.
    pub(crate) fn origin(&self, number: u64) -> Origin {
        let later = self.pages.partition_point(|page| page.first <= number);
        let page = &self.pages[later - 1];
        let mut notes = Notes { bytes: &page.bytes, parent: 0 };
        let skipped = (number - page.first) as usize;
        notes.nth(skipped).expect("a state that was found has a note")
    }

    /// Where each of these states of its own came from; they ascend.
    pub(crate) fn origins_of(&self, ids: &[StateId], mut each: impl FnMut(StateId, Origin)) {
        let mut ids = ids.iter().copied().peekable();
        while let Some(id) = ids.peek() {
            let later = self.pages.partition_point(|page| page.first <= id.number());
            let page = &self.pages[later - 1];
            let notes = Notes { bytes: &page.bytes, parent: 0 };
            for (number, origin) in (page.first..).zip(notes) {
                if let Some(id) = ids.next_if(|id| id.number() == number) {
                    each(id, origin);
                }
            }
        }
    }

    pub(crate) fn save(&self, sink: &mut Sink) -> io::Result<()> {
        sink.numbers(&[self.worker.into(), self.len, self.last, self.pages.len() as u64])?;
        for page in &self.pages {
            sink.number(page.first)?;
            sink.text(&page.bytes)?;
        }
        Ok(())
    }

    pub(crate) fn load(source: &mut Source) -> io::Result<Self> {
        let [worker, len, last, pages] = source.numbers()?;
        let mut page = || {
            let first = source.number()?;
            let mut bytes = source.text()?;
            bytes.reserve_exact(PAGE_BYTES.saturating_sub(bytes.len()));
            Ok(Page { first, bytes })
        };
        let pages: io::Result<Vec<Page>> = (0..pages).map(|_| page()).collect();
        Ok(Self { worker: worker as u8, pages: pages?, len, last })
    }
}

/// The notes of a page.
struct Notes<'a> {
    bytes: &'a [u8],
    parent: u64,
}

impl Iterator for Notes<'_> {
    type Item = Origin;

    fn next(&mut self) -> Option<Origin> {
        let (&kind, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        let ordinal = match kind {
            WHOLE => {
                self.parent = self.number();
                self.number()
            }
            LONG => {
                self.parent += self.number();
                self.number()
            }
            short => {
                self.parent += u64::from(short) / SHORT_ORDINALS;
                u64::from(short) % SHORT_ORDINALS
            }
        };
        Some(Origin { parent: StateId(self.parent), ordinal: ordinal as u16 })
    }
}

impl Notes<'_> {
    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..).step_by(7) {
            let (byte, rest) = self.bytes.split_first().expect("a note is whole");
            self.bytes = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }
}

fn push_note(bytes: &mut Vec<u8>, kind: u8, numbers: [u64; 2]) {
    bytes.push(kind);
    for mut number in numbers {
        while number >= 0x80 {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Origins as a search makes them, in either direction and far apart.
    fn origins() -> Vec<Origin> {
        let mut parent = 0;
        let origin = |i: u64| {
            parent = match i % 97 {
                0 => i * i % 1_000_003,
                7 => parent + i,
                12 => (1 << 40) + i,
                13 => i / 2,
                _ => parent + u64::from(i.is_multiple_of(2)),
            };
            Origin { parent: StateId(parent), ordinal: (i * 7 % 300) as u16 }
        };
        (0..100_000).map(origin).collect()
    }

    #[test]
    fn every_origin_is_found_again() {
        let (origins, mut grove) = (origins(), Grove::new(3));
        for (number, origin) in (0..).zip(&origins) {
            assert_eq!(grove.next(), StateId::new(3, number));
            grove.push(*origin);
        }
        let some: Vec<StateId> =
            (0..grove.len()).step_by(7).map(|it| StateId::new(3, it)).collect();
        let mut found = Vec::new();
        grove.origins_of(&some, |id, origin| found.push((id, origin)));
        let expected = some.iter().map(|id| (*id, origins[id.number() as usize]));
        assert!(found.into_iter().eq(expected));
        for number in (0..grove.len()).step_by(331) {
            assert_eq!(grove.origin(number), origins[number as usize], "of {number}");
        }
    }

    #[test]
    fn a_state_takes_a_byte_where_states_are_expanded_in_order() {
        let mut grove = Grove::new(0);
        for i in 0..1_000_000 {
            grove.push(Origin { parent: StateId(i), ordinal: (i % 60) as u16 });
        }
        assert!(grove.bytes() < 1_010_000 + PAGE_BYTES, "found {}", grove.bytes());
    }

    #[test]
    fn an_identity_names_its_worker_and_its_number() {
        let id = StateId::new(200, 5).plus(3);
        assert_eq!((id.worker(), id.number()), (200, 8));
        assert_eq!(StateId::new(0, 0), StateId::FIRST);
    }
}

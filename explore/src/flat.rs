//! Owns a set of words: a flat table with open addressing, which several threads fill at once.
//!
//! A word is in the table itself, so that a search touches one line of memory a look-up, and a new
//! word is published by one compare-and-swap. Look-ups come in batches: the lines of all are asked
//! for at once, so that the machine waits for many at a time, and have come when they are looked
//! at. The table is made of segments, which grow one after the other, so that the old one and the
//! new one of a single segment exist at a time.

use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{RwLock, RwLockReadGuard};

use prefetch_index::prefetch_index;

use crate::checkpoint::{CheckpointError, Sink, Source};

/// A set of words below `u64::MAX`.
pub(crate) struct Flat {
    segments: RwLock<Vec<Segment>>,
    /// Whether several threads fill it.
    is_shared: bool,
    /// The words, but for those of batches under way.
    len: AtomicU64,
    /// All slots.
    capacity: AtomicU64,
    bytes_max: usize,
    bytes: AtomicUsize,
}

type Segment = Box<[Line]>;

/// A line of memory. A slot holds a word plus one, or zero; the first ones are filled first, and
/// only a full line sends the search to the next.
#[repr(align(64))]
#[derive(Default)]
struct Line([AtomicU64; LINE_SLOTS]);

const LINE_SLOTS: usize = 8;

/// Words to be looked up together.
#[derive(Default)]
pub(crate) struct Batch {
    keys: Vec<u64>,
    /// Where they belong, since they were asked for.
    sites: Vec<Site>,
    /// How many may still be inserted.
    room: u64,
    inserted: u64,
}

/// The line in which a key belongs.
#[derive(Clone, Copy)]
struct Site {
    segment: u32,
    line: u32,
}

/// A table that does not grow while a batch is filled and looked up.
pub(crate) struct Opened<'a> {
    segments: RwLockReadGuard<'a, Vec<Segment>>,
    is_shared: bool,
}

/// What became of a word, or of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It is in the set already.
    Known,
    /// It is in the set now.
    New,
    /// It is not in the set, and was not to be inserted.
    Refused,
    /// It is not in the set, and there is no room for it.
    Full,
}

const SEGMENT_BITS: u32 = 6;
const SEGMENT_COUNT: usize = 1 << SEGMENT_BITS;
const SEGMENT_LINES_MIN: usize = 32;
const EMPTY: u64 = 0;
/// So many words of a file are added at a time.
const LOADED_LEN: usize = 256;

impl Flat {
    pub(crate) fn new(threads: usize, bytes_max: Option<usize>) -> Self {
        let segments = (0..SEGMENT_COUNT).map(|_| segment(SEGMENT_LINES_MIN));
        let capacity = SEGMENT_COUNT * SEGMENT_LINES_MIN * LINE_SLOTS;
        Self {
            segments: RwLock::new(segments.collect()),
            is_shared: threads > 1,
            len: AtomicU64::new(0),
            capacity: AtomicU64::new(capacity as u64),
            bytes_max: bytes_max.unwrap_or(usize::MAX),
            bytes: AtomicUsize::new(capacity * size_of::<u64>()),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }

    /// Makes room for the words of the batch unless the table is full, and asks for the lines in
    /// which they belong.
    pub(crate) fn open(&self, batch: &mut Batch) -> Opened<'_> {
        // Two slots in three are the most that are filled while it may grow, seven in eight by need: more
        // and more lines are full then, and a look-up goes on to the next.
        let inserted = std::mem::take(&mut batch.inserted);
        let len = self.len.fetch_add(inserted, Relaxed) + inserted;
        let wanted = len + batch.keys.len() as u64;
        if wanted > self.capacity.load(Relaxed) / 3 * 2 {
            self.grow(wanted);
        }
        batch.room = (self.capacity.load(Relaxed) / 8 * 7).saturating_sub(len);
        let segments = self.segments.read().expect("nobody panics while the table grows");
        let Batch { keys, sites, .. } = batch;
        let lines = segments[0].len();
        sites.clear();
        sites.extend(keys.iter().map(|key| {
            let site = Site::of(*key, lines);
            prefetch_index(&segments[site.segment as usize], site.line as usize);
            site
        }));
        Opened { segments, is_shared: self.is_shared }
    }

    /// The segments are always equally long but while they grow.
    #[cold]
    fn grow(&self, wanted: u64) {
        let mut segments = self.segments.write().expect("nobody panics while the table grows");
        if wanted <= self.capacity.load(Relaxed) / 3 * 2 {
            return;
        }
        let lines_old = segments[0].len();
        let lines_new = 2 * lines_old;
        let bytes_new = SEGMENT_COUNT * lines_new * size_of::<Line>();
        if bytes_new + lines_new * size_of::<Line>() > self.bytes_max {
            return;
        }
        for old in segments.iter_mut() {
            let new = segment(lines_new);
            let slots = old.iter().flat_map(|line| &line.0).map(|slot| slot.load(Relaxed));
            for key in slots.filter(|key| *key != EMPTY) {
                let mut line = Site::of(key, lines_new).line as usize;
                while !new[line].put(key) {
                    line = after(line, lines_new);
                }
            }
            *old = new;
        }
        self.bytes.store(bytes_new, Relaxed);
        self.capacity.store((bytes_new / size_of::<u64>()) as u64, Relaxed);
    }

    /// Writes the words; no batch is under way.
    pub(crate) fn save(&self, sink: &mut Sink) -> io::Result<()> {
        let segments = self.segments.read().expect("nobody panics while the table grows");
        let slots = || segments.iter().flatten().flat_map(|line| &line.0);
        let keys = || slots().map(|slot| slot.load(Relaxed)).filter(|key| *key != EMPTY);
        sink.number(keys().count() as u64)?;
        keys().try_for_each(|key| sink.number(key - 1))
    }

    /// Adds words that were written.
    pub(crate) fn load(&self, source: &mut Source) -> Result<(), CheckpointError> {
        let mut left = source.number()?;
        // They come segment by segment: a table that grew with their number would overflow in one.
        let filled = |it: &Self| it.capacity.load(Relaxed) / 3 * 2;
        while filled(self) < left {
            let before = filled(self);
            self.grow(left);
            if filled(self) == before {
                return Err(CheckpointError::TooLarge);
            }
        }
        let mut batch = Batch::default();
        while left > 0 {
            let count = left.min(LOADED_LEN as u64) as usize;
            for _ in 0..count {
                batch.push(source.number()?);
            }
            let opened = self.open(&mut batch);
            for index in 0..count {
                match opened.insert(&mut batch, index, true) {
                    Seen::New => {}
                    Seen::Known | Seen::Refused => return Err(CheckpointError::Damaged),
                    Seen::Full => return Err(CheckpointError::TooLarge),
                }
            }
            drop(opened);
            batch.clear();
            left -= count as u64;
        }
        drop(self.open(&mut batch));
        Ok(())
    }
}

impl Batch {
    /// Adds a word to the batch.
    ///
    /// # Panics
    ///
    /// When the word is `u64::MAX`: the system's mistake.
    #[inline]
    pub(crate) fn push(&mut self, word: u64) {
        assert!(word != u64::MAX, "a packed state is below 2 to the 64th less one");
        self.keys.push(word + 1);
    }

    /// Adds words as somebody appends them, all of them or none; how many.
    #[inline]
    pub(crate) fn extend(&mut self, append: impl FnOnce(&mut Vec<u64>) -> bool) -> usize {
        let before = self.keys.len();
        if !append(&mut self.keys) {
            self.keys.truncate(before);
        }
        for word in &mut self.keys[before..] {
            assert!(*word != u64::MAX, "a packed state is below 2 to the 64th less one");
            *word += 1;
        }
        self.keys.len() - before
    }

    pub(crate) fn word(&self, index: usize) -> u64 {
        self.keys[index] - 1
    }

    pub(crate) fn clear(&mut self) {
        self.keys.clear();
        self.sites.clear();
    }
}

impl Opened<'_> {
    /// Lists the words of the batch that are not in the lines where they belong. There is no branch
    /// a word, so that the look-ups wait for memory side by side.
    pub(crate) fn sift(&self, batch: &Batch, unknown: &mut Vec<u32>) {
        unknown.resize(batch.keys.len(), 0);
        let mut count = 0;
        for (index, (key, site)) in (0..).zip(batch.keys.iter().zip(&batch.sites)) {
            unknown[count] = index;
            let held = self.segments[site.segment as usize][site.line as usize].holds(*key);
            count += usize::from(!held);
        }
        unknown.truncate(count);
    }

    /// Inserts the words that were listed, and leaves those in the list that were new: where there
    /// is room for all, and nobody else fills the table. Hardly a branch a word here either, since
    /// whether a word is the same as one before in the batch is anybody's guess.
    pub(crate) fn insert_all(&self, batch: &mut Batch, unknown: &mut Vec<u32>) -> bool {
        if self.is_shared || batch.room < unknown.len() as u64 {
            return false;
        }
        let mut count = 0;
        for place in 0..unknown.len() {
            let index = unknown[place] as usize;
            let (key, site) = (batch.keys[index], batch.sites[index]);
            let line = &self.segments[site.segment as usize][site.line as usize];
            let slots = line.slots();
            let holds = slots.contains(&key);
            let filled = filled(&slots);
            unknown[count] = index as u32;
            if let Some(slot) = line.0.get(filled) {
                slot.store(if holds { EMPTY } else { key }, Relaxed);
                let added = u64::from(!holds);
                count += added as usize;
                batch.room -= added;
                batch.inserted += added;
            } else {
                count += usize::from(self.insert(batch, index, true) == Seen::New);
            }
        }
        unknown.truncate(count);
        true
    }

    /// Looks a word of the batch up, and inserts it if it may.
    pub(crate) fn insert(&self, batch: &mut Batch, index: usize, may_insert: bool) -> Seen {
        let (key, site) = (batch.keys[index], batch.sites[index]);
        let segment = &self.segments[site.segment as usize];
        let mut line = site.line as usize;
        for _ in 0..segment.len() {
            if let Some(seen) = segment[line].insert(key, batch, may_insert, self.is_shared) {
                return seen;
            }
            line = after(line, segment.len());
        }
        Seen::Full
    }
}

impl Line {
    /// Whether the line holds the key. Every slot is looked at, since a branch a slot would cost
    /// more.
    #[inline]
    fn holds(&self, key: u64) -> bool {
        self.0.iter().fold(false, |held, slot| held | (slot.load(Relaxed) == key))
    }

    /// What the slots hold.
    #[inline]
    fn slots(&self) -> [u64; LINE_SLOTS] {
        self.0.each_ref().map(|slot| slot.load(Relaxed))
    }

    /// Puts a key that is nowhere yet into the line; whether there is room.
    #[inline]
    fn put(&self, key: u64) -> bool {
        let slot = self.0.get(filled(&self.slots()));
        slot.inspect(|slot| slot.store(key, Relaxed)).is_some()
    }

    /// What becomes of the key, unless the line is full of others.
    #[inline]
    fn insert(
        &self,
        key: u64,
        batch: &mut Batch,
        may_insert: bool,
        is_shared: bool,
    ) -> Option<Seen> {
        loop {
            // Of one look at the line: were the key put into it later, the slot would be taken.
            let slots = self.slots();
            if slots.contains(&key) {
                return Some(Seen::Known);
            }
            let slot = self.0.get(filled(&slots))?;
            if !may_insert {
                return Some(Seen::Refused);
            }
            if batch.room == 0 {
                return Some(Seen::Full);
            }
            let is_empty = if is_shared {
                slot.compare_exchange(EMPTY, key, Relaxed, Relaxed).is_ok()
            } else {
                slot.store(key, Relaxed);
                true
            };
            // Else it is somebody else's, or even the same key: once more, then.
            if is_empty {
                batch.room -= 1;
                batch.inserted += 1;
                return Some(Seen::New);
            }
        }
    }
}

/// How many slots of a line are filled, which are the first ones: by halves.
#[inline]
fn filled(slots: &[u64; LINE_SLOTS]) -> usize {
    let is_filled = |slot: usize| usize::from(slots[slot] != EMPTY);
    let fours = 4 * is_filled(3);
    let twos = fours + 2 * is_filled(fours + 1);
    // Seven or eight are not told apart before.
    twos + is_filled(twos) + is_filled(LINE_SLOTS - 1)
}

fn segment(lines: usize) -> Segment {
    (0..lines).map(|_| Line::default()).collect()
}

impl Site {
    /// The order of the lines is that of the hashes, so that growth goes through old and new ones
    /// in order.
    #[inline]
    fn of(key: u64, lines: usize) -> Self {
        let hash = mix(key);
        let line = (u128::from(hash << SEGMENT_BITS) * lines as u128) >> u64::BITS;
        Self { segment: (hash >> (u64::BITS - SEGMENT_BITS)) as u32, line: line as u32 }
    }
}

#[inline]
fn after(line: usize, lines: usize) -> usize {
    if line + 1 == lines { 0 } else { line + 1 }
}

/// Spreads a key over all bits, the highest above all, which choose the line.
#[inline]
fn mix(key: u64) -> u64 {
    let hash = (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What became of each word, looked up in batches of this many.
    fn put(table: &Flat, words: &[u64], batch_len: usize) -> Vec<Seen> {
        let (mut batch, mut seen) = (Batch::default(), Vec::new());
        for words in words.chunks(batch_len) {
            batch.clear();
            for word in words {
                batch.push(*word);
            }
            let opened = table.open(&mut batch);
            let mut unknown = Vec::new();
            opened.sift(&batch, &mut unknown);
            let known = seen.len();
            seen.resize(known + words.len(), Seen::Known);
            for index in unknown {
                seen[known + index as usize] = opened.insert(&mut batch, index as usize, true);
            }
        }
        batch.clear();
        drop(table.open(&mut batch));
        seen
    }

    fn words(seed: u64, count: usize) -> Vec<u64> {
        let mut random = seed;
        let mut draw = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            random >> 33 & 0xffff
        };
        (0..count).map(|_| draw()).collect()
    }

    #[test]
    fn the_table_is_a_set_however_words_are_batched() {
        for batch_len in [1, 3, 64, 1_000] {
            let (table, words) = (Flat::new(1, None), words(batch_len as u64, 200_000));
            let mut known = BTreeSet::new();
            for (word, seen) in words.iter().zip(put(&table, &words, batch_len)) {
                let expected = if known.insert(*word) { Seen::New } else { Seen::Known };
                assert_eq!(seen, expected, "of {word}");
            }
            assert_eq!(table.len.load(Relaxed), known.len() as u64);
        }
    }

    #[test]
    fn of_two_threads_one_inserts_each_word() {
        let table = Flat::new(2, None);
        let words: Vec<u64> = (0..300_000).map(|i| i * 0x1_0001).collect();
        let count = || put(&table, &words, 100).iter().filter(|it| **it == Seen::New).count();
        let both = std::thread::scope(|scope| {
            let other = scope.spawn(count);
            count() + other.join().expect("it does not panic")
        });
        assert_eq!(both, words.len());
    }

    #[test]
    fn a_table_without_room_says_so_and_still_knows_its_words() {
        let table = Flat::new(1, Some(3 << 17));
        let words: Vec<u64> = (0..100_000).collect();
        let seen = put(&table, &words, 10);
        let kept = words.iter().zip(&seen).filter(|(_, it)| **it == Seen::New);
        let kept: Vec<u64> = kept.map(|(word, _)| *word).collect();
        assert!(kept.len() > 20_000 && table.bytes() <= 3 << 17, "found {}", kept.len());
        assert!(seen[kept.len() + 1_000..].iter().all(|it| *it == Seen::Full));
        assert!(put(&table, &kept, 10).iter().all(|it| *it == Seen::Known));
    }
}

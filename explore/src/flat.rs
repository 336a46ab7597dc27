//! Owns a set of words: a flat table with open addressing, which several threads fill at once.
//!
//! A word is in the table itself, so that a search touches one line of memory a look-up, and a new
//! word is published by one compare-and-swap. Look-ups come in batches: the lines of all are asked
//! for at once, so that the machine waits for many at a time, and have come when they are looked
//! at. The table is made of segments, which each thread grows one after the other, so that the old
//! one and the new one of a single segment a thread exist at a time.

use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{RwLock, RwLockReadGuard};

use prefetch_index::prefetch_index;

pub(crate) use crate::batch::Batch;
use crate::checkpoint::{CheckpointError, Sink, Source};
use crate::line::{EMPTY, LINE_SLOTS, Line, Put};
use crate::site::{SEGMENT_COUNT, Site, after};

/// A set of words below `u64::MAX`.
pub(crate) struct Flat {
    segments: RwLock<Vec<Segment>>,
    /// How many threads fill it.
    threads: usize,
    /// The words, but for those of batches under way.
    len: AtomicU64,
    /// All slots.
    capacity: AtomicU64,
    bytes_max: usize,
    bytes: AtomicUsize,
}

type Segment = Box<[Line]>;

/// A table that does not grow while a batch is filled and looked up.
pub(crate) struct Opened<'a> {
    segments: RwLockReadGuard<'a, Vec<Segment>>,
    is_shared: bool,
    /// How many lines each segment has.
    lines: usize,
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

const SEGMENT_LINES_MIN: usize = 32;
/// Tables of this many slots, 256 MiB, and of this many, 1 GiB, grow in smaller steps.
const MEDIUM: u64 = 1 << 25;
const LARGE: u64 = 1 << 27;
/// Where a new table has so many bytes, all threads fill it.
const SHARED_GROWTH: usize = 1 << 22;
/// So many lines of a segment are gone through at a time while it grows.
const GATHERED_LINES: usize = 32;
/// So many words of a file are added at a time.
const LOADED_LEN: usize = 256;

impl Flat {
    pub(crate) fn new(threads: usize, bytes_max: Option<usize>) -> Self {
        let segments = (0..SEGMENT_COUNT).map(|_| segment(SEGMENT_LINES_MIN));
        let capacity = SEGMENT_COUNT * SEGMENT_LINES_MIN * LINE_SLOTS;
        Self {
            segments: RwLock::new(segments.collect()),
            threads: threads.min(SEGMENT_COUNT),
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
        let inserted = std::mem::take(&mut batch.inserted);
        let len = self.len.fetch_add(inserted, Relaxed) + inserted;
        let wanted = len + batch.len() as u64;
        if wanted > filled_max(self.capacity.load(Relaxed)) {
            self.grow(wanted);
        }
        batch.room = (self.capacity.load(Relaxed) / 8 * 7).saturating_sub(len);
        let segments = self.segments.read().expect("nobody panics while the table grows");
        batch.ask(&segments);
        Opened { lines: segments[0].len(), segments, is_shared: self.threads > 1 }
    }

    /// The segments are always equally long but while they grow. The other threads wait meanwhile,
    /// so that there are processors for as many.
    #[cold]
    fn grow(&self, wanted: u64) {
        let mut segments = self.segments.write().expect("nobody panics while the table grows");
        if wanted <= filled_max(self.capacity.load(Relaxed)) {
            return;
        }
        let lines_old = segments[0].len();
        let lines_new = lines_grown(lines_old);
        let bytes_new = SEGMENT_COUNT * lines_new * size_of::<Line>();
        let threads = if bytes_new < SHARED_GROWTH { 1 } else { self.threads };
        if bytes_new + threads * lines_new * size_of::<Line>() > self.bytes_max {
            return;
        }
        let share = segments.len().div_ceil(threads);
        std::thread::scope(|scope| {
            let mut shares = segments.chunks_mut(share);
            let own = shares.next();
            for share in shares {
                scope.spawn(move || grow_each(share, lines_new));
            }
            if let Some(own) = own {
                grow_each(own, lines_new);
            }
        });
        self.bytes.store(bytes_new, Relaxed);
        self.capacity.store((bytes_new / size_of::<u64>()) as u64, Relaxed);
    }

    /// Writes the words; no batch is under way.
    pub(crate) fn save(&self, sink: &mut Sink) -> io::Result<()> {
        let segments = self.segments.read().expect("nobody panics while the table grows");
        let keys = || segments.iter().flatten().flat_map(Line::keys);
        sink.number(keys().count() as u64)?;
        keys().try_for_each(|key| sink.number(key - 1))
    }

    /// Adds words that were written.
    pub(crate) fn load(&self, source: &mut Source) -> Result<(), CheckpointError> {
        let mut left = source.number()?;
        // They come segment by segment: a table that grew with their number would overflow in one.
        let filled = |it: &Self| filled_max(it.capacity.load(Relaxed));
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

impl Opened<'_> {
    /// Lists the words of the batch that are not in the lines where they belong. There is no branch
    /// a word, so that the look-ups wait for memory side by side.
    pub(crate) fn sift(&self, batch: &Batch, unknown: &mut Vec<u32>) {
        unknown.resize(batch.asked_len(), 0);
        let mut count = 0;
        for (key, site, index) in batch.asked() {
            unknown[count] = index;
            let segment = &self.segments[site.segment as usize];
            let line = &segment[site.line as usize];
            let holds = line.holds(key);
            let goes_on = !holds & line.is_full();
            // The line behind is looked at soon.
            prefetch_index(segment, site.line as usize + usize::from(goes_on));
            count += usize::from(!holds);
        }
        unknown.truncate(count);
    }

    /// Inserts the words that were listed, and leaves those in the list that were new, unless there
    /// is no room for all. Hardly a branch a word here either, since whether a word is the same as
    /// one before in the batch is anybody's guess.
    pub(crate) fn insert_all(&self, batch: &mut Batch, unknown: &mut Vec<u32>) -> bool {
        if batch.room < unknown.len() as u64 {
            return false;
        }
        if self.is_shared {
            self.insert_each::<true>(batch, unknown);
        } else {
            self.insert_each::<false>(batch, unknown);
        }
        true
    }

    fn insert_each<const IS_SHARED: bool>(&self, batch: &mut Batch, unknown: &mut Vec<u32>) {
        let mut count = 0;
        for place in 0..unknown.len() {
            let index = unknown[place] as usize;
            let key = batch.key(index);
            let site = Site::of(key, self.lines);
            let line = &self.segments[site.segment as usize][site.line as usize];
            let is_new = match line.insert::<IS_SHARED>(key, true) {
                Put::FullLine => self.insert(batch, index, true) == Seen::New,
                put @ (Put::Known | Put::New | Put::Refused) => batch.note(put == Put::New),
            };
            unknown[count] = index as u32;
            count += usize::from(is_new);
        }
        unknown.truncate(count);
    }

    /// Looks a word of the batch up, and inserts it if it may.
    pub(crate) fn insert(&self, batch: &mut Batch, index: usize, may_insert: bool) -> Seen {
        let key = batch.key(index);
        let site = Site::of(key, self.lines);
        let segment = &self.segments[site.segment as usize];
        let may_put = may_insert && batch.room > 0;
        let mut line = site.line as usize;
        for _ in 0..segment.len() {
            // Nobody else fills it, or this is as good.
            match segment[line].insert::<true>(key, may_put) {
                Put::Known => return Seen::Known,
                Put::Refused if may_insert => return Seen::Full,
                Put::Refused => return Seen::Refused,
                Put::New => {
                    batch.note(true);
                    return Seen::New;
                }
                Put::FullLine => line = after(line, segment.len()),
            }
        }
        Seen::Full
    }
}

/// How many slots are filled at most while the table may grow; by need, seven in eight are. The
/// more are filled, the more lines are full, from which a look-up goes on to the next.
fn filled_max(capacity: u64) -> u64 {
    if capacity < LARGE { capacity / 5 * 3 } else { capacity / 5 * 4 }
}

/// How many lines a segment has next: the larger the table, the less of it may stay empty.
fn lines_grown(lines: usize) -> usize {
    let capacity = (SEGMENT_COUNT * lines * LINE_SLOTS) as u64;
    match capacity {
        0..MEDIUM => 2 * lines,
        MEDIUM..LARGE => lines + lines / 2,
        LARGE.. => lines + lines / 4,
    }
}

fn grow_each(segments: &mut [Segment], lines: usize) {
    for segment in segments {
        *segment = grown(segment, lines);
    }
}

/// The segment with so many lines. How full the lines are is counted beside them, and what the old
/// ones hold is gathered before it is put: hardly a branch a word.
fn grown(old: &[Line], lines: usize) -> Segment {
    let new = segment(lines);
    let mut filled = vec![0_u8; lines];
    for old in old.chunks(GATHERED_LINES) {
        let mut keys = [EMPTY; GATHERED_LINES * LINE_SLOTS + 1];
        let mut count = 0;
        for key in old.iter().flat_map(Line::held) {
            keys[count] = key;
            count += usize::from(key != EMPTY);
        }
        for key in &keys[..count] {
            let mut line = Site::of(*key, lines).line as usize;
            while usize::from(filled[line]) == LINE_SLOTS {
                line = after(line, lines);
            }
            new[line].put(filled[line].into(), *key);
            filled[line] += 1;
        }
    }
    new
}

fn segment(lines: usize) -> Segment {
    (0..lines).map(|_| Line::default()).collect()
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
            let (known, mut unknown) = (seen.len(), Vec::new());
            opened.sift(&batch, &mut unknown);
            seen.resize(known + words.len(), Seen::Known);
            let all_at_once = known % 2 == 0 && opened.insert_all(&mut batch, &mut unknown);
            for index in unknown {
                let mut insert = || opened.insert(&mut batch, index as usize, true);
                seen[known + index as usize] = if all_at_once { Seen::New } else { insert() };
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
        for batch_len in [1, 3, 65, 1_001] {
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
        let count = || put(&table, &words, 101).iter().filter(|it| **it == Seen::New).count();
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

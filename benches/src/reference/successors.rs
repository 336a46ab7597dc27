//! All successors of a word at once, in the order of its actions, without a branch that depends on
//! the word: where each bio is would be anybody's guess.
//!
//! What can happen and what it does is said by [`Reference::each`] and [`Reference::perform`], and
//! nowhere else: the changes that are looked up here are made by them.
use std::sync::LazyLock;

use super::actions::may_flush;
use super::state::PLACES;
use super::word::{FLAGS, PLUGGED, Word};
use super::{Action, Place, Reference};

/// More than a word has successors: each bio may go over two paths, each path has two actions, and
/// four are of the queues and the suspender.
const ROOM: usize = 24;

/// What things do to a word, by what decides it.
struct Changes {
    /// By the marks of the paths and the flags, and by the place of the bio.
    of_bio: [[OfBio; 16]; 128],
    /// By the step of the suspender and the flags: what it adds to the word, but for a merge.
    of_suspender: [u64; 128],
    /// By the marks of the paths, and by whether a fault is left.
    of_paths: [[OfPaths; 2]; 16],
}

/// What a bio does where it is, and how its word changes.
#[derive(Clone, Copy, Default)]
struct OfBio {
    /// What it adds to its place, and one more over the second of two paths.
    place: i8,
    /// How many ways there are: one to the next place, the other one to the place behind that.
    count: u8,
    /// Where it waits then, or 0.
    queue: u8,
    /// What it adds to the parts behind the order.
    parts: i16,
}

/// What happens to the paths.
#[derive(Clone, Copy, Default)]
struct OfPaths {
    count: usize,
    /// What each adds to the word.
    changes: [u64; 4],
}

/// By the number of paths.
static CHANGES: [LazyLock<Changes>; 3] = [
    LazyLock::new(|| Changes::new(0)),
    LazyLock::new(|| Changes::new(1)),
    LazyLock::new(|| Changes::new(2)),
];

/// Successors, of which those behind the last one do not count.
struct Made<'a> {
    words: &'a mut [u64; ROOM],
    len: usize,
}

impl Made<'_> {
    /// Adds it if it counts.
    #[inline]
    fn add(&mut self, word: Word, counts: bool) {
        self.words[self.len] = word.0;
        self.len += usize::from(counts);
    }
}

/// Appends the successors; whether all rules hold in all of them.
#[inline]
pub(super) fn append(size: &Reference, word: Word, out: &mut Vec<u64>) -> bool {
    let changes = &*CHANGES[size.paths];
    let before = out.len();
    out.extend_from_slice(&[0; ROOM]);
    let words = out.last_chunk_mut().expect("they were just added");
    let mut made = Made { words, len: 0 };
    add_of_bios(size, changes, word, &mut made);
    add_of_queues(size, word, &mut made);
    add_of_suspender(size, changes, word, &mut made);
    add_of_paths(size, changes, word, &mut made);
    let len = made.len;
    let broken = made.words[..len].iter().fold(0, |all, next| all | Word(*next).broken());
    out.truncate(before + len);
    broken == 0
}

#[inline]
fn add_of_bios(size: &Reference, changes: &Changes, word: Word, made: &mut Made<'_>) {
    // What a bio that goes nowhere adds to a queue, and what one adds to each: the hole, and its
    // number, at the place of the hole.
    let queues = [
        (0, 0),
        word.hole(Place::Deferred),
        word.hole(Place::PushedBack),
        word.hole(Place::Queued),
    ];
    let of_bio = &changes.of_bio[marks(word) | flags(word) << 4 & 0x70];
    for bio in 0..size.bios as u8 {
        let OfBio { place, count, queue, parts } = of_bio[word.place(bio) as usize];
        let (hole, unit) = queues[usize::from(queue & 3)];
        let in_queue = hole + u64::from(bio + 1) * unit;
        let parts = (i64::from(parts) as u64) << PLUGGED;
        let at = 4 * u32::from(bio);
        let next = word.0.wrapping_add(in_queue).wrapping_add(parts);
        let next = next.wrapping_add((i64::from(place) as u64) << at);
        made.words[made.len] = next;
        made.words[made.len + 1] = next.wrapping_add(1 << at);
        made.len += usize::from(count);
    }
}

#[inline]
fn add_of_queues(size: &Reference, word: Word, made: &mut Made<'_>) {
    let after = |action| {
        let mut after = word;
        size.perform(&mut after, action);
        after
    };
    made.add(after(Action::Dispatch), size.may_dispatch(word));
    made.add(after(Action::Flush), may_flush(word));
}

#[inline]
fn add_of_suspender(size: &Reference, changes: &Changes, word: Word, made: &mut Made<'_>) {
    let step = word.suspender();
    let mut merged = word;
    merged.merge();
    let change = changes.of_suspender[step as usize | flags(word) << 3];
    let next = if step == 4 { merged } else { word };
    made.add(Word(next.0.wrapping_add(change)), size.may_suspend(word));
    let mut repaired = word;
    size.perform(&mut repaired, Action::Repair);
    made.add(repaired, step == 5);
}

#[inline]
fn add_of_paths(size: &Reference, changes: &Changes, word: Word, made: &mut Made<'_>) {
    let of_paths = &changes.of_paths[marks(word)][usize::from(size.has_fault_left(word))];
    for (place, change) in of_paths.changes.iter().enumerate() {
        made.words[made.len + place] = word.0.wrapping_add(*change);
    }
    made.len += of_paths.count;
}

/// The paths that have their plug, and those that are marked failed.
#[inline]
fn marks(word: Word) -> usize {
    (word.0 >> PLUGGED & 15) as usize
}

#[inline]
fn flags(word: Word) -> usize {
    (word.0 >> FLAGS & 15) as usize
}

impl Changes {
    /// Makes each thing happen once in all that decides what it does.
    fn new(paths: usize) -> Self {
        let size = Reference { bios: 1, paths, faults: 1, cycles: 1 };
        let around =
            |marks: usize, flags: usize| Word((marks as u64) << PLUGGED | (flags as u64) << FLAGS);
        let mut changes = Self {
            of_bio: [[OfBio::default(); 16]; 128],
            of_suspender: [0; 128],
            of_paths: [[OfPaths::default(); 2]; 16],
        };
        for (key, places) in changes.of_bio.iter_mut().enumerate() {
            let last = 7 + paths;
            for (place, of_bio) in (0..=last).zip(places) {
                *of_bio = OfBio::new(&size, around(key & 15, key >> 4), place as u64);
            }
        }
        for (key, change) in changes.of_suspender.iter_mut().enumerate() {
            let mut word = around(0, key >> 3);
            word.set_suspender(key as u64 & 7);
            let is_its = |action| action == Action::Suspend;
            *change = made(&size, word, is_its)[0];
        }
        for (marks, of_paths) in changes.of_paths.iter_mut().enumerate() {
            let (mut word, left) = (around(marks, 0), 1);
            of_paths[left] = OfPaths::new(&size, word);
            word.add_fault();
            of_paths[0] = OfPaths::new(&size, word);
        }
        changes
    }
}

impl OfBio {
    fn new(size: &Reference, mut word: Word, place: u64) -> Self {
        word.put(0, place);
        word.begin_bio();
        let is_its = |action| match action {
            Action::Submit(_)
            | Action::Map(..)
            | Action::NoPath(_)
            | Action::Retry(_)
            | Action::EndIo(_) => true,
            Action::Dispatch
            | Action::Flush
            | Action::Suspend
            | Action::Repair
            | Action::Unplug(_)
            | Action::Plug(_)
            | Action::Fail(_)
            | Action::Reinstate(_) => false,
        };
        let made = made(size, word, is_its);
        let Some(first) = made.first() else { return Self::default() };
        assert!(made[1..].iter().all(|second| *second == first + 1), "over the path behind");
        let after = Word(word.0.wrapping_add(*first));
        let parts = (after.0 >> PLUGGED) as i64 - (word.0 >> PLUGGED) as i64;
        Self {
            place: after.place(0) as i8 - place as i8,
            count: made.len() as u8,
            queue: if after.0 >> PLACES & 15 == 0 { 0 } else { after.place(0) as u8 },
            parts: parts as i16,
        }
    }
}

impl OfPaths {
    fn new(size: &Reference, word: Word) -> Self {
        let is_its = |action| match action {
            Action::Unplug(_) | Action::Plug(_) | Action::Fail(_) | Action::Reinstate(_) => true,
            Action::Submit(_)
            | Action::Map(..)
            | Action::NoPath(_)
            | Action::Retry(_)
            | Action::EndIo(_)
            | Action::Dispatch
            | Action::Flush
            | Action::Suspend
            | Action::Repair => false,
        };
        let made = made(size, word, is_its);
        let mut changes = [0; 4];
        changes[..made.len()].copy_from_slice(&made);
        Self { count: made.len(), changes }
    }
}

/// What each of these adds to the word that can happen, in order.
fn made(size: &Reference, word: Word, is_asked: impl Fn(Action) -> bool) -> Vec<u64> {
    let mut made = Vec::new();
    size.each(word, |action| {
        if is_asked(action) {
            let mut after = word;
            size.perform(&mut after, action);
            made.push(after.0.wrapping_sub(word.0));
        }
    });
    made
}

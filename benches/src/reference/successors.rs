//! All successors of a word at once, in the order of its actions, without a branch that depends on
//! the word: where each bio is would be anybody's guess.
//!
//! What can happen and what it does is said by [`Reference::each`] and [`Reference::perform`], and
//! nowhere else: the changes that are looked up here are made by them.
use std::sync::LazyLock;

use super::actions::may_flush;
use super::state::PLACES;
use super::word::{FLAGS, ORDER_MASK, PLUGGED, Word};
use super::{Action, Place, Reference};

/// The most successors of a word: each bio may go over two paths, each path has two actions, and
/// four are of the queues and the suspender.
const ROOM: usize = 2 * 5 + 2 * 2 + 4;
/// The step of the suspender that merges two queues, and behind which the device is suspended.
const SUSPENDS: u64 = 4;

/// What things do to a word, by what decides it.
struct Changes {
    /// By the marks of the paths and the flags, and by the place of the bio.
    bios: [[OfBio; 16]; 128],
    /// By the step of the suspender and the flags: what it adds to the word, but for a merge.
    suspender: [u64; 128],
    /// By the marks of the paths, and by whether a fault is left.
    paths: [[OfPaths; 2]; 16],
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

/// Whose action one is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Actor {
    Bio,
    Queue,
    Suspender,
    Path,
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
    let holds = holds_in(&made.words[..len], word.suspender() >= SUSPENDS);
    out.truncate(before + len);
    holds
}

/// Whether no bio has ended in error, and those are quiet that are suspended, if any are.
#[inline]
fn holds_in(words: &[u64], may_be_suspended: bool) -> bool {
    let words = || words.iter().map(|word| Word(*word));
    let failed = words().fold(0, |failed, word| failed | word.at(Place::Eio));
    let is_quiet = |word: Word| !word.is_suspended() | word.is_quiet();
    failed == 0 && (!may_be_suspended || words().fold(true, |all, word| all & is_quiet(word)))
}

#[inline]
fn add_of_bios(size: &Reference, changes: &Changes, word: Word, made: &mut Made<'_>) {
    // By where a bio waits then: the hole at the end of the queue, in which its number is put.
    let queues = [
        (0, 0),
        word.hole(Place::Deferred),
        word.hole(Place::PushedBack),
        word.hole(Place::Queued),
    ];
    // The flag behind these says nothing of bios.
    let of_bio = &changes.bios[marks(word) | (flags(word) & 7) << 4];
    for bio in 0..size.bios as u8 {
        let OfBio { place, count, queue, parts } = of_bio[word.place(bio) as usize];
        let (hole, lowest) = queues[usize::from(queue & 3)];
        let in_queue = hole + u64::from(bio + 1) * lowest;
        let parts = i64::from(parts).cast_unsigned() << PLUGGED;
        let at = 4 * u32::from(bio);
        let next = word.0.wrapping_add(in_queue).wrapping_add(parts);
        let next = next.wrapping_add(i64::from(place).cast_unsigned() << at);
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
    let change = changes.suspender[step as usize | flags(word) << 3];
    let next = if step == SUSPENDS { merged } else { word };
    made.add(Word(next.0.wrapping_add(change)), size.may_suspend(word));
    let mut repaired = word;
    size.perform(&mut repaired, Action::Repair);
    made.add(repaired, step == 5);
}

#[inline]
fn add_of_paths(size: &Reference, changes: &Changes, word: Word, made: &mut Made<'_>) {
    let of_paths = &changes.paths[marks(word)][usize::from(size.has_fault_left(word))];
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
            bios: [[OfBio::default(); 16]; 128],
            suspender: [0; 128],
            paths: [[OfPaths::default(); 2]; 16],
        };
        for (key, places) in changes.bios.iter_mut().enumerate() {
            let last = 7 + paths;
            for (place, of_bio) in (0..=last).zip(places) {
                *of_bio = OfBio::new(&size, around(key & 15, key >> 4), place as u64);
            }
        }
        for (key, change) in changes.suspender.iter_mut().enumerate() {
            let mut word = around(0, key >> 3);
            word.set_suspender(key as u64 & 7);
            *change = changes_by(&size, word, Actor::Suspender)[0];
        }
        for (marks, of_paths) in changes.paths.iter_mut().enumerate() {
            let (mut word, left) = (around(marks, 0), 1);
            of_paths[left] = OfPaths::new(&size, word);
            word.add_fault();
            of_paths[0] = OfPaths::new(&size, word);
        }
        changes
    }
}

impl Actor {
    fn of(action: Action) -> Self {
        match action {
            Action::Submit(_)
            | Action::Map(..)
            | Action::NoPath(_)
            | Action::Retry(_)
            | Action::EndIo(_) => Self::Bio,
            Action::Dispatch | Action::Flush => Self::Queue,
            Action::Suspend | Action::Repair => Self::Suspender,
            Action::Unplug(_) | Action::Plug(_) | Action::Fail(_) | Action::Reinstate(_) => {
                Self::Path
            }
        }
    }
}

impl OfBio {
    fn new(size: &Reference, mut word: Word, place: u64) -> Self {
        word.put(0, place);
        word.begin_bio();
        let made = changes_by(size, word, Actor::Bio);
        let Some(first) = made.first() else { return Self::default() };
        assert!(made[1..].iter().all(|second| *second == first + 1), "over the path behind");
        let after = Word(word.0.wrapping_add(*first));
        let waits = after.0 >> PLACES & ORDER_MASK != 0;
        let parts = (after.0 >> PLUGGED).cast_signed() - (word.0 >> PLUGGED).cast_signed();
        Self {
            place: after.place(0) as i8 - place as i8,
            count: made.len() as u8,
            queue: if waits { after.place(0) as u8 } else { 0 },
            parts: parts as i16,
        }
    }
}

impl OfPaths {
    fn new(size: &Reference, word: Word) -> Self {
        let made = changes_by(size, word, Actor::Path);
        let mut changes = [0; 4];
        changes[..made.len()].copy_from_slice(&made);
        Self { count: made.len(), changes }
    }
}

/// What each action of the actor that can happen adds to the word, in order.
fn changes_by(size: &Reference, word: Word, actor: Actor) -> Vec<u64> {
    let mut made = Vec::new();
    size.each(word, |action| {
        if Actor::of(action) == actor {
            let mut after = word;
            size.perform(&mut after, action);
            made.push(after.0.wrapping_sub(word.0));
        }
    });
    made
}

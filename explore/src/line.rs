//! Owns a line of memory with the words that belong in it, each plus one.
//!
//! The first slots of a line are filled first, by one store or one compare-and-swap each, and none
//! is ever emptied. Only a full line sends a search on to the next.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// A line. A slot holds a key, or [`EMPTY`].
#[repr(align(64))]
#[derive(Default)]
pub(crate) struct Line([AtomicU64; LINE_SLOTS]);

pub(crate) const LINE_SLOTS: usize = 8;
pub(crate) const EMPTY: u64 = 0;

/// What became of a key in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// The line holds it already.
    Known,
    /// The line holds it now.
    New,
    /// The line is full of others.
    FullLine,
    /// It is not there, and was not to be put there.
    Refused,
}

impl Line {
    /// Whether the line holds the key. Every slot is looked at, since a branch a slot would cost
    /// more.
    #[inline]
    pub(crate) fn holds(&self, key: u64) -> bool {
        self.0.iter().fold(false, |held, slot| held | (slot.load(Relaxed) == key))
    }

    /// The keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u64> {
        self.0.iter().map(|slot| slot.load(Relaxed)).filter(|key| *key != EMPTY)
    }

    /// Whether it is full.
    #[inline]
    pub(crate) fn is_full(&self) -> bool {
        self.0[LINE_SLOTS - 1].load(Relaxed) != EMPTY
    }

    /// What each slot holds while nobody fills any.
    #[inline]
    pub(crate) fn held(&self) -> [u64; LINE_SLOTS] {
        self.0.each_ref().map(|slot| slot.load(Relaxed))
    }

    /// Puts a key into the slot, the first one that is empty. Nobody else fills the line.
    #[inline]
    pub(crate) fn put(&self, slot: usize, key: u64) {
        self.0[slot].store(key, Relaxed);
    }

    /// Puts the key into the line, if it may and there is room. There is hardly a branch for the
    /// machine to guess wrong, since whether the key is there is anybody's guess.
    #[inline]
    pub(crate) fn insert<const IS_SHARED: bool>(&self, key: u64, may_insert: bool) -> Put {
        loop {
            // Were this key or another put into the line since, the slot behind those that were
            // seen to be filled would be taken.
            let slots = self.slots();
            if slots.contains(&key) {
                return Put::Known;
            }
            let Some(slot) = self.0.get(filled(&slots)) else { return Put::FullLine };
            if !may_insert {
                return Put::Refused;
            }
            if !IS_SHARED {
                slot.store(key, Relaxed);
                return Put::New;
            }
            if slot.compare_exchange(EMPTY, key, Release, Relaxed).is_ok() {
                return Put::New;
            }
        }
    }

    /// What the slots hold, looked at from the last one on: one that is seen to be filled has only
    /// filled ones before it, whatever is put into the line meanwhile.
    #[inline]
    fn slots(&self) -> [u64; LINE_SLOTS] {
        let mut slots = [EMPTY; LINE_SLOTS];
        for (found, slot) in slots.iter_mut().zip(&self.0).rev() {
            *found = slot.load(Acquire);
        }
        slots
    }
}

/// How many slots are filled, which are the first ones: by halves.
#[inline]
fn filled(slots: &[u64; LINE_SLOTS]) -> usize {
    let is_filled = |slot: usize| usize::from(slots[slot] != EMPTY);
    let fours = 4 * is_filled(3);
    let twos = fours + 2 * is_filled(fours + 1);
    // Seven or eight are not told apart before.
    twos + is_filled(twos) + is_filled(LINE_SLOTS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_eight_keys_and_each_once() {
        let line = Line::default();
        for key in 1..=8 {
            assert_eq!(line.insert::<true>(key, false), Put::Refused);
            assert_eq!(line.insert::<false>(key, true), Put::New);
            assert_eq!(line.insert::<true>(key, true), Put::Known);
            assert!(line.holds(key) && !line.holds(key + 1));
        }
        assert_eq!(line.insert::<true>(9, true), Put::FullLine);
        assert!(line.is_full() && line.keys().eq(1..=8));
    }
}

//! What happened in a search at all: the labels that were executed, and the kinds of action.
//!
//! A rule about what never happens is idle. The labels are those of the tables that have a section
//! of their own: one at which a call is under way is not executed.
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

use dm_model::frame::Process;
use dm_model::labels::CALL;
use dm_sim::drivers::Sim;
use dm_sim::world::World;
use dm_sim::world::plan::{Action, Kind};

/// The kinds of action, in the order of their bits.
const ACTIONS: [&str; 8] = [
    "step",
    "begin",
    "disk answers",
    "disk fails",
    "line",
    "path offline",
    "path running",
    "signal",
];

/// The words of a set of labels: more than there are.
const WORD_COUNT: usize = 5;
/// The slots of the table of labels: many more than there are.
const SLOT_COUNT: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 10;

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fired {
    labels: [u64; WORD_COUNT],
    actions: u8,
}

/// Notes what happens, while it is only looked at.
pub(crate) struct Noted {
    /// The labels as numbers, each with its place in the tables: an open hash table, since each step
    /// of a search is looked up here. 0 is no label.
    names: Box<[(u64, u16); SLOT_COUNT]>,
    labels: [AtomicU64; WORD_COUNT],
    actions: AtomicU8,
}

/// The labels that have a section of their own, in the order of the tables.
pub fn labels() -> impl Iterator<Item = &'static str> {
    let rows = dm_model::labels::LABELS.iter().chain(dm_sim::drivers::labels::LABELS);
    rows.filter(|row| row.guard != CALL).map(|row| row.label)
}

impl Fired {
    /// What happened in either.
    pub fn merge(&mut self, other: &Self) {
        for (word, other) in self.labels.iter_mut().zip(other.labels) {
            *word |= other;
        }
        self.actions |= other.actions;
    }

    /// The labels that were not executed, in the order of the tables.
    pub fn labels_that_never_fired(&self) -> Vec<&'static str> {
        let has = |index: usize| self.labels[index / 64] & 1 << (index % 64) != 0;
        labels().enumerate().filter(|(index, _)| !has(*index)).map(|(_, label)| label).collect()
    }

    /// The kinds of action that were not taken.
    pub fn actions_that_never_fired(&self) -> Vec<&'static str> {
        let bits = ACTIONS.into_iter().enumerate();
        bits.filter(|(bit, _)| self.actions & 1 << bit == 0).map(|(_, name)| name).collect()
    }
}

impl Noted {
    pub(crate) fn new() -> Self {
        assert!(labels().count() <= WORD_COUNT * 64, "a bit a label");
        let mut names = Box::new([(0, 0); SLOT_COUNT]);
        for (index, label) in labels().enumerate() {
            let name = packed(&label);
            let free = slots(name).find(|slot| names[*slot].0 == 0);
            names[free.expect("most slots are free")] = (name, index as u16);
        }
        Self { names, labels: Default::default(), actions: AtomicU8::new(0) }
    }

    /// What the action is about to execute in this world: to be noted if it was possible.
    pub(crate) fn about_to(&self, world: &World, action: Action) -> Option<usize> {
        if let Kind::Step(context) = action.kind {
            return world.processes.get(context).and_then(|process| self.index(process));
        }
        None
    }

    pub(crate) fn note(&self, label: Option<usize>, action: Action) {
        // Nearly always it was noted before: the threads of a search then only read.
        if let Some(index) = label {
            let (word, bit) = (&self.labels[index / 64], 1 << (index % 64));
            if word.load(Relaxed) & bit == 0 {
                word.fetch_or(bit, Relaxed);
            }
        }
        let bit = 1 << bit(action.kind);
        if self.actions.load(Relaxed) & bit == 0 {
            self.actions.fetch_or(bit, Relaxed);
        }
    }

    pub(crate) fn fired(&self) -> Fired {
        let labels = self.labels.each_ref().map(|word| word.load(Relaxed));
        Fired { labels, actions: self.actions.load(Relaxed) }
    }

    /// What was noted, as words.
    pub(crate) fn words(&self) -> [u64; WORD_COUNT + 1] {
        let Fired { labels, actions } = self.fired();
        std::array::from_fn(|index| labels.get(index).copied().unwrap_or(actions.into()))
    }

    /// Notes what was noted before.
    pub(crate) fn recall(&self, words: &[u64]) {
        for (word, before) in self.labels.iter().zip(words) {
            word.fetch_or(*before, Relaxed);
        }
        self.actions.fetch_or(words[WORD_COUNT] as u8, Relaxed);
    }

    fn index(&self, process: &Process<Sim>) -> Option<usize> {
        let name = packed_debug(process.frame().shown_label());
        let mut slots = slots(name).map(|slot| self.names[slot]);
        let (known, index) = slots.find(|(known, _)| *known == name || *known == 0)?;
        (known == name).then_some(usize::from(index))
    }
}

/// Where a label may stand, the likeliest slot first.
fn slots(name: u64) -> impl Iterator<Item = usize> {
    let first = name.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - SLOT_BITS);
    (0..SLOT_COUNT).map(move |step| (first as usize + step) % SLOT_COUNT)
}

fn bit(kind: Kind) -> u8 {
    match kind {
        Kind::Step(_) => 0,
        Kind::Begin(..) => 1,
        Kind::Disk { fail: false, .. } => 2,
        Kind::Disk { fail: true, .. } => 3,
        Kind::Line(_) => 4,
        Kind::Path(_, false) => 5,
        Kind::Path(_, true) => 6,
        Kind::Signal(_) => 7,
    }
}

/// A text of at most eight bytes as a number.
struct Packed(u64);

impl Write for Packed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = text.bytes().fold(self.0, |all, byte| all << 8 | u64::from(byte));
        Ok(())
    }
}

fn packed(text: &impl fmt::Display) -> u64 {
    let mut packed = Packed(0);
    write!(packed, "{text}").expect("a number takes what it is given");
    packed.0
}

fn packed_debug(text: &dyn fmt::Debug) -> u64 {
    let mut packed = Packed(0);
    write!(packed, "{text:?}").expect("a number takes what it is given");
    packed.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_label_is_a_number_of_its_own() {
        let numbers: BTreeSet<u64> = labels().map(|label| packed(&label)).collect();
        assert_eq!(numbers.len(), labels().count());
        assert!(labels().all(|label| label.len() <= 8));
        assert!(labels().count() <= WORD_COUNT * 64);
    }
}

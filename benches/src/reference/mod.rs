//! The reference workload: a small abstract version of the noflush protocol, on which engines can
//! be compared because several agree on its sizes.
//!
//! Bios pass over paths that may lose their plug or be marked failed; a suspender closes the gate,
//! waits until nothing is pending, puts what was pushed back before what was deferred, and opens
//! the gate again. It is not the project's model: it is coarser and simpler.

mod actions;
mod queue;
mod state;
mod successors;
mod symmetry;
mod word;
pub mod yardstick;

use std::convert::Infallible;

use dm_explore::{Packed, System, Taken};

pub use actions::Action;
pub use queue::Queue;
pub use state::{Flags, Place, State};
pub use word::Word;

/// How large the workload is, with `M` of the protocol always 0: no flush suspends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Bios, at most 5.
    pub bios: usize,
    /// Paths, at most 2.
    pub paths: usize,
    /// How often something may fail.
    pub faults: u8,
    /// Suspends, at most 3.
    pub cycles: u8,
}

/// The sizes on which Spin, Stateright, Rumur and TLC agree: N P F K, the distinct states and the
/// transitions.
pub const SIZES: &[(Reference, u64, u64)] = &[
    (Reference { bios: 3, paths: 2, faults: 1, cycles: 1 }, 10_329, 42_151),
    (Reference { bios: 3, paths: 2, faults: 2, cycles: 2 }, 96_613, 463_797),
    (Reference { bios: 4, paths: 2, faults: 2, cycles: 2 }, 797_899, 4_222_035),
    (Reference { bios: 5, paths: 2, faults: 2, cycles: 2 }, 7_159_155, 40_866_187),
];

/// The largest of the sizes.
pub const LARGEST: Reference = SIZES[SIZES.len() - 1].0;

impl System for Reference {
    type State = Word;
    type Action = Action;
    type Violation = &'static str;
    type Outcome = Infallible;

    fn initial(&self) -> Word {
        word::initial(self.paths)
    }

    #[inline]
    fn actions(&self, word: &Word, out: &mut Vec<Action>) {
        self.each(*word, |action| out.push(action));
    }

    #[inline]
    fn step(&self, word: &mut Word, action: &Action, broken: &mut Vec<&'static str>) -> Taken {
        self.perform(word, *action);
        if word.has_failed() {
            broken.push("no bio ends in error");
        }
        if word.is_suspended() && !word.is_quiet() {
            broken.push("a suspended device is quiet");
        }
        Taken::Moved
    }

    fn end(&self, word: &Word, broken: &mut Vec<&'static str>) {
        if !self.is_proper_end(*word) {
            broken.push("nothing is stuck");
        }
    }
}

/// The state is the word: its readable form is [`State`].
impl Packed for Reference {
    #[inline]
    fn pack(&self, word: &Word) -> u64 {
        word.0
    }

    #[inline]
    fn unpack(&self, word: u64) -> Word {
        Word(word)
    }

    #[inline]
    fn successors(&self, word: u64, out: &mut Vec<u64>) -> bool {
        successors::append(self, Word(word), out)
    }
}

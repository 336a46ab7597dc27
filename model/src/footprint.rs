//! What one step has done, and how coarse it was: the grain of the model, measured.
//!
//! No part of the state. A memory notes here every lock that a step takes and every access to a
//! shared word whose lock is not held; more than one atomic section in a step is a mistake.
use crate::effect::Effect;
use crate::memory::Lock;

/// How coarse a step was: more than one atomic section is a mistake of the model.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Footprint {
    /// Locked sections, not counting those inside another.
    pub sections: u8,
    /// Accesses to shared words whose guard is not held.
    pub outside: u8,
    /// Those among them that stand in no locked section of the step.
    pub outside_alone: u8,
}

impl Footprint {
    /// Whether the step was one atomic section: one locked section that may hold one access to a
    /// word that its lock does not guard, or one such access alone.
    pub fn is_atomic(self) -> bool {
        self.sections + self.outside_alone <= 1 && self.outside <= 1
    }
}

/// What one step has done.
#[derive(Clone, Debug, Default)]
pub(crate) struct StepLog {
    /// What observers are told.
    pub(crate) effects: Vec<Effect>,
    held: Vec<Lock>,
    footprint: Footprint,
    choice: u8,
    asked: u8,
}

impl StepLog {
    /// Forgets the step before; the next question is answered with `choice`.
    pub(crate) fn begin(&mut self, choice: u8) {
        self.effects.clear();
        self.held.clear();
        self.footprint = Footprint::default();
        self.choice = choice;
        self.asked = 0;
    }

    /// How many answers the step's question had; 0 when it asked none.
    pub(crate) fn asked(&self) -> u8 {
        self.asked
    }

    /// How coarse the step was.
    pub(crate) fn footprint(&self) -> Footprint {
        self.footprint
    }

    /// The locks that the step holds, in the order in which it took them.
    pub(crate) fn held(&self) -> &[Lock] {
        &self.held
    }

    /// Whether the step itself holds the lock.
    pub(crate) fn holds(&self, lock: Lock) -> bool {
        self.held.contains(&lock)
    }

    /// The answer to the step's question.
    ///
    /// # Panics
    /// When the step asks twice, or the choice is none of the answers.
    pub(crate) fn answer(&mut self, count: u8) -> u8 {
        assert_eq!(self.asked, 0, "a step asks one question at most");
        self.asked = count;
        assert!(self.choice < count, "choice {} of {count}", self.choice);
        self.choice
    }

    /// A word was read or written whose guard, if it has one, is not held.
    pub(crate) fn note_outside(&mut self) {
        self.footprint.outside += 1;
        if self.held.is_empty() {
            self.footprint.outside_alone += 1;
        }
    }

    /// The step has taken a lock.
    ///
    /// # Panics
    /// When it holds the lock already, or one that comes after it in the lock order.
    pub(crate) fn note_locked(&mut self, lock: Lock) {
        if self.held.is_empty() {
            self.footprint.sections += 1;
        }
        assert!(!self.holds(lock), "{lock:?} is taken twice in one step");
        if let Some(last) = self.held.last() {
            assert!(*last < lock, "{lock:?} is taken under {last:?}, against the lock order");
        }
        self.held.push(lock);
    }

    /// The step has given a lock back: one that it took, or one that an earlier step took, whose
    /// section ends here.
    pub(crate) fn note_unlocked(&mut self, lock: Lock) {
        match self.held.iter().position(|held| *held == lock) {
            Some(index) => {
                self.held.remove(index);
            }
            None if self.held.is_empty() => self.footprint.sections += 1,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{MdId, TargetId};

    fn step(taken: impl FnOnce(&mut StepLog)) -> Footprint {
        let mut log = StepLog::default();
        log.begin(0);
        taken(&mut log);
        log.footprint()
    }

    #[test]
    fn a_locked_section_may_hold_one_access_that_its_lock_does_not_guard() {
        let lock = Lock::Target(TargetId(0));
        let once = step(|log| {
            log.note_locked(lock);
            log.note_outside();
            log.note_unlocked(lock);
        });
        assert!(once.is_atomic());
        let twice = step(|log| {
            log.note_locked(lock);
            log.note_outside();
            log.note_outside();
            log.note_unlocked(lock);
        });
        assert!(!twice.is_atomic());
    }

    #[test]
    fn two_accesses_two_sections_or_one_of_each_are_too_coarse() {
        let lock = Lock::Wait(MdId(0));
        let section = |log: &mut StepLog| {
            log.note_locked(lock);
            log.note_unlocked(lock);
        };
        assert!(step(section).is_atomic());
        assert!(step(StepLog::note_outside).is_atomic());
        let two_sections = step(|log| (section(log), section(log)).1);
        let two_accesses = step(|log| (log.note_outside(), log.note_outside()).1);
        let one_of_each = step(|log| (section(log), log.note_outside()).1);
        for footprint in [two_sections, two_accesses, one_of_each] {
            assert!(!footprint.is_atomic(), "{footprint:?}");
        }
    }

    #[test]
    fn a_section_that_an_earlier_step_began_counts_where_it_ends() {
        let footprint = step(|log| log.note_unlocked(Lock::Io(MdId(0))));
        assert_eq!(footprint.sections, 1);
    }

    #[test]
    fn a_lock_that_is_given_back_inside_another_section_counts_with_that() {
        let footprint = step(|log| {
            log.note_locked(Lock::Pushback(MdId(0)));
            log.note_unlocked(Lock::Io(MdId(0)));
            log.note_unlocked(Lock::Pushback(MdId(0)));
        });
        assert_eq!(footprint.sections, 1);
    }

    #[test]
    #[should_panic(expected = "against the lock order")]
    fn locks_are_taken_in_their_order() {
        step(|log| {
            log.note_locked(Lock::Target(TargetId(0)));
            log.note_locked(Lock::Hash);
        });
    }
}

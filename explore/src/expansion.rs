//! Owns the walk over the actions of one state, with their variants.
//!
//! The search, the rebuilding of trails and the replay all walk here, so that the same number
//! always means the same action.

use crate::search::Order;
use crate::system::{System, Taken};

/// The actions of one state after another, each performed on a copy of that state.
pub(crate) struct Expansion<'a, S: System> {
    pub(crate) system: &'a S,
    order: Order,
    /// The actions still to be taken, the next one last.
    pending: Vec<S::Action>,
    taken_count: u32,
    /// The state after the action that was taken last.
    pub(crate) successor: S::State,
    /// The rules that the action that was taken last broke.
    pub(crate) broken: Vec<S::Violation>,
}

/// An action that was possible, every choice made.
pub(crate) struct TakenAction<A> {
    pub(crate) action: A,
    /// Its place among those of the state, in the order of the expansion.
    pub(crate) ordinal: u16,
    /// Whether the successor is kept.
    pub(crate) moved: bool,
}

impl<'a, S: System> Expansion<'a, S> {
    pub(crate) fn new(system: &'a S, order: Order) -> Self {
        let successor = system.initial();
        Self { system, order, pending: Vec::new(), taken_count: 0, successor, broken: Vec::new() }
    }

    pub(crate) fn order(&self) -> Order {
        self.order
    }

    /// Begins with the first action of the state.
    pub(crate) fn begin(&mut self, state: &S::State) {
        self.pending.clear();
        self.taken_count = 0;
        self.system.actions(state, &mut self.pending);
        match self.order {
            Order::Forward => self.pending.reverse(),
            Order::Backward => {}
        }
    }

    /// Takes the next action that is possible; `state` is the one that it began with.
    #[inline]
    pub(crate) fn take_next(&mut self, state: &S::State) -> Option<TakenAction<S::Action>> {
        while let Some(action) = self.pending.pop() {
            self.successor.clone_from(state);
            self.broken.clear();
            let moved = match self.system.step(&mut self.successor, &action, &mut self.broken) {
                Taken::Moved => true,
                Taken::Pruned => false,
                Taken::Blocked => {
                    assert!(self.broken.is_empty(), "{action:?} is blocked and yet broke a rule");
                    continue;
                }
                Taken::Choices(count) => {
                    self.broken.clear();
                    self.push_variants(&action, count);
                    continue;
                }
            };
            let ordinal = u16::try_from(self.taken_count);
            let ordinal = ordinal.expect("a state has at most 65,536 actions, with variants");
            self.taken_count += 1;
            return Some(TakenAction { action, ordinal, moved });
        }
        None
    }

    /// Whether the state, all of its actions taken, offered none that was possible.
    pub(crate) fn found_an_end(&self) -> bool {
        self.pending.is_empty() && self.taken_count == 0
    }

    fn push_variants(&mut self, action: &S::Action, count: u8) {
        let variant = |choice| self.system.variant(action, choice);
        match self.order {
            Order::Forward => self.pending.extend((0..count).rev().map(variant)),
            Order::Backward => self.pending.extend((0..count).map(variant)),
        }
    }
}

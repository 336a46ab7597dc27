//! What a system must say of itself to be searched for what never comes about, and the answer.
//!
//! An obligation is open in some states. A run breaks it when it leaves it open for ever, although
//! it is fair: whoever could act at every moment from some moment on has acted (weak fairness).
//! Such a run has the form of a [`Lasso`], a stem and a cycle, or ends as a [`Stuck`] state, in
//! which nobody can act who would have to.

use std::fmt;
use std::hash::Hash;

use crate::system::System;

/// How many obligations a system may have: a bit each.
pub const OBLIGATION_COUNT_MAX: usize = 64;

/// A system that says who has to act, and what is owed.
pub trait Fair: System {
    /// Who acts. A run that lets one wait for ever that could act at every moment is not fair. A
    /// system has at most 255 of them.
    type Class: Copy + Eq + Hash + fmt::Debug + Send;

    /// Who takes this action, which is possible in the state; `None` where nobody has to.
    fn class(&self, state: &Self::State, action: &Self::Action) -> Option<Self::Class>;

    /// The obligations that are open in the state, a bit each.
    fn open(&self, state: &Self::State) -> u64;
}

/// What a search for broken obligations has found.
pub enum Liveness<S: Fair> {
    /// Every obligation that was open somewhere, by its bit; the whole truth.
    Judged(Vec<(u32, Owed<S>)>),
    /// Nothing can be said, because the states are not all known.
    Refused(Refusal),
}

/// Why nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The search ended before it was complete.
    Incomplete,
    /// There are more states, or more who act, than the graph may have.
    TooLarge,
}

/// How an obligation fared.
pub struct Owed<S: Fair> {
    /// In how many states it is open.
    pub states: u64,
    /// In how many of them nobody can act who has to.
    pub stuck_count: u64,
    /// The first of these.
    pub stuck: Option<Stuck<S>>,
    /// In how many strongly connected parts of the graph a fair run can stay while it is open.
    pub lasso_count: u64,
    /// A run that stays in the first of these.
    pub lasso: Option<Lasso<S>>,
}

/// A state in which nobody can act who has to.
pub struct Stuck<S: Fair> {
    /// A shortest way there.
    pub stem: Vec<S::Action>,
    /// The state.
    pub state: S::State,
    /// Nothing at all can happen: not even what nobody has to do.
    pub is_end: bool,
}

/// A fair run that goes round for ever.
pub struct Lasso<S: Fair> {
    /// A shortest way to the cycle.
    pub stem: Vec<S::Action>,
    /// From the end of the stem back to it.
    pub cycle: Vec<S::Action>,
    /// The state in which the cycle begins and ends.
    pub state: S::State,
    /// Who could act somewhere on the way round, and why the cycle is fair to each.
    pub fairness: Vec<(S::Class, Why)>,
}

/// Why a cycle is fair to somebody. Steps are those of the cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// This step is its; counted from 1.
    Acts(usize),
    /// It cannot act after so many steps.
    CannotAct(usize),
}

impl<S: Fair> Owed<S> {
    /// Whether no fair run leaves the obligation open.
    pub fn holds(&self) -> bool {
        self.stuck_count == 0 && self.lasso_count == 0
    }
}

impl<S: Fair> fmt::Debug for Liveness<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Judged(owed) => f.debug_tuple("Judged").field(owed).finish(),
            Self::Refused(refusal) => f.debug_tuple("Refused").field(refusal).finish(),
        }
    }
}

impl<S: Fair> fmt::Debug for Owed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Owed")
            .field("states", &self.states)
            .field("stuck_count", &self.stuck_count)
            .field("stuck", &self.stuck)
            .field("lasso_count", &self.lasso_count)
            .field("lasso", &self.lasso)
            .finish()
    }
}

impl<S: Fair> fmt::Debug for Stuck<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stem, is_end, state: _ } = self;
        f.debug_struct("Stuck").field("stem", stem).field("is_end", is_end).finish()
    }
}

impl<S: Fair> fmt::Debug for Lasso<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stem, cycle, fairness, state: _ } = self;
        f.debug_struct("Lasso")
            .field("stem", stem)
            .field("cycle", cycle)
            .field("fairness", fairness)
            .finish()
    }
}

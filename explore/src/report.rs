//! What a search found: counts, broken rules, ends, and how far it came.
//!
//! A report is plain data. Its `Debug` leaves out the states, which need not implement it.

use std::collections::BTreeMap;
use std::fmt;

use crate::system::System;

/// The result of a search.
pub struct Report<S: System> {
    /// Distinct states, the initial one among them.
    pub states: u64,
    /// Actions performed whose successor was kept, whether it was new or not.
    pub transitions: u64,
    /// Actions performed whose successor was not kept.
    pub pruned: u64,
    /// The greatest number of actions by which a state was reached: breadth first, that it needs.
    pub depth: u32,
    /// Distinct states without a possible action.
    pub ends: u64,
    /// How often a rule was broken, in all.
    pub broken: u64,
    /// What is known of each broken rule, by its key.
    pub violations: BTreeMap<String, Found<S>>,
    /// What is known of each kind of end that the system distinguishes.
    pub outcomes: BTreeMap<S::Outcome, EndInfo<S>>,
    /// The size of the set of visited states, and of how each was reached.
    pub bytes: usize,
    /// Whether all of this is the whole truth.
    pub finish: Finish,
    /// The probability that a state was taken for another one and omitted; 0 unless asked for.
    pub omission: f64,
    /// Whether the last checkpoint that was due could be written, if one was; else why not.
    pub checkpoint: Option<Result<(), String>>,
}

/// A broken rule, as it is first broken on a shortest trail.
pub struct Found<S: System> {
    /// The violation that this trail leads to.
    pub violation: S::Violation,
    /// How often the rule was broken, by whatever trail.
    pub count: u64,
    /// What on the trail breaks the rule.
    pub at: BrokenAt,
    /// The actions from the initial state on.
    pub trail: Vec<S::Action>,
    /// The state after the trail.
    pub state: S::State,
}

/// What breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenAt {
    /// The initial state; the trail is empty.
    Start,
    /// The last action of the trail.
    Step,
    /// That no action is possible after the trail.
    End,
}

/// One kind of end.
pub struct EndInfo<S: System> {
    /// Distinct end states of this kind.
    pub states: u64,
    /// A shortest trail to one of them.
    pub trail: Vec<S::Action>,
}

/// Why a search came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Every reachable state was visited and every action of each was performed.
    Complete,
    /// There is more than the limits allowed.
    LimitReached(Limit),
    /// The observer asked for it.
    Stopped,
}

/// Which limit a search reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The number of distinct states.
    States,
    /// The number of actions from the initial state.
    Depth,
    /// The size of the set of visited states.
    Bytes,
    /// How long it may take.
    Time,
}

impl<S: System> Report<S> {
    /// Whether the search was complete and no rule was broken.
    pub fn holds(&self) -> bool {
        self.finish == Finish::Complete && self.broken == 0
    }
}

impl<S: System> fmt::Debug for Report<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("states", &self.states)
            .field("transitions", &self.transitions)
            .field("pruned", &self.pruned)
            .field("depth", &self.depth)
            .field("ends", &self.ends)
            .field("broken", &self.broken)
            .field("violations", &self.violations)
            .field("outcomes", &self.outcomes)
            .field("bytes", &self.bytes)
            .field("finish", &self.finish)
            .field("omission", &self.omission)
            .field("checkpoint", &self.checkpoint)
            .finish()
    }
}

impl<S: System> fmt::Debug for Found<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("violation", &self.violation)
            .field("count", &self.count)
            .field("at", &self.at)
            .field("trail", &self.trail)
            .finish_non_exhaustive()
    }
}

impl<S: System> fmt::Debug for EndInfo<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndInfo").field("states", &self.states).field("trail", &self.trail).finish()
    }
}

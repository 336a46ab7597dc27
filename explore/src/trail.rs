//! Trails: rebuilt from the visited states, and performed again.
//!
//! A trail is the list of actions from the initial state, with every choice made.

use std::error::Error;
use std::fmt;

use crate::expansion::Expansion;
use crate::forest::{Grove, StateId};
use crate::search::Order;
use crate::system::{System, Violation};
use crate::tally::{Event, Scene};

/// Where a trail led.
pub struct Replayed<S: System> {
    /// The state after the last action.
    pub state: S::State,
    /// The rules broken on the way, each with the number of actions taken by then: 0 is the
    /// initial state. Those of an end state come last, when the trail leads to one.
    pub broken: Vec<(usize, S::Violation)>,
}

/// Why a trail cannot be followed to its end. Steps are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayError {
    /// The action of this step is not possible in the state before it.
    NotEnabled {
        /// The number of the step.
        step: usize,
    },
    /// The successor of this step is not kept, and it is not where the trail ends with a broken
    /// rule.
    Pruned {
        /// The number of the step.
        step: usize,
    },
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEnabled { step } => write!(f, "the action of step {step} is not enabled"),
            Self::Pruned { step } => write!(f, "the state after step {step} is not kept"),
        }
    }
}

impl Error for ReplayError {}

/// Performs the actions one after the other, from the initial state.
///
/// # Errors
///
/// When an action is not one of the enabled ones of its state (a choice made included), or leads
/// to a state that is not kept: the system is not the one that the trail was found in.
pub fn replay<S: System>(system: &S, trail: &[S::Action]) -> Result<Replayed<S>, ReplayError> {
    let mut state = system.initial();
    let mut broken = Vec::new();
    let mut expansion = Expansion::new(system, Order::Forward);
    system.start(&state, &mut expansion.broken);
    broken.extend(expansion.broken.drain(..).map(|violation| (0, violation)));

    for (step, wanted) in (1..).zip(trail) {
        expansion.begin(&state);
        let taken = loop {
            let Some(taken) = expansion.take_next(&state) else {
                return Err(ReplayError::NotEnabled { step });
            };
            if taken.action == *wanted {
                break taken;
            }
        };
        let ends_with_a_broken_rule = step == trail.len() && !expansion.broken.is_empty();
        if !taken.moved && !ends_with_a_broken_rule {
            return Err(ReplayError::Pruned { step });
        }
        broken.extend(expansion.broken.drain(..).map(|violation| (step, violation)));
        state.clone_from(&expansion.successor);
        if !taken.moved {
            return Ok(Replayed { state, broken });
        }
    }

    expansion.begin(&state);
    if expansion.take_next(&state).is_none() {
        expansion.broken.clear();
        system.end(&state, &mut expansion.broken);
        broken.extend(expansion.broken.drain(..).map(|violation| (trail.len(), violation)));
    }
    Ok(Replayed { state, broken })
}

/// Rebuilds the trail to a visited state by performing the actions that first led there.
pub(crate) struct Rebuilder<'a, S: System> {
    expansion: Expansion<'a, S>,
    /// Of the workers, by their numbers.
    groves: &'a [Grove],
}

impl<'a, S: System> Rebuilder<'a, S> {
    /// The order is the one that the states were visited in.
    pub(crate) fn new(system: &'a S, order: Order, groves: &'a [Grove]) -> Self {
        Self { expansion: Expansion::new(system, order), groves }
    }

    /// The trail to the visited state and, if one is given, on by one of its actions; and the
    /// state that it leads to.
    pub(crate) fn trail(&mut self, to: StateId, on: Option<u16>) -> (Vec<S::Action>, S::State) {
        let mut ordinals: Vec<u16> = on.into_iter().collect();
        let mut at = to;
        while at != StateId::FIRST {
            let origin = self.groves[at.worker()].origin(at.number());
            assert_ne!(origin.parent, at, "a parent is visited before its child");
            ordinals.push(origin.ordinal);
            at = origin.parent;
        }
        let mut state = self.expansion.system.initial();
        let mut trail = Vec::with_capacity(ordinals.len());
        for ordinal in ordinals.into_iter().rev() {
            trail.push(self.perform(&state, ordinal));
            state.clone_from(&self.expansion.successor);
        }
        (trail, state)
    }

    /// The rule with this key, as it is broken at the scene.
    pub(crate) fn sight(&mut self, scene: &Scene, key: &str) -> Option<S::Violation> {
        let (_, state) = self.trail(scene.state, scene.event.ordinal());
        let Expansion { system, broken, .. } = &mut self.expansion;
        match scene.event {
            Event::Start => {
                broken.clear();
                system.start(&state, broken);
            }
            Event::Step { .. } => {}
            Event::End => {
                broken.clear();
                system.end(&state, broken);
            }
        }
        broken.iter().find(|violation| violation.key() == key).cloned()
    }

    /// What kind of end the visited state is.
    pub(crate) fn classify(&mut self, state: StateId) -> Option<S::Outcome> {
        let (_, state) = self.trail(state, None);
        self.expansion.system.classify(&state)
    }

    /// The actions of these ordinals, one after the other, from the state on.
    pub(crate) fn perform_all(
        &mut self,
        from: &S::State,
        ordinals: impl Iterator<Item = u16>,
    ) -> Vec<S::Action> {
        let mut state = from.clone();
        let actions = ordinals.map(|ordinal| {
            let action = self.perform(&state, ordinal);
            state.clone_from(&self.expansion.successor);
            action
        });
        actions.collect()
    }

    /// # Panics
    ///
    /// When there is no such action: the system answered otherwise during the search.
    fn perform(&mut self, state: &S::State, ordinal: u16) -> S::Action {
        self.expansion.begin(state);
        loop {
            let taken = self.expansion.take_next(state);
            let taken = taken.expect("a system gives the same answers when it is asked again");
            if taken.ordinal == ordinal {
                return taken.action;
            }
        }
    }
}

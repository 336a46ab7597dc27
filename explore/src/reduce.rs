//! Owns the reductions: a system that is searched by what stands for its states, with the steps
//! that concern nobody else merged into those before them.
//!
//! A [`Quotient`] is a system itself, which any search takes. What a search of it has found is
//! told of the system as it is: [`Quotient::unfold`] follows each trail with real actions. It is
//! no [`Fair`](crate::Fair) system: neither reduction keeps what somebody owes for ever.

use std::collections::BTreeMap;

use crate::expansion::Expansion;
use crate::report::{BrokenAt, EndInfo, Found, Report};
use crate::search::Order;
use crate::system::{Packed, System, Taken, Violation};

/// A system that knows which of its states are alike, and which steps concern nobody else.
///
/// What it says has to be true, and a search cannot check it:
///
/// - A permutation of states belongs with one of actions, so that an action leads from a permuted
///   state where the permuted action led from the state, permuted; it breaks rules of the same
///   keys, and ends break rules of the same keys.
/// - A step that is alone is possible, asks nothing, and stays alone whatever else happens. It and
///   each other action lead to the same state in either order, and each breaks the same rules
///   before the other and after. No run consists of such steps for ever.
pub trait Reduced: System {
    /// Puts in the state's place the one that stands for it: the same for all that are alike, or
    /// for as many of them as the system can tell; always one of them.
    fn canonical(&self, state: &mut Self::State);

    /// A step that is alone in the state, if there is one.
    fn alone(&self, state: &Self::State) -> Option<Self::Action>;
}

/// Which reductions are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reduce {
    /// Of the states that are alike only one is kept.
    pub symmetry: bool,
    /// A step that is alone is taken together with the action before it.
    pub local: bool,
}

/// A reduced system.
pub struct Quotient<'a, S: Reduced> {
    system: &'a S,
    reduce: Reduce,
}

/// A trail that is being followed.
struct Follower<'a, S: Reduced> {
    expansion: Expansion<'a, S>,
    /// Where the trail has led.
    state: S::State,
    actions: Vec<S::Action>,
}

impl<'a, S: Reduced> Quotient<'a, S> {
    /// The system with these reductions.
    pub fn new(system: &'a S, reduce: Reduce) -> Self {
        Self { system, reduce }
    }

    /// Takes the steps that are alone, and puts in place what stands for the state then.
    fn settle(&self, state: &mut S::State, broken: &mut Vec<S::Violation>) {
        while let Some(action) = self.alone(state) {
            self.take_alone(state, &action, broken);
        }
        self.represent(state);
    }

    fn alone(&self, state: &S::State) -> Option<S::Action> {
        if self.reduce.local { self.system.alone(state) } else { None }
    }

    fn take_alone(&self, state: &mut S::State, action: &S::Action, broken: &mut Vec<S::Violation>) {
        let taken = self.system.step(state, action, broken);
        assert_eq!(taken, Taken::Moved, "{action:?} is alone, and so it is possible");
    }

    fn represent(&self, state: &mut S::State) {
        if self.reduce.symmetry {
            self.system.canonical(state);
        }
    }

    /// What a search of this system has found, told of the system as it is. The counts stay those
    /// of the reduced search; trails are shortest ones where no steps were merged.
    ///
    /// # Panics
    ///
    /// When a trail cannot be followed: the system's mistake, see [`Reduced`].
    pub fn unfold(&self, report: Report<Self>) -> Report<S> {
        let violations = report.violations.into_iter().map(|(key, found)| {
            let found = self.found(&key, found);
            (key, found)
        });
        let violations = violations.collect();
        let mut outcomes = BTreeMap::<S::Outcome, EndInfo<S>>::new();
        for (outcome, EndInfo { states, trail }) in report.outcomes {
            let follower = self.follow(&trail);
            let outcome = self.system.classify(&follower.state).unwrap_or(outcome);
            let trail = follower.actions;
            outcomes.entry(outcome).or_insert(EndInfo { states: 0, trail }).states += states;
        }
        Report {
            states: report.states,
            transitions: report.transitions,
            pruned: report.pruned,
            depth: report.depth,
            ends: report.ends,
            broken: report.broken,
            violations,
            outcomes,
            bytes: report.bytes,
            finish: report.finish,
            omission: report.omission,
            checkpoint: report.checkpoint,
        }
    }

    fn found(&self, key: &str, found: Found<Self>) -> Found<S> {
        let Found { count, at, trail, violation: _, state: _ } = found;
        let (violation, at, trail, state) = match (at, trail.split_last()) {
            (BrokenAt::Start, _) => self.broken_at_start(key),
            (BrokenAt::Step, Some((last, before))) => {
                let mut follower = self.follow(before);
                let violation = follower.break_with(self, last, key);
                (violation, BrokenAt::Step, follower.actions, follower.state)
            }
            (BrokenAt::Step, None) => unreachable!("a step is taken by an action"),
            (BrokenAt::End, _) => {
                let follower = self.follow(&trail);
                let mut broken = Vec::new();
                self.system.end(&follower.state, &mut broken);
                (named(broken, key), BrokenAt::End, follower.actions, follower.state)
            }
        };
        Found { violation, count, at, trail, state }
    }

    /// The initial state breaks it, or a step that is alone there.
    fn broken_at_start(&self, key: &str) -> Breach<S> {
        let mut broken = Vec::new();
        let mut state = self.system.initial();
        self.system.start(&state, &mut broken);
        let mut actions = Vec::new();
        while !broken.iter().any(|it| it.key() == key) {
            let action = self.alone(&state).expect("the rule is broken at the start");
            self.take_alone(&mut state, &action, &mut broken);
            actions.push(action);
        }
        let at = if actions.is_empty() { BrokenAt::Start } else { BrokenAt::Step };
        (named(broken, key), at, actions, state)
    }

    fn follow(&self, trail: &[S::Action]) -> Follower<'a, S> {
        let mut follower = Follower {
            expansion: Expansion::new(self.system, Order::Forward),
            state: self.system.initial(),
            actions: Vec::new(),
        };
        follower.settle(self);
        let mut stands_for_it = self.initial();
        let mut broken = Vec::new();
        for action in trail {
            self.step(&mut stands_for_it, action, &mut broken);
            follower.go_to(self, &stands_for_it);
        }
        follower
    }
}

/// How a rule is broken: what it says, what breaks it, the trail there and the state.
type Breach<S> =
    (<S as System>::Violation, BrokenAt, Vec<<S as System>::Action>, <S as System>::State);

fn named<V: Violation>(broken: Vec<V>, key: &str) -> V {
    let mut broken = broken.into_iter();
    broken.find(|violation| violation.key() == key).expect("what is alike breaks the same rules")
}

impl<S: Reduced> Follower<'_, S> {
    /// Takes the first action that leads where the other state stands for.
    fn go_to(&mut self, quotient: &Quotient<'_, S>, wanted: &S::State) {
        let mut broken = Vec::new();
        self.expansion.begin(&self.state);
        loop {
            let taken = self.expansion.take_next(&self.state);
            let taken = taken.expect("what is alike has actions that are alike");
            let mut next = self.expansion.successor.clone();
            quotient.settle(&mut next, &mut broken);
            if taken.moved && next == *wanted {
                self.state.clone_from(&self.expansion.successor);
                self.actions.push(taken.action);
                break;
            }
        }
        self.settle(quotient);
    }

    fn settle(&mut self, quotient: &Quotient<'_, S>) {
        while let Some(action) = quotient.alone(&self.state) {
            quotient.take_alone(&mut self.state, &action, &mut Vec::new());
            self.actions.push(action);
        }
    }

    /// Takes the first action that breaks the rule and leads where `last` leads from what stands
    /// for this state, and the steps that are alone until the rule is broken.
    fn break_with(
        &mut self,
        quotient: &Quotient<'_, S>,
        last: &S::Action,
        key: &str,
    ) -> S::Violation {
        let is_it = |violation: &S::Violation| violation.key() == key;
        let mut wanted = self.state.clone();
        quotient.represent(&mut wanted);
        let mut broken = Vec::new();
        quotient.step(&mut wanted, last, &mut broken);
        assert!(broken.iter().any(is_it), "a system gives the same answers when it is asked again");
        self.expansion.begin(&self.state);
        loop {
            let taken = self.expansion.take_next(&self.state);
            let taken = taken.expect("what is alike breaks the same rules");
            let mut next = self.expansion.successor.clone();
            let mut broken = self.expansion.broken.clone();
            if taken.moved {
                quotient.settle(&mut next, &mut broken);
            }
            if next == wanted && broken.iter().any(is_it) {
                self.state.clone_from(&self.expansion.successor);
                self.actions.push(taken.action);
                break;
            }
        }
        let mut broken = self.expansion.broken.clone();
        while !broken.iter().any(is_it) {
            let action = quotient.alone(&self.state).expect("a step that is alone breaks it");
            quotient.take_alone(&mut self.state, &action, &mut broken);
            self.actions.push(action);
        }
        named(broken, key)
    }
}

impl<S: Reduced> System for Quotient<'_, S> {
    type State = S::State;
    type Action = S::Action;
    type Violation = S::Violation;
    type Outcome = S::Outcome;

    fn initial(&self) -> S::State {
        let mut state = self.system.initial();
        self.settle(&mut state, &mut Vec::new());
        state
    }

    fn start(&self, _: &S::State, broken: &mut Vec<S::Violation>) {
        let mut state = self.system.initial();
        self.system.start(&state, broken);
        self.settle(&mut state, broken);
    }

    fn actions(&self, state: &S::State, out: &mut Vec<S::Action>) {
        self.system.actions(state, out);
    }

    fn step(
        &self,
        state: &mut S::State,
        action: &S::Action,
        broken: &mut Vec<S::Violation>,
    ) -> Taken {
        let taken = self.system.step(state, action, broken);
        if taken == Taken::Moved {
            self.settle(state, broken);
        }
        taken
    }

    fn variant(&self, action: &S::Action, choice: u8) -> S::Action {
        self.system.variant(action, choice)
    }

    fn end(&self, state: &S::State, broken: &mut Vec<S::Violation>) {
        self.system.end(state, broken);
    }

    fn notes(&self) -> Vec<u64> {
        self.system.notes()
    }

    fn recall(&self, notes: &[u64]) {
        self.system.recall(notes);
    }

    fn classify(&self, state: &S::State) -> Option<S::Outcome> {
        self.system.classify(state)
    }
}

impl<S: Reduced + Packed> Packed for Quotient<'_, S> {
    fn pack(&self, state: &S::State) -> u64 {
        self.system.pack(state)
    }

    fn unpack(&self, word: u64) -> S::State {
        self.system.unpack(word)
    }
}

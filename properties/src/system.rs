//! A world and its history as a transition system, with every claim judged on every transition.
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use dm_explore::{Fair, System, Taken, Violation};
use dm_sim::world::World;
use dm_sim::world::alone::Alone;
use dm_sim::world::outcome::Outcome;
use dm_sim::world::plan::{Action, Kind as ActionKind};
use dm_sim::world::schedule::is_timed;
use dm_sim::world::symmetry::Symmetry;

use crate::claims::{CLAIMS, Claim, Kind, Transition};
use crate::fired::{Fired, Noted};
use crate::history::History;
use crate::liveness::{self, Class};

/// A state of the search.
#[derive(Debug, PartialEq, Eq)]
pub struct State {
    /// The world.
    pub world: World,
    /// What claims remember of the past.
    pub history: History,
}

impl Clone for State {
    fn clone(&self) -> Self {
        Self { world: self.world.clone(), history: self.history }
    }

    fn clone_from(&mut self, source: &Self) {
        self.world.clone_from(&source.world);
        self.history = source.history;
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.world.hash(state);
        self.history.hash(state);
    }
}

/// A claim that a transition or an end broke.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The claim.
    pub claim: &'static Claim,
    /// What was expected and found.
    pub text: String,
}

impl Violation for Broken {
    fn key(&self) -> &str {
        self.claim.name
    }
}

/// What is judged, and what ends are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Goal {
    /// The claims.
    Claims,
    /// One claim, by its name.
    Claim(&'static str),
    /// The outcomes of the ends.
    Outcomes,
}

impl Goal {
    fn concerns(self, claim: &Claim) -> bool {
        match self {
            Self::Claims => true,
            Self::Claim(name) => claim.name == name,
            Self::Outcomes => false,
        }
    }
}

/// When the next line of a script may begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// At any time.
    Free,
    /// When nothing else can happen but that time passes: what runs beside a line is interleaved
    /// in every way, lines are not. So does who waits for a real kernel to come to rest.
    Settled,
}

/// The transition system of a world.
pub struct Checked {
    start: World,
    goal: Goal,
    pace: Pace,
    /// A bit a claim: whether a transition occurred in which it says anything.
    premises: AtomicU64,
    noted: Noted,
    symmetry: OnceLock<Symmetry>,
    alone: OnceLock<Alone>,
}

impl Checked {
    /// Searches from this world.
    pub fn new(start: World, goal: Goal, pace: Pace) -> Self {
        assert!(CLAIMS.len() <= 64, "a bit a claim");
        Self {
            start,
            goal,
            pace,
            premises: AtomicU64::new(0),
            noted: Noted::new(),
            symmetry: OnceLock::new(),
            alone: OnceLock::new(),
        }
    }

    /// What is interchangeable.
    pub fn symmetry(&self) -> &Symmetry {
        self.symmetry.get_or_init(|| Symmetry::of(&self.start))
    }

    /// What makes a step one that is alone.
    pub fn alone_from_start(&self) -> &Alone {
        self.alone.get_or_init(|| Alone::of(&self.start))
    }

    /// Whether a transition occurred in which the claim says anything.
    pub fn premise_occurred(&self, claim: usize) -> bool {
        self.premises.load(Relaxed) & 1 << claim != 0
    }

    /// What happened.
    pub fn fired(&self) -> Fired {
        self.noted.fired()
    }

    fn judge(&self, kind: Kind, it: &Transition<'_>, broken: &mut Vec<Broken>) {
        let known = self.premises.load(Relaxed);
        let mut premises = known;
        for (index, claim) in CLAIMS.iter().enumerate() {
            if claim.kind != kind || !self.goal.concerns(claim) {
                continue;
            }
            if premises & 1 << index == 0 && claim.premise_occurs(it) {
                premises |= 1 << index;
            }
            if let Err(text) = claim.holds(it) {
                broken.push(Broken { claim, text });
            }
        }
        if premises != known {
            self.premises.fetch_or(premises, Relaxed);
        }
    }
}

/// Set in the choice of an action whose question has been answered.
const CHOSEN: u8 = 0x80;

/// The action as a world takes it.
pub fn plain(action: Action) -> Action {
    Action { choice: action.choice & !CHOSEN, ..action }
}

/// The claims that one action breaks; the state moves on.
///
/// # Errors
/// `Blocked` when the action cannot happen now: the state is then not to be used any more.
pub fn judge_action(
    state: &mut State,
    action: Action,
    judge: impl FnOnce(&Transition<'_>),
) -> Result<(), dm_model::memory::Blocked> {
    state.world.perform(action)?;
    let before = state.history;
    state.history = before.after(action, &state.world);
    judge(&Transition {
        action,
        before: &before,
        effects: state.world.effects(),
        after: &state.world,
        history: &state.history,
    });
    Ok(())
}

impl System for Checked {
    type State = State;
    type Action = Action;
    type Violation = Broken;
    type Outcome = Outcome;

    fn initial(&self) -> State {
        State { world: self.start.clone(), history: History::at_start(&self.start) }
    }

    fn actions(&self, state: &State, out: &mut Vec<Action>) {
        state.world.actions(out);
        let is_line = |action: &Action| matches!(action.kind, ActionKind::Line(_));
        if self.pace == Pace::Settled && out.iter().any(is_line) {
            let others = out.iter().filter(|action| !is_line(action));
            let mut untimed = others.filter(|action| !is_timed(&state.world, **action));
            if untimed.any(|action| state.world.clone().perform(*action).is_ok()) {
                out.retain(|action| !is_line(action));
            }
        }
    }

    fn step(&self, state: &mut State, action: &Action, broken: &mut Vec<Broken>) -> Taken {
        let label = self.noted.about_to(&state.world, *action);
        let judged = judge_action(state, plain(*action), |it| {
            self.judge(Kind::Always, it, broken);
        });
        match judged {
            Err(_) => Taken::Blocked,
            Ok(()) if state.world.asked() > 1 && action.choice & CHOSEN == 0 => {
                Taken::Choices(state.world.asked())
            }
            Ok(()) => {
                self.noted.note(label, *action);
                Taken::Moved
            }
        }
    }

    fn variant(&self, action: &Action, choice: u8) -> Action {
        Action { choice: choice | CHOSEN, ..*action }
    }

    fn end(&self, state: &State, broken: &mut Vec<Broken>) {
        let it = Transition {
            action: Action::from(ActionKind::Line(0)),
            before: &state.history,
            effects: &[],
            after: &state.world,
            history: &state.history,
        };
        self.judge(Kind::AtEnds, &it, broken);
    }

    fn notes(&self) -> Vec<u64> {
        [&[self.premises.load(Relaxed)], &self.noted.words()[..]].concat()
    }

    fn recall(&self, notes: &[u64]) {
        self.premises.fetch_or(notes[0], Relaxed);
        self.noted.recall(&notes[1..]);
    }

    fn classify(&self, state: &State) -> Option<Outcome> {
        (self.goal == Goal::Outcomes).then(|| state.world.outcome())
    }
}

impl Fair for Checked {
    type Class = Class;

    fn class(&self, state: &State, action: &Action) -> Option<Class> {
        liveness::class(&state.world, *action)
    }

    fn open(&self, state: &State) -> u64 {
        liveness::open(state)
    }
}

//! The fuzz targets that play: a tape draws a small world and then makes every choice in it.
//!
//! Each claim is judged in each step. What a reviewed finding explains is no failure and does not
//! end the play; what nothing explains is shrunk and told with the command that replays it.
mod known;

use std::fmt::Write as _;

use dm_explore::{System, Taken};
use dm_model::mutant::Mutant;
use dm_sim::fuzz::tape::Tape;
use dm_sim::fuzz::world::{Drawn, draw};
use dm_sim::world::World;
use dm_sim::world::config::Configuration;
use dm_sim::world::plan::Action;
use dm_sim::world::trail::Trail;

use crate::fired::Fired;
use crate::search::{Pace, judge, trail};
use crate::shrink::shrink_where;
use crate::system::{Broken, Checked, Goal, State};
use known::Review;

/// The bug that `canary` plants, by its name: the suspender sleeps after the last completion has
/// looked for it. It takes both of them.
pub const CANARY: &str = "check-before-prepare";

/// After how many actions a play ends. Most worlds come to rest long before.
const ACTION_COUNT_MAX: usize = 600;

/// Below this number of twice as many the tape says that what moved last moves on.
const MOVES_ON: usize = 128;

/// How a play ended.
#[derive(Clone, Debug)]
pub struct Played {
    /// What was done, and in which configuration.
    pub trail: Trail,
    /// The first claim that broke and that no finding explains, at the last action.
    pub broken: Option<Broken>,
    /// Claims that broke and that a finding explains.
    pub known: Vec<&'static str>,
    /// Whether nothing could happen any more.
    pub is_end: bool,
    /// What happened.
    pub fired: Fired,
}

/// Plays a tape; with this bug seeded, if it is one.
///
/// # Panics
/// When the world that the tape draws is none, which is the drawing's mistake.
pub fn play(bytes: &[u8], mutant: Option<&str>) -> Played {
    let mut tape = Tape::new(bytes);
    let drawn = draw(&mut tape);
    // The choices are made from the other end: a longer world does not change them.
    let choices: Vec<u8> = tape.rest().iter().rev().copied().collect();
    Player::new(&configuration(&drawn, mutant)).play(&mut Tape::new(&choices))
}

fn configuration(drawn: &Drawn, mutant: Option<&str>) -> Configuration {
    let text = drawn.text(mutant);
    Configuration::parse("tape", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

struct Player {
    configuration: Configuration,
    review: Review,
    system: Checked,
    state: State,
    next: State,
    actions: Vec<Action>,
    done: Vec<Action>,
    broken: Vec<Broken>,
    known: Vec<&'static str>,
}

impl Player {
    fn new(configuration: &Configuration) -> Self {
        let world = configuration.world(configuration.era);
        let world = world.unwrap_or_else(|error| panic!("{error}\n{}", configuration.text));
        let review = Review::of(&world);
        let system = Checked::new(world, Goal::Claims, Pace::Free);
        let state = system.initial();
        Self {
            configuration: configuration.clone(),
            next: state.clone(),
            review,
            system,
            state,
            actions: Vec::new(),
            done: Vec::new(),
            broken: Vec::new(),
            known: Vec::new(),
        }
    }

    fn play(mut self, tape: &mut Tape<'_>) -> Played {
        let mut is_end = false;
        let mut surprise = None;
        while surprise.is_none() && !is_end && self.done.len() < ACTION_COUNT_MAX {
            match self.choose(tape) {
                Some(action) => {
                    self.done.push(action);
                    surprise = self.surprise(Some(action));
                    std::mem::swap(&mut self.state, &mut self.next);
                }
                None => {
                    is_end = true;
                    self.system.end(&self.state, &mut self.broken);
                    surprise = self.surprise(None);
                }
            }
        }
        let Self { configuration, system, done, known, .. } = self;
        let trail = trail(&configuration, configuration.era, &done);
        Played { trail, broken: surprise, known, is_end, fired: system.fired() }
    }

    /// The first of the broken claims that no finding explains.
    fn surprise(&mut self, action: Option<Action>) -> Option<Broken> {
        let mut surprise = None;
        for broken in self.broken.drain(..) {
            if self.review.explains(&broken, &self.state.world, action) {
                self.known.push(broken.claim.name);
            } else if surprise.is_none() {
                surprise = Some(broken);
            }
        }
        surprise
    }

    /// Makes the next action happen in `next`: the one that the tape says, or the first behind it
    /// that is not blocked. Half of the time what moved last moves on, so that a process comes
    /// far before the budget of faults is spent.
    fn choose(&mut self, tape: &mut Tape<'_>) -> Option<Action> {
        self.actions.clear();
        self.system.actions(&self.state, &mut self.actions);
        let count = self.actions.len();
        let said = if count > 1 { tape.below(2 * MOVES_ON) } else { 0 };
        let last = self.done.last().map(|action| action.kind);
        let first = match said.checked_sub(MOVES_ON) {
            Some(index) => index % count,
            None => self.actions.iter().position(|it| Some(it.kind) == last).unwrap_or(0),
        };
        (0..count).find_map(|step| self.attempt(self.actions[(first + step) % count], tape))
    }

    fn attempt(&mut self, action: Action, tape: &mut Tape<'_>) -> Option<Action> {
        self.next.clone_from(&self.state);
        match self.system.step(&mut self.next, &action, &mut self.broken) {
            Taken::Blocked => None,
            Taken::Moved | Taken::Pruned => Some(action),
            Taken::Choices(count) => {
                self.broken.clear();
                let action = self.system.variant(&action, tape.below(usize::from(count)) as u8);
                self.next.clone_from(&self.state);
                let taken = self.system.step(&mut self.next, &action, &mut self.broken);
                assert_eq!(taken, Taken::Moved, "an answer moves the world");
                Some(action)
            }
        }
    }
}

/// The target `events`.
///
/// # Panics
/// With the shrunk trail, when a claim breaks and no finding explains it.
pub fn events(bytes: &[u8]) {
    let played = play(bytes, None);
    if let Some((trail, claim)) = shrunk(&played) {
        panic!("{}", told(&trail, claim));
    }
}

/// The target `canary`: the same with a bug planted, which has to be found.
///
/// # Panics
/// With the shrunk trail, when a claim breaks that does not break without the bug.
pub fn canary(bytes: &[u8]) {
    let played = play(bytes, Some(CANARY));
    let Some((trail, claim)) = shrunk(&played) else { return };
    assert_ne!(trail.configuration.mutant, Mutant::None, "{claim} breaks without the canary");
    panic!("{}", told(&trail, claim));
}

/// The shortest trail to be had of a play that broke a claim without a finding, and the claim.
pub fn shrunk(played: &Played) -> Option<(Trail, &'static str)> {
    let claim = played.broken.as_ref()?.claim.name;
    let start = played.trail.configuration.world(played.trail.era).ok()?;
    let review = Review::of(&start);
    let counts = |broken: &Broken, before: &World, action: Option<Action>| {
        !review.explains(broken, before, action)
    };
    Some((shrink_where(&played.trail, claim, &counts), claim))
}

/// A trail that breaks a claim: which, why, the trail as text, and how to replay it.
///
/// # Panics
/// When the trail has no text, which is a mistake of whoever made it.
pub fn told(trail: &Trail, name: &str) -> String {
    let breaks = judge(trail).expect("the trail can be judged");
    let found = breaks.iter().find(|it| it.claim.name == name);
    let mut text = String::new();
    if let Some(found) = found {
        let _ = writeln!(text, "{name} ({}): {}", found.claim.source, found.text);
        let _ = writeln!(text, "at step {} of", found.step);
    }
    text.push_str(&trail.text().expect("the trail has a text"));
    text.push_str("save that as FILE.trail; cargo run --release -- replay FILE.trail\n");
    text
}

//! The one shrinker: a trail that breaks a claim becomes a shorter one that breaks the same claim.
//!
//! It takes actions out, then puts the others in an order of their own, then takes lines out of
//! the configuration. Who found the trail (the fuzzer, random tests, a simulation) does not matter.
use dm_explore::{System, Taken};
use dm_sim::world::World;
use dm_sim::world::config::Configuration;
use dm_sim::world::plan::{Action, ActionText};
use dm_sim::world::trail::{Trail, find};

use crate::claims::{Claim, Kind, claim};
use crate::search::{Pace, trail};
use crate::system::{Broken, Checked, Goal, State, plain};

/// After how many actions that are not of the trail an end is given up.
const END_COUNT_MAX: usize = 400;

/// Whether a broken claim is the one that is looked for, by the world before the action that broke
/// it; none where an end did.
pub type Counts<'a> = &'a dyn Fn(&Broken, &World, Option<Action>) -> bool;

/// A trail that breaks the claim of this name, no longer than this one, which breaks it too.
///
/// # Panics
/// When the trail does not break the claim, or when there is no such claim.
pub fn shrink(trail: &Trail, name: &str) -> Trail {
    shrink_where(trail, name, &|_, _, _| true)
}

/// The same, where not every way to break the claim counts.
///
/// # Panics
/// As `shrink`.
pub fn shrink_where(trail: &Trail, name: &str, counts: Counts<'_>) -> Trail {
    let claim = claim(name).unwrap_or_else(|| panic!("{name} is no claim"));
    let shrinker = Shrinker::new(&trail.configuration, trail, claim, counts);
    let shrinker = shrinker.expect("the trail has a world");
    let actions = shrinker.followed(&trail.actions).expect("the trail breaks the claim");
    let actions = shrinker.in_order(shrinker.without_some(actions));
    let shorter = self::trail(&trail.configuration, trail.era, &actions);
    without_lines(shorter, claim, counts)
}

struct Shrinker<'a> {
    system: Checked,
    at_ends: bool,
    counts: Counts<'a>,
}

impl<'a> Shrinker<'a> {
    /// None when the configuration has no world in the era of the trail.
    fn new(
        configuration: &Configuration,
        trail: &Trail,
        claim: &'static Claim,
        counts: Counts<'a>,
    ) -> Option<Self> {
        let world = configuration.world(trail.era).ok()?;
        let system = Checked::new(world, Goal::Claim(claim.name), Pace::Free);
        Some(Self { system, at_ends: claim.kind == Kind::AtEnds, counts })
    }

    /// What is done when these actions are, as far as they are possible: up to the step that
    /// breaks the claim. A claim about ends is judged at the next end of the default schedule.
    fn followed(&self, actions: &[Action]) -> Option<Vec<Action>> {
        let mut state = self.system.initial();
        let mut done = Vec::new();
        for action in actions {
            let Some((next, broken)) = self.taken(&state, *action) else { continue };
            done.push(*action);
            let mut broken = broken.iter();
            if broken.any(|broken| (self.counts)(broken, &state.world, Some(*action))) {
                return Some(done);
            }
            state = next;
        }
        if self.at_ends { self.ended(state, done) } else { None }
    }

    fn ended(&self, mut state: State, mut done: Vec<Action>) -> Option<Vec<Action>> {
        for _ in 0..END_COUNT_MAX {
            let mut actions = Vec::new();
            self.system.actions(&state, &mut actions);
            let next = actions.into_iter().find_map(|action| {
                let (next, _) = self.taken(&state, action)?;
                Some((action, next))
            });
            let Some((action, next)) = next else {
                let mut broken = Vec::new();
                self.system.end(&state, &mut broken);
                let mut broken = broken.iter();
                return broken
                    .any(|broken| (self.counts)(broken, &state.world, None))
                    .then_some(done);
            };
            done.push(action);
            state = next;
        }
        None
    }

    /// The state after an action of a trail, and what it breaks; none where the action is not
    /// possible, or where its choice is not.
    fn taken(&self, state: &State, action: Action) -> Option<(State, Vec<Broken>)> {
        let mut actions = Vec::new();
        self.system.actions(state, &mut actions);
        actions.iter().find(|it| it.kind == action.kind)?;
        let first = Action { choice: 0, ..action };
        let mut broken = Vec::new();
        let mut next = state.clone();
        match self.system.step(&mut next, &first, &mut broken) {
            Taken::Blocked => return None,
            Taken::Choices(count) if action.choice < count => {
                broken.clear();
                next.clone_from(state);
                let chosen = self.system.variant(&first, action.choice);
                self.system.step(&mut next, &chosen, &mut broken);
            }
            Taken::Choices(_) => return None,
            Taken::Moved | Taken::Pruned if action.choice > 0 => return None,
            Taken::Moved | Taken::Pruned => {}
        }
        Some((next, broken))
    }

    /// Takes out as many actions at once as it can, then fewer, until none can go.
    fn without_some(&self, mut actions: Vec<Action>) -> Vec<Action> {
        let mut size = actions.len() / 2;
        while size > 0 {
            let mut start = 0;
            let before = actions.len();
            while start < actions.len() {
                let end = (start + size).min(actions.len());
                let rest: Vec<_> =
                    actions[..start].iter().chain(&actions[end..]).copied().collect();
                match self.followed(&rest).filter(|shorter| shorter.len() < actions.len()) {
                    Some(shorter) => actions = shorter,
                    None => start += size,
                }
            }
            // What could not go alone may go once others are gone.
            if size > 1 || actions.len() == before {
                size /= 2;
            }
        }
        actions
    }

    /// Exchanges neighbours that stand in another order than actions have, where the claim breaks
    /// all the same: of all interleavings that differ in nothing else, one.
    fn in_order(&self, mut actions: Vec<Action>) -> Vec<Action> {
        let mut at = 1;
        while at < actions.len() {
            let mut other = actions.clone();
            other.swap(at - 1, at);
            let is_better = actions[at] < actions[at - 1]
                && self.followed(&other).is_some_and(|followed| followed == other);
            if is_better {
                actions = other;
                at = (at - 1).max(1);
            } else {
                at += 1;
            }
        }
        actions
    }
}

/// The trail without the lines of its configuration that it does not need.
fn without_lines(mut trail: Trail, claim: &'static Claim, counts: Counts<'_>) -> Trail {
    let mut at = 0;
    while at < trail.configuration.text.lines().count() {
        if let Some(shorter) = without_line(&trail, at, claim, counts) {
            trail = shorter;
        }
        at += 1;
    }
    closed_up(&trail, claim, counts).unwrap_or(trail)
}

/// The trail without a line and the lines of the table below it, if it breaks the claim as early.
/// A line that is blank keeps the numbers of those below it, which name processes.
fn without_line(
    trail: &Trail,
    at: usize,
    claim: &'static Claim,
    counts: Counts<'_>,
) -> Option<Trail> {
    let lines: Vec<_> = trail.configuration.text.lines().collect();
    let line = lines[at];
    if line.is_empty() || line.starts_with([' ', '|']) || line.starts_with("era:") {
        return None;
    }
    let below = lines[at + 1..].iter().take_while(|line| line.starts_with(' ')).count();
    let blank = at..=at + below;
    let kept = lines.iter().enumerate();
    let kept = kept.map(|(index, line)| if blank.contains(&index) { "" } else { line });
    let text = kept.collect::<Vec<_>>().join("\n");
    let configuration = Configuration::parse(trail.configuration.name(), &text).ok()?;
    let actions = moved(trail, &configuration)?;
    let shrinker = Shrinker::new(&configuration, trail, claim, counts)?;
    let actions = shrinker.followed(&actions)?;
    let is_shorter = actions.len() <= trail.actions.len();
    is_shorter.then(|| self::trail(&configuration, trail.era, &actions))
}

/// The actions of the trail in another configuration, by their words: those that are possible.
fn moved(trail: &Trail, configuration: &Configuration) -> Option<Vec<Action>> {
    let mut world = trail.configuration.world(trail.era).ok()?;
    let mut other = configuration.world(trail.era).ok()?;
    let mut actions = Vec::new();
    for action in &trail.actions {
        let words = ActionText { plan: world.plan(), action: *action }.to_string();
        world.perform(*action).ok()?;
        let Ok(action) = find(&other, &words) else { continue };
        let mut next = other.clone();
        if next.perform(action).is_ok() {
            other = next;
            actions.push(action);
        }
    }
    Some(actions)
}

/// The trail without the blank lines of its configuration and without empty scripts at its end.
fn closed_up(trail: &Trail, claim: &'static Claim, counts: Counts<'_>) -> Option<Trail> {
    let lines = trail.configuration.text.lines().filter(|line| !line.is_empty());
    let mut lines: Vec<_> = lines.collect();
    // The first `||` ends what runs by the default schedule: it stays.
    while lines.last() == Some(&"||") && lines.iter().filter(|line| **line == "||").count() > 1 {
        lines.pop();
    }
    let text = lines.join("\n") + "\n";
    let configuration = Configuration::parse(trail.configuration.name(), &text).ok()?;
    // Tasks, bios and disks keep their order and so their numbers: the actions are the same.
    let shorter = Trail { configuration, ..trail.clone() };
    breaks_last(&shorter, claim, counts).then_some(shorter)
}

/// Whether the last step of the trail breaks the claim, or the end that it leads to, and none
/// before it.
fn breaks_last(trail: &Trail, claim: &'static Claim, counts: Counts<'_>) -> bool {
    let shrinker = Shrinker::new(&trail.configuration, trail, claim, counts);
    let actions: Vec<_> = trail.actions.iter().copied().map(plain).collect();
    shrinker.and_then(|it| it.followed(&actions)).is_some_and(|followed| followed == actions)
}

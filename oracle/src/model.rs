//! What the model says of a scenario, in the same words as what a kernel showed.
use dm_explore::{Finish, Limits};
use dm_model::era::{ERAS, Era};
use dm_properties::search::{Pace, outcomes};
use dm_sim::scenario::Scenario;
use dm_sim::world::config::{Configuration, TextError};
use dm_sim::world::outcome::Outcome;
use dm_sim::world::plan::Kind;
use dm_sim::world::schedule::{DefaultSchedule, leftovers, observations};

use crate::observed::{Ends, Names, Transcript};

/// What the model allows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allowed {
    /// Every way in which all may end.
    pub ends: Vec<Ends>,
    /// Whether the search was complete.
    pub complete: bool,
}

/// The era of a scenario that is nearest to today's kernels: its youngest one.
pub(crate) fn nearest_era(scenario: &Scenario) -> Option<Era> {
    let is_named = |era: &&Era| scenario.header.eras.iter().any(|name| name == era.name());
    ERAS.iter().rfind(is_named).copied()
}

/// What the default schedule shows.
///
/// # Errors
/// When the model cannot be brought to do the scenario.
pub(crate) fn transcript(configuration: &Configuration, era: Era) -> Result<Transcript, TextError> {
    let names = Names::of(&configuration.scenario);
    let mut world = configuration.world(era)?;
    let mut schedule = DefaultSchedule::default();
    let mut before = world.clone();
    let mut steps: Vec<(u32, Vec<String>)> = Vec::new();
    let mut next = world.next_line(0).map(|line| line.number);
    while let Some(taken) = schedule.advance(&mut world) {
        if let (Kind::Line(0), Some(number)) = (taken.action.kind, next) {
            // A line of several ioctls begins once.
            if steps.last().is_none_or(|(last, _)| *last != number) {
                steps.push((number, Vec::new()));
            }
        }
        next = world.next_line(0).map(|line| line.number);
        let shown = observations(&world, &before);
        if let Some((_, lines)) = steps.last_mut() {
            lines.extend(shown.iter().flat_map(|text| text.lines()).map(str::to_owned));
        }
        before.clone_from(&world);
    }
    for (number, lines) in &mut steps {
        *lines = names.canonical(*number, std::mem::take(lines));
    }
    Ok(Transcript { steps, left: leftovers(&world), ends: ends(&world.outcome()) })
}

/// Every way in which a scenario may end whose lines begin at rest, as the agent's do, as far as
/// `limits` let it be searched.
///
/// # Errors
/// When the model cannot be brought to do the scenario.
pub(crate) fn allowed(
    configuration: &Configuration,
    era: Era,
    limits: Limits,
) -> Result<Allowed, TextError> {
    let report = outcomes(configuration, era, Pace::Settled, limits, &mut |_| {
        dm_explore::Control::Continue
    })?;
    let ends = report.outcomes.iter().map(|row| ends(&row.outcome)).collect();
    Ok(Allowed { ends, complete: report.finish == Finish::Complete })
}

fn ends(outcome: &Outcome) -> Ends {
    let names: Vec<String> = outcome.ios.iter().map(|(name, _)| name.clone()).collect();
    Ends {
        calls: outcome.calls.iter().map(|(text, end)| (text.clone(), end.to_string())).collect(),
        ios: outcome.ios.iter().map(|(name, end)| (name.clone(), end.text(&names))).collect(),
        bug: outcome.bug.is_some(),
    }
}

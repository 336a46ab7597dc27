//! Schedules whose lines begin at rest: fewer than all, never others, and the default one is among
//! them.
mod common;

use std::collections::BTreeSet;
use std::fs;

use dm_explore::{Control, Finish, Limits};
use dm_model::era::Era;
use dm_properties::search::{OutcomesReport, Pace, outcomes};
use dm_sim::scenario::Mode;
use dm_sim::world::config::Configuration;
use dm_sim::world::outcome::Outcome;
use dm_sim::world::schedule::DefaultSchedule;

use common::{read, root};

/// Scenarios whose free search is larger are left out: these are enough.
const STATE_COUNT_MAX: u64 = 20_000;

fn searched(configuration: &Configuration, era: Era, pace: Pace) -> OutcomesReport {
    let limits = Limits { states: Some(STATE_COUNT_MAX), ..Limits::default() };
    outcomes(configuration, era, pace, limits, &mut |_| Control::Continue).expect("it runs")
}

fn set(report: &OutcomesReport) -> BTreeSet<Outcome> {
    report.outcomes.iter().map(|row| row.outcome.clone()).collect()
}

fn by_default(configuration: &Configuration, era: Era) -> Outcome {
    let mut world = configuration.world(era).expect("it runs");
    let mut schedule = DefaultSchedule::default();
    while schedule.advance(&mut world).is_some() {}
    world.outcome()
}

#[test]
fn at_rest_there_are_fewer_states_and_no_other_outcomes_and_the_default_one_is_among_them() {
    let entries = fs::read_dir(root().join("scenarios")).expect("there are scenarios");
    let (mut compared, mut narrower) = (0, 0);
    for entry in entries {
        let name = entry.expect("it can be read").file_name().to_string_lossy().into_owned();
        let text = read(&format!("scenarios/{name}"));
        let Ok(configuration) = Configuration::parse(&name, &text) else { continue };
        if !configuration.scenario.header.modes.contains(&Mode::Bio) {
            continue;
        }
        let era = configuration.era;
        let settled = searched(&configuration, era, Pace::Settled);
        if settled.finish != Finish::Complete {
            continue;
        }
        assert!(set(&settled).contains(&by_default(&configuration, era)), "{name}");
        let free = searched(&configuration, era, Pace::Free);
        if free.finish != Finish::Complete {
            continue;
        }
        assert!(set(&settled).is_subset(&set(&free)), "{name}");
        assert!(settled.states <= free.states, "{name}");
        compared += 1;
        narrower += usize::from(set(&settled).len() < set(&free).len());
    }
    assert!(compared >= 60, "{compared} were compared");
    assert!(narrower >= 10, "{narrower} have fewer outcomes at rest");
}

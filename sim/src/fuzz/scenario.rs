//! Scenarios and configurations: any text is refused at its place, or printed, compiled and run.
use dm_model::era::ERA_NAMES;

use super::{FILE, check_lint, check_place};
use crate::scenario::{Scenario, parse};
use crate::world::config::Configuration;
use crate::world::schedule::{DefaultSchedule, observations};

/// After how many steps of the default schedule a run is left.
const STEP_COUNT_MAX: usize = 400;

/// Reads a scenario, or a configuration, from any bytes.
///
/// # Panics
/// When something of the text's way is wrong: see the module.
pub fn scenario(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    check_lint(&text);
    match parse(FILE, &text, &ERA_NAMES) {
        Ok(scenario) => check_printed(&scenario),
        Err(error) => check_place(&text, error.line, error.column, &error.message),
    }
    match Configuration::parse(FILE, &text) {
        Ok(configuration) => check_configuration(&text, &configuration),
        Err(error) => check_place(&text, error.line, error.column, &error.message),
    }
}

/// What is printed reads as the same scenario, and is printed the same.
fn check_printed(scenario: &Scenario) {
    let printed = scenario.to_string();
    let again = parse(FILE, &printed, &ERA_NAMES).unwrap_or_else(|it| panic!("{it}\n{printed}"));
    assert_eq!(again.to_string(), printed);
    assert_eq!(again.without_positions(), scenario.clone().without_positions(), "{printed}");
    for line in &scenario.lines {
        let words = line.verb.to_string();
        assert!(!words.contains('\n'), "{words:?}");
    }
}

/// Its first state is built or refused at a place, for each era that it names, and runs.
fn check_configuration(text: &str, configuration: &Configuration) {
    check_printed(&configuration.scenario);
    match configuration.world(configuration.era) {
        Err(error) => check_place(text, error.line, error.column, &error.message),
        Ok(mut world) => {
            let mut schedule = DefaultSchedule::default();
            for _ in 0..STEP_COUNT_MAX {
                let before = world.clone();
                if schedule.advance(&mut world).is_none() {
                    break;
                }
                let _ = observations(&world, &before);
            }
        }
    }
}

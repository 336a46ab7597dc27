//! `no_flag_no_change`: the letter's own promise, that who does not use the flag sees no change.
use dm_explore::{Control, Finish, Limits, Progress};
use dm_model::era::Era;
use dm_sim::world::config::{Configuration, TextError};
use dm_sim::world::outcome::Outcome;

use crate::search::{OutcomeRow, Pace, outcomes};

/// The eras that the promise is about: the last one before the series, and the first with it.
pub const ERAS: (Era, Era) = (Era::Linux2_6_19, Era::Linux2_6_20);

/// The default configurations on which a comparison ends within seconds.
pub const QUICK: [&str; 5] = ["spanning", "mixed", "cycles", "implicit", "suspenders"];

/// What one era allows and the other does not.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// How many outcomes both allow.
    pub common: usize,
    /// What only the first allows, with a shortest way to it.
    pub only_first: Vec<OutcomeRow>,
    /// What only the second allows.
    pub only_second: Vec<OutcomeRow>,
    /// Whether both were searched to the end.
    pub complete: bool,
}

impl Comparison {
    /// Whether the eras allow the same, and everything was searched.
    pub fn is_equal(&self) -> bool {
        self.complete && self.only_first.is_empty() && self.only_second.is_empty()
    }
}

/// The configuration's text without the noflush flag on any line.
pub fn without_the_flag(text: &str) -> String {
    text.replace(" --noflush", "")
}

/// Compares what two eras allow on a configuration, over every schedule.
///
/// # Errors
/// When the configuration cannot be built.
pub fn compare(
    configuration: &Configuration,
    eras: (Era, Era),
    limits: Limits,
    observer: &mut dyn FnMut(&Progress) -> Control,
) -> Result<Comparison, TextError> {
    let first = outcomes(configuration, eras.0, Pace::Free, limits, observer)?;
    let second = outcomes(configuration, eras.1, Pace::Free, limits, observer)?;
    let has =
        |rows: &[OutcomeRow], outcome: &Outcome| rows.iter().any(|row| row.outcome == *outcome);
    let only = |rows: &[OutcomeRow], others: &[OutcomeRow]| -> Vec<OutcomeRow> {
        rows.iter().filter(|row| !has(others, &row.outcome)).cloned().collect()
    };
    Ok(Comparison {
        common: first.outcomes.iter().filter(|row| has(&second.outcomes, &row.outcome)).count(),
        only_first: only(&first.outcomes, &second.outcomes),
        only_second: only(&second.outcomes, &first.outcomes),
        complete: first.finish == Finish::Complete && second.finish == Finish::Complete,
    })
}

//! The threads of this machine: many runs of a round, each replayed on `Plain`, with a watchdog.
use std::time::Duration;

use crate::engine::{Arc, Threads, within};
use crate::failure::Failure;
use crate::grain::Grain;
use crate::replay::replay;
use crate::round::Round;
use crate::schedules::ScheduleReport;
use crate::shared::Shared;

/// Runs the round so many times; each run is replayed on `Plain` from its world. A run that takes
/// longer than the limit hangs.
pub fn explore(round: &Arc<Round>, grain: Grain, runs: usize, limit: Duration) -> ScheduleReport {
    let mut report = ScheduleReport::default();
    for number in 1..=runs {
        report.schedules = number;
        let shared = Arc::new(Shared::<Threads>::new(round, grain));
        let record = Arc::clone(&shared.record);
        let inside = Arc::clone(&shared);
        let failure = match within(limit, move || Round::run(&inside)) {
            None => {
                let text = format!("a run did not end within {} s", limit.as_secs());
                Some(Failure::stopped(&text, Some(&record)))
            }
            Some(Err(_)) => Some(Failure::stopped("a thread panicked", Some(&record))),
            Some(Ok(())) => {
                let replayed = replay(round, &record.threads(), &shared.collect());
                report.count(&replayed);
                (!replayed.holds()).then(|| Failure::no_replay(&replayed, &record))
            }
        };
        if let Some(failure) = failure {
            report.failure = Some((number, failure));
            break;
        }
    }
    report
}

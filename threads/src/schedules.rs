//! shuttle: many schedules of a round by lot, each replayed on `Plain`.
use crate::engine::{Arc, Ghost, Scheduler, Shuttle, check_shuttle, quietly};
use crate::failure::Failure;
use crate::grain::Grain;
use crate::record::Record;
use crate::replay::{Replayed, replay};
use crate::round::Round;
use crate::shared::Shared;

/// What shuttle has found.
#[derive(Clone, Debug, Default)]
pub struct ScheduleReport {
    /// How many schedules were tried.
    pub schedules: usize,
    /// How many steps they had.
    pub steps: usize,
    /// How many steps the replays tried.
    pub tries: usize,
    /// The longest schedule, in steps.
    pub longest: usize,
    /// The first that must not be, and the number of its schedule, from 1.
    pub failure: Option<(usize, Failure)>,
}

impl ScheduleReport {
    pub(crate) fn count(&mut self, replayed: &Replayed) {
        self.steps += replayed.steps;
        self.tries += replayed.tries;
        self.longest = self.longest.max(replayed.steps);
    }
}

#[derive(Default)]
struct Tally {
    report: ScheduleReport,
    record: Option<Arc<Record>>,
}

/// Tries the first `iterations` schedules of the seed; each is replayed on `Plain` from the round's
/// world.
pub fn explore(
    round: &Arc<Round>,
    grain: Grain,
    scheduler: Scheduler,
    seed: u64,
    iterations: usize,
) -> ScheduleReport {
    let tally: Arc<Ghost<Tally>> = Arc::default();
    let (inside, round) = (Arc::clone(&tally), Arc::clone(round));
    let body = move || {
        let shared = Arc::new(Shared::<Shuttle>::new(&round, grain));
        let record = Arc::clone(&shared.record);
        if inside.with(|tally| tally.report.failure.is_some()) {
            return;
        }
        inside.with(|tally| {
            tally.report.schedules += 1;
            tally.record = Some(Arc::clone(&record));
        });
        Round::run(&shared);
        let replayed = replay(&round, &record.threads(), &shared.collect());
        inside.with(|tally| tally.report.count(&replayed));
        if !replayed.holds() {
            let failure = Failure::no_replay(&replayed, &record);
            let number = inside.with(|tally| tally.report.schedules);
            inside.with(|tally| tally.report.failure = Some((number, failure)));
        }
    };
    let result = quietly(|| check_shuttle(scheduler, seed, iterations, body));
    tally.with(|tally| {
        let mut report = std::mem::take(&mut tally.report);
        if let (Err(text), None) = (&result, &report.failure) {
            let failure = Failure::stopped(text, tally.record.as_deref());
            report.failure = Some((report.schedules, failure));
        }
        report
    })
}

//! Mutants under the simulator: the first seed at which a claim breaks that holds there without.
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dm_model::mutant::Mutant;
use dm_sim::simulate::{Break, Features, Options, Sign, run};

use super::finding_of;

/// How the simulator found a mutant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The seed.
    pub seed: u64,
    /// How many seeds it took.
    pub seeds: u64,
    /// What broke.
    pub found: Break,
}

/// What an assertion of the model says too: the kernel's state makes no sense any more.
const ASSERTION: &str = "objects_are_alive_where_they_are_used";

/// Runs seeds with the mutant until a claim breaks that no finding explains and that the same seed
/// keeps without it.
pub fn first_kill(seeds: Range<u64>, options: Options) -> Option<Found> {
    let first = seeds.start;
    seeds.into_iter().find_map(|seed| {
        let breaks = breaks_of(seed, options);
        let features = Features::of(seed, options);
        let news = |found: &&Break| finding_of(found, options.era, &features).is_none();
        if !breaks.iter().any(|found| news(&found)) {
            return None;
        }
        let without = breaks_of(seed, Options { mutant: Mutant::None, ..options });
        let holds = |found: &&Break| without.iter().all(|it| it.claim != found.claim);
        let found = breaks.iter().filter(news).find(holds)?.clone();
        Some(Found { seed, seeds: seed - first + 1, found })
    })
}

/// The claims that a seed breaks; where the model itself cannot go on, that.
fn breaks_of(seed: u64, options: Options) -> Vec<Break> {
    match catch_unwind(AssertUnwindSafe(|| run(seed, options))) {
        Ok(outcome) => outcome.breaks,
        Err(_) => vec![Break {
            claim: ASSERTION,
            sign: Sign::None,
            text: "an assertion of the model failed".to_owned(),
            time: 0,
        }],
    }
}

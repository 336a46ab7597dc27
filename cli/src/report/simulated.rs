//! The sections of REPORT.md that the seeded simulator runs.
use std::fmt::Write as _;
use std::thread;

use dm_model::era::Era;
use dm_model::mutant::Mutant;
use dm_properties::simulated::{Reach, SEED_COUNT, Seeds, first_kill, reach_of, sweep, title_of};
use dm_sim::simulate::Options;

use crate::output::grouped;

/// The seeds of the table: few enough for a quick section.
const SEEDS: u64 = 2_000;

/// What the simulator makes of a mutant, and whether it is found.
pub(super) fn reached(mutant: Mutant) -> (String, bool) {
    let options = Options { mutant, ..Options::default() };
    if let Some(it) = first_kill(0..SEED_COUNT, options) {
        return (format!("seed {}: {}", grouped(it.seed), it.found.claim), true);
    }
    match reach_of(mutant) {
        Some(Reach::OutOfReach(why)) => (format!("out of reach: {why}"), false),
        Some(Reach::Found { .. }) | None => ("NOT FOUND".to_owned(), false),
    }
}

/// What seeds come to, era by era.
pub(super) fn simulated() -> String {
    let mut text = String::from(
        "| era | seeds | steps | I/Os | errors with a reason | what breaks |\n\
         |---|---|---|---|---|---|\n",
    );
    let jobs = thread::available_parallelism().map_or(1, usize::from);
    for era in [Era::Linux2_6_19, Era::Linux2_6_20, Era::Hardened] {
        let options = Options { era, ..Options::default() };
        let swept = sweep(&Seeds::all(0..SEEDS), options, jobs, &|_| {});
        let breaks: Vec<String> = swept
            .groups
            .iter()
            .map(|group| {
                let what = match group.finding {
                    Some(id) => format!("{id} ({})", title_of(id)),
                    None => format!("`{}`, NO FINDING", group.found.claim),
                };
                format!("{what}: {} seeds, from {}", grouped(group.count), grouped(group.seed))
            })
            .collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            era.name(),
            grouped(swept.seeds),
            grouped(swept.steps),
            grouped(swept.ios),
            grouped(swept.errors),
            breaks.join("; ")
        );
    }
    text
}

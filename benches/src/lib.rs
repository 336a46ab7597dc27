//! What the benchmarks of the engines have in common: the work that each of them measures.
pub mod growth;
pub mod reference;

use dm_threads::ends::Ends;
use dm_threads::engine::{Arc, Scheduler};
use dm_threads::grain::Grain;
use dm_threads::round::Round;
use dm_threads::window::Window;
use dm_threads::windows::find;
use dm_threads::workload::{self, WORKLOADS};
use dm_threads::{schedules, stress, weak};

/// A window of the project with its ends on `Plain`.
pub struct Prepared {
    text: &'static str,
    window: Window,
    ends: Ends,
}

/// The window of this name.
///
/// # Panics
/// When there is none.
pub fn window(name: &str) -> Prepared {
    let named = find(name).expect("it is a window of the project");
    let window = named.window().expect("it is right");
    Prepared { text: named.text, ends: Ends::of(&window), window }
}

/// Searches the window's interleavings on `Plain`; the number of states.
pub fn search(prepared: &Prepared) -> u64 {
    Ends::of(&prepared.window).states
}

/// Runs loom over the window with at most so many preemptions; the number of executions.
///
/// # Panics
/// When loom finds something.
pub fn loom(prepared: &Prepared, preemptions: Option<usize>) -> u64 {
    let bounds = weak::Bounds { preemptions, executions: u64::MAX };
    let report =
        weak::explore(&prepared.window, prepared.text, &prepared.ends, Grain::None, bounds);
    let report = report.expect("the window is right");
    assert!(report.failure.is_none(), "nothing is found");
    report.executions
}

/// The round of the workload of this name.
///
/// # Panics
/// When there is none.
pub fn round(name: &str) -> Arc<Round> {
    let known = WORKLOADS.iter().find(|known| known.name == name).expect("it is a workload");
    let round = workload::round(known.name, known.text, dm_model::mutant::Mutant::None);
    Arc::new(round.expect("it is right"))
}

/// Runs so many schedules of the round under shuttle and replays each; the number of steps.
pub fn shuttle(round: &Arc<Round>, scheduler: Scheduler, count: usize) -> usize {
    schedules::explore(round, Grain::None, scheduler, 1, count).steps
}

/// Runs the round so many times on threads of this machine and replays each; the number of steps.
pub fn threads(round: &Arc<Round>, count: usize) -> usize {
    let limit = std::time::Duration::from_secs(60);
    stress::explore(round, Grain::None, count, limit).steps
}

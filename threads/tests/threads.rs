//! The threads of this machine: workloads with real parallelism, each run replayed on the model.
use std::time::Duration;

use dm_model::mutant::Mutant;
use dm_threads::engine::Arc;
use dm_threads::grain::Grain;
use dm_threads::round::Round;
use dm_threads::stress::explore;
use dm_threads::workload::{WORKLOADS, round};

/// No run takes nearly as long, on however slow a machine.
const LIMIT: Duration = Duration::from_secs(60);

fn workload(name: &str) -> Round {
    let known = WORKLOADS.iter().find(|known| known.name == name).expect("it is there");
    round(known.name, known.text, Mutant::None).expect("it is right")
}

#[test]
fn every_run_is_an_interleaving_of_plain() {
    for known in WORKLOADS {
        let round = Arc::new(workload(known.name));
        let report = explore(&round, Grain::None, 500, LIMIT);
        if let Some((number, failure)) = &report.failure {
            panic!("{}, run {number}:\n{}", known.name, failure.text(&round.world));
        }
        assert_eq!(report.schedules, 500);
        assert!(report.steps > 500 * 80, "{} steps", report.steps);
    }
}

/// Such a step is one section on the model, and two here: what comes between them replays nowhere.
#[test]
fn a_process_whose_step_merges_two_sections_is_caught_by_the_replays() {
    for (name, label) in [("storm", "Q2d"), ("spanning", "Q2d")] {
        let mut round = workload(name);
        round.merged = Some(label.to_owned());
        let round = Arc::new(round);
        let report = explore(&round, Grain::None, 20_000, LIMIT);
        let (_, failure) = report.failure.expect("it is caught");
        assert!(failure.what.starts_with("the run is no interleaving"), "{}", failure.what);
    }
}

#[test]
fn a_run_that_hangs_is_told_with_where_each_thread_stands() {
    let text = "# the path answers nothing\n\
                era: 2.6.20\nmode: bio\nopen: held\n\n\
                disk sda 16\nhold sda\ncreate mp\n  0 16 linear 8:0 0\n\
                ||\nio a mp r 0 8\nsuspend mp\n";
    let round = Arc::new(round("hang", text, Mutant::None).expect("it is right"));
    let report = explore(&round, Grain::None, 1, Duration::from_secs(2));
    let (_, failure) = report.failure.expect("it hangs");
    assert_eq!(failure.what, "a run did not end within 2 s");
    let last = failure.text(&round.world);
    let last = last.lines().last().expect("there are steps");
    assert_eq!(last, "step suspend@12              # S8d (does not return)");
}

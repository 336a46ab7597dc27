//! Which seeded bugs of the rules loom and shuttle find: two columns of the kill matrix.
//!
//! loom runs a window of a kernel with the bug and compares with the ends of the same window
//! without it, so that a bug shows as another end, a deadlock, or a data race; shuttle replays
//! each schedule and judges the claims.
use dm_model::mutant::Mutant;
use dm_sim::world::config::TextError;

use crate::ends::Ends;
use crate::engine::{Arc, Scheduler};
use crate::grain::Grain;
use crate::schedules;
use crate::weak::{self, Bounds};
use crate::window::Window;
use crate::windows::{Named, WINDOWS};
use crate::workload::{self, WORKLOADS};

/// Where an engine has found a seeded bug.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The window or the workload.
    pub place: &'static str,
    /// The execution or the schedule, counted from 1.
    pub number: u64,
    /// What kind of failure it is.
    pub kind: String,
}

/// The windows, with their ends in the kernel without a bug.
pub struct Windows(Vec<(Named, Window, Ends)>);

impl Windows {
    /// Every window that comes with the program.
    ///
    /// # Errors
    /// When a window cannot be built.
    pub fn all() -> Result<Self, TextError> {
        let with_ends = |named: &Named| {
            let window = named.window()?;
            let ends = Ends::of(&window);
            Ok((*named, window, ends))
        };
        WINDOWS.iter().map(with_ends).collect::<Result<_, _>>().map(Self)
    }

    /// The first window in which loom finds the bug within `executions` of each.
    ///
    /// A window that a kernel with the bug cannot be brought to is passed over.
    pub fn find(&self, mutant: Mutant, executions: u64) -> Option<Found> {
        self.0.iter().find_map(|(named, window, ends)| {
            let bounds = Bounds { preemptions: named.bound, executions };
            let grain = Grain::Rule(mutant);
            let report = weak::explore(window, named.text, ends, grain, bounds).ok()?;
            let kind = report.failure?.kind();
            Some(Found { place: named.name, number: report.executions, kind })
        })
    }
}

/// The first workload in which shuttle finds the bug within so many schedules of each.
///
/// # Errors
/// When a workload cannot be built.
pub fn by_shuttle(mutant: Mutant, schedules: usize) -> Result<Option<Found>, TextError> {
    for known in WORKLOADS {
        let round = Arc::new(workload::round(known.name, known.text, mutant)?);
        let grain = Grain::Rule(mutant);
        let report = schedules::explore(&round, grain, Scheduler::Random, 1, schedules);
        if let Some((number, failure)) = report.failure {
            let kind = failure.kind();
            return Ok(Some(Found { place: known.name, number: number as u64, kind }));
        }
    }
    Ok(None)
}

//! How a large search is done: threads, checkpoints, reductions, and why it cannot be.
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use dm_explore::{
    CheckpointError, Checkpoints, Control, First, Progress, Reduce, Report, Search, System,
};
use dm_sim::world::config::TextError;

use crate::search::Options;

/// How a large search is to be done.
#[derive(Clone, Debug, Default)]
pub struct Engine<'a> {
    /// Which states are expanded first.
    pub first: First,
    /// How many threads search.
    pub threads: usize,
    /// Whether only 64 bits of each state are kept.
    pub compact: bool,
    /// Which reductions are made.
    pub reduce: Reduce,
    /// Set from outside to end the search.
    pub interrupt: Option<&'a AtomicBool>,
    /// Where the search is kept, and how often.
    pub checkpoints: Option<Checkpoints>,
    /// The file to go on with.
    pub resume: Option<PathBuf>,
}

/// Why nothing can be searched.
#[derive(Debug)]
pub enum CheckError {
    /// The configuration cannot be built.
    Text(TextError),
    /// The file cannot be gone on with.
    Checkpoint(CheckpointError),
}

impl From<TextError> for CheckError {
    fn from(error: TextError) -> Self {
        Self::Text(error)
    }
}

/// Searches the system as the engine says.
pub(crate) fn engage<S: System>(
    system: &S,
    options: Options,
    engine: Engine<'_>,
    observer: &mut dyn FnMut(&Progress) -> Control,
) -> Result<Report<S>, CheckError> {
    let Engine { first, threads, compact, reduce, interrupt, checkpoints, resume } = engine;
    let mut search = Search::new(system).order(options.order).limits(options.limits);
    search = search.first(first).threads(threads).observer(observer);
    search = if compact { search.compact() } else { search };
    if let Some(interrupt) = interrupt {
        search = search.interrupt(interrupt);
    }
    if let Some(mut checkpoints) = checkpoints {
        checkpoints.identity.push_str(reduced_by(reduce));
        search = search.checkpoints(checkpoints);
    }
    if let Some(path) = resume {
        search = search.continue_from(path);
    }
    search.try_run().map_err(CheckError::Checkpoint)
}

/// What a checkpoint says of the reductions.
fn reduced_by(reduce: Reduce) -> &'static str {
    match (reduce.symmetry, reduce.local) {
        (false, false) => "",
        (true, false) => ", reduced by symmetry",
        (false, true) => ", local steps merged",
        (true, true) => ", reduced by symmetry, local steps merged",
    }
}

//! loom: every execution of a window that C11's memory model allows, judged by its end.
//!
//! An end must be one that the same window has on `Plain`. Not every execution is an interleaving:
//! a relaxed read may be stale, and does no harm where the end is the same.
use std::collections::{BTreeSet, HashSet};

use dm_sim::world::World;
use dm_sim::world::config::TextError;

use crate::ends::{Ends, canonical};
use crate::engine::{Arc, Ghost, Loom, check_loom, quietly};
use crate::failure::Failure;
use crate::grain::Grain;
use crate::orderings::Site;
use crate::record::Record;
use crate::round::Round;
use crate::shared::Shared;
use crate::window::Window;

/// How far loom goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// At most this many preemptions; none is no bound.
    pub preemptions: Option<usize>,
    /// It gives up after this many executions.
    pub executions: u64,
}

/// What loom has found in a window.
#[derive(Clone, Debug)]
pub struct WeakReport {
    /// How many executions it tried.
    pub executions: u64,
    /// Those of them in which a read missed a write.
    pub stale: u64,
    /// How the words of the kernel were accessed.
    pub sites: BTreeSet<Site>,
    /// How many of the ends of `Plain` it has reached.
    pub ends: usize,
    /// Whether it has tried every execution within its bound on preemptions.
    pub is_complete: bool,
    /// The first that must not be.
    pub failure: Option<Failure>,
}

/// What is counted outside of loom, which prints nothing.
#[derive(Default)]
struct Tally {
    executions: u64,
    stale: u64,
    sites: BTreeSet<Site>,
    reached: HashSet<World, rustc_hash::FxBuildHasher>,
    failure: Option<Failure>,
    gave_up: bool,
    record: Option<Arc<Record>>,
}

/// Tries every execution of the window's threads within the bounds, against its ends on `Plain`.
///
/// # Errors
/// When the window cannot be built with the bug in its rules.
pub fn explore(
    window: &Window,
    text: &str,
    ends: &Ends,
    grain: Grain,
    bounds: Bounds,
) -> Result<WeakReport, TextError> {
    let round = Arc::new(round_of(window, text, grain)?);
    let history = window.history;
    let expected: HashSet<World, rustc_hash::FxBuildHasher> = ends.worlds.keys().cloned().collect();
    let tally: Arc<Ghost<Tally>> = Arc::default();
    let inside = Arc::clone(&tally);
    let body = move || {
        #[expect(clippy::arc_with_non_send_sync, reason = "loom's threads are one thread's")]
        let shared = Arc::new(Shared::<Loom>::new(&round, grain));
        let record = Arc::clone(&shared.record);
        inside.with(|tally| {
            tally.executions += 1;
            tally.gave_up = tally.executions > bounds.executions;
            tally.record = Some(Arc::clone(&record));
        });
        assert!(!inside.with(|tally| tally.gave_up), "given up");
        Round::run(&shared);
        let world = canonical(shared.collect());
        let stale = u64::from(!record.stale().is_empty());
        inside.with(|tally| {
            tally.stale += stale;
            tally.sites.extend(record.sites());
        });
        if expected.contains(&world) {
            inside.with(|tally| tally.reached.insert(world));
            return;
        }
        let what = "it ends where no interleaving on Plain does".to_owned();
        let failure = Failure::other_end(what, world, history, &record);
        inside.with(|tally| tally.failure = Some(failure));
        panic!("another end");
    };
    let result = quietly(|| check_loom(bounds.preemptions, body));
    Ok(tally.with(|tally| {
        let stopped = result.err().filter(|_| !tally.gave_up);
        let record = tally.record.as_deref();
        let failure = tally.failure.take();
        let failure =
            failure.or_else(|| stopped.as_deref().map(|text| Failure::stopped(text, record)));
        WeakReport {
            executions: tally.executions,
            stale: tally.stale,
            sites: std::mem::take(&mut tally.sites),
            ends: tally.reached.len(),
            is_complete: failure.is_none() && !tally.gave_up,
            failure,
        }
    }))
}

/// The round of the window; of a kernel with a broken rule, if that is the bug.
pub(crate) fn round_of(window: &Window, text: &str, grain: Grain) -> Result<Round, TextError> {
    match grain {
        Grain::Rule(mutant) => Ok(Window::parse_with(&window.name, text, mutant)?.round),
        Grain::None
        | Grain::LeftOut(_)
        | Grain::SharedForWriter(_)
        | Grain::CutAfterTest(_)
        | Grain::CutAfterClear(_)
        | Grain::Split(_)
        | Grain::Ordering(..)
        | Grain::WaitqueueActive => Ok(window.round.clone()),
    }
}

//! Which broken claims of a drawn world a reviewed finding explains, as narrowly as can be said.
//!
//! `pins` reviews configurations by name; a drawn world has none, so what counts is where the claim
//! broke: the era, the label, and what the world has in it.
use dm_model::era::Era;
use dm_model::frame::{Frame, Process};
use dm_model::memory::Fault;
use dm_sim::drivers::{Sim, Target};
use dm_sim::table::Kind as TargetKind;
use dm_sim::world::World;
use dm_sim::world::plan::{Action, Kind, Op};

use crate::system::Broken;

/// What a verdict that is made up may break: it fails I/O of itself, means nothing, or leaves the
/// clone to nobody.
const MADE_UP: [&str; 5] = [
    "no_bogus_error",
    "requeue_supersedes_errors",
    "completed_writes_are_on_the_disk",
    "the_kernel_does_not_stop",
    "nothing_is_stranded",
];

/// What of a world decides whether a finding explains a broken claim.
#[derive(Clone, Copy, Debug)]
pub(super) struct Review {
    era: Era,
    /// A suspend may be sent a signal.
    is_interrupted: bool,
    /// A line makes a target answer what it would not.
    is_made_up: bool,
    removes: bool,
    /// A group has to be initialised by a hardware handler.
    has_handler: bool,
}

/// In `dm_pg_init_complete`.
const PG_INIT: [&str; 7] = ["I10", "I11", "I12", "I13", "I14", "I15", "I16"];

impl Review {
    /// Of the world as it begins.
    pub(super) fn of(world: &World) -> Self {
        let has = |wanted: fn(&Op) -> bool| world.plan().lines().any(|line| wanted(&line.op));
        Self {
            era: world.plan().setup.era,
            is_interrupted: world.budget.signals > 0 || has(|op| matches!(op, Op::Signal(_))),
            is_made_up: has(|op| matches!(op, Op::Arm(_, Fault::Map | Fault::EndIo))),
            removes: has(|op| matches!(op, Op::Remove(_))),
            has_handler: world
                .plan()
                .setup
                .drivers
                .kinds
                .iter()
                .any(|kind| matches!(kind, TargetKind::Multipath(spec) if spec.handler.is_some())),
        }
    }

    /// Whether a finding explains it. `before` is the world before the action, or an end.
    pub(super) fn explains(&self, broken: &Broken, before: &World, action: Option<Action>) -> bool {
        let label = action.and_then(|action| label(before, action)).unwrap_or_default();
        let is_at = |labels: &[&str]| labels.contains(&label.as_str());
        let begins = action.is_some_and(|it| matches!(it.kind, Kind::Begin(..)));
        if self.is_made_up && MADE_UP.contains(&broken.claim.name) {
            return true;
        }
        match broken.claim.name {
            // The problem that the series solves; finding 6, which `hardened` mends.
            "no_bogus_error" => {
                let is_mended = self.era == Era::Hardened;
                self.era < Era::Series7 || self.is_interrupted && !is_mended || fails(before)
            }
            // Finding 1: two clones of one bio end at once.
            "requeue_supersedes_errors" => self.era >= Era::Series6,
            // Finding 2: the tails of dec_pending and clone_endio.
            "pools_outlive_their_io" => self.removes && is_at(&["P7", "E3"]),
            // Finding 3: multipath_end_io looks at the path's selector. Finding 9: a pg_init ends
            // on a target that is gone, and starts its work.
            "tables_outlive_their_users" => {
                let is_late =
                    is_at(&PG_INIT) || self.has_handler && (begins || is_at(&["K1", "TE1"]));
                (is_at(&["J6"]) || is_late) && broken.text.starts_with("target ")
            }
            // Finding 5: a pg_init without a path. A table that became smaller while a bio was
            // deferred (derivation.md, 16; reload-smaller-beyond-the-end).
            "the_kernel_does_not_stop" => {
                let text = &broken.text;
                text.ends_with("pg_init without a path") || text.ends_with("target of its table")
            }
            // Finding 4: queue_io is 1, and no pg_init will clear it. Finding 8: the swap waits for
            // i_mutex, and its holder for the resume.
            "nothing_is_stranded" => waits_for_no_pg_init(before) || waits_at_size(before),
            // Finding 7: a swap that fails puts the device first and its table then.
            "devices_outlive_their_users" => self.removes && is_at(&["T4"]),
            _ => false,
        }
    }
}

fn label(world: &World, action: Action) -> Option<String> {
    match action.kind {
        Kind::Step(context) => world.processes.get(context).map(Process::label),
        Kind::Begin(..) | Kind::Disk { .. } | Kind::Line(_) | Kind::Path(..) | Kind::Signal(_) => {
            None
        }
    }
}

/// Whether a suspend is under way that may return an error, a fault being armed: the claim is about
/// those that succeed, and the history learns of one that does not when it returns.
fn fails(world: &World) -> bool {
    let mut lines = world.plan().lines();
    let is_armed = lines.any(|line| matches!(line.op, Op::Arm(_, Fault::Bdget | Fault::LockFs)));
    let mut processes = world.processes.iter();
    let is_suspend = |frame: &Frame<Sim>| matches!(frame, Frame::Suspend(_));
    is_armed && processes.any(|(_, process)| process.frames().iter().any(is_suspend))
}

/// Whether I/O waits in a target for a `pg_init` that is not under way: no path was chosen yet, or
/// the last `pg_init` failed.
fn waits_for_no_pg_init(world: &World) -> bool {
    world.memory.targets.iter().any(|target| match target {
        Target::Multipath { state, .. } => {
            let could_go_on = state.nr_valid_paths > 0 || !state.queue_if_no_path;
            let is_idle = state.queue_io && !state.pg_init_in_progress;
            is_idle && could_go_on && !state.queued.is_empty()
        }
        Target::Stateless | Target::Delay(_) => false,
    })
}

/// Whether a swap waits for the mutex of the inode, which a fsync has.
fn waits_at_size(world: &World) -> bool {
    world.processes.iter().any(|(_, process)| process.label() == "W4")
}

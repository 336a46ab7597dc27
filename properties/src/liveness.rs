//! What must come about: the liveness claims L1..L7 of CLAIMS.md section E.2, as data.
//!
//! A claim is an obligation that is open in some states and may not stay open for ever in a fair
//! run. Fair is who lets every context, every pending work item and every clone at a disk that
//! could go on at every moment go on. Nobody has to begin a line, to break or to mend a path, or
//! to send a signal: what waits for the user is owed by nobody, and each claim leaves it out.
use dm_model::ids::{CloneId, DiskId, TargetId};
use dm_sim::world::World;
use dm_sim::world::plan::{Action, Context, Kind};

use crate::owed;
use crate::system::State;

/// Who has to act.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Class {
    /// A context that is under way.
    Context(Context),
    /// A pending work item, or an armed timer.
    Begin(TargetId, u8),
    /// A disk, with the answer for this clone.
    Disk(DiskId, CloneId),
}

/// Who has to take the action; `None` where nobody has to.
pub fn class(world: &World, action: Action) -> Option<Class> {
    match action.kind {
        Kind::Step(context) => Some(Class::Context(context)),
        Kind::Begin(target, work) => Some(Class::Begin(target, work)),
        Kind::Disk { disk, slot, fail: false } => {
            let clone = world.disk(disk).queue.iter().nth(usize::from(slot));
            Some(Class::Disk(disk, clone.expect("a disk answers what it was sent")))
        }
        Kind::Disk { fail: true, .. } | Kind::Line(_) | Kind::Path(..) | Kind::Signal(_) => None,
    }
}

/// How many obligations of a claim are told apart: tasks, bios, devices or targets, by number. Of
/// more than these, two are one, which is open as long as either.
pub const INSTANCE_COUNT: usize = 8;

/// Something that must come about.
#[derive(Clone, Copy, Debug)]
pub struct Eventually {
    /// A positive sentence in snake case.
    pub name: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// What it says: when it is owed, and what.
    pub text: &'static str,
    /// Whether a state in which nobody can act breaks it; else only a run that never rests does.
    pub at_rest: bool,
    /// The obligations that are open, a bit an instance.
    pub(crate) open: fn(&World) -> u8,
}

impl Eventually {
    /// The obligations that are open in a state, a bit each.
    pub fn open(&self, state: &State) -> u8 {
        if state.world.bug.is_some() { 0 } else { (self.open)(&state.world) }
    }
}

/// Every liveness claim.
pub const EVENTUALLY: &[Eventually] = &[
    Eventually {
        name: "a_suspend_that_began_returns",
        source: "CLAIMS.md L1",
        text: "a dm_suspend that has suspend_lock returns, unless all that is pending waits for \
               the user: at a disk that is held, in a suspended device below, in a target without \
               a path that is to queue (as when somebody lets it queue again meanwhile)",
        at_rest: true,
        open: owed::suspends,
    },
    Eventually {
        name: "a_running_device_completes_its_io",
        source: "CLAIMS.md L2",
        text: "on a device that is not blocked, over a table all of whose targets have a usable \
               path, every bio that was submitted completes, deferred ones after a resume too, \
               unless a part of it waits at another disk, which is held",
        at_rest: true,
        open: owed::bios_with_a_path,
    },
    Eventually {
        name: "io_without_a_path_fails_if_it_is_to",
        source: "CLAIMS.md L3",
        text: "on a device that is not blocked, over a table none of whose targets has a path, \
               with the policy to fail (not set aside), every bio that was submitted completes, \
               unless a part of it waits at a disk that is held",
        at_rest: true,
        open: owed::bios_without_a_path,
    },
    Eventually {
        name: "a_target_with_a_path_dispatches_its_queue",
        source: "CLAIMS.md L4",
        text: "a multipath target that has a valid path, be it the first that was reinstated, \
               does not keep clones in its queue",
        at_rest: true,
        open: owed::queues_with_a_path,
    },
    Eventually {
        name: "every_run_comes_to_rest",
        source: "CLAIMS.md L5",
        text: "no fair run goes on for ever: nothing is tried again without end",
        at_rest: false,
        open: |_| 1,
    },
    Eventually {
        name: "an_interrupted_suspend_returns",
        source: "CLAIMS.md L6",
        text: "a dm_suspend that has suspend_lock and whose task has a signal returns, whatever \
               is pending",
        at_rest: true,
        open: owed::interrupted_suspends,
    },
    Eventually {
        name: "an_unsuspended_device_holds_nothing_back",
        source: "CLAIMS.md L6",
        text: "while a device is not suspended and nobody has suspend_lock, as after a suspend \
               that was interrupted, BLOCK_IO does not stay set, and deferred and pushback not full",
        at_rest: true,
        open: owed::devices_that_hold_back,
    },
    Eventually {
        name: "a_suspender_does_not_sleep_with_nothing_pending",
        source: "CLAIMS.md L7",
        text: "a suspender at io_schedule while pending is 0 wakes up",
        at_rest: true,
        open: owed::sleepers,
    },
];

/// The obligations that are open in a state, a byte a claim.
pub(crate) fn open(state: &State) -> u64 {
    let bits = EVENTUALLY.iter().enumerate();
    bits.fold(0, |all, (index, claim)| {
        all | u64::from(claim.open(state)) << (index * INSTANCE_COUNT)
    })
}

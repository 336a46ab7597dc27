//! What must hold: the safety claims S1..S12 of CLAIMS.md section E that concern this era, as data.
//!
//! A claim that the shipped kernel breaks is not weakened: `pins` lists where it does, and why.
use dm_model::effect::{Effect, Object};
use dm_model::errno::Code;
use dm_model::flags::Flag;
use dm_model::ids::BioId;
use dm_model::memory::BioPlace;
use dm_sim::world::World;
use dm_sim::world::plan::Action;

use crate::history::History;
use crate::{judges, stranded};

/// One action: what it was, what it did, and what was remembered before it and is after it.
#[derive(Clone, Copy, Debug)]
pub struct Transition<'a> {
    /// The action.
    pub action: Action,
    /// What was remembered before.
    pub before: &'a History,
    /// What the action did.
    pub effects: &'a [Effect],
    /// The world after it.
    pub after: &'a World,
    /// What is remembered now.
    pub history: &'a History,
}

/// How a claim is meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// It holds in every transition.
    Always,
    /// It holds in every state in which nothing can happen any more.
    AtEnds,
}

/// How a claim judges: `Err` says what was found where something else was expected.
type Judge = fn(&Transition<'_>) -> Result<(), String>;

/// Something that must hold.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// A positive sentence in snake case.
    pub name: &'static str,
    /// How it is meant.
    pub kind: Kind,
    /// Where it comes from.
    pub source: &'static str,
    /// What it says.
    pub text: &'static str,
    judge: Judge,
    /// Whether the transition is one in which the claim says anything.
    premise: fn(&Transition<'_>) -> bool,
}

impl Claim {
    /// `Err` with what was found when the transition breaks the claim.
    ///
    /// # Errors
    /// What was expected and found, in one line.
    pub fn holds(&self, transition: &Transition<'_>) -> Result<(), String> {
        (self.judge)(transition)
    }

    /// Whether the transition is one in which the claim says anything.
    pub fn premise_occurs(&self, transition: &Transition<'_>) -> bool {
        (self.premise)(transition)
    }
}

/// Every claim.
pub const CLAIMS: &[Claim] = &[
    Claim {
        name: "every_io_completes_at_most_once",
        kind: Kind::Always,
        source: "CLAIMS.md S1",
        text: "a bio completes once at most, and never while it stands in a list",
        judge: judges::exactly_once,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::Completed(..))),
    },
    Claim {
        name: "every_io_is_in_one_place",
        kind: Kind::Always,
        source: "CLAIMS.md S2",
        text: "an accepted bio that has not completed is counted, deferred, pushed back or in hands",
        judge: judges::conservation,
        premise: |it| it.after.memory.bios.iter().any(|bio| bio.place == BioPlace::Pushback),
    },
    Claim {
        name: "pushback_is_empty_without_the_flag",
        kind: Kind::Always,
        source: "CLAIMS.md S3",
        text: "without NOFLUSH the pushback list is empty; with it a suspender holds suspend_lock",
        judge: judges::pushback_needs_the_flag,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::PushedBack(..))),
    },
    Claim {
        name: "a_suspended_device_is_quiet",
        kind: Kind::Always,
        source: "CLAIMS.md S4",
        text: "from S14 to R3 nothing is pending, and no bio reaches a target or a disk",
        judge: judges::quiescence,
        premise: |it| judges::any_md(it, judges::is_quiet),
    },
    Claim {
        name: "blocked_io_does_not_start",
        kind: Kind::Always,
        source: "CLAIMS.md S5",
        text: "while BLOCK_IO is set, pending does not rise",
        judge: judges::block_io_is_a_barrier,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::Deferred(..))),
    },
    Claim {
        name: "no_bogus_error",
        kind: Kind::Always,
        source: "CLAIMS.md S6, the cover letter of 2006",
        text: "with policy queue, path errors only, noflush suspends that succeed and valid tables, \
               no I/O but a read-ahead completes with an error",
        judge: judges::no_bogus_error,
        premise: |it| {
            let completed = |effect: &Effect| matches!(effect, Effect::Completed(..));
            it.history.nothing_is_waived() && it.effects.iter().any(completed)
        },
    },
    Claim {
        name: "parked_io_is_reissued_before_it_completes",
        kind: Kind::Always,
        source: "CLAIMS.md S6', mail 07/11",
        text: "a bio that S10 found parked does not complete before it is issued again",
        judge: judges::parked_is_reissued,
        premise: |it| it.history.anything_is_merged(),
    },
    Claim {
        name: "requeue_supersedes_errors",
        kind: Kind::Always,
        source: "CLAIMS.md S7, mail 07/11; BUGS.md D-02",
        text: "a bio of which a clone asked for REQUEUE under NOFLUSH does not end with an error",
        judge: judges::requeue_supersedes,
        premise: |it| {
            it.effects.iter().any(|effect| {
                matches!(effect, Effect::Finished(md, _) if judges::has(judges::md_of(it, *md), Flag::NoflushSuspending))
            })
        },
    },
    Claim {
        name: "tables_outlive_their_users",
        kind: Kind::Always,
        source: "CLAIMS.md S8",
        text: "nobody touches a table or a target that is freed",
        judge: |it| {
            judges::freed(it, |object| matches!(object, Object::Table(_) | Object::Target(_)))
        },
        premise: |it| it.after.memory.tables.iter().any(|table| table.freed),
    },
    Claim {
        name: "pools_outlive_their_io",
        kind: Kind::Always,
        source: "CLAIMS.md S8; BUGS.md D-05, D-06",
        text: "nobody gives a dm_io or a clone back to a pool that is destroyed",
        judge: |it| judges::freed(it, |object| matches!(object, Object::Pools(_))),
        premise: |it| it.after.memory.mds.iter().any(|md| md.pools_freed),
    },
    Claim {
        name: "devices_outlive_their_users",
        kind: Kind::Always,
        source: "CLAIMS.md S8",
        text: "nobody touches a mapped device that is freed",
        judge: |it| judges::freed(it, |object| matches!(object, Object::Md(_))),
        premise: |it| it.after.memory.mds.iter().any(|md| md.freed),
    },
    Claim {
        name: "a_suspend_happens_whole_or_not_at_all",
        kind: Kind::Always,
        source: "CLAIMS.md S9",
        text: "dm_suspend returns 0 with SUSPENDED set; else nothing is blocked, flagged, deferred \
               or frozen",
        judge: judges::suspend_is_atomic,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::SuspendReturned(..))),
    },
    Claim {
        name: "the_map_changes_only_while_suspended",
        kind: Kind::Always,
        source: "CLAIMS.md S10",
        text: "the live table changes while SUSPENDED and under suspend_lock, or in the last put",
        judge: judges::swap_needs_suspend,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::MapChanged(..))),
    },
    Claim {
        name: "completed_writes_are_on_the_disk",
        kind: Kind::Always,
        source: "CLAIMS.md S12",
        text: "a write that completes is on its LUN, and a read that begins later returns it",
        judge: judges::data_is_kept,
        premise: |it| {
            let is_write = |bio: BioId| it.after.plan().setup.bios[bio.index()].write;
            it.effects
                .iter()
                .any(|effect| matches!(effect, Effect::Completed(bio, Code::OK) if is_write(*bio)))
        },
    },
    Claim {
        name: "the_kernel_does_not_stop",
        kind: Kind::Always,
        source: "dm.c, BUG() and NULL dereferences",
        text: "no verdict, table or path makes the kernel stop",
        judge: |it| match it.after.bug {
            Some(text) => Err(format!("expected the kernel to go on, found: {text}")),
            None => Ok(()),
        },
        premise: |_| true,
    },
    Claim {
        name: "nothing_is_stranded",
        kind: Kind::AtEnds,
        source: "CLAIMS.md L1, L2, L4, L6, L7 where nothing can happen any more",
        text: "when nothing can happen any more no ioctl sleeps and no I/O waits that something \
               should have moved",
        judge: stranded::judge,
        premise: |_| true,
    },
];

/// The claim with this name.
pub fn claim(name: &str) -> Option<&'static Claim> {
    CLAIMS.iter().find(|claim| claim.name == name)
}

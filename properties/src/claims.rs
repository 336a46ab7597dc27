//! What must hold: the safety claims S1..S12 of CLAIMS.md section E that concern this era, as data.
//!
//! A claim that the shipped kernel breaks is not weakened: `pins` lists where it does, and why.
use dm_model::effect::{Effect, Object};
use dm_model::errno::Code;
use dm_model::flags::Flag;
use dm_model::ids::{BioId, BioPtr, MdId, TargetId};
use dm_model::memory::BioPlace;
use dm_model::plain::Md;
use dm_sim::table::Kind as Target;
use dm_sim::world::World;
use dm_sim::world::plan::Action;

use crate::history::History;
use crate::stranded;

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
        judge: exactly_once,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::Completed(..))),
    },
    Claim {
        name: "every_io_is_in_one_place",
        kind: Kind::Always,
        source: "CLAIMS.md S2",
        text: "an accepted bio that has not completed is counted, deferred, pushed back or in hands",
        judge: conservation,
        premise: |it| it.after.memory.bios.iter().any(|bio| bio.place == BioPlace::Pushback),
    },
    Claim {
        name: "pushback_is_empty_without_the_flag",
        kind: Kind::Always,
        source: "CLAIMS.md S3",
        text: "without NOFLUSH the pushback list is empty; with it a suspender holds suspend_lock",
        judge: pushback_needs_the_flag,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::PushedBack(..))),
    },
    Claim {
        name: "a_suspended_device_is_quiet",
        kind: Kind::Always,
        source: "CLAIMS.md S4",
        text: "from S14 to R3 nothing is pending, and no bio reaches a target or a disk",
        judge: quiescence,
        premise: |it| any_md(it, is_quiet),
    },
    Claim {
        name: "blocked_io_does_not_start",
        kind: Kind::Always,
        source: "CLAIMS.md S5",
        text: "while BLOCK_IO is set, pending does not rise",
        judge: block_io_is_a_barrier,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::Deferred(..))),
    },
    Claim {
        name: "no_bogus_error",
        kind: Kind::Always,
        source: "CLAIMS.md S6, the cover letter of 2006",
        text: "with policy queue, path errors only, noflush suspends that succeed and valid tables, \
               no I/O but a read-ahead completes with an error",
        judge: no_bogus_error,
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
        judge: parked_is_reissued,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::Merged(_))),
    },
    Claim {
        name: "requeue_supersedes_errors",
        kind: Kind::Always,
        source: "CLAIMS.md S7, mail 07/11; BUGS.md D-02",
        text: "a bio of which a clone asked for REQUEUE under NOFLUSH does not end with an error",
        judge: requeue_supersedes,
        premise: |it| {
            it.effects.iter().any(|effect| {
                matches!(effect, Effect::Finished(md, _) if has(md_of(it, *md), Flag::NoflushSuspending))
            })
        },
    },
    Claim {
        name: "tables_outlive_their_users",
        kind: Kind::Always,
        source: "CLAIMS.md S8",
        text: "nobody touches a table or a target that is freed",
        judge: |it| freed(it, |object| matches!(object, Object::Table(_) | Object::Target(_))),
        premise: |it| it.after.memory.tables.iter().any(|table| table.freed),
    },
    Claim {
        name: "pools_outlive_their_io",
        kind: Kind::Always,
        source: "CLAIMS.md S8; BUGS.md D-05, D-06",
        text: "nobody gives a dm_io or a clone back to a pool that is destroyed",
        judge: |it| freed(it, |object| matches!(object, Object::Pools(_))),
        premise: |it| it.after.memory.mds.iter().any(|md| md.pools_freed),
    },
    Claim {
        name: "devices_outlive_their_users",
        kind: Kind::Always,
        source: "CLAIMS.md S8",
        text: "nobody touches a mapped device that is freed",
        judge: |it| freed(it, |object| matches!(object, Object::Md(_))),
        premise: |it| it.after.memory.mds.iter().any(|md| md.freed),
    },
    Claim {
        name: "a_suspend_happens_whole_or_not_at_all",
        kind: Kind::Always,
        source: "CLAIMS.md S9",
        text: "dm_suspend returns 0 with SUSPENDED set; else nothing is blocked, flagged, deferred \
               or frozen",
        judge: suspend_is_atomic,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::SuspendReturned(..))),
    },
    Claim {
        name: "the_map_changes_only_while_suspended",
        kind: Kind::Always,
        source: "CLAIMS.md S10",
        text: "the live table changes while SUSPENDED and under suspend_lock, or in the last put",
        judge: swap_needs_suspend,
        premise: |it| it.effects.iter().any(|effect| matches!(effect, Effect::MapChanged(..))),
    },
    Claim {
        name: "completed_writes_are_on_the_disk",
        kind: Kind::Always,
        source: "CLAIMS.md S12",
        text: "a write that completes is on its LUN, and a read that begins later returns it",
        judge: data_is_kept,
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

/// Whether a bit of `md->flags` is set.
pub(crate) fn has(md: &Md, flag: Flag) -> bool {
    md.flags & flag.mask() != 0
}

fn md_of<'a>(it: &Transition<'a>, md: MdId) -> &'a Md {
    &it.after.memory.mds[md.index()]
}

fn any_md(it: &Transition<'_>, condition: fn(&Md) -> bool) -> bool {
    it.after.memory.mds.iter().any(condition)
}

fn is_quiet(md: &Md) -> bool {
    has(md, Flag::Suspended) && has(md, Flag::BlockIo) && !md.freed
}

fn name(world: &World, bio: BioId) -> &str {
    &world.plan().bio_names[bio.index()]
}

fn exactly_once(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        let Effect::Completed(bio, code) = effect else { continue };
        let state = &it.after.memory.bios[bio.index()];
        let first = state.result.unwrap_or(Code::OK);
        if state.completions > 1 {
            let name = name(it.after, *bio);
            return Err(format!("io {name} completed twice: first {first}, now {code}"));
        }
        for md in &it.after.memory.mds {
            let lists = [&md.deferred, &md.pushback, &md.flushing];
            if lists.iter().any(|list| list.contains(BioPtr::Original(*bio))) {
                return Err(format!("io {} completed and stands in a list", name(it.after, *bio)));
            }
        }
    }
    Ok(())
}

/// Where a bio is, counted two ways: by its own word and by the lists and the `dm_io` that have it.
fn conservation(it: &Transition<'_>) -> Result<(), String> {
    let memory = &it.after.memory;
    for (index, state) in memory.bios.iter().enumerate() {
        let bio = BioPtr::Original(BioId(index as u8));
        let count = |list: fn(&Md) -> &dm_model::memory::BioList| -> usize {
            memory.mds.iter().map(|md| list(md).iter().filter(|it| *it == bio).count()).sum()
        };
        let (deferred, pushback) = (count(|md| &md.deferred), count(|md| &md.pushback));
        let flushing = count(|md| &md.flushing);
        let of_bio = || memory.ios.iter().filter(|(_, io)| io.bio == bio && io.counted);
        let live = of_bio().filter(|(_, io)| io.io_count > 0).count();
        // From P2 on a `dm_io` is on its way out: parked at P3, uncounted at P4, done at P6.
        let all = memory.ios.iter().filter(|(_, io)| io.bio == bio);
        let ending = all.filter(|(_, io)| io.io_count == 0).count();
        let is_right = match state.place {
            BioPlace::New => deferred + pushback + flushing + live + ending == 0,
            BioPlace::Hands => deferred + pushback + live == 0 && flushing <= 1,
            BioPlace::Deferred => (deferred, pushback, flushing, live) == (1, 0, 0, 0),
            BioPlace::Pushback => (deferred, pushback, flushing, live) == (0, 1, 0, 0),
            BioPlace::Mapped => {
                deferred + pushback + flushing == 0 && (live == 1 || (live == 0 && ending > 0))
            }
            BioPlace::Done => deferred + pushback + flushing + live == 0,
        };
        if !is_right {
            let name = name(it.after, BioId(index as u8));
            return Err(format!(
                "io {name} is {:?}, but in {deferred} deferred, {pushback} pushback, {flushing} \
                 local lists and {live} live dm_io",
                state.place
            ));
        }
    }
    Ok(())
}

fn pushback_needs_the_flag(it: &Transition<'_>) -> Result<(), String> {
    for md in &it.after.memory.mds {
        let noflush = has(md, Flag::NoflushSuspending);
        if !noflush && !md.pushback.is_empty() {
            return Err(format!("NOFLUSH is clear, pushback holds {:?}", md.pushback));
        }
        if noflush && !md.suspend_locked {
            return Err("NOFLUSH is set, nobody holds suspend_lock".to_owned());
        }
    }
    Ok(())
}

fn quiescence(it: &Transition<'_>) -> Result<(), String> {
    for md in it.after.memory.mds.iter().filter(|md| is_quiet(md)) {
        if md.pending > 0 {
            return Err(format!("the device is suspended, pending is {}", md.pending));
        }
    }
    for effect in it.effects {
        let (clone, what) = match effect {
            Effect::TargetEntered(_, clone) => (*clone, "entered a target"),
            Effect::Dispatched(_, clone) => (*clone, "was sent to a disk"),
            _ => continue,
        };
        let Some(io) = it.after.memory.ios.get(clone.io()) else { continue };
        if is_quiet(md_of(it, io.md)) {
            let clone = it.after.plan().clone_name(clone);
            return Err(format!("the device is suspended, clone {clone} {what}"));
        }
    }
    Ok(())
}

fn block_io_is_a_barrier(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        if let Effect::Started(md, io) = effect
            && has(md_of(it, *md), Flag::BlockIo)
        {
            return Err(format!("BLOCK_IO is set, {io} started"));
        }
    }
    Ok(())
}

fn no_bogus_error(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        let Effect::Completed(bio, code) = effect else { continue };
        let readahead = it.after.plan().setup.bios[bio.index()].readahead;
        if code.is_error() && !readahead && it.history.nothing_is_waived() {
            return Err(format!("io {}: expected ok, found {code}", name(it.after, *bio)));
        }
    }
    Ok(())
}

fn parked_is_reissued(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        if let Effect::Completed(bio, code) = effect
            && it.before.is_merged(*bio)
        {
            let name = name(it.after, *bio);
            return Err(format!(
                "io {name} was parked and not issued again, completed with {code}"
            ));
        }
    }
    Ok(())
}

/// Judged at P4, when the bio's fate is decided: the flag was set at P3 if it is set now.
fn requeue_supersedes(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        let Effect::Finished(md, io) = effect else { continue };
        let state = &it.after.memory.ios[*io];
        let BioPtr::Original(bio) = state.bio else { continue };
        let noflush = has(md_of(it, *md), Flag::NoflushSuspending);
        if noflush && it.before.asked_requeue(bio) && state.error.is_error() {
            let name = name(it.after, bio);
            return Err(format!(
                "a clone of io {name} asked for REQUEUE, its error is {}",
                state.error
            ));
        }
    }
    Ok(())
}

fn freed(it: &Transition<'_>, concerns: fn(&Object) -> bool) -> Result<(), String> {
    for effect in it.effects {
        if let Effect::UsedAfterFree(object) = effect
            && concerns(object)
        {
            return Err(format!("{object:?} is used after it was freed"));
        }
    }
    Ok(())
}

fn suspend_is_atomic(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        let Effect::SuspendReturned(md, code) = effect else { continue };
        let md = md_of(it, *md);
        let suspended = has(md, Flag::Suspended);
        if *code == Code::OK && !suspended {
            return Err("dm_suspend returned 0, SUSPENDED is clear".to_owned());
        }
        let left = [Flag::BlockIo, Flag::NoflushSuspending, Flag::Frozen];
        let left = left.into_iter().find(|flag| has(md, *flag));
        if code.is_error() && !suspended && (left.is_some() || !md.deferred.is_empty()) {
            let left = left.map_or("deferred I/O".to_owned(), |flag| format!("{flag:?}"));
            return Err(format!("dm_suspend returned {code} and left {left}"));
        }
    }
    Ok(())
}

fn swap_needs_suspend(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        let Effect::MapChanged(md, _) = effect else { continue };
        let md = md_of(it, *md);
        let suspended = has(md, Flag::Suspended) && md.suspend_locked;
        if !suspended && !has(md, Flag::Freeing) {
            return Err("the live table changed while the device was not suspended".to_owned());
        }
    }
    Ok(())
}

fn data_is_kept(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        let Effect::Completed(bio, Code::OK) = effect else { continue };
        let setup = &it.after.plan().setup;
        let io = &setup.bios[bio.index()];
        if drops_data(it.after) {
            continue;
        }
        if io.write && !is_overwritten(it.after, *bio) {
            let token = bio.0 + 1;
            let kept: usize = it.after.luns.iter().map(|lun| lun.count(token)).sum();
            if kept < usize::from(io.count) {
                let name = name(it.after, *bio);
                return Err(format!("{kept} of {} sectors of write {name} are kept", io.count));
            }
        }
        if !io.write {
            check_read(it, *bio)?;
        }
    }
    Ok(())
}

/// Whether a target drops writes, or a write of the world goes elsewhere than to a LUN.
fn drops_data(world: &World) -> bool {
    let setup = &world.plan().setup;
    let kinds = (0..setup.targets.len()).map(|target| setup.drivers.kind(TargetId(target as u8)));
    kinds.into_iter().any(|kind| matches!(kind, Target::Zero | Target::Error))
}

fn covers(world: &World, bio: BioId, sector: u32) -> bool {
    let bio = &world.plan().setup.bios[bio.index()];
    bio.write && (bio.sector..bio.sector + u32::from(bio.count)).contains(&sector)
}

/// Whether another write of the world touches a sector of this one.
fn is_overwritten(world: &World, bio: BioId) -> bool {
    let setup = &world.plan().setup.bios;
    let io = &setup[bio.index()];
    let sectors = io.sector..io.sector + u32::from(io.count);
    let others = (0..setup.len() as u8).map(BioId).filter(|other| *other != bio);
    others.into_iter().any(|other| sectors.clone().any(|sector| covers(world, other, sector)))
}

fn check_read(it: &Transition<'_>, bio: BioId) -> Result<(), String> {
    let setup = &it.after.plan().setup.bios[bio.index()];
    let data = it.after.memory.bios[bio.index()].data;
    for (index, token) in data.iter().enumerate() {
        let sector = setup.sector + index as u32;
        let name = name(it.after, bio);
        match token.checked_sub(1).map(BioId) {
            Some(writer) if !covers(it.after, writer, sector) => {
                return Err(format!("read {name} returns a write to another place at {sector}"));
            }
            Some(_) => {}
            None => {
                let mut before = it.history.written_before(bio);
                if before.any(|write| covers(it.after, write, sector)) {
                    return Err(format!(
                        "read {name} misses a write that was complete at {sector}"
                    ));
                }
            }
        }
    }
    Ok(())
}

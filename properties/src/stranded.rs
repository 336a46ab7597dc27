//! What may be left over when nothing can happen any more, and what may not.
//!
//! A lost wake-up, a deadlock and a stranded bio all show as a state without a next action in which
//! somebody waits for what nobody will do. What waits for the user (a path, a resume, a line that
//! was never written) is proper.
use dm_model::flags::Flag;
use dm_model::frame::Process;
use dm_model::ids::{BioId, BioPtr, CloneId, Device, TargetId};
use dm_model::memory::{BioPlace, ClonePlace};
use dm_model::plain::Md;
use dm_sim::drivers::Target;
use dm_sim::drivers::disk::Link;
use dm_sim::world::World;
use dm_sim::world::plan::Context;

use crate::claims::Transition;
use crate::judges::has;

/// `Err` with the first thing that is stranded.
///
/// # Errors
/// What waits, and for what.
pub fn judge(it: &Transition<'_>) -> Result<(), String> {
    let world = it.after;
    if world.bug.is_some() {
        return Ok(());
    }
    for (index, bio) in world.memory.bios.iter().enumerate() {
        judge_bio(world, BioPtr::Original(BioId(index as u8)), bio.place)?;
    }
    for (id, clone) in world.memory.clones.iter() {
        judge_clone(world, id, clone.place)?;
    }
    for (context, process) in world.processes.iter() {
        judge_process(it, context, process)?;
    }
    Ok(())
}

fn judge_bio(world: &World, bio: BioPtr, place: BioPlace) -> Result<(), String> {
    let name = world.plan().bio_name(bio);
    match place {
        BioPlace::Deferred if !world.memory.mds.iter().any(|md| keeps(md, bio)) => {
            Err(format!("io {name} is deferred on a device that is not suspended"))
        }
        BioPlace::Pushback => Err(format!("io {name} is left in pushback")),
        BioPlace::Hands => Err(format!("io {name} is in the hands of nobody")),
        BioPlace::New | BioPlace::Deferred | BioPlace::Mapped | BioPlace::Done => Ok(()),
    }
}

/// Whether the device defers I/O until the user resumes it, and has the bio.
fn keeps(md: &Md, bio: BioPtr) -> bool {
    has(md, Flag::BlockIo) && has(md, Flag::Suspended) && md.deferred.contains(bio)
}

fn judge_clone(world: &World, id: CloneId, place: ClonePlace) -> Result<(), String> {
    let name = world.plan().clone_name(id);
    let clone = &world.memory.clones[id];
    match place {
        ClonePlace::Hands => Err(format!("clone {name} is in the hands of nobody")),
        ClonePlace::Target if !may_wait(world, clone.target) => {
            Err(format!("clone {name} waits in a target that could send it on"))
        }
        ClonePlace::Disk => match clone.device {
            Device::Disk(disk)
                if !world.disk(disk).held || world.disk(disk).link != Link::Running =>
            {
                Err(format!("clone {name} waits at a disk that answers"))
            }
            Device::Disk(_) | Device::Md(_) => Ok(()),
        },
        ClonePlace::Deferred => judge_bio(world, BioPtr::Clone(id), BioPlace::Deferred),
        ClonePlace::Pushback => judge_bio(world, BioPtr::Clone(id), BioPlace::Pushback),
        ClonePlace::Target | ClonePlace::Mapped => Ok(()),
    }
}

/// Whether a target may keep I/O until the user does something: it has no path, and its policy is
/// to queue.
fn may_wait(world: &World, target: TargetId) -> bool {
    match &world.memory.targets[target.index()] {
        Target::Multipath { state, .. } => state.nr_valid_paths == 0 && state.queue_if_no_path,
        Target::Stateless | Target::Delay(_) => false,
    }
}

fn judge_process(
    it: &Transition<'_>,
    context: Context,
    process: &Process<dm_sim::drivers::Sim>,
) -> Result<(), String> {
    let world = it.after;
    let (name, label) = (world.plan().name(context), process.label());
    let waits_for_io = matches!(context, Context::Io(_)) && label == "A4";
    // A suspender may wait for I/O that itself waits for the user: at a disk that is held, in a
    // device below that is suspended, in a target without a path that is to queue.
    let sleeps = label == "S8d" && any_pending(world);
    let user_is_asked = world.memory.clones.iter().any(|(id, _)| waits_for_user(world, id));
    let excused = user_is_asked && (sleeps || behind_a_suspender(world, &label));
    if waits_for_io || excused {
        return Ok(());
    }
    Err(format!("{name} waits at {label} for ever"))
}

fn waits_for_user(world: &World, id: CloneId) -> bool {
    let clone = &world.memory.clones[id];
    match clone.place {
        ClonePlace::Target => may_wait(world, clone.target),
        ClonePlace::Disk => match clone.device {
            Device::Disk(disk) => world.disk(disk).held,
            Device::Md(_) => false,
        },
        ClonePlace::Deferred => world.memory.mds.iter().any(|md| keeps(md, BioPtr::Clone(id))),
        ClonePlace::Hands | ClonePlace::Pushback | ClonePlace::Mapped => false,
    }
}

fn any_pending(world: &World) -> bool {
    world.memory.mds.iter().any(|md| md.pending > 0)
}

/// Whether a process stands at a lock that a suspender holds which itself waits.
fn behind_a_suspender(world: &World, label: &str) -> bool {
    let asleep = |(_, process): (Context, &Process<_>)| process.label() == "S8d";
    ["S0", "R0", "W0"].contains(&label) && world.processes.iter().any(asleep)
}

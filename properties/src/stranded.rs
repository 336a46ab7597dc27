//! What may be left over when nothing can happen any more, and what may not.
//!
//! A lost wake-up, a deadlock and a stranded bio all show as a state without a next action in which
//! somebody waits for what nobody will do. What waits for the user (a path, a resume, a line that
//! was never written) is proper.
use dm_model::flags::Flag;
use dm_model::frame::{Frame, Process};
use dm_model::ids::{BioId, BioPtr, CloneId, Device, IoId, MdId, TargetId, TaskId};
use dm_model::memory::{BioPlace, ClonePlace};
use dm_model::plain::Md;
use dm_sim::drivers::{Sim, Target};
use dm_sim::world::World;
use dm_sim::world::plan::Context;

use crate::claims::Transition;
use crate::judges::has;

/// `Err` with the first thing that is stranded.
///
/// # Errors
/// What waits, and for what.
pub fn judge(it: &Transition<'_>) -> Result<(), String> {
    judge_world(it.after)
}

/// `Err` with the first thing that is stranded in a world in which nobody goes on.
///
/// # Errors
/// What waits, and for what.
pub fn judge_world(world: &World) -> Result<(), String> {
    if world.bug.is_some() {
        return Ok(());
    }
    for (index, bio) in world.memory.bios.iter().enumerate() {
        judge_bio(world, BioPtr::Original(BioId(index as u16)), bio.place)?;
    }
    for (id, clone) in world.memory.clones.iter() {
        judge_clone(world, id, clone.place)?;
    }
    for (id, io) in world.memory.ios.iter().filter(|(_, io)| io.io_count > 0) {
        if !world.memory.clones.iter().any(|(clone, _)| clone.io() == id) {
            let bio = world.plan().bio_name(io.bio);
            return Err(format!("io {bio} waits for a clone that is no more"));
        }
    }
    for (context, process) in world.processes.iter() {
        judge_process(world, context, process)?;
    }
    Ok(())
}

fn judge_bio(world: &World, bio: BioPtr, place: BioPlace) -> Result<(), String> {
    let name = world.plan().bio_name(bio);
    match place {
        BioPlace::Deferred if !is_kept(world, bio) => {
            Err(format!("io {name} is deferred on a device that is not suspended"))
        }
        BioPlace::Pushback if !is_kept(world, bio) => Err(format!("io {name} is left in pushback")),
        BioPlace::Hands => Err(format!("io {name} is in the hands of nobody")),
        BioPlace::Mapped if !world.memory.ios.iter().any(|(_, io)| io.bio == bio) => {
            Err(format!("io {name} is carried by nothing"))
        }
        BioPlace::New
        | BioPlace::Deferred
        | BioPlace::Pushback
        | BioPlace::Mapped
        | BioPlace::Done => Ok(()),
    }
}

/// Whether the device defers I/O until the user resumes it, and has the bio.
pub(crate) fn keeps(md: &Md, bio: BioPtr) -> bool {
    has(md, Flag::BlockIo) && has(md, Flag::Suspended) && md.deferred.contains(bio)
}

/// Whether a device keeps the bio until the user does something: resumes it, or moves what a
/// suspend of it waits for.
fn is_kept(world: &World, bio: BioPtr) -> bool {
    let memory = &world.memory;
    let waits = |index: usize| {
        let md = MdId(index as u8);
        let state = &memory.mds[index];
        let has = state.deferred.contains(bio) || state.pushback.contains(bio);
        has && is_suspender_asleep(world, md)
    };
    memory.mds.iter().any(|md| keeps(md, bio)) || (0..memory.mds.len()).any(waits)
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
            Device::Disk(disk) if world.disk(disk).answer(clone.sector, clone.count).is_some() => {
                Err(format!("clone {name} waits at a disk that answers"))
            }
            Device::Disk(_) | Device::Md(_) => Ok(()),
        },
        ClonePlace::Deferred => judge_bio(world, BioPtr::Clone(id), BioPlace::Deferred),
        ClonePlace::Pushback => judge_bio(world, BioPtr::Clone(id), BioPlace::Pushback),
        ClonePlace::Mapped => judge_bio(world, BioPtr::Clone(id), BioPlace::Mapped),
        ClonePlace::Target => Ok(()),
    }
}

/// Whether a target may keep I/O until the user does something: it has no path, and its policy is
/// to queue.
pub(crate) fn may_wait(world: &World, target: TargetId) -> bool {
    match &world.memory.targets[target.index()] {
        Target::Multipath { state, .. } => state.nr_valid_paths == 0 && state.queue_if_no_path,
        Target::Stateless | Target::Delay(_) => false,
    }
}

fn judge_process(world: &World, context: Context, process: &Process<Sim>) -> Result<(), String> {
    let (name, label) = (world.plan().name(context), process.label());
    let is_io = matches!(context, Context::Io(_));
    // An application waits for its bio; another fsync waits for the inode behind it.
    let waits_for_io = is_io && label == "A4";
    let waits_for_fsync = is_io && label == "A2" && world.processes.iter().any(waits_at("A4"));
    let signalled = matches!(context, Context::Task(task) if is_signalled(world, task));
    let may_sleep = device(process).is_some_and(|md| user_is_asked(world, md)) && !signalled;
    let sleeps = label == "S8d" && may_sleep;
    if waits_for_io || waits_for_fsync || sleeps || is_behind_a_suspender(world, process) {
        return Ok(());
    }
    Err(format!("{name} waits at {label} for ever"))
}

/// Whether a signal was sent that ends the wait of a suspend.
fn is_signalled(world: &World, task: TaskId) -> bool {
    world.memory.tasks[task.index()].signal_pending
}

/// The device that a suspend, a resume or a swap is about.
fn device(process: &Process<Sim>) -> Option<MdId> {
    process.frames().iter().find_map(|frame| {
        if let Frame::Suspend(suspend) = frame {
            Some(suspend.md())
        } else if let Frame::Resume(resume) = frame {
            Some(resume.md())
        } else if let Frame::SwapTable(swap) = frame {
            Some(swap.md())
        } else {
            None
        }
    })
}

fn waits_at(label: &str) -> impl Fn((Context, &Process<Sim>)) -> bool {
    move |(_, process)| process.label() == label
}

/// Whether all that is pending on the device waits for the user: at a disk that is held, in a
/// device below that is suspended, in a target without a path that is to queue.
pub(crate) fn user_is_asked(world: &World, md: MdId) -> bool {
    let mut pending = world.memory.ios.iter().filter(|(_, io)| io.md == md && io.counted);
    world.memory.mds[md.index()].pending > 0 && pending.all(|(id, _)| io_waits_for_user(world, id))
}

pub(crate) fn io_waits_for_user(world: &World, io: IoId) -> bool {
    let mut clones = world.memory.clones.iter().filter(|(clone, _)| clone.io() == io);
    clones.any(|(id, _)| clone_waits_for_user(world, id))
}

fn clone_waits_for_user(world: &World, id: CloneId) -> bool {
    let clone = &world.memory.clones[id];
    match clone.place {
        ClonePlace::Target => may_wait(world, clone.target),
        ClonePlace::Disk => match clone.device {
            Device::Disk(disk) => world.disk(disk).held,
            Device::Md(_) => false,
        },
        ClonePlace::Deferred | ClonePlace::Pushback => is_kept(world, BioPtr::Clone(id)),
        ClonePlace::Mapped => {
            let mut below = world.memory.ios.iter().filter(|(_, io)| io.bio == BioPtr::Clone(id));
            below.any(|(io, _)| io_waits_for_user(world, io))
        }
        ClonePlace::Hands => false,
    }
}

/// Whether a process stands at the lock of a suspender that waits for the user.
fn is_behind_a_suspender(world: &World, process: &Process<Sim>) -> bool {
    let at_lock = ["S0", "R0", "W0"].contains(&process.label().as_str());
    let md = device(process).filter(|_| at_lock);
    md.is_some_and(|md| is_suspender_asleep(world, md))
}

/// Whether a suspend of the device sleeps until the user does something.
fn is_suspender_asleep(world: &World, md: MdId) -> bool {
    let mut others = world.processes.iter();
    let sleeps = others.any(|(_, it)| it.label() == "S8d" && device(it) == Some(md));
    sleeps && user_is_asked(world, md)
}

//! Which obligations are open in a world: one function a liveness claim, a bit an instance.
use dm_model::flags::Flag;
use dm_model::frame::Frame;
use dm_model::ids::{BioId, BioPtr, Device, MdId, TargetId};
use dm_model::memory::BioPlace;
use dm_model::plain::Md;
use dm_model::suspend::{S, Suspend};
use dm_sim::drivers::disk::Link;
use dm_sim::drivers::setup::devices;
use dm_sim::drivers::{Sim, Target};
use dm_sim::multipath::spec::MultipathSpec;
use dm_sim::multipath::state::{Multipath, PathId};
use dm_sim::table::Kind;
use dm_sim::world::World;

use crate::judges::has;
use crate::liveness::INSTANCE_COUNT;
use crate::stranded::{io_waits_for_user, user_is_asked};

fn bits(instances: impl Iterator<Item = usize>) -> u8 {
    instances.fold(0, |bits, instance| bits | 1 << (instance % INSTANCE_COUNT))
}

/// The suspends that have `suspend_lock`.
fn begun(world: &World) -> impl Iterator<Item = &Suspend> {
    let frames = world.processes.iter().flat_map(|(_, process)| process.frames());
    let suspends = frames.filter_map(suspend);
    suspends.filter(|suspend| suspend.at() != S::S0)
}

fn suspend(frame: &Frame<Sim>) -> Option<&Suspend> {
    if let Frame::Suspend(suspend) = frame { Some(suspend) } else { None }
}

pub(crate) fn suspends(world: &World) -> u8 {
    let open = begun(world).filter(|suspend| !user_is_asked(world, suspend.md()));
    bits(open.map(|suspend| suspend.task().index()))
}

pub(crate) fn interrupted_suspends(world: &World) -> u8 {
    let has_signal = |it: &&Suspend| world.memory.tasks[it.task().index()].signal_pending;
    bits(begun(world).filter(has_signal).map(|suspend| suspend.task().index()))
}

pub(crate) fn sleepers(world: &World) -> u8 {
    let sleeps =
        |it: &&Suspend| it.at() == S::S8d && world.memory.mds[it.md().index()].pending == 0;
    bits(begun(world).filter(sleeps).map(|suspend| suspend.task().index()))
}

pub(crate) fn devices_that_hold_back(world: &World) -> u8 {
    let holds_back = |md: &Md| {
        let is_idle = !has(md, Flag::Suspended) && !md.suspend_locked && !md.freed;
        let is_full = !md.deferred.is_empty() || !md.pushback.is_empty();
        is_idle && (is_full || has(md, Flag::BlockIo))
    };
    let mds = world.memory.mds.iter().enumerate();
    bits(mds.filter(|(_, md)| holds_back(md)).map(|(index, _)| index))
}

pub(crate) fn queues_with_a_path(world: &World) -> u8 {
    let targets = world.memory.targets.iter().enumerate();
    let waits = targets.filter(|(index, target)| match target {
        Target::Multipath { state, dispatching } => {
            let waits = !state.queued.is_empty() || !dispatching.is_empty();
            waits && state.nr_valid_paths > 0 && !is_freed(world, TargetId(*index as u8))
        }
        Target::Stateless | Target::Delay(_) => false,
    });
    bits(waits.map(|(index, _)| index))
}

fn is_freed(world: &World, target: TargetId) -> bool {
    let table = world.plan().setup.targets[target.index()].table;
    world.memory.tables[table.index()].freed
}

pub(crate) fn bios_with_a_path(world: &World) -> u8 {
    bios_on(world, |md| targets_are(world, md, |target| is_usable(world, target)))
}

pub(crate) fn bios_without_a_path(world: &World) -> u8 {
    bios_on(world, |md| targets_are(world, md, |target| fails(world, target)))
}

/// The bios that were submitted to such a device, and have neither completed nor wait for the user.
fn bios_on(world: &World, is_such: impl Fn(MdId) -> bool) -> u8 {
    let bios = world.memory.bios.iter().enumerate();
    let open = bios.filter(|(index, bio)| {
        let is_under_way = !matches!(bio.place, BioPlace::New | BioPlace::Done);
        is_under_way
            && match world.plan().setup.bios[*index].device {
                Device::Md(md) => runs(world, md) && is_such(md),
                Device::Disk(_) => false,
            }
            && !waits_for_user(world, BioId(*index as u16))
    });
    bits(open.map(|(index, _)| index))
}

fn waits_for_user(world: &World, bio: BioId) -> bool {
    let mut ios = world.memory.ios.iter().filter(|(_, io)| io.bio == BioPtr::Original(bio));
    ios.any(|(id, _)| io_waits_for_user(world, id))
}

/// Whether a device lets I/O pass.
fn runs(world: &World, md: MdId) -> bool {
    let md = &world.memory.mds[md.index()];
    !has(md, Flag::BlockIo) && !has(md, Flag::Suspended) && !md.freed
}

/// Whether the device has a table, and each of its targets is so.
fn targets_are(world: &World, md: MdId, is_so: impl Fn(TargetId) -> bool) -> bool {
    let table = world.memory.mds[md.index()].map;
    table.is_some_and(|table| world.plan().setup.targets_of(table).all(is_so))
}

/// Whether I/O to the target is answered: by multipath, over a path that is valid and answers.
fn is_usable(world: &World, target: TargetId) -> bool {
    let kind = world.plan().setup.drivers.kind(target);
    if let (Kind::Multipath(spec), Target::Multipath { state, .. }) =
        (kind, &world.memory.targets[target.index()])
    {
        return has_path(world, spec, state);
    }
    devices(kind).into_iter().all(|device| answers(world, device))
}

fn has_path(world: &World, spec: &MultipathSpec, state: &Multipath) -> bool {
    let mut paths = (0..state.paths.len()).map(|index| PathId(index as u8));
    paths.any(|path| state.path(path).active && answers(world, spec.path(path).device))
}

fn answers(world: &World, device: Device) -> bool {
    match device {
        Device::Disk(disk) => world.disk(disk).link == Link::Running && !world.disk(disk).held,
        Device::Md(md) => {
            runs(world, md) && targets_are(world, md, |target| is_usable(world, target))
        }
    }
}

/// Whether the target is multipath, without a path, and to fail I/O.
fn fails(world: &World, target: TargetId) -> bool {
    match &world.memory.targets[target.index()] {
        Target::Multipath { state, .. } => {
            let queues = state.queue_if_no_path || state.saved_queue_if_no_path;
            state.nr_valid_paths == 0 && !queues
        }
        Target::Stateless | Target::Delay(_) => false,
    }
}

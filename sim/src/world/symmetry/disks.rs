//! Which paths are used alike by every table, so that it makes no difference which of them is which.
use dm_model::ids::{Device, DiskId};

use super::super::World;
use super::super::plan::{Op, PlanLine};
use super::{Class, to_come};
use crate::drivers::setup::devices;

/// The classes of two members and more.
pub(super) fn classes(world: &World) -> Vec<Class> {
    let plan = &world.plan;
    let names_a_path = |line: &PlanLine| {
        let Op::Message(_, _, message) = line.op else { return false };
        plan.setup.drivers.messages[usize::from(message)].iter().any(|word| word.ends_with("_path"))
    };
    if to_come(world).any(names_a_path) {
        return Vec::new();
    }
    let disks = (0..plan.setup.drivers.disks.len() as u8).map(DiskId);
    let disks = disks.filter(|disk| !to_come(world).any(|line| is_about_disk(&line.op, *disk)));
    let mut classes: Vec<Vec<DiskId>> = Vec::new();
    for disk in disks {
        match classes.iter_mut().find(|class| are_used_alike(world, class[0], disk)) {
            Some(class) => class.push(disk),
            None => classes.push(vec![disk]),
        }
    }
    classes.into_iter().filter(|class| class.len() > 1).map(Class::Disks).collect()
}

fn is_about_disk(op: &Op, disk: DiskId) -> bool {
    match op {
        Op::Hold(it)
        | Op::Release(it, _)
        | Op::Unplug(it)
        | Op::Offline(it)
        | Op::Running(it)
        | Op::Medium(it, ..)
        | Op::Delay(it, _) => *it == disk,
        Op::Replug(old, new) => *old == disk || *new == disk,
        Op::Create(_)
        | Op::Load(..)
        | Op::Refused(..)
        | Op::Clear(_)
        | Op::Suspend(..)
        | Op::Remove(_)
        | Op::Message(..)
        | Op::Status(..)
        | Op::Info(_)
        | Op::Io(_)
        | Op::WaitIo(_)
        | Op::WaitTask(_)
        | Op::Signal(_)
        | Op::Arm(..)
        | Op::Step(..) => false,
    }
}

/// Whether two disks lead to one LUN, and every target has none of them, or each on one path of
/// one group, as often in turn.
fn are_used_alike(world: &World, one: DiskId, other: DiskId) -> bool {
    let drivers = &world.plan.setup.drivers;
    let [one_lun, other_lun] = [one, other].map(|disk| drivers.disks[disk.index()].lun);
    let [one, other] = [one, other].map(Device::Disk);
    one_lun == other_lun
        && drivers.kinds.iter().all(|kind| {
            let Some(spec) = kind.multipath() else {
                return devices(kind).iter().all(|device| *device != one && *device != other);
            };
            let on = |device: Device| {
                let places = spec
                    .groups
                    .iter()
                    .enumerate()
                    .flat_map(|(group, spec)| spec.paths.iter().map(move |path| (group, path)));
                let places = places.filter(move |(_, path)| path.device == device);
                places.map(|(group, path)| (group, path.repeat_count)).collect::<Vec<_>>()
            };
            on(one) == on(other) && on(one).len() <= 1
        })
}

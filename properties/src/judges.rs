//! How each claim judges a transition: one function a claim, `Err` with what was found.
use dm_model::effect::{Effect, Object};
use dm_model::errno::Code;
use dm_model::flags::Flag;
use dm_model::ids::{BioId, BioPtr, Device, DiskId, MdId, TableId};
use dm_model::memory::{BioPlace, Memory};
use dm_model::plain::Md;
use dm_sim::drivers::setup::devices;
use dm_sim::table::Kind as Target;
use dm_sim::world::World;
use dm_sim::world::transfer::token;

use crate::claims::Transition;

/// Whether a bit of `md->flags` is set.
pub(crate) fn has(md: &Md, flag: Flag) -> bool {
    md.flags & flag.mask() != 0
}

pub(crate) fn md_of<'a>(it: &Transition<'a>, md: MdId) -> &'a Md {
    &it.after.memory.mds[md.index()]
}

pub(crate) fn any_md(it: &Transition<'_>, condition: fn(&Md) -> bool) -> bool {
    it.after.memory.mds.iter().any(condition)
}

pub(crate) fn is_quiet(md: &Md) -> bool {
    has(md, Flag::Suspended) && has(md, Flag::BlockIo) && !md.freed
}

fn name(world: &World, bio: BioId) -> &str {
    &world.plan().bio_names[bio.index()]
}

pub(crate) fn exactly_once(it: &Transition<'_>) -> Result<(), String> {
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
pub(crate) fn conservation(it: &Transition<'_>) -> Result<(), String> {
    let memory = &it.after.memory;
    for (index, state) in memory.bios.iter().enumerate() {
        let bio = BioPtr::Original(BioId(index as u16));
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
            let name = name(it.after, BioId(index as u16));
            return Err(format!(
                "io {name} is {:?}, but in {deferred} deferred, {pushback} pushback, {flushing} \
                 local lists and {live} live dm_io",
                state.place
            ));
        }
    }
    Ok(())
}

pub(crate) fn pushback_needs_the_flag(it: &Transition<'_>) -> Result<(), String> {
    for (index, md) in it.after.memory.mds.iter().enumerate() {
        let noflush = has(md, Flag::NoflushSuspending);
        if !noflush && !md.pushback.is_empty() && !will_reissue(it.after, MdId(index as u8)) {
            return Err(format!("NOFLUSH is clear, pushback holds {:?}", md.pushback));
        }
        if noflush && !md.suspend_locked {
            return Err("NOFLUSH is set, nobody holds suspend_lock".to_owned());
        }
    }
    Ok(())
}

/// Whether a work item is going to issue again what is parked: only the era `hardened` has one. A
/// suspend that has set BLOCK_IO takes the work from it.
fn will_reissue(world: &World, md: MdId) -> bool {
    let memory = &world.memory;
    if !memory.era().parks_late_requeues() {
        return false;
    }
    let works = memory.works[memory.setup().work_of(md).index()];
    works.pending | works.running != 0 || has(&memory.mds[md.index()], Flag::BlockIo)
}

pub(crate) fn quiescence(it: &Transition<'_>) -> Result<(), String> {
    for md in it.after.memory.mds.iter().filter(|md| is_quiet(md)) {
        if md.pending > 0 {
            return Err(format!("the device is suspended, pending is {}", md.pending));
        }
    }
    for effect in it.effects {
        let (clone, what) = if let Effect::TargetEntered(_, clone) = effect {
            (*clone, "entered a target")
        } else if let Effect::Dispatched(_, clone) = effect {
            (*clone, "was sent to a disk")
        } else {
            continue;
        };
        let Some(io) = it.after.memory.ios.get(clone.io()) else { continue };
        if is_quiet(md_of(it, io.md)) {
            let clone = it.after.plan().clone_name(clone);
            return Err(format!("the device is suspended, clone {clone} {what}"));
        }
    }
    Ok(())
}

pub(crate) fn block_io_is_a_barrier(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        if let Effect::Started(md, io) = effect
            && has(md_of(it, *md), Flag::BlockIo)
        {
            return Err(format!("BLOCK_IO is set, {io} started"));
        }
    }
    Ok(())
}

pub(crate) fn no_bogus_error(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        let Effect::Completed(bio, code) = effect else { continue };
        let readahead = it.after.plan().setup.bios[bio.index()].readahead;
        if code.is_error() && !readahead && it.history.nothing_is_waived() {
            return Err(format!("io {}: expected ok, found {code}", name(it.after, *bio)));
        }
    }
    Ok(())
}

pub(crate) fn parked_is_reissued(it: &Transition<'_>) -> Result<(), String> {
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
pub(crate) fn requeue_supersedes(it: &Transition<'_>) -> Result<(), String> {
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

fn object_name(world: &World, object: Object) -> String {
    let plan = world.plan();
    let md_name = |md: MdId| &plan.setup.drivers.mds[md.index()].0;
    match object {
        Object::Md(md) => format!("device {}", md_name(md)),
        Object::Pools(md) => format!("a pool of device {}", md_name(md)),
        Object::Table(table) => {
            format!("a table of device {}", md_name(plan.setup.tables[table.index()].md))
        }
        Object::Target(target) => format!("target {}", plan.target_name(target)),
    }
}

pub(crate) fn freed(it: &Transition<'_>, concerns: fn(&Object) -> bool) -> Result<(), String> {
    for effect in it.effects {
        if let Effect::UsedAfterFree(object) = effect
            && concerns(object)
        {
            return Err(format!("{} is used after it was freed", object_name(it.after, *object)));
        }
    }
    Ok(())
}

pub(crate) fn suspend_is_atomic(it: &Transition<'_>) -> Result<(), String> {
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

pub(crate) fn swap_needs_suspend(it: &Transition<'_>) -> Result<(), String> {
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

pub(crate) fn data_is_kept(it: &Transition<'_>) -> Result<(), String> {
    for effect in it.effects {
        let Effect::Completed(bio, Code::OK) = effect else { continue };
        let setup = &it.after.plan().setup;
        let io = &setup.bios[bio.index()];
        if drops_data(it.after, io.device) {
            continue;
        }
        if io.write && !is_overwritten(it.after, *bio) {
            let token = token(*bio);
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

/// Whether what a device has is not what was written to it: a target drops writes, one table leads
/// elsewhere than another, or a device below is such a one.
fn drops_data(world: &World, device: Device) -> bool {
    let setup = &world.plan().setup;
    let tables = setup.tables.iter().enumerate();
    let tables = tables.filter(|(_, table)| Device::Md(table.md) == device);
    let places: Vec<_> = tables.map(|(index, _)| places(world, TableId(index as u8))).collect();
    let mut below = places.iter().flatten().flatten();
    let below_drops = |it: &Device| matches!(it, Device::Md(_)) && drops_data(world, *it);
    places.windows(2).any(|pair| pair[0] != pair[1])
        || places.iter().any(Option::is_none)
        || below.any(below_drops)
}

/// The LUNs and devices that a table leads to; `None` where it drops writes.
fn places(world: &World, table: TableId) -> Option<Vec<Device>> {
    let setup = &world.plan().setup;
    let mut places = Vec::new();
    for target in setup.targets_of(table) {
        let kind = setup.drivers.kind(target);
        if matches!(kind, Target::Zero | Target::Error) {
            return None;
        }
        // Paths to one LUN are one place.
        places.extend(devices(kind).into_iter().map(|device| match device {
            Device::Disk(disk) => Device::Disk(DiskId(setup.drivers.disks[disk.index()].lun)),
            Device::Md(md) => Device::Md(md),
        }));
    }
    places.sort_unstable();
    places.dedup();
    Some(places)
}

/// Whether a write of the world goes to this sector of the device.
fn covers(world: &World, bio: BioId, device: Device, sector: u32) -> bool {
    let bio = &world.plan().setup.bios[bio.index()];
    let sectors = bio.sector..bio.sector + u32::from(bio.count);
    bio.write && bio.device == device && sectors.contains(&sector)
}

/// Whether another write of the world may touch a sector of this one: one to the same sectors, or
/// any to another device, which may lead to the same place.
fn is_overwritten(world: &World, bio: BioId) -> bool {
    let setup = &world.plan().setup.bios;
    let io = &setup[bio.index()];
    let sectors = io.sector..io.sector + u32::from(io.count);
    let mut others = (0..setup.len() as u16).map(BioId).filter(|other| *other != bio);
    others.any(|other| {
        let elsewhere = setup[other.index()].write && setup[other.index()].device != io.device;
        elsewhere || sectors.clone().any(|sector| covers(world, other, io.device, sector))
    })
}

fn check_read(it: &Transition<'_>, bio: BioId) -> Result<(), String> {
    let setup = &it.after.plan().setup.bios[bio.index()];
    let data = it.after.memory.bios[bio.index()].data;
    for (index, token) in data.iter().enumerate() {
        let sector = setup.sector + index as u32;
        let name = name(it.after, bio);
        match token.checked_sub(1).map(|bio| BioId(u16::from(bio))) {
            Some(writer)
                if it.after.plan().setup.bios[writer.index()].device == setup.device
                    && !covers(it.after, writer, setup.device, sector) =>
            {
                return Err(format!("read {name} returns a write to another place at {sector}"));
            }
            Some(_) => {}
            None => {
                let mut before = it.history.written_before(bio);
                if before.any(|write| covers(it.after, write, setup.device, sector)) {
                    return Err(format!(
                        "read {name} misses a write that was complete at {sector}"
                    ));
                }
            }
        }
    }
    Ok(())
}

//! Which scripts say the same, so that it makes no difference which of them is which.
use dm_model::ids::{BIO_COUNT_MAX, BioId, Device, TableId};
use dm_model::setup::BioSetup;

use super::super::World;
use super::super::plan::{Op, PlanLine};
use super::{Class, is_over, to_come};
use crate::drivers::simple::places;

/// What is interchangeable with others: a script, or a line of one that has ended.
#[derive(Clone, Debug)]
struct Unit<'a> {
    script: Option<u8>,
    lines: Vec<&'a PlanLine>,
}

/// The classes of two members and more.
pub(super) fn classes(world: &World) -> Vec<Class> {
    let plan = &world.plan;
    let mut units: Vec<Unit<'_>> = Vec::new();
    for (index, (lines, script)) in plan.scripts.iter().zip(&world.scripts).enumerate() {
        if is_over(world, index) {
            let ios = lines.iter().filter(|line| matches!(line.op, Op::Io(_)));
            units.extend(ios.map(|line| Unit { script: None, lines: vec![line] }));
        } else {
            debug_assert!(usize::from(script.next) <= lines.len());
            units.push(Unit { script: Some(index as u8), lines: lines.iter().collect() });
        }
    }
    units.retain(|unit| !unit.lines.is_empty() && !is_named(world, unit));
    let mut classes: Vec<Vec<Unit<'_>>> = Vec::new();
    for unit in units {
        match classes.iter_mut().find(|class| says_the_same(world, &class[0], &unit)) {
            Some(class) => class.push(unit),
            None => classes.push(vec![unit]),
        }
    }
    let classes = classes.into_iter().filter(|class| class.len() > 1);
    let classes = classes.filter(|class| sectors_make_no_difference(world, class));
    let member = |unit: &Unit<'_>| {
        let tasks = unit.lines.iter().map(|line| line.task.0).collect();
        (unit.script, tasks, unit.bios().collect())
    };
    classes.map(|class| Class::Scripts(class.iter().map(member).collect())).collect()
}

/// Whether a line that may still begin is about a line of this unit.
fn is_named(world: &World, unit: &Unit<'_>) -> bool {
    let is_about = |op: &Op, line: &PlanLine| {
        if let Op::Signal(task) | Op::WaitTask(task) = op {
            *task == line.task
        } else if let Op::WaitIo(bio) = op {
            line.op == Op::Io(*bio)
        } else {
            false
        }
    };
    to_come(world).any(|other| unit.lines.iter().any(|line| is_about(&other.op, line)))
}

impl Unit<'_> {
    fn bios(&self) -> impl Iterator<Item = BioId> {
        self.lines
            .iter()
            .filter_map(|line| if let Op::Io(bio) = line.op { Some(bio) } else { None })
    }
}

fn says_the_same(world: &World, one: &Unit<'_>, other: &Unit<'_>) -> bool {
    let bios = &world.plan.setup.bios;
    let same_line = |(one, other): (&&PlanLine, &&PlanLine)| {
        let same_op = match (&one.op, &other.op) {
            (Op::Io(one), Op::Io(other)) => {
                let [one, mut other] = [one, other].map(|bio| bios[bio.index()].clone());
                other.sector = one.sector;
                one == other
            }
            (one, other) => one == other,
        };
        same_op && one.background == other.background
    };
    let same_kind = one.script.is_some() == other.script.is_some();
    let same_len = one.lines.len() == other.lines.len();
    same_kind && same_len && one.lines.iter().zip(&other.lines).all(same_line)
}

/// Whether it makes no difference where the bios of the units lie: each column of them is at one
/// place, or at places of which nobody else knows and that all lie alike.
fn sectors_make_no_difference(world: &World, units: &[Unit<'_>]) -> bool {
    let columns = units[0].bios().count();
    let setup = &world.plan.setup;
    (0..columns).all(|column| {
        let bios: Vec<BioId> = units.iter().filter_map(|unit| unit.bios().nth(column)).collect();
        let first = &setup.bios[bios[0].index()];
        if bios.iter().all(|bio| setup.bios[bio.index()].sector == first.sector) {
            return true;
        }
        let Device::Md(_) = first.device else { return false };
        let all = (0..setup.bios.len().min(BIO_COUNT_MAX) as u16).map(BioId);
        let is_apart = |one: BioId, other: BioId| {
            let [one, other] = [one, other].map(|bio| &setup.bios[bio.index()]);
            let end = |it: &BioSetup| it.sector + u32::from(it.count);
            one.device == other.device && (end(one) <= other.sector || end(other) <= one.sector)
        };
        let mut pairs = all.flat_map(|other| bios.iter().map(move |bio| (*bio, other)));
        let damages = |line: &PlanLine| matches!(line.op, Op::Medium(..));
        pairs.all(|(bio, other)| bio == other || is_apart(bio, other))
            && lie_alike(world, first.device, &bios)
            && world.memory.disks.iter().all(|disk| disk.medium.is_none())
            && !to_come(world).any(damages)
    })
}

/// Whether every table of the device takes the bios whole to one target, which leaves sectors as
/// they are and has disks below.
fn lie_alike(world: &World, device: Device, bios: &[BioId]) -> bool {
    let setup = &world.plan.setup;
    let tables = setup.tables.iter().enumerate();
    let mut tables = tables.filter(|(_, table)| Device::Md(table.md) == device);
    tables.all(|(table, _)| {
        let target_of = |bio: &BioId| {
            let bio = &setup.bios[bio.index()];
            let target = setup.find_target(TableId(table as u8), bio.sector)?;
            let state = &setup.targets[target.index()];
            let places = places(setup.drivers.kind(target), state.begin, bio.sector);
            let stays = |(device, sector): &(Device, u32)| {
                matches!(device, Device::Disk(_)) && *sector == bio.sector
            };
            let is_whole = setup.max_io_len(target, bio.sector) >= bio.count.into();
            (is_whole && state.split_io == 0 && places.iter().all(stays)).then_some(target)
        };
        let first = target_of(&bios[0]);
        first.is_some() && bios.iter().all(|bio| target_of(bio) == first)
    })
}

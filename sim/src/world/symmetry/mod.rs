//! Which permutations of a world change nothing but names: of scripts that say the same, and of
//! paths that a table uses in the same way.
//!
//! A permutation is one of all worlds that a plan reaches, not of one state. Whatever makes a
//! difference that the plan knows of forbids it; docs/reductions.md says why that is enough.
mod disks;
mod scripts;

use std::hash::{Hash, Hasher};

use dm_model::ids::{BIO_COUNT_MAX, BioId, BioPtr, Device, DiskId, TargetId};
use dm_model::memory::CloneState;

use super::plan::{Context, PlanLine};
use super::rename::Permutation;
use super::{Stage, World};
use crate::drivers::{Target, worker};

/// More elements than this are not looked at: of a larger group a part is taken.
const ELEMENT_COUNT_MAX: usize = 1_000;

/// Of a script: its number, if it is to go on, its tasks and its bios.
type Member = (Option<u8>, Vec<u8>, Vec<BioId>);

/// What is interchangeable, by its numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Class {
    Scripts(Vec<Member>),
    Disks(Vec<DiskId>),
}

/// An element of the group.
#[derive(Clone, Debug)]
struct Element {
    permutation: Permutation,
    /// Of each class: who comes to the first place, to the second, and so on.
    orders: Vec<Vec<u8>>,
}

/// The permutations of a world.
#[derive(Clone, Debug)]
pub struct Symmetry {
    classes: Vec<Class>,
    /// All of them, that which changes nothing first.
    elements: Vec<Element>,
}

impl Symmetry {
    /// The permutations of all worlds that are reached from this one.
    pub fn of(world: &World) -> Self {
        let mut classes = Vec::new();
        if !world.plan.has_steps {
            classes.extend(scripts::classes(world));
            classes.extend(disks::classes(world));
        }
        let identity = Permutation::identity(world);
        let mut elements = vec![Element { permutation: identity, orders: Vec::new() }];
        for class in &classes {
            let orders = orders_of(class.len(), ELEMENT_COUNT_MAX / elements.len());
            let product = elements
                .iter()
                .flat_map(|element| orders.iter().map(|order| element.with(class, order, world)));
            elements = product.collect();
        }
        Self { classes, elements }
    }

    /// How many permutations there are, that which changes nothing among them.
    pub fn count(&self) -> usize {
        self.elements.len()
    }

    /// Whether nothing is interchangeable.
    pub fn is_trivial(&self) -> bool {
        self.elements.len() == 1
    }

    /// Every permutation, that which changes nothing first.
    pub fn permutations(&self) -> impl Iterator<Item = &Permutation> {
        self.elements.iter().map(|element| &element.permutation)
    }

    /// The permutations that put what is interchangeable into the order of what can be told of it
    /// without names: only these can lead to what stands for the world.
    pub fn sorting(&self, world: &World) -> impl Iterator<Item = &Permutation> {
        let signatures: Vec<Vec<u64>> =
            self.classes.iter().map(|class| class.signatures(world)).collect();
        let sorts = move |element: &&Element| {
            element.orders.iter().zip(&signatures).all(|(order, signatures)| {
                order.is_sorted_by_key(|member| signatures[usize::from(*member)])
            })
        };
        self.elements.iter().filter(sorts).map(|element| &element.permutation)
    }

    /// Whether the permutation changes no name.
    pub fn is_identity(&self, permutation: &Permutation) -> bool {
        *permutation == self.elements[0].permutation
    }
}

/// Whether a world has something dead that may still be told apart.
pub fn has_dead_locals(world: &World) -> bool {
    let is_worker = |context| matches!(context, Context::Work(_, worker::PROCESS_QUEUED_IOS));
    let mut clones = world.memory.clones.iter();
    // The device of a clone that has no path any more.
    let has_no_path =
        |clone: &CloneState| clone.info == 0 && clone.device != Device::Disk(DiskId(0));
    world.processes.iter().any(|(context, _)| is_worker(context))
        || clones.any(|(_, clone)| has_no_path(clone))
}

impl Class {
    fn len(&self) -> usize {
        match self {
            Self::Scripts(members) => members.len(),
            Self::Disks(members) => members.len(),
        }
    }

    /// Of each member, what can be told of it without names.
    fn signatures(&self, world: &World) -> Vec<u64> {
        match self {
            Self::Scripts(members) => {
                let of_bios = signatures_of_bios(world);
                members.iter().map(|member| signature(member, world, &of_bios)).collect()
            }
            Self::Disks(members) => {
                members.iter().map(|it| signature_of_disk(world, *it)).collect()
            }
        }
    }
}

/// Mixes what it is fed into a word.
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64((*byte).into());
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_isize(&mut self, word: isize) {
        self.write_u64(word.cast_unsigned() as u64);
    }
}

fn signature((script, tasks, bios): &Member, world: &World, of_bios: &[u64]) -> u64 {
    let mut mixer = Mixer(0);
    if let Some(script) = script.map(|script| world.scripts[usize::from(script)]) {
        mixer.write(&[script.next, u8::from(script.stage == Stage::Ready)]);
    }
    for task in tasks {
        world.results[usize::from(*task)].hash(&mut mixer);
    }
    for bio in bios {
        mixer.write_u64(of_bios[bio.index()]);
    }
    mixer.finish()
}

/// Of each bio, what can be told of it without names.
fn signatures_of_bios(world: &World) -> [u64; BIO_COUNT_MAX] {
    let memory = &world.memory;
    let mut all = [0_u64; BIO_COUNT_MAX];
    // In what order the parts come makes no difference: it depends on names.
    let mut add = |bio: BioId, part: &dyn Fn(&mut Mixer)| {
        let mut mixer = Mixer(0);
        part(&mut mixer);
        all[bio.index()] = all[bio.index()].wrapping_add(mixer.finish());
    };
    for (bio, state) in (0..).map(BioId).zip(&memory.bios) {
        add(bio, &|mixer| (state.place, state.result, state.completions).hash(mixer));
    }
    for (index, md) in memory.mds.iter().enumerate() {
        for (list, bios) in [&md.deferred, &md.flushing, &md.pushback].into_iter().enumerate() {
            for (turn, bio) in bios.iter().enumerate() {
                if let BioPtr::Original(bio) = bio {
                    add(bio, &|mixer| mixer.write(&[1, index as u8, list as u8, turn as u8]));
                }
            }
        }
    }
    for (clone, state) in memory.clones.iter() {
        let numbers = (clone.fragment() as u8, state.place);
        add(clone.original(), &|mixer| (2_u8, numbers).hash(mixer));
    }
    for (context, process) in world.processes.iter() {
        let bio = match context {
            Context::Irq(clone, _) => clone.original(),
            Context::Io(bio) => bio,
            Context::Work(..) | Context::Signal(_) | Context::Task(_) => continue,
        };
        let what = std::mem::discriminant(process.frame());
        let is_irq = matches!(context, Context::Irq(..));
        add(bio, &|mixer| (3_u8, is_irq, process.frames().len() as u8, what).hash(mixer));
    }
    all
}

fn signature_of_disk(world: &World, disk: DiskId) -> u64 {
    let mut mixer = Mixer(0);
    let state = world.disk(disk);
    (state.link, state.held).hash(&mut mixer);
    mixer.write(&[state.queue.len() as u8]);
    for (index, target) in world.memory.targets.iter().enumerate() {
        let kind = world.plan.setup.drivers.kind(TargetId(index as u8));
        let (Some(spec), Target::Multipath { state, .. }) = (kind.multipath(), target) else {
            continue;
        };
        for path in spec.paths_on(Device::Disk(disk)) {
            for group in state.groups.as_slice() {
                for list in [&group.valid, &group.invalid] {
                    let turn = list.iter().position(|it| it == path);
                    mixer.write(&[turn.map_or(u8::MAX, |turn| turn as u8)]);
                }
            }
        }
    }
    mixer.finish()
}

impl Element {
    /// The permutation that puts the members of a class into this order too.
    fn with(&self, class: &Class, order: &[u8], world: &World) -> Self {
        let mut element = self.clone();
        element.orders.push(order.to_vec());
        let Permutation { names, scripts } = &mut element.permutation;
        for (place, member) in order.iter().enumerate() {
            let member = usize::from(*member);
            match class {
                Class::Scripts(members) => {
                    let (from, to) = (&members[member], &members[place]);
                    if let (Some(from), Some(to)) = (from.0, to.0) {
                        scripts[usize::from(from)] = to;
                    }
                    for (from, to) in from.1.iter().zip(&to.1) {
                        names.tasks[usize::from(*from)].0 = *to;
                    }
                    for (from, to) in from.2.iter().zip(&to.2) {
                        names.bios[from.index()] = *to;
                        let bios = &world.plan.setup.bios;
                        let [old, new] = [from, to].map(|bio| bios[bio.index()].sector);
                        names.shifts[from.index()] = new.wrapping_sub(old).cast_signed();
                    }
                }
                Class::Disks(members) => names.disks[members[member].index()] = members[place],
            }
        }
        if let Class::Disks(_) = class {
            for (target, paths) in names.paths.iter_mut().enumerate() {
                let kind = world.plan.setup.drivers.kind(TargetId(target as u8));
                let Some(spec) = kind.multipath() else { continue };
                for (path, from) in spec.paths() {
                    let to = device_of(&names.disks, from.device);
                    let (to, _) = spec.paths().find(|(_, it)| it.device == to).expect("it is one");
                    paths[path.index()] = to.0;
                }
            }
        }
        element
    }
}

/// Every order of so many, the usual one first; of fewer of them where that would be too many.
fn orders_of(count: usize, most: usize) -> Vec<Vec<u8>> {
    let mut orders: Vec<Vec<u8>> = vec![Vec::new()];
    for member in 0..count {
        if orders.len() * (member + 1) > most {
            for order in &mut orders {
                order.push(member as u8);
            }
            continue;
        }
        let longer = orders.iter().flat_map(|order| {
            (0..=order.len()).rev().map(|place| {
                let mut longer = order.clone();
                longer.insert(place, member as u8);
                longer
            })
        });
        orders = longer.collect();
    }
    orders
}

/// Whether no line of the script begins any more.
fn is_over(world: &World, script: usize) -> bool {
    let state = &world.scripts[script];
    usize::from(state.next) == world.plan.scripts[script].len() && state.stage == Stage::Ready
}

/// The lines that may still begin.
pub(super) fn to_come(world: &World) -> impl Iterator<Item = &PlanLine> {
    let scripts = world.plan.scripts.iter().enumerate();
    scripts.filter(|(script, _)| !is_over(world, *script)).flat_map(|(_, lines)| lines)
}

fn device_of(disks: &[DiskId], device: Device) -> Device {
    match device {
        Device::Disk(disk) => Device::Disk(disks[disk.index()]),
        Device::Md(_) => device,
    }
}

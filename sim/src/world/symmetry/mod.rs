//! Which permutations of a world change nothing but names: of scripts that say the same, and of
//! paths that a table uses in the same way.
//!
//! A permutation is one of all worlds that a plan reaches, not of one state. Whatever makes a
//! difference that the plan knows of forbids it; docs/reductions.md says why that is enough.
mod disks;
mod scripts;

use std::hash::{DefaultHasher, Hash, Hasher};

use dm_model::ids::{BioId, BioPtr, Device, DiskId, TargetId};

use super::plan::{Context, PlanLine};
use super::rename::Permutation;
use super::{Stage, World};
use crate::drivers::worker;

/// More elements than this are not looked at: of a larger group a part is taken.
const ELEMENT_COUNT_MAX: usize = 1_000;

/// What is interchangeable, by its numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Class {
    /// Of each: its script, if that is to go on, its tasks and its bios.
    Scripts(Vec<(Option<u8>, Vec<u8>, Vec<BioId>)>),
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
    pub fn len(&self) -> usize {
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
    world.processes.iter().any(|(context, _)| is_worker(context))
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
                let signature = |(script, tasks, bios): &(Option<u8>, Vec<u8>, Vec<BioId>)| {
                    let mut hasher = DefaultHasher::new();
                    if let Some(script) = script.map(|script| world.scripts[usize::from(script)]) {
                        let is_ready = script.stage == Stage::Ready;
                        (script.next, is_ready).hash(&mut hasher);
                    }
                    tasks.iter().for_each(|it| world.results[usize::from(*it)].hash(&mut hasher));
                    bios.iter().for_each(|bio| feed_bio(world, *bio, &mut hasher));
                    hasher.finish()
                };
                members.iter().map(signature).collect()
            }
            Self::Disks(members) => {
                let signature = |disk: &DiskId| {
                    let mut hasher = DefaultHasher::new();
                    let disk = world.disk(*disk);
                    (disk.link, disk.held, disk.queue.len()).hash(&mut hasher);
                    hasher.finish()
                };
                members.iter().map(signature).collect()
            }
        }
    }
}

fn feed_bio(world: &World, bio: BioId, hasher: &mut DefaultHasher) {
    let state = &world.memory.bios[bio.index()];
    (state.place, state.result, state.completions).hash(hasher);
    for md in &world.memory.mds {
        for list in [&md.deferred, &md.flushing, &md.pushback] {
            list.iter().position(|it| it == BioPtr::Original(bio)).hash(hasher);
        }
    }
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
            orders.iter_mut().for_each(|order| order.push(member as u8));
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

//! The world that the threads have left, when all of them have ended.
use dm_model::errno::Code;
use dm_model::ids::{TableId, TaskId};
use dm_model::memory::{BioList, Lock};
use dm_model::plain::{Io, Plain};
use dm_sim::drivers::Sim;
use dm_sim::world::{Script, Stage, World};

use crate::engine::{Engine, Ordering};
use crate::round::Job;
use crate::shared::{Shared, Slot, Value};

impl<E: Engine> Shared<E> {
    /// The world that the threads have left, when all of them have ended.
    pub fn collect(&self) -> World {
        let mut world = self.round.world.clone();
        self.collect_memory(&mut world);
        for (lun, shared) in world.luns.iter_mut().zip(&self.luns) {
            *lun = shared.with(|lun| lun.clone());
        }
        for (index, jobs) in self.round.jobs.iter().enumerate() {
            let done = self.record.jobs_done(index);
            for job in &jobs[..done.min(jobs.len())] {
                if let Job::Script(script) = job {
                    let next = world.plan().scripts[*script].len() as u8;
                    world.scripts[*script] = Script { next, stage: Stage::Ready };
                }
            }
        }
        for (task, code) in self.record.at_once() {
            world.results[task.index()] = Some(code);
        }
        for (context, process) in self.stopped.with(|stopped| stopped.clone()) {
            *world.processes.get_mut(context).expect("it was there") = process;
        }
        for (context, code) in self.record.ends() {
            if world.processes.get(context).is_some() {
                world.processes.remove(context);
            }
            world.process_ended(context, code);
        }
        world
    }

    fn collect_memory(&self, world: &mut World) {
        let memory = &mut world.memory;
        for (md, shared) in memory.mds.iter_mut().zip(&self.mds) {
            let count = |atomic: &E::Atomic| small(final_value::<E>(atomic));
            md.flags = count(&shared.flags);
            md.pending = count(&shared.pending);
            md.holders = count(&shared.holders);
            md.open_count = count(&shared.open_count);
            md.event_nr = final_value::<E>(&shared.event_nr).cast_unsigned();
            md.capacity = final_value::<E>(&shared.size).cast_unsigned();
            md.deferred = list(&shared.deferred);
            md.flushing = list(&shared.flushing);
            md.pushback = list(&shared.pushback);
            md.map = table(&shared.map);
            md.inactive = table(&shared.inactive);
            md.hashed = yes(&shared.hashed);
            md.suspended_bdev = yes(&shared.suspended_bdev);
            md.waiter = task(&shared.waiter);
            md.faults = small(shared.faults.get() as i32);
            md.exists = shared.exists.get() != 0;
            md.pools_freed = shared.pools_freed.get() != 0;
            md.freed = shared.freed.get() != 0;
        }
        for thread in 0..self.round.jobs.len() {
            for (lock, is_shared) in self.round.held_by(thread) {
                set_held(memory, lock, is_shared, false);
            }
        }
        for (lock, is_shared) in self.left.with(|left| left.clone()) {
            set_held(memory, lock, is_shared, true);
        }
        for (table, shared) in memory.tables.iter_mut().zip(&self.tables) {
            table.holders = small(final_value::<E>(&shared.holders));
            table.event_fn = yes(&shared.event_fn);
            table.freed = shared.freed.get() != 0;
        }
        for (target, shared) in memory.targets.iter_mut().zip(&self.targets) {
            let Value::Target(state) = shared.data.copy() else { unreachable!("it is a target") };
            *target = state;
        }
        for (disk, shared) in memory.disks.iter_mut().zip(&self.disks) {
            let Value::Disk(state) = shared.data.copy() else { unreachable!("it is a disk") };
            *disk = state;
        }
        for (task, shared) in memory.tasks.iter_mut().zip(&self.tasks) {
            task.interruptible = final_value::<E>(&shared.state) != 0;
            task.signal_pending = final_value::<E>(&shared.signal) != 0;
        }
        for (bio, shared) in memory.bios.iter_mut().zip(&self.bios) {
            *bio = shared.bio.with(|bio| bio.clone());
        }
        memory.works = self.works.with(|works| works.clone());
        memory.ios = dm_model::sorted::Map::new();
        for (id, io) in self.ios.with(|ios| ios.clone()) {
            let state = Io {
                md: io.md,
                bio: io.bio,
                error: Code(final_value::<E>(&io.error) as i8),
                io_count: small(final_value::<E>(&io.count)),
                counted: io.counted.get() != 0,
            };
            memory.ios.insert(id, state);
        }
        memory.clones = dm_model::sorted::Map::new();
        for (id, clone) in self.clones.with(|clones| clones.clone()) {
            memory.clones.insert(id, clone.state.with(|state| *state));
        }
    }
}

/// The value of an atomic that no thread touches any more.
fn final_value<E: Engine>(atomic: &E::Atomic) -> i32 {
    E::load(atomic, Ordering::SeqCst)
}

fn small(value: i32) -> u8 {
    u8::try_from(value).expect("a count of the model stays between 0 and 255")
}

fn set_held(memory: &mut Plain<Sim>, lock: Lock, shared: bool, held: bool) {
    let count = |readers: u8| if held { readers + 1 } else { readers - 1 };
    match lock {
        Lock::Hash if shared => memory.hash_readers = count(memory.hash_readers),
        Lock::Hash => memory.hash_writer = held,
        Lock::Suspend(md) => memory.mds[md.index()].suspend_locked = held,
        Lock::Inode(md) => memory.mds[md.index()].inode_locked = held,
        Lock::Io(md) if shared => {
            let readers = &mut memory.mds[md.index()].io_readers;
            *readers = count(*readers);
        }
        Lock::Io(md) => memory.mds[md.index()].io_writer = held,
        Lock::Minor
        | Lock::Map(_)
        | Lock::Event
        | Lock::Pushback(_)
        | Lock::Wait(_)
        | Lock::Target(_)
        | Lock::Disk(_) => unreachable!("{lock:?} is not held across steps"),
    }
}

fn list<E: Engine>(slot: &Slot<E>) -> BioList {
    let Value::List(list) = slot.copy() else { unreachable!("it is a list") };
    list
}

fn table<E: Engine>(slot: &Slot<E>) -> Option<TableId> {
    let Value::Table(table) = slot.copy() else { unreachable!("it is a table") };
    table
}

fn yes<E: Engine>(slot: &Slot<E>) -> bool {
    let Value::Yes(yes) = slot.copy() else { unreachable!("it is yes or no") };
    yes
}

fn task<E: Engine>(slot: &Slot<E>) -> Option<TaskId> {
    let Value::Task(task) = slot.copy() else { unreachable!("it is a task") };
    task
}

//! The work items of multipath: `process_queued_ios`, labels K1..K6, and `trigger_event`, TE1.
//!
//! KERNEL.md B.3; dm-mpath.c read in 2.6.24, where one queue, `kmultipathd`, runs both. Each item
//! of each target is a context of its own here: two processors that run the same item at once,
//! which a per-CPU work queue allows, are not modelled.
use std::fmt::Debug;

use dm_model::effect::{Effect, Object};
use dm_model::endio::DecPending;
use dm_model::errno::{Code, Errno};
use dm_model::frame::{Frame, Next, Step, bio_endio};
use dm_model::ids::{BioPtr, CloneId, Device, DiskId, LIST_COUNT_MAX, TargetId};
use dm_model::memory::{Lock, Memory, Word};
use dm_model::mutant::Mutant;
use dm_model::queue::Queue;
use dm_model::submit::Submit;

use super::mpath::{map_io_locked, with_state};
use super::{Sim, Target, disk};
use crate::multipath::rules;

/// The bit of `process_queued_ios`.
pub const PROCESS_QUEUED_IOS: u8 = 0;
/// The bit of `trigger_event`.
pub const TRIGGER_EVENT: u8 = 1;
/// The bit of a hardware handler's command that is under way; its end is `dm_pg_init_complete`.
pub const PG_INIT: u8 = 2;
/// What `flush_workqueue(kmultipathd)` waits for: it knows nothing of the handler's command.
pub const FLUSHED: u8 = 1 << PROCESS_QUEUED_IOS | 1 << TRIGGER_EVENT;

/// Labels of [`Call`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum K {
    /// `process_queued_ios`: the first section.
    K1,
    /// `hwh->type->pg_init`: the handler's command goes out.
    K2,
    /// `dispatch_queued_ios`: the queue is taken.
    K3,
    /// `dispatch_queued_ios`: `map_io` of the next clone.
    K4,
    /// `dispatch_queued_ios`: the clone goes to a disk.
    K5,
    /// `dispatch_queued_ios`: in `bio_endio` or in a mapped device below.
    K6,
    /// `dm_table_event`, under `_event_lock`.
    TE1,
}

/// A work item of multipath.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Call {
    pub(super) target: TargetId,
    pub(super) clone: CloneId,
    pub(super) disk: DiskId,
    pub(super) dispatch: bool,
    pub(super) more: bool,
    pub(super) label: K,
}

impl Call {
    /// The work item as the work queue calls it.
    pub fn new(target: TargetId, work: u8) -> Self {
        let label = if work == TRIGGER_EVENT { K::TE1 } else { K::K1 };
        let (clone, disk) = (CloneId(0), DiskId(0));
        Self { target, clone, disk, dispatch: false, more: false, label }
    }

    /// The target is looked at.
    pub fn begin<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Next<Sim> {
        memory.touch(Object::Target(self.target));
        Next::Continue
    }

    /// One section.
    ///
    /// # Errors
    /// `Blocked` when it cannot be taken now.
    pub fn step<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Step<Sim> {
        match self.label {
            K::K1 => self.process_queued_ios(memory),
            K::K2 => {
                memory.queue_work(self.target, PG_INIT);
                Ok(self.after_pg_init())
            }
            K::K3 => {
                memory.with_lock(Lock::Target(self.target), |memory| {
                    let stolen = with_state(memory, self.target, |m, _| rules::steal_queued(m));
                    for clone in stolen.iter() {
                        memory.set_clone_place(clone, dm_model::memory::ClonePlace::Hands);
                    }
                    self.more = !stolen.is_empty();
                    *dispatching(memory, self.target) = stolen;
                })?;
                Ok(self.next_clone())
            }
            K::K4 => self.map_next(memory),
            K::K5 => {
                disk::submit(memory, self.disk, self.clone)?;
                Ok(self.next_clone())
            }
            K::TE1 => {
                self.trigger_event(memory)?;
                Ok(Next::Return(Code::OK))
            }
            K::K6 => unreachable!("a call is under way"),
        }
    }

    /// A clone's end, or its submission below, is over.
    pub fn returned<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M, _: Code) -> Next<Sim> {
        assert_eq!(self.label, K::K6, "only K6 calls");
        memory.touch(Object::Target(self.target));
        self.next_clone()
    }

    /// The label that is executed next.
    pub fn label(&self) -> &dyn Debug {
        &self.label
    }

    fn process_queued_ios<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Step<Sim> {
        let waits = memory.mutant() == Mutant::WorkerWaitsForPath;
        let decided = memory.with_lock(Lock::Target(self.target), |memory| {
            with_state(memory, self.target, |m, spec| {
                let mut decided = rules::process_queued_ios(m, spec);
                decided.dispatch &= !waits || m.current_path.is_some();
                decided
            })
        })?;
        if decided.pg_init_without_path {
            return Ok(Next::Bug("NULL dereference: pg_init without a path"));
        }
        let always = memory.mutant() == Mutant::DispatchWithoutPath;
        self.dispatch = decided.dispatch || always;
        if decided.pg_init.is_some() {
            self.label = K::K2;
            return Ok(Next::Continue);
        }
        Ok(self.after_pg_init())
    }

    fn after_pg_init(&mut self) -> Next<Sim> {
        if !self.dispatch {
            return Next::Return(Code::OK);
        }
        self.label = K::K3;
        Next::Continue
    }

    fn next_clone(&mut self) -> Next<Sim> {
        if !self.more {
            return Next::Return(Code::OK);
        }
        self.label = K::K4;
        Next::Continue
    }

    fn map_next<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Step<Sim> {
        let target = self.target;
        let mapped = memory.with_lock(Lock::Target(target), |memory| {
            let list = dispatching(memory, target);
            self.clone = list.pop_front().expect("there are more to dispatch");
            self.more = !list.is_empty();
            if memory.mutant() == Mutant::WorkerDropsClones {
                *dispatching(memory, target) = Queue::new();
                self.more = false;
            }
            map_io_locked(memory, target, self.clone, true)
        })?;
        let bio = BioPtr::Clone(self.clone);
        self.label = K::K6;
        Ok(match mapped.device {
            Some(Device::Disk(disk)) => {
                self.disk = disk;
                self.label = K::K5;
                Next::Continue
            }
            Some(Device::Md(md)) => Next::Call(Frame::Submit(Submit::new(md, bio))),
            None if mapped.verdict == Code::SUBMITTED => self.next_clone(),
            None if memory.mutant() == Mutant::WorkerSkipsEndIo => {
                memory.free_clone(self.clone);
                let code = Errno::Io.code();
                Next::Call(Frame::DecPending(DecPending::new(self.clone.io(), code)))
            }
            // REQUEUE ends as -EIO here; multipath_end_io, which that enters, decides again.
            None if mapped.verdict == Code::REQUEUE => bio_endio(bio, Errno::Io.code()),
            None => bio_endio(bio, mapped.verdict),
        })
    }

    fn trigger_event<M: Memory<Drivers = Sim>>(
        self,
        memory: &mut M,
    ) -> Result<(), dm_model::memory::Blocked> {
        let setup = memory.setup();
        let table = setup.targets[self.target.index()].table;
        let md = setup.tables[table.index()].md;
        memory.with_lock(Lock::Event, |memory| {
            if *memory.event_fn(table) {
                memory.add(Word::EventNr(md), 1);
                memory.emit(Effect::Event(md));
            }
        })
    }
}

fn dispatching<M: Memory<Drivers = Sim>>(
    memory: &mut M,
    target: TargetId,
) -> &mut Queue<CloneId, LIST_COUNT_MAX> {
    match memory.target(target).0 {
        Target::Multipath { dispatching, .. } => dispatching,
        Target::Stateless | Target::Delay(_) => unreachable!("the target is multipath"),
    }
}

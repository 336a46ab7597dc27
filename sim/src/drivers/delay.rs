//! delay: a target that keeps bios for a while, labels DL1..DL9.
//!
//! dm-delay.c, read in 2.6.24 (it came with 2.6.22; here it stands for any target that delays). An
//! armed timer is a pending work item: virtual time is not state, so it may fire at any step.
use std::fmt::Debug;

use dm_model::driver::Entry;
use dm_model::effect::{Effect, Object, StatusKind};
use dm_model::errno::Code;
use dm_model::frame::{Frame, Next, Step};
use dm_model::ids::{BioPtr, CloneId, Device, LIST_COUNT_MAX, TargetId};
use dm_model::memory::{ClonePlace, Lock, Memory};
use dm_model::queue::Queue;
use dm_model::submit::Submit;

use super::simple::preresume;
use super::{Sim, Target, disk};
use crate::table::Kind;

/// The bit of the timer, and of the work that it queues.
pub const TIMER: u8 = 3;
/// What `flush_workqueue(kdelayd_wq)` waits for.
const FLUSHED: u8 = 1 << TIMER;

/// The state of a delay target (`struct delay_c`).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Delay {
    /// `may_delay`: between resume and presuspend.
    pub may_delay: bool,
    /// `delayed_bios`, oldest first.
    pub delayed: Queue<CloneId, LIST_COUNT_MAX>,
    /// What a flush has taken and not sent on yet: its local list.
    pub flushing: Queue<CloneId, LIST_COUNT_MAX>,
}

impl Delay {
    /// The target as its constructor leaves it.
    pub fn new() -> Self {
        Self { may_delay: true, delayed: Queue::new(), flushing: Queue::new() }
    }
}

impl Default for Delay {
    fn default() -> Self {
        Self::new()
    }
}

/// Labels of [`Call`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum D {
    /// `delay_map`: the bio is kept.
    DL1,
    /// `delay_presuspend`: no more delays; what is kept is taken.
    DL2,
    /// The timer has fired: what has expired is taken.
    DL3,
    /// `flush_bios`: the next bio is sent on.
    DL4,
    /// `delay_resume`.
    DL5,
    /// `delay_dtr`: `flush_workqueue`.
    DL6,
    /// `delay_status`.
    DL7,
    /// In the mapped device below.
    DL8,
    /// `preresume`, which delay lacks: it exists only to fail where a scenario wants it to.
    DL9,
}

/// A method of delay, or its timer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Call {
    pub(super) target: TargetId,
    pub(super) clone: CloneId,
    pub(super) kind: StatusKind,
    pub(super) more: bool,
    pub(super) label: D,
}

impl Call {
    /// The call that enters a method; `None` where there is none.
    pub fn enter(entry: Entry) -> Option<Self> {
        let (target, label) = match entry {
            Entry::Map(target, _) => (target, D::DL1),
            Entry::Presuspend(target) => (target, D::DL2),
            // A suspend that was interrupted is undone as a resume would.
            Entry::Resume(target) | Entry::PresuspendUndo(target) => (target, D::DL5),
            Entry::Status(target, _) => (target, D::DL7),
            Entry::Destroy(target) => (target, D::DL6),
            Entry::Preresume(target) => (target, D::DL9),
            Entry::EndIo(..) | Entry::Postsuspend(_) | Entry::Message(..) => return None,
        };
        let clone = if let Entry::Map(_, clone) = entry { clone } else { CloneId(0) };
        let kind = if let Entry::Status(_, kind) = entry { kind } else { StatusKind::Info };
        Some(Self { target, clone, kind, more: false, label })
    }

    /// The timer's work.
    pub fn timer(target: TargetId) -> Self {
        let (clone, kind) = (CloneId(0), StatusKind::Info);
        Self { target, clone, kind, more: false, label: D::DL3 }
    }

    /// Where a bio is sent is decided without a lock.
    pub fn begin<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Next<Sim> {
        memory.touch(Object::Target(self.target));
        match self.label {
            D::DL1 => self.map(memory),
            D::DL9 => Next::Return(preresume(memory, self.target)),
            D::DL2 | D::DL3 | D::DL4 | D::DL5 | D::DL6 | D::DL7 | D::DL8 => Next::Continue,
        }
    }

    /// One section.
    ///
    /// # Errors
    /// `Blocked` when it cannot be taken now.
    pub fn step<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Step<Sim> {
        let target = self.target;
        match self.label {
            D::DL1 => self.keep(memory),
            D::DL2 => {
                self.take(memory, |memory| {
                    let state = delay(memory, target);
                    state.may_delay = false;
                    state.delayed.len()
                })?;
                Ok(self.next_bio())
            }
            D::DL3 => self.expire(memory),
            D::DL4 => self.send(memory),
            D::DL5 => {
                memory.with_lock(Lock::Target(target), |memory| {
                    delay(memory, target).may_delay = true;
                })?;
                Ok(Next::Return(Code::OK))
            }
            D::DL6 => {
                memory.flush_work(target, FLUSHED)?;
                Ok(Next::Return(Code::OK))
            }
            D::DL7 => {
                memory.with_lock(Lock::Target(target), |memory| {
                    memory.emit(Effect::StatusRead(target, self.kind));
                })?;
                Ok(Next::Return(Code::OK))
            }
            D::DL8 | D::DL9 => unreachable!("a call is under way"),
        }
    }

    /// The submission to a mapped device below is over.
    pub fn returned<M: Memory<Drivers = Sim>>(&mut self, _memory: &mut M, _: Code) -> Next<Sim> {
        assert_eq!(self.label, D::DL8, "only DL8 calls");
        self.next_bio()
    }

    /// The label that is executed next.
    pub fn label(&self) -> &dyn Debug {
        &self.label
    }

    fn map<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Next<Sim> {
        let setup = memory.setup();
        let begin = setup.targets[self.target.index()].begin;
        let (read, write) = match setup.drivers.kind(self.target) {
            Kind::Delay { read, write } => (*read, *write),
            Kind::Linear { .. }
            | Kind::Striped { .. }
            | Kind::Error
            | Kind::Zero
            | Kind::Multipath(_) => unreachable!("the target is delay"),
        };
        let is_write = memory.is_write(BioPtr::Clone(self.clone));
        let (device, start, milliseconds) = write.filter(|_| is_write).unwrap_or(read);
        memory.change_clone(self.clone, |clone| {
            clone.device = device;
            clone.sector = start as u32 + (clone.sector - begin);
        });
        if milliseconds == 0 { Next::Return(Code::REMAPPED) } else { Next::Continue }
    }

    fn keep<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Step<Sim> {
        let (target, clone) = (self.target, self.clone);
        let kept = memory.with_lock(Lock::Target(target), |memory| {
            let state = delay(memory, target);
            let kept = state.may_delay;
            if kept {
                state.delayed.push_back(clone);
                memory.set_clone_place(clone, ClonePlace::Target);
                memory.queue_work(target, TIMER);
            }
            kept
        })?;
        Ok(Next::Return(if kept { Code::SUBMITTED } else { Code::REMAPPED }))
    }

    /// Takes the oldest of the kept bios, as many as `count` says.
    fn take<M: Memory<Drivers = Sim>>(
        &mut self,
        memory: &mut M,
        count: impl FnOnce(&mut M) -> usize,
    ) -> Result<(), dm_model::memory::Blocked> {
        let target = self.target;
        memory.with_lock(Lock::Target(target), |memory| {
            let count = count(memory);
            let state = delay(memory, target);
            for _ in 0..count {
                let clone = state.delayed.pop_front().expect("so many are kept");
                state.flushing.push_back(clone);
            }
            self.more = !state.flushing.is_empty();
            if !state.delayed.is_empty() {
                memory.queue_work(target, TIMER);
            }
        })
    }

    /// How many bios have expired is a choice: at least the oldest.
    fn expire<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Step<Sim> {
        let target = self.target;
        self.take(memory, |memory| {
            let kept = delay(memory, target).delayed.len();
            if kept > 1 { kept - usize::from(memory.choose(kept as u8)) } else { kept }
        })?;
        Ok(self.next_bio())
    }

    fn next_bio(&mut self) -> Next<Sim> {
        if !self.more {
            return Next::Return(Code::OK);
        }
        self.label = D::DL4;
        Next::Continue
    }

    fn send<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Step<Sim> {
        let target = self.target;
        memory.lock(Lock::Target(target))?;
        let state = delay(memory, target);
        let next = state.flushing.pop_front();
        self.more = !state.flushing.is_empty();
        // Another flush may have sent it: the model keeps one local list for both.
        let device = next.map(|clone| memory.clone_state(clone).device);
        if let (Some(clone), Some(Device::Disk(disk))) = (next, device) {
            disk::submit(memory, disk, clone)?;
        }
        memory.unlock(Lock::Target(target));
        match (next, device) {
            (Some(clone), Some(Device::Md(md))) => {
                self.label = D::DL8;
                Ok(Next::Call(Frame::Submit(Submit::new(md, BioPtr::Clone(clone)))))
            }
            _ => Ok(self.next_bio()),
        }
    }
}

fn delay<M: Memory<Drivers = Sim>>(memory: &mut M, target: TargetId) -> &mut Delay {
    match memory.target(target).0 {
        Target::Delay(delay) => delay,
        Target::Stateless | Target::Multipath { .. } => unreachable!("the target is delay"),
    }
}

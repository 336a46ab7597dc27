//! Completion: `clone_endio` and `dec_pending`, labels E1..E3 and P1..P7, in any context.
//!
//! KERNEL.md A.3; dm.c of commit 2e93ccc1933d.
use std::fmt::Debug;

use crate::driver::{Drivers, Entry};
use crate::effect::{Effect, Object};
use crate::era::Era;
use crate::errno::{Code, Errno};
use crate::flags::Flag;
use crate::frame::{Frame, Function, Next, Step, bio_endio, call_target};
use crate::ids::{BioPtr, CloneId, IoId, MdId, TargetId};
use crate::memory::{BioPlace, Fault, Lock, Memory, Word};
use crate::mutant::Mutant;
use crate::reissue::REISSUE;

/// Labels of [`CloneEndio`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum E {
    /// In the target's `end_io`.
    E1,
    /// In `dec_pending`.
    E2,
    /// The clone and its `target_io` go back to their pools, after the reference was dropped.
    E3,
}

/// What the core does about a verdict of `end_io`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum EndioVerdict {
    /// The clone ends with the error that it came with.
    Keep,
    /// The clone ends with this instead.
    Replace(Code),
    /// The target keeps the clone.
    Incomplete,
    /// The kernel stops.
    Bug,
}

/// How a kernel reads what `end_io` returned.
pub fn endio_verdict(era: Era, code: Code) -> EndioVerdict {
    let requeue = era.core_pushes_back() && code == Code::REQUEUE;
    let incomplete = code == Code::INCOMPLETE || !era.unknown_verdict_is_a_bug();
    match code {
        Code::OK => EndioVerdict::Keep,
        _ if code.is_error() || requeue => EndioVerdict::Replace(code),
        _ if incomplete => EndioVerdict::Incomplete,
        _ => EndioVerdict::Bug,
    }
}

/// `clone_endio`: a clone comes back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct CloneEndio {
    pub(crate) md: MdId,
    pub(crate) target: TargetId,
    pub(crate) clone: CloneId,
    pub(crate) error: Code,
    pub(crate) label: E,
}

impl CloneEndio {
    /// The clone with the error that the layer below gave it.
    pub fn new(clone: CloneId, error: Code) -> Self {
        Self { md: MdId(0), target: TargetId(0), clone, error, label: E::E1 }
    }

    fn drop_reference<D: Drivers>(&mut self) -> Next<D> {
        self.label = E::E2;
        Next::Call(Frame::DecPending(DecPending::new(self.clone.io(), self.error)))
    }
}

impl<D: Drivers> Function<D> for CloneEndio {
    fn enter<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        self.md = memory.io(self.clone.io()).0;
        memory.touch(Object::Md(self.md));
        let target = memory.clone_state(self.clone).target;
        self.target = target;
        memory.touch(Object::Target(target));
        if memory.take_fault(self.md, Fault::EndIo) {
            let verdict = memory.setup().forced_end_io;
            return Function::<D>::returned(self, memory, verdict);
        }
        let entry = Entry::EndIo(target, self.clone, self.error);
        let Some(call) = call_target(memory, entry) else {
            return self.drop_reference();
        };
        memory.emit(Effect::TargetEntered(target, self.clone));
        call
    }

    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        match self.label {
            E::E3 => {
                memory.touch(Object::Pools(self.md));
                memory.free_clone(self.clone);
                Ok(Next::Return(Code::OK))
            }
            E::E1 | E::E2 => unreachable!("a call is under way"),
        }
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, code: Code) -> Next<D> {
        match self.label {
            E::E1 => {
                // The target may have kept the clone, and be done with it by now.
                memory.emit(Effect::Ended(self.target, self.clone, code));
                let is_lost =
                    code == Code::REQUEUE && memory.mutant() == Mutant::EndIoRequeueIgnored;
                match endio_verdict(memory.era(), if is_lost { Code::OK } else { code }) {
                    EndioVerdict::Keep => self.drop_reference(),
                    EndioVerdict::Replace(code) => {
                        self.error = code;
                        self.drop_reference()
                    }
                    EndioVerdict::Incomplete => Next::Return(Code::INCOMPLETE),
                    EndioVerdict::Bug => Next::Bug("unimplemented target endio return value"),
                }
            }
            E::E2 => {
                self.label = E::E3;
                Next::Continue
            }
            E::E3 => unreachable!("no call is under way"),
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

/// Labels of [`DecPending`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum P {
    /// Reads `io->error`, without a lock.
    P1a,
    /// Tests NOFLUSH, because push-back supersedes errors.
    P1b,
    /// Writes `io->error`, without a lock.
    P1c,
    /// `io_count` falls.
    P2,
    /// REQUEUE: the bio is parked, or fails because the flag is clear.
    P3,
    /// `pending` falls.
    P4,
    /// `wake_up`, because it fell to 0.
    P5,
    /// In `bio_endio`.
    P6,
    /// The `dm_io` goes back to its pool, after the bio was completed.
    P7,
    /// Mutant: P3 with the flag tested before the lock is taken.
    P3Append,
}

/// `dec_pending`: a reference to a `dm_io` is dropped, with an error or without.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DecPending {
    pub(crate) io: IoId,
    pub(crate) error: Code,
    pub(crate) md: MdId,
    pub(crate) bio: BioPtr,
    pub(crate) label: P,
}

impl DecPending {
    /// Drops a reference to `io` whose holder has this error, or 0.
    pub fn new(io: IoId, error: Code) -> Self {
        Self { io, error, md: MdId(0), bio: BioPtr::default(), label: P::P2 }
    }

    /// The bio is parked (P3, with the flag set).
    fn push_back<M: Memory>(&self, memory: &mut M) {
        memory.pushback(self.md).push_back(self.bio);
        memory.set_place(self.bio, BioPlace::Pushback);
        memory.emit(Effect::PushedBack(self.md, self.bio, self.io));
    }

    /// REQUEUE outside a noflush suspend: the bio fails.
    fn fail<M: Memory>(&mut self, memory: &mut M) {
        self.error = Errno::Io.code();
        memory.emit(Effect::RequeueFailed(self.md, self.bio, self.io));
    }

    /// Mutant: P3 without a lock and a list of its own.
    fn defer<M: Memory>(&self, memory: &mut M) -> Result<(), crate::memory::Blocked> {
        memory.with_lock(Lock::Io(self.md), |memory| {
            memory.deferred(self.md).push_back(self.bio);
            memory.set_place(self.bio, BioPlace::Deferred);
            memory.emit(Effect::Deferred(self.md, self.bio));
        })
    }

    fn park<M: Memory>(&mut self, memory: &mut M) -> Result<(), crate::memory::Blocked> {
        let mut this = *self;
        memory.with_lock(Lock::Pushback(self.md), |memory| {
            let noflush = memory.test_bit(this.md, Flag::NoflushSuspending);
            let parks = (noflush || memory.mutant() == Mutant::ParkedWithoutFlag)
                && memory.mutant() != Mutant::RequeueIsAnError;
            if parks {
                this.push_back(memory);
            } else if memory.era().parks_late_requeues() {
                this.push_back(memory);
                let work = memory.setup().work_of(this.md);
                memory.queue_work(work, REISSUE);
            } else {
                this.fail(memory);
            }
        })?;
        *self = this;
        Ok(())
    }

    /// Where the last reference goes: P3 for REQUEUE, else P4.
    fn last_reference<M: Memory>(&mut self, memory: &mut M) {
        // Nobody else refers to the `dm_io` any more: the read of its error is private.
        self.error = memory.last_error(self.io);
        let requeue = memory.era().core_pushes_back() && self.error == Code::REQUEUE;
        let pending_first = memory.mutant() == Mutant::PendingBeforeAppend;
        self.label = if requeue && !pending_first { P::P3 } else { P::P4 };
    }

    /// P6, where the bio is done with.
    fn end<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        if memory.era().core_pushes_back() && self.error == Code::REQUEUE {
            if memory.mutant() == Mutant::RequeueCompletesToo {
                self.label = P::P6;
                return bio_endio(self.bio, Errno::Io.code());
            }
            self.label = P::P7;
            return Next::Continue;
        }
        memory.touch(Object::Md(self.md));
        memory.set_place(self.bio, BioPlace::Hands);
        self.label = P::P6;
        bio_endio(self.bio, self.error)
    }

    /// What follows P3 once `pending` has been taken care of.
    fn parked<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        if memory.mutant() == Mutant::PendingBeforeAppend {
            return self.end(memory);
        }
        self.label = P::P4;
        Next::Continue
    }

    fn end_io_acct<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        memory.touch(Object::Md(self.md));
        let pending = memory.add_return(Word::Pending(self.md), -1);
        memory.uncount(self.io);
        memory.emit(Effect::Finished(self.md, self.io));
        if pending == 0 && memory.mutant() != Mutant::WakeUpForgotten {
            self.label = P::P5;
            return Next::Continue;
        }
        self.woken(memory)
    }

    fn woken<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        let parks_late = memory.mutant() == Mutant::PendingBeforeAppend
            && memory.era().core_pushes_back()
            && self.error == Code::REQUEUE;
        if parks_late {
            self.label = P::P3;
            return Next::Continue;
        }
        self.end(memory)
    }
}

impl<D: Drivers> Function<D> for DecPending {
    fn enter<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        (self.md, self.bio) = memory.io(self.io);
        if memory.mutant() == Mutant::SuccessOverwritesError {
            self.label = P::P1c;
        } else if self.error != Code::OK {
            self.label = if memory.era().core_pushes_back() { P::P1a } else { P::P1c };
        }
        Next::Continue
    }

    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        match self.label {
            P::P1a => {
                let error = memory.load(Word::IoError(self.io));
                let first_stays = error < 0 && memory.mutant() == Mutant::FirstErrorStays;
                self.label = if first_stays {
                    P::P2
                } else if error > 0 {
                    P::P1b
                } else {
                    P::P1c
                };
            }
            P::P1b => {
                let supersedes = memory.test_bit(self.md, Flag::NoflushSuspending);
                self.label = if supersedes { P::P2 } else { P::P1c };
            }
            P::P1c => {
                memory.store(Word::IoError(self.io), i32::from(self.error.0));
                self.label = P::P2;
            }
            P::P2 => {
                if memory.add_return(Word::IoCount(self.io), -1) != 0 {
                    let requeue = self.error == Code::REQUEUE;
                    if requeue && memory.mutant() == Mutant::RequeuePerClone {
                        self.label = P::P3;
                        return Ok(Next::Continue);
                    }
                    return Ok(Next::Return(Code::OK));
                }
                self.last_reference(memory);
            }
            P::P3 if memory.mutant() == Mutant::FlagTestedOutsideLock => {
                if memory.test_bit(self.md, Flag::NoflushSuspending) {
                    self.label = P::P3Append;
                } else {
                    self.fail(memory);
                    return Ok(self.parked(memory));
                }
            }
            P::P3 => {
                if memory.mutant() == Mutant::PushbackUnderIoLock {
                    self.defer(memory)?;
                } else {
                    self.park(memory)?;
                }
                return Ok(self.parked(memory));
            }
            P::P3Append => {
                let this = *self;
                memory.with_lock(Lock::Pushback(self.md), |memory| this.push_back(memory))?;
                return Ok(self.parked(memory));
            }
            P::P4 => return Ok(self.end_io_acct(memory)),
            P::P5 => {
                memory.touch(Object::Md(self.md));
                memory.wake_up(self.md)?;
                return Ok(self.woken(memory));
            }
            P::P7 => {
                memory.touch(Object::Pools(self.md));
                memory.free_io(self.io);
                return Ok(Next::Return(Code::OK));
            }
            P::P6 => unreachable!("a call is under way"),
        }
        Ok(Next::Continue)
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, _memory: &mut M, _code: Code) -> Next<D> {
        assert_eq!(self.label, P::P6, "only P6 calls");
        self.label = P::P7;
        Next::Continue
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

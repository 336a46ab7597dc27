//! `__map_bio`: one clone goes to its target, and the verdict is acted on, labels M1..M6.
//!
//! KERNEL.md A.2; dm.c of commit 2e93ccc1933d. Verdicts: dm.h, commit 45cbcd798354.
use std::fmt::Debug;

use crate::driver::{Drivers, Entry};
use crate::effect::{Effect, Object};
use crate::endio::DecPending;
use crate::era::Era;
use crate::errno::{Code, Errno};
use crate::frame::{Frame, Function, Next, Step, call_target};
use crate::ids::{BioPtr, CloneId, Device, MdId, TargetId};
use crate::memory::{Fault, Memory, Word};
use crate::mutant::Mutant;
use crate::submit::Submit;

/// Labels of [`MapBio`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum M {
    /// `io_count` rises.
    M1,
    /// In the target's `map`.
    M2,
    /// `generic_make_request`: the clone goes to a disk.
    M3,
    /// In `dec_pending`, after an error or REQUEUE.
    M4,
    /// The clone and its `target_io` go back to their pools.
    M5,
    /// In `generic_make_request` of a mapped device below.
    M6,
}

/// What the core does about a verdict of `map`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum MapVerdict {
    /// The target owns the clone.
    Submitted,
    /// The core dispatches the clone.
    Remapped,
    /// The clone ends with this error, or is handed back.
    Ended(Code),
    /// The kernel stops.
    Bug,
}

/// How a kernel reads what `map` returned.
pub fn map_verdict(era: Era, code: Code) -> MapVerdict {
    let requeue = era.core_pushes_back() && code == Code::REQUEUE;
    let dispatch = code == Code::REMAPPED || !era.unknown_verdict_is_a_bug();
    match code {
        Code::SUBMITTED => MapVerdict::Submitted,
        _ if code.is_error() || requeue => MapVerdict::Ended(code),
        _ if dispatch => MapVerdict::Remapped,
        _ => MapVerdict::Bug,
    }
}

/// `__map_bio` of one clone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct MapBio {
    pub(crate) md: MdId,
    pub(crate) clone: CloneId,
    pub(crate) target: TargetId,
    pub(crate) label: M,
}

impl MapBio {
    /// The clone, just made.
    pub fn new(md: MdId, clone: CloneId, target: TargetId) -> Self {
        Self { md, clone, target, label: M::M1 }
    }

    fn act<D: Drivers, Mem: Memory<Drivers = D>>(
        &mut self,
        memory: &mut Mem,
        code: Code,
    ) -> Next<D> {
        let is_lost = code == Code::REQUEUE && memory.mutant() == Mutant::MapRequeueIgnored;
        let code = if is_lost { Errno::Io.code() } else { code };
        match map_verdict(memory.era(), code) {
            MapVerdict::Submitted => Next::Return(Code::OK),
            MapVerdict::Remapped => match memory.clone_state(self.clone).device {
                Device::Disk(_) => {
                    self.label = M::M3;
                    Next::Continue
                }
                Device::Md(md) => {
                    self.label = M::M6;
                    Next::Call(Frame::Submit(Submit::new(md, BioPtr::Clone(self.clone))))
                }
            },
            MapVerdict::Ended(code) => {
                self.label = M::M4;
                Next::Call(Frame::DecPending(DecPending::new(self.clone.io(), code)))
            }
            MapVerdict::Bug => Next::Bug("unimplemented target map return value"),
        }
    }
}

impl<D: Drivers> Function<D> for MapBio {
    fn step<Mem: Memory<Drivers = D>>(&mut self, memory: &mut Mem) -> Step<D> {
        Ok(match self.label {
            M::M1 => {
                let io = self.clone.io();
                let is_first = self.clone == CloneId::of(io, 0);
                if !is_first || memory.mutant() != Mutant::IoCountWithoutSubmission {
                    memory.add(Word::IoCount(io), 1);
                }
                let target = self.target;
                memory.emit(Effect::TargetEntered(target, self.clone));
                self.label = M::M2;
                if memory.take_fault(self.md, Fault::Map) {
                    let verdict = memory.setup().forced_map;
                    return Ok(Function::<D>::returned(self, memory, verdict));
                }
                call_target(memory, Entry::Map(target, self.clone)).expect("every target maps")
            }
            M::M3 => {
                let Device::Disk(disk) = memory.clone_state(self.clone).device else {
                    unreachable!("a clone for a mapped device is submitted there")
                };
                D::submit(memory, disk, self.clone)?;
                Next::Return(Code::OK)
            }
            M::M5 => {
                memory.touch(Object::Pools(self.md));
                memory.free_clone(self.clone);
                Next::Return(Code::OK)
            }
            M::M2 | M::M4 | M::M6 => unreachable!("a call is under way"),
        })
    }

    fn returned<Mem: Memory<Drivers = D>>(&mut self, memory: &mut Mem, code: Code) -> Next<D> {
        match self.label {
            M::M2 => {
                // The target may have completed the clone, so that nothing is left of it.
                memory.emit(Effect::Mapped(self.target, self.clone, code));
                self.act(memory, code)
            }
            M::M4 => {
                self.label = M::M5;
                Next::Continue
            }
            M::M6 => Next::Return(Code::OK),
            M::M1 | M::M3 | M::M5 => unreachable!("no call is under way"),
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

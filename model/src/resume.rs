//! `dm_resume`, labels R0..R7.
//!
//! KERNEL.md A.5; dm.c of commit 2e93ccc1933d.
use std::fmt::Debug;

use crate::driver::{Drivers, Entry};
use crate::effect::Effect;
use crate::errno::{Code, Errno};
use crate::flags::Flag;
use crate::frame::{Frame, Function, Next, Step, call_next_target};
use crate::ids::{MdId, TableId, TargetId};
use crate::lifetime::PutTable;
use crate::memory::{Lock, Memory};
use crate::mutant::Mutant;
use crate::split::{Flush, steal_deferred};

/// Labels of [`Resume`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum R {
    /// `down(suspend_lock)`, and the test of SUSPENDED.
    R0,
    /// `dm_get_table`; there must be one.
    R1,
    /// In `preresume` of the targets, in order; one that fails ends the resume.
    R2a,
    /// In `resume` of the targets, in order.
    R2b,
    /// `down_write(io_lock)`; BLOCK_IO is cleared, `deferred` stolen.
    R3a,
    /// In `__flush_deferred_io`, under `io_lock` W.
    R3b,
    /// `up_write(io_lock)`.
    R3c,
    /// `unlock_fs`; `suspended_bdev` is dropped.
    R4,
    /// SUSPENDED is cleared. R6, unplug and uevent, touches nothing modelled.
    R5,
    /// In `dm_table_put`.
    R7a,
    /// `up(suspend_lock)`.
    R7b,
}

/// `dm_resume`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Resume {
    pub(crate) md: MdId,
    pub(crate) table: Option<TableId>,
    /// The target whose preresume or resume comes next.
    pub(crate) target: u8,
    pub(crate) code: Code,
    pub(crate) label: R,
}

impl Resume {
    /// The device.
    pub fn md(&self) -> MdId {
        self.md
    }

    /// Resumes the device.
    pub fn new(md: MdId) -> Self {
        Self { md, table: None, target: 0, code: Errno::Inval.code(), label: R::R0 }
    }

    fn next_target<D: Drivers, M: Memory<Drivers = D>>(
        &mut self,
        memory: &mut M,
        entry: fn(TargetId) -> Entry,
    ) -> Option<Next<D>> {
        let table = self.table.expect("R1 has found a table");
        call_next_target(memory, table, &mut self.target, entry)
    }

    fn preresume<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        self.label = R::R2a;
        match self.next_target(memory, Entry::Preresume) {
            Some(call) => call,
            None if memory.mutant() == Mutant::TargetsResumedLate => {
                self.label = R::R3a;
                Next::Continue
            }
            None => self.resume(memory),
        }
    }

    fn resume<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        self.label = R::R2b;
        if let Some(call) = self.next_target(memory, Entry::Resume) {
            return call;
        }
        let is_late = memory.mutant() == Mutant::TargetsResumedLate;
        self.label = if is_late { R::R4 } else { R::R3a };
        Next::Continue
    }

    fn put_table<D: Drivers>(&mut self) -> Next<D> {
        match self.table.take() {
            Some(table) => {
                self.label = R::R7a;
                Next::Call(Frame::PutTable(PutTable::new(table)))
            }
            None => {
                self.label = R::R7b;
                Next::Continue
            }
        }
    }
}

impl<D: Drivers> Function<D> for Resume {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        let md = self.md;
        match self.label {
            R::R0 => {
                memory.lock(Lock::Suspend(md))?;
                let suspended = memory.test_bit(md, Flag::Suspended);
                if suspended {
                    memory.emit(Effect::ResumeStarted(md));
                }
                self.label = if suspended { R::R1 } else { R::R7b };
            }
            R::R1 => {
                self.table = memory.get_table(md)?;
                return Ok(match self.table {
                    Some(_) => self.preresume(memory),
                    None => self.put_table(),
                });
            }
            R::R3a => {
                memory.down_write(md)?;
                let mutant = memory.mutant();
                if !matches!(mutant, Mutant::ResumeKeepsBlocking | Mutant::ResumeUnblocksLate) {
                    memory.clear_bit(md, Flag::BlockIo);
                }
                if mutant != Mutant::ResumeWithoutFlush {
                    steal_deferred(memory, md);
                }
                self.label = R::R3b;
                return Ok(Next::Call(Frame::Flush(Flush::new(md))));
            }
            R::R3c => {
                if memory.mutant() == Mutant::ResumeUnblocksLate {
                    memory.clear_bit(md, Flag::BlockIo);
                }
                memory.up_write(md);
                if memory.mutant() == Mutant::TargetsResumedLate {
                    return Ok(self.resume(memory));
                }
                self.label = R::R4;
            }
            R::R4 => {
                memory.clear_bit(md, Flag::Frozen);
                *memory.suspended_bdev(md) = false;
                self.label = R::R5;
            }
            R::R5 => {
                memory.clear_bit(md, Flag::Suspended);
                self.code = Code::OK;
                return Ok(self.put_table());
            }
            R::R7b => {
                memory.unlock(Lock::Suspend(md));
                memory.emit(Effect::ResumeReturned(md, self.code));
                return Ok(Next::Return(self.code));
            }
            R::R2a | R::R2b | R::R3b | R::R7a => unreachable!("a call is under way"),
        }
        Ok(Next::Continue)
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, code: Code) -> Next<D> {
        match self.label {
            R::R2a if code.is_error() => {
                self.code = code;
                self.put_table()
            }
            R::R2a => self.preresume(memory),
            R::R2b => self.resume(memory),
            R::R3b => {
                self.label = R::R3c;
                Next::Continue
            }
            R::R7a => {
                self.label = R::R7b;
                Next::Continue
            }
            R::R0 | R::R1 | R::R3a | R::R3c | R::R4 | R::R5 | R::R7b => {
                unreachable!("no call is under way")
            }
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

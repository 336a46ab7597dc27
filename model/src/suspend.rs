//! `dm_suspend`, labels S0..S14, F1..F4 and O1..O2.
//!
//! KERNEL.md A.4; dm.c of commit 2e93ccc1933d; the stall fix (LKML 2007-01-19) at S4.
use std::fmt::Debug;

use crate::driver::{Drivers, Entry};
use crate::effect::Effect;
use crate::errno::{Code, Errno};
use crate::flags::{Flag, SuspendFlags};
use crate::frame::{Frame, Function, Next, Step, call_next_target};
use crate::ids::{MdId, TableId, TargetId, TaskId};
use crate::lifetime::PutTable;
use crate::memory::{Blocked, Fault, Lock, Memory, Word};
use crate::mutant::Mutant;
use crate::split::{Flush, steal_deferred};

/// Labels of [`Suspend`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum S {
    /// `down(suspend_lock)`, and the test of SUSPENDED.
    S0,
    /// `dm_get_table`.
    S1,
    /// NOFLUSH is set.
    S2,
    /// In `presuspend` of the targets, in order.
    S3,
    /// `bdget_disk`.
    S4,
    /// `lock_fs`.
    S5,
    /// `down_write(io_lock)`; BLOCK_IO is set.
    S6a,
    /// `add_wait_queue`.
    S6b,
    /// `up_write(io_lock)`; S7, the unplugging of the queues below, touches nothing modelled.
    S6c,
    /// `set_current_state(TASK_INTERRUPTIBLE)`.
    S8a,
    /// Reads `pending`.
    S8b,
    /// Tests `signal_pending`.
    S8c,
    /// `io_schedule`.
    S8d,
    /// `down_write(io_lock)`.
    S9a,
    /// `remove_wait_queue`.
    S9b,
    /// Hardened: reads `pending`; not 0 is an interruption.
    S9c,
    /// Hardened, interrupted: in `presuspend_undo` of the targets, in order.
    S9d,
    /// NOFLUSH is cleared, `pushback` goes to the head of `deferred`.
    S10,
    /// Reads `pending` again.
    S11a,
    /// Interrupted: BLOCK_IO is cleared, `deferred` stolen.
    S11b,
    /// In `__flush_deferred_io`, under `io_lock` W.
    S11c,
    /// `up_write(io_lock)`.
    S11d,
    /// `unlock_fs`.
    S11e,
    /// `up_write(io_lock)`.
    S12,
    /// In `postsuspend` of the targets, in order.
    S13,
    /// SUSPENDED is set.
    S14,
    /// bdget failed under noflush: `down_write(io_lock)`.
    F1,
    /// As S10; then `deferred` is stolen.
    F2,
    /// In `__flush_deferred_io`, under `io_lock` W.
    F3,
    /// `up_write(io_lock)`.
    F4,
    /// In `dm_table_put`; before it, an error drops `suspended_bdev`.
    O1,
    /// `up(suspend_lock)`.
    O2,
}

/// `dm_suspend`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Suspend {
    pub(crate) md: MdId,
    pub(crate) flags: SuspendFlags,
    pub(crate) task: TaskId,
    pub(crate) table: Option<TableId>,
    /// The target whose presuspend or postsuspend comes next.
    pub(crate) target: u8,
    /// Hardened: the wait was interrupted.
    pub(crate) interrupted: bool,
    pub(crate) code: Code,
    pub(crate) label: S,
}

impl Suspend {
    /// The device.
    pub fn md(&self) -> MdId {
        self.md
    }

    /// The task that suspends it.
    pub fn task(&self) -> TaskId {
        self.task
    }

    /// Where it stands.
    pub fn at(&self) -> S {
        self.label
    }

    /// The task suspends the device.
    pub fn new(md: MdId, flags: SuspendFlags, task: TaskId) -> Self {
        let code = Errno::Inval.code();
        Self { md, flags, task, table: None, target: 0, interrupted: false, code, label: S::S0 }
    }

    /// Whether this era's core acts on the flag: before patch 6 nothing reads it.
    fn noflush<M: Memory>(&self, memory: &M) -> bool {
        self.flags.noflush && memory.era().core_pushes_back()
    }

    fn next_target<D: Drivers, M: Memory<Drivers = D>>(
        &mut self,
        memory: &mut M,
        entry: fn(TargetId) -> Entry,
    ) -> Option<Next<D>> {
        call_next_target(memory, self.table?, &mut self.target, entry)
    }

    fn presuspend<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        self.label = S::S3;
        if let Some(call) = self.next_target(memory, Entry::Presuspend) {
            return call;
        }
        if self.noflush(memory) && memory.mutant() == Mutant::FlagAfterPresuspend {
            self.label = S::S2;
            return Next::Continue;
        }
        self.label = self.after_presuspend(memory);
        Next::Continue
    }

    fn after_presuspend<M: Memory>(&self, memory: &M) -> S {
        let noflush = self.noflush(memory);
        if noflush && memory.mutant() == Mutant::NoflushLocksFs {
            S::S5
        } else if noflush && memory.era().noflush_skips_bdget() {
            S::S6a
        } else {
            S::S4
        }
    }

    fn postsuspend<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        self.label = S::S13;
        if let Some(call) = self.next_target(memory, Entry::Postsuspend) {
            return call;
        }
        self.label = S::S14;
        Next::Continue
    }

    fn presuspend_undo<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        self.label = S::S9d;
        if let Some(call) = self.next_target(memory, Entry::PresuspendUndo) {
            return call;
        }
        self.label = S::S10;
        Next::Continue
    }

    /// What comes when the queue is left.
    fn after_wait<M: Memory>(&self, memory: &M) -> S {
        if memory.era().undoes_presuspend() {
            return S::S9c;
        }
        if self.noflush(memory) { S::S10 } else { S::S11a }
    }

    fn bdget<M: Memory>(&mut self, memory: &mut M) -> S {
        if memory.take_fault(self.md, Fault::Bdget) {
            self.code = Errno::Nomem.code();
            let undoes = memory.mutant() != Mutant::BdgetFailureSkipsF;
            return if self.noflush(memory) && undoes { S::F1 } else { S::O1 };
        }
        *memory.suspended_bdev(self.md) = true;
        if self.flags.lockfs && !self.noflush(memory) { S::S5 } else { S::S6a }
    }

    fn lock_fs<M: Memory>(&mut self, memory: &mut M) -> S {
        if memory.take_fault(self.md, Fault::LockFs) {
            self.code = Errno::Rofs.code();
            return S::O1;
        }
        memory.set_bit(self.md, Flag::Frozen);
        S::S6a
    }

    /// S10 and the first half of F.
    fn merge_pushback<M: Memory>(&self, memory: &mut M) -> Result<(), Blocked> {
        let md = self.md;
        memory.with_lock(Lock::Pushback(md), |memory| {
            let mutant = memory.mutant();
            if !matches!(mutant, Mutant::FlagNotCleared | Mutant::FlagClearedAfterSteal) {
                memory.clear_bit(md, Flag::NoflushSuspending);
            }
            let mut parked = memory.pushback(md).take();
            if mutant == Mutant::MergeDropsOne {
                parked.pop_front();
            }
            for bio in parked.iter() {
                memory.set_place(bio, crate::memory::BioPlace::Deferred);
            }
            memory.deferred(md).merge_head(parked);
            memory.emit(Effect::Merged(md));
        })
    }

    /// What a label that begins with a call leads to at once.
    fn arrive<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M, label: S) -> Next<D> {
        self.label = label;
        match label {
            S::S3 => self.presuspend(memory),
            S::S9d => self.presuspend_undo(memory),
            S::S13 => self.postsuspend(memory),
            S::S11c | S::F3 => Next::Call(Frame::Flush(Flush::new(self.md))),
            S::O1 => {
                if self.code.is_error() {
                    *memory.suspended_bdev(self.md) = false;
                }
                match self.table.take() {
                    Some(table) => Next::Call(Frame::PutTable(PutTable::new(table))),
                    None => self.arrive(memory, S::O2),
                }
            }
            S::S0
            | S::S1
            | S::S2
            | S::S4
            | S::S5
            | S::S6a
            | S::S6b
            | S::S6c
            | S::S8a
            | S::S8b
            | S::S8c
            | S::S8d
            | S::S9a
            | S::S9b
            | S::S9c
            | S::S10
            | S::S11a
            | S::S11b
            | S::S11d
            | S::S11e
            | S::S12
            | S::S14
            | S::F1
            | S::F2
            | S::F4
            | S::O2 => Next::Continue,
        }
    }
}

impl<D: Drivers> Function<D> for Suspend {
    #[expect(clippy::too_many_lines, reason = "one arm a label, in the order of dm_suspend")]
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        let md = self.md;
        let mutant = memory.mutant();
        let checks_first = mutant == Mutant::CheckBeforePrepare;
        let label = match self.label {
            S::S0 => {
                memory.lock(Lock::Suspend(md))?;
                if memory.test_bit(md, Flag::Suspended) {
                    S::O2
                } else {
                    memory.emit(Effect::SuspendStarted(md, self.flags));
                    S::S1
                }
            }
            S::S1 => {
                self.table = memory.get_table(md)?;
                let is_late = mutant == Mutant::FlagAfterPresuspend;
                if self.noflush(memory) && !is_late { S::S2 } else { S::S3 }
            }
            S::S2 => {
                memory.set_bit(md, Flag::NoflushSuspending);
                let is_late = mutant == Mutant::FlagAfterPresuspend;
                if is_late { self.after_presuspend(memory) } else { S::S3 }
            }
            S::S4 => self.bdget(memory),
            // Mutant: only it comes here under noflush. freeze_bdev waits for the fsync.
            S::S5 if self.noflush(memory) => {
                memory.with_lock(Lock::Inode(md), |memory| memory.set_bit(md, Flag::Frozen))?;
                S::S6a
            }
            S::S5 => self.lock_fs(memory),
            S::S6a => {
                if mutant != Mutant::BlockIoWithoutIoLock {
                    memory.down_write(md)?;
                }
                if mutant != Mutant::BlockIoNotSet {
                    memory.set_bit(md, Flag::BlockIo);
                }
                if mutant == Mutant::SuspendedBeforeWait {
                    memory.set_bit(md, Flag::Suspended);
                }
                memory.emit(Effect::Blocked(md));
                S::S6b
            }
            S::S6b => {
                let task = self.task;
                memory.with_lock(Lock::Wait(md), |memory| {
                    *memory.waiter(md) = Some(task);
                    if mutant == Mutant::FlagClearedBeforeWait {
                        memory.clear_bit(md, Flag::NoflushSuspending);
                    }
                })?;
                S::S6c
            }
            S::S6c => {
                if mutant != Mutant::BlockIoWithoutIoLock {
                    memory.up_write(md);
                }
                if mutant == Mutant::PendingNotAwaited {
                    S::S9a
                } else if checks_first {
                    S::S8b
                } else {
                    S::S8a
                }
            }
            S::S8a => {
                memory.set_interruptible(self.task, true);
                if checks_first { S::S8c } else { S::S8b }
            }
            S::S8b if memory.load(Word::Pending(md)) == 0 => S::S9a,
            S::S8b if checks_first => S::S8a,
            S::S8b => S::S8c,
            S::S8c if mutant == Mutant::SignalIgnored => S::S8d,
            S::S8c if memory.load(Word::SignalPending(self.task)) != 0 => {
                if mutant == Mutant::SignalLeavesAtOnce {
                    self.code = Errno::Intr.code();
                    return Ok(self.arrive(memory, S::O1));
                }
                S::S9a
            }
            S::S8c => S::S8d,
            S::S8d => {
                memory.schedule(self.task)?;
                if checks_first { S::S8b } else { S::S8a }
            }
            S::S9a => {
                memory.down_write(md)?;
                memory.set_interruptible(self.task, false);
                S::S9b
            }
            S::S9b => {
                memory.with_lock(Lock::Wait(md), |memory| *memory.waiter(md) = None)?;
                self.after_wait(memory)
            }
            S::S9c => {
                self.interrupted = memory.load(Word::Pending(md)) != 0;
                if self.interrupted { S::S9d } else { S::S10 }
            }
            S::S10 => {
                self.merge_pushback(memory)?;
                if !memory.era().undoes_presuspend() {
                    S::S11a
                } else if self.interrupted {
                    S::S11b
                } else {
                    S::S12
                }
            }
            S::S11a
                if memory.load(Word::Pending(md)) != 0 && mutant != Mutant::PendingNotReadAgain =>
            {
                S::S11b
            }
            S::S11a => S::S12,
            S::S11b => {
                if mutant != Mutant::AbortKeepsBlocking {
                    memory.clear_bit(md, Flag::BlockIo);
                }
                if mutant == Mutant::FlagClearedAfterSteal {
                    memory.clear_bit(md, Flag::NoflushSuspending);
                }
                self.code = Errno::Intr.code();
                if mutant != Mutant::AbortWithoutFlush {
                    steal_deferred(memory, md);
                }
                S::S11c
            }
            S::S11d => {
                memory.up_write(md);
                S::S11e
            }
            S::S11e => {
                memory.clear_bit(md, Flag::Frozen);
                S::O1
            }
            S::S12 => {
                memory.up_write(md);
                S::S13
            }
            S::S14 => {
                if mutant != Mutant::SuspendedNotSet {
                    memory.set_bit(md, Flag::Suspended);
                }
                if mutant == Mutant::FlagClearedAfterSteal {
                    memory.clear_bit(md, Flag::NoflushSuspending);
                }
                self.code = Code::OK;
                S::O1
            }
            S::F1 => {
                memory.down_write(md)?;
                S::F2
            }
            S::F2 => {
                self.merge_pushback(memory)?;
                if mutant != Mutant::BdgetFailureForgetsIo {
                    steal_deferred(memory, md);
                }
                S::F3
            }
            S::F4 => {
                memory.up_write(md);
                S::O1
            }
            S::O2 => {
                memory.unlock(Lock::Suspend(md));
                memory.emit(Effect::SuspendReturned(md, self.code));
                return Ok(Next::Return(self.code));
            }
            S::S3 | S::S9d | S::S11c | S::S13 | S::F3 | S::O1 => {
                unreachable!("a call is under way")
            }
        };
        Ok(self.arrive(memory, label))
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, _code: Code) -> Next<D> {
        match self.label {
            S::S3 => self.presuspend(memory),
            S::S9d => self.presuspend_undo(memory),
            S::S13 => self.postsuspend(memory),
            S::S11c => self.arrive(memory, S::S11d),
            S::F3 => self.arrive(memory, S::F4),
            S::O1 => self.arrive(memory, S::O2),
            S::S0
            | S::S1
            | S::S2
            | S::S4
            | S::S5
            | S::S6a
            | S::S6b
            | S::S6c
            | S::S8a
            | S::S8b
            | S::S8c
            | S::S8d
            | S::S9a
            | S::S9b
            | S::S9c
            | S::S10
            | S::S11a
            | S::S11b
            | S::S11d
            | S::S11e
            | S::S12
            | S::S14
            | S::F1
            | S::F2
            | S::F4
            | S::O2 => unreachable!("no call is under way"),
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

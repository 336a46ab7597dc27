//! `dm_swap_table`: `__unbind` and `__bind`, labels W0..W7.
//!
//! KERNEL.md A.6; dm.c of commit 2e93ccc1933d; the size check of 2.6.20 (LKML 2007-01-19). The old
//! table may die before the new one is bound (fixed in 2.6.33 by a794015597a2).
use std::fmt::Debug;

use crate::driver::Drivers;
use crate::effect::Effect;
use crate::errno::{Code, Errno};
use crate::flags::Flag;
use crate::frame::{Frame, Function, Next, Step};
use crate::ids::{MdId, TableId};
use crate::lifetime::PutTable;
use crate::memory::{Lock, Memory, Word};
use crate::mutant::Mutant;

/// Labels of [`SwapTable`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum W {
    /// `down(suspend_lock)`; the tests of SUSPENDED and of the size.
    W0,
    /// `__unbind`: the old table's events no longer reach the device.
    W1,
    /// `__unbind`: `map` becomes NULL.
    W2,
    /// In `dm_table_put` of the old table.
    W3,
    /// `__set_size`: the inode's mutex is taken and the size written.
    W4,
    /// `__bind`: the new table's events reach the device.
    W5,
    /// `__bind`: `map` becomes the new table.
    W6,
    /// `up(suspend_lock)`.
    W7,
}

/// `dm_swap_table`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SwapTable {
    pub(crate) md: MdId,
    pub(crate) new: TableId,
    pub(crate) code: Code,
    pub(crate) label: W,
}

impl SwapTable {
    /// The device.
    pub fn md(&self) -> MdId {
        self.md
    }

    /// Swaps the table in.
    pub fn new(md: MdId, new: TableId) -> Self {
        Self { md, new, code: Errno::Inval.code(), label: W::W0 }
    }

    /// Whether the device may take the table now. Only the stall fix checks the size: without
    /// `suspended_bdev` it cannot be changed.
    fn allowed<M: Memory>(&self, memory: &mut M) -> bool {
        let mutant = memory.mutant();
        let suspended = memory.test_bit(self.md, Flag::Suspended);
        if !suspended && mutant != Mutant::SwapWithoutSuspended {
            return false;
        }
        let has_bdev = *memory.suspended_bdev(self.md);
        let size = memory.setup().tables[self.new.index()].sectors;
        !memory.era().noflush_skips_bdget()
            || has_bdev
            || mutant == Mutant::SwapOfAnySize
            || memory.load(Word::Size(self.md)) == size.cast_signed()
    }

    fn unbound<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        let has_bdev = *memory.suspended_bdev(self.md);
        let resizes = has_bdev || memory.mutant() == Mutant::SwapTakesInodeMutex;
        self.label = if resizes { W::W4 } else { W::W5 };
        Next::Continue
    }
}

impl<D: Drivers> Function<D> for SwapTable {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        let (md, new) = (self.md, self.new);
        self.label = match self.label {
            W::W0 => {
                memory.lock(Lock::Suspend(md))?;
                if self.allowed(memory) { W::W1 } else { W::W7 }
            }
            W::W1 => {
                // `map` changes only under suspend_lock, which is held: the read is private.
                let Some(old) = *memory.map(md) else {
                    return Ok(self.unbound(memory));
                };
                memory.with_lock(Lock::Event, |memory| *memory.event_fn(old) = false)?;
                W::W2
            }
            W::W2 => {
                let old = memory.with_lock(Lock::Map(md), |memory| memory.map(md).take())?;
                memory.emit(Effect::MapChanged(md, None));
                self.label = W::W3;
                let old = old.expect("W1 has seen a table");
                return Ok(Next::Call(Frame::PutTable(PutTable::new(old))));
            }
            W::W4 => {
                let size = memory.setup().tables[new.index()].sectors;
                let size = size.cast_signed();
                memory.with_lock(Lock::Inode(md), |memory| memory.store(Word::Size(md), size))?;
                W::W5
            }
            W::W5 => {
                memory.with_lock(Lock::Event, |memory| {
                    *memory.event_fn(new) = true;
                    if memory.mutant() != Mutant::BindWithoutReference {
                        memory.add(Word::TableHolders(new), 1);
                    }
                })?;
                W::W6
            }
            W::W6 => {
                memory.with_lock(Lock::Map(md), |memory| *memory.map(md) = Some(new))?;
                memory.emit(Effect::MapChanged(md, Some(new)));
                self.code = Code::OK;
                W::W7
            }
            W::W7 => {
                memory.unlock(Lock::Suspend(md));
                return Ok(Next::Return(self.code));
            }
            W::W3 => unreachable!("a call is under way"),
        };
        Ok(Next::Continue)
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, _code: Code) -> Next<D> {
        assert_eq!(self.label, W::W3, "only W3 calls");
        self.unbound(memory)
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

//! Create, load, clear and remove: the ioctls that change what the hash holds, labels L and D.
//!
//! KERNEL.md A.7; dm-ioctl.c read in 2.6.24. Tables that are put under `_hash_lock` W may die there.
use std::fmt::Debug;

use crate::driver::Drivers;
use crate::effect::Effect;
use crate::errno::{Code, Errno};
use crate::flags::Flag;
use crate::frame::{Frame, Function, Next, Step};
use crate::ids::{MdId, TableId};
use crate::ioctl::find_device;
use crate::lifetime::{Close, Open, PutMd, PutTable};
use crate::memory::{Lock, Memory, Word};

/// Labels of [`Create`] and [`Load`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum L {
    /// `dm_hash_insert`, under `_hash_lock` W.
    L0,
    /// `find_device`.
    L1,
    /// In `dm_blk_open` of a mapped device below, in order (`dm_get_device`).
    L1a,
    /// In `dm_blk_close` of those, because one could not be opened.
    L1b,
    /// `down_write(_hash_lock)`.
    L2,
    /// In `dm_table_put` of the table that was in the slot.
    L3,
    /// The slot is written; `up_write(_hash_lock)`.
    L4,
    /// In `dm_table_put` of the new table, because the device has gone.
    L5,
    /// In `dm_put`.
    L6,
}

/// `dev_create`: a device without a table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Create {
    pub(crate) md: MdId,
}

impl Create {
    /// Creates the device.
    pub fn new(md: MdId) -> Self {
        Self { md }
    }
}

impl<D: Drivers> Function<D> for Create {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        let md = self.md;
        memory.with_lock(Lock::Hash, |memory| {
            memory.create(md);
            *memory.hashed(md) = true;
        })?;
        Ok(Next::Return(Code::OK))
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, _memory: &mut M, _code: Code) -> Next<D> {
        unreachable!("a create calls nobody")
    }

    fn label(&self) -> &dyn Debug {
        &L::L0
    }
}

/// `table_load` and `table_clear`: the inactive table is replaced, by another or by none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Load {
    pub(crate) md: MdId,
    pub(crate) new: Option<TableId>,
    /// How many of the mapped devices below are open.
    pub(crate) opened: u8,
    pub(crate) code: Code,
    pub(crate) label: L,
}

impl Load {
    /// `table_load` of a table that its targets' constructors have accepted.
    pub fn new(md: MdId, new: TableId) -> Self {
        Self { md, new: Some(new), opened: 0, code: Code::OK, label: L::L1 }
    }

    /// `table_clear`.
    pub fn clear(md: MdId) -> Self {
        Self { md, new: None, opened: 0, code: Code::OK, label: L::L2 }
    }

    fn put_md<D: Drivers>(&mut self) -> Next<D> {
        self.label = L::L6;
        Next::Call(Frame::PutMd(PutMd::new(self.md)))
    }

    fn below<M: Memory>(&self, memory: &M, index: u8) -> Option<MdId> {
        let new = self.new.expect("a load has a table");
        memory.setup().tables[new.index()].below.get(usize::from(index)).copied()
    }

    /// The constructors open what is below, one after the other.
    fn open<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &M) -> Next<D> {
        match self.below(memory, self.opened) {
            Some(md) => {
                self.label = L::L1a;
                Next::Call(Frame::Open(Open::new(md)))
            }
            None => {
                self.label = L::L2;
                Next::Continue
            }
        }
    }

    /// The table is given up: what was opened is closed again.
    fn close<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &M) -> Next<D> {
        let Some(index) = self.opened.checked_sub(1) else {
            return self.put_md();
        };
        self.opened = index;
        self.label = L::L1b;
        let md = self.below(memory, index).expect("it was opened");
        Next::Call(Frame::Close(Close::new(md)))
    }
}

impl<D: Drivers> Function<D> for Load {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        let md = self.md;
        match self.label {
            L::L1 => {
                if !find_device(memory, md)? {
                    return Ok(Next::Return(Errno::Nxio.code()));
                }
                return Ok(self.open(memory));
            }
            L::L2 => {
                memory.lock(Lock::Hash)?;
                if !*memory.hashed(md) {
                    self.code = Errno::Nxio.code();
                    let Some(new) = self.new.take() else {
                        memory.unlock(Lock::Hash);
                        return Ok(Next::Return(self.code));
                    };
                    self.label = L::L5;
                    return Ok(Next::Call(Frame::PutTable(PutTable::new(new))));
                }
                if self.new.is_none() {
                    memory.add(Word::Holders(md), 1);
                }
                if let Some(old) = memory.inactive(md).take() {
                    self.label = L::L3;
                    return Ok(Next::Call(Frame::PutTable(PutTable::new(old))));
                }
                self.label = L::L4;
            }
            L::L4 => {
                *memory.inactive(md) = self.new;
                self.new = None;
                memory.unlock(Lock::Hash);
                return Ok(self.put_md());
            }
            L::L0 | L::L1a | L::L1b | L::L3 | L::L5 | L::L6 => unreachable!("a call is under way"),
        }
        Ok(Next::Continue)
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, code: Code) -> Next<D> {
        match self.label {
            L::L1a if code.is_error() => {
                self.code = Errno::Inval.code();
                self.close(memory)
            }
            L::L1a => {
                self.opened += 1;
                self.open(memory)
            }
            L::L1b => self.close(memory),
            L::L3 | L::L5 => {
                self.label = L::L4;
                Next::Continue
            }
            L::L6 => Next::Return(self.code),
            L::L0 | L::L1 | L::L2 | L::L4 => unreachable!("no call is under way"),
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

/// Labels of [`Remove`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Rm {
    /// `down_write(_hash_lock)`; the device is looked up.
    D1,
    /// `dm_lock_for_deletion`, under `_minor_lock`.
    D2,
    /// `__hash_remove`: the device leaves the hash; `dm_get_table`.
    D3,
    /// `dm_table_event`, under `_event_lock`.
    D4,
    /// In `dm_table_put` of the live table's reference.
    D5,
    /// In `dm_table_put` of the inactive table.
    D6,
    /// `dm_put`: the hash's reference, not the last.
    D7,
    /// `up_write(_hash_lock)`.
    D8,
    /// In `dm_put`, which is the last one unless somebody else holds the device.
    D9,
}

/// `dev_remove`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Remove {
    pub(crate) md: MdId,
    pub(crate) table: Option<TableId>,
    pub(crate) code: Code,
    pub(crate) label: Rm,
}

impl Remove {
    /// Removes the device, unless it is open.
    pub fn new(md: MdId) -> Self {
        Self { md, table: None, code: Code::OK, label: Rm::D1 }
    }

    fn put_inactive<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        match memory.inactive(self.md).take() {
            Some(table) => {
                self.label = Rm::D6;
                Next::Call(Frame::PutTable(PutTable::new(table)))
            }
            None => {
                self.label = Rm::D7;
                Next::Continue
            }
        }
    }
}

impl<D: Drivers> Function<D> for Remove {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        let md = self.md;
        self.label = match self.label {
            Rm::D1 => {
                memory.lock(Lock::Hash)?;
                if !*memory.hashed(md) {
                    memory.unlock(Lock::Hash);
                    return Ok(Next::Return(Errno::Nxio.code()));
                }
                memory.add(Word::Holders(md), 1);
                Rm::D2
            }
            Rm::D2 => {
                let busy = memory.with_lock(Lock::Minor, |memory| {
                    let busy = memory.load(Word::OpenCount(md)) != 0;
                    if !busy {
                        memory.set_bit(md, Flag::Deleting);
                    }
                    busy
                })?;
                if busy {
                    self.code = Errno::Busy.code();
                }
                if busy { Rm::D8 } else { Rm::D3 }
            }
            Rm::D3 => {
                *memory.hashed(md) = false;
                self.table = memory.get_table(md)?;
                if self.table.is_none() {
                    return Ok(self.put_inactive(memory));
                }
                Rm::D4
            }
            Rm::D4 => {
                let table = self.table.take().expect("D3 has found a table");
                memory.with_lock(Lock::Event, |memory| {
                    if *memory.event_fn(table) {
                        memory.add(Word::EventNr(md), 1);
                        memory.emit(Effect::Event(md));
                    }
                })?;
                self.label = Rm::D5;
                return Ok(Next::Call(Frame::PutTable(PutTable::new(table))));
            }
            Rm::D7 => {
                memory.add_return(Word::Holders(md), -1);
                Rm::D8
            }
            Rm::D8 => {
                memory.unlock(Lock::Hash);
                self.label = Rm::D9;
                return Ok(Next::Call(Frame::PutMd(PutMd::new(md))));
            }
            Rm::D5 | Rm::D6 | Rm::D9 => unreachable!("a call is under way"),
        };
        Ok(Next::Continue)
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, _code: Code) -> Next<D> {
        match self.label {
            Rm::D5 => self.put_inactive(memory),
            Rm::D6 => {
                self.label = Rm::D7;
                Next::Continue
            }
            Rm::D9 => Next::Return(self.code),
            Rm::D1 | Rm::D2 | Rm::D3 | Rm::D4 | Rm::D7 | Rm::D8 => {
                unreachable!("no call is under way")
            }
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

#[cfg(test)]
mod tests;

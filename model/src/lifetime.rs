//! Lifetimes: open and close, the last reference to a device, and the last one to a table.
//!
//! Labels Z1 (open), Z2..Z3 (close), V1..V10 (`dm_put`), T1..T4 (`dm_table_put`). dm.c of commit
//! 2e93ccc1933d; dm-table.c read in 2.6.24.
use std::fmt::Debug;

use crate::driver::{Drivers, Entry};
use crate::effect::{Effect, Object};
use crate::errno::{Code, Errno};
use crate::flags::Flag;
use crate::frame::{Frame, Function, Next, Step, call_next_target};
use crate::ids::{MdId, TableId, TargetId};
use crate::memory::{Lock, Memory, Word};
use crate::mutant::Mutant;

/// Labels of [`Open`] and [`Close`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Z {
    /// `dm_blk_open`, under `_minor_lock`.
    Z1,
    /// `dm_blk_close`: `open_count` falls.
    Z2,
    /// In `dm_put`.
    Z3,
}

/// `dm_blk_open`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Open {
    pub(crate) md: MdId,
}

impl Open {
    /// Opens the device.
    pub fn new(md: MdId) -> Self {
        Self { md }
    }
}

impl<D: Drivers> Function<D> for Open {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        let md = self.md;
        let code = memory.with_lock(Lock::Minor, |memory| {
            let gone = !memory.exists(md)
                || memory.test_bit(md, Flag::Freeing)
                || memory.test_bit(md, Flag::Deleting);
            if gone {
                return Errno::Nxio.code();
            }
            memory.add(Word::Holders(md), 1);
            memory.add(Word::OpenCount(md), 1);
            Code::OK
        })?;
        Ok(Next::Return(code))
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, _memory: &mut M, _code: Code) -> Next<D> {
        unreachable!("an open calls nobody")
    }

    fn label(&self) -> &dyn Debug {
        &Z::Z1
    }
}

/// `dm_blk_close`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Close {
    pub(crate) md: MdId,
    pub(crate) label: Z,
}

impl Close {
    /// Closes the device.
    pub fn new(md: MdId) -> Self {
        Self { md, label: Z::Z2 }
    }
}

impl<D: Drivers> Function<D> for Close {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        memory.add(Word::OpenCount(self.md), -1);
        self.label = Z::Z3;
        Ok(Next::Call(Frame::PutMd(PutMd::new(self.md))))
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, _memory: &mut M, code: Code) -> Next<D> {
        Next::Return(code)
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

/// Labels of [`PutMd`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum V {
    /// `atomic_dec_and_lock`: `holders` falls, unless it is the last.
    V1,
    /// The last one falls, sets FREEING and gets the table, all under `_minor_lock`.
    V2,
    /// Tests SUSPENDED.
    V3,
    /// In `presuspend` of the targets.
    V4,
    /// In `postsuspend` of the targets.
    V5,
    /// `__unbind`: the table's events no longer reach the device.
    V6,
    /// `__unbind`: `map` becomes NULL.
    V7,
    /// In `dm_table_put` of `__unbind`.
    V8,
    /// In `dm_table_put` of the reference of V2.
    V9,
    /// `free_dev`.
    V10,
}

/// `dm_put`: a reference to a device is dropped.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PutMd {
    pub(crate) md: MdId,
    pub(crate) table: Option<TableId>,
    pub(crate) target: u8,
    pub(crate) label: V,
}

impl PutMd {
    /// Drops a reference.
    pub fn new(md: MdId) -> Self {
        Self { md, table: None, target: 0, label: V::V1 }
    }

    fn next_target<D: Drivers, M: Memory<Drivers = D>>(
        &mut self,
        memory: &mut M,
        entry: fn(TargetId) -> Entry,
    ) -> Option<Next<D>> {
        call_next_target(memory, self.table?, &mut self.target, entry)
    }

    fn presuspend<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        self.label = V::V4;
        match self.next_target(memory, Entry::Presuspend) {
            Some(call) => call,
            None => self.postsuspend(memory),
        }
    }

    fn postsuspend<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        self.label = V::V5;
        match self.next_target(memory, Entry::Postsuspend) {
            Some(call) => call,
            None => self.unbind(),
        }
    }

    fn unbind<D: Drivers>(&mut self) -> Next<D> {
        self.label = if self.table.is_some() { V::V6 } else { V::V10 };
        Next::Continue
    }

    /// `free_dev`, after which nothing of the device may be touched.
    fn free<M: Memory>(&self, memory: &mut M) {
        memory.emit(Effect::Freed(self.md));
        memory.free(Object::Pools(self.md));
        memory.free(Object::Md(self.md));
    }
}

impl<D: Drivers> Function<D> for PutMd {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        let md = self.md;
        self.label = match self.label {
            V::V1 => {
                memory.touch(Object::Md(md));
                if memory.add_unless(Word::Holders(md), -1, 1) {
                    return Ok(Next::Return(Code::OK));
                }
                V::V2
            }
            V::V2 => {
                memory.lock(Lock::Minor)?;
                let last = memory.add_return(Word::Holders(md), -1) == 0;
                if last {
                    memory.set_bit(md, Flag::Freeing);
                    self.table = memory.get_table(md)?;
                }
                memory.unlock(Lock::Minor);
                if !last {
                    return Ok(Next::Return(Code::OK));
                }
                V::V3
            }
            V::V3 if memory.test_bit(md, Flag::Suspended) => return Ok(self.unbind()),
            V::V3 => return Ok(self.presuspend(memory)),
            V::V6 => {
                let table = self.table.expect("V2 has found a table");
                memory.with_lock(Lock::Event, |memory| *memory.event_fn(table) = false)?;
                V::V7
            }
            V::V7 => {
                let table = memory.with_lock(Lock::Map(md), |memory| memory.map(md).take())?;
                memory.emit(Effect::MapChanged(md, None));
                self.label = V::V8;
                let table = table.expect("V2 has found a table");
                return Ok(Next::Call(Frame::PutTable(PutTable::new(table))));
            }
            V::V10 => {
                self.free(memory);
                return Ok(Next::Return(Code::OK));
            }
            V::V4 | V::V5 | V::V8 | V::V9 => unreachable!("a call is under way"),
        };
        Ok(Next::Continue)
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, _code: Code) -> Next<D> {
        match self.label {
            V::V4 => self.presuspend(memory),
            V::V5 => self.postsuspend(memory),
            V::V8 => {
                self.label = V::V9;
                let table = self.table.take().expect("V2 has found a table");
                Next::Call(Frame::PutTable(PutTable::new(table)))
            }
            V::V9 => {
                self.label = V::V10;
                Next::Continue
            }
            V::V1 | V::V2 | V::V3 | V::V6 | V::V7 | V::V10 => {
                unreachable!("no call is under way")
            }
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

/// Labels of [`PutTable`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum T {
    /// `holders` of the table falls.
    T1,
    /// In the destructors of the targets, in order.
    T2,
    /// In `dm_blk_close` of a mapped device below, in order (`dm_put_device`).
    T3,
    /// The table is freed.
    T4,
}

/// `dm_table_put`: a reference to a table is dropped.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PutTable {
    pub(crate) table: TableId,
    pub(crate) target: u8,
    /// How many of the mapped devices below are closed.
    pub(crate) closed: u8,
    pub(crate) label: T,
}

impl PutTable {
    /// Drops a reference.
    pub fn new(table: TableId) -> Self {
        Self { table, target: 0, closed: 0, label: T::T1 }
    }

    fn destroy<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        self.label = T::T2;
        match call_next_target(memory, self.table, &mut self.target, Entry::Destroy) {
            Some(call) => call,
            None => self.close(memory),
        }
    }

    fn close<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        let below = &memory.setup().tables[self.table.index()].below;
        match below.get(usize::from(self.closed)).copied() {
            Some(md) => {
                self.closed += 1;
                self.label = T::T3;
                Next::Call(Frame::Close(Close::new(md)))
            }
            None => {
                self.label = T::T4;
                Next::Continue
            }
        }
    }
}

impl<D: Drivers> Function<D> for PutTable {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        match self.label {
            T::T1 => {
                memory.touch(Object::Table(self.table));
                let is_last = memory.add_return(Word::TableHolders(self.table), -1) == 0;
                if !is_last && memory.mutant() != Mutant::TablePutFrees {
                    return Ok(Next::Return(Code::OK));
                }
                Ok(self.destroy(memory))
            }
            T::T4 => {
                // `dm_put_device` reads `ti->table->md`.
                let setup = &memory.setup().tables[self.table.index()];
                let (has_devices, md) = (setup.has_devices, setup.md);
                if has_devices {
                    memory.touch(Object::Md(md));
                }
                memory.free(Object::Table(self.table));
                Ok(Next::Return(Code::OK))
            }
            T::T2 | T::T3 => unreachable!("a call is under way"),
        }
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, _code: Code) -> Next<D> {
        match self.label {
            T::T2 => self.destroy(memory),
            T::T3 => self.close(memory),
            T::T1 | T::T4 => unreachable!("no call is under way"),
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

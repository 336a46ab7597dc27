//! `__split_bio` and `__flush_deferred_io`: a bio becomes a `dm_io` and its clones, labels B1..B7.
//!
//! KERNEL.md A.2, Q3; dm.c of commit 2e93ccc1933d.
use std::fmt::Debug;

use crate::driver::Drivers;
use crate::effect::Effect;
use crate::endio::DecPending;
use crate::errno::{Code, Errno};
use crate::frame::{Frame, Function, Next, Step, bio_endio};
use crate::ids::{BioPtr, CloneId, Device, DiskId, IoId, MdId, TableId};
use crate::lifetime::PutTable;
use crate::map::MapBio;
use crate::memory::{BioPlace, Blocked, ClonePlace, CloneState, Lock, Memory, Word};
use crate::mutant::Mutant;

/// Labels of [`Split`] and [`Flush`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum B {
    /// `dm_get_table`.
    B1,
    /// `alloc_io` and `start_io_acct`: `pending` rises.
    B2,
    /// In `__clone_and_map`, a fragment at a time.
    B3,
    /// In `dec_pending`, which drops the submission's reference.
    B4,
    /// In `dm_table_put`.
    B5,
    /// In `bio_io_error`, because there is no table.
    B6,
    /// In `__split_bio` of a deferred bio.
    B7,
}

/// `__split_bio`, under `io_lock` R (from `dm_request`) or W (a flush of deferred bios).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Split {
    pub(crate) md: MdId,
    pub(crate) bio: BioPtr,
    pub(crate) table: TableId,
    pub(crate) io: IoId,
    /// How many clones have been made.
    pub(crate) fragment: u8,
    /// How many sectors they take.
    pub(crate) mapped: u16,
    pub(crate) label: B,
}

impl Split {
    /// The bio about to be split by the device's live table.
    pub fn new(md: MdId, bio: BioPtr) -> Self {
        Self { md, bio, table: TableId(0), io: IoId(0), fragment: 0, mapped: 0, label: B::B1 }
    }

    fn table<M: Memory>(&self, memory: &mut M) -> Result<Option<TableId>, Blocked> {
        if memory.mutant() != Mutant::SplitWithoutReference {
            return memory.get_table(self.md);
        }
        memory.lock_shared(Lock::Map(self.md))?;
        let table = *memory.map(self.md);
        memory.unlock_shared(Lock::Map(self.md));
        Ok(table)
    }

    /// `__clone_and_map`: the next clone goes to the target at its sector.
    fn clone_and_map<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        let (sector, count) = memory.extent(self.bio);
        if self.mapped == count {
            self.label = B::B4;
            if memory.mutant() == Mutant::IoCountWithoutSubmission {
                return Function::<D>::returned(self, memory, Code::OK);
            }
            return Next::Call(Frame::DecPending(DecPending::new(self.io, Code::OK)));
        }
        let sector = sector + u32::from(self.mapped);
        let setup = memory.setup();
        let Some(target) = setup.find_target(self.table, sector) else {
            return Next::Bug("a bio reaches beyond the last target of its table");
        };
        let most = setup.max_io_len(target, sector);
        let count = u32::from(count - self.mapped).min(most) as u16;
        let offset = self.mapped;
        let id = CloneId::of(self.io, usize::from(self.fragment));
        let device = Device::Disk(DiskId(0));
        let place = ClonePlace::Hands;
        memory
            .alloc_clone(id, CloneState { target, sector, count, offset, device, info: 0, place });
        self.fragment += 1;
        self.mapped += count;
        self.label = B::B3;
        Next::Call(Frame::MapBio(MapBio::new(self.md, id, target)))
    }
}

impl<D: Drivers> Function<D> for Split {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        Ok(match self.label {
            B::B1 => match self.table(memory)? {
                None => {
                    memory.emit(Effect::NoTable(self.md));
                    self.label = B::B6;
                    bio_endio(self.bio, Errno::Io.code())
                }
                Some(table) => {
                    self.table = table;
                    self.label = B::B2;
                    Next::Continue
                }
            },
            B::B2 => {
                self.io = memory.alloc_io(self.md, self.bio);
                memory.set_place(self.bio, BioPlace::Mapped);
                memory.add_return(Word::Pending(self.md), 1);
                memory.emit(Effect::Started(self.md, self.io));
                self.clone_and_map(memory)
            }
            B::B3 | B::B4 | B::B5 | B::B6 | B::B7 => unreachable!("a call is under way"),
        })
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, _code: Code) -> Next<D> {
        match self.label {
            B::B3 => self.clone_and_map(memory),
            B::B4 if memory.mutant() == Mutant::SplitWithoutReference => Next::Return(Code::OK),
            B::B4 => {
                self.label = B::B5;
                Next::Call(Frame::PutTable(PutTable::new(self.table)))
            }
            B::B5 | B::B6 => Next::Return(Code::OK),
            B::B1 | B::B2 | B::B7 => unreachable!("no call is under way"),
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

/// `bio_list_get(&md->deferred)`: the holder of `io_lock` W takes all of it into a local list.
pub(crate) fn steal_deferred<M: Memory>(memory: &mut M, md: MdId) {
    let stolen = memory.deferred(md).take();
    for bio in stolen.iter() {
        memory.set_place(bio, BioPlace::Hands);
    }
    assert!(memory.flushing(md).is_empty(), "one flush at a time holds io_lock");
    *memory.flushing(md) = stolen;
}

/// `__flush_deferred_io`: each bio of the local list in turn, under `io_lock` W.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Flush {
    pub(crate) md: MdId,
}

impl Flush {
    /// The bios that the holder of `io_lock` W has stolen from `deferred`.
    pub fn new(md: MdId) -> Self {
        Self { md }
    }
}

impl<D: Drivers> Function<D> for Flush {
    fn enter<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        match memory.flushing(self.md).pop_front() {
            Some(bio) if memory.mutant() == Mutant::FlushFails => bio_endio(bio, Errno::Io.code()),
            Some(bio) => Next::Call(Frame::Split(Split::new(self.md, bio))),
            None => Next::Return(Code::OK),
        }
    }

    fn step<M: Memory<Drivers = D>>(&mut self, _memory: &mut M) -> Step<D> {
        unreachable!("a flush has no section of its own")
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, _code: Code) -> Next<D> {
        self.enter(memory)
    }

    fn label(&self) -> &dyn Debug {
        &B::B7
    }
}

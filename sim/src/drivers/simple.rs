//! The targets without state: linear, striped, error and zero. They decide at once.
//!
//! dm-linear.c, dm-stripe.c, dm-target.c and dm-zero.c, read in 2.6.24. Verdicts by name since
//! patch 4 of the series (d2a7ad29a810), with the values as before.
use std::fmt::Debug;

use dm_model::driver::Entry;
use dm_model::effect::{Effect, StatusKind};
use dm_model::errno::{Code, Errno};
use dm_model::frame::{Next, Step, bio_endio};
use dm_model::ids::{BioPtr, CloneId, Device, TargetId};
use dm_model::memory::{Fault, Memory};

use super::Sim;
use crate::table::Kind;

/// Labels of [`Call`]; none is ever waited at but that of a bio that zero completes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum N {
    /// In `map`, `status` or `preresume`.
    N0,
}

/// A method of a target without state.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Call {
    /// `map`.
    Map(TargetId, CloneId),
    /// `status`.
    Status(TargetId, StatusKind),
    /// `preresume`, which exists only to fail where a scenario wants it to.
    Preresume(TargetId),
}

impl Call {
    /// The call that enters a method; `None` where there is none.
    pub fn enter(entry: Entry) -> Option<Self> {
        match entry {
            Entry::Map(target, clone) => Some(Self::Map(target, clone)),
            Entry::Status(target, kind) => Some(Self::Status(target, kind)),
            Entry::Preresume(target) => Some(Self::Preresume(target)),
            Entry::EndIo(..)
            | Entry::Presuspend(_)
            | Entry::PresuspendUndo(_)
            | Entry::Postsuspend(_)
            | Entry::Resume(_)
            | Entry::Message(..)
            | Entry::Destroy(_) => None,
        }
    }

    /// Everything that these methods do.
    pub fn begin<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Next<Sim> {
        match *self {
            Self::Map(target, clone) => map(memory, target, clone),
            Self::Status(target, kind) => {
                memory.emit(Effect::StatusRead(target, kind));
                Next::Return(Code::OK)
            }
            Self::Preresume(target) => Next::Return(preresume(memory, target)),
        }
    }

    /// There is no section in these methods.
    ///
    /// # Errors
    /// Never.
    pub fn step<M: Memory<Drivers = Sim>>(&mut self, _memory: &mut M) -> Step<Sim> {
        unreachable!("a target without state has no section")
    }

    /// The bio that zero completed is done.
    pub fn returned<M: Memory<Drivers = Sim>>(&mut self, _memory: &mut M, _: Code) -> Next<Sim> {
        Next::Return(Code::SUBMITTED)
    }

    /// The label that is executed next.
    pub fn label(&self) -> &dyn Debug {
        &N::N0
    }
}

/// `preresume` of any target: fails where a scenario has armed it, else does nothing.
pub(super) fn preresume<M: Memory<Drivers = Sim>>(memory: &mut M, target: TargetId) -> Code {
    let setup = memory.setup();
    let md = setup.tables[setup.targets[target.index()].table.index()].md;
    if memory.take_fault(md, Fault::Preresume) { Errno::Inval.code() } else { Code::OK }
}

fn map<M: Memory<Drivers = Sim>>(memory: &mut M, target: TargetId, clone: CloneId) -> Next<Sim> {
    let setup = memory.setup();
    let begin = setup.targets[target.index()].begin;
    match setup.drivers.kind(target) {
        Kind::Linear { device, start } => {
            let (device, start) = (*device, *start as u32);
            remap(memory, clone, |sector| (device, start + (sector - begin)))
        }
        Kind::Striped { chunk, stripes } => {
            let (chunk, stripes) = (*chunk, stripes.clone());
            remap(memory, clone, |sector| stripe(&stripes, chunk, sector - begin))
        }
        Kind::Error => Next::Return(Errno::Io.code()),
        // Read-ahead of nulls only wastes the buffer cache.
        Kind::Zero if memory.is_readahead(BioPtr::Clone(clone)) => Next::Return(Errno::Io.code()),
        Kind::Zero => bio_endio(BioPtr::Clone(clone), Code::OK),
        Kind::Delay { .. } | Kind::Multipath(_) => unreachable!("they have files of their own"),
    }
}

fn remap<M: Memory<Drivers = Sim>>(
    memory: &mut M,
    clone: CloneId,
    to: impl FnOnce(u32) -> (Device, u32),
) -> Next<Sim> {
    memory.change_clone(clone, |clone| (clone.device, clone.sector) = to(clone.sector));
    Next::Return(Code::REMAPPED)
}

/// Where a sector of a target may be sent: a device and a sector there, one a path.
pub(crate) fn places(kind: &Kind, begin: u32, sector: u32) -> Vec<(Device, u32)> {
    let offset = sector - begin;
    match kind {
        Kind::Linear { device, start } => vec![(*device, start_at(*start, offset))],
        Kind::Striped { chunk, stripes } => vec![stripe(stripes, *chunk, offset)],
        Kind::Error | Kind::Zero => Vec::new(),
        Kind::Delay { read, write } => {
            let both = [Some(*read), *write].into_iter().flatten();
            both.map(|(device, start, _)| (device, start_at(start, offset))).collect()
        }
        // A path takes the sector as it is.
        Kind::Multipath(spec) => spec.paths().map(|(_, path)| (path.device, sector)).collect(),
    }
}

fn start_at(start: u64, offset: u32) -> u32 {
    (start as u32).saturating_add(offset)
}

/// Where a sector of a striped target lies (`stripe_map`).
fn stripe(stripes: &[(Device, u64)], chunk: u32, offset: u32) -> (Device, u32) {
    let number = offset / chunk;
    let count = stripes.len() as u32;
    let (device, start) = stripes[(number % count) as usize];
    (device, start as u32 + number / count * chunk + offset % chunk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dm_model::ids::DiskId;

    #[test]
    fn chunks_go_round_the_stripes() {
        let stripes = [(Device::Disk(DiskId(0)), 0), (Device::Disk(DiskId(1)), 100)];
        assert_eq!(stripe(&stripes, 8, 0), (Device::Disk(DiskId(0)), 0));
        assert_eq!(stripe(&stripes, 8, 9), (Device::Disk(DiskId(1)), 101));
        assert_eq!(stripe(&stripes, 8, 16), (Device::Disk(DiskId(0)), 8));
    }
}

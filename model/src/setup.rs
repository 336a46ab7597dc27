//! What never changes in a run: the era, the tables and targets, the bios.
use crate::driver::Drivers;
use crate::era::Era;
use crate::errno::Code;
use crate::ids::{Device, MdId, TableId, TargetId};
use crate::mutant::Mutant;

/// A bio that an application will make.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BioSetup {
    /// The device that it is sent to.
    pub device: Device,
    /// A write, else a read.
    pub write: bool,
    /// READA: it may fail rather than wait.
    pub readahead: bool,
    /// Its process holds the inode's mutex from before the submission until the completion.
    pub fsync: bool,
    /// Its process opens the device before and closes it after; else somebody holds it open.
    pub opens: bool,
    /// First sector, in 512 bytes.
    pub sector: u32,
    /// How many sectors.
    pub count: u16,
}

/// A target as the core sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TargetSetup {
    /// The table that it is part of.
    pub table: TableId,
    /// `ti->begin`, in sectors.
    pub begin: u32,
    /// `ti->len`, in sectors.
    pub len: u32,
    /// `ti->split_io`, in sectors; 0 for none.
    pub split_io: u32,
}

/// A table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableSetup {
    /// The device that it is loaded for.
    pub md: MdId,
    /// Its first target.
    pub first: TargetId,
    /// How many targets it has; they are numbered consecutively.
    pub count: u8,
    /// `dm_table_get_size`, in sectors.
    pub sectors: u32,
    /// Whether a target of it names a device.
    pub has_devices: bool,
    /// The mapped devices below, which the table holds open while it lives.
    pub below: Vec<MdId>,
}

/// What never changes in a run.
#[derive(Clone, Debug)]
pub struct Setup<D: Drivers> {
    /// The kernel version.
    pub era: Era,
    /// The seeded bug.
    pub mutant: Mutant,
    /// How many mapped devices there are.
    pub md_count: u8,
    /// How many tasks there are: the system calls that may sleep.
    pub task_count: u8,
    /// The bios.
    pub bios: Vec<BioSetup>,
    /// The tables.
    pub tables: Vec<TableSetup>,
    /// The targets of all tables.
    pub targets: Vec<TargetSetup>,
    /// What `map` of a target returns for a device when [`crate::memory::Fault::Map`] is armed.
    pub forced_map: Code,
    /// What `end_io` returns when [`crate::memory::Fault::EndIo`] is armed.
    pub forced_end_io: Code,
    /// What the drivers know.
    pub drivers: D::Setup,
}

impl<D: Drivers> Setup<D> {
    /// A setup of this era with nothing in it.
    pub fn empty(era: Era, drivers: D::Setup) -> Self {
        Self {
            era,
            mutant: Mutant::None,
            md_count: 0,
            task_count: 0,
            bios: Vec::new(),
            tables: Vec::new(),
            targets: Vec::new(),
            forced_map: Code::OK,
            forced_end_io: Code::OK,
            drivers,
        }
    }

    /// Where the work items of a device itself are counted: behind those of all targets.
    pub fn work_of(&self, md: MdId) -> TargetId {
        TargetId(self.targets.len() as u8 + md.0)
    }

    /// The device whose work items are counted there; `None` for a target's.
    pub fn md_of_work(&self, work: TargetId) -> Option<MdId> {
        work.index().checked_sub(self.targets.len()).map(|md| MdId(md as u8))
    }

    /// The targets of a table, in order.
    pub fn targets_of(&self, table: TableId) -> impl DoubleEndedIterator<Item = TargetId> + use<D> {
        let table = &self.tables[table.index()];
        let first = table.first.0;
        (first..first + table.count).map(TargetId)
    }

    /// Whether a bio for the device that ends before sector `end` reaches beyond one of the
    /// device's tables.
    pub fn may_exceed(&self, md: MdId, end: u32) -> bool {
        self.tables.iter().any(|table| table.md == md && table.sectors < end)
    }

    /// The target that `sector` falls on (`dm_table_find_target`); `None` beyond the end.
    pub fn find_target(&self, table: TableId, sector: u32) -> Option<TargetId> {
        self.targets_of(table).find(|target| {
            let target = &self.targets[target.index()];
            sector - target.begin.min(sector) < target.len && sector >= target.begin
        })
    }

    /// How many sectors of I/O at `sector` one clone can take (`max_io_len`): up to the end of the
    /// target, and up to its next `split_io` boundary.
    pub fn max_io_len(&self, target: TargetId, sector: u32) -> u32 {
        let target = &self.targets[target.index()];
        let offset = sector - target.begin;
        let to_end = target.len - offset;
        if target.split_io == 0 {
            return to_end;
        }
        let boundary = ((offset + target.split_io) & !(target.split_io - 1)) - offset;
        to_end.min(boundary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Nothing;

    fn setup(targets: &[(u32, u32)]) -> Setup<Nothing> {
        let mut begin = 0;
        let mut all = Vec::new();
        for (len, split_io) in targets.iter().copied() {
            all.push(TargetSetup { table: TableId(0), begin, len, split_io });
            begin += len;
        }
        let count = all.len() as u8;
        let table = TableSetup {
            md: MdId(0),
            first: TargetId(0),
            count,
            sectors: begin,
            has_devices: false,
            below: Vec::new(),
        };
        Setup { tables: vec![table], targets: all, ..Setup::empty(Era::Linux2_6_20, ()) }
    }

    fn fragments(setup: &Setup<Nothing>, sector: u32, count: u32) -> Vec<(u8, u32, u32)> {
        let mut pieces = Vec::new();
        let (mut at, end) = (sector, sector + count);
        while at < end {
            let Some(target) = setup.find_target(TableId(0), at) else { break };
            let len = (end - at).min(setup.max_io_len(target, at));
            pieces.push((target.0, at, len));
            at += len;
        }
        pieces
    }

    #[test]
    fn a_bio_is_split_where_targets_end() {
        let setup = setup(&[(8, 0), (8, 0), (8, 0)]);
        assert_eq!(fragments(&setup, 4, 16), [(0, 4, 4), (1, 8, 8), (2, 16, 4)]);
        assert_eq!(fragments(&setup, 8, 8), [(1, 8, 8)]);
    }

    #[test]
    fn a_bio_is_split_at_chunks_counted_from_the_start_of_the_target() {
        let setup = setup(&[(3, 0), (64, 16)]);
        assert_eq!(fragments(&setup, 2, 40), [(0, 2, 1), (1, 3, 16), (1, 19, 16), (1, 35, 7)]);
        assert_eq!(fragments(&setup, 10, 9), [(1, 10, 9)]);
    }

    #[test]
    fn no_target_is_found_beyond_the_end() {
        let setup = setup(&[(8, 0)]);
        assert_eq!(setup.find_target(TableId(0), 7), Some(TargetId(0)));
        assert_eq!(setup.find_target(TableId(0), 8), None);
    }
}

//! Where the data of LUNs lies: parts of a RAM disk, or of the disk of scsi_debug.
//!
//! Each LUN of a boot gets a part that nothing has written yet, so that none has to be cleared.
use dm_sim::scenario::{Scenario, Verb};

/// The size of the RAM disk in sectors; of it only what is written takes memory.
pub(crate) const RAM_SECTOR_COUNT: u64 = 1 << 36;
/// The size of the disk of scsi_debug in sectors.
pub(crate) const SCSI_SECTOR_COUNT: u64 = 64 * 2048;
/// Where the data of a LUN lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Store {
    /// The RAM disk.
    Ram,
    /// The disk of scsi_debug, which alone knows medium errors.
    Scsi,
}

/// A LUN: a part of a store that no other scenario of the boot uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Lun {
    pub(crate) store: Store,
    /// The first sector in the store.
    pub(crate) begin: u64,
    pub(crate) sectors: u64,
}

/// What is free of the stores in one boot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Free {
    ram: u64,
    scsi: u64,
}

impl Free {
    /// The next LUN.
    ///
    /// # Errors
    /// How many sectors are left of the store, when they are too few.
    pub(crate) fn take(&mut self, store: Store, sectors: u64) -> Result<Lun, u64> {
        let (free, size) = match store {
            Store::Ram => (&mut self.ram, RAM_SECTOR_COUNT),
            Store::Scsi => (&mut self.scsi, SCSI_SECTOR_COUNT),
        };
        let begin = *free;
        // LUNs begin at a page, and nobody reads ahead into the next one.
        let end = begin + sectors.next_multiple_of(8) + 8;
        if end > size {
            return Err(size - begin);
        }
        *free = end;
        Ok(Lun { store, begin, sectors })
    }
}

/// The disks whose LUN gets a medium error, by whatever path.
pub(crate) fn damaged(scenario: &Scenario) -> Vec<String> {
    let mut luns: Vec<Vec<&str>> = Vec::new();
    for line in &scenario.lines {
        let (name, of) = if let Verb::Disk { name, lun, .. } = &line.verb {
            (name, lun.as_ref())
        } else if let Verb::Replug { path, new: Some(new) } = &line.verb {
            (new, Some(path))
        } else {
            continue;
        };
        let known = of.and_then(|of| luns.iter_mut().find(|lun| lun.contains(&of.as_str())));
        match known {
            Some(lun) => lun.push(name),
            None => luns.push(vec![name]),
        }
    }
    let is_damaged = |lun: &&Vec<&str>| {
        scenario.lines.iter().any(
            |line| matches!(&line.verb, Verb::Medium { path, .. } if lun.contains(&path.as_str())),
        )
    };
    luns.iter().filter(is_damaged).flatten().map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luns_do_not_overlap_and_end_with_their_store() {
        let mut free = Free::default();
        let first = free.take(Store::Scsi, 2047).expect("there is room");
        let second = free.take(Store::Scsi, 2048).expect("there is room");
        assert!(first.begin + first.sectors < second.begin && second.begin.is_multiple_of(8));
        let left = free.take(Store::Scsi, SCSI_SECTOR_COUNT).expect_err("there is not");
        assert_eq!(left, SCSI_SECTOR_COUNT - 2 * 2056);
        assert_eq!(free.take(Store::Ram, 8).expect("there is room").begin, 0);
    }
}

//! The paths of a host as its drivers know them: names and LUNs.
use dm_model::ids::DiskId;

use super::topology::{LUN_SECTORS, Topology};
use crate::drivers::setup::{DiskSetup, DriverSetup};

/// What the drivers know before there is a mapped device.
pub(super) fn drivers(topology: &Topology) -> DriverSetup {
    let names = topology.paths.iter().flat_map(|path| path.names.map(|name| (name, path.lun)));
    let disks = names.map(|(name, lun)| DiskSetup { name: disk_name(name), lun: lun as u8 });
    DriverSetup {
        disks: disks.collect(),
        luns: vec![u64::from(LUN_SECTORS); topology.luns],
        ..DriverSetup::default()
    }
}

/// The name of a path: sda, sdb, .., sdaa.
pub(super) fn disk_name(disk: DiskId) -> String {
    let mut number = disk.index();
    let mut letters = Vec::new();
    loop {
        letters.push(b'a' + (number % 26) as u8);
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    letters.reverse();
    format!("sd{}", String::from_utf8(letters).expect("letters are text"))
}

//! What the drivers know that never changes: target kinds, disks, LUNs, messages, device numbers.
use dm_model::ids::{Device, DiskId, MdId, TargetId};

use crate::ctr::Devices;
use crate::table::Kind;

/// A path to a LUN.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DiskSetup {
    /// The path's name: sda.
    pub name: String,
    /// Which LUN it leads to.
    pub lun: u8,
}

/// What never changes below the core.
#[derive(Clone, Debug, Default)]
pub struct DriverSetup {
    /// What each target is.
    pub kinds: Vec<Kind>,
    /// The paths.
    pub disks: Vec<DiskSetup>,
    /// The size of each LUN, in sectors.
    pub luns: Vec<u64>,
    /// The names of the mapped devices, and their sizes by their first table.
    pub mds: Vec<(String, u64)>,
    /// The messages, as their words.
    pub messages: Vec<Vec<String>>,
    /// How many ways a `pg_init` may end without a fault armed for it: 1 for success alone.
    pub pg_init_ends: u8,
}

/// The devices that a target names.
pub fn devices(kind: &Kind) -> Vec<Device> {
    match kind {
        Kind::Linear { device, .. } => vec![*device],
        Kind::Striped { stripes, .. } => stripes.iter().map(|(device, _)| *device).collect(),
        Kind::Error | Kind::Zero => Vec::new(),
        Kind::Delay { read, write } => {
            [Some(*read), *write].into_iter().flatten().map(|(device, ..)| device).collect()
        }
        Kind::Multipath(spec) => spec.paths().map(|(_, path)| path.device).collect(),
    }
}

/// The devices that a target of so many sectors reaches, and the sector on each that it ends before.
pub fn reach(kind: &Kind, sectors: u32) -> Vec<(Device, u64)> {
    let sectors = u64::from(sectors);
    match kind {
        Kind::Linear { device, start } => vec![(*device, start + sectors)],
        Kind::Striped { stripes, .. } => {
            let each = sectors / stripes.len() as u64;
            stripes.iter().map(|(device, start)| (*device, start + each)).collect()
        }
        Kind::Error | Kind::Zero => Vec::new(),
        Kind::Delay { read, write } => {
            let parts = [Some(*read), *write].into_iter().flatten();
            parts.map(|(device, start, _)| (device, start + sectors)).collect()
        }
        Kind::Multipath(spec) => spec.paths().map(|(_, path)| (path.device, sectors)).collect(),
    }
}

/// The major number of `sd`.
const SD_MAJOR: u32 = 8;
/// Minors that each `sd` disk takes.
const SD_MINORS: u32 = 16;
/// The major number of device-mapper on a usual host.
const DM_MAJOR: u32 = 253;

impl DriverSetup {
    /// What a target is.
    pub fn kind(&self, target: TargetId) -> &Kind {
        &self.kinds[target.index()]
    }

    /// The path with this name.
    pub fn disk(&self, name: &str) -> Option<DiskId> {
        let index = self.disks.iter().position(|disk| disk.name == name)?;
        Some(DiskId(index as u8))
    }

    /// The mapped device with this name.
    pub fn md(&self, name: &str) -> Option<MdId> {
        // A name may be created again once its device is removed: the last one has it.
        let index = self.mds.iter().rposition(|(known, _)| known == name)?;
        Some(MdId(index as u8))
    }

    /// The name of a device, without a directory.
    pub fn name(&self, device: Device) -> &str {
        match device {
            Device::Disk(disk) => &self.disks[disk.index()].name,
            Device::Md(md) => &self.mds[md.index()].0,
        }
    }

    fn all(&self) -> impl Iterator<Item = Device> {
        let disks = (0..self.disks.len()).map(|index| Device::Disk(DiskId(index as u8)));
        disks.chain((0..self.mds.len()).map(|index| Device::Md(MdId(index as u8))))
    }
}

impl Devices for DriverSetup {
    fn find(&self, name: &str) -> Option<Device> {
        if let Some(name) = name.strip_prefix("/dev/mapper/") {
            return self.md(name).map(Device::Md);
        }
        if let Some(name) = name.strip_prefix("/dev/") {
            return self.disk(name).map(Device::Disk);
        }
        self.all().find(|device| self.number(*device) == name)
    }

    fn sectors(&self, device: Device) -> u64 {
        match device {
            Device::Disk(disk) => self.luns[usize::from(self.disks[disk.index()].lun)],
            Device::Md(md) => self.mds[md.index()].1,
        }
    }

    fn number(&self, device: Device) -> String {
        match device {
            Device::Disk(disk) => format!("{SD_MAJOR}:{}", u32::from(disk.0) * SD_MINORS),
            Device::Md(md) => format!("{DM_MAJOR}:{}", md.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup() -> DriverSetup {
        let disk = |name: &str| DiskSetup { name: name.to_owned(), lun: 0 };
        DriverSetup {
            disks: vec![disk("sda"), disk("sdb")],
            luns: vec![2048],
            mds: vec![("mp".to_owned(), 1024)],
            ..DriverSetup::default()
        }
    }

    #[test]
    fn a_device_is_found_by_its_name_and_by_its_number() {
        let setup = setup();
        assert_eq!(setup.find("/dev/sdb"), Some(Device::Disk(DiskId(1))));
        assert_eq!(setup.find("8:16"), Some(Device::Disk(DiskId(1))));
        assert_eq!(setup.find("/dev/mapper/mp"), Some(Device::Md(MdId(0))));
        assert_eq!(setup.find("253:0"), Some(Device::Md(MdId(0))));
        assert_eq!(setup.find("sda"), None);
        assert_eq!(setup.find("/dev/sdc"), None);
    }
}

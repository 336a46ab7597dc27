//! What the tests of this module share: eight disks, a few table lines, one target of a line.
use super::rules::{MapIo, map_io};
use super::spec::MultipathSpec;
use super::state::Multipath;
use crate::ctr::Devices;
use dm_model::ids::{BioId, BioPtr, CloneId, Device, DiskId, IoId};

/// `/dev/sda` to `/dev/sdh`, which are 8:0 to 8:112.
pub(crate) struct Disks;

/// Queues without a path; two paths in the first group, one in the second.
pub(crate) const TWO_GROUPS: &str = "1 queue_if_no_path 0 2 1 round-robin 0 2 1 8:0 2 8:16 3 \
     round-robin 0 1 1 8:32 1000";
/// Two groups of one path, each to be initialised.
pub(crate) const EMC: &str =
    "1 queue_if_no_path 1 emc 2 1 round-robin 0 1 1 8:0 1000 round-robin 0 1 1 8:16 1000";
/// As `EMC`, with two retries of a `pg_init`.
pub(crate) const EMC_RETRIES: &str = "3 queue_if_no_path pg_init_retries 2 1 emc 2 1 \
     round-robin 0 1 1 8:0 1000 round-robin 0 1 1 8:16 1000";
/// One path, and errors without it.
pub(crate) const ONE_PATH: &str = "0 0 1 1 round-robin 0 1 1 8:0 1000";

impl Devices for Disks {
    fn find(&self, name: &str) -> Option<Device> {
        (0..8)
            .find(|&index| {
                let letter = char::from(b'a' + index);
                name == format!("/dev/sd{letter}") || name == format!("8:{}", 16 * index)
            })
            .map(disk)
    }

    fn sectors(&self, _device: Device) -> u64 {
        2048
    }

    fn number(&self, device: Device) -> String {
        match device {
            Device::Disk(disk) => format!("8:{}", 16 * disk.index()),
            Device::Md(md) => format!("253:{}", md.index()),
        }
    }
}

pub(crate) fn disk(index: u8) -> Device {
    Device::Disk(DiskId(index))
}

pub(crate) fn clone(bio: u8) -> CloneId {
    CloneId::of(IoId::of(BioPtr::Original(BioId(u16::from(bio))), 0), 0)
}

pub(crate) fn spec(line: &str) -> MultipathSpec {
    let words: Vec<&str> = line.split_whitespace().collect();
    MultipathSpec::parse(&words, &Disks).unwrap()
}

pub(crate) fn target(line: &str) -> (MultipathSpec, Multipath) {
    let spec = spec(line);
    let m = Multipath::new(&spec);
    (spec, m)
}

/// Maps a new clone while no noflush suspend is under way.
pub(crate) fn map(m: &mut Multipath, spec: &MultipathSpec, clone: CloneId) -> MapIo {
    let mapped = map_io(m, spec, clone, false, true, || false);
    m.check_invariants();
    mapped
}

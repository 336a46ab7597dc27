//! The devices of a run: LUNs, the paths to them, and mapped devices in levels.
//!
//! What a sector of a device is, and which LUN's, does not change while a run lasts: tables are
//! loaded with other paths and grown, never laid out anew. So the oracles know where an I/O goes
//! without asking the kernel, which parses the same tables from their text.
use std::fmt::Write as _;

use dm_model::ids::{DiskId, MdId};

use super::names::disk_name;
use super::oracle::{Below, Extent, Kind as OracleKind, Segment, Table};
use super::random::{Random, Stream};
use super::swarm::{Features, NoPathRetry};

/// Sectors of a LUN.
pub const LUN_SECTORS: u32 = 4096;
/// Sectors of a device over multipath before it is grown.
const BASE_SECTORS: u32 = 1024;
/// Sectors that a device grows by.
const GROWTH: u32 = 256;
/// The names that one path may have.
pub const NAMES: usize = 2;

/// The devices in words, one a line: their tables, with the names that paths begin with.
pub fn layout_lines(topology: &Topology) -> Vec<(usize, String)> {
    let name = |path: usize| Some(name_of(path));
    let lines = (0..topology.devices.len()).flat_map(|device| {
        let lines = topology.lines(device, false, name, disk_name);
        lines.into_iter().map(move |line| (device, line))
    });
    lines.collect()
}

/// The first name of a path.
pub fn name_of(path: usize) -> DiskId {
    DiskId((path * NAMES) as u8)
}

/// The path that has this name.
pub fn path_of_name(name: DiskId) -> usize {
    name.index() / NAMES
}

/// A path to a LUN.
#[derive(Clone, Debug)]
pub struct Path {
    /// Which LUN.
    pub lun: usize,
    /// The controller that it leads through.
    pub controller: u8,
    /// Its names: the second is what it comes back as when it is renamed, and then the first again.
    pub names: [DiskId; NAMES],
}

/// What a mapped device is.
#[derive(Clone, Debug)]
pub enum Layout {
    /// multipath over all paths to a LUN.
    Multipath {
        /// The LUN.
        lun: usize,
        /// The groups, each a list of paths.
        groups: Vec<Vec<usize>>,
        /// Whether groups have to be initialised.
        handler: bool,
        /// Whether the table says `queue_if_no_path`.
        queues: bool,
    },
    /// linear over parts of devices below.
    Linear(Vec<(usize, u32)>),
    /// striped over devices below.
    Striped {
        /// Sectors of a chunk.
        chunk: u32,
        /// The devices, and where each stripe begins.
        stripes: Vec<(usize, u32)>,
    },
}

/// A mapped device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its slot.
    pub md: MdId,
    /// What it is.
    pub layout: Layout,
    /// Its size before it is grown: what applications use.
    pub sectors: u32,
    /// How many levels are below it.
    pub level: u8,
    /// How long a linear device keeps what it sends on, in milliseconds: `delay`, if not 0.
    pub delay: u32,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Topology {
    /// How many LUNs there are.
    pub luns: usize,
    /// The paths to all of them.
    pub paths: Vec<Path>,
    /// The mapped devices; one stands on those before it only.
    pub devices: Vec<Device>,
}

impl Topology {
    /// The devices of a seed.
    pub fn draw(seed: u64, features: &Features) -> Self {
        let mut random = Random::new(seed, Stream::Topology);
        let mut topology = Self::default();
        for index in 0..usize::from(features.devices) {
            let md = MdId(index as u8);
            let is_upper = features.levels > 1 && index > 0 && random.chance(1, 2);
            let device = if is_upper {
                topology.upper(md, features, &mut random)
            } else {
                topology.multipath(md, features, &mut random)
            };
            topology.devices.push(device);
        }
        topology
    }

    fn multipath(&mut self, md: MdId, features: &Features, random: &mut Random) -> Device {
        let lun = self.luns;
        self.luns += 1;
        let count = random.between(2, u64::from(features.paths)) as usize;
        let group_count = random.between(1, u64::from(features.groups)) as usize;
        let group_count = group_count.min(count);
        let mut groups = vec![Vec::new(); group_count];
        for number in 0..count {
            let group = number % group_count;
            let index = self.paths.len();
            let names = [0, 1].map(|name| DiskId((index * NAMES + name) as u8));
            self.paths.push(Path { lun, controller: (group % 2) as u8, names });
            groups[group].push(index);
        }
        let queues = features.no_path_retry != NoPathRetry::Fail;
        let layout = Layout::Multipath { lun, groups, handler: features.handler, queues };
        Device { md, layout, sectors: BASE_SECTORS, level: 0, delay: 0 }
    }

    /// A device on some of those that are there.
    fn upper(&self, md: MdId, features: &Features, random: &mut Random) -> Device {
        let may_carry = |device: &&Device| device.level + 1 < features.levels;
        let below: Vec<usize> =
            self.devices.iter().filter(may_carry).map(|device| device.md.index()).collect();
        let level = |parts: &[(usize, u32)]| {
            1 + parts.iter().map(|part| self.devices[part.0].level).max().unwrap_or(0)
        };
        let part_count = random.between(1, 2) as usize;
        let mut chosen: Vec<usize> = Vec::new();
        let mut luns = Vec::new();
        for _ in 0..part_count {
            let md = random.pick(&below);
            // No sector of a LUN is two of a device: what one write leaves there would be open.
            let its = self.luns_of(md);
            if its.iter().all(|lun| !luns.contains(lun)) {
                luns.extend(its);
                chosen.push(md);
            }
        }
        let smallest = chosen.iter().map(|md| self.devices[*md].sectors).min();
        let each = smallest.expect("a device has a part") / 2;
        let parts: Vec<(usize, u32)> =
            chosen.into_iter().map(|md| (md, random.below(4) as u32 * each / 4)).collect();
        let level = level(&parts);
        let sectors = each * parts.len() as u32;
        if random.chance(1, 2) {
            let is_late = features.delays && random.chance(1, 2);
            let delay = if is_late { random.between(1, 3) as u32 } else { 0 };
            return Device { md, layout: Layout::Linear(parts), sectors, level, delay };
        }
        let chunk = 8 << random.below(4);
        Device { md, layout: Layout::Striped { chunk, stripes: parts }, sectors, level, delay: 0 }
    }

    fn luns_of(&self, device: usize) -> Vec<usize> {
        match &self.devices[device].layout {
            Layout::Multipath { lun, .. } => vec![*lun],
            Layout::Linear(_) | Layout::Striped { .. } => {
                self.below(device).flat_map(|below| self.luns_of(below)).collect()
            }
        }
    }

    /// The sectors of one part of a linear device, the last of which is grown.
    fn part_sectors(device: &Device, parts: &[(usize, u32)], index: usize, grown: bool) -> u32 {
        let each = device.sectors / parts.len() as u32;
        let is_last = index + 1 == parts.len();
        each + if grown && is_last { GROWTH } else { 0 }
    }

    /// Whether the device can be grown: the device below its last part is not the limit.
    pub fn grows(&self, device: usize) -> bool {
        match &self.devices[device].layout {
            Layout::Linear(parts) => {
                let (below, start) = parts[parts.len() - 1];
                let each = self.devices[device].sectors / parts.len() as u32;
                start + each + GROWTH <= self.devices[below].sectors
            }
            Layout::Multipath { .. } => true,
            Layout::Striped { .. } => false,
        }
    }

    /// The devices below a device.
    pub fn below(&self, device: usize) -> impl Iterator<Item = usize> + '_ {
        let parts: &[(usize, u32)] = match &self.devices[device].layout {
            Layout::Multipath { .. } => &[],
            Layout::Linear(parts) => parts,
            Layout::Striped { stripes, .. } => stripes,
        };
        parts.iter().map(|part| part.0)
    }

    /// How large the device is.
    pub fn sectors(&self, device: usize, grown: bool) -> u32 {
        self.devices[device].sectors + if grown && self.grows(device) { GROWTH } else { 0 }
    }

    /// The lines of the device's table, with the names that its paths have; `absent` paths are
    /// left out as long as one is there.
    pub fn lines(
        &self,
        device: usize,
        grown: bool,
        name: impl Fn(usize) -> Option<DiskId>,
        disk_name: impl Fn(DiskId) -> String,
    ) -> Vec<String> {
        let it = &self.devices[device];
        let grown = grown && self.grows(device);
        match &it.layout {
            Layout::Multipath { groups, handler, queues, .. } => {
                let sectors = self.sectors(device, grown);
                let mut line = format!("0 {sectors} multipath");
                line += if *queues { " 1 queue_if_no_path" } else { " 0" };
                line += if *handler { " 1 emc" } else { " 0" };
                let present: Vec<Vec<DiskId>> = groups
                    .iter()
                    .map(|group| group.iter().filter_map(|path| name(*path)).collect())
                    .filter(|group: &Vec<DiskId>| !group.is_empty())
                    .collect();
                let _ = write!(line, " {} 1", present.len());
                for group in &present {
                    let _ = write!(line, " round-robin 0 {} 1", group.len());
                    for disk in group {
                        let _ = write!(line, " /dev/{} 8", disk_name(*disk));
                    }
                }
                vec![line]
            }
            Layout::Linear(parts) => {
                let mut begin = 0;
                let mut lines = Vec::new();
                for (index, (below, start)) in parts.iter().enumerate() {
                    let count = Self::part_sectors(it, parts, index, grown);
                    let place = format!("/dev/mapper/dm{below} {start}");
                    lines.push(match it.delay {
                        0 => format!("{begin} {count} linear {place}"),
                        delay => format!("{begin} {count} delay {place} {delay}"),
                    });
                    begin += count;
                }
                lines
            }
            Layout::Striped { chunk, stripes } => {
                let mut line = format!("0 {} striped {} {chunk}", it.sectors, stripes.len());
                for (below, start) in stripes {
                    let _ = write!(line, " /dev/mapper/dm{below} {start}");
                }
                vec![line]
            }
        }
    }

    /// The same table as the oracles see it.
    pub fn oracle_table(
        &self,
        device: usize,
        grown: bool,
        name: impl Fn(usize) -> Option<DiskId>,
    ) -> Table {
        let it = &self.devices[device];
        let grown = grown && self.grows(device);
        let below = |parts: &[(usize, u32)]| -> Vec<(Below, u64)> {
            parts.iter().map(|(md, start)| (Below::Device(*md as u32), u64::from(*start))).collect()
        };
        let segments = match &it.layout {
            Layout::Multipath { groups, queues, .. } => {
                let paths = groups.iter().flatten().filter_map(|path| name(*path));
                let paths = paths.map(|disk| Below::Path(u32::from(disk.0))).collect();
                let kind = OracleKind::Multipath { paths, queues: *queues };
                vec![Segment { begin: 0, count: u64::from(self.sectors(device, grown)), kind }]
            }
            Layout::Linear(parts) => {
                let mut begin = 0;
                let mut segments = Vec::new();
                for (index, place) in below(parts).into_iter().enumerate() {
                    let count = u64::from(Self::part_sectors(it, parts, index, grown));
                    let kind = OracleKind::Remapped(vec![place]);
                    segments.push(Segment { begin, count, kind });
                    begin += count;
                }
                segments
            }
            Layout::Striped { chunk, stripes } => {
                let kind =
                    OracleKind::Striped { chunk: u64::from(*chunk), stripes: below(stripes) };
                vec![Segment { begin: 0, count: u64::from(it.sectors), kind }]
            }
        };
        Table { segments }
    }

    /// The sectors of LUNs that sectors of a device are, in their order.
    pub fn extents(&self, device: usize, sector: u32, count: u32, out: &mut Vec<Extent>) {
        let it = &self.devices[device];
        match &it.layout {
            Layout::Multipath { lun, .. } => {
                let (lun, sector) = (*lun as u32, u64::from(sector));
                match out.last_mut() {
                    Some(last)
                        if last.lun == lun && last.sector + u64::from(last.count) == sector =>
                    {
                        last.count += count;
                    }
                    _ => out.push(Extent { lun, sector, count }),
                }
            }
            Layout::Linear(parts) => {
                let each = it.sectors / parts.len() as u32;
                let (mut at, end) = (sector, sector + count);
                while at < end {
                    let index = ((at / each) as usize).min(parts.len() - 1);
                    let begin = index as u32 * each;
                    let is_last = index + 1 == parts.len();
                    let stop = if is_last { end } else { end.min(begin + each) };
                    let (below, start) = parts[index];
                    self.extents(below, start + (at - begin), stop - at, out);
                    at = stop;
                }
            }
            Layout::Striped { chunk, stripes } => {
                let width = stripes.len() as u32;
                let (mut at, end) = (sector, sector + count);
                while at < end {
                    let number = at / chunk;
                    let stop = end.min((number + 1) * chunk);
                    let (below, start) = stripes[(number % width) as usize];
                    let place = start + number / width * chunk + at % chunk;
                    self.extents(below, place, stop - at, out);
                    at = stop;
                }
            }
        }
    }
}

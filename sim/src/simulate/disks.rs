//! LUNs and the paths to them: how long each takes, what it keeps, and what goes wrong.
//!
//! A LUN serves one request after the other, with a seek and a transfer. What a write leaves in a
//! sector is the number of its I/O. A path that is lost answers with an error, and may have done the
//! write all the same; one that hangs answers nothing until a time-out, and may do it later still.
use dm_model::effect::Effect;
use dm_model::endio::CloneEndio;
use dm_model::errno::{Code, Errno};
use dm_model::frame::Frame;
use dm_model::ids::{BioPtr, CloneId, DiskId, TargetId};
use dm_model::memory::{Fault, Memory};

use super::calendar::Event;
use super::command::PathState;
use super::engine::{Engine, Owner};
use super::random::{Random, Stream};
use super::swarm::{MICROSECOND, MILLISECOND};
use super::topology::{LUN_SECTORS, Topology};
use crate::drivers::Target;

/// How long a command may take before it is given up.
const TIMEOUT: u64 = 10 * MILLISECOND;

/// A LUN.
#[derive(Debug)]
struct Lun {
    sectors: Vec<u64>,
    head: u32,
    busy_until: u64,
    /// The controller that serves it, where groups have to be initialised.
    controller: u8,
    medium: Option<(u32, u32)>,
}

/// A write that a path has kept.
#[derive(Clone, Debug, Default)]
struct Late {
    number: u64,
    lun: usize,
    sector: u32,
    count: u16,
}

/// LUNs and paths.
#[derive(Debug)]
pub(super) struct Disks {
    luns: Vec<Lun>,
    states: Vec<PathState>,
    /// Which of its names a path has.
    names: Vec<usize>,
    /// Whether every name of a path leads to it: so all is healed, whatever a table names.
    any_name: bool,
    serials: Vec<(u32, u64)>,
    serial: u32,
    late: Vec<Late>,
    free_late: Vec<u32>,
    random: Random,
}

impl Disks {
    pub(super) fn new(seed: u64, topology: &Topology) -> Self {
        let lun = |_| Lun {
            sectors: vec![0; LUN_SECTORS as usize],
            head: 0,
            busy_until: 0,
            controller: 0,
            medium: None,
        };
        Self {
            luns: (0..topology.luns).map(lun).collect(),
            states: vec![PathState::Up; topology.paths.len()],
            names: vec![0; topology.paths.len()],
            any_name: false,
            serials: Vec::new(),
            serial: 0,
            late: Vec::new(),
            free_late: Vec::new(),
            random: Random::new(seed, Stream::Disks),
        }
    }

    /// Whether the path answers under the name.
    pub(super) fn is_up(&self, topology: &Topology, disk: DiskId) -> bool {
        let (path, name) = path_of(disk);
        let is_its = topology.paths[path].names[name] == disk;
        let is_named = self.any_name || self.names[path] == name;
        is_its && is_named && self.states[path] == PathState::Up
    }

    /// The name that a path has now.
    pub(super) fn name(&self, topology: &Topology, path: usize) -> DiskId {
        topology.paths[path].names[self.names[path]]
    }

    /// Changes what a path does.
    pub(super) fn set_state(&mut self, path: usize, state: PathState) {
        self.states[path] = state;
    }

    /// Every path answers from now on, by each of its names.
    pub(super) fn heal(&mut self) {
        self.states.fill(PathState::Up);
        self.any_name = true;
    }

    /// Whether a table with this name has to be loaded anew.
    pub(super) fn is_stale(&self, disk: DiskId) -> bool {
        let (path, name) = path_of(disk);
        !self.any_name && self.names[path] != name
    }

    /// The path has its other name from now on.
    pub(super) fn rename(&mut self, path: usize) {
        self.names[path] = 1 - self.names[path];
    }

    /// The LUN is served by this controller from now on.
    pub(super) fn fail_over(&mut self, lun: usize, controller: u8) {
        self.luns[lun].controller = controller;
    }

    /// The controller that serves the LUN.
    pub(super) fn controller(&self, lun: usize) -> u8 {
        self.luns[lun].controller
    }

    /// Changes which sectors fail, and says which did.
    pub(super) fn set_medium(
        &mut self,
        lun: usize,
        medium: Option<(u32, u32)>,
    ) -> Option<(u32, u32)> {
        std::mem::replace(&mut self.luns[lun].medium, medium)
    }

    /// When a LUN has served this request.
    fn serve(&mut self, lun: usize, sector: u32, count: u16, now: u64) -> u64 {
        let lun = &mut self.luns[lun];
        let seek = u64::from(lun.head.abs_diff(sector)) * 10 + 5 * MICROSECOND;
        let transfer = u64::from(count) * 500;
        let jitter = self.random.below(8 * MICROSECOND);
        lun.head = sector + u32::from(count);
        lun.busy_until = lun.busy_until.max(now) + seek / 8 + transfer;
        lun.busy_until + seek + jitter
    }

    fn is_damaged(&self, lun: usize, sector: u32, count: u16) -> bool {
        self.luns[lun].medium.is_some_and(|(first, damaged)| {
            sector < first + damaged && first < sector + u32::from(count)
        })
    }
}

/// The path that has this name, and which of its names it is.
pub(super) fn path_of(disk: DiskId) -> (usize, usize) {
    (disk.index() / super::topology::NAMES, disk.index() % super::topology::NAMES)
}

impl Engine {
    /// A clone was sent to a path.
    pub(super) fn dispatched(&mut self, disk: DiskId, clone: CloneId) {
        let Some(state) = self.host.clone_at_disk(clone) else { return };
        let (path, _) = path_of(disk);
        let lun = self.topology.paths[path].lun;
        let is_up = self.disks.is_up(&self.topology, disk);
        let hangs = self.disks.states[path] == PathState::Hung;
        let at = if is_up && self.is_served(path) {
            self.disks.serve(lun, state.sector, state.count, self.now)
        } else if hangs {
            self.now + TIMEOUT
        } else {
            self.now + 5 * MICROSECOND
        };
        self.disks.serial = self.disks.serial.wrapping_add(1);
        let serial = self.disks.serial;
        if self.disks.serials.len() <= clone.index() {
            self.disks.serials.resize(clone.index() + 1, (0, 0));
        }
        self.disks.serials[clone.index()] = (serial, self.now);
        self.calendar.at(at, Event::Answer { disk, clone, serial });
    }

    /// Whether the path's controller serves its LUN: where groups need no initialising, all do.
    fn is_served(&self, path: usize) -> bool {
        let path = &self.topology.paths[path];
        !self.features.handler || self.disks.luns[path.lun].controller == path.controller
    }

    /// A path answers, or its time is over.
    pub(super) fn answer(&mut self, disk: DiskId, clone: CloneId, serial: u32) {
        let Some((known, since)) = self.disks.serials.get(clone.index()).copied() else { return };
        let Some(state) = self.host.clone_at_disk(clone).filter(|_| known == serial) else {
            return;
        };
        let (path, _) = path_of(disk);
        let hangs = self.disks.states[path] == PathState::Hung;
        if hangs && self.now < since + TIMEOUT {
            self.calendar.at(since + TIMEOUT, Event::Answer { disk, clone, serial });
            return;
        }
        let queue = &mut self.host.disks[disk.index()].queue;
        let Some(place) = queue.iter().position(|it| it == clone) else { return };
        queue.remove_at(place);
        self.disks.serials[clone.index()].0 = 0;
        let lun = self.topology.paths[path].lun;
        let is_up = self.disks.is_up(&self.topology, disk) && self.is_served(path);
        let is_damaged = self.disks.is_damaged(lun, state.sector, state.count);
        let code = if is_up && !is_damaged { Code::OK } else { Errno::Io.code() };
        let (bio, offset) = self.host.original(clone);
        let (number, write) =
            (self.host.bios[bio.index()].number, self.host.is_write(BioPtr::Original(bio)));
        if code == Code::OK {
            self.transfer(lun, state.sector, state.count, bio.index(), offset, write);
        } else if write && !is_damaged && self.disks.random.chance(1, 4) {
            // It was done, and only its answer was lost; or the path does it later still.
            if hangs && self.disks.random.chance(1, 2) {
                self.keep(Late { number, lun, sector: state.sector, count: state.count });
            } else {
                self.transfer(lun, state.sector, state.count, bio.index(), offset, write);
            }
        }
        self.host.set_clone_place(clone, dm_model::memory::ClonePlace::Hands);
        self.host.emit(Effect::DiskDone(disk, clone, code));
        let error = code.is_error().then_some(disk);
        if let Some(disk) = error {
            self.judge.error_answered(disk, self.now);
        }
        self.start(Owner::Irq(error), Frame::CloneEndio(CloneEndio::new(clone, code)));
    }

    fn transfer(
        &mut self,
        lun: usize,
        sector: u32,
        count: u16,
        bio: usize,
        offset: u16,
        write: bool,
    ) {
        let first = sector as usize;
        let sectors = &mut self.disks.luns[lun].sectors[first..first + usize::from(count)];
        let bio = &mut self.host.bios[bio];
        if write {
            sectors.fill(bio.number);
        } else {
            let offset = usize::from(offset);
            bio.data[offset..offset + usize::from(count)].copy_from_slice(sectors);
        }
    }

    fn keep(&mut self, write: Late) {
        self.judge.write_is_kept(write.number);
        let place = match self.disks.free_late.pop() {
            Some(place) => {
                self.disks.late[place as usize] = write;
                place
            }
            None => {
                self.disks.late.push(write);
                (self.disks.late.len() - 1) as u32
            }
        };
        let after = self.disks.random.around(TIMEOUT);
        self.calendar.at(self.now + after, Event::Late(place));
    }

    /// A write that a path had kept is done at last.
    pub(super) fn late_write(&mut self, place: u32) {
        let Late { number, lun, sector, count } = self.disks.late[place as usize];
        self.disks.free_late.push(place);
        let first = sector as usize;
        self.disks.luns[lun].sectors[first..first + usize::from(count)].fill(number);
        self.judge.write_is_settled(number);
    }

    /// A handler's command ends: on a path that answers, its controller serves the LUN from now
    /// on; on another it fails. The path whose error it is, if it failed.
    pub(super) fn pg_init_ends(&mut self, target: TargetId) -> Option<DiskId> {
        let Target::Multipath { state, .. } = &self.host.targets[target.index()] else {
            return None;
        };
        let path = state.pg_init_path?;
        let disk = self.host.path_device(target, path)?;
        let (path, _) = path_of(disk);
        let md = self.host.md_of(target);
        if self.disks.is_up(&self.topology, disk) {
            let lun = self.topology.paths[path].lun;
            self.disks.luns[lun].controller = self.topology.paths[path].controller;
            return None;
        }
        let retries = self.disks.random.chance(1, 4);
        self.host.arm(md, if retries { Fault::PgInitRetry } else { Fault::PgInitFailPath });
        self.judge.error_answered(disk, self.now);
        Some(disk)
    }
}

//! Applications: I/O in a closed loop, each with its queue depth.
use dm_model::errno::Code;
use dm_model::frame::Frame;
use dm_model::ids::{BioId, Device};
use dm_model::setup::BioSetup;
use dm_model::submit::Application as Process;

use super::actors::{Application, IoState};
use super::calendar::Event;
use super::command::{Command, Io};
use super::engine::{Engine, Owner, Stage};
use super::random::{Random, Stream};
use super::swarm::MICROSECOND;

/// At most so many sectors of one I/O: no table cuts it into more clones than there are numbers.
const IO_SECTORS: u64 = 16;

/// What is remembered of the I/O under way.
#[derive(Debug)]
pub(super) struct Ios {
    states: Vec<IoState>,
    random: Random,
    last: u64,
    /// I/Os that need somebody else to hold their device open, by device.
    guests: Vec<u32>,
    /// I/Os that have not ended.
    pub(super) open: u64,
}

impl Ios {
    pub(super) fn new(seed: u64, devices: usize) -> Self {
        let random = Random::new(seed, Stream::Applications);
        Self { states: Vec::new(), random, last: 0, guests: vec![0; devices], open: 0 }
    }

    /// How many I/Os of a device need it to be held open.
    pub(super) fn guests(&self, device: usize) -> u32 {
        self.guests[device]
    }

    /// How many I/Os were made.
    pub(super) fn count(&self) -> u64 {
        self.last
    }
}

impl Engine {
    /// Gives devices their applications.
    pub(super) fn place_applications(&mut self) {
        let devices = self.topology.devices.len();
        for index in 0..usize::from(self.features.applications) {
            let device =
                if index < devices { devices - 1 - index } else { self.ios.random.index(devices) };
            let depth = self.ios.random.between(1, u64::from(self.features.depth)) as u16;
            let is_planned = false;
            self.applications.push(Application { device, depth, outstanding: 0, is_planned });
            self.plan_application(index, MICROSECOND);
        }
    }

    fn plan_application(&mut self, index: usize, after: u64) {
        let application = &mut self.applications[index];
        if !std::mem::replace(&mut application.is_planned, true) {
            self.calendar.at(self.now + after, Event::Application(index));
        }
    }

    /// An application fills its queue.
    pub(super) fn application_acts(&mut self, index: usize) {
        self.applications[index].is_planned = false;
        if self.stage == Stage::Healing {
            return;
        }
        let device = self.applications[index].device;
        let is_shut = self.admins[device].is_closing || !self.admins[device].holds_open;
        let may_open = self.features.opens && self.ios.random.chance(1, 2);
        if is_shut && !may_open {
            self.plan_application(index, 200 * MICROSECOND);
            return;
        }
        while self.applications[index].outstanding < self.applications[index].depth {
            let io = self.draw_io(device, is_shut);
            if let Some(journal) = &mut self.journal {
                journal.push((self.planned, Command::Io(io)));
            }
            let made = self.ios.last;
            self.submit(io, Some(index));
            if self.ios.last == made || self.is_over() {
                break;
            }
        }
    }

    fn draw_io(&mut self, device: usize, is_shut: bool) -> Io {
        let features = &self.features;
        let random = &mut self.ios.random;
        let count = random.between(1, IO_SECTORS) as u16;
        let sectors = self.topology.devices[device].sectors;
        // Now and then beyond the end, unless the device was grown.
        let is_beyond = features.resize && !is_shut && random.chance(1, 64);
        let end = if is_beyond { self.topology.sectors(device, true) } else { sectors };
        let hot = if random.chance(1, 2) { 64.min(end) } else { end };
        let sector = random.below(u64::from(hot - u32::from(count) + 1)) as u32;
        let sector = if is_beyond { end - u32::from(count) } else { sector };
        let write = random.chance(u64::from(features.writes), 16);
        Io {
            device,
            sector,
            count,
            write,
            readahead: !write && features.readahead && random.chance(1, 4),
            fsync: write && features.fsync && random.chance(1, 16),
            opens: is_shut || features.opens && !is_beyond && random.chance(1, 8),
        }
    }

    /// An application hands an I/O to the kernel.
    pub(super) fn submit(&mut self, io: Io, application: Option<usize>) {
        let md = self.topology.devices[io.device].md;
        let Io { sector, count, write, readahead, fsync, opens, .. } = io;
        let device = Device::Md(md);
        let bio = BioSetup { device, write, readahead, fsync, opens, sector, count };
        let Ok(bio) = self.host.take_bio(bio, self.ios.last + 1) else { return };
        self.ios.last += 1;
        let number = self.ios.last;
        if self.ios.states.len() <= bio.index() {
            self.ios.states.resize(bio.index() + 1, IoState::default());
        }
        self.ios.states[bio.index()] = IoState {
            number,
            since: self.now,
            application,
            device: io.device,
            is_guest: !opens,
            write,
            completed: false,
            process_ended: false,
        };
        self.ios.open += 1;
        self.ios.guests[io.device] += u32::from(!opens);
        if let Some(index) = application {
            self.applications[index].outstanding += 1;
        }
        self.judge.submitted(&self.topology, number, md, io, self.now);
        self.start(Owner::Io(bio), Frame::Application(Process::new(bio, md)));
    }

    /// A bio's end was told.
    pub(super) fn completed(&mut self, bio: BioId, code: Code) {
        let io = self.ios.states[bio.index()];
        let data = &self.host.bios[bio.index()].data;
        self.judge.completed(&self.topology, &io, code, data, self.now);
        if io.completed {
            return;
        }
        self.ios.states[bio.index()].completed = true;
        self.ios.open -= 1;
        if let Some(index) = io.application {
            self.applications[index].outstanding -= 1;
            self.plan_application(index, 2 * MICROSECOND);
        }
        self.retire(bio);
    }

    /// The process of an application is over; with an error if it could not open the device.
    pub(super) fn application_ended(&mut self, bio: BioId, code: Code) {
        self.ios.states[bio.index()].process_ended = true;
        if code.is_error() && !self.ios.states[bio.index()].completed {
            self.completed(bio, code);
            return;
        }
        self.retire(bio);
    }

    fn retire(&mut self, bio: BioId) {
        let io = &self.ios.states[bio.index()];
        if io.completed && io.process_ended {
            // A submission that is under way holds the device open as the file does.
            self.ios.guests[io.device] -= u32::from(io.is_guest);
            self.host.give_bio(bio);
        }
    }
}

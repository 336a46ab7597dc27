//! The engine: virtual time, the processes that are ready, and what each step leads to.
//!
//! A step takes a fixed time, so that disks answer and timers fire between the steps of others; who
//! runs next is the seed's choice. Everything is found by number: no order of hashing is looked at.
use dm_model::effect::Effect;
use dm_model::era::Era;
use dm_model::errno::Code;
use dm_model::frame::{Frame, Process, Progress};
use dm_model::ids::{BioId, DiskId, TargetId};
use dm_model::mutant::Mutant;

use super::actors::{Admin, Application, Daemon};
use super::applications::Ios;
use super::calendar::{Calendar, Event};
use super::calls::Calls;
use super::command::Command;
use super::disks::Disks;
use super::judge::Judge;
use super::marks::Marks;
use super::names::drivers;
use super::random::{Random, Stream};
use super::swarm::{Features, MICROSECOND, MILLISECOND};
use super::topology::Topology;
use crate::drivers::{Sim, delay, worker};
use crate::host::{Host, ProcessId};
use crate::table::Kind;
use crate::world::perform::work_frame;

/// Whose process it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Owner {
    /// The application that made this bio.
    Io(BioId),
    /// An interrupt, and the path whose error it handles.
    Irq(Option<DiskId>),
    /// A work item, and the path whose error it handles.
    Work(TargetId, u8, Option<DiskId>),
    /// An ioctl, by its call.
    Call(usize),
    /// A signal to the task of this call.
    Signal(usize),
    /// Somebody opens a device, or closes it.
    Door(usize, bool),
}

/// A process that is under way.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) process: Process<Sim>,
    pub(super) owner: Owner,
    /// Which process it is of all; 0 when the slot is empty.
    pub(super) number: u64,
}

/// What of the run is under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stage {
    /// Things fail, administrators act, applications ask.
    Faulty,
    /// Everything is healed, and what was asked must end.
    Healing,
}

/// A run.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) now: u64,
    /// For when what happens now was planned.
    pub(super) planned: u64,
    pub(super) steps: u64,
    pub(super) stage: Stage,
    pub(super) features: Features,
    pub(super) topology: Topology,
    pub(super) host: Host,
    pub(super) calendar: Calendar,
    pub(super) disks: Disks,
    pub(super) calls: Calls,
    pub(super) judge: Judge,
    pub(super) ios: Ios,
    pub(super) applications: Vec<Application>,
    pub(super) admins: Vec<Admin>,
    pub(super) daemons: Vec<Daemon>,
    pub(super) random: Random,
    pub(super) acts: Random,
    pub(super) faults: Random,
    /// What was done, and when, if it is to be replayed.
    pub(super) journal: Option<Vec<(u64, Command)>>,
    pub(super) marks: Option<Box<Marks>>,
    pub(super) processes: Vec<Slot>,
    free: Vec<ProcessId>,
    pub(super) process_number: u64,
    /// Whose turn it was: where it stands among those that are ready.
    last: usize,
    live: usize,
    /// Whether it is told what to do by a list.
    pub(super) is_listed: bool,
    /// Where the kernel has stopped.
    pub(super) bug: Option<&'static str>,
}

impl Engine {
    /// A host at rest, with no mapped device yet.
    pub(super) fn new(
        seed: u64,
        era: Era,
        mutant: Mutant,
        features: Features,
        topology: Topology,
    ) -> Self {
        let drivers = drivers(&topology);
        let disks = Disks::new(seed, &topology);
        let judge = Judge::new(&topology, era);
        let devices = topology.devices.len();
        Self {
            now: 0,
            planned: 0,
            steps: 0,
            stage: Stage::Faulty,
            features,
            host: Host::new(era, mutant, drivers),
            calendar: Calendar::default(),
            disks,
            calls: Calls::default(),
            judge,
            ios: Ios::new(seed, devices),
            applications: Vec::new(),
            admins: (0..devices).map(|_| Admin::default()).collect(),
            daemons: (0..devices).map(|_| Daemon::default()).collect(),
            random: Random::new(seed, Stream::Schedule),
            acts: Random::new(seed, Stream::Administration),
            faults: Random::new(seed, Stream::Faults),
            journal: None,
            marks: None,
            processes: Vec::new(),
            free: Vec::new(),
            process_number: 0,
            last: usize::MAX,
            live: 0,
            is_listed: false,
            bug: None,
            topology,
        }
    }

    /// Another schedule than the seed's own.
    pub(super) fn reseed(&mut self, schedule: u64) {
        self.random = Random::new(schedule, Stream::Schedule);
    }

    /// Whether a process is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.live > 0
    }

    /// Takes one step, or lets time pass to the next event; `false` when nothing is left to do, or
    /// the run is over.
    pub(super) fn advance(&mut self) -> bool {
        if self.is_over() {
            return false;
        }
        while let Some((time, event)) = self.calendar.pop(self.now) {
            // What is done is written down with the time that it was planned for: in a list it
            // then comes in the same order.
            self.planned = time;
            self.happens(event);
        }
        if self.host.ready.is_empty() {
            let Some(next) = self.calendar.next_time() else { return false };
            self.now = self.now.max(next);
            return true;
        }
        self.step();
        true
    }

    /// Whether the kernel has stopped, or can no longer be trusted.
    pub(super) fn is_over(&self) -> bool {
        self.bug.is_some() || self.host.misuse.is_some() || self.judge.is_done
    }

    fn step(&mut self) {
        let draw = self.random.below(u64::MAX);
        let ready = self.host.ready.len();
        let goes_on = self.last < ready && draw & 7 < u64::from(self.features.sticky);
        let index =
            if goes_on { self.last } else { (((draw >> 32) * ready as u64) >> 32) as usize };
        let id = self.host.ready[index];
        let slot = &mut self.processes[id.0 as usize];
        let (owner, top) = (slot.owner, *slot.process.frame());
        self.host.begin_step(id);
        let step = slot.process.step(&mut self.host);
        self.now += self.features.step;
        self.steps += 1;
        if let Some(marks) = &mut self.marks {
            marks.label(&top, step.is_err());
        }
        let Ok(progress) = step else {
            self.remove_ready(index);
            self.host.park();
            return;
        };
        self.last = index;
        match progress {
            Progress::Runs => {
                let pauses = u64::from(self.features.pauses);
                if pauses > 0 && (draw >> 3 & 0xffff_ffff).is_multiple_of(pauses) {
                    self.remove_ready(index);
                    let pause = self.random.around(self.features.pause);
                    self.calendar.at(self.now + pause, Event::Ready(id));
                }
            }
            Progress::Done(_) => self.remove_ready(index),
            Progress::Bug(text) => self.stop(text),
        }
        self.digest(&top);
        if let Progress::Done(code) = progress {
            self.end(id, owner, code);
        }
    }

    fn remove_ready(&mut self, index: usize) {
        self.host.ready.swap_remove(index);
        self.last = usize::MAX;
    }

    fn stop(&mut self, text: &'static str) {
        self.bug = Some(text);
        self.judge.stopped(text, self.now);
    }

    /// Starts a process.
    pub(super) fn start(&mut self, owner: Owner, frame: Frame<Sim>) {
        let (process, progress) = Process::new(frame, &mut self.host);
        self.process_number += 1;
        let slot = Slot { process, owner, number: self.process_number };
        let id = match self.free.pop() {
            Some(id) => {
                self.processes[id.0 as usize] = slot;
                id
            }
            None => {
                self.processes.push(slot);
                ProcessId((self.processes.len() - 1) as u32)
            }
        };
        self.live += 1;
        self.digest(&frame);
        match progress {
            Progress::Runs => self.host.ready.push(id),
            Progress::Done(code) => self.end(id, owner, code),
            Progress::Bug(text) => self.stop(text),
        }
    }

    fn end(&mut self, id: ProcessId, owner: Owner, code: Code) {
        self.processes[id.0 as usize].number = 0;
        self.free.push(id);
        self.live -= 1;
        match owner {
            Owner::Io(bio) => self.application_ended(bio, code),
            Owner::Irq(error) => self.error_handled(error),
            Owner::Work(target, work, error) => {
                self.host.end_work(target, work);
                self.error_handled(error);
                self.plan_works();
            }
            Owner::Call(call) => self.call_returned(call, code),
            Owner::Signal(call) => self.signal_ended(call),
            Owner::Door(device, opens) => self.door_ended(device, opens, code),
        }
    }

    fn error_handled(&mut self, error: Option<DiskId>) {
        if let Some(disk) = error {
            self.judge.error_handled(disk, self.now);
        }
    }

    /// What the step told its observers.
    fn digest(&mut self, top: &Frame<Sim>) {
        if !self.host.effects.is_empty() {
            let effects = std::mem::take(&mut self.host.effects);
            for effect in &effects {
                self.observe(*effect, top);
            }
            let mut effects = effects;
            effects.clear();
            // What observing has added comes first: nothing has, as no observer starts a process.
            debug_assert!(self.host.effects.is_empty());
            self.host.effects = effects;
        }
        self.plan_works();
    }

    fn observe(&mut self, effect: Effect, top: &Frame<Sim>) {
        match effect {
            Effect::Completed(bio, code) => self.completed(bio, code),
            Effect::Dispatched(disk, clone) => {
                self.judge.dispatched(&self.host, clone, self.now);
                self.dispatched(disk, clone);
            }
            Effect::Event(md) => self.wake_daemon(md),
            Effect::Freed(md) => {
                self.calls.md_died(md, self.process_number);
            }
            Effect::Bug(_)
            | Effect::Submitted(_)
            | Effect::NoTable(_)
            | Effect::Deferred(..)
            | Effect::PushedBack(..)
            | Effect::RequeueFailed(..)
            | Effect::Started(..)
            | Effect::Finished(..)
            | Effect::Mapped(..)
            | Effect::TargetEntered(..)
            | Effect::Ended(..)
            | Effect::DiskDone(..)
            | Effect::SuspendStarted(..)
            | Effect::Blocked(_)
            | Effect::Merged(_)
            | Effect::SuspendReturned(..)
            | Effect::ResumeStarted(_)
            | Effect::ResumeReturned(..)
            | Effect::MapChanged(..)
            | Effect::StatusRead(..)
            | Effect::UsedAfterFree(_)
            | Effect::PolicySet(..) => {}
        }
        self.judge.observe(&self.host, effect, top, self.now);
        if let Some(marks) = &mut self.marks {
            marks.effect(effect);
        }
    }

    /// Work items that have become pending begin a little later, each in its own time.
    fn plan_works(&mut self) {
        while let Some((target, work)) = self.host.queued_works.pop() {
            let after = match work {
                _ if self.is_of_device(target) => self.random.around(4 * MICROSECOND),
                worker::PG_INIT => self.random.around(500 * MICROSECOND),
                delay::TIMER => self.delay_of(target),
                _ => self.random.around(4 * MICROSECOND),
            };
            self.calendar.at(self.now + after, Event::Work(target, work));
        }
    }

    /// How long a delay target keeps what it reads.
    fn delay_of(&self, target: TargetId) -> u64 {
        match dm_model::memory::Memory::setup(&self.host).drivers.kind(target) {
            Kind::Delay { read, write: _ } => u64::from(read.2) * MILLISECOND,
            Kind::Linear { .. }
            | Kind::Striped { .. }
            | Kind::Error
            | Kind::Zero
            | Kind::Multipath(_) => unreachable!("only delay has a timer"),
        }
    }

    fn is_of_device(&self, target: TargetId) -> bool {
        dm_model::memory::Memory::setup(&self.host).md_of_work(target).is_some()
    }

    fn begin_work(&mut self, target: TargetId, work: u8) {
        if !self.host.begin_work(target, work) {
            return;
        }
        let error = if work == worker::PG_INIT && !self.is_of_device(target) {
            self.pg_init_ends(target)
        } else {
            None
        };
        let frame = work_frame(&self.host, target, work);
        self.start(Owner::Work(target, work, error), frame);
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Ready(process) => self.host.ready.push(process),
            Event::Answer { disk, clone, serial } => self.answer(disk, clone, serial),
            Event::Late(write) => self.late_write(write),
            Event::Work(target, work) => self.begin_work(target, work),
            // What was to fail after all is healed does so no more.
            Event::Do(_) if self.stage == Stage::Healing => {}
            Event::Do(command) => self.perform(command),
            Event::Application(application) => self.application_acts(application),
            Event::Admin(device) => self.admin_acts(device),
            Event::Check(device) => self.daemon_checks(device),
            Event::Fault(kind) => self.fault_begins(kind),
            Event::Signal => self.signal_is_sent(),
        }
    }
}

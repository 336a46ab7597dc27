//! One run: its two phases, and how it ends.
use std::fmt::Write as _;

use dm_model::era::Era;
use dm_model::flags::Flag;
use dm_model::memory::BioPlace;
use dm_model::mutant::Mutant;

use super::breaks::{Break, Sign};
use super::calendar::Event;
use super::command::Command;
use super::engine::{Engine, Owner, Stage};
use super::marks::Marks;
use super::swarm::{Features, MICROSECOND, MILLISECOND};
use super::topology::Topology;
use crate::drivers::Target;

/// How long the first phase may last, a step: most of it is spent waiting.
const FAULTY_TIME_OF_STEP: u64 = 5 * MICROSECOND;
/// How long everything may take to end once all is healed.
const HEALING_TIME: u64 = 2_000 * MILLISECOND;
/// How many steps that may take.
const HEALING_STEPS: u64 = 2_000_000;

/// What decides a run, besides its seed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// The kernel.
    pub era: Era,
    /// The seeded bug.
    pub mutant: Mutant,
    /// How many steps of the kernel the first phase has.
    pub steps: u64,
    /// The standard host in place of what the seed draws.
    pub standard: bool,
    /// Whether marks are counted.
    pub marks: bool,
    /// Whether what is done is written down: what a run is shrunk from.
    pub journal: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            era: Era::Linux2_6_20,
            mutant: Mutant::None,
            steps: 20_000,
            standard: false,
            marks: false,
            journal: false,
        }
    }
}

/// How a run ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What the seed drew.
    pub features: Features,
    /// Steps of the kernel.
    pub steps: u64,
    /// Virtual time, in nanoseconds.
    pub time: u64,
    /// I/Os that were made.
    pub ios: u64,
    /// Those among them that ended with an error that had a reason.
    pub errors: u64,
    /// Claims that did not hold, each with each sign once.
    pub breaks: Vec<Break>,
    /// What was done, and when.
    pub journal: Vec<(u64, Command)>,
    /// What it came to, if it was asked.
    pub marks: Marks,
}

/// How large a run is: what has to stay as it is while it goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sizes {
    /// Steps of the kernel so far.
    pub steps: u64,
    /// Virtual time, in nanoseconds.
    pub time: u64,
    /// Slots of bios, `dm_io` and processes, used or not.
    pub slots: usize,
    /// Events to come.
    pub events: usize,
    /// Values and intervals that the oracles keep.
    pub kept: usize,
}

/// Runs a seed.
pub fn run(seed: u64, options: Options) -> Outcome {
    watch(seed, options, u64::MAX, &mut |_| ())
}

/// Runs a seed and tells how large it is, every so many steps.
pub fn watch(seed: u64, options: Options, every: u64, observer: &mut dyn FnMut(&Sizes)) -> Outcome {
    let features = Features::of(seed, options);
    let topology = Topology::draw(seed, &features);
    let mut engine = Engine::new(seed, options.era, options.mutant, features, topology);
    engine.journal = options.journal.then(Vec::new);
    engine.marks = options.marks.then(Box::default);
    engine.place_admins();
    engine.place_daemons();
    engine.place_applications();
    engine.place_faults();
    engine.live(options.steps, every, observer)
}

/// Runs a list of commands on the devices of a seed, each at its time, and then heals everything.
/// `schedule` decides who runs next, where a run of the seed itself has its own.
///
/// It ends as soon as it breaks `wanted`, if that is given.
pub fn replay(
    seed: u64,
    options: Options,
    commands: &[(u64, Command)],
    schedule: u64,
    wanted: Option<&Break>,
) -> Outcome {
    let features = Features::of(seed, options);
    let topology = Topology::draw(seed, &features);
    let mut engine = Engine::new(seed, options.era, options.mutant, features, topology);
    engine.reseed(schedule);
    engine.marks = options.marks.then(Box::default);
    engine.is_listed = true;
    engine.judge.wanted = wanted.map(|it| (it.claim, it.sign.clone()));
    for (time, command) in commands {
        engine.calendar.at(*time, Event::Do(*command));
    }
    engine.live(options.steps * 4, u64::MAX, &mut |_| ())
}

impl Engine {
    /// Both phases.
    fn live(mut self, steps: u64, every: u64, observer: &mut dyn FnMut(&Sizes)) -> Outcome {
        let bound = steps * FAULTY_TIME_OF_STEP;
        let mut next = every;
        while self.steps < steps && self.now < bound && self.advance() {
            if self.steps >= next {
                next += every;
                observer(&self.sizes());
            }
        }
        self.stage = Stage::Healing;
        self.heal();
        for device in 0..self.topology.devices.len() {
            self.calendar.at(self.now, Event::Admin(device));
        }
        if self.is_listed {
            self.place_daemons();
        }
        let end = self.now + HEALING_TIME;
        let last = self.steps + HEALING_STEPS;
        while !self.is_over() && self.is_unfinished() {
            if self.now > end || self.steps > last || !self.advance() {
                self.judge_stranded();
                break;
            }
        }
        if let Some(text) = self.host.misuse.take() {
            let claim = "objects_are_alive_where_they_are_used";
            self.judge.broken(claim, Sign::None, self.now, text);
        }
        Outcome {
            features: self.features,
            steps: self.steps,
            time: self.now,
            ios: self.ios.count(),
            errors: self.judge.justified_count,
            breaks: self.judge.breaks,
            journal: self.journal.unwrap_or_default(),
            marks: self.marks.map(|marks| *marks).unwrap_or_default(),
        }
    }

    fn is_unfinished(&self) -> bool {
        self.ios.open > 0 || self.is_busy() || self.calls.is_busy()
    }

    /// Something did not end: what, and what is known of why.
    fn judge_stranded(&mut self) {
        let mut text = String::new();
        let ios: Vec<(u64, u64)> = self.judge.stranded().collect();
        if let Some((number, since)) = ios.first() {
            let count = ios.len();
            let bio = self.host.bios.iter().find(|bio| bio.number == *number);
            let place = bio.map_or(BioPlace::Done, |bio| bio.place);
            text = format!("{count} I/Os have not ended, the first is {number} of {since} ns");
            let _ = write!(text, ", which is at {place:?}");
        }
        let standing: Vec<(Owner, String)> = self.standing().collect();
        for (owner, label) in standing.iter().take(4) {
            if !text.is_empty() {
                text += "; ";
            }
            let _ = write!(text, "{owner:?} stands at {label}");
        }
        for clone in self.host.clones().take(4) {
            let md = self.host.md_of(clone.target);
            let _ = write!(text, "; a clone of dm{} is at {:?}", md.0, clone.place);
        }
        for (index, md) in self.host.mds.iter().enumerate() {
            if !md.deferred.is_empty() || md.pending > 0 {
                let table = if md.map.is_some() { "a" } else { "no" };
                let _ = write!(text, "; dm{index} has flags {:#08b} and {table} table", md.flags);
            }
        }
        let is_at = |wanted: &str| standing.iter().any(|(_, label)| label == wanted);
        let sign = if self.is_queued_before_first_path() {
            Sign::QueuedBeforeFirstPath
        } else if self.is_suspended_without_table() {
            Sign::SuspendedWithoutTable
        } else if self.swaps_after_a_flush() && is_at("A4") {
            Sign::InodeMutex
        } else {
            Sign::None
        };
        self.judge.broken("nothing_is_stranded", sign, self.now, text);
    }

    /// A table is refused because the device has another size, 0; and nothing but a table ends it.
    fn is_suspended_without_table(&self) -> bool {
        self.host.mds.iter().any(|md| {
            let is_suspended = md.flags & Flag::Suspended.mask() != 0;
            is_suspended && md.hashed && md.map.is_none() && !md.suspended_bdev
        }) && self.waiting_swaps().next().is_none()
    }

    /// A swap waits for `i_mutex`, of a device that was suspended without noflush.
    fn swaps_after_a_flush(&self) -> bool {
        let mut waiting = self.waiting_swaps().peekable();
        waiting.peek().is_some() && waiting.all(|md| self.host.mds[md.index()].suspended_bdev)
    }

    /// Docs/findings.md 4: a path is valid and I/O waits, and none was chosen since all had failed.
    fn is_queued_before_first_path(&self) -> bool {
        self.host.targets.iter().any(|target| match target {
            Target::Multipath { state, .. } => {
                state.queue_io
                    && !state.pg_init_in_progress
                    && state.nr_valid_paths > 0
                    && !state.queued.is_empty()
                    && state.paths.iter().all(|path| path.fail_count > 0)
            }
            Target::Stateless | Target::Delay(_) => false,
        })
    }
}

//! How a world has ended, in terms that a user of a real kernel can see too.
use std::fmt;

use dm_model::effect::StatusKind;
use dm_model::errno::Code;
use dm_model::flags::Flag;
use dm_model::ids::{BioId, BioPtr, MdId, TargetId};
use dm_model::memory::{BioPlace, ClonePlace};
use dm_model::plain::Bio;

use super::World;
use super::plan::{Context, Op, Plan};
use crate::drivers::Target;
use crate::multipath::status;
use crate::table::{self, Kind};

/// Where an I/O is held that has not completed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Held {
    /// In a list of the core: deferred or pushed back.
    Core,
    /// In a target's own queue.
    Target,
    /// With a disk.
    Disk,
    /// In the hands of a process that cannot go on.
    Process,
}

/// How an I/O has ended.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum IoEnd {
    /// It was never made.
    NotIssued,
    /// It is held.
    Held(Held),
    /// It has ended with this, and a read has brought these tokens.
    Done(Code, Vec<u8>),
}

/// How an ioctl has ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum CallEnd {
    /// Its line was never reached.
    NotReached,
    /// It has not returned.
    Blocked,
    /// It has returned this.
    Returned(Code),
}

/// How everything has ended.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Outcome {
    /// Each I/O: its name, and how it ended.
    pub ios: Vec<(String, IoEnd)>,
    /// Each ioctl: its text, and how it ended.
    pub calls: Vec<(String, CallEnd)>,
    /// Where the kernel stopped, if it did.
    pub bug: Option<&'static str>,
}

impl World {
    /// How everything stands now.
    pub fn outcome(&self) -> Outcome {
        let plan = self.plan();
        let bios = (0..plan.bio_names.len()).map(|index| BioId(index as u16));
        let ios = bios.map(|bio| (plan.bio_names[bio.index()].clone(), self.io_end(bio))).collect();
        Outcome { ios, calls: self.call_ends(), bug: self.bug }
    }

    /// Where an I/O that has not completed is held.
    pub fn held(&self, bio: BioId) -> Held {
        match self.memory.bios[bio.index()].place {
            BioPlace::Deferred | BioPlace::Pushback => Held::Core,
            BioPlace::New | BioPlace::Hands | BioPlace::Done => Held::Process,
            BioPlace::Mapped => self.held_below(BioPtr::Original(bio)),
        }
    }

    fn held_below(&self, bio: BioPtr) -> Held {
        let ios = self.memory.ios.iter().filter(|(_, io)| io.bio == bio && io.counted);
        let clones = ios.flat_map(|(id, _)| {
            self.memory.clones.iter().filter(move |(clone, _)| clone.io() == id)
        });
        let places = clones.map(|(id, clone)| match clone.place {
            ClonePlace::Target => Held::Target,
            ClonePlace::Disk => Held::Disk,
            ClonePlace::Deferred | ClonePlace::Pushback => Held::Core,
            ClonePlace::Mapped => self.held_below(BioPtr::Clone(id)),
            ClonePlace::Hands => Held::Process,
        });
        places.min().unwrap_or(Held::Process)
    }

    fn io_end(&self, bio: BioId) -> IoEnd {
        let plan = self.plan();
        let line = plan.lines().find(|line| line.op == Op::Io(bio)).expect("a line makes it");
        if let Some(code) = self.results[line.task.index()] {
            return IoEnd::Done(code, Vec::new());
        }
        let state = &self.memory.bios[bio.index()];
        match state.result {
            Some(code) => IoEnd::Done(code, tokens(plan, bio, state, code)),
            None if self.is_issued(bio) => IoEnd::Held(self.held(bio)),
            None => IoEnd::NotIssued,
        }
    }

    fn is_issued(&self, bio: BioId) -> bool {
        let at_work = self.processes.get(Context::Io(bio)).is_some();
        at_work || self.memory.bios[bio.index()].place != BioPlace::New
    }

    /// One end a line of the file: a line of several ioctls ends with the first error among them.
    fn call_ends(&self) -> Vec<(String, CallEnd)> {
        let mut ends: Vec<(u32, String, CallEnd)> = Vec::new();
        for line in self.plan().lines().filter(|line| line.op.is_ioctl()) {
            let end = match self.results[line.task.index()] {
                Some(code) => CallEnd::Returned(code),
                None if self.processes.get(Context::Task(line.task)).is_some() => CallEnd::Blocked,
                None => CallEnd::NotReached,
            };
            match ends.last_mut().filter(|(number, ..)| *number == line.number) {
                Some((_, _, so_far)) if *so_far == CallEnd::Returned(Code::OK) => *so_far = end,
                Some(_) => {}
                None => ends.push((line.number, line.shown(), end)),
            }
        }
        ends.into_iter().map(|(_, text, end)| (text, end)).collect()
    }

    /// A target's status or table line, as the ioctl gives it.
    pub fn status_text(&self, target: TargetId, kind: StatusKind) -> String {
        let setup = &self.plan().setup;
        let drivers = &setup.drivers;
        let spec = drivers.kind(target);
        let text = match (&self.memory.targets[target.index()], spec, kind) {
            (Target::Multipath { state, .. }, Kind::Multipath(spec), StatusKind::Info) => {
                status::info(state, spec, drivers, false)
            }
            (Target::Multipath { state, .. }, Kind::Multipath(spec), StatusKind::Table) => {
                status::table(state, spec, drivers)
            }
            (Target::Delay(delay), _, StatusKind::Info) => self.delay_status(delay),
            (_, _, StatusKind::Info) => String::new(),
            (_, spec, StatusKind::Table) => table::parameters(spec, drivers),
        };
        let target = &setup.targets[target.index()];
        let line = format!("{} {} {} {text}", target.begin, target.len, spec.type_name());
        line.trim_end().to_owned()
    }

    fn delay_status(&self, delay: &crate::drivers::delay::Delay) -> String {
        let (writes, reads): (Vec<_>, Vec<_>) = delay.delayed.iter().partition(|clone| {
            let (bio, _) = self.memory.original(BioPtr::Clone(*clone));
            self.plan().setup.bios[bio.index()].write
        });
        format!("{} {}", reads.len(), writes.len())
    }

    /// What `dmsetup info` tells of a device, in its layout, but for what the model has not.
    pub fn info_text(&self, md: MdId) -> String {
        let state = &self.memory.mds[md.index()];
        if !state.hashed {
            return "Device does not exist.".to_owned();
        }
        let info = Info {
            suspended: state.flags & Flag::Suspended.mask() != 0,
            live: state.map.is_some(),
            inactive: state.inactive.is_some(),
            open_count: state.open_count.into(),
            event_nr: state.event_nr,
        };
        info.to_string()
    }
}

/// What `DM_DEV_STATUS` tells of a device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Info {
    /// It is suspended.
    pub suspended: bool,
    /// There is a live table.
    pub live: bool,
    /// There is an inactive table.
    pub inactive: bool,
    /// How often it is open.
    pub open_count: u32,
    /// How many events it had.
    pub event_nr: u32,
}

/// In the layout of `dmsetup info`, but for what the model has not.
impl fmt::Display for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables = match (self.live, self.inactive) {
            (true, true) => "LIVE & INACTIVE",
            (true, false) => "LIVE",
            (false, true) => "INACTIVE",
            (false, false) => "None",
        };
        writeln!(f, "State:             {}", if self.suspended { "SUSPENDED" } else { "ACTIVE" })?;
        writeln!(f, "Tables present:    {tables}")?;
        writeln!(f, "Open count:        {}", self.open_count)?;
        write!(f, "Event number:      {}", self.event_nr)
    }
}

/// What a read has brought; a target may complete it without bringing anything: zeros.
fn tokens(plan: &Plan, bio: BioId, state: &Bio, code: Code) -> Vec<u8> {
    let setup = &plan.setup.bios[bio.index()];
    if setup.write || code != Code::OK {
        return Vec::new();
    }
    let mut tokens: Vec<u8> = state.data.iter().collect();
    tokens.resize(usize::from(setup.count), 0);
    tokens
}

impl IoEnd {
    /// The end in words; `names` are those of the bios.
    pub fn text(&self, names: &[String]) -> String {
        match self {
            Self::NotIssued => "not issued".to_owned(),
            Self::Held(Held::Core) => "held in the core".to_owned(),
            Self::Held(Held::Target) => "held in the target".to_owned(),
            Self::Held(Held::Disk) => "held at the disk".to_owned(),
            Self::Held(Held::Process) => "held by a process".to_owned(),
            Self::Done(code, tokens) if tokens.is_empty() => result_text(*code),
            Self::Done(code, tokens) => {
                format!("{}, reads {}", result_text(*code), tokens_text(tokens, names))
            }
        }
    }
}

/// `ok`, or the name of the error.
pub fn result_text(code: Code) -> String {
    match code.errno() {
        Some(errno) => errno.name().to_owned(),
        None if code == Code::OK => "ok".to_owned(),
        None => code.to_string(),
    }
}

/// Runs of equal tokens: `a*8 -*8` is eight sectors of the write a and eight never written. A
/// token of no write is `?`.
pub fn tokens_text(tokens: &[u8], names: &[String]) -> String {
    let runs = tokens.chunk_by(|one, other| one == other);
    let name = |token: u8| match usize::from(token).checked_sub(1) {
        Some(bio) => names.get(bio).map_or("?", String::as_str),
        None => "-",
    };
    let texts: Vec<_> = runs.map(|run| format!("{}*{}", name(run[0]), run.len())).collect();
    texts.join(" ")
}

impl fmt::Display for CallEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReached => f.write_str("not reached"),
            Self::Blocked => f.write_str("blocked"),
            Self::Returned(code) => f.write_str(&result_text(*code)),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.ios.iter().map(|(name, _)| name.clone()).collect();
        for (text, end) in &self.calls {
            writeln!(f, "{text} = {end}")?;
        }
        for (name, end) in &self.ios {
            writeln!(f, "io {name} = {}", end.text(&names))?;
        }
        if let Some(bug) = self.bug {
            writeln!(f, "kernel BUG: {bug}")?;
        }
        Ok(())
    }
}

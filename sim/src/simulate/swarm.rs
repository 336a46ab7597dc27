//! What one seed does: the features that are on, and their weights, drawn anew for each seed.
//!
//! A run with everything on finds less than many runs with some of it: swarm testing (Groce and
//! others, ISSTA 2012). Times are virtual, in nanoseconds.
use std::fmt;

use super::random::{Random, Stream};
use super::run::Options;

/// A microsecond.
pub const MICROSECOND: u64 = 1_000;
/// A millisecond.
pub const MILLISECOND: u64 = 1_000_000;

/// What multipathd does when no path is left (`no_path_retry`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoPathRetry {
    /// `queue`: I/O waits.
    Queue,
    /// `fail`: I/O fails at once.
    Fail,
    /// After so many checks without a path I/O fails.
    Count(u8),
}

/// What may go wrong with paths and disks. A mean gap of 0 is never.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FaultGaps {
    /// A single path is lost.
    pub path: u64,
    /// All paths to a LUN are lost.
    pub all_paths: u64,
    /// All paths through one controller come and go.
    pub fabric: u64,
    /// The other controller takes a LUN over.
    pub failover: u64,
    /// A path keeps what it is sent, silently.
    pub hang: u64,
    /// Sectors cannot be read or written.
    pub medium: u64,
    /// A lost path comes back under another name.
    pub rename: u64,
}

/// The features and weights of a seed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Features {
    /// Mapped devices.
    pub devices: u8,
    /// At most so many paths to a LUN.
    pub paths: u8,
    /// At most so many groups.
    pub groups: u8,
    /// How deep devices may stand on each other.
    pub levels: u8,
    /// At most so many I/Os of one application are under way.
    pub depth: u8,
    /// Applications.
    pub applications: u8,
    /// Writes of 16 I/Os.
    pub writes: u8,
    /// Whether reads may be read-ahead.
    pub readahead: bool,
    /// Whether an application may fsync.
    pub fsync: bool,
    /// Whether an application may open the device for one I/O, and close it.
    pub opens: bool,
    /// Whether groups have to be initialised.
    pub handler: bool,
    /// What the daemon does without a path.
    pub no_path_retry: NoPathRetry,
    /// Between two checks of a path.
    pub checker: u64,
    /// Whether the daemon goes back to the first group.
    pub failback: bool,
    /// Between two acts of the administrator of a device; 0 is never.
    pub admin: u64,
    /// Suspends with noflush, of 8.
    pub noflush: u8,
    /// Whether the administrator grows devices.
    pub resize: bool,
    /// Whether devices are removed and made again.
    pub remove: bool,
    /// Between two signals; 0 is never.
    pub signals: u64,
    /// What may go wrong below.
    pub faults: FaultGaps,
    /// How long a fault lasts.
    pub outage: u64,
    /// Whether steps of the kernel may fail that seldom do: bdget, `lock_fs`, preresume, `pg_init`.
    pub arms: bool,
    /// How long a step takes.
    pub step: u64,
    /// One of so many steps is followed by a pause of its process; 0 is none.
    pub pauses: u32,
    /// How long such a pause is.
    pub pause: u64,
    /// The same process goes on, of 8.
    pub sticky: u8,
    /// Whether upper devices may delay what they send on.
    pub delays: bool,
}

impl Features {
    /// What a run begins with.
    pub fn of(seed: u64, options: Options) -> Self {
        if options.standard { Self::standard() } else { Self::draw(seed) }
    }

    /// What the seed draws.
    pub fn draw(seed: u64) -> Self {
        let mut random = Random::new(seed, Stream::Swarm);
        let r = &mut random;
        let small = |r: &mut Random, most: u64| {
            let bound = r.between(1, most);
            r.between(1, bound)
        };
        let devices = small(r, 12) as u8;
        let depth = 1 << r.below(7);
        let handler = r.chance(1, 4);
        let no_path_retry = match r.below(4) {
            0 | 1 => NoPathRetry::Queue,
            2 => NoPathRetry::Fail,
            _ => NoPathRetry::Count(r.between(1, 4) as u8),
        };
        let mut gap = |part: u64, whole: u64, mean: u64| {
            let is_on = r.chance(part, whole);
            let gap = r.around(mean);
            if is_on { gap } else { 0 }
        };
        let faults = FaultGaps {
            path: gap(1, 2, 8 * MILLISECOND),
            all_paths: gap(1, 2, 15 * MILLISECOND),
            fabric: gap(1, 4, 20 * MILLISECOND),
            failover: gap(1, 4, 20 * MILLISECOND),
            hang: gap(1, 4, 15 * MILLISECOND),
            medium: gap(1, 8, 30 * MILLISECOND),
            rename: gap(1, 4, 15 * MILLISECOND),
        };
        let admin = gap(3, 4, 5 * MILLISECOND);
        let signals = gap(1, 4, 4 * MILLISECOND);
        Self {
            devices,
            paths: r.between(2, 8) as u8,
            groups: r.between(1, 4) as u8,
            levels: r.between(1, 3) as u8,
            depth,
            applications: r.between(1, u64::from(devices) + 1) as u8,
            writes: r.between(1, 15) as u8,
            readahead: r.chance(1, 4),
            fsync: r.chance(1, 8),
            opens: r.chance(1, 4),
            handler,
            no_path_retry,
            checker: r.around(4 * MILLISECOND),
            failback: r.chance(1, 2),
            admin,
            noflush: r.below(9) as u8,
            resize: r.chance(1, 4),
            remove: r.chance(1, 4),
            signals,
            faults,
            outage: r.around(6 * MILLISECOND),
            arms: r.chance(1, 8),
            step: r.between(20, 400),
            pauses: if r.chance(1, 2) { 1 << r.between(4, 12) } else { 0 },
            pause: r.around(200 * MICROSECOND),
            sticky: r.below(8) as u8,
            delays: r.chance(1, 8),
        }
    }

    /// The standard host, on which speed is measured: eight devices, no faults but of single paths.
    pub fn standard() -> Self {
        Self {
            devices: 8,
            paths: 4,
            groups: 2,
            levels: 2,
            depth: 16,
            applications: 8,
            writes: 6,
            readahead: false,
            fsync: false,
            opens: false,
            handler: false,
            no_path_retry: NoPathRetry::Queue,
            checker: 10 * MILLISECOND,
            failback: true,
            admin: 20 * MILLISECOND,
            noflush: 6,
            resize: false,
            remove: false,
            signals: 0,
            faults: FaultGaps { path: 20 * MILLISECOND, ..FaultGaps::default() },
            outage: 10 * MILLISECOND,
            arms: false,
            step: 100,
            pauses: 0,
            pause: MICROSECOND,
            sticky: 4,
            delays: false,
        }
    }
}

impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = |is_on: bool, name: &'static str| if is_on { name } else { "" };
        let retry = match self.no_path_retry {
            NoPathRetry::Queue => "queue".to_owned(),
            NoPathRetry::Fail => "fail".to_owned(),
            NoPathRetry::Count(count) => count.to_string(),
        };
        write!(
            f,
            "{} devices in {} levels, {} paths in {} groups, {} applications of depth {}, ",
            self.devices, self.levels, self.paths, self.groups, self.applications, self.depth
        )?;
        write!(f, "{}/16 writes, no_path_retry {retry}; with", self.writes)?;
        let faults = &self.faults;
        let names = [
            on(self.handler, "handler"),
            on(self.failback, "failback"),
            on(self.readahead, "readahead"),
            on(self.fsync, "fsync"),
            on(self.opens, "opens"),
            on(self.admin > 0, "admin"),
            on(self.resize && self.admin > 0, "resize"),
            on(self.remove && self.admin > 0, "remove"),
            on(self.signals > 0, "signals"),
            on(self.arms, "kernel-faults"),
            on(faults.path > 0, "path-loss"),
            on(faults.all_paths > 0, "all-paths-loss"),
            on(faults.fabric > 0, "fabric-flap"),
            on(faults.failover > 0, "failover"),
            on(faults.hang > 0, "hang"),
            on(faults.medium > 0, "medium-errors"),
            on(faults.rename > 0, "rename"),
            on(self.pauses > 0, "pauses"),
            on(self.delays, "delays"),
        ];
        let mut names = names.into_iter().filter(|name| !name.is_empty()).peekable();
        if names.peek().is_none() {
            return write!(f, " nothing else");
        }
        names.try_for_each(|name| write!(f, " {name}"))
    }
}

//! The options of `check` for a large search: threads, limits, checkpoints, and what ends it.
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use dm_explore::{CheckpointError, Checkpoints, First, Limits, Reduce};
use dm_properties::search::Engine;

use super::jobs::Job;
use crate::exit::Failure;
use crate::progress;

/// How the searches are done and where they end.
#[derive(Args)]
pub(super) struct EngineArguments {
    /// Search each configuration with so many threads; with more than one, and with each option up
    /// to --compact, --checkpoint and --resume, the liveness claims are not judged [default: one,
    /// and two configurations at a time]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: Option<u8>,
    /// Expand those states first that were found last: few wait, and trails may be long
    #[arg(long)]
    depth_first: bool,
    /// Keep 64 bits of each state: a state may be omitted, with the probability that is told
    #[arg(long)]
    compact: bool,
    /// Keep one of the states that differ by names only (symmetry), take steps that concern nobody
    /// else with the step before them (local), or both; not with the liveness claims
    #[arg(long, value_name = "WHAT", value_parser = reduce_parser(), default_value = "none")]
    reduce: ReduceName,
    /// End each search after this many distinct states
    #[arg(long, value_name = "N", default_value_t = progress::STATE_COUNT_MAX)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    max_states: u64,
    /// End each search at states that need this many actions
    #[arg(long, value_name = "N")]
    max_depth: Option<u32>,
    /// End all searches when the program takes so much memory, as in 800M or 8G
    #[arg(long, value_name = "SIZE", value_parser = size)]
    memory: Option<usize>,
    /// End each search after this time, as in 90s, 15m or 2h
    #[arg(long, value_name = "TIME", value_parser = time)]
    time: Option<Duration>,
    /// Keep a search that ends early in this file; of several configurations, each in a file with
    /// its name added
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Write it this often on the way too
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "1m")]
    every: Duration,
    /// Go on with the searches that were kept in this file; a configuration without one begins anew
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
}

/// Reductions and their name.
#[derive(Clone, Copy)]
struct ReduceName(Reduce);

impl ReduceName {
    const ALL: [&str; 4] = ["none", "symmetry", "local", "all"];

    fn name(self) -> &'static str {
        Self::ALL[usize::from(self.0.symmetry) + 2 * usize::from(self.0.local)]
    }
}

fn reduce_parser() -> impl TypedValueParser<Value = ReduceName> {
    PossibleValuesParser::new(ReduceName::ALL).map(|name| {
        let is_all = name == "all";
        ReduceName(Reduce {
            symmetry: is_all || name == "symmetry",
            local: is_all || name == "local",
        })
    })
}

/// Set by Ctrl-C, by SIGTERM, and when the memory is used up.
struct Interrupt {
    is_set: std::sync::Arc<AtomicBool>,
    out_of_memory: AtomicBool,
}

impl EngineArguments {
    /// How many configurations are searched at a time.
    pub(super) fn jobs_at_a_time(&self) -> usize {
        let one_by_one = self.threads.is_some() || self.is_kept();
        if one_by_one { 1 } else { 2 }
    }

    /// Whether the graph of all states is recorded, so that the liveness claims can be judged.
    pub(super) fn judges_liveness(&self) -> bool {
        self.leaves_out_liveness().is_none()
    }

    /// The option by which the liveness claims are not judged, if there is one.
    pub(super) fn leaves_out_liveness(&self) -> Option<&'static str> {
        let options = [
            ("--threads", self.threads.unwrap_or(1) > 1),
            ("--depth-first", self.depth_first),
            ("--compact", self.compact),
            ("--checkpoint", self.checkpoint.is_some()),
            ("--resume", self.resume.is_some()),
        ];
        options.into_iter().find_map(|(name, is_given)| is_given.then_some(name))
    }

    /// The name of the reductions that are made.
    pub(super) fn reduce_name(&self) -> &'static str {
        self.reduce.name()
    }

    /// What the counts are of, where not all states are searched as they are.
    pub(super) fn reduced(&self) -> Option<&'static str> {
        match (self.reduce.0.symmetry, self.reduce.0.local) {
            (false, false) => None,
            (true, false) => Some("of states that differ by names only one counts"),
            (false, true) => Some("local steps are merged: trails may be longer than the shortest"),
            (true, true) => Some(
                "of states that differ by names only one counts; local steps are merged: trails \
                 may be longer than the shortest",
            ),
        }
    }

    /// Whether all states are searched as they are.
    pub(super) fn is_whole(&self) -> bool {
        self.reduce.0 == Reduce::default()
    }

    fn is_kept(&self) -> bool {
        self.checkpoint.is_some() || self.resume.is_some()
    }

    pub(super) fn limits(&self) -> Limits {
        let Self { max_states, max_depth, memory, time, .. } = self;
        Limits { states: Some(*max_states), depth: *max_depth, bytes: *memory, time: *time }
    }

    /// What of the file of this job, of which there are several or not.
    pub(super) fn engine(&self, job: &Job, is_one_of_many: bool) -> Engine<'static> {
        let file = |path: &PathBuf| {
            let mut name = path.clone().into_os_string();
            if is_one_of_many {
                name.push(".");
                name.push(&job.name);
            }
            PathBuf::from(name)
        };
        let resume = self.resume.as_ref().map(file);
        // Of several, those that were complete or not begun have no file.
        let resume = resume.filter(|path| !is_one_of_many || path.exists());
        let path = self.checkpoint.as_ref().map(file).or_else(|| resume.clone());
        let identity = job.identity();
        Engine {
            first: if self.depth_first { First::Depth } else { First::Breadth },
            threads: self.threads.unwrap_or(1).into(),
            compact: self.compact,
            reduce: self.reduce.0,
            interrupt: Some(interrupt()),
            checkpoints: path.map(|path| Checkpoints { path, identity, every: Some(self.every) }),
            resume,
        }
    }

    /// Ends searches at Ctrl-C and SIGTERM from now on, and where the memory is used up.
    pub(super) fn watch(&self) -> Result<(), Failure> {
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            let is_set = std::sync::Arc::clone(&state().is_set);
            // The second one ends the program at once.
            signal_hook::flag::register_conditional_default(signal, is_set.clone())?;
            signal_hook::flag::register(signal, is_set)?;
        }
        if let Some(bytes_max) = self.memory {
            std::thread::spawn(move || {
                while resident().is_none_or(|bytes| bytes < bytes_max) {
                    std::thread::sleep(Duration::from_millis(50));
                }
                state().out_of_memory.store(true, Relaxed);
                state().is_set.store(true, Relaxed);
            });
        }
        Ok(())
    }
}

/// Whether what ended a search was that the memory is used up.
pub(super) fn is_out_of_memory() -> bool {
    state().out_of_memory.load(Relaxed)
}

/// Whether no search is to begin any more.
pub(super) fn is_interrupted() -> bool {
    interrupt().load(Relaxed)
}

/// A search that cannot be gone on with.
pub(super) fn refused(engine: &Engine<'_>, error: &CheckpointError) -> Failure {
    let path = engine.resume.as_ref().expect("a search is gone on with");
    Failure::Input(format!("{}: {error}", path.display()))
}

fn interrupt() -> &'static AtomicBool {
    &state().is_set
}

fn state() -> &'static Interrupt {
    static STATE: OnceLock<Interrupt> = OnceLock::new();
    STATE.get_or_init(|| Interrupt {
        is_set: std::sync::Arc::default(),
        out_of_memory: AtomicBool::new(false),
    })
}

/// The memory that the program takes, where the system tells.
pub(crate) fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// A number and one of the units, which is a number too.
fn with_unit(text: &str, units: &[(char, u64)]) -> Option<u64> {
    let last = text.chars().last()?;
    let (_, unit) = units.iter().find(|(letter, _)| *letter == last)?;
    let number: u64 = text[..text.len() - last.len_utf8()].parse().ok()?;
    number.checked_mul(*unit).filter(|it| *it > 0)
}

fn size(text: &str) -> Result<usize, String> {
    let units = [('K', 1 << 10), ('M', 1 << 20), ('G', 1 << 30)];
    let size = with_unit(text, &units).and_then(|it| usize::try_from(it).ok());
    size.ok_or_else(|| "expected a number and K, M or G, as in 800M".to_owned())
}

fn time(text: &str) -> Result<Duration, String> {
    let seconds = with_unit(text, &[('s', 1), ('m', 60), ('h', 3_600)]);
    let seconds = seconds.map(Duration::from_secs);
    seconds.ok_or_else(|| "expected a number and s, m or h, as in 90s".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_have_units() {
        assert_eq!((size("8G"), size("3K")), (Ok(8 << 30), Ok(3 << 10)));
        assert_eq!(
            (time("90s"), time("2h")),
            (Ok(Duration::from_secs(90)), Ok(Duration::from_secs(7_200)))
        );
        for text in ["", "8", "G", "0G", "-1G", "8ß", "99999999999G", "1.5G"] {
            assert!(size(text).is_err() && time(text).is_err(), "{text:?}");
        }
    }
}

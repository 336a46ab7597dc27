//! `pushback run`: a scenario by the default schedule, or by every schedule.
use std::path::PathBuf;

use clap::Args;
use dm_model::era::Era;
use dm_properties::search::Pace;
use dm_sim::scenario::Mode;
use dm_sim::world::World;
use dm_sim::world::config::Configuration;
use dm_sim::world::outcome::CallEnd;
use dm_sim::world::schedule::{DefaultSchedule, leftovers};
use serde::Serialize;

use crate::conform::Queue;
use crate::exit::{Exit, Failure};
use crate::input;
use crate::on_kernel;
use crate::output::{Output, counted};
use crate::progress;
use crate::schedules;
use crate::timeline::{Layout, Row, Teller, observation};

const EXAMPLES: &str = "\
Examples:
  pushback run scenarios/cover-letter-noflush.dm
  pushback run scenarios/cover-letter-noflush.dm --era 2.6.19
  pushback run scenarios/cover-letter-noflush.dm --all-schedules
  pushback run scenarios/cover-letter-noflush.dm --all-schedules --trails trails
  pushback run scenarios/cover-letter-noflush.dm --kernel uml

Each line is one atomic step of the kernel: the virtual time in ms, the process, the label of the
step (docs/labels.md), the function, and what it changed, by the kernel's names: QIFNP and SQIFNP
are queue_if_no_path and its saved value, DNFS is DMF_NOFLUSH_SUSPENDING. What stands behind > is
a line of the scenario; what stands behind => can be seen from outside the kernel. A schedule
among all of them has one line for what a process does until another one moves, with the step
number in place of the time.

Exits with 0 when what was observed is what the scenario expects, or when it expects nothing; with
12 when it is not, and with 11 when it ended stuck. With --all-schedules the expected output is not
looked at: 12 is for a kernel BUG in some outcome, 11 for when every outcome is stuck, 75 for when
the limit on states was reached. With --kernel 12 is for what neither the model nor a record of the
kernel has, 69 for a kernel that cannot be booted.";

/// No default schedule is longer, in steps.
const STEP_COUNT_MAX: usize = 1_000_000;

/// Run a scenario: the timeline of the default schedule, or the outcomes of every schedule
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The scenario, or - for standard input
    file: PathBuf,
    /// The kernel [default: the first one that the scenario names]
    #[arg(long, value_parser = input::era_parser())]
    era: Option<Era>,
    /// Run it on this real kernel instead of the model: uml, uml:FILE, qemu:VERSION or qemu:FILE
    #[arg(long, value_name = "KERNEL", conflicts_with_all = ["era", "all_schedules"])]
    kernel: Option<String>,
    /// The kind of queue on a real kernel [default: the first one that the scenario names]
    #[arg(long, requires = "kernel")]
    mode: Option<Queue>,
    /// Search every schedule and list the distinct outcomes
    #[arg(long)]
    all_schedules: bool,
    /// Of them only those whose lines begin when nothing else can happen, as on a real kernel
    #[arg(long, requires = "all_schedules")]
    settled: bool,
    /// Show every step of the create lines at the start too; on a real kernel its block tracepoints
    #[arg(long, short, conflicts_with = "all_schedules")]
    verbose: bool,
    /// Write a shortest schedule to each outcome into this directory, as .trail files
    #[arg(long, value_name = "DIR", requires = "all_schedules")]
    trails: Option<PathBuf>,
    /// End the search of every schedule after this many distinct states
    #[arg(long, value_name = "N", default_value_t = progress::STATE_COUNT_MAX)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    max_states: u64,
    /// Show the progress of the search even where stderr is no terminal
    #[arg(long)]
    progress: bool,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Serialize)]
struct RunObject<'a> {
    kind: &'static str,
    scenario: &'a str,
    era: &'static str,
    mode: &'static str,
}

#[derive(Serialize)]
struct StepObject<'a> {
    kind: &'static str,
    #[serde(flatten)]
    row: &'a Row,
}

#[derive(Serialize)]
struct LeftObject<'a> {
    kind: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct EndObject {
    kind: &'static str,
    steps: usize,
    stuck: bool,
    /// `None` when the scenario expects nothing of this era.
    as_expected: Option<bool>,
    exit: u8,
}

/// What is to be told when nothing can happen any more.
struct Ending {
    left: Vec<String>,
    /// Lines and ioctls that were not reached or have not returned.
    stuck: Vec<String>,
    observed: Vec<String>,
    expected: Option<Vec<String>>,
    bug: bool,
}

impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        if let Some(kernel) = &self.kernel {
            let mode = self.mode.map(Queue::mode);
            let (file, verbose) = (&self.file, self.verbose);
            return on_kernel::run(&on_kernel::Request { file, kernel, mode, verbose }, output);
        }
        let configuration = input::configuration(&self.file)?;
        let era = self.era.unwrap_or(configuration.era);
        if self.all_schedules {
            let request = schedules::Request {
                file: &self.file,
                configuration: &configuration,
                era,
                pace: if self.settled { Pace::Settled } else { Pace::Free },
                state_count_max: self.max_states,
                trails: self.trails.as_deref(),
                progress: self.progress,
            };
            return schedules::run(&request, output);
        }
        let world = input::world(&configuration, era)?;
        let (rows, world) = rows(world)?;
        let ending = Ending::of(&configuration, era, &rows, &world);
        if output.json {
            Self::objects(output, &configuration, era, &rows, &ending)?;
        } else {
            self.lines(output, &configuration, era, &rows, &ending)?;
        }
        Ok(ending.exit())
    }

    fn lines(
        &self,
        output: &mut Output<'_>,
        configuration: &Configuration,
        era: Era,
        rows: &[Row],
        ending: &Ending,
    ) -> Result<(), Failure> {
        output.line(header(configuration, era))?;
        output.line("")?;
        let rows =
            if self.verbose { rows.to_vec() } else { Layout::with_folded_start(rows, |_| false) };
        Layout::of(&rows).rows(output, &rows, &[])?;
        if !ending.left.is_empty() {
            output.line("")?;
            output.line("at the end, when nothing can happen any more:")?;
            ending.left.iter().try_for_each(|text| observation(output, text))?;
        }
        output.line("")?;
        ending.lines(output, era)
    }

    fn objects(
        output: &mut Output<'_>,
        configuration: &Configuration,
        era: Era,
        rows: &[Row],
        ending: &Ending,
    ) -> Result<(), Failure> {
        let scenario = &configuration.scenario;
        output.object(&RunObject {
            kind: "run",
            scenario: &scenario.name,
            era: era.name(),
            mode: Mode::Bio.name(),
        })?;
        for row in rows {
            output.object(&StepObject { kind: "step", row })?;
        }
        for text in &ending.left {
            output.object(&LeftObject { kind: "left", text })?;
        }
        Ok(output.object(&EndObject {
            kind: "end",
            steps: rows.len(),
            stuck: !ending.stuck.is_empty(),
            as_expected: ending.is_as_expected(),
            exit: ending.exit().code(),
        })?)
    }
}

/// The first line of every report on a scenario.
pub(crate) fn header(configuration: &Configuration, era: Era) -> String {
    let scenario = &configuration.scenario;
    let mode = Mode::Bio.name();
    format!("scenario {}, era {}, mode {mode}", scenario.name, era.name())
}

fn rows(mut world: World) -> Result<(Vec<Row>, World), Failure> {
    let mut schedule = DefaultSchedule::default();
    let mut teller = Teller::new(&world);
    let mut rows = Vec::new();
    while let Some(taken) = schedule.advance(&mut world) {
        rows.push(teller.tell(taken.action, Some(taken.at), &world));
        if rows.len() == STEP_COUNT_MAX {
            let message = format!("the default schedule has no end after {STEP_COUNT_MAX} steps");
            return Err(Failure::Limit(message));
        }
    }
    Ok((rows, world))
}

impl Ending {
    fn of(configuration: &Configuration, era: Era, rows: &[Row], world: &World) -> Self {
        let left = leftovers(world);
        let observed = rows.iter().flat_map(|row| &row.observed).chain(&left).cloned().collect();
        let expected = configuration.scenario.expected_for(era.name());
        let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect();
        let is_recorded = |text: &&str| !text.trim().is_empty();
        Self {
            left,
            stuck: stuck(world),
            observed,
            expected: expected.filter(is_recorded).map(lines),
            bug: world.bug.is_some(),
        }
    }

    fn is_as_expected(&self) -> Option<bool> {
        self.expected.as_ref().map(|expected| *expected == self.observed)
    }

    fn exit(&self) -> Exit {
        match self.is_as_expected() {
            Some(true) => Exit::Ok,
            Some(false) | None if !self.stuck.is_empty() => Exit::Stuck,
            Some(false) => Exit::Safety,
            None if self.bug => Exit::Safety,
            None => Exit::Ok,
        }
    }

    fn lines(&self, output: &mut Output<'_>, era: Era) -> Result<(), Failure> {
        for text in &self.stuck {
            output.line(format_args!("stuck: {text}"))?;
        }
        match (&self.expected, self.is_as_expected()) {
            (Some(expected), Some(false)) => {
                output.line("NOT as the scenario expects (- expected, + observed):")?;
                for line in crate::diff::lines(expected, &self.observed) {
                    output.line(line)?;
                }
            }
            (Some(expected), _) => {
                let count = counted(expected.len() as u64, "observation");
                output.line(format_args!("as the scenario expects: {count}"))?;
            }
            (None, _) => {
                let era = era.name();
                output.line(format_args!("the scenario has no expected output for {era}"))?;
            }
        }
        Ok(())
    }
}

/// The lines that were not reached, and the ioctls that have not returned.
fn stuck(world: &World) -> Vec<String> {
    let blocked = |(text, end): &(String, CallEnd)| {
        (*end == CallEnd::Blocked).then(|| format!("{text} has not returned"))
    };
    let mut stuck: Vec<_> = world.outcome().calls.iter().filter_map(blocked).collect();
    if world.bug.is_some() {
        return stuck;
    }
    for script in 0..world.scripts.len() {
        if let Some(line) = world.next_line(script) {
            stuck.push(format!("line {} is never reached: {}", line.number, line.text));
        }
    }
    stuck
}

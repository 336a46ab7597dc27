//! `pushback shuttle` and `pushback threads`: workloads under many schedules, each replayed.
use std::path::Path;
use std::time::Duration;

use clap::Args;
use dm_model::mutant::Mutant;
use dm_threads::engine::{Arc, Scheduler};
use dm_threads::grain::{Grain, Named};
use dm_threads::round::Round;
use dm_threads::schedules::{self, ScheduleReport};
use dm_threads::window::Window;
use dm_threads::workload::{self, WORKLOADS};
use dm_threads::{stress, windows};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::input;
use crate::loom::mutant;
use crate::output::{Output, counted, grouped};
use crate::trails;

const SHUTTLE_EXAMPLES: &str = "\
Examples:
  pushback shuttle                                       every workload, random and PCT
  pushback shuttle storm --seed 7 --iterations 10000
  pushback shuttle reload --scheduler pct:3
  pushback shuttle two-ends --scheduler dfs              a window of `pushback loom`, every schedule
  pushback shuttle interrupted --mutant flag-tested-outside-lock
  pushback shuttle my.check

A workload is a configuration of `pushback check`: each script, each path and the work queue get a
thread. Every schedule is recorded and replayed on the model, which must make the same moves, end
alike and break no claim. The same seed tries the same schedules in the same order.";

const THREADS_EXAMPLES: &str = "\
Examples:
  pushback threads
  pushback threads reload --runs 100000
  pushback threads interrupted --mutant pushback-lock-left-out

The threads of this machine run the workload; every run is recorded and replayed on the model, which
must make the same moves, end alike and break no claim. No run is like another.";

/// Run workloads under shuttle: many schedules by lot, each replayed on the model
#[derive(Args)]
#[command(after_help = SHUTTLE_EXAMPLES)]
pub(crate) struct ShuttleArguments {
    /// Workloads or windows by name, or files; every workload if none is given
    #[arg(value_name = "WORKLOAD")]
    workloads: Vec<String>,
    /// The first schedule of the lot
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many schedules for each workload and scheduler
    #[arg(long, value_name = "N", default_value_t = 1000)]
    iterations: usize,
    /// random, pct:DEPTH or dfs; random and pct:2 to pct:5 if none is given
    #[arg(long, value_name = "NAME", value_parser = scheduler)]
    scheduler: Vec<Scheduler>,
    /// With a seeded bug of the grain
    #[arg(long, value_name = "NAME", value_parser = mutant)]
    mutant: Option<&'static Named>,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// Run workloads on the threads of this machine, each run replayed on the model
#[derive(Args)]
#[command(after_help = THREADS_EXAMPLES)]
pub(crate) struct ThreadsArguments {
    /// Workloads by name, or files; every workload if none is given
    #[arg(value_name = "WORKLOAD")]
    workloads: Vec<String>,
    /// How many runs of each workload
    #[arg(long, value_name = "N", default_value_t = 1000)]
    runs: usize,
    /// A run that takes longer hangs, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    limit: u64,
    /// With a seeded bug of the grain
    #[arg(long, value_name = "NAME", value_parser = mutant)]
    mutant: Option<&'static Named>,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

fn scheduler(text: &str) -> Result<Scheduler, String> {
    let depth = text.strip_prefix("pct:").and_then(|depth| depth.parse().ok());
    match (text, depth) {
        ("random", _) => Ok(Scheduler::Random),
        ("dfs", _) => Ok(Scheduler::Dfs),
        (_, Some(depth)) if depth > 0 => Ok(Scheduler::Pct(depth)),
        _ => Err("expected random, pct:DEPTH or dfs".to_owned()),
    }
}

fn scheduler_name(scheduler: Scheduler) -> String {
    match scheduler {
        Scheduler::Random => "random".to_owned(),
        Scheduler::Pct(depth) => format!("pct:{depth}"),
        Scheduler::Dfs => "dfs".to_owned(),
    }
}

#[derive(Serialize)]
struct RoundObject<'a> {
    kind: &'static str,
    workload: &'a str,
    scheduler: &'a str,
    seed: Option<u64>,
    schedules: usize,
    steps: usize,
    replay_tries: usize,
    longest: usize,
    failed_at: Option<usize>,
    failure: Option<String>,
}

/// A round that is to be run, and the one that it is replayed on.
struct Job {
    name: String,
    /// The name or the file as the user gave it.
    given: String,
    round: Arc<Round>,
}

impl ShuttleArguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        let every = [1, 2, 3, 4, 5].map(|depth| match depth {
            1 => Scheduler::Random,
            _ => Scheduler::Pct(depth),
        });
        let schedulers = if self.scheduler.is_empty() { &every[..] } else { &self.scheduler };
        let grain = self.mutant.map_or(Grain::None, |named| named.grain);
        let jobs = jobs(&self.workloads, grain)?;
        if !output.json {
            output.line(format_args!("seed {}, {} iterations", self.seed, self.iterations))?;
            output.line(header("scheduler", "schedules"))?;
        }
        let mut exit = Exit::Ok;
        for job in jobs {
            for scheduler in schedulers {
                let (seed, count) = (self.seed, self.iterations);
                let report = schedules::explore(&job.round, grain, *scheduler, seed, count);
                let name = scheduler_name(*scheduler);
                write(output, &job, &name, Some(seed), &report)?;
                if report.failure.is_some() {
                    exit = Exit::Safety;
                    if !output.json {
                        self.again(output, &job, &name, &report)?;
                    }
                }
            }
        }
        Ok(exit)
    }

    fn again(
        &self,
        output: &mut Output<'_>,
        job: &Job,
        scheduler: &str,
        report: &ScheduleReport,
    ) -> Result<(), Failure> {
        let given = trails::quoted(Path::new(&job.given));
        let mutant = self.mutant.map(|named| format!(" --mutant {}", named.name));
        output.line("  again:")?;
        Ok(output.line(format_args!(
            "      {} shuttle {given} --scheduler {scheduler} --seed {} --iterations {}{}",
            trails::program(),
            self.seed,
            report.schedules,
            mutant.unwrap_or_default()
        ))?)
    }
}

impl ThreadsArguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        let grain = self.mutant.map_or(Grain::None, |named| named.grain);
        let limit = Duration::from_secs(self.limit);
        let jobs = jobs(&self.workloads, grain)?;
        if !output.json {
            output.line(header("", "runs"))?;
        }
        let mut exit = Exit::Ok;
        for job in jobs {
            let report = stress::explore(&job.round, grain, self.runs, limit);
            write(output, &job, "", None, &report)?;
            if report.failure.is_some() {
                exit = Exit::Safety;
            }
        }
        Ok(exit)
    }
}

fn jobs(names: &[String], grain: Grain) -> Result<Vec<Job>, Failure> {
    if names.is_empty() {
        let known = WORKLOADS.iter().map(|workload| workload.name.to_owned());
        return known.map(|name| job(&name, grain)).collect();
    }
    names.iter().map(|name| job(name, grain)).collect()
}

fn job(name: &str, grain: Grain) -> Result<Job, Failure> {
    let rule = if let Grain::Rule(mutant) = grain { mutant } else { Mutant::None };
    let bad = |error: dm_sim::world::config::TextError| Failure::Input(error.to_string());
    let round = if let Some(known) = WORKLOADS.iter().find(|known| known.name == name) {
        workload::round(known.name, known.text, rule).map_err(bad)?
    } else if let Some(known) = windows::find(name) {
        Window::parse_with(known.name, known.text, rule).map_err(bad)?.round
    } else {
        let path = Path::new(name);
        if !name.contains(['.', '/']) && !path.exists() && name != "-" {
            let known: Vec<_> = WORKLOADS.iter().map(|known| known.name).collect();
            let known = known.join(", ");
            let message = format!(
                "{name} is neither a workload, a window nor a file; workloads are: {known}"
            );
            return Err(Failure::Input(message));
        }
        let (text, file) = input::read(path)?;
        if text.lines().any(|line| line.starts_with("==== window ")) {
            Window::parse_with(&file, &text, rule).map_err(bad)?.round
        } else {
            workload::round(&file, &text, rule).map_err(bad)?
        }
    };
    Ok(Job { name: round.name.clone(), given: name.to_owned(), round: Arc::new(round) })
}

fn header(scheduler: &str, count: &str) -> String {
    let (workload, steps, longest) = ("workload", "steps", "longest");
    format!("{workload:<14} {scheduler:<9} {count:>9} {steps:>12} {longest:>8}  found")
}

fn write(
    output: &mut Output<'_>,
    job: &Job,
    scheduler: &str,
    seed: Option<u64>,
    report: &ScheduleReport,
) -> Result<(), Failure> {
    let start = &job.round.world;
    if output.json {
        output.object(&RoundObject {
            kind: "workload",
            workload: &job.name,
            scheduler,
            seed,
            schedules: report.schedules,
            steps: report.steps,
            replay_tries: report.tries,
            longest: report.longest,
            failed_at: report.failure.as_ref().map(|(number, _)| *number),
            failure: report.failure.as_ref().map(|(_, failure)| failure.text(start)),
        })?;
        return Ok(output.flush()?);
    }
    let found = if report.failure.is_some() { "SOMETHING, below" } else { "nothing" };
    let (count, steps) = (grouped(report.schedules as u64), grouped(report.steps as u64));
    let (name, longest) = (&job.name, report.longest);
    output.line(format_args!(
        "{name:<14} {scheduler:<9} {count:>9} {steps:>12} {longest:>8}  {found}"
    ))?;
    if let Some((number, failure)) = &report.failure {
        output.line("")?;
        let number = *number as u64;
        output.line(format_args!("FOUND in {}, after {}:", name, counted(number, "run")))?;
        output.indented(&failure.text(start))?;
    }
    Ok(output.flush()?)
}

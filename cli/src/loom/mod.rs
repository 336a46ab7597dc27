//! `pushback loom`: the critical windows under every execution that C11 allows.
mod tables;

use std::path::Path;

use clap::Args;
use dm_model::era::Era;
use dm_threads::ends::Ends;
use dm_threads::failure::Failure as Found;
use dm_threads::grain::{GRAINS, Grain};
use dm_threads::weak::{Bounds, WeakReport, explore};
use dm_threads::window::Window;
use dm_threads::windows::{Named, WINDOWS, at_era, find};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::{Output, counted, grouped};
use crate::trails;

const EXAMPLES: &str = "\
Examples:
  pushback loom                                 every window
  pushback loom requeue-tail                    one, with what each thread runs
  pushback loom two-requeues-tail --bound 3
  pushback loom my.window --bound none
  pushback loom end-tail --mutant prepare-without-barrier
  pushback loom --era hardened
  pushback loom --mutants                       every seeded bug of the grain
  pushback loom --orderings                     how weak each access may be

A window is a world that the model reaches, and processes that run from there, each in a thread of
loom. Every end must be one that the interleavings of the model have. Without a bound on preemptions
loom is complete; a bound is given where that would take more than 20 seconds.";

/// Run the critical windows under loom: every interleaving, and every stale read
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Windows by name, or files of windows; every known window if none is given
    #[arg(value_name = "WINDOW")]
    windows: Vec<String>,
    /// The kernel [default: the one that each window names]
    #[arg(long, value_name = "ERA", value_parser = input::era_parser())]
    era: Option<Era>,
    /// At most so many preemptions, or none for no bound
    #[arg(long, value_name = "N", value_parser = bound)]
    bound: Option<Bound>,
    /// No bound where loom completes in 20 seconds, else one preemption more; takes minutes
    #[arg(long, conflicts_with = "bound")]
    deep: bool,
    /// Give a window up after so many executions
    #[arg(long, value_name = "N", default_value_t = 10_000_000)]
    executions: u64,
    /// With a seeded bug of the grain; in the window where it shows, unless others are given
    #[arg(long, value_name = "NAME", value_parser = mutant)]
    mutant: Option<&'static dm_threads::grain::Named>,
    /// Every seeded bug in its window: after how many executions loom finds it
    #[arg(long, conflicts_with_all = ["windows", "mutant", "orderings", "deep", "bound"])]
    mutants: bool,
    /// For each access to a shared word the weakest ordering under which loom finds nothing
    #[arg(long, conflicts_with_all = ["windows", "mutant", "deep", "bound"])]
    orderings: bool,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// The value of `--bound`.
#[derive(Clone, Copy)]
struct Bound(Option<usize>);

fn bound(text: &str) -> Result<Bound, String> {
    if text == "none" {
        return Ok(Bound(None));
    }
    text.parse().map(|bound| Bound(Some(bound))).map_err(|_| "expected a number or none".to_owned())
}

/// The seeded bug of the grain with this name.
pub(crate) fn mutant(name: &str) -> Result<&'static dm_threads::grain::Named, String> {
    dm_threads::grain::find(name).ok_or_else(|| {
        let known: Vec<_> = GRAINS.iter().map(|grain| grain.name).collect();
        format!("expected one of {}", known.join(", "))
    })
}

/// A window that is to be run.
struct Job {
    name: String,
    text: String,
    window: Window,
    bound: Option<usize>,
}

#[derive(Serialize)]
struct WindowObject<'a> {
    kind: &'static str,
    window: &'a str,
    about: &'a str,
    threads: Vec<String>,
    bound: Option<usize>,
    executions: u64,
    stale: u64,
    ends: usize,
    ends_on_plain: usize,
    complete: bool,
    breaks: Vec<&'static str>,
    failure: Option<String>,
}

impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        if self.orderings {
            return tables::orderings(output);
        }
        if self.mutants {
            return tables::mutants(output, self.executions);
        }
        let jobs = self.jobs()?;
        let alone = jobs.len() == 1;
        if !output.json && !alone {
            output.line(header())?;
        }
        let mut exit = Exit::Ok;
        let mut failures = Vec::new();
        for job in &jobs {
            let ends = Ends::of(&job.window);
            let report = self.explore(job, &ends)?;
            if output.json {
                output.object(&object(job, &ends, &report))?;
            } else if alone {
                details(output, job, &ends, &report)?;
            } else {
                output.line(row(job, &ends, &report))?;
            }
            output.flush()?;
            exit = worse(exit, verdict(&ends, &report));
            failures.extend(report.failure.map(|failure| (job, failure)));
        }
        if !output.json {
            for (job, failure) in &failures {
                tell(output, self, job, failure)?;
            }
            summary(output, &jobs, exit)?;
        }
        Ok(exit)
    }

    fn jobs(&self) -> Result<Vec<Job>, Failure> {
        if !self.windows.is_empty() {
            return self.windows.iter().map(|name| self.job(name)).collect();
        }
        if let Some(mutant) = self.mutant {
            return Ok(vec![self.job(mutant.window)?]);
        }
        WINDOWS.iter().map(|named| self.known(named)).collect()
    }

    fn job(&self, name: &str) -> Result<Job, Failure> {
        if let Some(named) = find(name) {
            return self.known(named);
        }
        let path = Path::new(name);
        if !name.contains(['.', '/']) && !path.exists() && name != "-" {
            let known: Vec<_> = WINDOWS.iter().map(|named| named.name).collect();
            let known = known.join(", ");
            let message = format!("{name} is neither a window nor a file; there are: {known}");
            return Err(Failure::Input(message));
        }
        let (text, file) = input::read(path)?;
        let text = self.at_era(&text);
        let window = parse(&file, &text)?;
        let bound = self.bound.map_or(Some(dm_threads::windows::BOUND), |bound| bound.0);
        Ok(Job { name: window.name.clone(), text, window, bound })
    }

    fn at_era(&self, text: &str) -> String {
        self.era.map_or_else(|| text.to_owned(), |era| at_era(text, era))
    }

    fn known(&self, named: &Named) -> Result<Job, Failure> {
        let text = self.at_era(named.text);
        let window = parse(named.name, &text)?;
        let default = if self.deep { named.deep } else { named.bound };
        let bound = self.bound.map_or(default, |bound| bound.0);
        Ok(Job { name: named.name.to_owned(), text, window, bound })
    }

    fn explore(&self, job: &Job, ends: &Ends) -> Result<WeakReport, Failure> {
        let grain = self.mutant.map_or(Grain::None, |named| named.grain);
        let bounds = Bounds { preemptions: job.bound, executions: self.executions };
        explore(&job.window, &job.text, ends, grain, bounds)
            .map_err(|error| Failure::Input(error.to_string()))
    }
}

fn parse(file: &str, text: &str) -> Result<Window, Failure> {
    Window::parse(file, text).map_err(|error| Failure::Input(error.to_string()))
}

/// Whether the kernel breaks claims there that it is not known to break, or loom found something.
fn verdict(ends: &Ends, report: &WeakReport) -> Exit {
    let is_known = |broken: &(_, _, Option<&str>)| broken.2.is_some();
    match &report.failure {
        Some(failure) if failure.is_deadlock() => Exit::Stuck,
        Some(_) => Exit::Safety,
        None if !ends.stuck.is_empty() => Exit::Stuck,
        None if !ends.broken.iter().all(is_known) => Exit::Safety,
        None if !report.is_complete => Exit::Limit,
        None => Exit::Ok,
    }
}

fn worse(one: Exit, other: Exit) -> Exit {
    let rank = |exit: Exit| match exit {
        Exit::Ok => 0,
        Exit::Limit => 1,
        Exit::Stuck | Exit::Liveness => 2,
        Exit::Safety => 3,
        Exit::Usage | Exit::Unavailable | Exit::Output | Exit::BrokenPipe => 4,
    };
    if rank(other) > rank(one) { other } else { one }
}

fn header() -> String {
    let (window, threads, bound, stale) = ("window", "threads", "bound", "stale");
    let executions = "executions";
    format!("{window:<26} {threads:>7} {bound:>5} {executions:>10} {stale:>8} {:>5}  found", "ends")
}

fn bound_text(bound: Option<usize>) -> String {
    bound.map_or("none".to_owned(), |bound| bound.to_string())
}

fn row(job: &Job, ends: &Ends, report: &WeakReport) -> String {
    let threads = job.window.round.jobs.len();
    let (executions, stale) = (grouped(report.executions), grouped(report.stale));
    let reached = format!("{}/{}", report.ends, ends.worlds.len());
    let (name, bound) = (&job.name, bound_text(job.bound));
    let found = found(ends, report);
    format!("{name:<26} {threads:>7} {bound:>5} {executions:>10} {stale:>8} {reached:>5}  {found}")
}

fn found(ends: &Ends, report: &WeakReport) -> String {
    let known = ends.broken.iter().filter(|(_, _, reason)| reason.is_some());
    let known: Vec<_> = known.map(|(broken, ..)| format!("pinned {}", broken.claim)).collect();
    let new = ends.broken.iter().filter(|(_, _, reason)| reason.is_none());
    let new: Vec<_> = new.map(|(broken, ..)| format!("BROKEN {}", broken.claim)).collect();
    match &report.failure {
        Some(_) => "SOMETHING, below".to_owned(),
        None if !ends.stuck.is_empty() => "STUCK on Plain".to_owned(),
        None if !new.is_empty() => new.join(", "),
        None if !report.is_complete => "gave up".to_owned(),
        None if known.is_empty() => "nothing".to_owned(),
        None => known.join(", "),
    }
}

fn object<'a>(job: &'a Job, ends: &Ends, report: &WeakReport) -> WindowObject<'a> {
    WindowObject {
        kind: "window",
        window: &job.name,
        about: &job.window.about,
        threads: job.window.threads(),
        bound: job.bound,
        executions: report.executions,
        stale: report.stale,
        ends: report.ends,
        ends_on_plain: ends.worlds.len(),
        complete: report.is_complete,
        breaks: ends.broken.iter().map(|(broken, ..)| broken.claim).collect(),
        failure: report.failure.as_ref().map(|it| it.text(&job.window.round.world)),
    }
}

fn details(
    output: &mut Output<'_>,
    job: &Job,
    ends: &Ends,
    report: &WeakReport,
) -> Result<(), Failure> {
    output.line(format_args!("window {}: {}", job.name, job.window.about))?;
    for (index, thread) in job.window.threads().iter().enumerate() {
        output.line(format_args!("  thread {}: {thread}", index + 1))?;
    }
    let worlds = counted(ends.worlds.len() as u64, "end");
    output.line(format_args!("on Plain: {} states, {worlds}", grouped(ends.states)))?;
    for (broken, _, reason) in &ends.broken {
        let sign = if reason.is_some() { "PINNED" } else { "BROKEN" };
        output.line(format_args!("{sign} {}: {}", broken.claim, broken.text))?;
        if let Some(reason) = reason {
            output.paragraph("reason:   ", reason)?;
        }
    }
    let bound = match job.bound {
        None => "no bound on preemptions".to_owned(),
        Some(bound) => format!("at most {}", counted(bound as u64, "preemption")),
    };
    output.line(format_args!(
        "under loom, {bound}: {}, {} with a stale read, {} of the ends",
        counted(report.executions, "execution"),
        grouped(report.stale),
        report.ends
    ))?;
    Ok(())
}

/// What was found: the steps, and the command that shows it again.
fn tell(
    output: &mut Output<'_>,
    arguments: &Arguments,
    job: &Job,
    failure: &Found,
) -> Result<(), Failure> {
    output.line("")?;
    output.line(format_args!("FOUND in {}:", job.name))?;
    output.indented(&failure.text(&job.window.round.world))?;
    let mutant = arguments.mutant.map(|named| format!(" --mutant {}", named.name));
    let era = arguments.era.map(|era| format!(" --era {}", era.name()));
    let name = arguments.windows.iter().find(|name| name.contains(['.', '/']));
    let name = name.map_or(job.name.clone(), |file| trails::quoted(Path::new(file)));
    output.line("  again:")?;
    Ok(output.line(format_args!(
        "      {} loom {name}{} --bound {}{}",
        trails::program(),
        era.unwrap_or_default(),
        bound_text(job.bound),
        mutant.unwrap_or_default()
    ))?)
}

fn summary(output: &mut Output<'_>, jobs: &[Job], exit: Exit) -> Result<(), Failure> {
    output.line("")?;
    let windows = counted(jobs.len() as u64, "window");
    Ok(output.line(match exit {
        Exit::Ok => format!("{windows}: every end is one of Plain's"),
        Exit::Limit => format!("{windows}: given up before the end, nothing found until then"),
        Exit::Stuck
        | Exit::Safety
        | Exit::Liveness
        | Exit::Usage
        | Exit::Unavailable
        | Exit::Output
        | Exit::BrokenPipe => format!("{windows}: SOMETHING WAS FOUND"),
    })?)
}

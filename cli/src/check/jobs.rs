//! What a check searches, and the search of it on two threads.
//!
//! Results are handed over in the order of the jobs, whichever thread is done first.
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;

use dm_explore::{Control, Progress};
use dm_model::era::Era;
use dm_properties::configurations::{
    Bound, Parameters, find, generate, of_bound, seeded, sizes_of_bound,
};
use dm_properties::search::{CheckError, CheckReport, Options, check_all, check_large};
use dm_sim::world::config::{Configuration, TextError};
use dm_sim::world::plan::{Op, Plan};

use super::{Arguments, Checked, engine, options};
use crate::exit::Failure;
use crate::input;
use crate::progress::Board;
use crate::trails;

/// A configuration to be searched.
pub(super) struct Job {
    /// Its name.
    pub(super) name: String,
    /// What it is, in one line.
    pub(super) about: String,
    /// The options of check that ask for it.
    pub(super) options: String,
    /// The kernel.
    pub(super) era: Era,
    configuration: Configuration,
}

impl Job {
    /// What is searched, so that nothing else is gone on with in its place.
    pub(super) fn identity(&self) -> String {
        let (version, era) = (env!("CARGO_PKG_VERSION"), self.era.name());
        let text = crc32fast::hash(self.configuration.text.as_bytes());
        format!("pushback {version}, {}, era {era}, text {text:08x}", self.name)
    }
}

/// What the arguments ask for.
pub(super) fn jobs(arguments: &Arguments) -> Result<Vec<Job>, Failure> {
    let mut jobs = Vec::new();
    let by_default = !arguments.sizes.any() && arguments.config.is_empty();
    let bound = arguments.bound.or_else(|| by_default.then_some(Bound::Quick));
    for known in bound.map(of_bound).unwrap_or_default() {
        let options = format!("--config {}", known.name);
        jobs.push(job(arguments, known.name, known.about, &options, known.text)?);
    }
    if let Some(parameters) = bound.and_then(sizes_of_bound) {
        jobs.push(generated(arguments, "generated-deep", parameters)?);
    }
    if arguments.sizes.any() {
        jobs.push(generated(arguments, "generated", arguments.sizes.parameters())?);
    }
    for name in &arguments.config {
        let options = format!("--config {}", trails::quoted(Path::new(name)));
        match find(name) {
            Some(known) => jobs.push(job(arguments, name, known.about, &options, known.text)?),
            None => jobs.push(file_job(arguments, name, &options)?),
        }
    }
    Ok(jobs)
}

fn generated(arguments: &Arguments, name: &str, sizes: Parameters) -> Result<Job, Failure> {
    let options = options(sizes);
    job(arguments, name, &options.replace("--", ""), &options, &generate(sizes))
}

fn file_job(arguments: &Arguments, name: &str, options: &str) -> Result<Job, Failure> {
    let path = Path::new(name);
    let looks_like_a_name = !name.contains(['.', '/']) && !path.exists();
    if looks_like_a_name {
        let known: Vec<_> = of_bound(Bound::Standard).iter().map(|known| known.name).collect();
        let known = known.join(", ");
        let message = format!("{name} is neither a configuration nor a file; there are: {known}");
        return Err(Failure::Input(message));
    }
    let read = input::configuration(path)?;
    let world = read.world(read.era).map_err(|bad| Failure::Input(bad.to_string()))?;
    refuse(name, world.plan())?;
    let about = format!("from {name}");
    let mut job = job(arguments, name, &about, options, &read.text)?;
    job.name.clone_from(&read.scenario.name);
    Ok(job)
}

/// A file that chooses a schedule, or whose tables are refused, shows nothing in a search.
fn refuse(name: &str, plan: &Plan) -> Result<(), Failure> {
    for line in plan.lines() {
        let why = if line.op.stepped().is_some() {
            "a step line chooses one schedule, and check searches all of them: use run"
        } else if let Op::Refused(..) = line.op {
            line.log.as_deref().unwrap_or("the table is refused")
        } else {
            continue;
        };
        return Err(Failure::Input(format!("{name}:{}: {}: {why}", line.number, line.shown())));
    }
    Ok(())
}

fn job(
    arguments: &Arguments,
    name: &str,
    about: &str,
    options: &str,
    text: &str,
) -> Result<Job, Failure> {
    let bad = |error: TextError| Failure::Input(error.to_string());
    let text = match &arguments.mutant {
        Some(mutant) => seeded(text, mutant),
        None => text.to_owned(),
    };
    let configuration = Configuration::parse(name, &text).map_err(bad)?;
    let era = arguments.era.unwrap_or(configuration.era);
    configuration.world(era).map_err(bad)?;
    let (name, about, options) = (name.to_owned(), about.to_owned(), options.to_owned());
    Ok(Job { name, about, options, era, configuration })
}

/// Searches the jobs and hands each result over, in the order of the jobs.
pub(super) fn search(
    arguments: &Arguments,
    jobs: Vec<Job>,
    mut done: impl FnMut(Checked) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let board = Board::new(arguments.progress, arguments.json);
    let count = jobs.len();
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..arguments.engine.jobs_at_a_time().min(count) {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                loop {
                    let next = queue.lock().expect("no thread panics while it holds this").next();
                    let Some((index, job)) = next else { break };
                    let report = search_one(arguments, &job, count > 1, &board);
                    if sender.send((index, job, report)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: Vec<Option<(Job, CheckReport)>> = (0..count).map(|_| None).collect();
        let mut next = 0;
        for (index, job, report) in receiver {
            let report = report?;
            waiting[index] = Some((job, report));
            while let Some((job, report)) = waiting.get_mut(next).and_then(Option::take) {
                next += 1;
                let unjudged = arguments.engine.leaves_out_liveness();
                board.suspend(|| done(Checked { job, report, unjudged }))?;
            }
        }
        Ok(())
    })
}

fn search_one(
    arguments: &Arguments,
    job: &Job,
    is_one_of_many: bool,
    board: &Board,
) -> Result<CheckReport, Failure> {
    let options = Options { limits: arguments.engine.limits(), order: arguments.order.0 };
    let engine = arguments.engine.engine(job, is_one_of_many);
    let mut bar = board.begin(&job.name);
    let (configuration, era) = (&job.configuration, job.era);
    let observer = &mut |progress: &Progress| {
        bar.observe(progress);
        if engine::is_interrupted() { Control::Stop } else { Control::Continue }
    };
    // A search that is not to begin any more ends at once and says so.
    let report = if arguments.judges_liveness() && !engine::is_interrupted() {
        check_all(configuration, era, options, arguments.live_states_max(), observer)
            .map_err(|error| Failure::Input(error.to_string()))
    } else {
        check_large(configuration, era, options, engine.clone(), observer).map_err(|error| {
            match error {
                CheckError::Text(error) => Failure::Input(error.to_string()),
                CheckError::Checkpoint(error) => engine::refused(&engine, &error),
            }
        })
    };
    bar.end();
    report
}

//! `pushback check`: every schedule of some configurations, judged by every claim.
mod engine;
mod findings;
mod jobs;
mod lassos;
mod never;
mod objects;
mod promise;
mod table;

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use dm_explore::{Finish, Order};
use dm_model::era::Era;
use dm_model::mutant::{LIVELOCKS, MUTANTS, SURVIVORS};
use dm_properties::claims::Kind;
use dm_properties::configurations::{Bound, Parameters};
use dm_properties::search::{CheckReport, Verdict};

use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::{Output, counted};
use crate::progress;
use crate::schedules::cut_short;

const EXAMPLES: &str = "\
Examples:
  pushback check
  pushback check --era 2.6.19 --config implicit
  pushback check --signals 1
  pushback check --bound standard --era hardened
  pushback check --mutant pending-before-append --trails trails
  pushback check --bios 2 --reduce all --max-live-states 0
  pushback check --bios 2 --threads 2 --memory 8G --max-states 1000000000 --checkpoint large
  pushback check --bios 2 --threads 2 --memory 8G --max-states 1000000000 --resume large

Without --config and without sizes, the default configurations are searched. Exits with 0 when no
claim broke but those that are pinned for the era, each for a reviewed reason; with 12 when
another one did; with 11 when all that broke are runs that get stuck; with 13 when all are runs
that go on for ever; with 75 when a limit was reached. Where a signal may interrupt a suspend nothing
is pinned.";

/// Search every schedule of some configurations and judge every step by every claim
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A default configuration by its name, or a file; may be given several times
    #[arg(long, value_name = "NAME|FILE", conflicts_with = "Sizes")]
    config: Vec<String>,
    /// How much is searched by name: the defaults, with those in which a suspend may be
    /// interrupted, or with two bios too [default: quick, unless --config or sizes are given]
    #[arg(long, value_name = "BOUND", value_parser = bound_parser())]
    bound: Option<Bound>,
    /// The kernel [default: the one that each configuration names]
    #[arg(long, value_parser = input::era_parser())]
    era: Option<Era>,
    #[command(flatten)]
    sizes: Sizes,
    /// Seed this bug
    #[arg(long, value_name = "NAME", value_parser = mutant_parser())]
    mutant: Option<String>,
    /// The order in which the actions of a state are taken
    #[arg(long, value_name = "ORDER", value_parser = order_parser(), default_value = "forward")]
    order: OrderName,
    #[command(flatten)]
    engine: engine::EngineArguments,
    /// Judge the liveness claims where there are no more distinct states [default: 5000000]; not
    /// with an option that leaves them out
    #[arg(long, value_name = "N")]
    max_live_states: Option<u64>,
    /// Name the labels and the kinds of action that never fired
    #[arg(long)]
    never: bool,
    /// Write the trail of each broken claim into this directory
    #[arg(long, value_name = "DIR")]
    trails: Option<PathBuf>,
    /// Show progress and times on stderr even where it is no terminal
    #[arg(long)]
    progress: bool,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// The sizes of a configuration that is made for them.
#[derive(Args)]
#[group(id = "Sizes", multiple = true)]
struct Sizes {
    /// Make a configuration with this many bios [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=8))]
    bios: Option<u8>,
    /// ... over this many paths [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=8))]
    paths: Option<u8>,
    /// ... which may go offline this often [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=8))]
    faults: Option<u8>,
    /// ... through this many suspend, load, resume cycles [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=8))]
    cycles: Option<u8>,
    /// ... with this many signals to suspends [default: 0]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=8))]
    signals: Option<u8>,
    /// ... against this many messages [default: 0]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=8))]
    messages: Option<u8>,
}

/// An order of expansion and its name.
#[derive(Clone, Copy, PartialEq, Eq)]
struct OrderName(Order);

impl Sizes {
    fn any(&self) -> bool {
        let Self { bios, paths, faults, cycles, signals, messages } = self;
        [bios, paths, faults, cycles, signals, messages].iter().any(|size| size.is_some())
    }

    fn parameters(&self) -> Parameters {
        Parameters {
            bios: self.bios.unwrap_or(1),
            paths: self.paths.unwrap_or(1),
            faults: self.faults.unwrap_or(1),
            cycles: self.cycles.unwrap_or(1),
            signals: self.signals.unwrap_or(0),
            messages: self.messages.unwrap_or(0),
        }
    }
}

/// The options that ask for these sizes.
fn options(sizes: Parameters) -> String {
    let Parameters { bios, paths, faults, cycles, signals, messages } = sizes;
    let sizes = [
        ("bios", bios),
        ("paths", paths),
        ("faults", faults),
        ("cycles", cycles),
        ("signals", signals),
        ("messages", messages),
    ];
    sizes.map(|(name, size)| format!("--{name} {size}")).join(" ")
}

impl OrderName {
    fn name(self) -> &'static str {
        match self.0 {
            Order::Forward => "forward",
            Order::Backward => "backward",
        }
    }
}

fn order_parser() -> impl TypedValueParser<Value = OrderName> {
    PossibleValuesParser::new(["forward", "backward"])
        .map(|name| OrderName(if name == "backward" { Order::Backward } else { Order::Forward }))
}

fn bound_parser() -> impl TypedValueParser<Value = Bound> {
    PossibleValuesParser::new(["quick", "standard", "deep"]).map(|name| match name.as_str() {
        "quick" => Bound::Quick,
        "standard" => Bound::Standard,
        _ => Bound::Deep,
    })
}

fn mutant_parser() -> PossibleValuesParser {
    let all = MUTANTS.iter().chain(LIVELOCKS).chain(SURVIVORS);
    PossibleValuesParser::new(all.map(|known| known.name))
}

/// A configuration that was searched.
struct Checked {
    job: jobs::Job,
    report: CheckReport,
    /// The option by which the liveness claims are not judged.
    unjudged: Option<&'static str>,
}

impl Arguments {
    /// Whether the default configurations are searched as they are.
    fn is_default(&self) -> bool {
        let chosen = !self.config.is_empty() || self.sizes.any();
        !chosen && self.era.is_none() && self.mutant.is_none()
    }

    /// Whether the graph of all states is recorded, so that the liveness claims can be judged.
    fn judges_liveness(&self) -> bool {
        self.engine.judges_liveness() && (self.engine.is_whole() || self.live_states_max() > 0)
    }

    /// Liveness claims that are asked for cannot be left out, and neither reduction keeps what
    /// somebody owes for ever.
    fn refuse(&self) -> Result<(), Failure> {
        let asked = self.max_live_states.is_some_and(|states| states > 0);
        if let Some(option) = self.engine.leaves_out_liveness().filter(|_| asked) {
            return Err(Failure::Input(format!(
                "--max-live-states: {option} leaves out the liveness claims; search for them \
                 without it"
            )));
        }
        if self.engine.is_whole() || !self.judges_liveness() {
            return Ok(());
        }
        let name = self.engine.reduce_name();
        Err(Failure::Input(format!(
            "--reduce {name}: the liveness claims need every state as it is; leave them out by \
             --max-live-states 0, or search for them with --reduce none"
        )))
    }

    fn live_states_max(&self) -> u64 {
        self.max_live_states.unwrap_or(progress::STATE_COUNT_MAX)
    }

    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        self.refuse()?;
        let jobs = jobs::jobs(self)?;
        self.engine.watch()?;
        let mut checked: Vec<Checked> = Vec::new();
        jobs::search(self, jobs, |done| {
            if output.json {
                objects::configuration(self, output, &done)?;
            } else {
                summary(self, output, checked.len() + 1, &done)?;
            }
            output.flush()?;
            checked.push(done);
            Ok(())
        })?;
        let mut exit = exit(&checked);
        if self.is_default() && !engine::is_interrupted() {
            let promise = promise::check(self, output)?;
            exit = if exit == Exit::Ok { promise } else { exit };
        }
        if output.json {
            objects::end(output, &checked, exit)?;
        } else {
            output.line("")?;
            table::lines(output, &checked)?;
            findings::lines(self, output, &checked)?;
            lassos::lines(self, output, &checked)?;
            never::lines(self, output, &checked)?;
        }
        Ok(exit)
    }
}

fn exit(checked: &[Checked]) -> Exit {
    let surprises = || checked.iter().flat_map(|done| done.report.surprises());
    if surprises().any(|report| report.claim.kind == Kind::Always) {
        return Exit::Safety;
    }
    let is_stuck = lassos::surprises(checked).any(|report| report.stuck.is_some());
    if is_stuck || surprises().next().is_some() {
        return Exit::Stuck;
    }
    if lassos::surprises(checked).next().is_some() {
        return Exit::Liveness;
    }
    let all_begun = !engine::is_interrupted();
    let all_complete = checked.iter().all(|done| done.report.finish == Finish::Complete);
    if all_complete && all_begun { Exit::Ok } else { Exit::Limit }
}

/// Why the search ended.
fn ending(finish: Finish) -> &'static str {
    if finish == Finish::Stopped && engine::is_out_of_memory() {
        return "NOT complete: the limit on memory was reached";
    }
    cut_short(finish).unwrap_or("complete")
}

fn summary(
    arguments: &Arguments,
    output: &mut Output<'_>,
    number: usize,
    done: &Checked,
) -> Result<(), Failure> {
    let Checked { job, report, unjudged } = done;
    output.line(format_args!("{number}. {}, era {}: {}", job.name, job.era.name(), job.about))?;
    let is_broken = |verdict: &Verdict| matches!(verdict, Verdict::Broken { .. });
    let broken = report.claims.iter().filter(|claim| is_broken(&claim.verdict));
    let pinned = broken.clone().filter(|claim| claim.pinned.is_some()).count();
    let broken = broken.count();
    let claims = counted(broken as u64, "claim");
    let broken = match (broken, pinned) {
        (0, _) => "no claim broken".to_owned(),
        (_, 0) => format!("{claims} BROKEN"),
        _ if broken == pinned => format!("{claims} broken, pinned"),
        _ => format!("{claims} BROKEN, {pinned} of them pinned"),
    };
    output.line(format_args!(
        "   {}, {}, depth {}, {}, {}; {broken}",
        counted(report.states, "state"),
        counted(report.transitions, "transition"),
        report.depth,
        counted(report.ends, "end"),
        ending(report.finish),
    ))?;
    if let Some(reduced) = arguments.engine.reduced() {
        output.line(format_args!("   {reduced}"))?;
    }
    if report.omission > 0.0 {
        let probability = report.omission;
        output.line(format_args!(
            "   64 bits of each state were kept: a state was omitted with probability {probability:.1e}",
        ))?;
    }
    match &report.checkpoint {
        Some(Err(error)) => {
            output.line(format_args!("   the checkpoint could NOT be written: {error}"))?;
        }
        Some(Ok(())) if report.finish != Finish::Complete => {
            output.line("   kept in a checkpoint, to be gone on with by --resume")?;
        }
        Some(Ok(())) | None => {}
    }
    if let Some(option) = unjudged {
        output.line(format_args!("   liveness claims NOT judged: {option} leaves them out"))?;
    }
    if let Some(broken) = lassos::summary(done) {
        output.line(format_args!("   {broken}"))?;
    }
    Ok(())
}

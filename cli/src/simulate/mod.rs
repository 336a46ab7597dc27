//! `pushback simulate`: the seeded simulation of a host, one seed or many.
mod failure;
mod mutants;
mod one;
mod sweep;

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use dm_model::era::Era;
use dm_model::mutant::{LIVELOCKS, MUTANTS, Mutant, SURVIVORS};
use dm_properties::simulated::Seeds;
use dm_sim::simulate::Options;

use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::Output;
use crate::trails;

const EXAMPLES: &str = "\
Examples:
  pushback simulate --seed 1
  pushback simulate --seed 1 --log                    what was done, and when
  pushback simulate --seeds 0..10000 --jobs 2
  pushback simulate --seeds 0..10000 --shard 1/4      the first of four machines
  pushback simulate --seeds 0..1000 --era hardened --json
  pushback simulate --mutant wake-up-forgotten --trails trails
  pushback simulate --mutants                         how many seeds each seeded bug takes

One seed decides everything: devices, what applications, administrators and daemons do, what fails,
who runs next. First things fail and every claim of safety is judged; then all is healed, and what
was asked must end within a bound of virtual time. What a finding of `pushback findings` explains is
counted as such and is no failure. A failure is shrunk and looked for on a small configuration, whose
trail `pushback replay` shows.

Exit codes: 12 or 11 if a claim breaks that no finding explains; with --mutant, if none does.";

/// Simulate a host under load and faults, decided by one seed
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The one seed to run [default: 1]
    #[arg(long, value_name = "N", conflicts_with_all = ["seeds", "mutants"])]
    seed: Option<u64>,
    /// Every seed from A up to but not B
    #[arg(long, value_name = "A..B", value_parser = range)]
    seeds: Option<std::ops::Range<u64>>,
    /// The kernel
    #[arg(long, value_name = "ERA", value_parser = input::era_parser(), default_value = "2.6.20")]
    era: Era,
    /// With a seeded bug; without --seed, seeds until a claim breaks
    #[arg(long, value_name = "NAME", value_parser = mutant_parser())]
    mutant: Option<Mutant>,
    /// Every seeded bug: how many seeds it takes
    #[arg(long, conflicts_with_all = ["mutant", "shard"])]
    mutants: bool,
    /// Steps of the kernel before all is healed
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..))]
    steps: u64,
    /// The standard host, without what a seed draws
    #[arg(long)]
    standard: bool,
    /// On so many threads [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Only part I of N of the seeds
    #[arg(long, value_name = "I/N", value_parser = shard, requires = "seeds")]
    shard: Option<(u64, u64)>,
    /// What the run did, and when
    #[arg(long, conflicts_with_all = ["seeds", "mutants"])]
    log: bool,
    /// How often each label, verdict, message and error was come to
    #[arg(long, conflicts_with = "mutants")]
    marks: bool,
    /// Do not shrink the first failure
    #[arg(long)]
    no_shrink: bool,
    /// Write the trail of the first failure into this directory
    #[arg(long, value_name = "DIRECTORY")]
    trails: Option<PathBuf>,
    /// Tell how far it has come, also where stderr is no terminal
    #[arg(long)]
    progress: bool,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

fn mutant_parser() -> impl TypedValueParser<Value = Mutant> {
    let all = MUTANTS.iter().chain(LIVELOCKS).chain(SURVIVORS);
    PossibleValuesParser::new(all.map(|known| known.name))
        .map(|name| Mutant::from_name(&name).expect("it is one of them"))
}

fn range(text: &str) -> Result<std::ops::Range<u64>, String> {
    let expected = || format!("expected A..B with A below B, found {text}");
    let (first, end) = text.split_once("..").ok_or_else(expected)?;
    let number = |text: &str| text.parse::<u64>().map_err(|_| expected());
    let range = number(first)?..number(end)?;
    if range.is_empty() { Err(expected()) } else { Ok(range) }
}

fn shard(text: &str) -> Result<(u64, u64), String> {
    let expected = || format!("expected I/N with I from 1 to N, found {text}");
    let (part, parts) = text.split_once('/').ok_or_else(expected)?;
    let number = |text: &str| text.parse::<u64>().map_err(|_| expected());
    let (part, parts) = (number(part)?, number(parts)?);
    if part == 0 || part > parts { Err(expected()) } else { Ok((part, parts)) }
}

impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        if self.mutants {
            return mutants::table(self, output);
        }
        if let Some(range) = &self.seeds {
            let shard = self.shard.unwrap_or((1, 1));
            let seeds = Seeds { range: range.clone(), shard };
            return match self.mutant {
                Some(_) => mutants::one(self, range.clone(), output),
                None => sweep::run(self, &seeds, output),
            };
        }
        match (self.seed, self.mutant) {
            (None, Some(_)) => mutants::one(self, 0..dm_properties::simulated::SEED_COUNT, output),
            (seed, _) => one::run(self, seed.unwrap_or(1), output),
        }
    }

    fn options(&self) -> Options {
        Options {
            era: self.era,
            mutant: self.mutant.unwrap_or_default(),
            steps: self.steps,
            standard: self.standard,
            marks: self.marks,
        }
    }

    fn jobs(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.jobs.map_or_else(all, usize::from)
    }

    /// The command that does it again, behind the version that it needs.
    fn replay_line(&self, seeds: &str) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let program = trails::program();
        let mut line = format!("pushback {version}: {program} simulate {seeds}");
        let _ = write!(line, " --era {} --steps {}", self.era.name(), self.steps);
        if self.standard {
            line += " --standard";
        }
        if let Some(mutant) = self.mutant {
            let _ = write!(line, " --mutant {}", name_of(mutant));
        }
        line
    }
}

fn name_of(mutant: Mutant) -> &'static str {
    let mut all = MUTANTS.iter().chain(LIVELOCKS).chain(SURVIVORS);
    all.find(|known| known.mutant == mutant).map_or("none", |known| known.name)
}

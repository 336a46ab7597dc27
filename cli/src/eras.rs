//! `pushback eras`: the kernels that the model can be, and what each changed.
use clap::Args;
use dm_model::era::{ERAS, Era};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  pushback eras
  pushback run scenarios/cover-letter-noflush.dm --era 2.6.19";

/// List the kernels that the model can be, oldest first, and what each changed
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Serialize)]
struct EraObject {
    era: &'static str,
    changes: &'static str,
}

impl Arguments {
    #[expect(clippy::unused_self, reason = "every subcommand runs by its arguments")]
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        for era in ERAS {
            if output.json {
                output.object(&EraObject { era: era.name(), changes: changes(era) })?;
            } else {
                output.line(format_args!("{:<9} {}", era.name(), changes(era)))?;
            }
        }
        Ok(Exit::Ok)
    }
}

/// What the kernel does that the one before it did not.
fn changes(era: Era) -> &'static str {
    match era {
        Era::Linux2_6_19 => "before the series: a suspend flushes what is queued, as errors",
        Era::Series1 => "patch 1: white space in clone_endio and __map_bio",
        Era::Series2 => "patch 2: dm_suspend takes a word of flags",
        Era::Series3 => "patch 3: verdicts of map and end_io have names, and others are a BUG",
        Era::Series4 => "patch 4: the targets use those names",
        Era::Series5 => "patch 5: DM_NOFLUSH_FLAG reaches dm_suspend, which does not read it",
        Era::Series6 => "patch 6: the core pushes back what a target answers REQUEUE to",
        Era::Series7 => "patch 7: multipath answers REQUEUE during a noflush suspend",
        Era::Linux2_6_20 => "the series, and no bdget and no resize in a noflush suspend",
        Era::Hardened => {
            "no kernel: an interrupted suspend undoes, and late pushbacks are reissued"
        }
    }
}

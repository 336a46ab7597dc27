//! `pushback mutants`: the kill matrix. Each seeded bug, the claim that breaks, and how.
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use dm_explore::Limits;
use dm_model::mutant::MUTANTS;
use dm_properties::claims::CLAIMS;
use dm_properties::kills::{KILLS, Kill, Killed, SURVIVORS, Search, search_all};
use dm_properties::pins::PINS;
use dm_properties::search::judge;
use dm_sim::world::config::TextError;
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::output::{Output, counted, grouped};
use crate::timeline::Mark;
use crate::trails;

const EXAMPLES: &str = "\
Examples:
  pushback mutants
  pushback mutants wake-up-forgotten
  pushback mutants pending-before-append --trails trails
  pushback mutants --json

Exit codes: 12 if a mutant survives. To search another configuration with one: check --mutant.";

/// Break one rule at a time and show that a claim notices: the matrix, or one mutant's trail
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Show what this mutant breaks, and the shortest trail to it
    #[arg(value_name = "NAME", value_parser = row_parser())]
    name: Option<&'static Kill>,
    /// Write the shortest trails as NAME.trail into this directory
    #[arg(long, value_name = "DIRECTORY")]
    trails: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

fn row_parser() -> impl TypedValueParser<Value = &'static Kill> {
    PossibleValuesParser::new(MUTANTS.iter().map(|known| known.name))
        .map(|name| KILLS.iter().find(|row| row.seeded().name == name).expect("a test looks"))
}

#[derive(Serialize)]
struct Object {
    kind: &'static str,
    mutant: &'static str,
    label: &'static str,
    about: &'static str,
    claim: &'static str,
    configuration: &'static str,
    engine: &'static str,
    states: u64,
    killed: Option<KilledObject>,
}

#[derive(Serialize)]
struct KilledObject {
    found: String,
    steps: usize,
    last_label: String,
    processes: usize,
}

impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        let bad = |error: TextError| Failure::Input(error.to_string());
        let limits = Limits::default();
        let found: Vec<(&'static Kill, Search)> = match self.name {
            Some(row) => vec![(row, row.search(limits).map_err(bad)?)],
            None => KILLS.iter().zip(search_all(limits).map_err(bad)?).collect(),
        };
        if let Some(directory) = &self.trails {
            for (row, search) in &found {
                if let Some(killed) = &search.killed {
                    trails::write(directory, row.seeded().name, &killed.trail)?;
                }
            }
        }
        if self.json {
            for (row, search) in &found {
                output.object(&object(row, search))?;
            }
        } else if let (Some(_), [(row, search)]) = (self.name, &found[..]) {
            self.one(output, row, search)?;
        } else {
            matrix(output, &found)?;
        }
        let survives = found.iter().any(|(_, search)| search.killed.is_none());
        Ok(if survives { Exit::Safety } else { Exit::Ok })
    }

    fn one(&self, output: &mut Output<'_>, row: &Kill, search: &Search) -> Result<(), Failure> {
        let (seeded, named, claim) = (row.seeded(), row.named(), row.claim());
        output.line(format_args!("mutant {} at {}", seeded.name, seeded.label))?;
        output.paragraph("breaks:   ", seeded.about())?;
        output.paragraph("in:       ", &format!("{}, {}", named.name, named.about))?;
        output.line("")?;
        let Some(killed) = &search.killed else {
            return Ok(output.line(format_args!(
                "SURVIVES {}: it holds in all {}",
                claim.name,
                counted(search.states, "state")
            ))?);
        };
        output.line(format_args!("BROKEN {} ({})", claim.name, claim.source))?;
        let breaks = judge(&killed.trail).map_err(|error| Failure::Input(error.to_string()))?;
        let marks: Vec<_> = breaks
            .iter()
            .filter(|broken| broken.claim.name == claim.name)
            .map(|broken| Mark { step: broken.step, text: &broken.text })
            .collect();
        trails::compact(output, &killed.trail, &marks)?;
        output.paragraph("expected: ", claim.text)?;
        output.paragraph("found:    ", &killed.text)?;
        output.paragraph("by:       ", &provenance(killed, search))?;
        output.line("  replay:")?;
        Ok(output.line(format_args!("      {}", self.replay(seeded.name)))?)
    }

    /// The command that replays the trail, after the one that writes it if that was not done.
    fn replay(&self, name: &str) -> String {
        let directory = self.trails.clone().unwrap_or_else(|| PathBuf::from("trails"));
        let replay = trails::replay_command(&directory.join(format!("{name}.trail")));
        if self.trails.is_some() {
            return replay;
        }
        let directory = trails::quoted(Path::new("trails"));
        let program = trails::program();
        format!("{program} mutants {name} --trails {directory}; \\\n      {replay}")
    }
}

fn provenance(killed: &Killed, search: &Search) -> String {
    format!(
        "breadth-first search for this claim, era {}; {} by {}, found after {}",
        killed.trail.era.name(),
        counted(killed.trail.actions.len() as u64, "step"),
        processes(killed.processes),
        counted(search.states, "state"),
    )
}

fn processes(count: usize) -> String {
    if count == 1 { "one process".to_owned() } else { format!("{count} processes") }
}

fn object(row: &Kill, search: &Search) -> Object {
    let seeded = row.seeded();
    Object {
        kind: "mutant",
        mutant: seeded.name,
        label: seeded.label,
        about: seeded.about(),
        claim: row.claim,
        configuration: row.configuration,
        engine: "search",
        states: search.states,
        killed: search.killed.as_ref().map(|killed| KilledObject {
            found: killed.text.clone(),
            steps: killed.trail.actions.len(),
            last_label: killed.last.clone(),
            processes: killed.processes,
        }),
    }
}

/// The rows under the claims that they break.
fn matrix(output: &mut Output<'_>, found: &[(&Kill, Search)]) -> Result<(), Failure> {
    output.line(format_args!(
        "{:<32} {:<9} {:<16} {:>5} {:>9} {:>7}",
        "claim, and the mutants it kills", "label", "configuration", "steps", "processes", "states"
    ))?;
    for claim in CLAIMS {
        output.line("")?;
        output.line(claim.name)?;
        let mut rows = found.iter().filter(|(row, _)| row.claim == claim.name).peekable();
        if rows.peek().is_none() {
            let pin = PINS.iter().find(|pin| pin.claim == claim.name);
            let shipped = pin.map(|pin| pin.only.join(", "));
            let shipped =
                shipped.map(|names| format!(": the shipped kernel breaks it, in {names}"));
            output.line(format_args!("  no mutant{}", shipped.unwrap_or_default()))?;
        }
        for (row, search) in rows {
            let seeded = row.seeded();
            let (steps, processes) = match &search.killed {
                Some(killed) => {
                    (killed.trail.actions.len().to_string(), killed.processes.to_string())
                }
                None => ("-".to_owned(), "SURVIVES".to_owned()),
            };
            output.line(format_args!(
                "  {:<30} {:<9} {:<16} {steps:>5} {processes:>9} {:>7}",
                seeded.name,
                seeded.label,
                row.configuration,
                grouped(search.states),
            ))?;
        }
    }
    output.line("")?;
    output.line("no claim, and why")?;
    for row in SURVIVORS {
        let seeded = row.seeded();
        output.line(format_args!("  {:<30} {}", seeded.name, seeded.label))?;
        output.paragraph("  ", &format!("{} {}.", seeded.about(), row.why))?;
    }
    output.line("")?;
    Ok(output.line(sum(found))?)
}

fn sum(found: &[(&Kill, Search)]) -> String {
    let killed: Vec<_> = found.iter().filter_map(|(_, search)| search.killed.as_ref()).collect();
    let together = killed.iter().filter(|killed| killed.processes > 1).count();
    format!(
        "{}: {} killed, {together} of them by two processes or more; {} SURVIVE",
        counted(found.len() as u64, "mutant"),
        killed.len(),
        found.len() - killed.len(),
    )
}

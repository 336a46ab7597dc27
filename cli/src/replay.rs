//! `pushback replay`: a trail, step by step, and the claims that it breaks.
use std::path::PathBuf;

use clap::Args;
use dm_properties::search::{Break, judge};
use dm_sim::world::schedule::leftovers;
use dm_sim::world::trail::Trail;
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::{Output, counted};
use crate::timeline::{self, Layout, Mark, Row, Told, observation};

const EXAMPLES: &str = "\
Examples:
  pushback check --trails trails; pushback replay trails/*no_bogus_error.trail
  pushback replay - < some.trail

A trail is a scenario, a line ==== trail ERA, and one action a line. The step that breaks a claim
is marked with !, and what is wrong stands below it. Exits with 12 when a claim is broken.";

/// Replay a trail and judge every step of it by the claims
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The trail, or - for standard input
    trail: PathBuf,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Serialize)]
struct ReplayObject<'a> {
    kind: &'static str,
    scenario: &'a str,
    era: &'static str,
    steps: usize,
}

#[derive(Serialize)]
struct StepObject<'a> {
    kind: &'static str,
    #[serde(flatten)]
    row: &'a Row,
}

#[derive(Serialize)]
struct BreakObject<'a> {
    kind: &'static str,
    claim: &'static str,
    source: &'static str,
    text: &'static str,
    step: usize,
    found: &'a str,
}

#[derive(Serialize)]
struct EndObject {
    kind: &'static str,
    left: Vec<String>,
    broken: usize,
    exit: u8,
}

impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        let trail = input::trail(&self.trail)?;
        let breaks = judge(&trail).map_err(|error| Failure::Input(error.to_string()))?;
        let told = timeline::of_trail(&trail);
        let exit = if breaks.is_empty() { Exit::Ok } else { Exit::Safety };
        if output.json {
            objects(&trail, &told, &breaks, exit, output)?;
        } else {
            lines(&trail, &told, &breaks, output)?;
        }
        Ok(exit)
    }
}

fn lines(
    trail: &Trail,
    told: &Told,
    breaks: &[Break],
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    let name = &trail.configuration.scenario.name;
    let steps = counted(trail.actions.len() as u64, "step");
    output.line(format_args!("trail {name}, era {}, {steps}", trail.era.name()))?;
    output.line("")?;
    let texts: Vec<_> =
        breaks.iter().map(|broken| format!("{}: {}", broken.claim.name, broken.text)).collect();
    let marks: Vec<_> =
        breaks.iter().zip(&texts).map(|(broken, text)| Mark { step: broken.step, text }).collect();
    Layout::of(&told.rows).rows(output, &told.rows, &marks)?;
    let left = leftovers(&told.world);
    if !left.is_empty() {
        output.line("")?;
        output.line("after the last step:")?;
        left.iter().try_for_each(|text| observation(output, text))?;
    }
    output.line("")?;
    if breaks.is_empty() {
        output.line("no claim is broken")?;
    }
    for broken in breaks {
        output.line(format_args!("BROKEN {} ({})", broken.claim.name, broken.claim.source))?;
        output.paragraph("expected: ", broken.claim.text)?;
        output.paragraph("found:    ", &format!("{}, at step {}", broken.text, broken.step))?;
    }
    Ok(())
}

fn objects(
    trail: &Trail,
    told: &Told,
    breaks: &[Break],
    exit: Exit,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    output.object(&ReplayObject {
        kind: "replay",
        scenario: &trail.configuration.scenario.name,
        era: trail.era.name(),
        steps: trail.actions.len(),
    })?;
    for row in &told.rows {
        output.object(&StepObject { kind: "step", row })?;
    }
    for broken in breaks {
        output.object(&BreakObject {
            kind: "broken",
            claim: broken.claim.name,
            source: broken.claim.source,
            text: broken.claim.text,
            step: broken.step,
            found: &broken.text,
        })?;
    }
    Ok(output.object(&EndObject {
        kind: "end",
        left: leftovers(&told.world),
        broken: breaks.len(),
        exit: exit.code(),
    })?)
}

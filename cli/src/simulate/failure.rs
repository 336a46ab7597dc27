//! What is said of a failure: how it ends the program, how short it gets, and where its trail is.
use dm_properties::simulated::{Shrunk, lower, shrink};
use dm_sim::simulate::{Break, Marks, Options};
use dm_sim::world::trail::Trail;
use serde::Serialize;

use super::Arguments;
use crate::exit::{Exit, Failure};
use crate::output::{Output, counted, grouped};
use crate::trails;

/// The exit code for the claims that broke without being a finding.
pub(super) fn exit<'a>(claims: impl Iterator<Item = &'a str>) -> Exit {
    let mut exit = Exit::Ok;
    for claim in claims {
        match (claim, exit) {
            ("nothing_is_stranded", Exit::Ok) => exit = Exit::Stuck,
            ("nothing_is_stranded", _) => {}
            _ => exit = Exit::Safety,
        }
    }
    exit
}

#[derive(Serialize)]
struct MarkObject<'a> {
    kind: &'static str,
    mark: &'a str,
    count: u64,
}

/// The marks, one a line.
pub(super) fn marks(marks: &Marks, output: &mut Output<'_>) -> Result<(), Failure> {
    if !output.json {
        output.line("")?;
    }
    for (mark, count) in marks.iter() {
        if output.json {
            output.object(&MarkObject { kind: "mark", mark, count })?;
        } else {
            output.line(format_args!("{:>14} {mark}", grouped(count)))?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct ShrunkObject {
    kind: &'static str,
    seed: u64,
    claim: &'static str,
    commands: Vec<String>,
    runs: usize,
    trail: Option<String>,
    trail_claim: Option<&'static str>,
    trail_steps: Option<usize>,
}

/// Shrinks the run of a seed, looks for it on a small configuration, and tells of both.
pub(super) fn shrink_and_tell(
    arguments: &Arguments,
    seed: u64,
    options: Options,
    found: &Break,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    if arguments.no_shrink {
        return Ok(());
    }
    let shrunk = shrink(seed, options, found);
    let lowered = shrunk.as_ref().and_then(|shrunk| lower(seed, options, shrunk));
    let path = match (&arguments.trails, &lowered) {
        (Some(directory), Some((claim, trail))) => {
            let name = format!("simulated-{seed}-{claim}");
            Some(trails::write(directory, &name, trail)?)
        }
        (None, _) | (_, None) => None,
    };
    if output.json {
        let trail = path.as_ref().map(|path| path.display().to_string());
        output.object(&ShrunkObject {
            kind: "shrunk",
            seed,
            claim: found.claim,
            commands: shrunk.iter().flat_map(commands).collect(),
            runs: shrunk.as_ref().map_or(0, |shrunk| shrunk.runs),
            trail,
            trail_claim: lowered.as_ref().map(|(claim, _)| *claim),
            trail_steps: lowered.as_ref().map(|(_, trail)| trail.actions.len()),
        })?;
        return Ok(());
    }
    output.line("")?;
    let Some(shrunk) = shrunk else {
        output.line("Replayed as a list of commands the run does not break it: not shrunk.")?;
        return Ok(());
    };
    let (before, left) = (counted(shrunk.before as u64, "command"), shrunk.commands.len());
    output.line(format_args!("Shrunk from {before} to {left}, in {} runs:", shrunk.runs))?;
    for line in commands(&shrunk) {
        output.line(format_args!("  {line}"))?;
    }
    output.line("")?;
    match lowered {
        None => {
            output.line(
                "None of the small configurations that were made of it breaks the claim in a search.",
            )?;
        }
        Some((claim, trail)) => told(claim, &trail, path.as_deref(), output)?,
    }
    Ok(())
}

fn told(
    claim: &str,
    trail: &Trail,
    path: Option<&std::path::Path>,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    let steps = counted(trail.actions.len() as u64, "action");
    output
        .line(format_args!("A small configuration breaks {claim}; its shortest trail, {steps}:"))?;
    match path {
        Some(path) => output.line(format_args!("  {}", trails::replay_command(path)))?,
        None => {
            let text = trail.text().map_err(|error| Failure::Input(error.to_string()))?;
            for line in text.lines() {
                output.line(format_args!("  {line}"))?;
            }
        }
    }
    Ok(())
}

fn commands(shrunk: &Shrunk) -> Vec<String> {
    let line = |(time, command): &(u64, dm_sim::simulate::command::Command)| {
        format!("{:>14} {command}", grouped(*time))
    };
    shrunk.commands.iter().map(line).collect()
}

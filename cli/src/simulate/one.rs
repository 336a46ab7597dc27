//! One seed: what it draws, how it goes, and what breaks.
use dm_properties::simulated::{finding_of, title_of};
use dm_sim::simulate::topology::Topology;
use dm_sim::simulate::{Break, Features, Outcome, layout_lines, run as run_seed};
use serde::Serialize;

use super::{Arguments, failure};
use crate::exit::{Exit, Failure};
use crate::output::{Output, counted, grouped};

#[derive(Serialize)]
struct RunObject<'a> {
    kind: &'static str,
    version: &'static str,
    seed: u64,
    era: &'static str,
    mutant: Option<&'static str>,
    features: String,
    steps: u64,
    nanoseconds: u64,
    ios: u64,
    errors: u64,
    breaks: Vec<BreakObject<'a>>,
}

#[derive(Serialize)]
struct BreakObject<'a> {
    claim: &'a str,
    finding: Option<&'a str>,
    nanoseconds: u64,
    found: &'a str,
}

pub(super) fn run(
    arguments: &Arguments,
    seed: u64,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let options = arguments.options();
    let line = arguments.replay_line(&format!("--seed {seed}"));
    if !output.json {
        output.line(line)?;
        output.flush()?;
    }
    let outcome = run_seed(seed, options);
    let news: Vec<&Break> = outcome
        .breaks
        .iter()
        .filter(|it| finding_of(it, options.era, &outcome.features).is_none())
        .collect();
    if output.json {
        output.object(&object(arguments, seed, &outcome))?;
        if arguments.marks {
            failure::marks(&outcome.marks, output)?;
        }
        return Ok(failure::exit(news.iter().map(|it| it.claim)));
    }
    describe(arguments, seed, &outcome, output)?;
    for found in &outcome.breaks {
        output.line("")?;
        tell(arguments, found, &outcome.features, output)?;
    }
    if arguments.marks {
        failure::marks(&outcome.marks, output)?;
    }
    if let Some(found) = news.first() {
        failure::shrink_and_tell(arguments, seed, options, found, output)?;
    } else {
        output.line("")?;
        output.line(if outcome.breaks.is_empty() {
            "every claim holds"
        } else {
            "nothing breaks but findings"
        })?;
    }
    Ok(failure::exit(news.iter().map(|it| it.claim)))
}

fn describe(
    arguments: &Arguments,
    seed: u64,
    outcome: &Outcome,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    output.paragraph("draws  ", &outcome.features.to_string())?;
    let topology = Topology::draw(seed, &outcome.features);
    for (device, line) in layout_lines(&topology) {
        output.paragraph(&format!("dm{device:<5}"), &line)?;
    }
    if arguments.log {
        output.line("")?;
        for (time, command) in &outcome.journal {
            output.line(format_args!("{:>14} {command}", grouped(*time)))?;
        }
    }
    output.line("")?;
    let (ios, errors) = (counted(outcome.ios, "I/O"), counted(outcome.errors, "error"));
    let (steps, time) = (grouped(outcome.steps), grouped(outcome.time / 1000));
    output.line(format_args!(
        "{steps} steps in {time} us of virtual time: {ios}, {errors} with a reason"
    ))?;
    Ok(())
}

fn tell(
    arguments: &Arguments,
    found: &Break,
    features: &Features,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    let what = match finding_of(found, arguments.era, features) {
        Some(id) => format!("finding {id}, {} ({})", title_of(id), found.claim),
        None => format!("{} is broken", found.claim),
    };
    output.line(format_args!("{what} at {} ns", grouped(found.time)))?;
    output.indented(&found.text)?;
    Ok(())
}

fn object<'a>(arguments: &Arguments, seed: u64, outcome: &'a Outcome) -> RunObject<'a> {
    RunObject {
        kind: "run",
        version: env!("CARGO_PKG_VERSION"),
        seed,
        era: arguments.era.name(),
        mutant: arguments.mutant.map(super::name_of),
        features: outcome.features.to_string(),
        steps: outcome.steps,
        nanoseconds: outcome.time,
        ios: outcome.ios,
        errors: outcome.errors,
        breaks: outcome
            .breaks
            .iter()
            .map(|it| BreakObject {
                claim: it.claim,
                finding: finding_of(it, arguments.era, &outcome.features),
                nanoseconds: it.time,
                found: &it.text,
            })
            .collect(),
    }
}

//! `pushback run --all-schedules`: the outcomes that the model allows, and how each is reached.
use std::path::Path;

use dm_explore::{Finish, Limit, Limits};
use dm_model::era::Era;
use dm_properties::search::{OutcomeRow, OutcomesReport, Pace, outcomes};
use dm_sim::world::config::Configuration;
use dm_sim::world::outcome::{CallEnd, IoEnd, Outcome};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::output::{Output, counted, grouped};
use crate::progress::Board;
use crate::run::header;
use crate::trails;

/// What is to be searched.
pub(crate) struct Request<'a> {
    /// Where the scenario is.
    pub(crate) file: &'a Path,
    /// The scenario.
    pub(crate) configuration: &'a Configuration,
    /// The kernel.
    pub(crate) era: Era,
    /// When the next line may begin.
    pub(crate) pace: Pace,
    /// Where the search ends at the latest.
    pub(crate) state_count_max: u64,
    /// Where the schedules are to be written.
    pub(crate) trails: Option<&'a Path>,
    /// Whether progress is to be shown in any case.
    pub(crate) progress: bool,
}

#[derive(Serialize)]
struct SearchObject<'a> {
    kind: &'static str,
    scenario: &'a str,
    era: &'static str,
    states: u64,
    transitions: u64,
    depth: u32,
    complete: bool,
    outcomes: usize,
}

#[derive(Serialize)]
struct OutcomeObject {
    kind: &'static str,
    number: usize,
    end_states: u64,
    ioctls: Vec<(String, String)>,
    ios: Vec<(String, String)>,
    bug: Option<&'static str>,
    steps: usize,
    trail: String,
}

/// Searches and reports.
pub(crate) fn run(request: &Request<'_>, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let limits = Limits { states: Some(request.state_count_max), ..Limits::default() };
    let board = Board::new(request.progress, false);
    let mut bar = board.begin(&request.configuration.scenario.name);
    let Request { configuration, era, pace, .. } = *request;
    let report = outcomes(configuration, era, pace, limits, &mut |progress| bar.observe(progress));
    bar.end();
    let report = report.map_err(|error| Failure::Input(error.to_string()))?;
    if output.json {
        objects(request, &report, output)?;
    } else {
        lines(request, &report, output)?;
    }
    Ok(exit(&report))
}

/// A BUG in any outcome is no good end; nor is it when every outcome leaves an ioctl without an
/// answer. The expected output is the default schedule's, and is not looked at.
fn exit(report: &OutcomesReport) -> Exit {
    let is_stuck = |outcome: &Outcome| {
        outcome.calls.iter().any(|(_, end)| !matches!(end, CallEnd::Returned(_)))
    };
    if report.outcomes.iter().any(|row| row.outcome.bug.is_some()) {
        Exit::Safety
    } else if report.finish != Finish::Complete {
        Exit::Limit
    } else if report.outcomes.iter().all(|row| is_stuck(&row.outcome)) {
        Exit::Stuck
    } else {
        Exit::Ok
    }
}

/// Why a search is not the whole truth; `None` when it is.
pub(crate) fn cut_short(finish: Finish) -> Option<&'static str> {
    match finish {
        Finish::Complete => None,
        Finish::LimitReached(Limit::States) => {
            Some("NOT complete: the limit on states was reached")
        }
        Finish::LimitReached(Limit::Depth) => Some("NOT complete: the limit on depth was reached"),
        Finish::LimitReached(Limit::Bytes) => Some("NOT complete: the limit on memory was reached"),
        Finish::LimitReached(Limit::Time) => Some("NOT complete: the limit on time was reached"),
        Finish::Stopped => Some("NOT complete: it was stopped"),
    }
}

fn lines(
    request: &Request<'_>,
    report: &OutcomesReport,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    output.line(header(request.configuration, request.era))?;
    output.line(format_args!(
        "every schedule{}: {}, {}, depth {}, {}",
        match request.pace {
            Pace::Free => "",
            Pace::Settled => " whose lines begin at rest",
        },
        counted(report.states, "state"),
        counted(report.transitions, "transition"),
        report.depth,
        cut_short(report.finish).unwrap_or("complete"),
    ))?;
    output.line("")?;
    output.line(counted(report.outcomes.len() as u64, "distinct outcome"))?;
    let texts: Vec<_> = report.outcomes.iter().map(|row| facts(&row.outcome)).collect();
    let is_common = |fact: &String| texts.iter().all(|facts| facts.contains(fact));
    let common: Vec<_> = texts.iter().take(1).flatten().filter(|fact| is_common(fact)).collect();
    if texts.len() > 1 && !common.is_empty() {
        output.line("")?;
        output.line("the same in all of them:")?;
        common.iter().try_for_each(|fact| output.line(format_args!("  {fact}")))?;
    }
    for (number, (row, facts)) in (1..).zip(report.outcomes.iter().zip(&texts)) {
        output.line("")?;
        let ends = counted(row.ends, "end state");
        output.line(format_args!("outcome {number}: {ends}"))?;
        let own = facts.iter().filter(|fact| texts.len() == 1 || !is_common(fact));
        own.cloned().try_for_each(|fact| output.line(format_args!("  {fact}")))?;
        schedule(request, number, row, output)?;
    }
    Ok(())
}

fn schedule(
    request: &Request<'_>,
    number: usize,
    row: &OutcomeRow,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    let steps = grouped(row.trail.actions.len() as u64);
    output.line(format_args!("  a shortest schedule, {steps} steps:"))?;
    trails::compact(output, &row.trail, &[])?;
    let name = trail_name(request, number);
    let command = match request.trails {
        Some(directory) => trails::replay_command(&trails::write(directory, &name, &row.trail)?),
        None => {
            let file = trails::quoted(request.file);
            let era = request.era.name();
            let path = Path::new("trails").join(format!("{name}.trail"));
            let replay = trails::replay_command(&path);
            let program = trails::program();
            let settled = match request.pace {
                Pace::Free => "",
                Pace::Settled => " --settled",
            };
            let run = format!(
                "{program} run {file} --era {era} --all-schedules{settled} --trails trails"
            );
            format!("{run}; \\\n      {replay}")
        }
    };
    output.line("  replay:")?;
    Ok(output.line(format_args!("      {command}"))?)
}

fn objects(
    request: &Request<'_>,
    report: &OutcomesReport,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    output.object(&SearchObject {
        kind: "search",
        scenario: &request.configuration.scenario.name,
        era: request.era.name(),
        states: report.states,
        transitions: report.transitions,
        depth: report.depth,
        complete: report.finish == Finish::Complete,
        outcomes: report.outcomes.len(),
    })?;
    for (number, row) in (1..).zip(&report.outcomes) {
        if let Some(directory) = request.trails {
            trails::write(directory, &trail_name(request, number), &row.trail)?;
        }
        let outcome = &row.outcome;
        let calls = outcome.calls.iter().map(|(text, end)| (text.clone(), end.to_string()));
        let names = io_names(outcome);
        let ios = outcome.ios.iter().map(|(name, end)| (name.clone(), end.text(&names)));
        output.object(&OutcomeObject {
            kind: "outcome",
            number,
            end_states: row.ends,
            ioctls: calls.collect(),
            ios: ios.collect(),
            bug: outcome.bug,
            steps: row.trail.actions.len(),
            trail: row.trail.text().map_err(|error| Failure::Input(error.to_string()))?,
        })?;
    }
    Ok(())
}

fn trail_name(request: &Request<'_>, number: usize) -> String {
    let scenario = &request.configuration.scenario.name;
    let era = request.era.name().replace(':', "-");
    format!("{scenario}-{era}-outcome-{number}")
}

fn io_names(outcome: &Outcome) -> Vec<String> {
    outcome.ios.iter().map(|(name, _)| name.clone()).collect()
}

/// How each ioctl and each I/O has ended, a line each.
fn facts(outcome: &Outcome) -> Vec<String> {
    let names = io_names(outcome);
    let calls = outcome.calls.iter().map(|(text, end)| format!("{text} = {end}"));
    let text = |name: &String, end: &IoEnd| format!("io {name} = {}", end.text(&names));
    let ios = outcome.ios.iter().map(|(name, end)| text(name, end));
    let bug = outcome.bug.map(|bug| format!("kernel BUG: {bug}"));
    calls.chain(ios).chain(bug).collect()
}

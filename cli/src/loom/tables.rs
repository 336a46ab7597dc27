//! The tables of `pushback loom`: the seeded bugs, and the weakest orderings.
use dm_threads::ends::Ends;
use dm_threads::failure::Failure as Found;
use dm_threads::grain::GRAINS;
use dm_threads::weak::{Bounds, explore};
use dm_threads::weakest;
use dm_threads::windows::find;
use serde::Serialize;

use super::parse;
use crate::exit::{Exit, Failure};
use crate::output::{Output, grouped};

#[derive(Serialize)]
struct MutantObject<'a> {
    kind: &'static str,
    mutant: &'a str,
    about: &'a str,
    window: &'a str,
    executions: u64,
    killed_by: Option<String>,
}

#[derive(Serialize)]
struct OrderingObject<'a> {
    kind: &'static str,
    access: &'a str,
    kernel: String,
    source: &'a str,
    windows: usize,
    weakest: Option<String>,
    below: Option<String>,
    below_window: Option<&'a str>,
    below_breaks: Option<&'a str>,
}

/// Every seeded bug in its window: after how many executions loom finds it, and as what.
pub(super) fn mutants(output: &mut Output<'_>, executions: u64) -> Result<Exit, Failure> {
    let mut exit = Exit::Ok;
    if !output.json {
        output.line(format_args!(
            "{:<26} {:<20} {:>10}  {}",
            "seeded bug", "window", "executions", "found"
        ))?;
    }
    for named in GRAINS {
        let known = find(named.window).expect("a test looks for it");
        let window = parse(known.name, known.text)?;
        let ends = Ends::of(&window);
        let bounds = Bounds { preemptions: known.bound, executions };
        let report = explore(&window, known.text, &ends, named.grain, bounds)
            .map_err(|error| Failure::Input(error.to_string()))?;
        let found = report.failure.as_ref().map(Found::kind);
        if found.is_none() {
            exit = Exit::Safety;
        }
        if output.json {
            output.object(&MutantObject {
                kind: "mutant",
                mutant: named.name,
                about: named.about,
                window: named.window,
                executions: report.executions,
                killed_by: found,
            })?;
        } else {
            let found = found.unwrap_or_else(|| "SURVIVES".to_owned());
            let executions = grouped(report.executions);
            let (name, window) = (named.name, named.window);
            output.line(format_args!("{name:<26} {window:<20} {executions:>10}  {found}"))?;
        }
        output.flush()?;
    }
    Ok(exit)
}

/// For each access to a shared word the weakest ordering under which loom finds nothing.
pub(super) fn orderings(output: &mut Output<'_>) -> Result<Exit, Failure> {
    let windows: Vec<_> = weakest::windows().collect();
    let mut written = Ok(());
    let table = weakest::table(&windows, |row| {
        if written.is_ok() {
            written = write(output, row);
        }
    });
    table.map_err(|error| Failure::Input(error.to_string()))?;
    written?;
    if !output.json {
        output.line("")?;
        for line in weakest::WORTH {
            output.line(line)?;
        }
    }
    Ok(Exit::Ok)
}

fn write(output: &mut Output<'_>, row: &weakest::Row) -> Result<(), Failure> {
    if output.json {
        output.object(&OrderingObject {
            kind: "ordering",
            access: row.site.text(),
            kernel: row.site.strength().to_string(),
            source: row.site.source(),
            windows: row.windows,
            weakest: row.weakest.map(|weakest| weakest.to_string()),
            below: row.below.as_ref().map(|below| below.strength.to_string()),
            below_window: row.below.as_ref().map(|below| below.window),
            below_breaks: row.below.as_ref().map(|below| below.what.as_str()),
        })?;
    } else {
        for line in weakest::lines(row) {
            output.line(line)?;
        }
    }
    Ok(output.flush()?)
}

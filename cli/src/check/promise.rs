//! The letter's own promise, `no_flag_no_change`: who does not use the flag sees no change.
//!
//! Each configuration is searched without the flag on both sides of the series, and the sets of
//! outcomes are compared.
use std::thread;

use dm_properties::compare::{Comparison, ERAS, QUICK, compare, without_the_flag};
use dm_properties::configurations::all;
use dm_sim::world::config::{Configuration, TextError};
use serde::Serialize;

use super::Arguments;
use crate::exit::{Exit, Failure};
use crate::output::{Output, counted};
use crate::progress::Board;

/// The promise's name among the claims.
const NAME: &str = "no_flag_no_change";

#[derive(Serialize)]
struct Object {
    kind: &'static str,
    promise: &'static str,
    configuration: &'static str,
    eras: [&'static str; 2],
    common: usize,
    only_first: usize,
    only_second: usize,
    complete: bool,
}

/// Compares and reports.
pub(super) fn check(arguments: &Arguments, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let compared = compare_all(arguments).map_err(|bad| Failure::Input(bad.to_string()))?;
    let eras = [ERAS.0.name(), ERAS.1.name()];
    if !output.json {
        output.line("")?;
        output.line(format_args!(
            "{NAME} (the cover letter): without the flag {} and {} allow the same outcomes",
            eras[0], eras[1]
        ))?;
    }
    for (configuration, comparison) in &compared {
        if output.json {
            output.object(&object(configuration, comparison, eras))?;
        } else {
            output.line(format_args!("   {configuration:<12} {}", text(comparison, eras)))?;
        }
    }
    Ok(exit(&compared))
}

fn exit(compared: &[(&'static str, Comparison)]) -> Exit {
    let differs = |it: &Comparison| !it.only_first.is_empty() || !it.only_second.is_empty();
    if compared.iter().any(|(_, it)| it.complete && differs(it)) {
        Exit::Safety
    } else if compared.iter().all(|(_, it)| it.complete) {
        Exit::Ok
    } else {
        Exit::Limit
    }
}

fn text(comparison: &Comparison, eras: [&str; 2]) -> String {
    let Comparison { common, only_first, only_second, complete } = comparison;
    let outcomes = counted(*common as u64, "outcome");
    if !complete {
        return format!("{outcomes} in both so far; NOT complete: the limit on states was reached");
    }
    if comparison.is_equal() {
        return format!("{outcomes}, the same in both");
    }
    let rows = only_first.iter().map(|row| (eras[0], row));
    let rows = rows.chain(only_second.iter().map(|row| (eras[1], row)));
    let lines = rows.map(|(era, row)| {
        let outcome = row.outcome.to_string().trim_end().replace('\n', "; ");
        format!("\n      only {era}: {outcome}")
    });
    format!("{outcomes} in both, and DIFFERENT ones:{}", lines.collect::<String>())
}

fn object(configuration: &'static str, comparison: &Comparison, eras: [&'static str; 2]) -> Object {
    Object {
        kind: "promise",
        promise: NAME,
        configuration,
        eras,
        common: comparison.common,
        only_first: comparison.only_first.len(),
        only_second: comparison.only_second.len(),
        complete: comparison.complete,
    }
}

/// The comparisons in the order of their configurations, half of them on a thread of its own.
fn compare_all(arguments: &Arguments) -> Result<Vec<(&'static str, Comparison)>, TextError> {
    let board = Board::new(arguments.progress, arguments.json);
    let one = |name: &'static str| {
        let known = all().iter().find(|known| known.name == name).expect("a default one");
        let configuration = Configuration::parse(name, &without_the_flag(known.text))?;
        let limits = arguments.engine.limits();
        let mut bar = board.begin(name);
        let compared = compare(&configuration, ERAS, limits, &mut |it| bar.observe(it));
        bar.end();
        Ok((name, compared?))
    };
    let some = |names: &[&'static str]| names.iter().map(|name| one(name)).collect();
    let (first, second) = QUICK.split_at(QUICK.len() / 2);
    thread::scope(|scope| {
        let second = scope.spawn(|| -> Result<Vec<_>, TextError> { some(second) });
        let mut compared: Vec<_> = some(first)?;
        compared.extend(second.join().expect("a search does not panic")?);
        Ok(compared)
    })
}

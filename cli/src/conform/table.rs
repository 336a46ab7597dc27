//! The table of `conform`: a line an outcome, and below it all that is not as it should be.
use dm_oracle::batch::{Batch, Failed};
use dm_oracle::conform::{Expected, Outcome, Verdict};
use dm_oracle::kernel::Kernel;
use dm_oracle::observed::Ends;
use serde::Serialize;

use super::Row;
use crate::exit::Failure;
use crate::output::{Output, counted};
use crate::trails;

#[derive(Serialize)]
struct KernelObject<'a> {
    kind: &'static str,
    kernel: &'a str,
    release: &'a str,
    version: &'a str,
    runs: usize,
    boots: usize,
}

#[derive(Serialize)]
struct OutcomeObject<'a> {
    kind: &'static str,
    scenario: &'a str,
    mode: &'static str,
    release: &'a str,
    era: Option<&'static str>,
    count: usize,
    ioctls: &'a [(String, String)],
    ios: &'a [(String, String)],
    output: String,
    /// Every way in which the model may end; `None` where it has nothing to say.
    allowed: Option<Vec<EndsObject<'a>>>,
    allowed_complete: bool,
    in_allowed: Option<bool>,
    verdict: &'static str,
    reason: Option<String>,
}

#[derive(Serialize)]
struct EndsObject<'a> {
    ioctls: &'a [(String, String)],
    ios: &'a [(String, String)],
    bug: bool,
}

#[derive(Serialize)]
struct FailedObject<'a> {
    kind: &'static str,
    scenario: &'a str,
    mode: &'static str,
    release: &'a str,
    message: String,
}

#[derive(Serialize)]
struct EndObject<'a> {
    kind: &'static str,
    release: &'a str,
    agree: usize,
    recorded: usize,
    differ: usize,
    failed: usize,
}

impl<'a> EndsObject<'a> {
    fn of(ends: &'a Ends) -> Self {
        Self { ioctls: &ends.calls, ios: &ends.ios, bug: ends.bug }
    }
}

/// Counts of outcomes.
#[derive(Default)]
struct Counts {
    agree: usize,
    recorded: usize,
    differ: usize,
    failed: usize,
}

impl Counts {
    fn of(rows: &[Row<'_>]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            counts.failed += row.judged.failed.len();
            for outcome in &row.judged.outcomes {
                match outcome.verdict {
                    Verdict::Agrees | Verdict::AgreesWithAnother => counts.agree += 1,
                    Verdict::Recorded(_) => counts.recorded += 1,
                    Verdict::NoReason | Verdict::Differs => counts.differ += 1,
                }
            }
        }
        counts
    }
}

/// For people.
pub(super) fn lines(
    output: &mut Output<'_>,
    kernel: &Kernel,
    batch: &Batch,
    rows: &[Row<'_>],
) -> Result<(), Failure> {
    let runs = counted(batch.runs.len() as u64, "run");
    let boots = counted(batch.boots as u64, "boot");
    output.line(format_args!("kernel {kernel}: {} {}", batch.release, batch.version))?;
    output.line(format_args!("{runs} in {boots}"))?;
    for task in &batch.dirty {
        let name = &rows[task * rows.len() / batch.runs.len()].file.scenario.name;
        output.line(format_args!("{name} left something behind: the next ones got a new boot"))?;
    }
    output.line("")?;
    let header = ["scenario", "mode", "kernel", "model", "verdict", "outcome"].map(str::to_owned);
    let mut table = vec![header];
    for row in rows {
        table.extend(row.judged.outcomes.iter().map(|outcome| cells(row, &batch.release, outcome)));
        table.extend(row.judged.failed.iter().map(|failed| {
            let name = row.file.scenario.name.clone();
            let why = headline(failed);
            let [mode, release, model, verdict] = [row.mode.name(), &batch.release, "-", "FAILED"];
            [name, mode.to_owned(), release.to_owned(), model.to_owned(), verdict.to_owned(), why]
        }));
    }
    let width = |column: usize| table.iter().map(|row| row[column].chars().count()).max();
    let widths = [0, 1, 2, 3, 4].map(|column| width(column).unwrap_or(0));
    for row in &table {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}  "));
        output.line(cells.collect::<String>() + &row[5])?;
    }
    let counts = Counts::of(rows);
    output.line("")?;
    output.line(format_args!(
        "{}: {} agree, {} differ as recorded, {} DIFFER, {} failed",
        batch.release, counts.agree, counts.recorded, counts.differ, counts.failed
    ))?;
    let unseen: usize = rows.iter().map(|row| row.judged.unseen).sum();
    if unseen > 0 {
        let outcomes = counted(unseen as u64, "recorded outcome");
        output.line(format_args!("{outcomes} did not occur in these runs"))?;
    }
    output.line("")?;
    rows.iter().filter(|row| !row.judged.is_good()).try_for_each(|row| details(output, kernel, row))
}

fn cells(row: &Row<'_>, release: &str, outcome: &Outcome) -> [String; 6] {
    let repeats: usize = row.judged.outcomes.iter().map(|it| it.count).sum();
    let count = match row.judged.outcomes.len() {
        0 | 1 => String::new(),
        _ => format!(" ({} of {repeats})", outcome.count),
    };
    let verdict = match &outcome.verdict {
        Verdict::Agrees => "agrees",
        Verdict::AgreesWithAnother => "agrees*",
        Verdict::Recorded(_) => "recorded",
        Verdict::NoReason => "NO REASON",
        Verdict::Differs => "DIFFERS",
    };
    [
        row.file.scenario.name.clone(),
        row.mode.name().to_owned(),
        release.to_owned(),
        model(row.expected, outcome.allowed),
        verdict.to_owned(),
        summary(&outcome.observed.transcript.ends) + &count,
    ]
}

/// How each I/O has ended, and each call that was not ok.
fn summary(ends: &Ends) -> String {
    let short = |end: &str| {
        let end = end.split(',').next().unwrap_or(end);
        end.strip_prefix("held in the ")
            .or(end.strip_prefix("held at the "))
            .unwrap_or(end)
            .to_owned()
    };
    let ios = ends.ios.iter().map(|(name, end)| format!("{name} {}", short(end)));
    let calls = ends.calls.iter().filter(|(_, end)| end != "ok").map(|(text, end)| {
        let verb = text.split_whitespace().next().unwrap_or(text);
        format!("{verb} {end}")
    });
    let bug = ends.bug.then(|| "kernel BUG".to_owned());
    let all: Vec<_> = ios.chain(calls).chain(bug).collect();
    if all.is_empty() { "all ok".to_owned() } else { all.join(", ") }
}

/// `yes, of 3`: whether the model may end so, and in how many ways it may.
fn model(expected: &Expected, allowed: Option<bool>) -> String {
    let Some(all) = &expected.allowed else { return "-".to_owned() };
    let more = if all.complete { "" } else { "+" };
    let yes = match allowed {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    };
    format!("{yes}, of {}{more}", all.ends.len())
}

fn headline(failed: &Failed) -> String {
    match failed {
        Failed::Script(error) => error.to_string(),
        Failed::Trouble(text) => text.clone(),
        Failed::Died(text, _) => text.clone(),
    }
}

/// What was expected and what was seen.
fn details(output: &mut Output<'_>, kernel: &Kernel, row: &Row<'_>) -> Result<(), Failure> {
    let file = trails::quoted(&row.file.path);
    for failed in &row.judged.failed {
        output.line(format_args!("{file}, mode {}: {}", row.mode.name(), headline(failed)))?;
        if let Failed::Died(_, console) = failed {
            for line in console.iter().filter(|line| !line.is_empty()) {
                output.line(format_args!("  | {line}"))?;
            }
        }
    }
    for outcome in row.judged.outcomes.iter().filter(|outcome| !outcome.verdict.is_good()) {
        let against = match dm_oracle::conform::default_text(row.expected) {
            Some(_) => "against the model's default schedule (- model, + kernel)",
            None => "(+ kernel)",
        };
        output.line(format_args!("{file}, mode {}, {against}:", row.mode.name()))?;
        let model = dm_oracle::conform::default_text(row.expected).unwrap_or_default();
        let split = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let observed = outcome.observed.transcript.text();
        for line in crate::diff::lines(&split(&model), &split(&observed)) {
            output.line(format_args!("  {line}"))?;
        }
    }
    let (program, mode) = (trails::program(), row.mode.name());
    output.line(format_args!("  {program} run {file} --kernel {kernel} --mode {mode}"))?;
    Ok(output.line("")?)
}

/// For programs.
pub(super) fn objects(
    output: &mut Output<'_>,
    kernel: &Kernel,
    batch: &Batch,
    rows: &[Row<'_>],
) -> Result<(), Failure> {
    let release = batch.release.as_str();
    output.object(&KernelObject {
        kind: "kernel",
        kernel: &kernel.name,
        release,
        version: &batch.version,
        runs: batch.runs.len(),
        boots: batch.boots,
    })?;
    for row in rows {
        let (scenario, mode) = (row.file.scenario.name.as_str(), row.mode.name());
        for outcome in &row.judged.outcomes {
            let (verdict, reason) = outcome.verdict.told();
            let transcript = &outcome.observed.transcript;
            let allowed = row.expected.allowed.as_ref();
            output.object(&OutcomeObject {
                kind: "outcome",
                scenario,
                mode,
                release,
                era: row.expected.era.map(dm_model::era::Era::name),
                count: outcome.count,
                ioctls: &transcript.ends.calls,
                ios: &transcript.ends.ios,
                output: transcript.text(),
                allowed: allowed.map(|it| it.ends.iter().map(EndsObject::of).collect()),
                allowed_complete: allowed.is_some_and(|it| it.complete),
                in_allowed: outcome.allowed,
                verdict,
                reason,
            })?;
        }
        for failed in &row.judged.failed {
            let message = headline(failed);
            output.object(&FailedObject { kind: "failed", scenario, mode, release, message })?;
        }
    }
    let Counts { agree, recorded, differ, failed } = Counts::of(rows);
    Ok(output.object(&EndObject { kind: "end", release, agree, recorded, differ, failed })?)
}

//! `pushback run --kernel`: a scenario on a real kernel, line by line, and what to think of it.
use std::path::Path;

use dm_oracle::batch::{self, Batch, Failed, Task};
use dm_oracle::conform::{Judged, Verdict, default_text, judge};
use dm_oracle::observed::Observed;
use dm_sim::scenario::Mode;
use serde::Serialize;

use crate::conform::{self, File};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::timeline::observation;

/// What is to be run.
pub(crate) struct Request<'a> {
    /// Where the scenario is.
    pub(crate) file: &'a Path,
    /// The kernel, as the user names it.
    pub(crate) kernel: &'a str,
    /// The kind of queue; the first that the scenario names if the user names none.
    pub(crate) mode: Option<Mode>,
    /// Whether the block tracepoints are to be shown.
    pub(crate) verbose: bool,
}

#[derive(Serialize)]
struct RunObject<'a> {
    kind: &'static str,
    scenario: &'a str,
    kernel: &'a str,
    release: &'a str,
    version: &'a str,
    mode: &'static str,
}

#[derive(Serialize)]
struct StepObject<'a> {
    kind: &'static str,
    line: u32,
    text: &'a str,
    observed: &'a [String],
}

#[derive(Serialize)]
struct TextObject<'a> {
    kind: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct FailedObject<'a> {
    kind: &'static str,
    release: &'a str,
    message: &'a str,
    console: &'a [String],
    exit: u8,
}

#[derive(Serialize)]
struct EndObject {
    kind: &'static str,
    verdict: &'static str,
    reason: Option<String>,
    exit: u8,
}

/// Runs and reports.
pub(crate) fn run(request: &Request<'_>, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let kernel = conform::find(request.kernel)?;
    let file = conform::read(request.file)?;
    let modes = &file.scenario.header.modes;
    let mode = request.mode.unwrap_or(modes[0]);
    if !modes.contains(&mode) {
        let name = request.file.display();
        let message = format!("{name}: the scenario is not of mode {}", mode.name());
        return Err(Failure::Input(message));
    }
    let expected = conform::ask(&file)?;
    let tasks = [Task { scenario: &file.scenario, mode }];
    let batch = batch::run(&kernel, &tasks, 1, &|| {})
        .map_err(|error| Failure::Unavailable(error.to_string()))?;
    let runs = batch.runs.iter().cloned();
    let judged = judge(&file.scenario, mode, &batch.release, &expected, runs);
    match &judged.failed[..] {
        [Failed::Script(error)] => {
            return Err(Failure::Input(format!("{}:{error}", request.file.display())));
        }
        [Failed::Trouble(text)] => return Err(Failure::Unavailable(text.clone())),
        [Failed::Died(message, console)] => {
            let (release, exit) = (&batch.release, Exit::Safety);
            if output.json {
                let (kind, exit) = ("failed", exit.code());
                output.object(&FailedObject { kind, release, message, console, exit })?;
            } else {
                output.line(format_args!("kernel {kernel} {release}: {message}"))?;
                console.iter().try_for_each(|line| output.line(format_args!("  | {line}")))?;
            }
            return Ok(exit);
        }
        _ => {}
    }
    let outcome = &judged.outcomes[0];
    if output.json {
        let name = &kernel.name;
        objects(output, &file, name, &batch, mode, &judged)?;
    } else {
        let (scenario, release) = (&file.scenario.name, &batch.release);
        let mode = mode.name();
        output.line(format_args!("scenario {scenario}, kernel {kernel} {release}, mode {mode}"))?;
        output.line("")?;
        lines(output, &file, &outcome.observed, request.verbose)?;
        verdict(output, &outcome.verdict, default_text(&expected), &outcome.observed)?;
    }
    Ok(exit(&outcome.verdict))
}

fn exit(verdict: &Verdict) -> Exit {
    if verdict.is_good() { Exit::Ok } else { Exit::Safety }
}

fn lines(
    output: &mut Output<'_>,
    file: &File,
    observed: &Observed,
    verbose: bool,
) -> Result<(), Failure> {
    for (number, lines) in &observed.transcript.steps {
        output.line(format_args!("> {}", text(file, *number)))?;
        lines.iter().try_for_each(|line| observation(output, line))?;
    }
    if !observed.transcript.left.is_empty() {
        output.line("")?;
        output.line("at the end, when nothing can happen any more:")?;
        observed.transcript.left.iter().try_for_each(|line| observation(output, line))?;
    }
    output.line("")?;
    if verbose && observed.trace.is_empty() {
        output.line("the kernel has no block tracepoints")?;
        output.line("")?;
    } else if verbose {
        output.line("what its block tracepoints saw, in the order in which it happened:")?;
        observed.trace.iter().try_for_each(|line| output.line(format_args!("  {line}")))?;
        output.line("")?;
    }
    Ok(())
}

/// A line of the scenario by its number.
fn text(file: &File, number: u32) -> &str {
    let line = file.scenario.lines.iter().find(|line| line.number == number);
    line.map_or("", |line| line.text.as_str())
}

fn verdict(
    output: &mut Output<'_>,
    verdict: &Verdict,
    model: Option<String>,
    observed: &Observed,
) -> Result<(), Failure> {
    match verdict {
        Verdict::Agrees => output.line("as the model says")?,
        Verdict::AgreesWithAnother => output.line("as the model says of another schedule")?,
        Verdict::Recorded(reason) => {
            output.line("not as the model says, but as it is recorded of this kernel:")?;
            output.paragraph("", &reason.join(" "))?;
        }
        Verdict::NoReason => output.line("as it is recorded of this kernel, but with NO REASON")?,
        Verdict::Differs => {
            output.line("NOT as the model says, nor as it is recorded (- model, + kernel):")?;
            let split = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
            let model = split(&model.unwrap_or_default());
            for line in crate::diff::lines(&model, &split(&observed.transcript.text())) {
                output.line(line)?;
            }
        }
    }
    Ok(())
}

fn objects(
    output: &mut Output<'_>,
    file: &File,
    kernel: &str,
    batch: &Batch,
    mode: Mode,
    judged: &Judged,
) -> Result<(), Failure> {
    let outcome = &judged.outcomes[0];
    output.object(&RunObject {
        kind: "run",
        scenario: &file.scenario.name,
        kernel,
        release: &batch.release,
        version: &batch.version,
        mode: mode.name(),
    })?;
    for (line, observed) in &outcome.observed.transcript.steps {
        let text = text(file, *line);
        output.object(&StepObject { kind: "step", line: *line, text, observed })?;
    }
    for text in &outcome.observed.transcript.left {
        output.object(&TextObject { kind: "left", text })?;
    }
    for text in &outcome.observed.trace {
        output.object(&TextObject { kind: "trace", text })?;
    }
    let (verdict, reason) = outcome.verdict.told();
    let exit = exit(&outcome.verdict).code();
    Ok(output.object(&EndObject { kind: "end", verdict, reason, exit })?)
}

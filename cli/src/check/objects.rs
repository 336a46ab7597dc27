//! A check for programs: an object a configuration, an object a claim in it, one at the end.
use dm_explore::Finish;
use dm_properties::search::Verdict;
use serde::Serialize;

use super::{Arguments, Checked, findings, table};
use crate::exit::{Exit, Failure};
use crate::output::Output;

#[derive(Serialize)]
struct ConfigurationObject<'a> {
    kind: &'static str,
    configuration: &'a str,
    about: &'a str,
    era: &'static str,
    order: &'static str,
    mutant: Option<&'a str>,
    states: u64,
    transitions: u64,
    depth: u32,
    ends: u64,
    complete: bool,
}

#[derive(Serialize)]
struct ClaimObject<'a> {
    kind: &'static str,
    configuration: &'a str,
    claim: &'static str,
    source: &'static str,
    verdict: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_by: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trail: Option<String>,
}

#[derive(Serialize)]
struct EndObject {
    kind: &'static str,
    configurations: usize,
    surprises: usize,
    exit: u8,
}

/// A configuration and its claims.
pub(super) fn configuration(
    arguments: &Arguments,
    output: &mut Output<'_>,
    done: &Checked,
) -> Result<(), Failure> {
    let Checked { job, report } = done;
    output.object(&ConfigurationObject {
        kind: "configuration",
        configuration: &job.name,
        about: &job.about,
        era: job.era.name(),
        order: arguments.order.name(),
        mutant: arguments.mutant.as_deref(),
        states: report.states,
        transitions: report.transitions,
        depth: report.depth,
        ends: report.ends,
        complete: report.finish == Finish::Complete,
    })?;
    for claim in &report.claims {
        let (broken_by, found, trail) = match &claim.verdict {
            Verdict::Held { .. } => (None, None, None),
            Verdict::Broken { count, text, trail } => {
                let trail = trail.text().map_err(|error| Failure::Input(error.to_string()))?;
                (Some(*count), Some(text.as_str()), Some(trail))
            }
        };
        output.object(&ClaimObject {
            kind: "claim",
            configuration: &job.name,
            claim: claim.claim.name,
            source: claim.claim.source,
            verdict: table::word(claim, report.finish).to_lowercase(),
            pinned: claim.pinned,
            broken_by,
            found,
            trail,
        })?;
    }
    findings::write_all(arguments, done)
}

/// What it comes to.
pub(super) fn end(output: &mut Output<'_>, checked: &[Checked], exit: Exit) -> Result<(), Failure> {
    let surprises = checked.iter().map(|done| done.report.surprises().count()).sum();
    let configurations = checked.len();
    let object = EndObject { kind: "end", configurations, surprises, exit: exit.code() };
    Ok(output.object(&object)?)
}

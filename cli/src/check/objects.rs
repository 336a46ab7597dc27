//! A check for programs: an object a configuration, an object a claim of either kind in it, one at
//! the end.
use dm_explore::Finish;
use dm_properties::search::Verdict;
use dm_sim::world::trail::Trail;
use serde::Serialize;

use super::{Arguments, Checked, findings, lassos, never, table};
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
    reduce: &'static str,
    states: u64,
    transitions: u64,
    depth: u32,
    ends: u64,
    complete: bool,
    /// The probability that a state was omitted: 0 where whole states are kept.
    omission: f64,
    /// Whether the liveness claims are judged, else why not.
    liveness: String,
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
struct LivenessObject<'a> {
    kind: &'static str,
    configuration: &'a str,
    claim: &'static str,
    source: &'static str,
    verdict: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<&'static str>,
    open_states: u64,
    stuck_states: u64,
    lassos: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stuck: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stem: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cycle: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fairness: Option<Vec<String>>,
}

#[derive(Serialize)]
struct EndObject {
    kind: &'static str,
    configurations: usize,
    surprises: usize,
    liveness_surprises: usize,
    never_fired_labels: Vec<&'static str>,
    never_fired_actions: Vec<&'static str>,
    exit: u8,
}

/// A configuration and its claims.
pub(super) fn configuration(
    arguments: &Arguments,
    output: &mut Output<'_>,
    done: &Checked,
) -> Result<(), Failure> {
    let Checked { job, report, unjudged: _ } = done;
    output.object(&ConfigurationObject {
        kind: "configuration",
        configuration: &job.name,
        about: &job.about,
        era: job.era.name(),
        order: arguments.order.name(),
        mutant: arguments.mutant.as_deref(),
        reduce: arguments.engine.reduce_name(),
        states: report.states,
        transitions: report.transitions,
        depth: report.depth,
        ends: report.ends,
        complete: report.finish == Finish::Complete,
        omission: report.omission,
        liveness: lassos::judged(done),
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
    liveness(output, done)?;
    findings::write_all(arguments, done)?;
    lassos::write_all(arguments, done)
}

fn liveness(output: &mut Output<'_>, done: &Checked) -> Result<(), Failure> {
    let text = |trail: &Trail| trail.text().map_err(|error| Failure::Input(error.to_string()));
    for (index, report) in lassos::reports(done).iter().enumerate() {
        let lasso = report.lasso.as_ref();
        let told = lasso.map(lassos::told).transpose();
        let (cycle, fairness) = told.map_err(|error| Failure::Input(error.to_string()))?.unzip();
        output.object(&LivenessObject {
            kind: "liveness",
            configuration: &done.job.name,
            claim: report.claim.name,
            source: report.claim.source,
            verdict: lassos::word(done, index).to_lowercase(),
            pinned: report.pinned,
            open_states: report.states,
            stuck_states: report.stuck_count,
            lassos: report.lasso_count,
            found: report.stuck.as_ref().map(|stuck| stuck.text.as_str()),
            stuck: report.stuck.as_ref().map(|stuck| text(&stuck.trail)).transpose()?,
            stem: lasso.map(|lasso| text(&lasso.stem)).transpose()?,
            cycle,
            fairness,
        })?;
    }
    Ok(())
}

/// What it comes to.
pub(super) fn end(output: &mut Output<'_>, checked: &[Checked], exit: Exit) -> Result<(), Failure> {
    let surprises = checked.iter().map(|done| done.report.surprises().count()).sum();
    let configurations = checked.len();
    let fired = never::fired(checked);
    let object = EndObject {
        kind: "end",
        configurations,
        surprises,
        liveness_surprises: lassos::surprises(checked).count(),
        never_fired_labels: fired.labels_that_never_fired(),
        never_fired_actions: fired.actions_that_never_fired(),
        exit: exit.code(),
    };
    Ok(output.object(&object)?)
}

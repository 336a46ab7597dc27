//! Each claim that broke: the claim and its source, the shortest trail with the broken step
//! marked, what was expected and found, how it was found, and the command that replays it.
use std::path::{Path, PathBuf};

use dm_properties::search::{ClaimReport, Verdict, judge};
use dm_sim::world::trail::Trail;

use super::{Arguments, Checked};
use crate::exit::Failure;
use crate::output::{Output, counted, grouped};
use crate::timeline::Mark;
use crate::trails;

/// A claim that broke in a configuration.
struct Finding<'a> {
    done: &'a Checked,
    report: &'a ClaimReport,
    count: u64,
    text: &'a str,
    trail: &'a Trail,
}

/// The findings, those that are not pinned first, and the sentence that sums up.
pub(super) fn lines(
    arguments: &Arguments,
    output: &mut Output<'_>,
    checked: &[Checked],
) -> Result<(), Failure> {
    checked.iter().try_for_each(|done| write_all(arguments, done))?;
    let (surprises, pinned) = shortest(checked);
    for finding in surprises.iter().chain(&pinned) {
        output.line("")?;
        lines_of(arguments, output, finding)?;
    }
    output.line("")?;
    Ok(output.line(sum(checked, surprises.len(), pinned.len()))?)
}

fn sum(checked: &[Checked], surprises: usize, pinned: usize) -> String {
    let claims = checked.first().map_or(0, |done| done.report.claims.len());
    let claims = counted(claims as u64, "claim");
    let configurations = counted(checked.len() as u64, "configuration");
    let how = match (surprises, pinned) {
        (0, 0) => "none broke".to_owned(),
        (0, _) => format!("none broke but {pinned} pinned"),
        (_, 0) => format!("{surprises} BROKE"),
        _ => format!("{surprises} BROKE, and {pinned} pinned"),
    };
    format!("{claims} on {configurations}: {how}")
}

/// What broke in a configuration.
fn all_of(done: &Checked) -> impl Iterator<Item = Finding<'_>> {
    done.report.claims.iter().filter_map(move |report| match &report.verdict {
        Verdict::Held { .. } => None,
        Verdict::Broken { count, text, trail } => {
            Some(Finding { done, report, count: *count, text, trail })
        }
    })
}

/// For each claim the finding with the shortest trail: of those that are not pinned, and of the
/// claims of which all are.
fn shortest(checked: &[Checked]) -> (Vec<Finding<'_>>, Vec<Finding<'_>>) {
    let mut surprises: Vec<Finding<'_>> = Vec::new();
    let mut pinned: Vec<Finding<'_>> = Vec::new();
    for finding in checked.iter().flat_map(all_of) {
        let list = if finding.report.pinned.is_some() { &mut pinned } else { &mut surprises };
        let length = |finding: &Finding<'_>| finding.trail.actions.len();
        match list.iter_mut().find(|known| is_same_claim(known, &finding)) {
            Some(known) if length(known) <= length(&finding) => {}
            Some(known) => *known = finding,
            None => list.push(finding),
        }
    }
    pinned.retain(|finding| !surprises.iter().any(|surprise| is_same_claim(surprise, finding)));
    (surprises, pinned)
}

fn is_same_claim(one: &Finding<'_>, other: &Finding<'_>) -> bool {
    one.report.claim.name == other.report.claim.name
}

fn lines_of(
    arguments: &Arguments,
    output: &mut Output<'_>,
    finding: &Finding<'_>,
) -> Result<(), Failure> {
    let claim = finding.report.claim;
    let sign = if finding.report.pinned.is_some() { "PINNED" } else { "BROKEN" };
    output.line(format_args!("{sign} {} ({})", claim.name, claim.source))?;
    if let Some(reason) = finding.report.pinned {
        output.paragraph("reason:   ", reason)?;
    }
    let breaks = judge(finding.trail).map_err(|error| Failure::Input(error.to_string()))?;
    let marks: Vec<_> = breaks
        .iter()
        .filter(|broken| broken.claim.name == claim.name)
        .map(|broken| Mark { step: broken.step, text: &broken.text })
        .collect();
    trails::compact(output, finding.trail, &marks)?;
    output.paragraph("expected: ", claim.text)?;
    output.paragraph("found:    ", finding.text)?;
    output.paragraph("by:       ", &provenance(arguments, finding))?;
    let command = command(arguments, finding);
    output.line("  replay:")?;
    Ok(output.line(format_args!("      {command}"))?)
}

fn provenance(arguments: &Arguments, finding: &Finding<'_>) -> String {
    let Checked { job, report, unjudged: _ } = finding.done;
    let mutant = arguments.mutant.as_ref().map(|mutant| format!(", mutant {mutant}"));
    format!(
        "breadth-first search, {} order{}, configuration {}, era {}{}; {} steps, broken by {} of {}",
        arguments.order.name(),
        if arguments.engine.is_whole() {
            String::new()
        } else {
            format!(", reduced: {}", arguments.engine.reduce_name())
        },
        job.name,
        job.era.name(),
        mutant.unwrap_or_default(),
        finding.trail.actions.len(),
        grouped(finding.count),
        counted(report.transitions, "transition"),
    )
}

/// The command that replays the trail, after the one that writes it if that was not done.
fn command(arguments: &Arguments, finding: &Finding<'_>) -> String {
    let name = format!("{}.trail", trail_name(arguments, finding));
    let directory = arguments.trails.clone().unwrap_or_else(|| PathBuf::from("trails"));
    let replay = trails::replay_command(&directory.join(name));
    if arguments.trails.is_some() {
        return replay;
    }
    let job = &finding.done.job;
    let mutant = arguments.mutant.as_ref().map(|mutant| format!(" --mutant {mutant}"));
    let order = arguments.order.name();
    let order = if order == "forward" { String::new() } else { format!(" --order {order}") };
    let reduce = if arguments.engine.is_whole() {
        String::new()
    } else {
        format!(" --reduce {} --max-live-states 0", arguments.engine.reduce_name())
    };
    let directory = trails::quoted(Path::new("trails"));
    format!(
        "{} check {} --era {}{}{order}{reduce} --trails {directory}; \\\n      {replay}",
        trails::program(),
        job.options,
        job.era.name(),
        mutant.unwrap_or_default(),
    )
}

fn trail_name(arguments: &Arguments, finding: &Finding<'_>) -> String {
    let job = &finding.done.job;
    let era = job.era.name().replace(':', "-");
    let mutant = arguments.mutant.as_ref().map(|mutant| format!("-{mutant}"));
    format!("{}-{era}{}-{}", job.name, mutant.unwrap_or_default(), finding.report.claim.name)
}

/// Where the trail of a broken claim goes, written if that was asked for.
pub(super) fn write_all(arguments: &Arguments, done: &Checked) -> Result<(), Failure> {
    if let Some(directory) = &arguments.trails {
        for finding in all_of(done) {
            trails::write(directory, &trail_name(arguments, &finding), finding.trail)?;
        }
    }
    Ok(())
}

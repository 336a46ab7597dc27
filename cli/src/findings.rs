//! `pushback findings`: what the shipped kernel breaks of its claims, with trails and evidence.
use std::path::Path;

use clap::Args;
use dm_properties::claims;
use dm_properties::findings::{Evidence, FINDINGS, Finding, finding};
use dm_properties::search::judge;
use dm_sim::world::trail::Trail;
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::timeline::Mark;
use crate::trails;

const EXAMPLES: &str = "\
Examples:
  pushback findings
  pushback findings 6
  pushback findings --json";

/// List what the shipped kernel breaks of its claims; with a number, tell one with its trail
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The number of a finding
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Serialize)]
struct FindingObject {
    kind: &'static str,
    id: &'static str,
    title: &'static str,
    claim: &'static str,
    also: &'static [&'static str],
    configuration: &'static str,
    trail: String,
    steps: usize,
    why: &'static str,
    evidence: Vec<String>,
    mended: &'static str,
}

impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        let Some(id) = &self.id else {
            for finding in FINDINGS {
                row(output, finding)?;
            }
            return Ok(Exit::Ok);
        };
        let finding = finding(id).ok_or_else(|| {
            let known: Vec<_> = FINDINGS.iter().map(|finding| finding.id).collect();
            Failure::Input(format!("{id} is no finding; there are: {}", known.join(", ")))
        })?;
        let told = if output.json { row(output, finding) } else { tell(output, finding) };
        told.map(|()| Exit::Ok)
    }
}

fn parse(finding: &Finding) -> Result<Trail, Failure> {
    Trail::parse(finding.trail, finding.text).map_err(|error| Failure::Input(error.to_string()))
}

fn words(evidence: &Evidence) -> String {
    match evidence {
        Evidence::ByReading(source) => format!("by reading {source}"),
        Evidence::InTheModel => "in the model".to_owned(),
        Evidence::OnThreads => "on threads".to_owned(),
        Evidence::SeenOnKernel(version, scenario) => {
            format!("seen on kernel {version} (scenarios/{scenario}.dm)")
        }
    }
}

fn path(finding: &Finding) -> String {
    format!("properties/regressions/{}", finding.trail)
}

fn row(output: &mut Output<'_>, finding: &Finding) -> Result<(), Failure> {
    let steps = parse(finding)?.actions.len();
    if output.json {
        return Ok(output.object(&FindingObject {
            kind: "finding",
            id: finding.id,
            title: finding.title,
            claim: finding.claim,
            also: finding.also,
            configuration: finding.configuration,
            trail: path(finding),
            steps,
            why: finding.why,
            evidence: finding.evidence.iter().map(words).collect(),
            mended: finding.mended,
        })?);
    }
    let Finding { id, title, claim, .. } = finding;
    Ok(output.line(format_args!("{id}  {claim:<26} {steps:>3} steps  {title}"))?)
}

fn tell(output: &mut Output<'_>, finding: &Finding) -> Result<(), Failure> {
    let claim = claims::claim(finding.claim).expect("a test looks for it");
    output.line(format_args!("finding {}: {}", finding.id, finding.title))?;
    output.paragraph("claim:    ", &format!("{} ({})", claim.name, claim.source))?;
    output.paragraph("says:     ", claim.text)?;
    for also in finding.also {
        output.paragraph("also:     ", also)?;
    }
    output.paragraph("why:      ", finding.why)?;
    for evidence in finding.evidence {
        output.paragraph("evidence: ", &words(evidence))?;
    }
    output.paragraph("mended:   ", finding.mended)?;
    output.line("")?;
    let trail = parse(finding)?;
    let breaks = judge(&trail).map_err(|error| Failure::Input(error.to_string()))?;
    let broken = breaks.iter().filter(|broken| broken.claim.name == finding.claim);
    let marks: Vec<_> =
        broken.map(|broken| Mark { step: broken.step, text: &broken.text }).collect();
    trails::compact(output, &trail, &marks)?;
    output.line("  replay:")?;
    let replay = trails::replay_command(Path::new(&path(finding)));
    output.line(format_args!("      {replay}"))?;
    output.line("  search:")?;
    let program = trails::program();
    Ok(output.line(format_args!("      {program} check --config {}", finding.configuration))?)
}

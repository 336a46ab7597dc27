//! Each liveness claim that broke: a run that gets stuck, or one that goes on for ever, with its
//! stem, its cycle, and why it is fair to everybody.
use dm_explore::{Refusal, Why};
use dm_properties::lassos::{EventualReport, LassoRun, LivenessReport, StuckRun};
use dm_properties::liveness::{Class, EVENTUALLY};
use dm_sim::world::config::TextError;
use dm_sim::world::plan::{ActionText, Context, Plan};
use dm_sim::world::trail::Trail;

use super::{Arguments, Checked};
use crate::exit::Failure;
use crate::output::{Output, counted};
use crate::timeline::Mark;
use crate::trails;

/// The runs that the user is shown, each with its claim and where it was found.
struct Finding<'a> {
    done: &'a Checked,
    report: &'a EventualReport,
}

/// How each liveness claim fared, if that is known.
pub(super) fn reports(done: &Checked) -> &[EventualReport] {
    match &done.report.liveness {
        Some(LivenessReport::Judged(reports)) => reports,
        Some(LivenessReport::Refused(_)) | None => &[],
    }
}

/// The liveness claims that broke and are not pinned.
pub(super) fn surprises(checked: &[Checked]) -> impl Iterator<Item = &EventualReport> {
    let all = checked.iter().flat_map(reports);
    all.filter(|report| report.is_broken() && report.pinned.is_none())
}

/// Whether liveness claims broke; nothing where none did.
pub(super) fn summary(done: &Checked) -> Option<String> {
    let broken = || reports(done).iter().filter(|report| report.is_broken());
    let pinned = broken().filter(|report| report.pinned.is_some()).count();
    let claims = counted(broken().count() as u64, "liveness claim");
    match (broken().count(), pinned) {
        (0, _) => None,
        (_, 0) => Some(format!("{claims} BROKEN")),
        (broken, pinned) if broken == pinned => Some(format!("{claims} broken, pinned")),
        (_, pinned) => Some(format!("{claims} BROKEN, {pinned} of them pinned")),
    }
}

/// Whether the liveness claims are judged, else why not.
pub(super) fn judged(done: &Checked) -> String {
    let why = match &done.report.liveness {
        Some(LivenessReport::Judged(_)) => return "judged".to_owned(),
        Some(LivenessReport::Refused(Refusal::TooLarge)) => {
            "more states than --max-live-states, or too many who act".to_owned()
        }
        Some(LivenessReport::Refused(Refusal::Incomplete)) => "the search is not complete".into(),
        None => match done.unjudged {
            Some(option) => format!("{option} leaves them out"),
            None => "the search did not begin".to_owned(),
        },
    };
    format!("not judged: {why}")
}

/// How a liveness claim fared, in one word.
pub(super) fn word(done: &Checked, claim: usize) -> &'static str {
    match &done.report.liveness {
        Some(LivenessReport::Judged(reports)) => match &reports[claim] {
            report if report.is_broken() && report.pinned.is_some() => "pinned",
            report if report.is_broken() => "BROKEN",
            report if report.states > 0 => "held",
            _ => "idle",
        },
        Some(LivenessReport::Refused(Refusal::TooLarge)) => "too large",
        None if done.unjudged.is_some() => "left out",
        Some(LivenessReport::Refused(Refusal::Incomplete)) | None => "open",
    }
}

/// The findings, those that are not pinned first, and the sentence that sums up.
pub(super) fn lines(
    arguments: &Arguments,
    output: &mut Output<'_>,
    checked: &[Checked],
) -> Result<(), Failure> {
    checked.iter().try_for_each(|done| write_all(arguments, done))?;
    let all = checked
        .iter()
        .flat_map(|done| reports(done).iter().map(move |report| Finding { done, report }));
    let (pinned, surprises): (Vec<_>, Vec<_>) =
        all.filter(|it| it.report.is_broken()).partition(|it| it.report.pinned.is_some());
    for finding in surprises.iter().chain(&pinned) {
        output.line("")?;
        lines_of(output, finding).map_err(|failure| match failure {
            Told::Failure(failure) => failure,
            Told::Text(bad) => Failure::Input(bad.to_string()),
        })?;
    }
    if !surprises.is_empty() || !pinned.is_empty() {
        output.line("")?;
    }
    let judged = checked.iter().filter(|done| !reports(done).is_empty()).count();
    let unjudged = match checked.len() - judged {
        0 => String::new(),
        count => format!(", {count} not judged"),
    };
    let how = match (surprises.len(), pinned.len()) {
        (0, 0) => "none broke".to_owned(),
        (0, pinned) => format!("none broke but {pinned} pinned"),
        (surprises, 0) => format!("{surprises} BROKE"),
        (surprises, pinned) => format!("{surprises} BROKE, and {pinned} pinned"),
    };
    Ok(output.line(format_args!(
        "{} on {}{unjudged}: {how}",
        counted(EVENTUALLY.len() as u64, "liveness claim"),
        counted(judged as u64, "configuration"),
    ))?)
}

/// Why a finding cannot be told.
enum Told {
    Failure(Failure),
    Text(TextError),
}

impl From<std::io::Error> for Told {
    fn from(error: std::io::Error) -> Self {
        Self::Failure(error.into())
    }
}

fn lines_of(output: &mut Output<'_>, finding: &Finding<'_>) -> Result<(), Told> {
    let Finding { done, report } = finding;
    let claim = report.claim;
    let sign = if report.pinned.is_some() { "PINNED" } else { "BROKEN" };
    let kind = match (&report.stuck, &report.lasso) {
        (Some(_), None) => "it gets stuck",
        (None, Some(_)) => "it goes on for ever",
        _ => "it gets stuck, or goes on for ever",
    };
    let name = &done.job.name;
    output.line(format_args!("{sign} {} ({}), {name}: {kind}", claim.name, claim.source))?;
    if let Some(reason) = report.pinned {
        output.paragraph("reason:   ", reason)?;
    }
    if let Some(stuck) = &report.stuck {
        stuck_lines(output, report, stuck)?;
    }
    if let Some(lasso) = &report.lasso {
        lasso_lines(output, report, lasso)?;
    }
    Ok(output.paragraph("expected: ", claim.text)?)
}

fn stuck_lines(
    output: &mut Output<'_>,
    report: &EventualReport,
    stuck: &StuckRun,
) -> Result<(), Told> {
    let mark = Mark { step: stuck.trail.actions.len(), text: &stuck.text };
    trails::compact(output, &stuck.trail, &[mark])?;
    let what = if stuck.is_end {
        "nothing can happen any more"
    } else {
        "nobody can go on who has to: only a line, a fault, a repair or a signal may come"
    };
    output.paragraph("stuck:    ", what)?;
    let states = counted(report.stuck_count, "state");
    Ok(output.paragraph("found:    ", &format!("{}; so in {states}", stuck.text))?)
}

fn lasso_lines(
    output: &mut Output<'_>,
    report: &EventualReport,
    lasso: &LassoRun,
) -> Result<(), Told> {
    let stem = lasso.stem.actions.len();
    let begin = format!("the cycle: {} more, then again", counted(cycle_length(lasso), "step"));
    let marks = [Mark { step: stem, text: &begin }];
    trails::compact(output, &whole(lasso), if stem > 0 { &marks } else { &[] })?;
    let (_, fairness) = told(lasso).map_err(Told::Text)?;
    let parts = counted(report.lasso_count, "strongly connected part");
    output.paragraph("found:    ", &format!("{begin}; {parts} of the graph like it"))?;
    for (index, why) in fairness.iter().enumerate() {
        output.paragraph(if index == 0 { "fair:     " } else { "          " }, why)?;
    }
    Ok(())
}

/// The cycle in words, and why it is fair to each; steps are counted from the beginning of the
/// stem.
pub(super) fn told(lasso: &LassoRun) -> Result<(Vec<String>, Vec<String>), TextError> {
    let before = lasso.stem.actions.len();
    let world = lasso.stem.configuration.world(lasso.stem.era)?;
    let plan = world.plan();
    let cycle = lasso.cycle.iter().map(|action| ActionText { plan, action: *action }.to_string());
    let fairness = lasso.fairness.iter().map(|(class, why)| {
        let name = name(plan, *class);
        match why {
            Why::Acts(step) => format!("{name} acts in step {}", before + step),
            Why::CannotAct(step) => format!("{name} cannot act after step {}", before + step),
        }
    });
    Ok((cycle.collect(), fairness.collect()))
}

fn cycle_length(lasso: &LassoRun) -> u64 {
    lasso.cycle.len() as u64
}

/// The stem and the cycle, once.
fn whole(lasso: &LassoRun) -> Trail {
    let mut trail = lasso.stem.clone();
    trail.actions.extend(&lasso.cycle);
    trail
}

/// Who has to act.
fn name(plan: &Plan, class: Class) -> String {
    match class {
        Class::Context(context) => plan.name(context),
        Class::Begin(target, work) => {
            format!("the beginning of {}", plan.name(Context::Work(target, work)))
        }
        Class::Disk(disk, clone) => {
            let disk = &plan.setup.drivers.disks[disk.index()].name;
            format!("{disk}, with its answer to {},", plan.clone_name(clone))
        }
    }
}

/// The runs of the claims that broke go where trails go, if that was asked for.
pub(super) fn write_all(arguments: &Arguments, done: &Checked) -> Result<(), Failure> {
    let Some(directory) = &arguments.trails else { return Ok(()) };
    for report in reports(done) {
        let era = done.job.era.name().replace(':', "-");
        let mutant = arguments.mutant.as_ref().map(|mutant| format!("-{mutant}"));
        let mutant = mutant.unwrap_or_default();
        let name = format!("{}-{era}{mutant}-{}", done.job.name, report.claim.name);
        if let Some(stuck) = &report.stuck {
            trails::write(directory, &format!("{name}-stuck"), &stuck.trail)?;
        }
        if let Some(lasso) = &report.lasso {
            trails::write(directory, &format!("{name}-lasso"), &whole(lasso))?;
        }
    }
    Ok(())
}

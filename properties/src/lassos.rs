//! How each liveness claim fared: the runs that break it, as lassos and as states that are stuck.
use dm_explore::{Liveness, Owed, Refusal, Why};
use dm_model::era::Era;
use dm_sim::world::config::Configuration;
use dm_sim::world::plan::Action;
use dm_sim::world::trail::Trail;

use crate::liveness::{Class, EVENTUALLY, Eventually, INSTANCE_COUNT};
use crate::pins::pinned;
use crate::search::trail;
use crate::stranded;
use crate::system::{Checked, plain};

/// What is known of the liveness claims.
#[derive(Clone, Debug)]
pub enum LivenessReport {
    /// How each fared, in their order.
    Judged(Vec<EventualReport>),
    /// Nothing, and why.
    Refused(Refusal),
}

/// A liveness claim and how it fared.
#[derive(Clone, Debug)]
pub struct EventualReport {
    /// The claim.
    pub claim: &'static Eventually,
    /// In how many states its obligations are open, each counted.
    pub states: u64,
    /// In how many of these nobody can act who has to, where that breaks the claim.
    pub stuck_count: u64,
    /// A shortest way to one of them.
    pub stuck: Option<StuckRun>,
    /// In how many strongly connected parts of the graph a fair run can stay.
    pub lasso_count: u64,
    /// A run that stays in one of them.
    pub lasso: Option<LassoRun>,
    /// Why its breaking is expected, if it is broken and that was reviewed.
    pub pinned: Option<&'static str>,
}

/// A run to a state in which nobody can act who has to.
#[derive(Clone, Debug)]
pub struct StuckRun {
    /// A shortest way there.
    pub trail: Trail,
    /// Nothing at all can happen any more; else a line, a fault or a signal still can.
    pub is_end: bool,
    /// What is stranded.
    pub text: String,
}

/// A run that goes on for ever.
#[derive(Clone, Debug)]
pub struct LassoRun {
    /// A shortest way to the cycle.
    pub stem: Trail,
    /// The cycle.
    pub cycle: Vec<Action>,
    /// Why it is fair to each who could act somewhere on it. Steps are those of the cycle.
    pub fairness: Vec<(Class, Why)>,
}

impl LivenessReport {
    /// The claims that broke and are not pinned.
    pub fn surprises(&self) -> impl Iterator<Item = &EventualReport> {
        let reports = match self {
            Self::Judged(reports) => &reports[..],
            Self::Refused(_) => &[],
        };
        reports.iter().filter(|report| report.is_broken() && report.pinned.is_none())
    }
}

impl EventualReport {
    /// Whether a fair run breaks the claim.
    pub fn is_broken(&self) -> bool {
        self.stuck_count > 0 || self.lasso_count > 0
    }
}

/// The shorter of two runs; the first when they are equally long.
fn shorter<T>(one: Option<T>, other: Option<T>, length: impl Fn(&T) -> usize) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if length(&other) < length(&one) { other } else { one }),
        (one, other) => one.or(other),
    }
}

pub(crate) fn report(
    configuration: &Configuration,
    era: Era,
    liveness: Liveness<Checked>,
    unpinned: bool,
) -> LivenessReport {
    let judged = match liveness {
        Liveness::Refused(refusal) => return LivenessReport::Refused(refusal),
        Liveness::Judged(judged) => judged,
    };
    let none = |claim| EventualReport {
        claim,
        states: 0,
        stuck_count: 0,
        stuck: None,
        lasso_count: 0,
        lasso: None,
        pinned: None,
    };
    let mut reports: Vec<EventualReport> = EVENTUALLY.iter().map(none).collect();
    for (bit, owed) in judged {
        add(&mut reports[bit as usize / INSTANCE_COUNT], configuration, era, owed);
    }
    for report in reports.iter_mut().filter(|report| report.is_broken()) {
        report.pinned = pinned(report.claim.name, era, configuration.name(), unpinned);
    }
    LivenessReport::Judged(reports)
}

fn add(report: &mut EventualReport, configuration: &Configuration, era: Era, owed: Owed<Checked>) {
    report.states += owed.states;
    report.lasso_count += owed.lasso_count;
    let lasso = owed.lasso.map(|lasso| LassoRun {
        stem: trail(configuration, era, &lasso.stem),
        cycle: lasso.cycle.into_iter().map(plain).collect(),
        fairness: lasso.fairness,
    });
    report.lasso = shorter(report.lasso.take(), lasso, |it| it.stem.actions.len());
    if !report.claim.at_rest {
        return;
    }
    report.stuck_count += owed.stuck_count;
    let stuck = owed.stuck.map(|stuck| StuckRun {
        trail: trail(configuration, era, &stuck.stem),
        is_end: stuck.is_end,
        text: match stranded::judge_world(&stuck.state.world) {
            Ok(()) => "nobody can go on who has to".to_owned(),
            Err(text) => text,
        },
    });
    report.stuck = shorter(report.stuck.take(), stuck, |it| it.trail.actions.len());
}

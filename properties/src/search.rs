//! The searches: the claims on a configuration, the outcomes of a scenario, the judging of a trail.
use dm_explore::{Control, Finish, Limits, Order, Progress, Quotient, Reduce, Report, Search};
use dm_model::era::Era;
use dm_model::mutant::Mutant;
use dm_sim::world::config::{Configuration, TextError};
use dm_sim::world::outcome::Outcome;
use dm_sim::world::plan::{Action, Op};
use dm_sim::world::trail::Trail;

use crate::claims::{CLAIMS, Claim, Kind, Transition};
use crate::engine::engage;
pub use crate::engine::{CheckError, Engine};
use crate::fired::Fired;
use crate::history::History;
use crate::lassos::{self, LivenessReport};
use crate::pins::pinned;
pub use crate::system::Pace;
use crate::system::{Checked, Goal, State, judge_action, plain};

/// How a search is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Where it ends at the latest.
    pub limits: Limits,
    /// In which order the actions of a state are taken.
    pub order: Order,
}

/// How a claim fared.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are few, and the broken ones matter")]
pub enum Verdict {
    /// Nothing broke it.
    Held {
        /// Whether a transition occurred in which it says anything.
        premise: bool,
    },
    /// Something broke it.
    Broken {
        /// How many transitions did.
        count: u64,
        /// What was expected and found in the first.
        text: String,
        /// The shortest way to it.
        trail: Trail,
    },
}

/// A claim and how it fared.
#[derive(Clone, Debug)]
pub struct ClaimReport {
    /// The claim.
    pub claim: &'static Claim,
    /// How it fared.
    pub verdict: Verdict,
    /// Why its breaking is expected, if it is broken and that was reviewed.
    pub pinned: Option<&'static str>,
}

/// What a search of the claims found.
#[derive(Clone, Debug)]
pub struct CheckReport {
    /// Distinct states.
    pub states: u64,
    /// Transitions between them.
    pub transitions: u64,
    /// The longest of the shortest ways to a state.
    pub depth: u32,
    /// States in which nothing can happen any more.
    pub ends: u64,
    /// Whether everything was searched.
    pub finish: Finish,
    /// The claims, in their order.
    pub claims: Vec<ClaimReport>,
    /// The liveness claims, where they were asked for.
    pub liveness: Option<LivenessReport>,
    /// What happened at all.
    pub fired: Fired,
    /// The probability that a state was omitted; 0 where states are kept whole.
    pub omission: f64,
    /// Whether the last checkpoint that was due could be written, if one was; else why not.
    pub checkpoint: Option<Result<(), String>>,
}

impl CheckReport {
    /// The claims that broke and are not pinned.
    pub fn surprises(&self) -> impl Iterator<Item = &ClaimReport> {
        self.claims.iter().filter(|report| {
            matches!(report.verdict, Verdict::Broken { .. }) && report.pinned.is_none()
        })
    }
}

/// An outcome and how it is reached.
#[derive(Clone, Debug)]
pub struct OutcomeRow {
    /// The outcome.
    pub outcome: Outcome,
    /// How many distinct end states have it.
    pub ends: u64,
    /// A shortest way to one of them.
    pub trail: Trail,
}

/// What a search of the outcomes found.
#[derive(Clone, Debug)]
pub struct OutcomesReport {
    /// Distinct states.
    pub states: u64,
    /// Transitions between them.
    pub transitions: u64,
    /// The longest of the shortest ways to a state.
    pub depth: u32,
    /// Whether everything was searched.
    pub finish: Finish,
    /// The outcomes, in their order.
    pub outcomes: Vec<OutcomeRow>,
}

/// A claim that a trail breaks.
#[derive(Clone, Debug)]
pub struct Break {
    /// The claim.
    pub claim: &'static Claim,
    /// After how many actions.
    pub step: usize,
    /// What was expected and found.
    pub text: String,
}

/// Searches every schedule of a configuration and judges every claim on every transition.
///
/// # Errors
/// When the configuration cannot be built.
pub fn check(
    configuration: &Configuration,
    era: Era,
    options: Options,
    observer: &mut dyn FnMut(&Progress) -> Control,
) -> Result<CheckReport, TextError> {
    let system = Checked::new(configuration.world(era)?, Goal::Claims, Pace::Free);
    let search = Search::new(&system).order(options.order).limits(options.limits);
    let report = search.observer(observer).run();
    let unpinned = is_unpinned(configuration, era)?;
    Ok(report_of(configuration, era, &system, &report, unpinned))
}

/// As `check`, as the engine says.
///
/// # Errors
/// When the configuration cannot be built, or a search not be gone on with.
pub fn check_large(
    configuration: &Configuration,
    era: Era,
    options: Options,
    engine: Engine<'_>,
    observer: &mut dyn FnMut(&Progress) -> Control,
) -> Result<CheckReport, CheckError> {
    let system = Checked::new(configuration.world(era)?, Goal::Claims, Pace::Free);
    let report = if engine.reduce == Reduce::default() {
        engage(&system, options, engine, observer)?
    } else {
        let quotient = Quotient::new(&system, engine.reduce);
        quotient.unfold(engage(&quotient, options, engine, observer)?)
    };
    let unpinned = is_unpinned(configuration, era)?;
    Ok(report_of(configuration, era, &system, &report, unpinned))
}

/// As `check`, and judges the liveness claims where there are no more than `states_max` states.
///
/// # Errors
/// When the configuration cannot be built.
pub fn check_all(
    configuration: &Configuration,
    era: Era,
    options: Options,
    states_max: u64,
    observer: &mut dyn FnMut(&Progress) -> Control,
) -> Result<CheckReport, TextError> {
    let system = Checked::new(configuration.world(era)?, Goal::Claims, Pace::Free);
    let search = Search::new(&system).order(options.order).limits(options.limits);
    let (report, liveness) = search.observer(observer).run_fair(states_max);
    let unpinned = is_unpinned(configuration, era)?;
    let liveness = lassos::report(configuration, era, liveness, unpinned);
    let report = report_of(configuration, era, &system, &report, unpinned);
    Ok(CheckReport { liveness: Some(liveness), ..report })
}

/// Whether nothing is pinned: a bug is seeded, or a suspend may be interrupted.
fn is_unpinned(configuration: &Configuration, era: Era) -> Result<bool, TextError> {
    let seeded = configuration.mutant != Mutant::None;
    let is_undone = era.undoes_presuspend();
    Ok(seeded || !is_undone && may_be_interrupted(configuration, era)?)
}

fn report_of(
    configuration: &Configuration,
    era: Era,
    system: &Checked,
    report: &Report<Checked>,
    unpinned: bool,
) -> CheckReport {
    let claims = CLAIMS.iter().enumerate().map(|(index, claim)| {
        let verdict = match report.violations.get(claim.name) {
            None => Verdict::Held { premise: system.premise_occurred(index) },
            Some(found) => Verdict::Broken {
                count: found.count,
                text: found.violation.text.clone(),
                trail: trail(configuration, era, &found.trail),
            },
        };
        let broken = matches!(verdict, Verdict::Broken { .. });
        let reason = pinned(claim.name, era, configuration.name(), unpinned).filter(|_| broken);
        ClaimReport { claim, verdict, pinned: reason }
    });
    CheckReport {
        states: report.states,
        transitions: report.transitions,
        depth: report.depth,
        ends: report.ends,
        finish: report.finish,
        claims: claims.collect(),
        liveness: None,
        fired: system.fired(),
        omission: report.omission,
        checkpoint: report.checkpoint.clone(),
    }
}

/// What a search for the breaking of one claim found.
#[derive(Clone, Debug)]
pub struct Hunt {
    /// Distinct states, until it was found or all were searched.
    pub states: u64,
    /// Whether everything was searched, or how the search ended.
    pub finish: Finish,
    /// What was expected and found, and the shortest way to it.
    pub broken: Option<(String, Trail)>,
}

/// Searches the schedules of a configuration until one breaks the claim with this name.
///
/// # Errors
/// When the configuration cannot be built.
pub fn hunt(
    configuration: &Configuration,
    era: Era,
    claim: &'static str,
    limits: Limits,
) -> Result<Hunt, TextError> {
    let system = Checked::new(configuration.world(era)?, Goal::Claim(claim), Pace::Free);
    let report = Search::new(&system).limits(limits).until_broken().run();
    let found = report.violations.get(claim);
    let broken =
        found.map(|found| (found.violation.text.clone(), trail(configuration, era, &found.trail)));
    Ok(Hunt { states: report.states, finish: report.finish, broken })
}

/// Searches every schedule of a configuration for the ways in which it can end.
///
/// # Errors
/// When the configuration cannot be built.
pub fn outcomes(
    configuration: &Configuration,
    era: Era,
    pace: Pace,
    limits: Limits,
    observer: &mut dyn FnMut(&Progress) -> Control,
) -> Result<OutcomesReport, TextError> {
    let system = Checked::new(configuration.world(era)?, Goal::Outcomes, pace);
    let report = Search::new(&system).limits(limits).observer(observer).run();
    let row = |(outcome, end): (&Outcome, &dm_explore::EndInfo<Checked>)| OutcomeRow {
        outcome: outcome.clone(),
        ends: end.states,
        trail: trail(configuration, era, &end.trail),
    };
    Ok(OutcomesReport {
        states: report.states,
        transitions: report.transitions,
        depth: report.depth,
        finish: report.finish,
        outcomes: report.outcomes.iter().map(row).collect(),
    })
}

/// The claims that a trail breaks, in the order in which it does.
///
/// # Errors
/// When the trail's configuration cannot be built.
///
/// # Panics
/// When an action of the trail is not possible, which `Trail::parse` checks.
pub fn judge(trail: &Trail) -> Result<Vec<Break>, TextError> {
    let world = trail.configuration.world(trail.era)?;
    let history = History::at_start(&world);
    let mut state = State { world, history };
    let mut breaks = Vec::new();
    for (index, action) in trail.actions.iter().enumerate() {
        judge_action(&mut state, *action, |it| {
            breaks.extend(broken_by(it, Kind::Always, index + 1));
        })
        .expect("a trail's actions are possible");
    }
    if is_end(&state) {
        let it = Transition {
            action: Action::from(dm_sim::world::plan::Kind::Line(0)),
            before: &state.history,
            effects: &[],
            after: &state.world,
            history: &state.history,
        };
        breaks.extend(broken_by(&it, Kind::AtEnds, trail.actions.len()));
    }
    Ok(breaks)
}

fn broken_by(it: &Transition<'_>, kind: Kind, step: usize) -> Vec<Break> {
    let claims = CLAIMS.iter().filter(|claim| claim.kind == kind);
    let broken = claims.filter_map(|claim| {
        let text = claim.holds(it).err()?;
        Some(Break { claim, step, text })
    });
    broken.collect()
}

fn is_end(state: &State) -> bool {
    let mut actions = Vec::new();
    state.world.actions(&mut actions);
    actions.iter().all(|action| state.world.clone().perform(*action).is_err())
}

pub(crate) fn trail(configuration: &Configuration, era: Era, actions: &[Action]) -> Trail {
    let actions = actions.iter().copied().map(plain).collect();
    Trail { configuration: configuration.clone(), era, actions }
}

/// Whether the configuration sends signals.
fn may_be_interrupted(configuration: &Configuration, era: Era) -> Result<bool, TextError> {
    let world = configuration.world(era)?;
    let signals = world.plan().lines().any(|line| matches!(line.op, Op::Signal(_)));
    Ok(signals || configuration.budget.signals > 0)
}

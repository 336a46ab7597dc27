//! Whether a kernel does what the model says, or what was recorded of it with a reason.
use std::collections::BTreeMap;

use dm_explore::Limits;
use dm_model::era::Era;
use dm_sim::scenario::{Mode, Recorded, Scenario};
use dm_sim::world::config::{Configuration, TextError};

use crate::batch::{Failed, Run};
use crate::model::{self, Allowed};
use crate::observed::{Ends, Observed, Transcript};

/// A search for all outcomes that is larger than this is no answer, but is given up.
pub const STATE_COUNT_MAX: u64 = 700_000;

/// What the model says of a scenario.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The scenario's youngest era; none where it has none.
    pub era: Option<Era>,
    /// What its default schedule shows.
    transcript: Option<Transcript>,
    /// Every way in which it may end.
    pub allowed: Option<Allowed>,
}

impl Expected {
    /// Asks the model, whose eras are bio-based. What a user was promised does not depend on the
    /// kind of queue, so a request-based kernel is held against them too.
    ///
    /// # Errors
    /// When the model cannot be brought to do the scenario.
    pub fn of(configuration: Option<&Configuration>) -> Result<Self, TextError> {
        let nothing = Self { era: None, transcript: None, allowed: None };
        let Some(configuration) = configuration else { return Ok(nothing) };
        let Some(era) = model::nearest_era(&configuration.scenario) else { return Ok(nothing) };
        let limits = Limits { states: Some(STATE_COUNT_MAX), ..Limits::default() };
        Ok(Self {
            era: Some(era),
            transcript: Some(model::transcript(configuration, era)?),
            allowed: Some(model::allowed(configuration, era, limits)?),
        })
    }

    /// Whether all may end so; `None` where the search did not come to its end, or the model has
    /// nothing to say.
    pub fn allows(&self, ends: &Ends) -> Option<bool> {
        let allowed = self.allowed.as_ref()?;
        let is_among = allowed.ends.contains(ends);
        (is_among || allowed.complete).then_some(is_among)
    }
}

/// What is to be thought of one distinct outcome.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The kernel does what the model's default schedule does.
    Agrees,
    /// It ends as another schedule of the model does.
    AgreesWithAnother,
    /// It does not, and that was recorded with its reason.
    Recorded(Vec<String>),
    /// It was recorded, but nobody has said why.
    NoReason,
    /// It does neither.
    Differs,
}

impl Verdict {
    /// Whether it is as it should be.
    pub fn is_good(&self) -> bool {
        match self {
            Self::Agrees | Self::AgreesWithAnother | Self::Recorded(_) => true,
            Self::NoReason | Self::Differs => false,
        }
    }
}

impl Verdict {
    /// Its name for programs, and the reason that was recorded.
    pub fn told(&self) -> (&'static str, Option<String>) {
        match self {
            Self::Agrees => ("agrees", None),
            Self::AgreesWithAnother => ("agrees_with_another_schedule", None),
            Self::Recorded(reason) => ("differs_as_recorded", Some(reason.join(" "))),
            Self::NoReason => ("no_reason", None),
            Self::Differs => ("differs", None),
        }
    }
}

/// One distinct outcome of a scenario.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was seen.
    pub observed: Observed,
    /// How often.
    pub count: usize,
    /// Whether the model may end so.
    pub allowed: Option<bool>,
    /// What is to be thought of it.
    pub verdict: Verdict,
}

/// A scenario, in one kind of queue, on a kernel.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Each distinct outcome, the most frequent first.
    pub outcomes: Vec<Outcome>,
    /// Runs without an outcome.
    pub failed: Vec<Failed>,
    /// How many blocks are recorded of this kernel that no run has shown.
    pub unseen: usize,
}

impl Judged {
    /// Whether all is as it should be.
    pub fn is_good(&self) -> bool {
        self.failed.is_empty() && self.outcomes.iter().all(|outcome| outcome.verdict.is_good())
    }
}

/// Judges the runs of a scenario on the kernel that calls itself `release`.
pub fn judge(
    scenario: &Scenario,
    mode: Mode,
    release: &str,
    expected: &Expected,
    runs: impl IntoIterator<Item = Run>,
) -> Judged {
    let recorded = scenario.recorded_for(release, mode);
    let mut distinct: BTreeMap<String, (Observed, usize)> = BTreeMap::new();
    let mut failed = Vec::new();
    for run in runs {
        match run {
            Ok(observed) => {
                let text = observed.transcript.text();
                distinct.entry(text).or_insert((observed, 0)).1 += 1;
            }
            Err(failure) if failed.contains(&failure) => {}
            Err(failure) => failed.push(failure),
        }
    }
    let is_seen = |block: &&&Recorded| distinct.contains_key(&block.text);
    let unseen = recorded.len() - recorded.iter().filter(is_seen).count();
    let outcomes = distinct.into_iter().map(|(text, (observed, count))| Outcome {
        allowed: expected.allows(&observed.transcript.ends),
        verdict: verdict(&text, &observed, expected, &recorded),
        observed,
        count,
    });
    let mut outcomes: Vec<_> = outcomes.collect();
    outcomes.sort_by_key(|outcome| std::cmp::Reverse(outcome.count));
    Judged { outcomes, failed, unseen }
}

fn verdict(
    text: &str,
    observed: &Observed,
    expected: &Expected,
    recorded: &[&Recorded],
) -> Verdict {
    if let Some(block) = recorded.iter().find(|block| block.text == text) {
        let is_said = block.reason.iter().any(|line| !line.trim().is_empty());
        return if is_said { Verdict::Recorded(block.reason.clone()) } else { Verdict::NoReason };
    }
    let Some(transcript) = &expected.transcript else { return Verdict::Differs };
    if transcript.text() == text {
        return Verdict::Agrees;
    }
    // What a status line says is no part of how all ends: it has to be the same as well.
    let shown = |transcript: &Transcript| -> Vec<String> {
        transcript.lines().filter(|line| line.starts_with(' ')).cloned().collect()
    };
    let is_another = shown(transcript) == shown(&observed.transcript)
        && expected.allows(&observed.transcript.ends) == Some(true);
    if is_another { Verdict::AgreesWithAnother } else { Verdict::Differs }
}

/// What the model's default schedule shows, for a comparison by eye.
pub fn default_text(expected: &Expected) -> Option<String> {
    expected.transcript.as_ref().map(Transcript::text)
}

//! Owns what a running search has counted and sighted; trails are rebuilt only at the end.
//!
//! A sighting names a visited state. It is replaced by one with a shorter trail: an
//! end at depth d may be examined after a step out of depth d, whose trail is longer by one.
//! Each thread has a tally of its own, which is added to the first at the end.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;

use crate::checkpoint::{CheckpointError, Sink, Source};
use crate::forest::StateId;
use crate::report::{BrokenAt, EndInfo, Finish, Found, Report};
use crate::system::{System, Violation};
use crate::trail::Rebuilder;

/// What has been counted so far.
pub(crate) struct Tally<S: System> {
    pub(crate) transitions: u64,
    pub(crate) pruned: u64,
    ends: u64,
    broken: u64,
    violations: BTreeMap<String, Sighting<S::Violation>>,
    outcomes: BTreeMap<S::Outcome, EndSighting>,
}

/// Where a rule is seen to be broken: at a visited state, or by a step from there.
#[derive(Clone, Copy)]
pub(crate) struct Scene {
    /// The visited state, and how many actions lead there.
    pub(crate) state: StateId,
    pub(crate) depth: u32,
    pub(crate) event: Event,
}

/// What happens at a scene.
#[derive(Clone, Copy)]
pub(crate) enum Event {
    Start,
    Step { ordinal: u16 },
    End,
}

/// How far a search came, as its visited states tell.
pub(crate) struct Extent {
    pub(crate) states: u64,
    pub(crate) depth: u32,
    pub(crate) bytes: usize,
    pub(crate) finish: Finish,
    pub(crate) omission: f64,
    pub(crate) checkpoint: Option<Result<(), String>>,
}

struct Sighting<V> {
    violation: V,
    count: u64,
    scene: Scene,
}

#[derive(Clone, Copy)]
struct EndSighting {
    states: u64,
    first: StateId,
    depth: u32,
}

impl<S: System> Tally<S> {
    pub(crate) fn new() -> Self {
        Self {
            transitions: 0,
            pruned: 0,
            ends: 0,
            broken: 0,
            violations: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        }
    }

    /// Counts the broken rules, and keeps those on a shorter trail than before.
    pub(crate) fn note_broken(&mut self, broken: &[S::Violation], scene: Scene) {
        for violation in broken {
            self.broken += 1;
            let Some(sighting) = self.violations.get_mut(violation.key()) else {
                let sighting = Sighting { violation: violation.clone(), count: 1, scene };
                self.violations.insert(violation.key().to_owned(), sighting);
                continue;
            };
            sighting.count += 1;
            if scene.trail_len() < sighting.scene.trail_len() {
                sighting.violation = violation.clone();
                sighting.scene = scene;
            }
        }
    }

    /// Counts an end state, and keeps it if it needs fewer actions than the one before.
    pub(crate) fn note_end(&mut self, outcome: Option<S::Outcome>, state: StateId, depth: u32) {
        self.ends += 1;
        if let Some(outcome) = outcome {
            self.add_end(outcome, EndSighting { states: 1, first: state, depth });
        }
    }

    fn add_end(&mut self, outcome: S::Outcome, end: EndSighting) {
        let none = EndSighting { states: 0, ..end };
        let sighting = self.outcomes.entry(outcome).or_insert(none);
        sighting.states += end.states;
        if end.depth < sighting.depth {
            (sighting.first, sighting.depth) = (end.first, end.depth);
        }
    }

    /// Adds what another thread has counted and sighted.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.transitions += other.transitions;
        self.pruned += other.pruned;
        self.ends += other.ends;
        self.broken += other.broken;
        for (key, other) in other.violations {
            match self.violations.entry(key) {
                Entry::Vacant(vacant) => {
                    vacant.insert(other);
                }
                Entry::Occupied(mut occupied) => occupied.get_mut().absorb(other),
            }
        }
        for (outcome, end) in other.outcomes {
            self.add_end(outcome, end);
        }
    }

    /// Writes the counts, and where each thing was sighted.
    pub(crate) fn save(&self, sink: &mut Sink) -> io::Result<()> {
        sink.numbers(&[self.transitions, self.pruned, self.ends, self.broken])?;
        sink.number(self.violations.len() as u64)?;
        for (key, Sighting { violation: _, count, scene }) in &self.violations {
            sink.text(key.as_bytes())?;
            let [kind, ordinal] = scene.event.numbers();
            sink.numbers(&[*count, scene.state.bits(), scene.depth.into(), kind, ordinal])?;
        }
        sink.number(self.outcomes.len() as u64)?;
        for EndSighting { states, first, depth } in self.outcomes.values() {
            sink.numbers(&[*states, first.bits(), u64::from(*depth)])?;
        }
        Ok(())
    }

    /// What was written, with each thing sighted again by following its trail.
    pub(crate) fn load(
        source: &mut Source,
        rebuilder: &mut Rebuilder<'_, S>,
    ) -> Result<Self, CheckpointError> {
        let [transitions, pruned, ends, broken] = source.numbers()?;
        let mut tally = Self { transitions, pruned, ends, broken, ..Self::new() };
        for _ in 0..source.number()? {
            let key = String::from_utf8(source.text()?).map_err(|_| CheckpointError::Damaged)?;
            let [count, state, depth, kind, ordinal] = source.numbers()?;
            let event = Event::of([kind, ordinal]).ok_or(CheckpointError::Damaged)?;
            let scene = Scene { state: StateId::from_bits(state), depth: depth as u32, event };
            let violation = rebuilder.sight(&scene, &key).ok_or(CheckpointError::Changed)?;
            tally.violations.insert(key, Sighting { violation, count, scene });
        }
        for _ in 0..source.number()? {
            let [states, first, depth] = source.numbers()?;
            let first = StateId::from_bits(first);
            let outcome = rebuilder.classify(first).ok_or(CheckpointError::Changed)?;
            tally.add_end(outcome, EndSighting { states, first, depth: depth as u32 });
        }
        Ok(tally)
    }

    /// The report of a search that came as far as `extent` says.
    pub(crate) fn into_report(
        self,
        rebuilder: &mut Rebuilder<'_, S>,
        extent: &Extent,
    ) -> Report<S> {
        let mut violations = BTreeMap::new();
        for (key, Sighting { violation, count, scene }) in self.violations {
            let at = scene.event.broken_at();
            let (trail, state) = rebuilder.trail(scene.state, scene.event.ordinal());
            assert_eq!(trail.len(), scene.trail_len() as usize, "the trail to {key} has changed");
            violations.insert(key, Found { violation, count, at, trail, state });
        }
        let mut outcomes = BTreeMap::new();
        for (outcome, EndSighting { states, first, depth: _ }) in self.outcomes {
            let (trail, _) = rebuilder.trail(first, None);
            outcomes.insert(outcome, EndInfo { states, trail });
        }
        Report {
            states: extent.states,
            transitions: self.transitions,
            pruned: self.pruned,
            depth: extent.depth,
            ends: self.ends,
            broken: self.broken,
            violations,
            outcomes,
            bytes: extent.bytes,
            finish: extent.finish,
            omission: extent.omission,
            checkpoint: extent.checkpoint.clone(),
        }
    }
}

impl<V> Sighting<V> {
    fn absorb(&mut self, other: Self) {
        let count = self.count + other.count;
        if other.scene.trail_len() < self.scene.trail_len() {
            *self = other;
        }
        self.count = count;
    }
}

impl Scene {
    fn trail_len(self) -> u32 {
        self.depth + u32::from(self.event.ordinal().is_some())
    }
}

impl Event {
    fn numbers(self) -> [u64; 2] {
        match self {
            Self::Start => [0, 0],
            Self::Step { ordinal } => [1, ordinal.into()],
            Self::End => [2, 0],
        }
    }

    fn of(numbers: [u64; 2]) -> Option<Self> {
        match numbers {
            [0, 0] => Some(Self::Start),
            [1, ordinal] => Some(Self::Step { ordinal: u16::try_from(ordinal).ok()? }),
            [2, 0] => Some(Self::End),
            _ => None,
        }
    }

    pub(crate) fn ordinal(self) -> Option<u16> {
        match self {
            Self::Step { ordinal } => Some(ordinal),
            Self::Start | Self::End => None,
        }
    }

    fn broken_at(self) -> BrokenAt {
        match self {
            Self::Start => BrokenAt::Start,
            Self::Step { .. } => BrokenAt::Step,
            Self::End => BrokenAt::End,
        }
    }
}

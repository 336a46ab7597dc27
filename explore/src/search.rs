//! The search: breadth-first over whole states, so that every first trail is a shortest one.
//!
//! The states of one depth are expanded in the order in which they were found. A state lives in
//! the frontier until it is expanded; of the others only the encoding is kept.

use std::ops::ControlFlow;

use crate::encoding::Recorder;
use crate::expansion::Expansion;
use crate::fair::{Fair, Liveness, Refusal};
use crate::graph::{Graph, Record, Taken, Unrecorded};
use crate::liveness;
use crate::report::{Finish, Limit, Report};
use crate::system::System;
use crate::tally::{Event, Extent, Scene, Tally};
use crate::trail::Rebuilder;
use crate::visited::{Origin, StateId, Visited};

/// The observer is called each time that this many more states are known.
pub const PROGRESS_INTERVAL: u64 = 65_536;

/// The order in which the actions of a state are taken. A complete search finds the same states,
/// transitions and depth in either; which of the equally short trails it keeps may differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As the system lists them.
    #[default]
    Forward,
    /// The last one first.
    Backward,
}

/// Where a search ends although there may be more; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Distinct states. Reached when one more is found.
    pub states: Option<u64>,
    /// Actions from the initial state. The states that need this many are counted, but neither
    /// expanded nor judged as ends, and there being any reaches the limit.
    pub depth: Option<u32>,
    /// Bytes of the set of visited states, to within 256 KiB. Reached when a new state would exceed
    /// it. The states of the frontier, held whole, come on top.
    pub bytes: Option<usize>,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Distinct states so far.
    pub states: u64,
    /// Actions performed so far whose successor was kept.
    pub transitions: u64,
    /// How many actions the states need that are being expanded.
    pub depth: u32,
    /// States found but not expanded yet.
    pub frontier: u64,
    /// The size of the set of visited states.
    pub bytes: usize,
}

/// The answer of an observer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The search goes on.
    Continue,
    /// The search ends here, as [`Finish::Stopped`].
    Stop,
}

type Observer<'a> = &'a mut dyn FnMut(&Progress) -> Control;

/// A search to be run.
pub struct Search<'a, S: System> {
    system: &'a S,
    order: Order,
    limits: Limits,
    observer: Option<Observer<'a>>,
    stops_when_broken: bool,
}

impl<'a, S: System> Search<'a, S> {
    /// A search forward, without limits or observer.
    pub fn new(system: &'a S) -> Self {
        Self {
            system,
            order: Order::default(),
            limits: Limits::default(),
            observer: None,
            stops_when_broken: false,
        }
    }

    /// Sets the order of actions.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Sets the limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets who is told of the progress, see [`PROGRESS_INTERVAL`].
    #[must_use]
    pub fn observer(mut self, observer: &'a mut dyn FnMut(&Progress) -> Control) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Ends the search, as [`Finish::Stopped`], once a step or an end has broken a rule. Steps
    /// are taken and ends judged in the order of their depth, so that its trail is a shortest one
    /// where all rules are broken by steps, or all by ends.
    #[must_use]
    pub fn until_broken(mut self) -> Self {
        self.stops_when_broken = true;
        self
    }

    /// Visits every state within the limits.
    ///
    /// # Panics
    ///
    /// When the system contradicts itself: its mistake, see [`System`].
    pub fn run(self) -> Report<S> {
        self.run_recorded(&mut Unrecorded, |_, _, _| ()).0
    }

    /// Visits every state within the limits, and judges the obligations if that was complete and
    /// found no more than `states_max` states.
    ///
    /// # Panics
    ///
    /// When the system contradicts itself: its mistake, see [`System`].
    pub fn run_fair(self, states_max: u64) -> (Report<S>, Liveness<S>)
    where
        S: Fair,
    {
        self.run_recorded(&mut Graph::new(states_max), |graph, finish, rebuilder| {
            if finish != Finish::Complete {
                return Liveness::Refused(Refusal::Incomplete);
            }
            match graph.seal() {
                Ok(()) => Liveness::Judged(liveness::judge(graph, rebuilder)),
                Err(refusal) => Liveness::Refused(refusal),
            }
        })
    }

    fn run_recorded<R: Record<S>, T>(
        self,
        record: &mut R,
        conclude: impl FnOnce(&mut R, Finish, &mut Rebuilder<'_, S>) -> T,
    ) -> (Report<S>, T) {
        let Self { system, order, limits, observer, stops_when_broken } = self;
        let mut run = Run {
            record,
            expansion: Expansion::new(system, order),
            limits,
            observer,
            stops_when_broken,
            visited: Visited::new(),
            recorder: Recorder::default(),
            tally: Tally::new(),
            next: Level::new(),
            depth: 0,
            left_in_level: 0,
        };
        let finish = run.visit_all();
        let states_at_next_depth = run.next.len > 0;
        let extent = Extent {
            states: run.visited.len(),
            depth: run.depth + u32::from(states_at_next_depth),
            bytes: run.visited.bytes(),
            finish,
        };
        let mut rebuilder = Rebuilder::new(system, order, &run.visited);
        let report = run.tally.into_report(&mut rebuilder, &extent);
        (report, conclude(run.record, finish, &mut rebuilder))
    }
}

/// A search that is running.
struct Run<'a, 'r, S: System, R: Record<S>> {
    record: &'r mut R,
    expansion: Expansion<'a, S>,
    limits: Limits,
    observer: Option<Observer<'a>>,
    stops_when_broken: bool,
    visited: Visited,
    recorder: Recorder,
    tally: Tally<S>,
    /// The states found one deeper than those being expanded.
    next: Level<S::State>,
    depth: u32,
    left_in_level: usize,
}

impl<S: System, R: Record<S>> Run<'_, '_, S, R> {
    fn visit_all(&mut self) -> Finish {
        let mut level = Level::new();
        level.push(StateId::FIRST, &self.visit_initial());
        loop {
            if self.limits.depth == Some(self.depth) {
                return Finish::LimitReached(Limit::Depth);
            }
            self.left_in_level = level.len;
            for (id, state) in level.states() {
                self.left_in_level -= 1;
                if let ControlFlow::Break(finish) = self.expand(*id, state) {
                    return finish;
                }
            }
            if self.next.len == 0 {
                return Finish::Complete;
            }
            level.clear();
            std::mem::swap(&mut level, &mut self.next);
            self.depth += 1;
        }
    }

    fn visit_initial(&mut self) -> S::State {
        let system = self.expansion.system;
        let initial = system.initial();
        system.start(&initial, &mut self.expansion.broken);
        let scene = Scene { state: StateId::FIRST, depth: 0, event: Event::Start };
        self.tally.note_broken(&self.expansion.broken, scene);

        let encoding = self.recorder.record(&initial);
        let Err(vacancy) = self.visited.find(encoding) else {
            unreachable!("no state has been visited yet");
        };
        let nowhere = Origin { parent: StateId::FIRST, ordinal: 0 };
        let id = self.visited.insert(&vacancy, encoding, nowhere);
        assert_eq!(id, StateId::FIRST, "the initial state is where every trail ends");
        initial
    }

    /// Takes every action of the state, or judges it as an end.
    fn expand(&mut self, id: StateId, state: &S::State) -> ControlFlow<Finish> {
        self.record.begin(self.expansion.system, id, state);
        self.expansion.begin(state);
        while let Some(taken) = self.expansion.take_next(state) {
            if !self.expansion.broken.is_empty() {
                let event = Event::Step { ordinal: taken.ordinal };
                let scene = Scene { state: id, depth: self.depth, event };
                self.tally.note_broken(&self.expansion.broken, scene);
                if self.stops_when_broken {
                    return ControlFlow::Break(Finish::Stopped);
                }
            }
            let ordinal = taken.ordinal;
            let to = if taken.moved {
                self.tally.transitions += 1;
                Some(self.visit_successor(Origin { parent: id, ordinal })?)
            } else {
                self.tally.pruned += 1;
                None
            };
            let taken = Taken { action: &taken.action, ordinal, to };
            self.record.take(self.expansion.system, state, taken);
        }
        if self.expansion.found_an_end() {
            self.judge_end(id, state);
            if self.stops_when_broken && !self.expansion.broken.is_empty() {
                return ControlFlow::Break(Finish::Stopped);
            }
        }
        ControlFlow::Continue(())
    }

    fn visit_successor(&mut self, origin: Origin) -> ControlFlow<Finish, StateId> {
        let encoding = self.recorder.record(&self.expansion.successor);
        let vacancy = match self.visited.find(encoding) {
            Ok(known) => return ControlFlow::Continue(known),
            Err(vacancy) => vacancy,
        };
        if self.visited.len() >= self.limits.states.unwrap_or(u64::MAX) {
            return ControlFlow::Break(Finish::LimitReached(Limit::States));
        }
        if self.limits.bytes.is_some_and(|bytes_max| self.visited.bytes_to_insert() > bytes_max) {
            return ControlFlow::Break(Finish::LimitReached(Limit::Bytes));
        }
        let id = self.visited.insert(&vacancy, encoding, origin);
        self.next.push(id, &self.expansion.successor);
        if self.visited.len().is_multiple_of(PROGRESS_INTERVAL) {
            self.tell_observer()?;
        }
        ControlFlow::Continue(id)
    }

    fn judge_end(&mut self, id: StateId, state: &S::State) {
        let Expansion { system, broken, .. } = &mut self.expansion;
        self.tally.note_end(system.classify(state), id);
        broken.clear();
        system.end(state, broken);
        let scene = Scene { state: id, depth: self.depth, event: Event::End };
        self.tally.note_broken(broken, scene);
    }

    fn tell_observer(&mut self) -> ControlFlow<Finish> {
        let Some(observer) = &mut self.observer else {
            return ControlFlow::Continue(());
        };
        let progress = Progress {
            states: self.visited.len(),
            transitions: self.tally.transitions,
            depth: self.depth,
            frontier: (self.left_in_level + self.next.len) as u64,
            bytes: self.visited.bytes(),
        };
        match observer(&progress) {
            Control::Continue => ControlFlow::Continue(()),
            Control::Stop => ControlFlow::Break(Finish::Stopped),
        }
    }
}

/// The states of one depth. Cleared, it keeps them to be overwritten, with their buffers.
struct Level<T> {
    slots: Vec<(StateId, T)>,
    len: usize,
}

impl<T: Clone> Level<T> {
    fn new() -> Self {
        Self { slots: Vec::new(), len: 0 }
    }

    fn states(&self) -> &[(StateId, T)] {
        &self.slots[..self.len]
    }

    fn push(&mut self, id: StateId, state: &T) {
        match self.slots.get_mut(self.len) {
            Some((slot_id, slot)) => {
                *slot_id = id;
                slot.clone_from(state);
            }
            None => self.slots.push((id, state.clone())),
        }
        self.len += 1;
    }

    fn clear(&mut self) {
        self.len = 0;
    }
}

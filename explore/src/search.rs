//! A search to be run: what is asked of it, and what it answers.
//!
//! Breadth first, the states of one depth are expanded in the order in which they were found, and
//! every trail is a shortest one. A state lives in the frontier until it is expanded; of the
//! others only the packed form or the encoding is kept.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::checkpoint::{CheckpointError, Checkpoints};
use crate::compact::Compact;
use crate::fair::{Fair, Liveness, Refusal};
use crate::form::{Form, Words};
use crate::frontier::First;
use crate::graph::{Graph, Record, Unrecorded};
use crate::liveness;
use crate::report::{Finish, Report};
use crate::run;
use crate::system::{Packed, System};
use crate::trail::Rebuilder;
use crate::whole::Whole;

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
    /// Distinct states. Reached when one more is found; by each of several threads up to 4,096
    /// states earlier.
    pub states: Option<u64>,
    /// Actions from the initial state. The states that need this many are counted, but neither
    /// expanded nor judged as ends, and there being any reaches the limit.
    pub depth: Option<u32>,
    /// Bytes of the set of visited states, to within 256 KiB. Reached when a new state would exceed
    /// it. The states of the frontier, held whole, come on top.
    pub bytes: Option<usize>,
    /// How long it may take, to within the expansion of some hundred states.
    pub time: Option<Duration>,
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

/// Who is told of the progress.
pub(crate) type Observer<'a> = &'a mut dyn FnMut(&Progress) -> Control;

/// A search to be run.
pub struct Search<'a, S: System> {
    pub(crate) system: &'a S,
    pub(crate) order: Order,
    pub(crate) first: First,
    pub(crate) threads: usize,
    pub(crate) limits: Limits,
    pub(crate) observer: Option<Observer<'a>>,
    pub(crate) interrupt: Option<&'a AtomicBool>,
    pub(crate) stops_when_broken: bool,
    pub(crate) checkpoints: Option<Checkpoints>,
    pub(crate) resumed: Option<PathBuf>,
    is_compact: bool,
}

/// More threads than this are not used.
pub const THREAD_COUNT_MAX: usize = 64;

impl<'a, S: System> Search<'a, S> {
    /// A search forward and breadth first, on this thread, without limits or observer.
    pub fn new(system: &'a S) -> Self {
        Self {
            system,
            order: Order::default(),
            first: First::default(),
            threads: 1,
            limits: Limits::default(),
            observer: None,
            interrupt: None,
            stops_when_broken: false,
            checkpoints: None,
            resumed: None,
            is_compact: false,
        }
    }

    /// Sets the order of actions.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Sets which states are expanded first.
    #[must_use]
    pub fn first(mut self, first: First) -> Self {
        self.first = first;
        self
    }

    /// Sets how many threads search, this one among them; 1 to [`THREAD_COUNT_MAX`] of them. A
    /// complete search counts the same on any number. Which of the equally short trails is kept
    /// may differ from run to run where there are several.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.clamp(1, THREAD_COUNT_MAX);
        self
    }

    /// Sets the limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets who is told of the progress, see [`PROGRESS_INTERVAL`]. It is told on this thread.
    #[must_use]
    pub fn observer(mut self, observer: &'a mut dyn FnMut(&Progress) -> Control) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Sets a flag that ends the search, as [`Finish::Stopped`], soon after it becomes true.
    #[must_use]
    pub fn interrupt(mut self, interrupt: &'a AtomicBool) -> Self {
        self.interrupt = Some(interrupt);
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

    /// Keeps 64 bits of each state instead of the state. A state may then be taken for another one
    /// and omitted: [`Report::omission`] says how probable that is.
    #[must_use]
    pub fn compact(mut self) -> Self {
        self.is_compact = true;
        self
    }

    /// Keeps the search in a file when it ends early, and now and then, so that it can be resumed.
    #[must_use]
    pub fn checkpoints(mut self, checkpoints: Checkpoints) -> Self {
        self.checkpoints = Some(checkpoints);
        self
    }

    /// Goes on with the search of this file; its order, way and form have to be the same.
    /// [`Search::checkpoints`] says of what it has to be.
    #[must_use]
    pub fn continue_from(mut self, path: PathBuf) -> Self {
        self.resumed = Some(path);
        self
    }

    /// Visits every state within the limits.
    ///
    /// # Panics
    ///
    /// When the system contradicts itself: its mistake, see [`System`]. When a search cannot be
    /// resumed: use [`Search::try_run`].
    pub fn run(self) -> Report<S> {
        self.try_run().unwrap_or_else(|error| panic!("the search cannot be resumed: {error}"))
    }

    /// Visits every state within the limits.
    ///
    /// # Errors
    ///
    /// When it is to go on with the search of a file, and cannot.
    ///
    /// # Panics
    ///
    /// When the system contradicts itself: its mistake, see [`System`].
    pub fn try_run(self) -> Result<Report<S>, CheckpointError> {
        let (threads, bytes_max) = (self.threads, self.limits.bytes);
        if self.is_compact {
            self.run_unrecorded(&Compact::new(threads, bytes_max))
        } else {
            self.run_unrecorded(&Whole::new(threads, bytes_max))
        }
    }

    /// Visits every state within the limits, and keeps the states as words.
    ///
    /// # Panics
    ///
    /// When the system contradicts itself: its mistake, see [`System`] and [`Packed`]. When a search
    /// cannot be resumed: use [`Search::try_run_packed`].
    pub fn run_packed(self) -> Report<S>
    where
        S: Packed,
    {
        let report = self.try_run_packed();
        report.unwrap_or_else(|error| panic!("the search cannot be resumed: {error}"))
    }

    /// Visits every state within the limits, and keeps the states as words.
    ///
    /// # Errors
    ///
    /// When it is to go on with the search of a file, and cannot.
    ///
    /// # Panics
    ///
    /// When the system contradicts itself: its mistake, see [`System`] and [`Packed`].
    pub fn try_run_packed(self) -> Result<Report<S>, CheckpointError>
    where
        S: Packed,
    {
        let form = Words::new(self.threads, self.limits.bytes);
        self.run_unrecorded(&form)
    }

    /// Visits every state within the limits, and judges the obligations if that was complete and
    /// found no more than `states_max` states. Always breadth first and on this thread, with whole
    /// states; it has no checkpoints, since the graph of all states is not in them.
    ///
    /// # Panics
    ///
    /// When the system contradicts itself: its mistake, see [`System`].
    pub fn run_fair(mut self, states_max: u64) -> (Report<S>, Liveness<S>)
    where
        S: Fair,
    {
        (self.threads, self.first) = (1, First::Breadth);
        (self.checkpoints, self.resumed) = (None, None);
        let form = Whole::new(1, self.limits.bytes);
        let graphs = vec![Graph::new(states_max)];
        let judged = self.run_recorded(&form, graphs, |graph, finish, rebuilder| {
            if finish != Finish::Complete {
                return Liveness::Refused(Refusal::Incomplete);
            }
            match graph.seal() {
                Ok(()) => Liveness::Judged(liveness::judge(graph, rebuilder)),
                Err(refusal) => Liveness::Refused(refusal),
            }
        });
        judged.unwrap_or_else(|error| unreachable!("nothing is resumed: {error}"))
    }

    fn run_unrecorded<F: Form<S>>(self, form: &F) -> Result<Report<S>, CheckpointError> {
        let records = (0..self.threads).map(|_| Unrecorded).collect();
        self.run_recorded(form, records, |_, _, _| ()).map(|(report, ())| report)
    }

    /// A record for each thread; what the first holds at the end is concluded from.
    fn run_recorded<F: Form<S>, R: Record<S>, T>(
        self,
        form: &F,
        records: Vec<R>,
        conclude: impl FnOnce(&mut R, Finish, &mut Rebuilder<'_, S>) -> T,
    ) -> Result<(Report<S>, T), CheckpointError> {
        let (system, order) = (self.system, self.order);
        let mut done = run::run(self, form, records)?;
        let mut rebuilder = Rebuilder::new(system, order, &done.groves);
        let report = done.tally.into_report(&mut rebuilder, &done.extent);
        Ok((report, conclude(&mut done.record, done.extent.finish, &mut rebuilder)))
    }
}

//! What the threads have done, step by step, noted where no explorer sees it.
//!
//! Each step has a tick before and a tick after, so that steps that did not overlap are known to
//! be in order. What a step has read and written too late is noted for the report.
use std::collections::{BTreeMap, BTreeSet};

use dm_model::errno::Code;
use dm_model::ids::TaskId;
use dm_sim::world::plan::{Action, Context, Kind};

use crate::engine::{Ghost, Note};
use crate::orderings::Site;

/// A step of a thread.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// The thread.
    pub thread: usize,
    /// What it is on `Plain`.
    pub action: Action,
    /// The label that it executed, of a step.
    pub label: Option<String>,
    /// The label after it; none when its process has ended, or when it is no step.
    pub then: Option<String>,
    /// The tick before it.
    pub begin: u64,
    /// The tick at which it probably took effect: that of its access to a word, else of its lock.
    pub at: u64,
    /// The tick after it; `None` while it is under way.
    pub end: Option<u64>,
}

/// A read that did not see the newest value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StaleRead {
    /// The thread that read.
    pub thread: usize,
    /// The tick of its step.
    pub tick: u64,
    /// What was read.
    pub word: String,
    /// What the thread saw.
    pub seen: i32,
    /// What was there.
    pub missed: i32,
    /// The thread that had written it, and the tick of its step; none for the initial value.
    pub writer: Option<(usize, u64)>,
}

/// Plain data that were touched last, by whom, and who had touched them before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Touch {
    /// The data.
    pub what: String,
    /// The thread, and the tick of its step.
    pub by: (usize, u64),
    /// The last other thread that had touched them, and the tick of its step.
    pub after: Option<(usize, u64)>,
}

/// Who wrote a word last, and what.
type Newest = BTreeMap<String, (i32, usize, u64)>;

/// The notes of a round.
#[derive(Debug, Default)]
pub struct Record {
    ticks: Note,
    threads: Vec<Ghost<Vec<Event>>>,
    jobs_done: Vec<Note>,
    ends: Ghost<Vec<(Context, Code)>>,
    at_once: Ghost<Vec<(TaskId, Code)>>,
    newest: Ghost<Newest>,
    stale: Ghost<Vec<StaleRead>>,
    touched: Ghost<Option<Touch>>,
    touches: Ghost<BTreeMap<(String, usize), u64>>,
    sites: Ghost<BTreeSet<Site>>,
}

impl Record {
    /// Of this many threads.
    pub(crate) fn new(threads: usize) -> Self {
        Self {
            threads: (0..threads).map(|_| Ghost::default()).collect(),
            jobs_done: (0..threads).map(|_| Note::default()).collect(),
            ..Self::default()
        }
    }

    /// A step begins.
    pub(crate) fn begin(&self, thread: usize, kind: Kind, label: Option<String>) {
        let begin = self.ticks.count();
        let action = Action::from(kind);
        let event = Event { thread, action, label, then: None, begin, at: begin, end: None };
        self.threads[thread].with(|events| events.push(event));
    }

    /// The step under way has taken or given back a lock.
    pub(crate) fn at_lock(&self, thread: usize) {
        let tick = self.ticks.count();
        self.threads[thread].with(|events| {
            if let Some(event) = events.last_mut().filter(|event| event.at == event.begin) {
                event.at = tick;
            }
        });
    }

    /// The step under way has accessed a word, or slept or woken.
    pub(crate) fn at_word(&self, thread: usize) {
        let tick = self.ticks.count();
        self.threads[thread].with(|events| {
            if let Some(event) = events.last_mut() {
                event.at = tick;
            }
        });
    }

    /// The step has ended.
    pub(crate) fn end(&self, thread: usize, then: Option<String>) {
        let tick = self.ticks.count();
        self.threads[thread].with(|events| {
            let event = events.last_mut().expect("a step is under way");
            (event.then, event.end) = (then, Some(tick));
        });
    }

    /// A process has ended.
    pub(crate) fn ended(&self, context: Context, code: Code) {
        self.ends.with(|ends| ends.push((context, code)));
    }

    /// A line has returned at once.
    pub(crate) fn returned(&self, task: TaskId, code: Code) {
        self.at_once.with(|lines| lines.push((task, code)));
    }

    /// A thread has ended one more of its jobs.
    pub(crate) fn job_done(&self, thread: usize) {
        self.jobs_done[thread].count();
    }

    /// How many of its jobs a thread has ended.
    pub(crate) fn jobs_done(&self, thread: usize) -> usize {
        self.jobs_done[thread].get() as usize
    }

    /// The processes that have ended.
    pub(crate) fn ends(&self) -> Vec<(Context, Code)> {
        self.ends.with(|ends| ends.clone())
    }

    /// The lines that have returned at once.
    pub(crate) fn at_once(&self) -> Vec<(TaskId, Code)> {
        self.at_once.with(|lines| lines.clone())
    }

    fn tick_of(&self, thread: usize) -> u64 {
        self.threads[thread].with(|events| events.last().map_or(0, |event| event.begin))
    }

    /// A thread has written a word.
    pub(crate) fn wrote(&self, thread: usize, word: String, value: i32) {
        let tick = self.tick_of(thread);
        self.newest.with(|newest| newest.insert(word, (value, thread, tick)));
    }

    /// A thread has read a word.
    pub(crate) fn read(&self, thread: usize, word: String, seen: i32) {
        let newest = self.newest.with(|newest| newest.get(&word).copied());
        let Some((missed, writer, at)) = newest.filter(|(value, ..)| *value != seen) else {
            return;
        };
        let tick = self.tick_of(thread);
        let stale = StaleRead { thread, tick, word, seen, missed, writer: Some((writer, at)) };
        self.stale.with(|reads| reads.push(stale));
    }

    /// A word is accessed like this.
    pub(crate) fn site(&self, site: Site) {
        self.sites.with(|sites| sites.insert(site));
    }

    /// How words were accessed.
    pub fn sites(&self) -> BTreeSet<Site> {
        self.sites.with(|sites| sites.clone())
    }

    /// A thread is about to touch plain data.
    pub(crate) fn touches(&self, thread: usize, what: String) {
        let tick = self.tick_of(thread);
        let after = self.touches.with(|touches| {
            touches.insert((what.clone(), thread), tick);
            let of_others =
                touches.iter().filter(|((it, other), _)| *it == what && *other != thread);
            of_others.map(|((_, other), tick)| (*other, *tick)).max_by_key(|(_, tick)| *tick)
        });
        let touch = Touch { what, by: (thread, tick), after };
        self.touched.with(|touched| *touched = Some(touch));
    }

    /// The plain data that were touched last.
    pub fn touched(&self) -> Option<Touch> {
        self.touched.with(|touched| touched.clone())
    }

    /// The reads that missed a write.
    pub fn stale(&self) -> Vec<StaleRead> {
        self.stale.with(|reads| reads.clone())
    }

    /// Every step of every thread, in the order of their beginnings.
    pub fn events(&self) -> Vec<Event> {
        let all = self.threads.iter().map(|events| events.with(|events| events.clone()));
        let mut events: Vec<_> = all.flatten().collect();
        events.sort_by_key(|event| event.begin);
        events
    }

    /// The steps of each thread, in its order.
    pub fn threads(&self) -> Vec<Vec<Event>> {
        self.threads.iter().map(|events| events.with(|events| events.clone())).collect()
    }
}

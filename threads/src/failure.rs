//! What an explorer has found against a window, and how it is told.
use std::fmt::Write as _;

use dm_properties::history::History;
use dm_properties::system::State;
use dm_sim::world::World;
use dm_sim::world::plan::ActionText;

use crate::ends::{Broken, finish};
use crate::engine::DATA_RACE;
use crate::record::{Event, Record, StaleRead, Touch};
use crate::replay::Replayed;

/// What a deadlock is called.
const DEADLOCK: &str = "a deadlock: every thread waits";

/// Something that must not be.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What happened, in a line.
    pub what: String,
    /// The steps of the threads, in the order in which they began.
    pub events: Vec<Event>,
    /// The reads that missed a write.
    pub stale: Vec<StaleRead>,
    /// The plain data that were touched last, where it is a matter of plain data.
    pub touched: Option<Touch>,
    /// The claims that break when the world is finished on `Plain`.
    pub broken: Vec<Broken>,
}

impl Failure {
    /// An execution that came to no end.
    pub fn stopped(text: &str, record: Option<&Record>) -> Self {
        let first = text.lines().next().unwrap_or("").trim();
        let is_race = text.contains("Causality violation") || text.contains(DATA_RACE);
        let what = if is_race {
            "a data race".to_owned()
        } else if first.starts_with("deadlock") {
            DEADLOCK.to_owned()
        } else {
            first.to_owned()
        };
        Self {
            what,
            events: record.map(Record::events).unwrap_or_default(),
            stale: record.map(Record::stale).unwrap_or_default(),
            touched: record.and_then(Record::touched).filter(|_| is_race),
            broken: Vec::new(),
        }
    }

    /// An execution that ended where no interleaving on `Plain` does.
    pub fn other_end(what: String, world: World, history: History, record: &Record) -> Self {
        let mut broken = Vec::new();
        finish(State { world, history }, &mut broken);
        Self {
            what,
            events: record.events(),
            stale: record.stale(),
            touched: None,
            broken: first_of_each(broken),
        }
    }

    /// A run that is no interleaving of `Plain`, or breaks a claim.
    pub fn no_replay(replayed: &Replayed, record: &Record) -> Self {
        let what = if replayed.order.is_some() {
            "the run breaks a claim".to_owned()
        } else {
            format!(
                "the run is no interleaving on Plain: of its {} steps, {} could be taken",
                replayed.steps, replayed.longest
            )
        };
        Self {
            what,
            events: record.events(),
            stale: Vec::new(),
            touched: None,
            broken: first_of_each(replayed.broken.clone()),
        }
    }

    /// Whether every thread waits.
    pub fn is_deadlock(&self) -> bool {
        self.what == DEADLOCK
    }

    /// What kind of failure it is, without its trail.
    pub fn kind(&self) -> String {
        let touched = self.touched.as_ref().map(|it| format!(" at {}", it.what));
        let broken = self.broken.first().map(|broken| format!("; {}", broken.claim));
        format!("{}{}{}", self.what, touched.unwrap_or_default(), broken.unwrap_or_default())
    }

    /// The failure in words: what, what each stale read missed, and the steps in the format of
    /// trails, from the world that the threads began with.
    pub fn text(&self, start: &World) -> String {
        let mut text = format!("{}\n", self.what);
        for read in &self.stale {
            let _ = writeln!(text, "{}", self.stale_text(start, read));
        }
        if let Some(touched) = &self.touched {
            let _ = writeln!(text, "{}", self.touched_text(start, touched));
        }
        for broken in &self.broken {
            let _ = writeln!(text, "it breaks {}: {}", broken.claim, broken.text);
        }
        for event in &self.events {
            let _ = writeln!(text, "{}", event_text(start, event));
        }
        text
    }

    /// A step by its thread and its tick.
    fn step_text(&self, start: &World, (thread, tick): (usize, u64)) -> String {
        let is_it = |event: &&Event| event.thread == thread && event.begin == tick;
        let found = self.events.iter().find(is_it);
        found.map_or("the beginning".to_owned(), |event| short_text(start, event))
    }

    fn touched_text(&self, start: &World, touch: &Touch) -> String {
        let by = self.step_text(start, touch.by);
        let after = touch.after.map(|step| self.step_text(start, step));
        let after = after.unwrap_or("the beginning".to_owned());
        format!("not ordered: the accesses of {by} and of {after} to {}", touch.what)
    }

    fn stale_text(&self, start: &World, read: &StaleRead) -> String {
        let reader = self.step_text(start, (read.thread, read.tick));
        let writer =
            read.writer.map_or("the beginning".to_owned(), |step| self.step_text(start, step));
        format!(
            "stale: {reader} read {} = {} and missed the {} of {writer}",
            read.word, read.seen, read.missed
        )
    }
}

/// The first breaking of each claim.
fn first_of_each(mut broken: Vec<Broken>) -> Vec<Broken> {
    broken.sort_by_key(|broken| broken.claim);
    broken.dedup_by_key(|broken| broken.claim);
    broken
}

/// A step in few words: whose, and its label.
fn short_text(start: &World, event: &Event) -> String {
    let text = ActionText { plan: start.plan(), action: event.action }.to_string();
    let text = text.trim_start_matches("step ");
    event.label.as_ref().map_or(text.to_owned(), |label| format!("{text} at {label}"))
}

/// A step as a line of a trail.
pub fn event_text(start: &World, event: &Event) -> String {
    let text = ActionText { plan: start.plan(), action: event.action }.to_string();
    let label = event.label.clone().unwrap_or_default();
    let mark = if event.end.is_none() { " (does not return)" } else { "" };
    if label.is_empty() && mark.is_empty() {
        return text;
    }
    format!("{text:<28} # {label}{mark}")
}

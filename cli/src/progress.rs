//! How far a search has come, on stderr: only where that is a terminal, or where it was asked for.
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use dm_explore::{Control, Progress};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::output::grouped;

/// A search ends after this many distinct states unless the user wants more: some gigabytes.
pub(crate) const STATE_COUNT_MAX: u64 = 5_000_000;

/// How often a line tells of the progress where stderr is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(2);

/// The searches that are under way.
pub(crate) struct Board {
    bars: MultiProgress,
    sight: Sight,
}

/// How progress is seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sight {
    Nowhere,
    Lines,
    /// An object a line.
    Objects,
    Terminal,
}

#[derive(Serialize)]
struct ProgressObject<'a> {
    kind: &'static str,
    name: &'a str,
    seconds: f64,
    states: u64,
    distinct: u64,
    depth: u32,
    distinct_a_second: u64,
    queue: u64,
    bytes: usize,
}

/// One search on the board.
pub(crate) struct Bar {
    spinner: ProgressBar,
    name: String,
    begun: Instant,
    noted: Instant,
    /// How many distinct states there were when it was first observed.
    begun_with: Option<u64>,
    sight: Sight,
}

/// So many in so many seconds, a second.
#[expect(clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a rate to a few digits")]
fn rate(count: u64, seconds: f64) -> u64 {
    (count as f64 / seconds.max(1e-3)) as u64
}

impl Board {
    /// A board that is seen where stderr is a terminal, or where `wanted`; there by programs or not.
    pub(crate) fn new(wanted: bool, json: bool) -> Self {
        let (sight, target) = if wanted && json {
            (Sight::Objects, ProgressDrawTarget::hidden())
        } else if io::stderr().is_terminal() {
            (Sight::Terminal, ProgressDrawTarget::stderr())
        } else if wanted {
            (Sight::Lines, ProgressDrawTarget::hidden())
        } else {
            (Sight::Nowhere, ProgressDrawTarget::hidden())
        };
        Self { bars: MultiProgress::with_draw_target(target), sight }
    }

    /// Writes to stdout without the board getting in the way.
    pub(crate) fn suspend<R>(&self, write: impl FnOnce() -> R) -> R {
        self.bars.suspend(write)
    }

    /// A search begins.
    pub(crate) fn begin(&self, name: &str) -> Bar {
        let style = ProgressStyle::with_template("{spinner} {elapsed:>4} {msg}");
        let spinner = ProgressBar::new_spinner()
            .with_style(style.expect("the template is right"))
            .with_message(name.to_owned());
        let spinner = self.bars.add(spinner);
        spinner.enable_steady_tick(Duration::from_millis(200));
        let now = Instant::now();
        let (name, begun_with) = (name.to_owned(), None);
        Bar { spinner, name, begun: now, noted: now, begun_with, sight: self.sight }
    }
}

impl Bar {
    /// The observer of the search.
    pub(crate) fn observe(&mut self, progress: &Progress) -> Control {
        let seconds = self.begun.elapsed().as_secs_f64();
        let begun_with = *self.begun_with.get_or_insert(progress.states);
        let rate = rate(progress.states - begun_with, seconds);
        if self.sight == Sight::Objects {
            self.tell_object(progress, seconds, rate);
            return Control::Continue;
        }
        let text = format!(
            "{}: {} states, {} distinct, depth {}, {}/s, {} to expand, {} MiB",
            self.name,
            grouped(progress.transitions),
            grouped(progress.states),
            progress.depth,
            grouped(rate),
            grouped(progress.frontier),
            grouped((progress.bytes >> 20) as u64),
        );
        self.tell(text);
        Control::Continue
    }

    fn tell_object(&mut self, progress: &Progress, seconds: f64, rate: u64) {
        if self.noted.elapsed() < LINE_INTERVAL {
            return;
        }
        self.noted = Instant::now();
        let object = ProgressObject {
            kind: "progress",
            name: &self.name,
            seconds,
            states: progress.transitions,
            distinct: progress.states,
            depth: progress.depth,
            distinct_a_second: rate,
            queue: progress.frontier,
            bytes: progress.bytes,
        };
        let text = serde_json::to_string(&object).expect("it has string keys only");
        crate::note(&text);
    }

    /// So many of all are done.
    pub(crate) fn count(&mut self, done: usize, all: usize) {
        self.tell(format!("{}: {done} of {all} runs", self.name));
    }

    fn tell(&mut self, text: String) {
        match self.sight {
            Sight::Nowhere | Sight::Objects => {}
            Sight::Lines if self.noted.elapsed() < LINE_INTERVAL => {}
            Sight::Lines => {
                self.noted = Instant::now();
                crate::note(&text);
            }
            Sight::Terminal => self.spinner.set_message(text),
        }
    }

    /// The search is over.
    pub(crate) fn end(self) {
        let seconds = self.begun.elapsed().as_secs_f64();
        let text = format!("{}: {seconds:.1} s", self.name);
        match self.sight {
            Sight::Nowhere | Sight::Objects => {}
            Sight::Lines => crate::note(&text),
            Sight::Terminal => self.spinner.println(text),
        }
        self.spinner.finish_and_clear();
    }
}

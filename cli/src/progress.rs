//! How far a search has come, on stderr: only where that is a terminal, or where it was asked for.
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use dm_explore::{Control, Progress};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

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
    Terminal,
}

/// One search on the board.
pub(crate) struct Bar {
    spinner: ProgressBar,
    name: String,
    begun: Instant,
    noted: Instant,
    sight: Sight,
}

impl Board {
    /// A board that is seen where stderr is a terminal, or where `wanted`.
    pub(crate) fn new(wanted: bool) -> Self {
        let (sight, target) = if io::stderr().is_terminal() {
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
        Bar { spinner, name: name.to_owned(), begun: now, noted: now, sight: self.sight }
    }
}

impl Bar {
    /// The observer of the search.
    pub(crate) fn observe(&mut self, progress: &Progress) -> Control {
        let states = grouped(progress.states);
        let frontier = grouped(progress.frontier);
        let text = format!(
            "{}: {states} states, depth {}, {frontier} to expand",
            self.name, progress.depth
        );
        self.tell(text);
        Control::Continue
    }

    /// So many of all are done.
    pub(crate) fn count(&mut self, done: usize, all: usize) {
        self.tell(format!("{}: {done} of {all} runs", self.name));
    }

    fn tell(&mut self, text: String) {
        match self.sight {
            Sight::Nowhere => {}
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
            Sight::Nowhere => {}
            Sight::Lines => crate::note(&text),
            Sight::Terminal => self.spinner.println(text),
        }
        self.spinner.finish_and_clear();
    }
}

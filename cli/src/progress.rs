//! How far a search has come, on stderr: only where that is a terminal, or where it was asked for.
use std::io::{self, IsTerminal};
use std::time::Duration;

use dm_explore::{Control, Progress};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::grouped;

/// A search ends after this many distinct states unless the user wants more: some gigabytes.
pub(crate) const STATE_COUNT_MAX: u64 = 5_000_000;

/// The searches that are under way.
pub(crate) struct Board {
    bars: MultiProgress,
    is_plain: bool,
}

/// One search on the board.
pub(crate) struct Bar {
    bar: ProgressBar,
    name: String,
    is_plain: bool,
}

impl Board {
    /// A board that is seen where stderr is a terminal, or where `wanted`.
    pub(crate) fn new(wanted: bool) -> Self {
        let is_terminal = io::stderr().is_terminal();
        let target =
            if is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { bars: MultiProgress::with_draw_target(target), is_plain: wanted && !is_terminal }
    }

    /// A search begins.
    pub(crate) fn begin(&self, name: &str) -> Bar {
        let style = ProgressStyle::with_template("{spinner} {elapsed:>4} {msg}");
        let bar = ProgressBar::new_spinner()
            .with_style(style.expect("the template is right"))
            .with_message(name.to_owned());
        let bar = self.bars.add(bar);
        bar.enable_steady_tick(Duration::from_millis(200));
        Bar { bar, name: name.to_owned(), is_plain: self.is_plain }
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
        if self.is_plain {
            crate::note(&text);
        } else {
            self.bar.set_message(text);
        }
        Control::Continue
    }

    /// The search is over.
    pub(crate) fn end(self) {
        self.bar.finish_and_clear();
    }
}

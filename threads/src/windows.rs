//! The critical windows: which steps may meet, each pair and triple by itself.
use dm_model::era::Era;
use dm_sim::world::config::TextError;

use crate::window::{MARK, Window};

/// A window of the project.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The name on the command line.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The bound on preemptions of a quick run; none where loom completes without one in seconds.
    pub bound: Option<usize>,
    /// The bound of a deep run; none where loom completes without one in 20 seconds.
    pub deep: Option<usize>,
}

impl Named {
    /// The window.
    ///
    /// # Errors
    /// With file, line and column, when its text is none.
    pub fn window(&self) -> Result<Window, TextError> {
        Window::parse(self.name, self.text)
    }

    /// The text of the same window of another kernel.
    pub fn text_of(&self, era: Era) -> String {
        at_era(self.text, era)
    }
}

/// The text of a window with another kernel.
pub fn at_era(text: &str, era: Era) -> String {
    let lines = text.lines().map(|line| match line.strip_prefix(MARK) {
        Some(_) => format!("{MARK}{}", era.name()),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The windows that are listed here, and the bound that each gets.
macro_rules! windows {
    ($($name:literal $bound:expr, $deep:expr;)*) => {
        /// Every window.
        pub const WINDOWS: &[Named] = &[$(Named {
            name: $name,
            text: include_str!(concat!("../windows/", $name, ".window")),
            bound: $bound,
            deep: $deep,
        },)*];
    };
}

/// Preemptions in the windows that loom does not complete without a bound.
pub const BOUND: usize = 2;
/// The same, for a deep run.
const DEEP_BOUND: usize = 3;

windows! {
    "two-ends" None, None;
    "error-end" None, None;
    "end-tail" None, None;
    "requeue-tail" None, None;
    "two-requeues-tail" Some(BOUND), None;
    "requeue-error-tail" None, None;
    "requeue-signal-tail" Some(BOUND), Some(DEEP_BOUND);
    "requeue-error-signal-tail" Some(BOUND), Some(DEEP_BOUND);
    "signal-sleep" None, None;
    "signal-end-sleep" Some(BOUND), None;
    "submit-submit" None, None;
    "submit-block" None, None;
    "submit-block-signal" None, None;
    "queue-io-resume" None, None;
    "resume-submit" None, None;
    "presuspend-map" None, None;
    "worker-presuspend" None, None;
    "worker-flag-clear" Some(BOUND), Some(DEEP_BOUND);
    "fail-path-map" None, None;
    "fail-reinstate-map" None, None;
    "two-suspenders" None, None;
    "table-swap" None, None;
    "event-swap" None, None;
    "submit-resize" None, None;
    "open-remove" None, None;
    "close-remove" None, None;
    "cycle" Some(BOUND), Some(BOUND);
}

/// The window with this name.
pub fn find(name: &str) -> Option<&'static Named> {
    WINDOWS.iter().find(|named| named.name == name)
}

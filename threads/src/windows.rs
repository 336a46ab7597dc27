//! The critical windows: which steps may meet, each pair and triple by itself.
use dm_sim::world::config::TextError;

use crate::window::Window;

/// A window of the project.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The name on the command line.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The bound on preemptions; none where loom completes without one.
    pub bound: Option<usize>,
}

impl Named {
    /// The window.
    ///
    /// # Errors
    /// With file, line and column, when its text is none.
    pub fn window(&self) -> Result<Window, TextError> {
        Window::parse(self.name, self.text)
    }
}

/// The windows that are listed here, and the bound that each gets.
macro_rules! windows {
    ($($name:literal $bound:expr;)*) => {
        /// Every window.
        pub const WINDOWS: &[Named] = &[$(Named {
            name: $name,
            text: include_str!(concat!("../windows/", $name, ".window")),
            bound: $bound,
        },)*];
    };
}

/// Preemptions in the windows that loom does not complete without a bound.
pub const BOUND: usize = 2;
/// The same, for a deep run.
pub const DEEP_BOUND: usize = 3;

windows! {
    "two-ends" None;
    "error-end" None;
    "end-tail" None;
    "requeue-tail" None;
    "two-requeues-tail" Some(BOUND);
    "requeue-error-tail" Some(BOUND);
    "requeue-signal-tail" Some(BOUND);
    "requeue-error-signal-tail" Some(BOUND);
    "signal-sleep" None;
    "signal-end-sleep" Some(BOUND);
    "submit-submit" None;
    "submit-block" None;
    "submit-block-signal" None;
    "queue-io-resume" None;
    "resume-submit" None;
    "presuspend-map" None;
    "worker-presuspend" None;
    "worker-flag-clear" Some(BOUND);
    "fail-path-map" None;
    "fail-reinstate-map" None;
    "two-suspenders" None;
    "table-swap" None;
    "event-swap" None;
    "submit-resize" None;
    "open-remove" None;
    "close-remove" None;
    "cycle" Some(BOUND);
}

/// The window with this name.
pub fn find(name: &str) -> Option<&'static Named> {
    WINDOWS.iter().find(|named| named.name == name)
}

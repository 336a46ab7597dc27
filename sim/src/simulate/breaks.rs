//! What a run reports: a claim that did not hold, and what is known of why.
use super::oracle::Cause;

/// What a broken claim shows of its cause, by which a finding is known again.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sign {
    /// Nothing in particular.
    None,
    /// An error without a path while a suspend that a signal ended had left the policy off.
    PolicyLeftOff,
    /// The same of a suspend that failed otherwise, as where `lock_fs` does.
    PolicyLeftOffByError,
    /// An error without a path while a suspend was sent a signal.
    Signalled,
    /// An error without a path while a noflush suspend was to keep the I/O.
    NoflushSuspend,
    /// The label at which it happened.
    Label(String),
    /// Where the kernel stopped.
    Stopped(&'static str),
    /// A target has a path and I/O that waits, and chose no path yet.
    QueuedBeforeFirstPath,
    /// A device was suspended with noflush before it had a table: no table has its size.
    SuspendedWithoutTable,
    /// An fsync holds `i_mutex`, for which a swap waits.
    InodeMutex,
}

/// How a suspend failed that has left the policy aside: what a signal does says most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) enum LeftBy {
    /// With -EINTR.
    #[default]
    Signal,
    /// With another error.
    Error,
}

/// Until when the policy of a device may be left aside, and by what.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LeftOff {
    pub(super) until: u64,
    pub(super) by: LeftBy,
}

/// What the oracle of errors says of a cause.
pub(super) fn sign_of(cause: Option<Cause>) -> Sign {
    match cause {
        None => Sign::None,
        Some(Cause::PolicyLeftOff) => Sign::PolicyLeftOff,
        Some(Cause::Signalled) => Sign::Signalled,
        Some(Cause::NoflushSuspend) => Sign::NoflushSuspend,
    }
}

/// A claim that did not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Break {
    /// Its name.
    pub claim: &'static str,
    /// What is known of its cause.
    pub sign: Sign,
    /// What was expected and found, in one line.
    pub text: String,
    /// When, in nanoseconds.
    pub time: u64,
}

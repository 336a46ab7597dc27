//! How the program ends: the exit codes that scripts may rely on, and what ends it early.
use std::io;
use std::process::ExitCode;

/// An exit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// As it should be.
    Ok = 0,
    /// A deadlock, or an I/O that is lost.
    Stuck = 11,
    /// A claim is broken, or the output is not as expected.
    Safety = 12,
    /// A liveness claim is broken by a run that goes on for ever.
    Liveness = 13,
    /// The command line or a text is wrong.
    Usage = 64,
    /// A kernel, an emulator or another program is missing.
    Unavailable = 69,
    /// The output cannot be written.
    Output = 74,
    /// A limit was reached before the end.
    Limit = 75,
    /// The reader of the output has gone: what a shell reports of a program that SIGPIPE ended.
    BrokenPipe = 141,
}

impl Exit {
    /// The number.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why the program cannot go on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What the user gave is not usable; where and why.
    Input(String),
    /// What a real kernel needs is missing: what, and how to get it.
    Unavailable(String),
    /// There is more to do than the program is ready to do.
    Limit(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// What the user is told; nothing when nobody listens any more.
    pub(crate) fn message(&self) -> Option<String> {
        match self {
            Self::Input(message) | Self::Unavailable(message) | Self::Limit(message) => {
                Some(message.clone())
            }
            Self::Output(_) if self.is_broken_pipe() => None,
            Self::Output(error) => Some(format!("cannot write the output: {error}")),
        }
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Input(_) => Exit::Usage,
            Self::Unavailable(_) => Exit::Unavailable,
            Self::Limit(_) => Exit::Limit,
            Self::Output(_) if self.is_broken_pipe() => Exit::BrokenPipe,
            Self::Output(_) => Exit::Output,
        }
    }

    fn is_broken_pipe(&self) -> bool {
        match self {
            Self::Input(_) | Self::Unavailable(_) | Self::Limit(_) => false,
            Self::Output(error) => error.kind() == io::ErrorKind::BrokenPipe,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

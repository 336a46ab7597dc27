//! Scenario text: what it may say, its parse with places, and its canonical print.
//!
//! A file is a header, a body of dmsetup's verbs and of verbs on disks, and the expected output:
//! that of the model era by era, and what real kernels printed where that differs.
//! It is flat: no loops, no variables. Whether a table is one that a kernel would take is not
//! judged here, because a scenario may show how a kernel refuses it; see `table`.
//! The verbs are those of dmsetup, and a few for disks, faults and schedules (ARCHITECTURE.md).
//!
//! ```text
//! # prose; a comment has a line of its own
//! era: 2.6.20 2.6.19
//! mode: bio rq
//!
//! disk sda 2048
//! create mp
//!   0 2048 linear /dev/sda 0
//! suspend mp --noflush --tag s &
//! io 1 mp w 0 8
//! wait s
//! ----
//! output lines, verbatim, for every era that has no block of its own
//! ---- 2.6.19
//! output lines for this era
//! ---- kernel 6.1 6.12 rq
//! # why real kernels of these versions, request-based, print something else
//! output lines of theirs
//! ```
mod args;
mod error;
mod kernel;
mod lex;
mod line;
mod parse;
mod print;
mod record;
mod scope;
#[cfg(test)]
mod tests;
mod text;
mod verb;

pub use error::{ParseError, Warning};
pub use lex::lint;
pub use parse::parse;
pub use record::with_recorded;
pub use verb::{Answer, Call, Direction, Fault, Hook, PgInitFault, SuspendFlags, Verb};

use lex::Join;

/// How many sectors one bio may have: 16 KiB, so that its fragments stay few.
pub const IO_SECTOR_COUNT_MAX: u32 = 32;
/// How many sectors a disk may have.
pub const DISK_SECTOR_COUNT_MAX: u64 = 1 << 32;
/// How many characters a name may have (`DM_NAME_LEN` without the zero byte).
pub const NAME_LENGTH_MAX: usize = 127;

/// One scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scenario {
    /// The stem of the file's name.
    pub name: String,
    /// What the file is for.
    pub header: Header,
    /// The comments before and inside the header.
    pub prose: Vec<String>,
    /// What is done, at least one line.
    pub lines: Vec<Line>,
    /// The comments between the last line and the expected output.
    pub afterword: Vec<String>,
    /// What the eras print; empty when that has not been recorded yet.
    pub expected: Vec<Expected>,
    /// What real kernels print. Several blocks of one kernel and mode are a set: each of them may
    /// be observed.
    pub recorded: Vec<Recorded>,
}

/// What a scenario is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// The first is the default. Empty only when `modes` is `rq` alone, which no era has.
    pub eras: Vec<String>,
    /// The kinds of queue that real kernels run it in, at least one, each once.
    pub modes: Vec<Mode>,
    /// Why no real kernel can be made to do this.
    pub model_only: Option<String>,
}

/// The kind of queue that the mapped devices have.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Mode {
    /// `bio`: bio-based.
    #[default]
    Bio,
    /// `rq`: request-based.
    Rq,
}

/// One line of the body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The line of the file, counted from 1.
    pub number: u32,
    /// The column of the verb, counted from 1.
    pub column: u32,
    /// The comments before it.
    pub prose: Vec<String>,
    /// As it was written, but with single spaces, on one line and without the table.
    pub text: String,
    /// What it says.
    pub verb: Verb,
}

/// One line of a table, continuations joined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableLine {
    /// The line of the file, counted from 1.
    pub line: u32,
    /// The column of the first character of the text, counted from 1.
    pub column: u32,
    /// Without white space at either end.
    pub text: String,
    joins: Vec<Join>,
}

/// Output that is expected of some eras.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expected {
    /// The eras; empty for all eras of the header that no other block names.
    pub eras: Vec<String>,
    /// The lines, each with its line feed.
    pub text: String,
    /// The line of the `----`, counted from 1.
    pub line: u32,
}

/// Output that was observed on real kernels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// Versions, each the beginning of what `uname -r` says; at least one.
    pub kernels: Vec<String>,
    /// The kind of queue.
    pub mode: Mode,
    /// Why it is so, line by line; empty when nobody has written it yet.
    pub reason: Vec<String>,
    /// The lines, each with its line feed.
    pub text: String,
    /// The line of the `----`, counted from 1.
    pub line: u32,
}

impl Scenario {
    /// What this era of the header is expected to print, if that was recorded.
    pub fn expected_for(&self, era: &str) -> Option<&str> {
        let is_for = |block: &&Expected| block.eras.iter().any(|name| name == era);
        let of_its_own = self.expected.iter().find(is_for);
        let in_header = self.header.eras.iter().any(|name| name == era);
        let of_all = || self.expected.iter().find(|block| in_header && block.eras.is_empty());
        of_its_own.or_else(of_all).map(|block| block.text.as_str())
    }

    /// What the kernel `release` (`uname -r`) printed in this mode: any of these may be observed.
    ///
    /// A version names all kernels that have more behind it: 6.1 names 6.1.176 and not 6.12.
    /// Where versions of several lengths do, the blocks with the longest override the others.
    pub fn recorded_for(&self, release: &str, mode: Mode) -> Vec<&Recorded> {
        let of_mode = self.recorded.iter().filter(|block| block.mode == mode);
        let naming: Vec<_> =
            of_mode.filter_map(|block| Some((block.exactness(release)?, block))).collect();
        let longest = naming.iter().map(|(length, _)| *length).max();
        let nearest = naming.into_iter().filter(|(length, _)| Some(*length) == longest);
        nearest.map(|(_, block)| block).collect()
    }

    /// The same scenario with every line and column 0, which makes two texts comparable.
    #[must_use]
    pub fn without_positions(mut self) -> Self {
        for line in &mut self.lines {
            (line.number, line.column) = (0, 0);
            for row in line.verb.table_mut().into_iter().flatten() {
                *row = TableLine::new(0, 0, &row.text);
            }
        }
        for block in &mut self.expected {
            block.line = 0;
        }
        for block in &mut self.recorded {
            block.line = 0;
        }
        self
    }
}

impl Mode {
    /// The word of the header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bio => "bio",
            Self::Rq => "rq",
        }
    }
}

impl TableLine {
    /// A line of a table that stands in the file as it is.
    pub fn new(line: u32, column: u32, text: &str) -> Self {
        Self { line, column, text: text.to_owned(), joins: Vec::new() }
    }

    /// What `table::parse_table` takes.
    pub fn placed(&self) -> (u32, u32, &str) {
        (self.line, self.column, &self.text)
    }

    /// The line and the column of the file of what `table::parse_table`, which takes the text for
    /// one line that starts at `self.column`, calls `column`.
    pub fn place(&self, column: u32) -> (u32, u32) {
        let offset = column.saturating_sub(self.column);
        if self.joins.is_empty() {
            return (self.line, self.column.saturating_add(offset));
        }
        let place = lex::place_in(&self.joins, offset);
        (place.line, place.column)
    }
}

impl Line {
    /// A line that was not read from a file.
    pub fn new(verb: Verb) -> Self {
        Self { number: 0, column: 0, prose: Vec::new(), text: verb.to_string(), verb }
    }
}

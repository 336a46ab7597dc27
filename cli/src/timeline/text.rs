//! Rows for people: fixed columns, changed state at the end, observations on lines of their own.
use std::io;

use super::{Row, change, turns};
use crate::output::{Output, WIDTH};

/// How wide the column of processes may become.
const PROCESS_WIDTH_MAX: usize = 24;
/// Where observations begin.
const OBSERVATION_INDENT: usize = 10;

/// How rows are laid out.
pub(crate) struct Layout {
    process_width: usize,
    what_width: usize,
    /// Whether rows are turns: labels stand where functions would, and need no column.
    are_turns: bool,
}

/// What is told at a step besides the step.
pub(crate) struct Mark<'a> {
    /// The number of the step.
    pub(crate) step: usize,
    /// The text below it.
    pub(crate) text: &'a str,
}

impl Layout {
    /// The columns that these rows need.
    pub(crate) fn of(rows: &[Row]) -> Self {
        let is_step = |row: &&Row| row.label.is_some();
        let width = |text: &str| text.chars().count();
        let processes = rows.iter().map(|row| width(&row.process));
        let whats = rows.iter().filter(is_step).map(|row| width(&row.what));
        Self {
            process_width: processes.max().unwrap_or(0).min(PROCESS_WIDTH_MAX),
            what_width: whats.max().unwrap_or(0),
            are_turns: rows.iter().all(|row| row.label.is_none()),
        }
    }

    /// A line a row, and a mark below each row that has one.
    pub(crate) fn rows(
        &self,
        output: &mut Output<'_>,
        rows: &[Row],
        marks: &[Mark<'_>],
    ) -> io::Result<()> {
        for row in rows {
            let marks: Vec<_> = marks.iter().filter(|mark| mark.step == row.step).collect();
            self.row(output, row, !marks.is_empty())?;
            for mark in marks {
                output.line(format_args!("{:OBSERVATION_INDENT$}!! {}", "", mark.text))?;
            }
        }
        Ok(())
    }

    /// The rows with those of the `create` lines at the start drawn together, one a line.
    pub(crate) fn with_folded_start(rows: &[Row]) -> Vec<Row> {
        let begins_create = |row: &Row| match &row.line {
            Some(line) => Some(line.starts_with("create ")),
            None => None,
        };
        let other = rows.iter().position(|row| begins_create(row) == Some(false));
        let (start, rest) = rows.split_at(other.unwrap_or(rows.len()));
        let mut folded: Vec<Row> = Vec::new();
        for group in start.chunk_by(|_, next| next.line.is_none() || !is_new_line(start, next)) {
            folded.push(turns::folded(group));
        }
        folded.extend_from_slice(rest);
        folded
    }

    fn row(&self, output: &mut Output<'_>, row: &Row, is_marked: bool) -> io::Result<()> {
        let Self { process_width, what_width, are_turns } = *self;
        let number = row.at.unwrap_or(row.step as u64);
        let sign = if is_marked { '!' } else { ' ' };
        let label = row.label.as_deref().unwrap_or("");
        let mut text = format!("{number:>6}{sign} {:<process_width$}  ", row.process);
        if row.line.is_some() || are_turns {
            text.push_str(&row.what);
        } else {
            text.push_str(&format!("{label:<4} {:<what_width$}", row.what));
        }
        let tokens: Vec<String> =
            row.does.iter().cloned().chain(change::shown(&row.changes)).collect();
        let indent = process_width + 4 + OBSERVATION_INDENT;
        for line in filled(text, &tokens, indent) {
            output.line(line)?;
        }
        row.observed.iter().try_for_each(|text| observation(output, text))
    }
}

/// Whether a row begins another line of the file than the row before it did.
fn is_new_line(rows: &[Row], row: &Row) -> bool {
    let before = rows[..row.step - rows[0].step].iter().rev().find(|row| row.line.is_some());
    before.is_none_or(|before| before.process != row.process)
}

/// Something that can be seen from outside the kernel; what it says itself is indented further.
pub(crate) fn observation(output: &mut Output<'_>, text: &str) -> io::Result<()> {
    let arrow = if text.starts_with(' ') { "  " } else { "=>" };
    output.line(format_args!("{:OBSERVATION_INDENT$}{arrow} {text}", ""))
}

/// The tokens behind the text, and on further lines where the first is full.
fn filled(text: String, tokens: &[String], indent: usize) -> Vec<String> {
    let width = |text: &str| text.chars().count();
    let mut lines = vec![text];
    for token in tokens {
        let last = lines.last_mut().expect("there is always one");
        let is_fresh = last.trim().is_empty();
        if is_fresh || width(last) + 2 + width(token) <= WIDTH {
            last.push_str(if is_fresh { "" } else { "  " });
            last.push_str(token);
        } else {
            lines.push(format!("{:indent$}{token}", ""));
        }
    }
    lines
}

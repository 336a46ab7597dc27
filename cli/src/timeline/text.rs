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

    /// The rows with those of the `create` lines at the start drawn together, one a line, unless
    /// one of them `is_alone`.
    pub(crate) fn with_folded_start(rows: &[Row], is_alone: impl Fn(&Row) -> bool) -> Vec<Row> {
        let is_other = |row: &Row| row.line.as_ref().is_some_and(|line| !is_create(line));
        let (start, rest) = rows.split_at(rows.iter().position(is_other).unwrap_or(rows.len()));
        if start.iter().any(is_alone) {
            return rows.to_vec();
        }
        let mut groups: Vec<Vec<Row>> = Vec::new();
        for row in start {
            match groups.last_mut() {
                Some(group) if row.line.is_none() || group[0].process == row.process => {
                    group.push(row.clone());
                }
                _ => groups.push(vec![row.clone()]),
            }
        }
        let mut folded: Vec<Row> = groups.iter().map(|group| turns::folded(group)).collect();
        folded.extend_from_slice(rest);
        folded
    }

    fn row(&self, output: &mut Output<'_>, row: &Row, is_marked: bool) -> io::Result<()> {
        let Self { process_width, what_width, are_turns } = *self;
        let number = row.at.unwrap_or(row.step as u64);
        let sign = if is_marked { '!' } else { ' ' };
        let label = row.label.as_deref().unwrap_or("");
        let start = format!("{number:>6}{sign} {:<process_width$}  ", row.process);
        let indent = start.chars().count();
        let mut lines = vec![start];
        if are_turns && row.line.is_none() {
            fill(&mut lines, row.what.split(' '), " ", indent);
        } else {
            let what = if row.line.is_some() {
                row.what.clone()
            } else {
                format!("{label:<4} {:<what_width$}  ", row.what)
            };
            lines[0].push_str(&what);
        }
        let changes = change::shown(&row.changes);
        let tokens = row.does.iter().chain(&changes).map(String::as_str);
        fill(&mut lines, tokens, "  ", indent + 5);
        lines.iter().try_for_each(|line| output.line(line))?;
        row.observed.iter().try_for_each(|text| observation(output, text))
    }
}

fn is_create(line: &str) -> bool {
    line.split(' ').next() == Some("create")
}

/// Something that can be seen from outside the kernel; what it says itself is indented further.
pub(crate) fn observation(output: &mut Output<'_>, text: &str) -> io::Result<()> {
    let arrow = if text.starts_with(' ') { "  " } else { "=>" };
    output.line(format_args!("{:OBSERVATION_INDENT$}{arrow} {text}", ""))
}

/// The tokens behind the last line, and on further lines where it is full.
fn fill<'a>(
    lines: &mut Vec<String>,
    tokens: impl Iterator<Item = &'a str>,
    between: &str,
    indent: usize,
) {
    let width = |text: &str| text.chars().count();
    for token in tokens {
        let last = lines.last_mut().expect("there is always one");
        let is_fresh = last.ends_with("  ");
        if is_fresh {
            last.push_str(token);
        } else if width(last) + between.len() + width(token) <= WIDTH {
            last.push_str(between);
            last.push_str(token);
        } else {
            lines.push(format!("{:indent$}{token}", ""));
        }
    }
}

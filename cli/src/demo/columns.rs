//! Two stories side by side, with what they have in common on the same rows.
use std::io;

use super::story::Chapter;
use crate::diff::{Side, sides};
use crate::output::{Output, WIDTH};

/// One of two stories.
pub(super) struct Column<'a> {
    /// What stands above it.
    pub(super) head: &'a str,
    /// The story.
    pub(super) chapters: &'a [Chapter],
}

const BETWEEN: &str = " | ";
const COLUMN_WIDTH: usize = (WIDTH - BETWEEN.len() - 2) / 2;

/// The two columns.
pub(super) fn lines(
    output: &mut Output<'_>,
    left: &Column<'_>,
    right: &Column<'_>,
) -> io::Result<()> {
    row(output, left.head, right.head)?;
    row(output, &"-".repeat(COLUMN_WIDTH), &"-".repeat(COLUMN_WIDTH))?;
    let count = left.chapters.len().max(right.chapters.len());
    for index in 0..count {
        let (one, other) = (left.chapters.get(index), right.chapters.get(index));
        row(output, &typed(one), &typed(other))?;
        let told =
            |chapter: Option<&Chapter>| chapter.map_or(Vec::new(), |chapter| chapter.told.clone());
        for (one, other) in paired(&told(one), &told(other)) {
            row(output, &one, &other)?;
        }
    }
    Ok(())
}

fn typed(chapter: Option<&Chapter>) -> String {
    chapter.map_or(String::new(), |chapter| format!("> {}", chapter.typed))
}

/// Equal lines beside each other; between those, what is different from the top on.
fn paired(left: &[String], right: &[String]) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for side in sides(left, right) {
        match side {
            Side::First(line) => ones.push(line),
            Side::Second(line) => others.push(line),
            Side::Both(line) => {
                flush(&mut rows, &mut ones, &mut others);
                rows.push((format!("  {line}"), format!("  {line}")));
            }
        }
    }
    flush(&mut rows, &mut ones, &mut others);
    rows
}

fn flush<'a>(rows: &mut Vec<(String, String)>, ones: &mut Vec<&'a str>, others: &mut Vec<&'a str>) {
    let cell = |lines: &[&str], index: usize| {
        lines.get(index).map_or(String::new(), |line| format!("  {line}"))
    };
    for index in 0..ones.len().max(others.len()) {
        rows.push((cell(ones, index), cell(others, index)));
    }
    ones.clear();
    others.clear();
}

fn row(output: &mut Output<'_>, left: &str, right: &str) -> io::Result<()> {
    output.line(format_args!("  {left:<COLUMN_WIDTH$}{BETWEEN}{right}"))
}

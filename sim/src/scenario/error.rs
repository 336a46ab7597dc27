//! How the parser says what is wrong: one line, lower case, with its place in the file.
//!
//! Never prints, and never repeats a long or unprintable word as it stands.
use super::lex::Word;
use std::fmt;
use thiserror::Error;

/// Why a text is not a scenario: what was found where, and what was expected.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct ParseError {
    /// The file as the caller named it.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted in characters from 1; a tab is one character.
    pub column: u32,
    /// What was found and what was expected.
    pub message: String,
}

/// What is allowed but ought to be written differently.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// The file as the caller named it.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted in characters from 1.
    pub column: u32,
    /// What ought to be different.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// A place in the file, both numbers counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) line: u32,
    pub(super) column: u32,
}

/// A `ParseError` that does not know its file yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refusal {
    pub(super) place: Place,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into() }
    }

    pub(super) fn found(place: Place, found: &str, expected: &str) -> Self {
        Self::new(place, format!("found {}, expected {expected}", shown(found)))
    }

    pub(super) fn in_file(self, file: &str) -> ParseError {
        let Place { line, column } = self.place;
        ParseError { file: file.to_owned(), line, column, message: self.message }
    }
}

/// What to add to what was expected, where a comment was found instead.
pub(super) fn comment_hint(word: &Word) -> &'static str {
    if word.text.starts_with('#') { "; a comment has a line of its own" } else { "" }
}

/// How many characters of a word a message repeats.
const SHOWN_COUNT_MAX: usize = 40;

/// The word in back quotes, on one line and of bounded length.
pub(super) fn shown(word: &str) -> String {
    let mut text = String::from("`");
    for (count, character) in word.chars().enumerate() {
        if count == SHOWN_COUNT_MAX {
            text.push_str("..");
            break;
        }
        if character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    text.push('`');
    text
}

/// The one of `known` that needs the fewest edits, if it is near enough to be what was meant.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().count() > SHOWN_COUNT_MAX {
        return None;
    }
    let (distance, name) =
        known.map(|name| (edit_distance(word, name), name)).min_by_key(|near| near.0)?;
    let changed_less_than_half = distance * 2 <= name.chars().count().max(2);
    changed_less_than_half.then_some(name)
}

/// How many characters must be put in, taken out, replaced or exchanged with their neighbour.
fn edit_distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().collect();
    let to: Vec<char> = to.chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for i in 1..=from.len() {
        let mut row = vec![i];
        for j in 1..=to.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            let exchanged = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            if exchanged {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_suggested_and_a_far_one_is_not() {
        let known = ["suspend", "resume", "io"];
        assert_eq!(nearest("supsend", known.into_iter()), Some("suspend"));
        assert_eq!(nearest("resum", known.into_iter()), Some("resume"));
        assert_eq!(nearest("frobnicate", known.into_iter()), None);
    }

    #[test]
    fn exchanged_neighbours_are_one_edit() {
        assert_eq!(edit_distance("supsend", "suspend"), 1);
        assert_eq!(edit_distance("", "io"), 2);
        assert_eq!(edit_distance("load", "reload"), 2);
    }

    #[test]
    fn a_long_or_unprintable_word_is_shown_short_and_on_one_line() {
        assert_eq!(shown("a\u{1b}b"), "`a\\u{1b}b`");
        assert_eq!(shown(&"x".repeat(50)), format!("`{}..`", "x".repeat(40)));
    }
}

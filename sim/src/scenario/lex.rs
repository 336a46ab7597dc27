//! From the text of a file to lines that know where each of their characters stood, and to words.
//!
//! Never knows a verb. A trailing backslash joins lines; a line that starts with `#` is prose.
use super::error::{Place, Refusal, Warning};

/// How many columns a line may have that is to be pasted into a mail.
const COLUMN_COUNT_MAX: usize = 72;

/// Where the characters of a joined text from `offset` on stood.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Join {
    pub(super) offset: u32,
    pub(super) place: Place,
}

/// The place of the character at `offset` of a text made of these joins.
pub(super) fn place_in(joins: &[Join], offset: u32) -> Place {
    let join = joins.iter().rev().find(|join| join.offset <= offset).or(joins.first());
    let Some(join) = join else { return Place { line: 0, column: 0 } };
    let along = offset.saturating_sub(join.offset);
    Place { line: join.place.line, column: join.place.column.saturating_add(along) }
}

/// One line of the header or the body, its continuations joined to it by one space each.
#[derive(Clone, Debug)]
pub(super) struct Logical {
    /// Whether the line starts with white space, as the lines of a table do.
    pub(super) indented: bool,
    /// Without white space at either end.
    pub(super) text: String,
    pub(super) joins: Vec<Join>,
}

impl Logical {
    pub(super) fn place(&self, offset: u32) -> Place {
        place_in(&self.joins, offset)
    }

    /// The place right behind the last character.
    pub(super) fn end(&self) -> Place {
        self.place(length(&self.text))
    }

    /// The joins of the part of the text from `offset` on.
    pub(super) fn joins_from(&self, offset: u32) -> Vec<Join> {
        let first = Join { offset: 0, place: self.place(offset) };
        let rest = self.joins.iter().filter(|join| join.offset > offset);
        let shifted = rest.map(|join| Join { offset: join.offset - offset, place: join.place });
        std::iter::once(first).chain(shifted).collect()
    }

    /// The words: separated by white space, or standing between quotes.
    pub(super) fn words(&self) -> Result<Vec<Word>, Refusal> {
        let mut words = Vec::new();
        let mut characters = (0_u32..).zip(self.text.chars()).peekable();
        while let Some((offset, character)) = characters.next() {
            if is_space(character) {
                continue;
            }
            let quoted = character == '"';
            let mut text = String::new();
            if quoted {
                loop {
                    let Some((_, next)) = characters.next() else {
                        let place = self.place(offset);
                        return Err(Refusal::new(place, "found a quote that nothing closes"));
                    };
                    if next == '"' {
                        break;
                    }
                    text.push(next);
                }
            } else {
                text.push(character);
            }
            while let Some((at, next)) = characters.next_if(|(_, next)| !is_space(*next)) {
                if quoted || next == '"' {
                    let message = "found a quote inside a word, expected white space around it";
                    return Err(Refusal::new(self.place(at), message));
                }
                text.push(next);
            }
            words.push(Word { text, quoted, offset, place: self.place(offset) });
        }
        Ok(words)
    }
}

/// One word of a line.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Without the quotes.
    pub(super) text: String,
    pub(super) quoted: bool,
    /// In characters, of the first character or the opening quote.
    pub(super) offset: u32,
    pub(super) place: Place,
}

impl Word {
    /// The word as it was written.
    pub(super) fn written(&self) -> String {
        if self.quoted { format!("\"{}\"", self.text) } else { self.text.clone() }
    }
}

/// What a file is made of, in order.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// What `prose` makes of a line.
    Prose(String),
    /// A line of the header or the body.
    Line(Logical),
    /// A line `----` with what stands behind it, and all lines up to the next, verbatim.
    Block { rule: Logical, text: String },
}

/// Takes a file apart.
pub(super) fn items(text: &str) -> Result<Vec<Item>, Refusal> {
    let mut items = Vec::new();
    let mut lines = (1_u32..).zip(physical(text)).peekable();
    while let Some((number, line)) = lines.next() {
        let content = line.trim_matches(is_space);
        if content.is_empty() {
            continue;
        }
        if is_rule(line) {
            let rule = logical(vec![(number, line.trim_end_matches(is_space))]);
            let mut text = String::new();
            while let Some((_, verbatim)) = lines.next_if(|(_, next)| !is_rule(next)) {
                text.push_str(verbatim);
                text.push('\n');
            }
            items.push(Item::Block { rule, text });
        } else if let Some(prose) = prose(content) {
            items.push(Item::Prose(prose));
        } else {
            let mut pieces = vec![(number, line)];
            while continues(pieces[pieces.len() - 1].1) {
                let Some(next) = lines.next_if(|(_, next)| !is_rule(next)) else {
                    return Err(nothing_continues(&pieces));
                };
                pieces.push(next);
            }
            let line = logical(pieces);
            check_joined(&line)?;
            if !line.text.is_empty() {
                items.push(Item::Line(line));
            }
        }
    }
    Ok(items)
}

/// Says which lines are too long to be pasted into a mail. The text of a table may be long, and
/// so may what a kernel prints of it.
pub fn lint(file: &str, text: &str) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut in_block = false;
    let mut in_table = false;
    let mut continued = false;
    for (number, line) in (1_u32..).zip(physical(text)) {
        in_block |= is_rule(line);
        let prose = line.trim_start_matches(is_space).starts_with('#');
        if !continued {
            in_table = !in_block && !prose && line.starts_with(is_space);
        }
        continued = !in_block && !prose && continues(line);
        let columns = line.chars().count();
        let is_printed = in_block && line.starts_with(is_space);
        if columns > COLUMN_COUNT_MAX && !in_table && !is_printed {
            warnings.push(Warning {
                file: file.to_owned(),
                line: number,
                column: COLUMN_COUNT_MAX as u32 + 1,
                message: format!("the line has {columns} columns, at most {COLUMN_COUNT_MAX} fit"),
            });
        }
    }
    warnings
}

/// A line that starts with `#`, without it and the one space behind it.
pub(super) fn prose(line: &str) -> Option<String> {
    let prose = line.strip_prefix('#')?;
    Some(prose.strip_prefix(' ').unwrap_or(prose).trim_end().to_owned())
}

/// What separates words: the white space of ASCII that can stand inside a line.
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\u{b}' | '\u{c}' | '\r')
}

/// The length in characters.
pub(super) fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// The lines of the text, without their line feeds and the carriage returns before them.
fn physical(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
    lines.map(|line| line.trim_end_matches('\r'))
}

/// Whether a line, without its line feed, begins a block.
pub(super) fn is_rule(line: &str) -> bool {
    line.strip_prefix("----").is_some_and(|rest| rest.is_empty() || rest.starts_with(is_space))
}

fn continues(line: &str) -> bool {
    line.trim_end_matches(is_space).ends_with('\\')
}

fn logical(pieces: Vec<(u32, &str)>) -> Logical {
    let indented = pieces[0].1.starts_with(is_space);
    let mut text = String::new();
    let mut joins = Vec::new();
    let count = pieces.len();
    for (index, (line, piece)) in pieces.into_iter().enumerate() {
        let mut content = piece.trim_end_matches(is_space);
        if index + 1 < count {
            content = content.strip_suffix('\\').unwrap_or(content).trim_end_matches(is_space);
        }
        let start = content.trim_start_matches(is_space);
        let column = length(content) - length(start) + 1;
        let place = Place { line, column };
        if start.is_empty() {
            if joins.is_empty() && index + 1 == count {
                joins.push(Join { offset: 0, place });
            }
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        joins.push(Join { offset: length(&text), place });
        text.push_str(start);
    }
    Logical { indented, text, joins }
}

fn nothing_continues(pieces: &[(u32, &str)]) -> Refusal {
    let (line, piece) = pieces[pieces.len() - 1];
    let column = length(piece.trim_end_matches(is_space));
    Refusal::new(
        Place { line, column },
        "found a backslash at the end of the last line, expected a line that continues it",
    )
}

/// Joining must not make what would read differently if it were written on one line.
fn check_joined(line: &Logical) -> Result<(), Refusal> {
    if line.text.starts_with('#') {
        let message = "found a comment behind a backslash, expected the rest of the line";
        return Err(Refusal::new(line.place(0), message));
    }
    if line.text.ends_with('\\') {
        let last = line.place(length(&line.text) - 1);
        return Err(Refusal::new(last, "found two backslashes at the end, expected one"));
    }
    Ok(())
}

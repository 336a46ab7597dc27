//! A whole file: header, body, expected output, and what must hold between them.
use super::error::{ParseError, Place, Refusal, comment_hint, nearest, shown};
use super::lex::{Item, Logical, Word, items};
use super::scope::Scope;
use super::{Expected, Header, Line, Mode, Recorded, Scenario, TableLine, kernel, line};
use std::path::Path;

/// Reads a scenario. `known_eras` are all names of eras that there are.
///
/// # Errors
/// When the text is not a scenario, the first thing that is wrong, with its place.
pub fn parse(file: &str, text: &str, known_eras: &[&str]) -> Result<Scenario, ParseError> {
    let modes = vec![Mode::default()];
    let mut parser = Parser { known_eras, modes, ..Parser::default() };
    parser.run(text).map_err(|refusal| refusal.in_file(file))?;
    let stem = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    Ok(Scenario {
        name: stem.unwrap_or_else(|| file.to_owned()),
        header: Header { eras: parser.eras, modes: parser.modes, model_only: parser.model_only },
        prose: parser.prose,
        lines: parser.lines,
        afterword: parser.afterword,
        expected: parser.expected,
        recorded: parser.recorded,
    })
}

const KEYS: [&str; 3] = ["era", "mode", "model-only"];

#[derive(Default)]
struct Parser<'a> {
    known_eras: &'a [&'a str],
    /// The header lines so far: key and line.
    keys: Vec<(&'static str, u32)>,
    eras: Vec<String>,
    modes: Vec<Mode>,
    model_only: Option<String>,
    prose: Vec<String>,
    /// Comments that belong to what comes next.
    pending: Vec<String>,
    scope: Scope,
    lines: Vec<Line>,
    /// The place of a verb whose table may still get lines.
    open: Option<Place>,
    afterword: Vec<String>,
    expected: Vec<Expected>,
    recorded: Vec<Recorded>,
}

impl Parser<'_> {
    fn run(&mut self, text: &str) -> Result<(), Refusal> {
        for item in items(text)? {
            match item {
                Item::Prose(prose) => self.pending.push(prose),
                Item::Line(line) if line.indented => self.table_line(&line)?,
                Item::Line(line) => match header_key(&line) {
                    Some(key) => self.header_line(&line, &key)?,
                    None => self.verb_line(&line)?,
                },
                Item::Block { rule, text } => self.block(&rule, &text)?,
            }
        }
        self.close_table()?;
        if self.lines.is_empty() {
            let line = u32::try_from(text.lines().count()).unwrap_or(u32::MAX).max(1);
            let place = Place { line, column: 1 };
            let message = match (text.trim().is_empty(), self.keys.is_empty()) {
                (true, _) => "found an empty file, expected the header line `era:`",
                (false, true) => "found the end of the file, expected the header line `era:`",
                (false, false) => "found the end of the file, expected a verb",
            };
            return Err(Refusal::new(place, message));
        }
        self.afterword.append(&mut self.pending);
        self.check_blocks()
    }

    fn header_line(&mut self, line: &Logical, key: &str) -> Result<(), Refusal> {
        let place = line.place(0);
        let Some(known) = KEYS.into_iter().find(|known| *known == key) else {
            let near = nearest(key, KEYS.into_iter());
            let near = near.map_or(String::new(), |near| format!(": `{near}`?"));
            let expected = format!("a header key, {}{near}", KEYS.join(", "));
            return Err(Refusal::found(place, key, &expected));
        };
        if !self.lines.is_empty() {
            let message = format!("found the header line `{key}:`, expected it before all verbs");
            return Err(Refusal::new(place, message));
        }
        if let Some((_, first)) = self.keys.iter().find(|(seen, _)| *seen == key) {
            let message = format!("found a second `{key}:`, expected one: line {first} has it");
            return Err(Refusal::new(place, message));
        }
        self.keys.push((known, place.line));
        self.prose.append(&mut self.pending);
        let value = value_of(line, key);
        match known {
            "era" => self.header_eras(&value),
            "mode" => self.header_modes(&value),
            _ => {
                self.model_only = Some(value.text.clone());
                let missing = "found the end of the line, expected the reason";
                if value.text.is_empty() { Err(Refusal::new(line.end(), missing)) } else { Ok(()) }
            }
        }
    }

    fn header_eras(&mut self, value: &Logical) -> Result<(), Refusal> {
        for word in value.words()? {
            self.check_known(&word, "")?;
            if self.eras.contains(&word.text) {
                return Err(Refusal::found(word.place, &word.text, "each era once"));
            }
            self.eras.push(word.text);
        }
        if self.eras.is_empty() {
            let known = self.known_eras.join(", ");
            let message = format!("found the end of the line, expected an era, one of {known}");
            return Err(Refusal::new(value.end(), message));
        }
        Ok(())
    }

    fn header_modes(&mut self, value: &Logical) -> Result<(), Refusal> {
        self.modes.clear();
        for word in value.words()? {
            let known = [Mode::Bio, Mode::Rq].into_iter().find(|mode| mode.name() == word.text);
            let expected = || format!("bio or rq{}", comment_hint(&word));
            let mode = known.ok_or_else(|| Refusal::found(word.place, &word.text, &expected()))?;
            if self.modes.contains(&mode) {
                return Err(Refusal::found(word.place, &word.text, "each mode once"));
            }
            self.modes.push(mode);
        }
        if self.modes.is_empty() {
            let message = "found the end of the line, expected bio or rq";
            return Err(Refusal::new(value.end(), message));
        }
        Ok(())
    }

    fn verb_line(&mut self, line: &Logical) -> Result<(), Refusal> {
        self.close_table()?;
        let place = line.place(0);
        if self.eras.is_empty() && self.modes != [Mode::Rq] {
            let first = line.text.split(char::is_whitespace).next().unwrap_or_default();
            return Err(Refusal::found(place, first, "the header line `era:` before all verbs"));
        }
        let parsed = line::parse(line, &mut self.scope, self.model_only.is_some())?;
        self.open = parsed.awaits_table.then_some(place);
        let prose = std::mem::take(&mut self.pending);
        let Place { line: number, column } = place;
        self.lines.push(Line { number, column, prose, text: parsed.text, verb: parsed.verb });
        Ok(())
    }

    fn table_line(&mut self, line: &Logical) -> Result<(), Refusal> {
        let place = line.place(0);
        let last = self.lines.last_mut();
        let Some(above) = last else {
            let message = "found an indented line, expected a header line or a verb in column 1";
            return Err(Refusal::new(place, message));
        };
        let Some(table) = above.verb.table_mut().filter(|_| self.open.is_some()) else {
            let found = format!("found a table line below {}", shown(&above.text));
            let message = format!("{found}, which takes none, expected a verb in column 1");
            return Err(Refusal::new(place, message));
        };
        let Place { line: number, column } = place;
        let joins = line.joins.clone();
        table.push(TableLine { line: number, column, text: line.text.clone(), joins });
        Ok(())
    }

    /// No more lines of a table come.
    fn close_table(&mut self) -> Result<(), Refusal> {
        let Some(place) = self.open.take() else { return Ok(()) };
        let table = self.lines.last().and_then(|line| line.verb.table());
        if table.is_some_and(|rows| !rows.is_empty()) {
            return Ok(());
        }
        let verb = self.lines.last().map_or("", |line| line.text.as_str());
        let options = if verb.starts_with("create") { "--table or --notable" } else { "--table" };
        let found = format!("found no table for {}", shown(verb));
        let message = format!("{found}, expected indented lines below it or {options}");
        Err(Refusal::new(place, message))
    }

    fn block(&mut self, rule: &Logical, text: &str) -> Result<(), Refusal> {
        self.close_table()?;
        if self.lines.is_empty() {
            let expected = "a verb above the expected output";
            return Err(Refusal::found(rule.place(0), "----", expected));
        }
        self.afterword.append(&mut self.pending);
        let words = rule.words()?;
        if kernel::is_kernel(&words) {
            self.recorded.push(kernel::block(rule, &words[2..], &self.modes, text)?);
            return Ok(());
        }
        self.era_block(rule.place(0), &words, text)
    }

    fn era_block(&mut self, place: Place, words: &[Word], text: &str) -> Result<(), Refusal> {
        if self.eras.is_empty() {
            let expected = "`---- kernel VERSION rq`, because the header names no era";
            let word = words.get(1).unwrap_or(&words[0]);
            return Err(Refusal::found(word.place, &word.text, expected));
        }
        let mut eras = Vec::new();
        for word in &words[1..] {
            self.check_known(word, if eras.is_empty() { ", or kernel" } else { "" })?;
            if !self.eras.contains(&word.text) {
                let expected = format!("an era of the header: {}", self.eras.join(", "));
                return Err(Refusal::found(word.place, &word.text, &expected));
            }
            let other = self.expected.iter().find(|block| block.eras.contains(&word.text));
            let line =
                other.map(|block| block.line).or(eras.contains(&word.text).then_some(place.line));
            if let Some(line) = line {
                let found = format!("found a second block for {}", shown(&word.text));
                let message = format!("{found}, expected one: line {line} has it");
                return Err(Refusal::new(word.place, message));
            }
            eras.push(word.text.clone());
        }
        let plain = self.expected.iter().find(|block| eras.is_empty() && block.eras.is_empty());
        if let Some(block) = plain {
            let message = "found a second block for all eras, expected one";
            return Err(Refusal::new(place, format!("{message}: line {} has it", block.line)));
        }
        self.expected.push(Expected { eras, text: text.to_owned(), line: place.line });
        Ok(())
    }

    /// Blocks that name eras must leave none out.
    fn check_blocks(&self) -> Result<(), Refusal> {
        let Some(first) = self.expected.first() else { return Ok(()) };
        let covered = |era: &String| {
            self.expected.iter().any(|block| block.eras.is_empty() || block.eras.contains(era))
        };
        let Some(era) = self.eras.iter().find(|era| !covered(era)) else { return Ok(()) };
        let place = Place { line: first.line, column: 1 };
        let message = format!("found no block for era `{era}`, expected `---- {era}` or `----`");
        Err(Refusal::new(place, message))
    }

    fn check_known(&self, word: &Word, others: &str) -> Result<(), Refusal> {
        if self.known_eras.contains(&word.text.as_str()) {
            return Ok(());
        }
        let known = self.known_eras.join(", ");
        let expected = format!("an era, one of {known}{others}{}", comment_hint(word));
        Err(Refusal::found(word.place, &word.text, &expected))
    }
}

/// The key of a header line: no verb has a colon behind it.
fn header_key(line: &Logical) -> Option<String> {
    let (key, _) = line.text.split_once(':')?;
    let is_key_character =
        |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    (!key.is_empty() && key.chars().all(is_key_character)).then(|| key.to_owned())
}

fn value_of(line: &Logical, key: &str) -> Logical {
    let behind = &line.text[key.len() + 1..];
    let text = behind.trim_start_matches(super::lex::is_space);
    let offset = super::lex::length(&line.text) - super::lex::length(text);
    Logical { indented: false, text: text.to_owned(), joins: line.joins_from(offset) }
}

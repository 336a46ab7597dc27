//! The words of one line: options apart from arguments, which are then taken one by one.
use super::TableLine;
use super::error::{Place, Refusal, comment_hint, nearest, shown};
use super::lex::{Logical, Word, is_space, length};
use super::verb::{SuspendFlags, VERB_NAMES};
use dm_model::errno::Code;
use std::collections::VecDeque;

/// The words of a line, apart.
pub(super) struct Args {
    pub(super) verb: Word,
    /// The words as they were written, but for the table.
    pub(super) written: Vec<String>,
    pub(super) rest: VecDeque<Word>,
    end: Place,
    pub(super) flags: SuspendFlags,
    pub(super) deferred: bool,
    pub(super) notable: Option<Place>,
    pub(super) tag: Option<Word>,
    table: Option<Word>,
    pub(super) background: Option<Place>,
}

impl Args {
    pub(super) fn new(line: &Logical) -> Result<Self, Refusal> {
        let mut rest: VecDeque<Word> = line.words()?.into();
        let place = line.place(0);
        let Some(verb) = rest.pop_front() else {
            return Err(Refusal::new(place, "found an empty line, expected a verb"));
        };
        if verb.quoted {
            let message = "found a quote around the verb, expected none";
            return Err(Refusal::new(verb.place, message));
        }
        if !VERB_NAMES.contains(&verb.text.as_str()) {
            let near = nearest(&verb.text, VERB_NAMES.into_iter());
            let expected = near.map_or("a verb".to_owned(), |near| format!("a verb: `{near}`?"));
            return Err(Refusal::found(verb.place, &verb.text, &expected));
        }
        let runs_behind = rest.back().is_some_and(|last| !last.quoted && last.text == "&");
        let background = if runs_behind { rest.pop_back() } else { None };
        let may_run = matches!(verb.text.as_str(), "suspend" | "resume" | "remove");
        if let (Some(word), false) = (&background, may_run) {
            let expected = format!("the end of the line: {} has no background", verb.text);
            return Err(Refusal::found(word.place, "&", &expected));
        }
        let mut args = Self {
            written: vec![verb.text.clone()],
            verb,
            rest: VecDeque::new(),
            end: line.end(),
            flags: SuspendFlags::default(),
            deferred: false,
            notable: None,
            tag: None,
            table: None,
            background: background.as_ref().map(|word| word.place),
        };
        args.sort(rest)?;
        args.written.extend(background.map(|word| word.written()));
        Ok(args)
    }

    /// Parts options from arguments.
    fn sort(&mut self, mut words: VecDeque<Word>) -> Result<(), Refusal> {
        let has_options = !matches!(self.verb.text.as_str(), "message" | "step");
        let mut seen: Vec<String> = Vec::new();
        while let Some(word) = words.pop_front() {
            let is_table = word.text == "--table";
            let is_option = has_options && !word.quoted && word.text.starts_with("--");
            if !(is_option && is_table) {
                self.written.push(word.written());
            }
            if !is_option {
                self.rest.push_back(word);
                continue;
            }
            let known = options_of(&self.verb.text);
            if !known.contains(&word.text.as_str()) {
                return Err(unknown_option(&word, &self.verb.text, known));
            }
            if seen.contains(&word.text) {
                let expected = "each option once";
                return Err(Refusal::found(word.place, &word.text, expected));
            }
            seen.push(word.text.clone());
            match word.text.as_str() {
                "--noflush" => self.flags.noflush = true,
                "--nolockfs" => self.flags.nolockfs = true,
                "--deferred" => self.deferred = true,
                "--notable" => self.notable = Some(word.place),
                name => {
                    let what = if is_table { "the table in quotes" } else { "TAG" };
                    let Some(value) = words.pop_front() else {
                        let message = format!("found the end of the line, expected {what}");
                        return Err(Refusal::new(self.end, format!("{message} after {name}")));
                    };
                    if is_table {
                        self.table = Some(value);
                    } else {
                        self.written.push(value.written());
                        self.tag = Some(value);
                    }
                }
            }
        }
        Ok(())
    }

    /// The table of `--table`, or no lines.
    pub(super) fn table(&mut self, line: &Logical) -> Result<Vec<TableLine>, Refusal> {
        let Some(word) = self.table.take() else { return Ok(Vec::new()) };
        if let Some(place) = self.notable {
            return Err(Refusal::found(place, "--notable", "either it or --table"));
        }
        let start = word.text.trim_start_matches(is_space);
        let text = start.trim_end_matches(is_space);
        if text.is_empty() || text.starts_with('#') || text.ends_with('\\') {
            let expected = "a table, START LENGTH TYPE and the target's arguments";
            return Err(Refusal::found(word.place, &word.text, expected));
        }
        let skipped = u32::from(word.quoted) + length(&word.text) - length(start);
        let joins = line.joins_from(word.offset + skipped);
        let Place { line, column } = joins[0].place;
        Ok(vec![TableLine { line, column, text: text.to_owned(), joins }])
    }

    pub(super) fn place(&self) -> Place {
        self.rest.front().map_or(self.end, |word| word.place)
    }

    pub(super) fn take(&mut self, what: &str) -> Result<Word, Refusal> {
        let end = self.end;
        let missing = || Refusal::new(end, format!("found the end of the line, expected {what}"));
        self.rest.pop_front().ok_or_else(missing)
    }

    pub(super) fn keyword(&mut self, keyword: &str) -> bool {
        let is_next = self.rest.front().is_some_and(|word| !word.quoted && word.text == keyword);
        if is_next {
            self.rest.pop_front();
        }
        is_next
    }

    pub(super) fn number(&mut self, what: &str, min: u64, max: u64) -> Result<u64, Refusal> {
        let word = self.take(what)?;
        let digits = word.text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if digits { word.text.parse().ok() } else { None };
        let in_range = number.filter(|number| (min..=max).contains(number));
        let expected = || format!("{what}, a number from {min} to {max}");
        in_range.ok_or_else(|| Refusal::found(word.place, &word.text, &expected()))
    }

    pub(super) fn sector(&mut self, what: &str) -> Result<u32, Refusal> {
        self.number(what, 0, u64::from(u32::MAX)).map(|number| number as u32)
    }

    pub(super) fn count(&mut self, what: &str, max: u32) -> Result<u32, Refusal> {
        self.number(what, 1, u64::from(max)).map(|number| number as u32)
    }

    pub(super) fn code(&mut self) -> Result<Code, Refusal> {
        let word = self.take("NUMBER")?;
        let expected = "NUMBER, an integer from -128 to 127";
        let plain = !word.text.starts_with('+');
        let number = if plain { word.text.parse().ok() } else { None };
        number.map(Code).ok_or_else(|| Refusal::found(word.place, &word.text, expected))
    }

    pub(super) fn choice<T: Copy>(&mut self, choices: &[(&str, T)]) -> Result<T, Refusal> {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let expected = names.join(" or ");
        let word = self.take(&expected)?;
        let chosen = choices.iter().find(|(name, _)| *name == word.text);
        let wrong = || Refusal::found(word.place, &word.text, &expected);
        chosen.map(|(_, value)| *value).ok_or_else(wrong)
    }

    pub(super) fn finish(&mut self) -> Result<(), Refusal> {
        let Some(word) = self.rest.pop_front() else { return Ok(()) };
        let expected = format!("the end of the line{}", comment_hint(&word));
        Err(Refusal::found(word.place, &word.text, &expected))
    }
}

fn options_of(verb: &str) -> &'static [&'static str] {
    match verb {
        "create" => &["--table", "--notable"],
        "load" | "reload" => &["--table"],
        "suspend" | "resume" => &["--noflush", "--nolockfs", "--tag"],
        "remove" => &["--deferred", "--tag"],
        "status" => &["--noflush"],
        _ => &[],
    }
}

fn unknown_option(word: &Word, verb: &str, known: &[&str]) -> Refusal {
    let expected = if known.is_empty() {
        format!("no option: {verb} has none")
    } else {
        format!("an option of {verb}: {}", known.join(", "))
    };
    Refusal::new(word.place, format!("found {}, expected {expected}", shown(&word.text)))
}

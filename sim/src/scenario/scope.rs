//! What the lines above have declared: disks, mapped devices, bios and calls.
//!
//! Names of disks and of mapped devices are one space, tags another. No reference goes forward.
use super::NAME_LENGTH_MAX;
use super::error::{Place, Refusal, nearest, shown};
use super::lex::Word;
use dm_model::ids::BIO_COUNT_MAX;
use std::collections::BTreeMap;

/// All declarations so far.
#[derive(Default)]
pub(super) struct Scope {
    names: BTreeMap<String, Name>,
    tags: BTreeMap<String, Tag>,
    io_count: usize,
}

#[derive(Clone, Copy)]
struct Name {
    kind: Kind,
    line: u32,
}

/// What a name is the name of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A path to a disk.
    Disk,
    /// A mapped device.
    Device,
    /// A mapped device that a line removes: its name may be used again, and may be taken again.
    Removed,
}

#[derive(Clone, Copy)]
struct Tag {
    of: TagOf,
    line: u32,
    waited_for: Option<u32>,
}

/// What a tag is the tag of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TagOf {
    /// A bio.
    Io,
    /// A call that the next line does not wait for.
    Background,
    /// A call that the next line waits for.
    Foreground,
}

impl Scope {
    /// Takes a new name.
    pub(super) fn declare(&mut self, word: &Word, kind: Kind) -> Result<String, Refusal> {
        let name = valid_name(word)?;
        let taken = self.names.get(&name).filter(|old| old.kind != Kind::Removed);
        if let Some(old) = taken {
            return Err(already(word, old.line));
        }
        self.names.insert(name.clone(), Name { kind, line: word.place.line });
        Ok(name)
    }

    /// A disk that is declared.
    pub(super) fn disk(&self, word: &Word) -> Result<String, Refusal> {
        match self.find(word, "a disk")? {
            Kind::Disk => Ok(word.text.clone()),
            Kind::Device | Kind::Removed => {
                Err(wrong_kind(word, "found the mapped device", "a disk"))
            }
        }
    }

    /// A mapped device that is declared.
    pub(super) fn device(&self, word: &Word) -> Result<String, Refusal> {
        match self.find(word, "a mapped device")? {
            Kind::Device | Kind::Removed => Ok(word.text.clone()),
            Kind::Disk => Err(wrong_kind(word, "found the disk", "a mapped device")),
        }
    }

    /// A disk or a mapped device that is declared.
    pub(super) fn any(&self, word: &Word) -> Result<String, Refusal> {
        self.find(word, "a mapped device or a disk").map(|_| word.text.clone())
    }

    /// Lets the name of a mapped device be taken again.
    pub(super) fn remove(&mut self, name: &str) {
        if let Some(name) = self.names.get_mut(name) {
            name.kind = Kind::Removed;
        }
    }

    /// Takes a new tag.
    pub(super) fn declare_tag(&mut self, word: &Word, of: TagOf) -> Result<String, Refusal> {
        let name = valid_name(word)?;
        if let Some(old) = self.tags.get(&name) {
            return Err(already(word, old.line));
        }
        self.tags.insert(name.clone(), Tag { of, line: word.place.line, waited_for: None });
        Ok(name)
    }

    /// Counts one more bio.
    pub(super) fn count_io(&mut self, place: Place) -> Result<(), Refusal> {
        self.io_count += 1;
        if self.io_count <= BIO_COUNT_MAX {
            return Ok(());
        }
        let found = format!("found io number {}", self.io_count);
        let message = format!("{found}, expected at most {BIO_COUNT_MAX} (BIO_COUNT_MAX)");
        Err(Refusal::new(place, message))
    }

    /// A bio or a call that is in the background, and no longer is from now on.
    pub(super) fn wait(&mut self, word: &Word) -> Result<String, Refusal> {
        self.in_background(word, "the tag of an io or of a line that ends in `&`")?;
        if let Some(tag) = self.tags.get_mut(&word.text) {
            tag.waited_for = Some(word.place.line);
        }
        Ok(word.text.clone())
    }

    /// A call that is in the background.
    pub(super) fn signal(&self, word: &Word) -> Result<String, Refusal> {
        let expected = "the tag of a line that ends in `&`";
        let tag = self.in_background(word, expected)?;
        if tag.of == TagOf::Io {
            return Err(wrong_kind(word, "found the io", expected));
        }
        Ok(word.text.clone())
    }

    fn find(&self, word: &Word, expected: &str) -> Result<Kind, Refusal> {
        let name = valid_name(word)?;
        if let Some(found) = self.names.get(&name) {
            return Ok(found.kind);
        }
        Err(undeclared(word, expected, self.names.keys()))
    }

    fn in_background(&self, word: &Word, expected: &str) -> Result<Tag, Refusal> {
        let name = valid_name(word)?;
        let Some(tag) = self.tags.get(&name) else {
            return Err(undeclared(word, expected, self.tags.keys()));
        };
        let shown = shown(&name);
        if tag.of == TagOf::Foreground {
            let found = format!("found {shown}, which line {} itself waits for", tag.line);
            return Err(Refusal::new(word.place, format!("{found}, expected {expected}")));
        }
        if let Some(line) = tag.waited_for {
            let found = format!("found {shown}, which line {line} already waited for");
            return Err(Refusal::new(word.place, format!("{found}, expected {expected}")));
        }
        Ok(*tag)
    }
}

/// The characters of names: those of dmsetup but for `#`, which starts comments.
pub(super) fn valid_name(word: &Word) -> Result<String, Refusal> {
    let name = &word.text;
    if name.is_empty() {
        return Err(Refusal::new(word.place, "found an empty name, expected at least one letter"));
    }
    let count = name.chars().count();
    if count > NAME_LENGTH_MAX {
        let message = format!("found a name of {count} characters, expected at most 127");
        return Err(Refusal::new(word.place, message));
    }
    let may_stand = |(index, character): &(u32, char)| {
        let inside = character.is_ascii_alphanumeric() || "+-.:=@_".contains(*character);
        inside && !(*index == 0 && *character == '-')
    };
    let Some((index, wrong)) = (0_u32..).zip(name.chars()).find(|at| !may_stand(at)) else {
        return Ok(name.clone());
    };
    let column = word.place.column + index + u32::from(word.quoted);
    let found = format!("found {} in the name {}", shown(&wrong.to_string()), shown(name));
    let message = format!("{found}, expected letters, digits and + - . : = @ _ (no - in front)");
    Err(Refusal::new(Place { line: word.place.line, column }, message))
}

fn already(word: &Word, line: u32) -> Refusal {
    let shown = shown(&word.text);
    let message = format!("found a second {shown}, expected a new name: line {line} has this one");
    Refusal::new(word.place, message)
}

fn wrong_kind(word: &Word, found: &str, expected: &str) -> Refusal {
    Refusal::new(word.place, format!("{found} {}, expected {expected}", shown(&word.text)))
}

fn undeclared<'a>(word: &Word, expected: &str, known: impl Iterator<Item = &'a String>) -> Refusal {
    let expected = match nearest(&word.text, known.map(String::as_str)) {
        Some(near) => format!("{expected} of a line above, such as `{near}`"),
        None => format!("{expected} of a line above"),
    };
    Refusal::found(word.place, &word.text, &expected)
}

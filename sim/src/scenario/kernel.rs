//! Blocks of real kernels: what stands behind `---- kernel`, and which kernels a version names.
use super::error::{Refusal, comment_hint};
use super::lex::{Logical, Word, prose};
use super::{Mode, Recorded};

/// What a version must be, for messages.
const VERSION: &str = "a kernel's version, MAJOR.MINOR or more of `uname -r`";

impl Recorded {
    /// The length of the longest version that names the kernel `release`, if one does.
    pub(super) fn exactness(&self, release: &str) -> Option<usize> {
        let naming = self.kernels.iter().filter(|version| names(version, release));
        naming.map(String::len).max()
    }
}

/// Whether these words, `----` in front, are those of a block of real kernels.
pub(super) fn is_kernel(words: &[Word]) -> bool {
    words.get(1).is_some_and(|word| is(word, "kernel"))
}

/// The line above a block of these kernels, without its line feed.
pub(super) fn rule(kernels: &[String], mode: Mode) -> String {
    let mode = match mode {
        Mode::Bio => String::new(),
        Mode::Rq => format!(" {}", mode.name()),
    };
    format!("---- kernel {}{mode}", kernels.join(" "))
}

/// Reads a block; `words` are those behind `kernel`, `modes` those of the header.
pub(super) fn block(
    rule: &Logical,
    words: &[Word],
    modes: &[Mode],
    text: &str,
) -> Result<Recorded, Refusal> {
    let (words, rq) = match words {
        [versions @ .., last] if !versions.is_empty() && is(last, Mode::Rq.name()) => {
            (versions, Some(last))
        }
        _ => (words, None),
    };
    let kernels = versions(rule, words)?;
    let mode = if rq.is_some() { Mode::Rq } else { Mode::Bio };
    if !modes.contains(&mode) {
        return Err(match rq {
            Some(word) => Refusal::found(word.place, &word.text, "a mode of the header: bio"),
            None => {
                let message = "found the end of the line, expected a mode of the header: rq";
                Refusal::new(rule.end(), message)
            }
        });
    }
    let (reason, text) = apart(text);
    let reason = reason.lines().filter_map(prose).collect();
    Ok(Recorded { kernels, mode, reason, text: text.to_owned(), line: rule.place(0).line })
}

/// What is below a rule, apart: the lines of the reason, and what was printed.
pub(super) fn apart(text: &str) -> (&str, &str) {
    let reason = text.split_inclusive('\n').take_while(|line| line.starts_with('#'));
    text.split_at(reason.map(str::len).sum())
}

fn versions(rule: &Logical, words: &[Word]) -> Result<Vec<String>, Refusal> {
    let mut versions = Vec::new();
    for word in words {
        if word.quoted || !is_version(&word.text) {
            let expected = format!("{VERSION}{}", comment_hint(word));
            return Err(Refusal::found(word.place, &word.written(), &expected));
        }
        if versions.contains(&word.text) {
            return Err(Refusal::found(word.place, &word.text, "each version once"));
        }
        versions.push(word.text.clone());
    }
    if versions.is_empty() {
        let message = format!("found the end of the line, expected {VERSION}");
        return Err(Refusal::new(rule.end(), message));
    }
    Ok(versions)
}

/// Whether a block can be of kernels of this version.
pub(super) fn is_version(text: &str) -> bool {
    let Some((major, minor)) = text.split_once('.') else { return false };
    let is_number = !major.is_empty() && major.bytes().all(|byte| byte.is_ascii_digit());
    let may_stand = |byte: u8| byte.is_ascii_alphanumeric() || b".-+".contains(&byte);
    is_number && minor.starts_with(|it: char| it.is_ascii_digit()) && minor.bytes().all(may_stand)
}

/// Whether `release` is this version, or one that has more behind it: 6.1 names 6.1.176 and
/// 6.1.0-56-amd64, and not 6.12.117.
fn names(version: &str, release: &str) -> bool {
    let rest = release.strip_prefix(version);
    rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn is(word: &Word, text: &str) -> bool {
    !word.quoted && word.text == text
}

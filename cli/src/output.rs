//! Where results go: lines for people, or one JSON object a line for programs.
use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

/// No line for people is wider, but for what the kernel itself says.
pub(crate) const WIDTH: usize = 100;

/// The standard output.
pub(crate) struct Output<'a> {
    writer: &'a mut dyn Write,
    /// Whether a program reads it.
    pub(crate) json: bool,
}

impl<'a> Output<'a> {
    /// Results go to `writer`.
    pub(crate) fn new(writer: &'a mut dyn Write, json: bool) -> Self {
        Self { writer, json }
    }

    /// A line for people, without white space at its end.
    pub(crate) fn line(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.writer, "{}", text.to_string().trim_end())
    }

    /// The name and the text, wrapped beside it.
    pub(crate) fn paragraph(&mut self, name: &str, text: &str) -> io::Result<()> {
        let indent = name.chars().count();
        for (index, line) in wrapped(text, WIDTH - 2 - indent).iter().enumerate() {
            let name = if index == 0 { name } else { "" };
            self.line(format_args!("  {name:<indent$}{line}"))?;
        }
        Ok(())
    }

    /// The lines of a text, indented, and wrapped where they are too wide.
    pub(crate) fn indented(&mut self, text: &str) -> io::Result<()> {
        for line in text.lines() {
            if line.chars().count() + 2 > WIDTH {
                self.paragraph("", line)?;
            } else {
                self.line(format_args!("  {line}"))?;
            }
        }
        Ok(())
    }

    /// An object for programs.
    pub(crate) fn object(&mut self, object: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(object).expect("what is printed has string keys only");
        writeln!(self.writer, "{text}")
    }

    /// What was written so far can be read.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The number with a comma between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The number and the noun, which takes an s unless there is one.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// The words of a text in lines of at most `width` columns; a longer word stands alone.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let numbers = [0, 12, 999, 1_000, 12_345, 1_234_567];
        let texts = ["0", "12", "999", "1,000", "12,345", "1,234,567"];
        assert_eq!(numbers.map(grouped), texts);
    }

    #[test]
    fn words_are_wrapped_and_a_long_one_stands_alone() {
        assert_eq!(wrapped("a bb  ccc dddddddd e", 5), ["a bb", "ccc", "dddddddd", "e"]);
        assert!(wrapped("", 5).is_empty());
    }
}

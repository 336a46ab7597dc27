//! `pushback report`: runs what REPORT.md reports, and writes the numbers between its markers.
mod conformance;
mod sections;
mod simulated;

use std::fs;
use std::path::PathBuf;

use clap::Args;

use crate::exit::{Exit, Failure};
use crate::output::Output;
use sections::{SECTIONS, Section};

const EXAMPLES: &str = "\
Examples:
  pushback report
  pushback report --deep
  pushback report --check
  pushback report --section findings --section kills --check

What stands between `<!-- begin NAME -->` and `<!-- end NAME -->` is written anew, the rest stays as
it is. The deep sections are left as they are unless --deep is given.";

/// Run what REPORT.md reports, and write the numbers between its markers
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file
    #[arg(long, value_name = "FILE", default_value = "REPORT.md")]
    file: PathBuf,
    /// Only these sections
    #[arg(long, value_name = "NAME", value_parser = section)]
    section: Vec<&'static Section>,
    /// The sections that take a minute too
    #[arg(long)]
    deep: bool,
    /// Write nothing: say which sections are stale, and exit with 12 if any is
    #[arg(long)]
    check: bool,
}

fn section(name: &str) -> Result<&'static Section, String> {
    SECTIONS.iter().find(|section| section.name == name).ok_or_else(|| {
        let known: Vec<_> = SECTIONS.iter().map(|section| section.name).collect();
        format!("expected one of {}", known.join(", "))
    })
}

impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        let name = self.file.display();
        let text = fs::read_to_string(&self.file)
            .map_err(|error| Failure::Input(format!("{name}: cannot be read: {error}")))?;
        let mut new = text.clone();
        let mut stale = Vec::new();
        for section in self.sections() {
            let body = (section.body)()?;
            let replaced = replace(&new, section.name, &body)
                .map_err(|why| Failure::Input(format!("{name}: {why}")))?;
            if replaced != new {
                stale.push(section.name);
            }
            new = replaced;
            let is_stale = stale.last() == Some(&section.name);
            let found = if is_stale { "stale" } else { "as it was" };
            output.line(format_args!("{:<10} {found}", section.name))?;
            output.flush()?;
        }
        if self.check {
            return Ok(if stale.is_empty() { Exit::Ok } else { Exit::Safety });
        }
        if new != text {
            write(&self.file, &new)?;
        }
        Ok(Exit::Ok)
    }

    fn sections(&self) -> Vec<&'static Section> {
        if self.section.is_empty() {
            return SECTIONS.iter().filter(|section| self.deep || !section.is_deep).collect();
        }
        self.section.clone()
    }
}

/// The whole file, or nothing: it is written beside the old one and takes its place.
fn write(path: &std::path::Path, text: &str) -> Result<(), Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written
        .map_err(|error| Failure::Input(format!("{}: cannot be written: {error}", path.display())))
}

/// The text with this between the markers of the section.
fn replace(text: &str, name: &str, body: &str) -> Result<String, String> {
    let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->"));
    let (head, rest) =
        text.split_once(&begin).ok_or_else(|| format!("there is no line {}", begin.trim_end()))?;
    let (_, tail) = rest.split_once(&end).ok_or_else(|| format!("there is no line {end}"))?;
    Ok(format!("{head}{begin}{body}{end}{tail}"))
}

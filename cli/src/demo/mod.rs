//! `pushback demo`: the cover letter of 2006, its problem and its solution, side by side.
//!
//! What is shown is what the model does when the demo runs; only the sentences around it stand
//! here.
mod columns;
mod story;

use clap::Args;
use dm_model::era::Era;
use dm_sim::world::config::Configuration;

use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::Output;
use crate::trails;
use columns::Column;
use story::{Chapter, story};

const EXAMPLES: &str = "\
Examples:
  pushback demo";

/// Show the cover letter of 2006: its problem and its solution, side by side
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {}

/// A scenario that comes with the program.
struct Embedded {
    file: &'static str,
    text: &'static str,
}

const FLUSH: Embedded = Embedded {
    file: "scenarios/cover-letter-flush.dm",
    text: include_str!("../../../scenarios/cover-letter-flush.dm"),
};
const NOFLUSH: Embedded = Embedded {
    file: "scenarios/cover-letter-noflush.dm",
    text: include_str!("../../../scenarios/cover-letter-noflush.dm"),
};

const OPENING: &str = "\
dm-devel, 2006: [PATCH 0/7] dm: avoid I/O error during suspend in no path situation

The multipath device mp has one path, sda, and queues I/O while it has none (queue_if_no_path).
Its cable is pulled out; an application reads; the disk comes back under another name, sdb. The
daemon loads a table with the new name and resumes. A resume with a new table suspends first, to
swap the tables: what becomes of the read that waits in the old one?";

const CLOSING: &str = "\
Shown: a flush suspend makes the target fail what it queues, although the disk is back. A noflush
suspend makes it hand that back to the core, which issues it again by the new table. The kernel
has to have the series, and the flag has to be on the ioctl that suspends.

All of this was computed by the model just now, by one schedule of many. To see";

const SEE_ALSO: [(&str, &str); 3] = [
    ("every step:", "run scenarios/cover-letter-noflush.dm"),
    ("every schedule:", "run scenarios/cover-letter-noflush.dm --all-schedules"),
    ("what holds in all:", "check"),
];

impl Arguments {
    #[expect(clippy::unused_self, reason = "every subcommand runs by its arguments")]
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        let flush = chapters(&FLUSH, Era::Linux2_6_20)?;
        let noflush = chapters(&NOFLUSH, Era::Linux2_6_20)?;
        let before = chapters(&NOFLUSH, Era::Linux2_6_19)?;
        OPENING.lines().try_for_each(|line| output.line(line))?;
        output.line("")?;
        let last = noflush.iter().position(is_resume).unwrap_or(0);
        for chapter in &noflush[..last] {
            output.line(format_args!("  > {}", chapter.typed))?;
            for told in &chapter.told {
                output.line(format_args!("      {told}"))?;
            }
        }
        output.line("")?;
        output.line("1. Linux 2.6.20, without the flag and with it: what happens next")?;
        let rest = |chapters| after(chapters, last);
        let left = Column { head: "2.6.20, flush", chapters: rest(&flush) };
        let right = Column { head: "2.6.20, noflush", chapters: rest(&noflush) };
        columns::lines(output, &left, &right)?;
        output.line("")?;
        output.line("2. With the flag, before the series and with it")?;
        let left = Column { head: "2.6.19: no such flag, ignored", chapters: rest(&before) };
        columns::lines(output, &left, &right)?;
        output.line("")?;
        CLOSING.lines().try_for_each(|line| output.line(line))?;
        let program = trails::program();
        for (what, command) in SEE_ALSO {
            output.line(format_args!("  {what:<19} {program} {command}"))?;
        }
        Ok(Exit::Ok)
    }
}

fn after(chapters: &[Chapter], index: usize) -> &[Chapter] {
    &chapters[index.min(chapters.len())..]
}

fn is_resume(chapter: &Chapter) -> bool {
    chapter.typed.starts_with("resume")
}

fn chapters(embedded: &Embedded, era: Era) -> Result<Vec<Chapter>, Failure> {
    let configuration = Configuration::parse(embedded.file, embedded.text)
        .map_err(|error| Failure::Input(error.to_string()))?;
    Ok(story(&configuration.scenario, input::world(&configuration, era)?))
}

//! The tables that a tape draws: one target or two that adjoin, multipath most often.
use std::fmt::Write as _;

use super::lines::SECTOR_COUNT;
use super::tape::Tape;
use crate::scenario::TableLine;

/// A table whose targets use these disks.
pub(super) fn table(tape: &mut Tape<'_>, disks: &[String]) -> Vec<TableLine> {
    let half = SECTOR_COUNT / 2;
    let areas = match tape.below(16) {
        0..=11 => vec![(0, SECTOR_COUNT)],
        12..=14 => vec![(0, half), (half, half)],
        // Too small for some bios.
        _ => vec![(0, half)],
    };
    let rows = areas.into_iter().map(|(begin, len)| {
        let target = target(tape, begin, len, disks);
        TableLine::new(0, 0, &format!("{begin} {len} {target}"))
    });
    rows.collect()
}

fn target(tape: &mut Tape<'_>, begin: u32, len: u32, disks: &[String]) -> String {
    let disk = |tape: &mut Tape<'_>| disks[tape.below(disks.len())].clone();
    match tape.below(12) {
        0..=6 => multipath(tape, disks),
        7 | 8 => format!("linear /dev/{} {begin}", disk(tape)),
        9 if len == SECTOR_COUNT => {
            // Each sector of the device is that sector of the disk, as in every other table.
            format!("striped 2 8 /dev/{} 0 /dev/{} 8", disk(tape), disk(tape))
        }
        9 => "zero".to_owned(),
        10 => format!("delay /dev/{} {begin} 10", disk(tape)),
        _ => "error".to_owned(),
    }
}

fn multipath(tape: &mut Tape<'_>, disks: &[String]) -> String {
    let features = match tape.below(8) {
        0..=4 => "1 queue_if_no_path",
        5 => "3 queue_if_no_path pg_init_retries 1",
        _ => "0",
    };
    let handler = if tape.once_in(4) { "1 emc" } else { "0" };
    let groups = 1 + tape.below(2);
    let first = 1 + tape.below(groups);
    let mut text = format!("multipath {features} {handler} {groups} {first}");
    for group in 0..groups {
        // The paths of a group begin with another disk each, so that the usual line has no twin.
        let paths = 1 + tape.below(2);
        let _ = write!(text, " round-robin 0 {paths} 1");
        for path in 0..paths {
            let disk = &disks[(group + path + tape.below(disks.len())) % disks.len()];
            let repeat = tape.one_of(&[1000, 1]);
            let _ = write!(text, " /dev/{disk} {repeat}");
        }
    }
    text
}

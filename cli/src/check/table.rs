//! The claims against the configurations, and what the words in the table mean.
use dm_explore::Finish;
use dm_properties::liveness::EVENTUALLY;
use dm_properties::search::{ClaimReport, Verdict};

use super::{Checked, lassos};
use crate::exit::Failure;
use crate::output::{Output, WIDTH};

/// How a claim fared, in one word.
pub(super) fn word(claim: &ClaimReport, finish: Finish) -> &'static str {
    match &claim.verdict {
        Verdict::Broken { .. } if claim.pinned.is_some() => "pinned",
        Verdict::Broken { .. } => "BROKEN",
        Verdict::Held { .. } if finish != Finish::Complete => "open",
        Verdict::Held { premise: true } => "held",
        Verdict::Held { premise: false } => "idle",
    }
}

/// The words of the table, short enough for many columns.
const MEANINGS: [(&str, &str, &str); 7] = [
    ("held", "held", "no schedule breaks it"),
    ("idle", "idle", "as held, but it never applied"),
    ("pinned", "pin", "broken, as the kernel of that era does"),
    ("BROKEN", "FAIL", "broken"),
    ("open", "open", "not broken where the search ended"),
    ("too large", "size", "not judged: more states than --max-live-states, or too many who act"),
    ("left out", "none", "not judged: the way of the search leaves the liveness claims out"),
];

/// The width of a word and of what stands before it.
const COLUMN_WIDTH: usize = 6;

/// The tables of the two kinds of claims, and the meaning of the words in them.
pub(super) fn lines(output: &mut Output<'_>, checked: &[Checked]) -> Result<(), Failure> {
    let Some(first) = checked.first() else { return Ok(()) };
    let mut used: Vec<&'static str> = Vec::new();
    let safety: Vec<_> = first.report.claims.iter().map(|claim| claim.claim.name).collect();
    table(output, "claim", &safety, checked, &mut used, |done, index| {
        word(&done.report.claims[index], done.report.finish)
    })?;
    let liveness: Vec<_> = EVENTUALLY.iter().map(|claim| claim.name).collect();
    table(output, "liveness claim", &liveness, checked, &mut used, lassos::word)?;
    for (_, short, meaning) in MEANINGS {
        if used.contains(&short) {
            output.line(format_args!("{short:<4} {meaning}"))?;
        }
    }
    Ok(())
}

/// A column a configuration, in several parts where it would be too wide.
fn table(
    output: &mut Output<'_>,
    title: &str,
    names: &[&str],
    checked: &[Checked],
    used: &mut Vec<&'static str>,
    word: impl Fn(&Checked, usize) -> &'static str,
) -> Result<(), Failure> {
    let name_width = names.iter().map(|name| name.len()).max().unwrap_or(0);
    let columns: Vec<(usize, &Checked)> = (1..).zip(checked).collect();
    for part in columns.chunks((WIDTH - name_width) / COLUMN_WIDTH) {
        let row = |name: &str, cells: Vec<String>| {
            let width = COLUMN_WIDTH - 2;
            cells.iter().fold(format!("{name:<name_width$}"), |row, cell| {
                row + &format!("  {cell:<width$}")
            })
        };
        let numbers = part.iter().map(|(number, _)| number.to_string());
        output.line(row(title, numbers.collect()))?;
        for (index, name) in names.iter().enumerate() {
            let words = part.iter().map(|(_, done)| word(done, index)).map(short);
            used.extend(words.clone());
            output.line(row(name, words.map(str::to_owned).collect()))?;
        }
        output.line("")?;
    }
    Ok(())
}

fn short(word: &str) -> &'static str {
    let meaning = MEANINGS.iter().find(|(long, ..)| *long == word);
    meaning.expect("every word has a meaning").1
}

//! The claims against the configurations, and what the words in the table mean.
use dm_explore::Finish;
use dm_properties::search::{ClaimReport, Verdict};

use super::Checked;
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

const MEANINGS: [(&str, &str); 5] = [
    ("held", "no schedule breaks it"),
    ("idle", "as held, but it never applied"),
    ("pinned", "broken, as the kernel of that era does"),
    ("BROKEN", "broken"),
    ("open", "not broken where the search ended"),
];

/// The table.
pub(super) fn lines(output: &mut Output<'_>, checked: &[Checked]) -> Result<(), Failure> {
    let Some(first) = checked.first() else { return Ok(()) };
    let names = first.report.claims.iter().map(|claim| claim.claim.name);
    let name_width = names.clone().map(str::len).max().unwrap_or(0);
    let rows: Vec<Vec<&str>> = (0..first.report.claims.len())
        .map(|index| {
            let cell = |done: &Checked| word(&done.report.claims[index], done.report.finish);
            checked.iter().map(cell).collect()
        })
        .collect();
    let heads = heads(checked, name_width);
    let widths: Vec<_> = heads.iter().map(|head| head.len().max("pinned".len())).collect();
    let line = |name: &str, cells: &[&str]| {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("  {cell:<width$}"));
        format!("{name:<name_width$}{}", cells.collect::<String>())
    };
    let heads: Vec<_> = heads.iter().map(String::as_str).collect();
    output.line(line("claim", &heads))?;
    for (name, cells) in names.zip(&rows) {
        output.line(line(name, cells))?;
    }
    output.line("")?;
    for (word, meaning) in MEANINGS {
        if rows.iter().flatten().any(|cell| *cell == word) {
            output.line(format_args!("{word:<7} {meaning}"))?;
        }
    }
    Ok(())
}

/// The names of the configurations, or their numbers where the names are too wide.
fn heads(checked: &[Checked], name_width: usize) -> Vec<String> {
    let names: Vec<_> = checked.iter().map(|done| done.job.name.clone()).collect();
    let width: usize = names.iter().map(|name| name.len().max("pinned".len()) + 2).sum();
    if name_width + width <= WIDTH {
        return names;
    }
    (1..=names.len()).map(|number| number.to_string()).collect()
}

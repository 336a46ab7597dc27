//! The conformance table of REPORT.md: what a real kernel does with the scenarios.
use std::fmt::Write as _;

use dm_oracle::conform::Verdict;
use dm_sim::scenario::Mode;

use crate::conform::{Arguments, Row};
use crate::exit::Failure;

/// The kernel that every machine can run without a virtual machine.
const KERNEL: &str = "uml";

/// Runs every scenario that is not model-only, and tells how each kind of queue did and what
/// differs. Of requests only the sum is told: they race, and what is seen differs from run to run.
pub(super) fn conformance() -> Result<String, Failure> {
    Arguments::of(KERNEL).with_rows(|release, rows| {
        let mut text = String::from(
            "| kernel | queue | scenarios | as the model, or as recorded with a reason | not |\n\
             |---|---|---|---|---|\n",
        );
        for mode in [Mode::Bio, Mode::Rq] {
            let of_mode = || rows.iter().filter(|row| row.mode == mode);
            let good = of_mode().filter(|row| row.judged.is_good()).count();
            let all = of_mode().count();
            let name = mode.name();
            let _ = writeln!(text, "| {release} | {name} | {all} | {good} | {} |", all - good);
        }
        text += "\n| scenario, bio | what the kernel does instead, and why |\n|---|---|\n";
        for row in rows.iter().filter(|row| row.mode == Mode::Bio) {
            for reason in differences(row) {
                let _ = writeln!(text, "| `{}` | {reason} |", row.file.scenario.name);
            }
        }
        text
    })
}

fn differences(row: &Row<'_>) -> Vec<String> {
    let outcomes = row.judged.outcomes.iter();
    let told = outcomes.filter_map(|outcome| match &outcome.verdict {
        Verdict::Agrees | Verdict::AgreesWithAnother => None,
        Verdict::Recorded(reason) => Some(reason.join(" ").trim().to_owned()),
        Verdict::NoReason => Some("NO REASON".to_owned()),
        Verdict::Differs => Some("DIFFERS".to_owned()),
    });
    told.chain(row.judged.failed.iter().map(|failed| format!("FAILED: {failed:?}"))).collect()
}

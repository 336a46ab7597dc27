//! What the seeded simulator finds: which breaks a finding explains, sweeps over seeds, mutants, and
//! how a failure becomes small.
//!
//! A run breaks claims of its own oracles (`dm_sim::simulate::oracle`) and of what can be seen of the
//! kernel's effects; their names are those of `claims` where they say the same.
mod kills;
mod known;
mod lower;
mod shrink;
mod sweep;
mod table;

use dm_model::era::Era;
use dm_sim::simulate::{Break, Features, Sign};

pub use kills::{Found, first_kill};
pub use known::title_of;
pub use lower::lower;
pub use shrink::{Shrunk, shrink};
pub use sweep::{Group, Seeds, Swept, sweep};
pub use table::{REACH, Reach, SEED_COUNT, reach_of};

/// What a break of the shipped kernel is known to be: the number of docs/findings.md, or of
/// docs/CLAIMS.md F, or 0 for what the series solves; none if it is nothing of these.
pub fn finding_of(found: &Break, era: Era, features: &Features) -> Option<&'static str> {
    match (found.claim, &found.sign) {
        ("pools_outlive_their_io", Sign::Label(label)) if is_late_free(label) => Some("2"),
        ("tables_outlive_their_users", Sign::Label(label)) if label == "J6" => Some("3"),
        ("tables_outlive_their_users", Sign::Label(label)) if is_pg_init(label) => Some("9"),
        // The end of a pg_init starts the work items of a target that is gone, or soon will be.
        ("tables_outlive_their_users", Sign::Label(label)) if is_work(label) => {
            features.handler.then_some("9")
        }
        ("devices_outlive_their_users", Sign::Label(label)) if label == "T4" => Some("7"),
        ("nothing_is_stranded", Sign::QueuedBeforeFirstPath) => Some("4"),
        ("nothing_is_stranded", Sign::InodeMutex) => Some("8"),
        ("nothing_is_stranded", Sign::SuspendedWithoutTable) => Some("F13"),
        ("the_kernel_does_not_stop", Sign::Stopped(text)) if text.contains("pg_init") => Some("5"),
        // The problem that the series solves.
        ("no_unjustified_error", _) if !era.multipath_pushes_back() => Some("0"),
        ("no_unjustified_error", Sign::Signalled | Sign::PolicyLeftOff)
            if !era.undoes_presuspend() =>
        {
            Some("6")
        }
        // The change that is proposed leaves F12 as it was.
        ("no_unjustified_error", Sign::PolicyLeftOffByError) => Some("F12"),
        _ => None,
    }
}

/// In `dm_pg_init_complete`.
fn is_pg_init(label: &str) -> bool {
    matches!(label, "I10" | "I11" | "I12" | "I13" | "I14" | "I15" | "I16")
}

/// In a work item of kmultipathd.
fn is_work(label: &str) -> bool {
    matches!(label, "K1" | "TE1")
}

/// Behind P6, where nothing holds the pools any more: P7, and E3 of the same clone.
fn is_late_free(label: &str) -> bool {
    matches!(label, "P7" | "E3")
}

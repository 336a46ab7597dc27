//! What the seeded simulator finds: which breaks a finding explains, sweeps over seeds, mutants, and
//! how a failure becomes small.
//!
//! A run breaks claims of its own oracles (`dm_sim::simulate::oracle`) and of what can be seen of the
//! kernel's effects; their names are those of `claims` where they say the same.
mod kills;
mod lower;
mod shrink;
mod sweep;
mod table;

use dm_model::era::Era;
use dm_sim::simulate::{Break, Sign};

pub use kills::{Found, first_kill};
pub use lower::lower;
pub use shrink::{Shrunk, shrink};
pub use sweep::{Group, Seeds, Swept, sweep};
pub use table::{REACH, Reach, SEED_COUNT, reach_of};

/// What a break of the shipped kernel is known to be: the number of docs/findings.md; none if it is
/// news.
pub fn finding_of(found: &Break, era: Era) -> Option<&'static str> {
    let hardened = era.undoes_presuspend();
    match (found.claim, &found.sign) {
        ("pools_outlive_their_io", Sign::Label(label)) if is_late_free(label) => Some("2"),
        ("tables_outlive_their_users", Sign::Label(label)) if label == "J6" => Some("3"),
        ("nothing_is_stranded", Sign::QueuedBeforeFirstPath) => Some("4"),
        ("the_kernel_does_not_stop", Sign::Stopped(text)) if text.contains("pg_init") => Some("5"),
        ("no_unjustified_error", Sign::PolicyLeftOff | Sign::Signalled) if !hardened => Some("6"),
        // The change that is proposed leaves F12 as it was: a suspend whose lock_fs fails.
        ("no_unjustified_error", Sign::PolicyLeftOff) => Some("6"),
        _ => None,
    }
}

/// Behind P6, where nothing holds the pools any more: P7, and E3 of the same clone.
fn is_late_free(label: &str) -> bool {
    matches!(label, "P7" | "E3")
}

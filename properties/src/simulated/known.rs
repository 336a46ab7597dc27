//! What a run of the simulator breaks besides the findings of the searches: what their claims leave to
//! the user, who is told of it in docs/CLAIMS.md F, and what the series solves.
use crate::findings::finding;

/// The numbers, and what happens.
const KNOWN: &[(&str, &str)] = &[
    ("0", "a suspend flushes what is queued as errors, as before the series"),
    ("F12", "a suspend that lock_fs fails leaves the policy set aside"),
    ("F13", "suspended with noflush before its first table: it takes none"),
];

/// The title of a finding of docs/findings.md, or of what else is known.
pub fn title_of(id: &str) -> &'static str {
    let known = || KNOWN.iter().find(|it| it.0 == id).map(|it| it.1);
    finding(id).map(|it| it.title).or_else(known).unwrap_or("not known")
}

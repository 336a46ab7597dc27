//! What the simulator found in the shipped kernel that the searches had not: beside `findings`,
//! until it is reviewed and pinned there.
//!
//! Each but the last has a trail on a small configuration, made by `lower`.
use crate::findings::finding;

/// Something new.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct News {
    /// Its number: s for simulated.
    pub id: &'static str,
    /// What happens, in a few words.
    pub title: &'static str,
    /// The claim that breaks.
    pub claim: &'static str,
    /// The trail of a small configuration, if the claims of the search say that it breaks.
    pub trail: Option<(&'static str, &'static str)>,
    /// Why it is so, in terms of the kernel's source.
    pub why: &'static str,
}

/// All of it, and before it the problem that the series solves.
pub const NEWS: &[News] = &[
    News {
        id: "0",
        title: "a suspend flushes what is queued as errors, as before the series",
        claim: "no_unjustified_error",
        trail: None,
        why: "without pushback, or before multipath asks for it (patch 7): no news, and what \
              the cover letter is about",
    },
    News {
        id: "s1",
        title: "a pg_init ends on a target that is gone",
        claim: "tables_outlive_their_users",
        trail: Some((
            "pg_init-2.6.20-tables_outlive_their_users.trail",
            include_str!("trails/pg_init-2.6.20-tables_outlive_their_users.trail"),
        )),
        why: "multipath_dtr flushes kmultipathd, which knows nothing of a handler's command that \
              is under way: dm_pg_init_complete comes after free_multipath, and starts the worker \
              of the target that is gone",
    },
    News {
        id: "s2",
        title: "a device that was suspended with noflush before it had a table is never resumed",
        claim: "nothing_is_stranded",
        trail: None,
        why: "without suspended_bdev the swap asks for the size that the device has, 0, and no \
              table has that; dm_resume without a table is -EINVAL; so I/O that is deferred there \
              waits until the device is removed, which its opener prevents",
    },
];

/// The title of a finding of docs/findings.md or of this list.
pub fn title_of(id: &str) -> &'static str {
    let news = || NEWS.iter().find(|it| it.id == id).map(|it| it.title);
    finding(id).map(|it| it.title).or_else(news).unwrap_or("not known")
}

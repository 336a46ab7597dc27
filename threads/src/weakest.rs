//! For each access to a shared word: the weakest ordering under which loom finds nothing, and what
//! breaks one step below.
//!
//! What that is worth: C11 is not the kernel's memory model; loom takes a sequentially consistent
//! access for acquire and release, explores locks in the order in which they are taken, and no
//! load that sees a later store (load buffering). An ordering that loom needs is needed; one that
//! loom does not need may be needed all the same.
use std::collections::BTreeSet;

use dm_sim::world::config::TextError;

use crate::ends::Ends;
use crate::grain::Grain;
use crate::orderings::{SITES, Site, Strength};
use crate::weak::{Bounds, explore};
use crate::window::Window;
use crate::windows::{BOUND, Named, WINDOWS};

/// What the table is worth.
pub const WORTH: &[&str] = &[
    "C11 is not the kernel's memory model. loom takes a sequentially consistent access for acquire",
    "and release, explores locks in the order in which they are taken, so that nothing moves into",
    "a critical section, and knows no load that sees a later store. What it needs is needed; what it",
    "does not need may be needed all the same.",
];

/// The windows that the table is about: all but the largest two.
pub fn windows() -> impl Iterator<Item = Named> {
    let is_large = |name: &str| ["cycle", "requeue-error-signal-tail"].contains(&name);
    WINDOWS.iter().filter(move |named| !is_large(named.name)).copied()
}

/// A row in words: the access, and below it where its ordering comes from and what breaks.
pub fn lines(row: &Row) -> Vec<String> {
    let site = row.site;
    let weakest = match row.weakest {
        None if row.windows == 0 => "in no window".to_owned(),
        None => "none is enough".to_owned(),
        Some(weakest) => weakest.to_string(),
    };
    let kernel = site.strength().to_string();
    let mut lines = vec![
        format!("{:<36} kernel {kernel:<13} loom needs {weakest}", site.text()),
        format!("    {}", site.source()),
    ];
    if let Some(Breaks { strength, window, what }) = &row.below {
        lines.push(format!("    {strength}: {what}, in {window}"));
    }
    lines
}

/// What breaks with an ordering.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breaks {
    /// The ordering.
    pub strength: Strength,
    /// The window in which it shows.
    pub window: &'static str,
    /// What happens there.
    pub what: String,
}

/// An access and its orderings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The access.
    pub site: Site,
    /// The windows that have it.
    pub windows: usize,
    /// The weakest ordering under which loom finds nothing in them; none when even the kernel's
    /// is too weak.
    pub weakest: Option<Strength>,
    /// What breaks with the next weaker one.
    pub below: Option<Breaks>,
}

/// A window with its ends, and how words are accessed there.
struct Prepared {
    named: Named,
    window: Window,
    ends: Ends,
    sites: BTreeSet<Site>,
}

/// The table over these windows, at the bound on preemptions of a quick run; `done` is called
/// after each row.
///
/// # Errors
/// When a window cannot be built.
pub fn table(windows: &[Named], mut done: impl FnMut(&Row)) -> Result<Vec<Row>, TextError> {
    let mut prepared = Vec::new();
    for named in windows {
        let window = named.window()?;
        let ends = Ends::of(&window);
        let sites = run(named, &window, &ends, Grain::None)?.sites;
        prepared.push(Prepared { named: *named, window, ends, sites });
    }
    let mut rows = Vec::new();
    for site in SITES {
        let row = row(&prepared, *site)?;
        done(&row);
        rows.push(row);
    }
    Ok(rows)
}

fn row(prepared: &[Prepared], site: Site) -> Result<Row, TextError> {
    let with: Vec<_> = prepared.iter().filter(|it| it.sites.contains(&site)).collect();
    let mut row = Row { site, windows: with.len(), weakest: None, below: None };
    if with.is_empty() {
        return Ok(row);
    }
    for strength in site.access().strengths() {
        match first_break(&with, site, *strength)? {
            Some(breaks) => row.below = Some(breaks),
            None => {
                row.weakest = Some(*strength);
                break;
            }
        }
    }
    Ok(row)
}

fn first_break(
    windows: &[&Prepared],
    site: Site,
    strength: Strength,
) -> Result<Option<Breaks>, TextError> {
    for it in windows {
        let grain = Grain::Ordering(site, strength);
        let report = run(&it.named, &it.window, &it.ends, grain)?;
        if let Some(failure) = report.failure {
            let what = failure.kind();
            return Ok(Some(Breaks { strength, window: it.named.name, what }));
        }
    }
    Ok(None)
}

fn run(
    named: &Named,
    window: &Window,
    ends: &Ends,
    grain: Grain,
) -> Result<crate::weak::WeakReport, TextError> {
    let bounds = Bounds { preemptions: Some(BOUND), executions: u64::MAX };
    explore(window, named.text, ends, grain, bounds)
}

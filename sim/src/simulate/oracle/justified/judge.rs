//! The search for a reason: down the route of an I/O, through each table that was live meanwhile.
use std::ops::Range;

use super::act::{Below, Justification, Kind};
use super::device::{Absent, Device, Off};
use super::spans::Window;
use super::{Cause, Justified};

/// Devices lie at most this many above each other: the kernel knows no loop of devices, but the
/// tables of two moments may look like one.
const DEPTH_MAX: u32 = 16;

/// What was looked for and what was seen on the way.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// What comes nearest to a reason and is none.
    pub(super) cause: Option<Cause>,
    /// A device that had no path at some moment.
    pub(super) without_path: Option<u32>,
}

impl Search {
    /// Why these sectors of a device may fail within the window.
    pub(super) fn device(
        &mut self,
        all: &Justified,
        device: u32,
        sectors: &Range<u64>,
        window: Window,
        depth: u32,
    ) -> Option<Justification> {
        let Some(it) = all.devices.get(&device) else {
            return Some(Justification::NoTable { device });
        };
        if let Some((_, absent)) = it.absent.within(window).next() {
            return Some(match absent.what {
                Absent::NoTable => Justification::NoTable { device },
                Absent::Removed => Justification::Removed { device },
            });
        }
        if depth == DEPTH_MAX {
            return None;
        }
        for (window, table) in it.tables.within(window) {
            let mut end = 0;
            for segment in &table.what.segments {
                end = segment.begin + segment.count;
                let from = sectors.start.max(segment.begin);
                let to = sectors.end.min(end);
                if from >= to {
                    continue;
                }
                let found = match &segment.kind {
                    Kind::Error => Some(Justification::ErrorTarget { device }),
                    Kind::Zero => None,
                    kind @ (Kind::Remapped(_) | Kind::Striped { .. }) => {
                        ways(kind, segment.begin, from..to).into_iter().find_map(
                            |(below, sectors)| self.below(all, below, &sectors, window, depth),
                        )
                    }
                    Kind::Multipath { paths, .. } => paths
                        .iter()
                        .find_map(|below| all.medium(*below, &(from..to), window, depth))
                        .or_else(|| self.no_path(it, device, paths, window)),
                };
                if found.is_some() {
                    return found;
                }
            }
            if sectors.end > end {
                return Some(Justification::BeyondTable { device });
            }
        }
        None
    }

    /// Why what has one way only may fail.
    fn below(
        &mut self,
        all: &Justified,
        below: Below,
        sectors: &Range<u64>,
        window: Window,
        depth: u32,
    ) -> Option<Justification> {
        match below {
            Below::Device(device) => self.device(all, device, sectors, window, depth + 1),
            Below::Path(path) => all.medium(below, sectors, window, depth).or_else(|| {
                let mut errors = all.below.get(&below)?.errors.within(window);
                errors.next().map(|_| Justification::Path { path })
            }),
        }
    }

    /// Whether there was a moment at which every path may have been failed and the policy was off.
    /// It changes only where an interval begins.
    fn no_path(
        &mut self,
        it: &Device,
        device: u32,
        paths: &[Below],
        window: Window,
    ) -> Option<Justification> {
        let doubts: Vec<(Window, Below)> =
            it.doubts.within(window).map(|(span, doubt)| (span, doubt.what)).collect();
        let off: Vec<(Window, Off)> =
            it.off.within(window).map(|(span, off)| (span, off.what)).collect();
        let begins = off.iter().map(|(span, _)| span.from);
        let mut begins: Vec<u64> = begins.chain(doubts.iter().map(|(span, _)| span.from)).collect();
        begins.sort_unstable();
        begins.dedup();
        // An error is told soon after its reason: the last moment first.
        for moment in begins.into_iter().rev() {
            let is_failed =
                |path: &Below| doubts.iter().any(|(at, it)| it == path && at.contains(moment));
            if !paths.iter().all(is_failed) {
                continue;
            }
            self.without_path = Some(device);
            for (_, off) in off.iter().filter(|(at, _)| at.contains(moment)) {
                let cause = match off {
                    Off::Table => return Some(Justification::PolicyOfTable { device }),
                    Off::Message(why) => {
                        return Some(Justification::PolicyByMessage { device, why: *why });
                    }
                    Off::Flush => return Some(Justification::FlushSuspend { device }),
                    Off::Left => Cause::PolicyLeftOff,
                    Off::Signalled => Cause::Signalled,
                    Off::Noflush => Cause::NoflushSuspend,
                };
                // The first in the order of `Cause` says most.
                self.cause = Some(self.cause.map_or(cause, |known| known.min(cause)));
            }
        }
        None
    }
}

impl Justified {
    /// Whether a sector could not be read or written below, at any depth.
    fn medium(
        &self,
        below: Below,
        sectors: &Range<u64>,
        window: Window,
        depth: u32,
    ) -> Option<Justification> {
        let meets = |range: &Range<u64>| range.start < sectors.end && sectors.start < range.end;
        match below {
            Below::Path(_) => {
                let lun = self.below.get(&below)?.lun?;
                let mut failed = self.media.get(&lun)?.within(window);
                let is_met = failed.any(|(_, range)| meets(range));
                is_met.then_some(Justification::Medium { lun })
            }
            Below::Device(_) if depth == DEPTH_MAX => None,
            Below::Device(device) => {
                self.devices.get(&device)?.tables.within(window).find_map(|(window, table)| {
                    table.what.segments.iter().find_map(|segment| {
                        let from = sectors.start.max(segment.begin);
                        let to = sectors.end.min(segment.begin + segment.count);
                        let is_met = from < to;
                        let ways = is_met.then(|| ways(&segment.kind, segment.begin, from..to));
                        ways.into_iter().flatten().find_map(|(below, sectors)| {
                            self.medium(below, &sectors, window, depth + 1)
                        })
                    })
                })
            }
        }
    }
}

/// Where sectors of a target may go. Source: the `map` of linear, delay, striped and multipath.
fn ways(kind: &Kind, begin: u64, sectors: Range<u64>) -> Vec<(Below, Range<u64>)> {
    let range = sectors.start - begin..sectors.end - begin;
    match kind {
        Kind::Error | Kind::Zero => Vec::new(),
        Kind::Remapped(places) => {
            let place =
                |(below, start): &(Below, u64)| (*below, start + range.start..start + range.end);
            places.iter().map(place).collect()
        }
        Kind::Striped { chunk, stripes } => stripe(*chunk, stripes, range).collect(),
        Kind::Multipath { paths, .. } => {
            paths.iter().map(|below| (*below, sectors.clone())).collect()
        }
    }
}

/// The parts of a range of a striped target, one a chunk (`stripe_map`).
fn stripe(
    chunk: u64,
    stripes: &[(Below, u64)],
    range: Range<u64>,
) -> impl Iterator<Item = (Below, Range<u64>)> {
    let count = stripes.len() as u64;
    let numbers = range.start / chunk..range.end.div_ceil(chunk);
    numbers.map(move |number| {
        let (below, start) = stripes[(number % count) as usize];
        let base = start + number / count * chunk;
        let from = range.start.max(number * chunk) - number * chunk;
        let to = range.end.min((number + 1) * chunk) - number * chunk;
        (below, base + from..base + to)
    })
}

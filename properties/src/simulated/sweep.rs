//! Sweeps over seeds, on several threads: what broke, grouped, with the smallest seed of each.
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use dm_sim::simulate::{Break, Marks, Options, Outcome, Sign, run};

use super::finding_of;

/// The seeds of a sweep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seeds {
    /// All of them.
    pub range: Range<u64>,
    /// Which part of how many is run here, counted from 1.
    pub shard: (u64, u64),
}

impl Seeds {
    /// All seeds of a range.
    pub fn all(range: Range<u64>) -> Self {
        Self { range, shard: (1, 1) }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        let (part, parts) = self.shard;
        let all = self.range.end.saturating_sub(self.range.start);
        (all + parts - part) / parts
    }

    fn nth(&self, index: u64) -> u64 {
        let (part, parts) = self.shard;
        self.range.start + index * parts + (part - 1)
    }
}

/// Runs that broke one claim alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// The smallest seed among them.
    pub seed: u64,
    /// What broke there.
    pub found: Break,
    /// The finding that explains it.
    pub finding: Option<&'static str>,
}

/// What a sweep came to.
#[derive(Clone, Debug, Default)]
pub struct Swept {
    /// Runs.
    pub seeds: u64,
    /// Steps of the kernel, of all of them.
    pub steps: u64,
    /// I/Os.
    pub ios: u64,
    /// Errors that had a reason.
    pub errors: u64,
    /// What broke: by finding, or by claim and sign.
    pub groups: Vec<Group>,
    /// What all of it came to, if it was asked.
    pub marks: Marks,
}

/// By what runs are grouped: first what is no finding.
type Key = (Option<&'static str>, &'static str, Sign);

#[derive(Default)]
struct Part {
    seeds: u64,
    steps: u64,
    ios: u64,
    errors: u64,
    groups: BTreeMap<Key, Group>,
    marks: Marks,
}

impl Part {
    fn add(&mut self, seed: u64, options: Options, outcome: Outcome) {
        self.seeds += 1;
        self.steps += outcome.steps;
        self.ios += outcome.ios;
        self.errors += outcome.errors;
        self.marks.add(&outcome.marks);
        let mut keys = Vec::new();
        for found in outcome.breaks {
            let finding = finding_of(&found, options.era, &outcome.features);
            let sign = if finding.is_some() { Sign::None } else { found.sign.clone() };
            let claim = if finding.is_some() { "" } else { found.claim };
            let key = (finding, claim, sign);
            if !keys.contains(&key) {
                keys.push(key.clone());
                self.put(key, Group { count: 1, seed, found, finding });
            }
        }
    }

    fn put(&mut self, key: Key, group: Group) {
        match self.groups.get_mut(&key) {
            None => {
                self.groups.insert(key, group);
            }
            Some(known) => {
                let count = known.count + group.count;
                if group.seed < known.seed {
                    *known = group;
                }
                known.count = count;
            }
        }
    }
}

/// Runs every seed on `jobs` threads. `observe` hears how many are done, in no order; what is
/// returned does not depend on how many threads there are.
///
/// # Panics
/// When a run does.
pub fn sweep(
    seeds: &Seeds,
    options: Options,
    jobs: usize,
    observe: &(dyn Fn(u64) + Sync),
) -> Swept {
    let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let count = seeds.count();
    let work = || {
        let mut part = Part::default();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return part;
            }
            let seed = seeds.nth(index);
            part.add(seed, options, run(seed, options));
            observe(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
    };
    let parts: Vec<Part> = thread::scope(|scope| {
        let others: Vec<_> = (1..jobs.max(1)).map(|_| scope.spawn(work)).collect();
        let mut parts = vec![work()];
        parts.extend(others.into_iter().map(|other| other.join().expect("a run does not panic")));
        parts
    });
    merge(parts)
}

fn merge(parts: Vec<Part>) -> Swept {
    let mut all = Part::default();
    for part in parts {
        all.seeds += part.seeds;
        all.steps += part.steps;
        all.ios += part.ios;
        all.errors += part.errors;
        all.marks.add(&part.marks);
        for (key, group) in part.groups {
            all.put(key, group);
        }
    }
    Swept {
        seeds: all.seeds,
        steps: all.steps,
        ios: all.ios,
        errors: all.errors,
        groups: all.groups.into_values().collect(),
        marks: all.marks,
    }
}

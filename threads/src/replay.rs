//! Whether what threads have done is an interleaving of `Plain`: an order of their steps, no step
//! before one that had ended when it began, in which `Plain` makes the same moves and ends alike.
use std::hash::{BuildHasher, Hash, Hasher};

use dm_model::era::Era;
use dm_model::frame::Process;
use dm_properties::claims::Kind as ClaimKind;
use dm_properties::history::History;
use dm_properties::pins::pinned;
use dm_properties::system::{State, judge_action};
use dm_sim::world::plan::{Action, Kind};
use dm_sim::world::{Stage, World};
use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::ends::{self, Broken, canonical, finish};
use crate::record::Event;
use crate::round::Round;

/// How many steps a replay tries before it is given up.
const TRY_COUNT_MAX: usize = 1_000_000;

/// What a replay has found.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// How many steps were tried, those taken back included.
    pub tries: usize,
    /// How many steps there are.
    pub steps: usize,
    /// The order, by thread; none when there is no such order.
    pub order: Option<Vec<usize>>,
    /// How many steps the longest order took that was tried.
    pub longest: usize,
    /// The claims that the run breaks and that the kernel is not known to break.
    pub broken: Vec<Broken>,
}

impl Replayed {
    /// Whether the run is an interleaving that breaks no claim.
    pub fn holds(&self) -> bool {
        self.order.is_some() && self.broken.is_empty()
    }
}

/// A point at which several threads could have been next.
struct Branch {
    world: World,
    positions: Vec<usize>,
    taken: usize,
    rest: Vec<usize>,
}

/// Searches for an order in which `Plain` does what the threads did and ends in `end`.
pub fn replay(round: &Round, threads: &[Vec<Event>], end: &World) -> Replayed {
    let end = canonical(end.clone());
    let steps = threads.iter().map(Vec::len).sum();
    let mut search = Search { round, threads, dead: FxHashSet::default(), tries: 0, longest: 0 };
    let order = search.run(&end, steps);
    let broken = order.as_ref().map(|order| judge(round, threads, order)).unwrap_or_default();
    let (tries, longest) = (search.tries, search.longest);
    Replayed { tries, steps, order, longest, broken }
}

struct Search<'a> {
    round: &'a Round,
    threads: &'a [Vec<Event>],
    /// The hashes of positions and worlds from which no order leads to the end.
    dead: FxHashSet<u64>,
    tries: usize,
    longest: usize,
}

impl Search<'_> {
    fn run(&mut self, end: &World, steps: usize) -> Option<Vec<usize>> {
        let mut order: Vec<usize> = Vec::with_capacity(steps);
        let mut branches: Vec<Branch> = Vec::new();
        let mut world = self.round.world.clone();
        let mut positions = vec![0; self.threads.len()];
        let mut next = self.candidates(&positions);
        loop {
            self.longest = self.longest.max(order.len());
            if order.len() == steps && canonical(world.clone()) == *end {
                return Some(order);
            }
            let Some(thread) = next.pop() else {
                self.dead.insert(fingerprint(&positions, &world));
                let branch = branches.pop()?;
                order.truncate(branch.taken);
                (world, positions, next) = (branch.world, branch.positions, branch.rest);
                continue;
            };
            if self.tries >= TRY_COUNT_MAX {
                return None;
            }
            self.tries += 1;
            let mut after = world.clone();
            let event = &self.threads[thread][positions[thread]];
            if !self.takes(&mut after, event) {
                continue;
            }
            let mut moved = positions.clone();
            moved[thread] += 1;
            if !self.dead.is_empty() && self.dead.contains(&fingerprint(&moved, &after)) {
                continue;
            }
            let rest = std::mem::replace(&mut next, self.candidates(&moved));
            branches.push(Branch { world, positions, taken: order.len(), rest });
            (world, positions) = (after, moved);
            order.push(thread);
        }
    }

    /// The threads whose next step may come next, the likeliest last: no other's step had ended
    /// when it began.
    fn candidates(&self, positions: &[usize]) -> Vec<usize> {
        let pending = || {
            let next = positions.iter().zip(self.threads).enumerate();
            next.filter_map(|(thread, (at, events))| Some((thread, events.get(*at)?)))
        };
        let ended = |event: &Event| event.end.unwrap_or(u64::MAX);
        let first = pending().map(|(_, event)| ended(event)).min();
        let Some(first) = first else { return Vec::new() };
        let mut open: Vec<_> = pending().filter(|(_, event)| event.begin <= first).collect();
        open.sort_by_key(|(_, event)| std::cmp::Reverse(event.at));
        open.into_iter().map(|(thread, _)| thread).collect()
    }

    /// Whether the world makes the same move.
    fn takes(&self, world: &mut World, event: &Event) -> bool {
        let mut actions = perform(self.round, event).into_iter();
        actions.all(|action| is_possible(world, action.kind) && world.perform(action).is_ok())
            && is_alike(world, event)
    }
}

/// Whether the process stands where it stood in the thread.
fn is_alike(world: &World, event: &Event) -> bool {
    let Kind::Step(context) = event.action.kind else { return true };
    world.processes.get(context).map(Process::label) == event.then
}

/// Whether the world can do this next, unless the step is blocked.
fn is_possible(world: &World, kind: Kind) -> bool {
    match kind {
        Kind::Step(context) => world.processes.get(context).is_some(),
        Kind::Begin(target, work) => {
            let works = world.memory.works[target.index()];
            works.pending & !works.running & 1 << work != 0
        }
        Kind::Disk { disk, slot, .. } => {
            let disk = world.disk(disk);
            let clone = disk.queue.get(usize::from(slot));
            clone.is_some_and(|clone| {
                let clone = &world.memory.clones[clone];
                disk.answer(clone.sector, clone.count).is_some()
            })
        }
        Kind::Line(script) => {
            let script = usize::from(script);
            world.scripts[script].stage == Stage::Ready && world.next_line(script).is_some()
        }
        Kind::Path(..) | Kind::Signal(_) => unreachable!("no thread spends a budget"),
    }
}

/// The actions of an event: two steps where the seeded bug takes two sections in one.
fn perform(round: &Round, event: &Event) -> Vec<Action> {
    let merges = event.label.as_deref().is_some_and(|label| round.merges(label));
    vec![event.action; if merges { 2 } else { 1 }]
}

fn fingerprint(positions: &[usize], world: &World) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    positions.hash(&mut hasher);
    world.hash(&mut hasher);
    hasher.finish()
}

/// The claims that the run breaks in this order, or until nothing can happen any more.
fn judge(round: &Round, threads: &[Vec<Event>], order: &[usize]) -> Vec<Broken> {
    let mut broken = Vec::new();
    let world = round.world.clone();
    let mut state = State { history: History::at_start(&world), world };
    let mut positions = vec![0; threads.len()];
    for thread in order {
        let event = &threads[*thread][positions[*thread]];
        positions[*thread] += 1;
        for action in perform(round, event) {
            let judged = judge_action(&mut state, action, |it| {
                ends::judge(ClaimKind::Always, it, &mut broken);
            });
            judged.expect("the search has just done it");
        }
    }
    finish(state, &mut broken);
    let era = world_era(round);
    let is_known = |broken: &Broken| pinned(broken.claim, era, &round.name, false).is_some();
    broken.retain(|broken| !is_known(broken));
    broken
}

fn world_era(round: &Round) -> Era {
    round.world.plan().setup.era
}

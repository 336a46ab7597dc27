//! The ends of a window on `Plain`: every interleaving of its threads' steps, each claim judged on
//! the way and until nothing more can happen.
use std::collections::BTreeMap;

use dm_explore::{Limits, Search, System, Taken, Violation};
use dm_model::ids::{BIO_COUNT_MAX, BioPtr, CloneId, GENERATION_COUNT_MAX, IoId, TargetId};
use dm_model::sorted::Map;
use dm_properties::claims::{CLAIMS, Kind as ClaimKind, Transition};
use dm_properties::pins::pinned;
use dm_properties::system::{State, judge_action};
use dm_sim::drivers::Target;
use dm_sim::world::World;
use dm_sim::world::perform::line_process;
use dm_sim::world::plan::{Action, Budget, Context, Kind};
use dm_sim::world::schedule::DefaultSchedule;

use crate::round::{Job, Round};
use crate::window::Window;

/// A claim that a window breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The claim's name.
    pub claim: &'static str,
    /// What was expected and found.
    pub text: String,
}

impl Violation for Broken {
    fn key(&self) -> &str {
        self.claim
    }
}

/// What `Plain` says of a window.
#[derive(Debug)]
pub struct Ends {
    /// Distinct states.
    pub states: u64,
    /// The worlds that the threads leave when all have ended, and a shortest way to each.
    pub worlds: BTreeMap<World, Vec<Action>>,
    /// The worlds in which a thread can never go on, and a shortest way to each.
    pub stuck: BTreeMap<World, Vec<Action>>,
    /// The claims that broke, in the window or after it, with a shortest way; and why that is
    /// expected, if it was reviewed.
    pub broken: Vec<(Broken, Vec<Action>, Option<&'static str>)>,
}

impl Ends {
    /// Searches every interleaving of the window's threads.
    pub fn of(window: &Window) -> Self {
        let system = Windowed { window };
        let report = Search::new(&system).limits(Limits::default()).run();
        let mut ends = Self {
            states: report.states,
            worlds: BTreeMap::new(),
            stuck: BTreeMap::new(),
            broken: Vec::new(),
        };
        for ((world, all_done), end) in report.outcomes {
            let trail = whole(window, &end.trail);
            let ends = if all_done { &mut ends.worlds } else { &mut ends.stuck };
            ends.insert(world, trail);
        }
        for found in report.violations.into_values() {
            let trail = whole(window, &found.trail);
            let claim = found.violation.claim;
            let reason = pinned(claim, window.era, &window.name, false);
            ends.broken.push((found.violation, trail, reason));
        }
        ends
    }
}

/// The way to the window and the steps in it.
fn whole(window: &Window, steps: &[Step]) -> Vec<Action> {
    let steps = steps.iter().map(|step| Action::from(step.kind));
    window.way.iter().copied().chain(steps).collect()
}

/// A window as a transition system.
struct Windowed<'a> {
    window: &'a Window,
}

/// How far each thread is: its job, and the process that its script's line has started.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Progress {
    state: State,
    threads: Vec<(u8, Option<Context>)>,
}

/// A step of a thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Step {
    thread: usize,
    kind: Kind,
}

impl Windowed<'_> {
    fn round(&self) -> &Round {
        &self.window.round
    }

    /// What a thread would do next, if it is not done.
    fn next(&self, progress: &Progress, thread: usize) -> Option<Kind> {
        let (job, running) = progress.threads[thread];
        if let Some(context) = running {
            return Some(Kind::Step(context));
        }
        match self.round().jobs[thread].get(usize::from(job))? {
            Job::Process(context, _) => Some(Kind::Step(*context)),
            Job::Script(script) => Some(Kind::Line(*script as u8)),
            Job::WorkQueue => {
                let works = progress.state.world.memory.works.iter().enumerate();
                let mut ready = works.filter_map(|(target, works)| {
                    let ready = works.pending & !works.running;
                    let work = ready.trailing_zeros() as u8;
                    (ready != 0).then_some(Kind::Begin(TargetId(target as u8), work))
                });
                ready.next()
            }
            Job::Hardware(_) => unreachable!("a window has no hardware"),
        }
    }

    /// Where the thread is after its step.
    fn advance(&self, progress: &mut Progress, step: Step) {
        let world = &progress.state.world;
        let (job, running) = &mut progress.threads[step.thread];
        let is_there = |context: Context| world.processes.get(context).is_some();
        let started = match step.kind {
            Kind::Line(script) => {
                let next = usize::from(world.scripts[usize::from(script)].next);
                let line = &world.plan().scripts[usize::from(script)][next - 1];
                let started = line_process(&world.memory, line);
                started.map(|(context, _)| context)
            }
            Kind::Step(context) => Some(context),
            Kind::Begin(target, work) => Some(Context::Work(target, work)),
            Kind::Disk { .. } | Kind::Path(..) | Kind::Signal(_) => {
                unreachable!("a window has no hardware")
            }
        };
        *running = started.filter(|context| is_there(*context));
        let is_done = match &self.round().jobs[step.thread][usize::from(*job)] {
            Job::Script(script) => running.is_none() && world.next_line(*script).is_none(),
            Job::Process(context, until) => {
                let process = world.processes.get(*context);
                process.is_none_or(|process| until.as_ref() == Some(&process.label()))
            }
            Job::Hardware(_) | Job::WorkQueue => false,
        };
        if is_done {
            (*job, *running) = (*job + 1, None);
        }
    }

    fn is_done(&self, progress: &Progress) -> bool {
        (0..progress.threads.len()).all(|thread| self.next(progress, thread).is_none())
    }
}

impl System for Windowed<'_> {
    type State = Progress;
    type Action = Step;
    type Violation = Broken;
    type Outcome = (World, bool);

    fn initial(&self) -> Progress {
        let world = self.round().world.clone();
        let state = State { world, history: self.window.history };
        Progress { state, threads: vec![(0, None); self.round().jobs.len()] }
    }

    fn actions(&self, state: &Progress, out: &mut Vec<Step>) {
        for thread in 0..state.threads.len() {
            out.extend(self.next(state, thread).map(|kind| Step { thread, kind }));
        }
    }

    fn step(&self, state: &mut Progress, step: &Step, broken: &mut Vec<Broken>) -> Taken {
        let action = Action::from(step.kind);
        if judge_action(&mut state.state, action, |it| judge(ClaimKind::Always, it, broken))
            .is_err()
        {
            return Taken::Blocked;
        }
        self.advance(state, *step);
        Taken::Moved
    }

    /// Finishes the world by the default schedule.
    fn end(&self, state: &Progress, broken: &mut Vec<Broken>) {
        finish(state.state.clone(), broken);
    }

    fn classify(&self, state: &Progress) -> Option<(World, bool)> {
        Some((canonical(state.state.world.clone()), self.is_done(state)))
    }
}

/// Goes on by the default schedule until nothing can happen any more, and judges every claim.
pub fn finish(mut state: State, broken: &mut Vec<Broken>) {
    state.world.budget = Budget::default();
    let mut schedule = DefaultSchedule::default();
    let mut next = state.world.clone();
    while let Some(taken) = schedule.advance(&mut next) {
        let moved =
            judge_action(&mut state, taken.action, |it| judge(ClaimKind::Always, it, broken));
        moved.expect("the schedule has just done it");
    }
    let it = Transition {
        action: Action::from(Kind::Line(0)),
        before: &state.history,
        effects: &[],
        after: &state.world,
        history: &state.history,
    };
    judge(ClaimKind::AtEnds, &it, broken);
}

/// Judges the claims of a kind.
pub(crate) fn judge(kind: ClaimKind, it: &Transition<'_>, broken: &mut Vec<Broken>) {
    for claim in CLAIMS.iter().filter(|claim| claim.kind == kind) {
        if let Err(text) = claim.holds(it) {
            broken.push(Broken { claim: claim.name, text });
        }
    }
}

/// The world with the generations of each bio's `dm_io` counted from 0: which number was free when
/// it was made says nothing about the kernel. Left as it is while a process may know a number.
pub fn canonical(mut world: World) -> World {
    let memory = &mut world.memory;
    let is_stacked = memory.ios.iter().any(|(_, io)| matches!(io.bio, BioPtr::Clone(_)));
    if is_stacked || !world.processes.is_empty() {
        return world;
    }
    let mut ios: Vec<IoId> = memory.ios.iter().map(|(io, _)| io).collect();
    ios.extend(memory.clones.iter().map(|(clone, _)| clone.io()));
    ios.sort();
    ios.dedup();
    let owner = |io: IoId| io.index() / GENERATION_COUNT_MAX;
    let renamed = |io: IoId| {
        let place = ios.iter().filter(|it| owner(**it) == owner(io) && **it < io).count();
        IoId((owner(io) * GENERATION_COUNT_MAX + place) as u16)
    };
    assert!(ios.iter().all(|io| owner(*io) < BIO_COUNT_MAX), "the bios are of applications");
    if ios.iter().all(|io| renamed(*io) == *io) {
        return world;
    }
    let clone = |id: CloneId| CloneId::of(renamed(id.io()), id.fragment());
    let mut renamed_ios = Map::new();
    for (id, io) in memory.ios.iter() {
        renamed_ios.insert(renamed(id), *io);
    }
    memory.ios = renamed_ios;
    let mut clones = Map::new();
    for (id, state) in memory.clones.iter() {
        clones.insert(clone(id), *state);
    }
    memory.clones = clones;
    for disk in &mut memory.disks {
        disk.queue = rename(&disk.queue, clone);
    }
    for target in &mut memory.targets {
        match target {
            Target::Stateless => {}
            Target::Multipath { state, dispatching } => {
                state.queued = rename(&state.queued, clone);
                *dispatching = rename(dispatching, clone);
            }
            Target::Delay(delay) => {
                delay.delayed = rename(&delay.delayed, clone);
                delay.flushing = rename(&delay.flushing, clone);
            }
        }
    }
    world
}

fn rename<const N: usize>(
    list: &dm_model::queue::Queue<CloneId, N>,
    renamed: impl Fn(CloneId) -> CloneId,
) -> dm_model::queue::Queue<CloneId, N> {
    let mut new = dm_model::queue::Queue::new();
    for id in list.iter() {
        new.push_back(renamed(id));
    }
    new
}

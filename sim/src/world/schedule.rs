//! The default schedule: deterministic, one context at a time, to quiescence between lines.
//!
//! Interrupts run before workers, workers before applications, applications before ioctls, a line
//! begins when nothing else can happen, and virtual time passes when not even a line can begin.
use dm_model::frame::Process;

use super::World;
use super::plan::{Action, Kind, Op};
use crate::drivers::delay;
use crate::table;

/// Runs a world by the default schedule.
#[derive(Debug, Default)]
pub struct DefaultSchedule {
    now: u64,
    /// What is due when, in the order in which it was armed.
    due: Vec<(Timed, u64)>,
    actions: Vec<Action>,
}

/// Something that happens when its time has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Timed {
    /// A timer of a delay target.
    Timer(Kind),
    /// The answer of a path with a delay.
    Answer(dm_model::ids::DiskId, dm_model::ids::CloneId),
}

/// An action that was taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    /// The action.
    pub action: Action,
    /// The label that its process stood at, if it is a step.
    pub label: Option<String>,
    /// The virtual time at which it happened, in milliseconds.
    pub at: u64,
}

impl DefaultSchedule {
    /// Takes the next action; `None` when nothing can happen any more.
    pub fn advance(&mut self, world: &mut World) -> Option<Taken> {
        self.advance_where(world, |_| true)
    }

    /// The same, among the actions that `allowed` lets through.
    pub fn advance_where(
        &mut self,
        world: &mut World,
        allowed: impl Fn(Kind) -> bool,
    ) -> Option<Taken> {
        self.actions.clear();
        world.actions(&mut self.actions);
        self.actions.retain(|action| allowed(action.kind));
        let actions = std::mem::take(&mut self.actions);
        let mut taken = None;
        for action in &actions {
            if taken.is_none() && Self::timed(world, *action).is_none() {
                taken = self.try_action(world, *action);
            }
        }
        let taken = taken.or_else(|| self.pass_time(world, &actions));
        self.actions = actions;
        taken
    }

    fn try_action(&self, world: &mut World, action: Action) -> Option<Taken> {
        let label = match action.kind {
            Kind::Step(context) => world.processes.get(context).map(Process::label),
            Kind::Begin(..) | Kind::Disk { .. } | Kind::Line(_) | Kind::Path(..) => None,
            Kind::Signal(_) => None,
        };
        world.perform(action).ok()?;
        Some(Taken { action, label, at: self.now })
    }

    /// What the action waits for, if its time may not have come.
    fn timed(world: &World, action: Action) -> Option<(Timed, u64)> {
        match action.kind {
            Kind::Begin(target, delay::TIMER) => {
                let drivers = &world.plan().setup.drivers;
                let table::Kind::Delay { read, write } = drivers.kind(target) else {
                    unreachable!("only delay has a timer")
                };
                let longest = write.map_or(read.2, |write| read.2.max(write.2));
                Some((Timed::Timer(action.kind), u64::from(longest)))
            }
            Kind::Disk { disk, slot, .. } if world.disk(disk).delay > 0 => {
                let state = world.disk(disk);
                let clone = state.queue.get(usize::from(slot)).expect("the slot is taken");
                Some((Timed::Answer(disk, clone), u64::from(state.delay)))
            }
            Kind::Begin(..)
            | Kind::Disk { .. }
            | Kind::Step(_)
            | Kind::Line(_)
            | Kind::Path(..)
            | Kind::Signal(_) => None,
        }
    }

    /// Lets time pass until the first of the timed actions is due, and takes it.
    fn pass_time(&mut self, world: &mut World, actions: &[Action]) -> Option<Taken> {
        let armed: Vec<_> = actions
            .iter()
            .filter_map(|action| Self::timed(world, *action).map(|timed| (*action, timed)))
            .collect();
        self.due.retain(|(known, _)| armed.iter().any(|(_, (timed, _))| timed == known));
        for (_, (timed, after)) in &armed {
            if !self.due.iter().any(|(known, _)| known == timed) {
                self.due.push((*timed, self.now + after));
            }
        }
        let (first, at) = *self.due.iter().min_by_key(|(_, at)| *at)?;
        let (action, _) = armed.iter().find(|(_, (timed, _))| *timed == first)?;
        self.due.retain(|(known, _)| *known != first);
        self.now = self.now.max(at);
        self.try_action(world, *action)
    }
}

/// Whether an action waits for time to pass: a timer, or the answer of a path with a delay.
pub fn is_timed(world: &World, action: Action) -> bool {
    DefaultSchedule::timed(world, action).is_some()
}

/// What can be seen of an action from outside the kernel, a line each.
pub fn observations(world: &World, before: &World) -> Vec<String> {
    let plan = world.plan();
    let mut lines = Vec::new();
    for effect in world.effects() {
        if let dm_model::effect::Effect::StatusRead(target, kind) = effect {
            lines.push(format!("  {}", world.status_text(*target, *kind)));
        }
    }
    for line in plan.lines() {
        let index = line.task.index();
        let (Some(code), None) = (world.results[index], before.results[index]) else { continue };
        if let Op::Info(md) = line.op {
            lines.extend(world.info_text(md).lines().map(|line| format!("  {line}")));
        }
        if let Some(log) = &line.log {
            lines.extend(log.lines().map(|log| format!("  {log}")));
        }
        if line.op.is_ioctl() && world.is_last_of_its_line(line, code) {
            lines.push(format!("{} = {}", line.shown(), super::outcome::result_text(code)));
        }
    }
    let (now, then) = (world.outcome(), before.outcome());
    for ((name, end), (_, earlier)) in now.ios.iter().zip(&then.ios) {
        if let (super::outcome::IoEnd::Done(..), false) = (end, end == earlier) {
            lines.push(format!("io {name} = {}", end.text(&plan.bio_names)));
        }
    }
    if let (Some(bug), None) = (world.bug, before.bug) {
        lines.push(format!("kernel BUG: {bug}"));
    }
    lines
}

/// What is left over when nothing can happen any more: I/O that is held, ioctls that block, lines
/// that were never reached.
pub fn leftovers(world: &World) -> Vec<String> {
    use super::outcome::{CallEnd, IoEnd};
    let outcome = world.outcome();
    let calls = outcome.calls.iter().filter(|(_, end)| !matches!(end, CallEnd::Returned(_)));
    let ios = outcome.ios.iter().filter(|(_, end)| !matches!(end, IoEnd::Done(..)));
    let names = &world.plan().bio_names;
    let mut lines: Vec<_> = calls.map(|(text, end)| format!("{text} = {end}")).collect();
    lines.extend(ios.map(|(name, end)| format!("io {name} = {}", end.text(names))));
    let next = (0..world.scripts.len()).filter_map(|index| world.next_line(index));
    let steps = next.filter(|line| matches!(line.op, Op::Step(..)));
    lines.extend(steps.map(|line| format!("{} = not reached", line.shown())));
    lines
}

/// The observations of a whole run by the default schedule.
pub fn transcript(mut world: World) -> Vec<String> {
    let mut schedule = DefaultSchedule::default();
    let mut lines = Vec::new();
    let mut before = world.clone();
    while schedule.advance(&mut world).is_some() {
        lines.extend(observations(&world, &before));
        before.clone_from(&world);
    }
    lines.extend(leftovers(&world));
    lines
}

//! The timeline of a run: one row a step, with what the step changed.
//!
//! Rows are data; `text` lays them out for people, and they serialize for programs.
mod change;
mod names;
mod text;
mod turns;
mod words;

use dm_model::frame::Process;
use dm_sim::world::World;
use dm_sim::world::outcome::result_text;
use dm_sim::world::plan::{Action, Context, Kind};
use dm_sim::world::schedule::observations;
use dm_sim::world::trail::Trail;
use serde::Serialize;

pub(crate) use change::Change;
use change::Snapshot;
pub(crate) use text::{Layout, Mark, observation};
pub(crate) use turns::turns;

/// One step.
#[derive(Clone, Serialize, Debug)]
pub(crate) struct Row {
    /// Its number, from 1.
    pub(crate) step: usize,
    /// The virtual time, in milliseconds, where a schedule keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<u64>,
    /// The process, disk or line that moves.
    pub(crate) process: String,
    /// The label that is executed, if it is a step of the kernel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    /// The kernel's function, or what happens.
    pub(crate) what: String,
    /// What the step does that the changes do not say.
    pub(crate) does: Vec<String>,
    /// The state that has new values.
    pub(crate) changes: Vec<Change>,
    /// What can be seen of it from outside the kernel.
    pub(crate) observed: Vec<String>,
    /// The line of the scenario that begins here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<String>,
}

/// Tells the steps of one run, in their order.
pub(crate) struct Teller {
    before: World,
    snapshot: Snapshot,
    told: usize,
}

/// A run that has come to its end.
pub(crate) struct Told {
    /// Its steps.
    pub(crate) rows: Vec<Row>,
    /// Where it ended.
    pub(crate) world: World,
}

impl Teller {
    /// A run that begins with this world.
    pub(crate) fn new(world: &World) -> Self {
        Self { before: world.clone(), snapshot: Snapshot::of(world), told: 0 }
    }

    /// The step that has just led to this world.
    pub(crate) fn tell(&mut self, action: Action, at: Option<u64>, world: &World) -> Row {
        self.told += 1;
        let (process, label, what) = self.subject(action, world);
        let now = Snapshot::of(world);
        let plan = world.plan();
        let effects = world.effects().iter();
        let row = Row {
            step: self.told,
            at,
            process,
            label,
            what,
            does: effects.filter_map(|effect| words::effect(plan, *effect)).collect(),
            changes: self.snapshot.changes_to(&now),
            observed: observations(world, &self.before),
            line: self.line(action),
        };
        self.before.clone_from(world);
        self.snapshot = now;
        row
    }

    fn line(&self, action: Action) -> Option<String> {
        match action.kind {
            Kind::Line(script) => Some(self.before.next_line(usize::from(script))?.text.clone()),
            Kind::Step(_)
            | Kind::Begin(..)
            | Kind::Disk { .. }
            | Kind::Path(..)
            | Kind::Signal(_) => None,
        }
    }

    /// Who moves, at which label, and in which function or how.
    fn subject(&self, action: Action, now: &World) -> (String, Option<String>, String) {
        let before = &self.before;
        let plan = before.plan();
        let disk_name =
            |disk| plan.setup.drivers.name(dm_model::ids::Device::Disk(disk)).to_owned();
        match action.kind {
            Kind::Step(context) => {
                let label = before.processes.get(context).map(Process::label);
                (plan.name(context), label, names::function(before, context))
            }
            Kind::Begin(target, work) => {
                (plan.name(Context::Work(target, work)), None, "begins".to_owned())
            }
            Kind::Disk { disk, slot, fail } => {
                let clone = before.disk(disk).queue.get(usize::from(slot));
                let clone = clone.expect("the slot is taken");
                let fault = if fail { ", a fault" } else { "" };
                (disk_name(disk), None, disk_answer(now, clone) + fault)
            }
            Kind::Line(script) => {
                let line = before.next_line(usize::from(script)).expect("the line began");
                (format!("line {}", line.number), None, format!("> {}", line.text))
            }
            Kind::Path(disk, up) => {
                let how = if up { "is running again" } else { "goes offline" };
                (disk_name(disk), None, how.to_owned())
            }
            Kind::Signal(task) => {
                (plan.name(Context::Task(task)), None, "is sent a signal".to_owned())
            }
        }
    }
}

fn disk_answer(now: &World, clone: dm_model::ids::CloneId) -> String {
    use dm_model::effect::Effect;
    let answer = now.effects().iter().find_map(|effect| {
        if let Effect::DiskDone(_, _, code) = effect { Some(*code) } else { None }
    });
    let answer = answer.map_or("nothing".to_owned(), result_text);
    format!("answers {}: {answer}", now.plan().clone_name(clone))
}

/// The steps of a trail, each of which is possible where it stands.
///
/// # Panics
/// When one is not: a trail that was parsed or found has none.
pub(crate) fn of_trail(trail: &Trail) -> Told {
    let mut world = trail.configuration.world(trail.era).expect("a trail's configuration builds");
    let mut teller = Teller::new(&world);
    let mut rows = Vec::with_capacity(trail.actions.len());
    for action in &trail.actions {
        world.perform(*action).expect("a trail's actions are possible");
        rows.push(teller.tell(*action, None, &world));
    }
    Told { rows, world }
}

//! Which step may be taken alone, before whatever else can happen.
//!
//! [`Mover`] says what a step touches. Whether others touch it too depends on what may still
//! happen: while no line removes a device it stays, and with it its pools; while none loads a
//! table, the live tables stay. Nothing is alone where a seeded bug breaks what this rests on.
use dm_model::frame::{Frame, Process};
use dm_model::ids::{MdId, TableId};
use dm_model::mover::Mover;
use dm_model::mutant::Mutant;

use super::World;
use super::plan::{Action, Context, Kind, Op, PlanLine};
use super::symmetry::to_come;
use crate::drivers::{Call, Sim};

/// What cannot happen any more from a world on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Alone {
    /// Locks exclude, references keep, and counts count; and no failure is armed.
    is_sound: bool,
    /// No device is removed.
    devices_stay: bool,
    /// No device gets another table, or loses its own.
    tables_stay: bool,
    /// No disk is pulled out or comes back under another name.
    names_stay: bool,
    /// No signal is sent.
    is_silent: bool,
}

/// The seeded bugs that break what a step alone rests on, each with that.
pub const UNSOUND: &[(Mutant, &str)] = &[
    (Mutant::SubmissionWithoutIoLock, "BLOCK_IO is read under io_lock R"),
    (Mutant::BlockIoWithoutIoLock, "BLOCK_IO is written under io_lock W"),
    (Mutant::IoCountWithoutSubmission, "io_count counts who refers to the dm_io"),
    (Mutant::RequeuePerClone, "who drops a reference has nothing to do with the dm_io any more"),
    (Mutant::RequeueCompletesToo, "a bio that has completed is not issued again"),
    (Mutant::SplitWithoutReference, "who uses a table has a reference"),
    (Mutant::BindWithoutReference, "the live table has a reference"),
    (Mutant::TablePutFrees, "a table that is referred to is there"),
    (Mutant::IoctlWithoutReference, "who uses a device has a reference"),
    (Mutant::DestroyWithoutFlush, "a target that has work under way is there"),
];

impl Alone {
    /// What cannot happen any more from this world on.
    pub fn of(world: &World) -> Self {
        let plan = &world.plan;
        let setup = &plan.setup;
        // A line in the background of a script that is over may still be under way.
        let mut lines: Vec<&PlanLine> = to_come(world).collect();
        for (context, _) in world.processes.iter() {
            if let Context::Task(task) = context {
                lines.push(plan.line(task));
            }
        }
        let never = |may_be: fn(&Op) -> bool| !lines.iter().any(|line| may_be(&line.op));
        let no_fault = never(|op| matches!(op, Op::Arm(..)))
            && world.memory.mds.iter().all(|md| md.faults == 0);
        let devices_stay = never(|op| matches!(op, Op::Remove(_) | Op::Create(_)));
        let is_table = |op: &Op| matches!(op, Op::Load(..) | Op::Refused(..) | Op::Clear(_));
        Self {
            is_sound: no_fault && !UNSOUND.iter().any(|(mutant, _)| *mutant == setup.mutant),
            devices_stay,
            tables_stay: devices_stay
                && never(is_table)
                && world.memory.mds.iter().all(|md| md.inactive.is_none()),
            names_stay: never(|op| matches!(op, Op::Unplug(_) | Op::Replug(..))),
            is_silent: world.budget.signals == 0
                && never(|op| matches!(op, Op::Signal(_)))
                && !world.processes.iter().any(|(it, _)| matches!(it, Context::Signal(_))),
        }
    }

    /// A step that is alone in the world, if there is one.
    pub fn find(&self, world: &World) -> Option<Action> {
        self.all(world).next()
    }

    /// Every step that is alone in the world.
    pub fn all<'a>(&'a self, world: &'a World) -> impl Iterator<Item = Action> + 'a {
        let may_be = self.is_sound && world.bug.is_none() && !world.plan.has_steps;
        let processes = world.processes.iter().filter(|(_, it)| self.is_alone(world, it));
        let steps = processes.map(|(context, _)| Kind::Step(context));
        let scripts = (0..world.scripts.len()).filter(|script| self.begins_alone(world, *script));
        let lines = scripts.map(|script| Kind::Line(script as u8));
        may_be.then(|| steps.chain(lines).map(Action::from)).into_iter().flatten()
    }

    fn is_alone(&self, world: &World, process: &Process<Sim>) -> bool {
        let memory = &world.memory;
        let stays = self.devices_stay && self.tables_stay;
        match process.mover(memory) {
            Mover::Shared => {
                let call =
                    if let Frame::Driver(call) = process.frame() { Some(call) } else { None };
                stays && call.is_some_and(Call::only_looks)
            }
            Mover::Guarded => true,
            Mover::Io(io) => memory.ios.get(io).is_some_and(|io| io.io_count == 1),
            Mover::Pool => self.devices_stay,
            Mover::FindDevice(md) => {
                let md = &memory.mds[md.index()];
                stays && md.exists && md.hashed
            }
            Mover::PutDevice(md) => {
                self.devices_stay && self.is_silent && memory.mds[md.index()].hashed
            }
            // Who holds suspend_lock keeps the live table where it is.
            Mover::GetTable(md, is_guarded) => {
                let table_stays = stays || is_guarded && self.devices_stay;
                table_stays && memory.mds[md.index()].map.is_some()
            }
            Mover::PutTable(table, is_guarded) => {
                (stays || is_guarded && self.devices_stay) && is_live(world, table)
            }
            Mover::Map => true,
            Mover::Target => stays,
        }
    }

    /// Whether the next line of the script begins whatever happens, and only starts its process.
    fn begins_alone(&self, world: &World, script: usize) -> bool {
        let Some(line) = world.next_line(script) else { return false };
        world.scripts[script].stage == super::Stage::Ready
            && match line.op {
                Op::Io(_)
                | Op::Suspend(..)
                | Op::Create(_)
                | Op::Clear(_)
                | Op::Remove(_)
                | Op::Status(..) => true,
                Op::Load(..) | Op::Message(..) => self.names_stay,
                Op::Refused(..)
                | Op::Info(_)
                | Op::WaitIo(_)
                | Op::WaitTask(_)
                | Op::Signal(_)
                | Op::Hold(_)
                | Op::Release(..)
                | Op::Unplug(_)
                | Op::Replug(..)
                | Op::Offline(_)
                | Op::Running(_)
                | Op::Medium(..)
                | Op::Delay(..)
                | Op::Arm(..)
                | Op::Step(..) => false,
            }
    }
}

fn is_live(world: &World, table: TableId) -> bool {
    let md: MdId = world.plan.setup.tables[table.index()].md;
    world.memory.mds[md.index()].map == Some(table)
}

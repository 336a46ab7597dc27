//! The world: kernel memory, processes, disks and scripts, and everything that can happen next.
//!
//! A world is a value. [`World::actions`] lists what can happen, [`World::perform`] makes one of
//! them happen; who chooses is the caller's business (a search, a default schedule, a trail).
pub mod alone;
mod bounds;
pub mod build;
pub mod compile;
pub mod config;
pub mod outcome;
pub mod perform;
pub mod plan;
pub mod rename;
pub mod schedule;
pub mod symmetry;
pub mod trail;
pub mod transfer;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use dm_model::effect::Effect;
use dm_model::errno::Code;
use dm_model::frame::Process;
use dm_model::ids::{DiskId, TargetId, TaskId};
use dm_model::memory::Blocked;
use dm_model::plain::Plain;
use dm_model::sorted::Map;

use crate::drivers::disk::{Disk, Link};
use crate::drivers::{Sim, delay};
use plan::{Action, Budget, Context, Kind, Op, Plan, PlanLine};

/// The contents of a LUN: which write each sector that was written holds.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Lun {
    tokens: Vec<(u32, u8)>,
}

impl Lun {
    /// The token of a sector: 0 before it is written, else the bio's number plus 1.
    pub fn read(&self, sector: u32) -> u8 {
        let place = self.tokens.binary_search_by_key(&sector, |(known, _)| *known);
        place.map_or(0, |index| self.tokens[index].1)
    }

    /// How many sectors hold this token.
    pub fn count(&self, token: u8) -> usize {
        self.tokens.iter().filter(|(_, it)| *it == token).count()
    }

    /// The sector holds this token now.
    pub fn write(&mut self, sector: u32, token: u8) {
        match self.tokens.binary_search_by_key(&sector, |(known, _)| *known) {
            Ok(index) => self.tokens[index].1 = token,
            Err(index) => self.tokens.insert(index, (sector, token)),
        }
    }
}

/// How far a script is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Script {
    /// The line that begins next.
    pub next: u8,
    /// What it waits for before that.
    pub stage: Stage,
}

/// What a script waits for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub enum Stage {
    /// Nothing.
    #[default]
    Ready,
    /// The line before, whose task this is.
    Waiting(TaskId),
    /// The process that its `step` line runs.
    Stepping,
}

/// Everything that changes.
#[derive(Debug)]
pub struct World {
    plan: Arc<Plan>,
    /// The kernel's memory.
    pub memory: Plain<Sim>,
    /// The contents of the LUNs.
    pub luns: Vec<Lun>,
    /// The contexts that have something to do.
    pub processes: Map<Context, Process<Sim>>,
    /// How far each script is.
    pub scripts: Vec<Script>,
    /// What each line's task has returned.
    pub results: Vec<Option<Code>>,
    /// What else may still happen.
    pub budget: Budget,
    /// The kernel has stopped at a BUG.
    pub bug: Option<&'static str>,
}

impl World {
    /// What the world is to do.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// What the last action did.
    pub fn effects(&self) -> &[Effect] {
        self.memory.effects()
    }

    /// Everything that can happen next, in the order of the default schedule. A step may still
    /// turn out to be blocked.
    pub fn actions(&self, out: &mut Vec<Action>) {
        if self.bug.is_some() {
            return;
        }
        if let Some(name) = self.stepped() {
            let only = self.find_context(name);
            out.extend(only.map(|context| Action::from(Kind::Step(context))));
            return;
        }
        let steppable = self.processes.iter().filter(|(context, _)| !self.is_manual(*context));
        out.extend(steppable.map(|(context, _)| Action::from(Kind::Step(context))));
        self.work_actions(out, false);
        self.disk_actions(out);
        self.script_actions(out);
        self.work_actions(out, true);
        self.budget_actions(out);
    }

    /// Makes an action happen.
    ///
    /// # Errors
    /// `Blocked` when it cannot happen now: the world is then not to be used any more.
    pub fn perform(&mut self, action: Action) -> Result<(), Blocked> {
        perform::perform(self, action)
    }

    /// A process has been run to its end elsewhere, on what is this memory now: what its end means
    /// to the others.
    pub fn process_ended(&mut self, context: Context, code: Code) {
        perform::ended(self, context, code);
    }

    /// How many answers the question of the last action had; 0 when it asked none.
    pub fn asked(&self) -> u8 {
        self.memory.asked()
    }

    /// The line that a script would begin next.
    pub fn next_line(&self, script: usize) -> Option<&PlanLine> {
        self.plan.scripts[script].get(usize::from(self.scripts[script].next))
    }

    /// While a `step` line runs: the one process that may move.
    fn stepped(&self) -> Option<&str> {
        let is_stepping = |script: &Script| script.stage == Stage::Stepping;
        let index = self.scripts.iter().position(is_stepping)?;
        self.next_line(index)?.op.stepped()
    }

    /// The context with this name that has something to do.
    pub fn find_context(&self, name: &str) -> Option<Context> {
        self.processes.iter().map(|(context, _)| context).find(|it| self.plan.name(*it) == name)
    }

    /// Whether a context moves by `step` lines only: one that is still to come names it.
    fn is_manual(&self, context: Context) -> bool {
        if !self.plan.has_steps {
            return false;
        }
        let lines = self.plan.scripts.iter().zip(&self.scripts);
        let mut steps = lines.flat_map(|(lines, script)| &lines[usize::from(script.next)..]);
        let name = self.plan.name(context);
        steps.any(|line| line.op.stepped() == Some(&name))
    }

    fn work_actions(&self, out: &mut Vec<Action>, timers: bool) {
        for (index, works) in self.memory.works.iter().enumerate() {
            let ready = works.pending & !works.running;
            for work in (0..8).filter(|work| ready & 1 << work != 0) {
                if (work == delay::TIMER) == timers {
                    out.push(Kind::Begin(TargetId(index as u8), work).into());
                }
            }
        }
    }

    fn disk_actions(&self, out: &mut Vec<Action>) {
        for (index, disk) in self.memory.disks.iter().enumerate() {
            let id = DiskId(index as u8);
            for (slot, clone) in disk.queue.iter().enumerate() {
                let clone = &self.memory.clones[clone];
                let Some(answer) = disk.answer(clone.sector, clone.count) else { continue };
                let slot = slot as u8;
                out.push(Kind::Disk { disk: id, slot, fail: false }.into());
                if self.budget.faults > 0 && answer == Code::OK {
                    out.push(Kind::Disk { disk: id, slot, fail: true }.into());
                }
                if !self.budget.reorders {
                    break;
                }
            }
        }
    }

    fn script_actions(&self, out: &mut Vec<Action>) {
        for (index, script) in self.scripts.iter().enumerate() {
            let Some(line) = self.next_line(index) else { continue };
            if script.stage == Stage::Ready && self.may_begin(line) {
                out.push(Kind::Line(index as u8).into());
            }
        }
    }

    fn may_begin(&self, line: &PlanLine) -> bool {
        if let Op::WaitIo(bio) = line.op {
            return self.io_is_over(bio);
        }
        if let Op::WaitTask(task) = line.op {
            return self.results[task.index()].is_some();
        }
        // One signal to a task is on its way at a time.
        if let Op::Signal(task) = line.op {
            return self.processes.get(Context::Signal(task)).is_none();
        }
        line.op.stepped().is_none_or(|name| self.find_context(name).is_some())
    }

    /// Whether a bio has completed and its application has nothing left to do.
    pub fn io_is_over(&self, bio: dm_model::ids::BioId) -> bool {
        let gone = self.processes.get(Context::Io(bio)).is_none();
        let line = self.plan.lines().find(|line| line.op == Op::Io(bio));
        let failed = line.is_some_and(|line| self.results[line.task.index()].is_some());
        gone && (failed || self.memory.bios[bio.index()].result.is_some())
    }

    fn budget_actions(&self, out: &mut Vec<Action>) {
        for (index, disk) in self.memory.disks.iter().enumerate() {
            let id = DiskId(index as u8);
            if self.budget.faults > 0 && disk.link == Link::Running {
                out.push(Kind::Path(id, false).into());
            }
            if self.budget.heals && disk.link == Link::Offline {
                out.push(Kind::Path(id, true).into());
            }
        }
        if self.budget.signals > 0 {
            for (context, _) in self.processes.iter() {
                if let Context::Task(task) = context
                    && let Op::Suspend(..) = self.plan.line(task).op
                    && !self.memory.tasks[task.index()].signal_pending
                    && self.processes.get(Context::Signal(task)).is_none()
                {
                    out.push(Kind::Signal(task).into());
                }
            }
        }
    }

    /// Whether a line's result is its whole line's in the file, which may be several ioctls: the
    /// last of them, or one that failed.
    fn is_last_of_its_line(&self, line: &PlanLine, code: Code) -> bool {
        let later = |other: &&PlanLine| other.number == line.number && other.task > line.task;
        let earlier = |other: &&PlanLine| other.number == line.number && other.task < line.task;
        let result = |other: &PlanLine| self.results[other.task.index()];
        let failed_before = self
            .plan
            .lines()
            .filter(|other| earlier(other))
            .any(|other| result(other).is_some_and(Code::is_error));
        let is_last = !self.plan.lines().any(|other| later(&other));
        !failed_before && (is_last || code.is_error())
    }

    /// A path, for the observers.
    pub fn disk(&self, disk: DiskId) -> &Disk {
        &self.memory.disks[disk.index()]
    }

    #[expect(clippy::type_complexity, reason = "the one list of what is state")]
    fn state(
        &self,
    ) -> (&Plain<Sim>, &[Lun], &Map<Context, Process<Sim>>, &[Script], &[Option<Code>], Budget, bool)
    {
        (
            &self.memory,
            &self.luns,
            &self.processes,
            &self.scripts,
            &self.results,
            self.budget,
            self.bug.is_some(),
        )
    }
}

impl Clone for World {
    fn clone(&self) -> Self {
        Self {
            plan: Arc::clone(&self.plan),
            memory: self.memory.clone(),
            luns: self.luns.clone(),
            processes: self.processes.clone(),
            scripts: self.scripts.clone(),
            results: self.results.clone(),
            budget: self.budget,
            bug: self.bug,
        }
    }

    fn clone_from(&mut self, source: &Self) {
        self.memory.clone_from(&source.memory);
        self.luns.clone_from(&source.luns);
        self.processes.clone_from(&source.processes);
        self.scripts.clone_from(&source.scripts);
        self.results.clone_from(&source.results);
        self.budget = source.budget;
        self.bug = source.bug;
    }
}

impl PartialEq for World {
    fn eq(&self, other: &Self) -> bool {
        self.state() == other.state()
    }
}

impl Eq for World {}

impl PartialOrd for World {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for World {
    fn cmp(&self, other: &Self) -> Ordering {
        self.state().cmp(&other.state())
    }
}

impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.state().hash(state);
    }
}

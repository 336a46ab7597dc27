//! What a permutation of scripts, bios, tasks and disks does to a world and to its actions.
use dm_model::ids::{BioId, TargetId};
use dm_model::rename::Renaming;

use super::plan::{Action, Context, Kind};
use super::{Lun, Script, Stage, World};

/// A permutation of everything that a world names and that may be interchangeable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Permutation {
    /// What the memory names.
    pub names: Renaming,
    /// The scripts, by their numbers.
    pub scripts: Vec<u8>,
}

impl Permutation {
    /// The one in which everything keeps its name.
    pub fn identity(world: &World) -> Self {
        let memory = &world.memory;
        let setup = &world.plan.setup;
        let targets = (0..setup.targets.len()).map(|index| TargetId(index as u8));
        let paths = targets.map(|target| match setup.drivers.kind(target).multipath() {
            Some(spec) => (0..spec.path_count() as u8).collect(),
            None => Vec::new(),
        });
        Self {
            names: Renaming::identity(memory.tasks.len(), memory.disks.len(), paths.collect()),
            scripts: (0..world.scripts.len() as u8).collect(),
        }
    }

    /// The context's new name.
    pub fn context(&self, context: Context) -> Context {
        let names = &self.names;
        match context {
            Context::Irq(clone, again) => Context::Irq(names.clone(clone), again),
            Context::Work(..) => context,
            Context::Signal(task) => Context::Signal(names.task(task)),
            Context::Io(bio) => Context::Io(names.bio(bio)),
            Context::Task(task) => Context::Task(names.task(task)),
        }
    }

    /// The action by its new names.
    #[must_use]
    pub fn action(&self, action: Action) -> Action {
        let names = &self.names;
        let kind = match action.kind {
            Kind::Step(context) => Kind::Step(self.context(context)),
            Kind::Begin(..) => action.kind,
            Kind::Disk { disk, slot, fail } => {
                Kind::Disk { disk: names.disks[disk.index()], slot, fail }
            }
            Kind::Line(script) => Kind::Line(self.scripts[usize::from(script)]),
            Kind::Path(disk, up) => Kind::Path(names.disks[disk.index()], up),
            Kind::Signal(task) => Kind::Signal(names.task(task)),
        };
        Action { kind, ..action }
    }

    fn script(&self, script: Script) -> Script {
        let Script { next, stage } = script;
        let stage = match stage {
            Stage::Ready | Stage::Stepping => stage,
            Stage::Waiting(task) => Stage::Waiting(self.names.task(task)),
        };
        Script { next, stage }
    }
}

impl Lun {
    fn rename(&mut self, by: &Renaming) {
        let Self { tokens } = self;
        for (sector, token) in &mut *tokens {
            if let Some(writer) = token.checked_sub(1) {
                *sector = by.sector(BioId(writer.into()), *sector);
            }
            *token = by.token(*token);
        }
        tokens.sort_unstable();
    }
}

impl World {
    /// Renames everything. What is dead and still told apart becomes the same.
    pub fn rename(&mut self, by: &Permutation) {
        let Self { plan: _, memory, luns, processes, scripts, results, budget: _, bug: _ } = self;
        memory.rename(&by.names);
        for lun in luns {
            lun.rename(&by.names);
        }
        processes.rename(|context, process| {
            *context = by.context(*context);
            process.rename(&by.names);
        });
        let before = scripts.clone();
        for (index, script) in before.into_iter().enumerate() {
            scripts[usize::from(by.scripts[index])] = by.script(script);
        }
        let before = results.clone();
        for (index, result) in before.into_iter().enumerate() {
            results[by.names.tasks[index].index()] = result;
        }
    }
}

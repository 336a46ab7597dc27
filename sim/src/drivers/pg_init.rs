//! `dm_pg_init_complete`, labels I10..I16: a hardware handler's command has ended.
//!
//! KERNEL.md B.5; dm-mpath.c read in 2.6.24, as are MP_RETRY and its limit.
use std::fmt::Debug;

use dm_model::effect::Object;
use dm_model::errno::Code;
use dm_model::frame::{Next, Step};
use dm_model::ids::TargetId;
use dm_model::memory::{Fault, Lock, Memory};
use dm_model::mutant::Mutant;

use super::mpath::{Kicks, section, with_state};
use super::{Sim, Target, worker};
use crate::multipath::rules::{self, ErrorFlags};
use crate::multipath::state::PathId;

/// Labels of [`Call`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum G {
    /// The command's end becomes known: success, or the flags of an error.
    I10,
    /// `pg_init_limit_reached`.
    I11,
    /// `pg->bypassed` is read, without the lock.
    I12,
    /// `fail_path`.
    I13,
    /// `bypass_pg`.
    I14,
    /// `bypass_pg`: `trigger_event` is queued, after the section.
    I15,
    /// The last section.
    I16,
}

/// The end of a hardware handler's command.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Call {
    pub(super) target: TargetId,
    pub(super) path: PathId,
    pub(super) fail_path: bool,
    pub(super) bypass_pg: bool,
    pub(super) retry: bool,
    pub(super) label: G,
}

impl Call {
    /// The command of this target has ended.
    pub fn new(target: TargetId) -> Self {
        let path = PathId(0);
        Self { target, path, fail_path: false, bypass_pg: false, retry: false, label: G::I10 }
    }

    /// The target is looked at.
    pub fn begin<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Next<Sim> {
        memory.touch(Object::Target(self.target));
        Next::Continue
    }

    /// One section.
    ///
    /// # Errors
    /// `Blocked` when it cannot be taken now.
    pub fn step<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Step<Sim> {
        let target = self.target;
        // The destructor does not wait for a handler's command.
        memory.touch(Object::Target(target));
        self.label = match self.label {
            G::I10 => {
                self.learn_end(memory)?;
                if self.retry {
                    G::I11
                } else if self.flags().is_none() {
                    G::I16
                } else {
                    G::I12
                }
            }
            G::I11 => {
                self.fail_path |= memory.with_lock(Lock::Target(target), |memory| {
                    with_state(memory, target, rules::pg_init_limit_reached)
                })?;
                self.after_judging()
            }
            G::I12 => {
                self.fail_path |= match memory.target_unlocked(target) {
                    Target::Multipath { state, .. } => {
                        state.group(state.group_of(self.path)).bypassed
                    }
                    Target::Stateless | Target::Delay(_) => unreachable!("the target is multipath"),
                };
                self.after_judging()
            }
            G::I13 => {
                let path = self.path;
                section(memory, target, |m, _| Kicks::event(rules::fail_path(m, path)))?;
                if self.bypass_pg { G::I14 } else { G::I16 }
            }
            G::I14 => {
                let path = self.path;
                section(memory, target, |m, _| {
                    rules::bypass_pg(m, m.group_of(path), true);
                    Kicks::default()
                })?;
                G::I15
            }
            G::I15 => {
                memory.queue_work(target, worker::TRIGGER_EVENT);
                G::I16
            }
            G::I16 => {
                let flags = self.flags();
                let kicks = memory.mutant() != Mutant::PgInitEndWithoutKick;
                section(memory, target, |m, _| {
                    rules::pg_init_complete(m, flags);
                    Kicks::work(kicks)
                })?;
                return Ok(Next::Return(Code::OK));
            }
        };
        Ok(Next::Continue)
    }

    /// This function calls nobody.
    pub fn returned<M: Memory<Drivers = Sim>>(&mut self, _memory: &mut M, _: Code) -> Next<Sim> {
        unreachable!("dm_pg_init_complete calls nobody that returns to it")
    }

    /// The label that is executed next.
    pub fn label(&self) -> &dyn Debug {
        &self.label
    }

    fn flags(&self) -> ErrorFlags {
        ErrorFlags {
            fail_path: self.fail_path,
            bypass_pg: self.bypass_pg,
            error_io: false,
            retry: self.retry,
        }
    }

    fn after_judging(&self) -> G {
        if self.fail_path {
            G::I13
        } else if self.bypass_pg {
            G::I14
        } else {
            G::I16
        }
    }

    /// A failure that is armed, else one of the ends that the setup allows.
    fn learn_end<M: Memory<Drivers = Sim>>(
        &mut self,
        memory: &mut M,
    ) -> Result<(), dm_model::memory::Blocked> {
        let target = self.target;
        self.path = memory.with_lock(Lock::Target(target), |memory| {
            with_state(memory, target, |m, _| m.pg_init_path)
                .expect("a command is under way on a path")
        })?;
        let setup = memory.setup();
        let md = setup.tables[setup.targets[target.index()].table.index()].md;
        let ends = setup.drivers.pg_init_ends;
        self.fail_path = memory.take_fault(md, Fault::PgInitFailPath);
        self.bypass_pg = memory.take_fault(md, Fault::PgInitBypassPg);
        self.retry = memory.take_fault(md, Fault::PgInitRetry);
        if self.flags().is_none() && ends > 1 {
            match memory.choose(ends) {
                0 => {}
                1 => self.fail_path = true,
                2 => self.bypass_pg = true,
                _ => self.retry = true,
            }
        }
        Ok(())
    }
}

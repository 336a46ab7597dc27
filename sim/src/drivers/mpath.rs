//! The methods of multipath that the core calls, labels N1, J1..J6 and I1..I7.
//!
//! What a section decides is a rule of `multipath::rules`; here it gets its lock. KERNEL.md B;
//! dm-mpath.c read in 2.6.24, its pushback exact from commit 45e157206c73.
use std::fmt::Debug;

use dm_model::driver::Entry;
use dm_model::effect::{Effect, Object, StatusKind};
use dm_model::errno::{Code, Errno};
use dm_model::flags::Flag;
use dm_model::frame::{Next, Step};
use dm_model::ids::{BioPtr, CloneId, Device, MdId, TargetId};
use dm_model::memory::{Blocked, ClonePlace, Lock, Memory};
use dm_model::mutant::Mutant;

use super::simple::preresume;
use super::{Sim, Target, worker};
use crate::multipath::message::Message;
use crate::multipath::rules::{self, ErrorFlags, MapIo, NoValidPaths};
use crate::multipath::spec::MultipathSpec;
use crate::multipath::state::{Multipath, PathId};
use crate::table::Kind;

/// Labels of [`Call`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum J {
    /// `map_io` of a new clone.
    N1,
    /// `do_end_io`: are there valid paths?
    J1,
    /// `do_end_io`: `fail_path`.
    J2,
    /// `do_end_io`: `bypass_pg`.
    J3,
    /// `bypass_pg`: `trigger_event` is queued, after the section.
    J4,
    /// `do_end_io`: the clone waits in the target.
    J5,
    /// `multipath_end_io`: the path's selector is looked at, after the clone was queued.
    J6,
    /// `multipath_presuspend`.
    I1,
    /// `multipath_resume`.
    I2,
    /// `multipath_message`: a section of what it asks for.
    I3,
    /// `multipath_message`: `trigger_event` is queued, after the section.
    I4,
    /// `multipath_status`.
    I5,
    /// `multipath_dtr`: `flush_workqueue`.
    I6,
    /// `presuspend_undo`, which multipath lacks: the era `hardened` has it.
    I8,
    /// `preresume`, which multipath lacks: it exists only to fail where a scenario wants it to.
    I7,
}

/// A method of multipath.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Call {
    pub(super) entry: Method,
    pub(super) target: TargetId,
    /// For a message to a device: the paths done.
    pub(super) done: u8,
    pub(super) label: J,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) enum Method {
    Map(CloneId),
    EndIo(CloneId, Code),
    Message(u8),
    Status(StatusKind),
    Nullary,
}

impl Call {
    /// The call that enters a method; `None` where there is none: 2.6.20 has no postsuspend.
    pub fn enter(entry: Entry) -> Option<Self> {
        let (entry, target, label) = match entry {
            Entry::Map(target, clone) => (Method::Map(clone), target, J::N1),
            Entry::EndIo(target, clone, error) => (Method::EndIo(clone, error), target, J::J1),
            Entry::Presuspend(target) => (Method::Nullary, target, J::I1),
            Entry::PresuspendUndo(target) => (Method::Nullary, target, J::I8),
            Entry::Resume(target) => (Method::Nullary, target, J::I2),
            Entry::Message(target, message) => (Method::Message(message), target, J::I3),
            Entry::Status(target, kind) => (Method::Status(kind), target, J::I5),
            Entry::Destroy(target) => (Method::Nullary, target, J::I6),
            Entry::Preresume(target) => (Method::Nullary, target, J::I7),
            Entry::Postsuspend(_) => return None,
        };
        Some(Self { entry, target, done: 0, label })
    }

    /// What needs no section: an end that is no path's business, a message that makes no sense.
    pub fn begin<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Next<Sim> {
        match self.entry {
            Method::EndIo(clone, error) => {
                let readahead = memory.is_readahead(BioPtr::Clone(clone));
                if rules::end_io_passes(error, readahead) {
                    return Next::Return(error);
                }
                Next::Continue
            }
            Method::Message(index) => match self.message(memory, index) {
                Ok(_) => Next::Continue,
                Err(code) => Next::Return(code),
            },
            Method::Nullary if self.label == J::I7 => Next::Return(preresume(memory, self.target)),
            Method::Map(_) | Method::Status(_) | Method::Nullary => Next::Continue,
        }
    }

    /// One section.
    ///
    /// # Errors
    /// `Blocked` when it cannot be taken now.
    pub fn step<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Step<Sim> {
        match self.entry {
            Method::Map(clone) => {
                let mapped = map_io(memory, self.target, clone, false)?;
                Ok(Next::Return(mapped.verdict))
            }
            Method::EndIo(clone, _) => self.do_end_io(memory, clone),
            Method::Message(index) => self.step_message(memory, index),
            Method::Status(kind) => {
                memory.with_lock(Lock::Target(self.target), |memory| {
                    memory.emit(Effect::StatusRead(self.target, kind));
                })?;
                Ok(Next::Return(Code::OK))
            }
            Method::Nullary => self.step_nullary(memory),
        }
    }

    /// These methods call nobody.
    pub fn returned<M: Memory<Drivers = Sim>>(&mut self, _memory: &mut M, _: Code) -> Next<Sim> {
        unreachable!("a method of multipath calls nobody")
    }

    /// The label that is executed next.
    pub fn label(&self) -> &dyn Debug {
        &self.label
    }

    fn step_nullary<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M) -> Step<Sim> {
        let (target, mutant) = (self.target, memory.mutant());
        match self.label {
            J::I1 => section(memory, target, |m, _| {
                let kick = if mutant == Mutant::PresuspendSavesNothing {
                    rules::queue_if_no_path(m, false, false)
                } else {
                    rules::presuspend(m)
                };
                Kicks::work(kick && mutant != Mutant::PresuspendWithoutKick)
            })?,
            J::I2 | J::I8 => section(memory, target, |m, _| {
                if mutant != Mutant::ResumeForgetsPolicy {
                    rules::resume(m);
                }
                Kicks::default()
            })?,
            J::I6 if mutant == Mutant::DestroyWithoutFlush => {}
            J::I6 => memory.flush_work(target, worker::FLUSHED)?,
            J::N1
            | J::J1
            | J::J2
            | J::J3
            | J::J4
            | J::J5
            | J::J6
            | J::I3
            | J::I4
            | J::I5
            | J::I7 => {
                unreachable!("another method's label")
            }
        }
        Ok(Next::Return(Code::OK))
    }

    /// `do_end_io`, a section at a time.
    fn do_end_io<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M, clone: CloneId) -> Step<Sim> {
        let target = self.target;
        match self.label {
            J::J1 => match no_valid_paths(memory, target)? {
                NoValidPaths::PathsRemain => return Ok(self.judge(memory, clone, J::J1)),
                NoValidPaths::Requeue => return Ok(Next::Return(Code::REQUEUE)),
                NoValidPaths::Fail => return Ok(Next::Return(Errno::Io.code())),
                NoValidPaths::Queue => self.label = J::J5,
            },
            J::J2 => {
                let path = path_of(memory, clone).expect("J1 has found a path");
                section(memory, target, |m, _| Kicks::event(rules::fail_path(m, path)))?;
                return Ok(self.judge(memory, clone, J::J2));
            }
            J::J3 => {
                let path = path_of(memory, clone).expect("J1 has found a path");
                section(memory, target, |m, _| {
                    rules::bypass_pg(m, m.group_of(path), true);
                    Kicks::default()
                })?;
                self.label = J::J4;
            }
            J::J4 => {
                memory.queue_work(target, worker::TRIGGER_EVENT);
                return Ok(self.judge(memory, clone, J::J4));
            }
            J::J5 => {
                let had_path = path_of(memory, clone).is_some();
                // Behind the section it may be somebody else's.
                memory.set_clone_place(clone, ClonePlace::Target);
                let kicks = memory.mutant() != Mutant::EndIoQueuesWithoutKick;
                section(memory, target, |m, _| {
                    Kicks::work(rules::end_io_requeue(m, clone) && kicks)
                })?;
                if !had_path {
                    return Ok(Next::Return(Code::INCOMPLETE));
                }
                self.label = J::J6;
            }
            J::J6 => {
                memory.touch(Object::Target(target));
                return Ok(Next::Return(Code::INCOMPLETE));
            }
            J::N1 | J::I1 | J::I2 | J::I3 | J::I4 | J::I5 | J::I6 | J::I7 | J::I8 => {
                unreachable!("another method's label")
            }
        }
        Ok(Next::Continue)
    }

    /// What the error class asks for after this section: nothing shared is touched.
    fn judge<M: Memory<Drivers = Sim>>(
        &mut self,
        memory: &mut M,
        clone: CloneId,
        after: J,
    ) -> Next<Sim> {
        let flags = error_flags(spec(memory, self.target));
        let has_path = path_of(memory, clone).is_some();
        self.label = if after == J::J1 && has_path && flags.fail_path {
            J::J2
        } else if matches!(after, J::J1 | J::J2) && has_path && flags.bypass_pg {
            J::J3
        } else if flags.error_io {
            return Next::Return(Errno::Io.code());
        } else {
            J::J5
        };
        Next::Continue
    }

    fn message<M: Memory<Drivers = Sim>>(&self, memory: &M, index: u8) -> Result<Message, Code> {
        let drivers = &memory.setup().drivers;
        let words = &drivers.messages[usize::from(index)];
        let argv: Vec<&str> = words.iter().map(String::as_str).collect();
        Message::parse(&argv, spec(memory, self.target), drivers)
            .map_err(|refused| refused.errno.code())
    }

    /// `multipath_message`, a section at a time: a path message takes one for each of its paths.
    fn step_message<M: Memory<Drivers = Sim>>(&mut self, memory: &mut M, index: u8) -> Step<Sim> {
        let target = self.target;
        if self.label == J::I4 {
            memory.queue_work(target, worker::TRIGGER_EVENT);
            return Ok(Next::Return(Code::OK));
        }
        match self.message(memory, index).expect("begin has parsed it") {
            Message::QueueIfNoPath => self.set_policy(memory, true),
            Message::FailIfNoPath => self.set_policy(memory, false),
            Message::DisableGroup(group) => {
                self.change_groups(memory, |m| rules::bypass_pg(m, group, true))
            }
            Message::EnableGroup(group) => {
                self.change_groups(memory, |m| rules::bypass_pg(m, group, false))
            }
            Message::SwitchGroup(group) => {
                self.change_groups(memory, |m| rules::switch_group(m, group))
            }
            Message::FailPath(device) => {
                self.change_path(memory, device, |m, path| Kicks::event(rules::fail_path(m, path)))
            }
            Message::ReinstatePath(device) => {
                let kicks = memory.mutant() != Mutant::ReinstateWithoutKick;
                self.change_path(memory, device, |m, path| {
                    let done = rules::reinstate_path(m, path);
                    Kicks { work: done.kick && kicks, event: done.trigger_event }
                })
            }
        }
    }

    fn set_policy<M: Memory<Drivers = Sim>>(&self, memory: &mut M, queue: bool) -> Step<Sim> {
        section(memory, self.target, |m, _| Kicks::work(rules::queue_if_no_path(m, queue, false)))?;
        memory.emit(Effect::PolicySet(self.target, queue));
        Ok(Next::Return(Code::OK))
    }

    fn change_groups<M: Memory<Drivers = Sim>>(
        &mut self,
        memory: &mut M,
        change: impl FnOnce(&mut Multipath),
    ) -> Step<Sim> {
        section(memory, self.target, |m, _| {
            change(m);
            Kicks::default()
        })?;
        self.label = J::I4;
        Ok(Next::Continue)
    }

    fn change_path<M: Memory<Drivers = Sim>>(
        &mut self,
        memory: &mut M,
        device: Device,
        change: impl FnOnce(&mut Multipath, PathId) -> Kicks,
    ) -> Step<Sim> {
        let paths: Vec<PathId> = spec(memory, self.target).paths_on(device).collect();
        let Some(path) = paths.get(usize::from(self.done)).copied() else {
            return Ok(Next::Return(Code::OK));
        };
        section(memory, self.target, |m, _| change(m, path))?;
        self.done += 1;
        let is_last = usize::from(self.done) == paths.len();
        Ok(if is_last { Next::Return(Code::OK) } else { Next::Continue })
    }
}

/// The work that a section queues, still under its lock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Kicks {
    /// `process_queued_ios`.
    pub(super) work: bool,
    /// `trigger_event`.
    pub(super) event: bool,
}

impl Kicks {
    pub(super) fn work(work: bool) -> Self {
        Self { work, event: false }
    }

    pub(super) fn event(event: bool) -> Self {
        Self { work: false, event }
    }
}

/// The table line of a multipath target.
pub(super) fn spec<M: Memory<Drivers = Sim>>(memory: &M, target: TargetId) -> &MultipathSpec {
    match memory.setup().drivers.kind(target) {
        Kind::Multipath(spec) => spec,
        Kind::Linear { .. }
        | Kind::Striped { .. }
        | Kind::Error
        | Kind::Zero
        | Kind::Delay { .. } => unreachable!("the target is multipath"),
    }
}

/// What an I/O error means: the handler's word, else that the path has failed.
fn error_flags(spec: &MultipathSpec) -> ErrorFlags {
    spec.handler.as_ref().map_or(ErrorFlags::FAIL_PATH, |handler| handler.kind.error())
}

/// `mpio->pgpath` of a clone.
fn path_of<M: Memory>(memory: &mut M, clone: CloneId) -> Option<PathId> {
    memory.clone_state(clone).info.checked_sub(1).map(PathId)
}

/// One section under `m->lock`; the work that it asks for is queued within it.
pub(super) fn section<M: Memory<Drivers = Sim>>(
    memory: &mut M,
    target: TargetId,
    rule: impl FnOnce(&mut Multipath, &MultipathSpec) -> Kicks,
) -> Result<(), Blocked> {
    memory.with_lock(Lock::Target(target), |memory| {
        let kicks = with_state(memory, target, rule);
        queue_kicks(memory, target, kicks);
    })
}

fn queue_kicks<M: Memory<Drivers = Sim>>(memory: &mut M, target: TargetId, kicks: Kicks) {
    if kicks.work {
        memory.queue_work(target, worker::PROCESS_QUEUED_IOS);
    }
    if kicks.event {
        memory.queue_work(target, worker::TRIGGER_EVENT);
    }
}

/// Applies a rule to the state of a multipath target, whose lock is held.
pub(super) fn with_state<M: Memory<Drivers = Sim>, R>(
    memory: &mut M,
    target: TargetId,
    rule: impl FnOnce(&mut Multipath, &MultipathSpec) -> R,
) -> R {
    let (state, setup) = memory.target(target);
    match (state, setup.drivers.kind(target)) {
        (Target::Multipath { state, .. }, Kind::Multipath(spec)) => rule(state, spec),
        _ => unreachable!("the target is multipath"),
    }
}

fn md_of<M: Memory>(memory: &M, target: TargetId) -> MdId {
    let setup = memory.setup();
    setup.tables[setup.targets[target.index()].table.index()].md
}

/// `dm_noflush_suspending` as `__must_push_back` uses it: read under `m->lock`, which does not
/// guard it, and only between presuspend and resume of a target whose policy is to queue.
fn noflush_suspending<M: Memory<Drivers = Sim>>(memory: &mut M, target: TargetId) -> bool {
    let asks = with_state(memory, target, |m, _| m.queue_if_no_path != m.saved_queue_if_no_path);
    let pushes_back = memory.era().multipath_pushes_back();
    let md = md_of(memory, target);
    let is_blind = memory.mutant() == Mutant::PushbackWithoutFlag;
    asks && pushes_back && (is_blind || memory.test_bit(md, Flag::NoflushSuspending))
}

fn no_valid_paths<M: Memory<Drivers = Sim>>(
    memory: &mut M,
    target: TargetId,
) -> Result<NoValidPaths, Blocked> {
    memory.with_lock(Lock::Target(target), |memory| {
        let has_paths = with_state(memory, target, |m, _| m.nr_valid_paths > 0);
        let noflush = !has_paths && noflush_suspending(memory, target);
        let pushes_back = memory.era().multipath_pushes_back();
        let found = with_state(memory, target, |m, _| {
            rules::end_io_no_valid_paths(m, pushes_back, || noflush)
        });
        let queues = memory.mutant() == Mutant::EndIoQueuesWhileSuspending;
        if queues && found == NoValidPaths::Requeue { NoValidPaths::Queue } else { found }
    })
}

/// `map_io` of a clone, one section.
pub(super) fn map_io<M: Memory<Drivers = Sim>>(
    memory: &mut M,
    target: TargetId,
    clone: CloneId,
    was_queued: bool,
) -> Result<MapIo, Blocked> {
    memory
        .with_lock(Lock::Target(target), |memory| map_io_locked(memory, target, clone, was_queued))
}

/// `map_io` of a clone, in a section that its caller has begun.
pub(super) fn map_io_locked<M: Memory<Drivers = Sim>>(
    memory: &mut M,
    target: TargetId,
    clone: CloneId,
    was_queued: bool,
) -> MapIo {
    if memory.mutant() == Mutant::RequeueWithoutSuspend
        && with_state(memory, target, |m, _| m.nr_valid_paths == 0)
    {
        return MapIo { verdict: Code::REQUEUE, device: None, path: None, kick: false };
    }
    let noflush = noflush_suspending(memory, target);
    let pushes_back = memory.era().multipath_pushes_back();
    let mapped = with_state(memory, target, |m, spec| {
        rules::map_io(m, spec, clone, was_queued, pushes_back, || noflush)
    });
    let kicks = memory.mutant() != Mutant::MapQueuesWithoutKick;
    queue_kicks(memory, target, Kicks::work(mapped.kick && kicks));
    memory.change_clone(clone, |state| {
        state.info = mapped.path.map_or(0, |path| path.0 + 1);
        state.device = mapped.device.unwrap_or(state.device);
    });
    let queued = mapped.verdict == Code::SUBMITTED;
    memory.set_clone_place(clone, if queued { ClonePlace::Target } else { ClonePlace::Hands });
    mapped
}

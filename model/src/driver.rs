//! What stands below the core: target code and the disks that it sends I/O to.
//!
//! The core calls a target's method by pushing a frame of target code onto its process; that code
//! runs step by step like the core's own. This module names no target.
use std::fmt::Debug;
use std::hash::Hash;

use crate::effect::StatusKind;
use crate::errno::Code;
use crate::frame::{Next, Step};
use crate::ids::{CloneId, DiskId, TargetId};
use crate::memory::Memory;

/// A method of a target that the core calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entry {
    /// `map(ti, clone)`: answers with a verdict.
    Map(TargetId, CloneId),
    /// `end_io(ti, clone, error)`: answers with a verdict.
    EndIo(TargetId, CloneId, Code),
    /// `presuspend(ti)`.
    Presuspend(TargetId),
    /// `presuspend_undo(ti)`: the suspend was interrupted. Only the era `hardened` calls it.
    PresuspendUndo(TargetId),
    /// `postsuspend(ti)`.
    Postsuspend(TargetId),
    /// `preresume(ti)`: may fail.
    Preresume(TargetId),
    /// `resume(ti)`.
    Resume(TargetId),
    /// `message(ti, argv)`; the number is the message's place in the setup.
    Message(TargetId, u8),
    /// `status(ti, type)`.
    Status(TargetId, StatusKind),
    /// `dtr(ti)`.
    Destroy(TargetId),
}

impl Entry {
    /// The target whose method it is.
    pub fn target(self) -> TargetId {
        match self {
            Self::Map(target, _)
            | Self::EndIo(target, _, _)
            | Self::Presuspend(target)
            | Self::PresuspendUndo(target)
            | Self::Postsuspend(target)
            | Self::Preresume(target)
            | Self::Resume(target)
            | Self::Message(target, _)
            | Self::Status(target, _)
            | Self::Destroy(target) => target,
        }
    }
}

/// Target code and disks.
pub trait Drivers: Copy + Eq + Ord + Hash + Debug + 'static {
    /// A call of target code: its label and locals.
    type Call: Copy + Eq + Ord + Hash + Debug;
    /// The state of a target, behind its own lock.
    type Target: Clone + Eq + Ord + Hash + Debug;
    /// The state of a disk, behind its queue's lock.
    type Disk: Clone + Eq + Ord + Hash + Debug;
    /// What the drivers know of targets and disks that never changes.
    type Setup: Debug;

    /// The call that enters a target's method; `None` where its type has no such method.
    fn enter<M: Memory<Drivers = Self>>(memory: &M, entry: Entry) -> Option<Self::Call>;
    /// What a call leads to before any section: nothing shared is touched.
    fn begin<M: Memory<Drivers = Self>>(call: &mut Self::Call, memory: &mut M) -> Next<Self>;
    /// One atomic section of target code.
    ///
    /// # Errors
    /// `Blocked` when it cannot be taken now; nothing has changed.
    fn step<M: Memory<Drivers = Self>>(call: &mut Self::Call, memory: &mut M) -> Step<Self>;
    /// A frame that target code had called has returned. Touches nothing shared.
    fn returned<M: Memory<Drivers = Self>>(
        call: &mut Self::Call,
        memory: &mut M,
        code: Code,
    ) -> Next<Self>;
    /// Sends a clone to a disk: one section under the disk's lock.
    ///
    /// # Errors
    /// `Blocked` while another process holds the disk's lock.
    fn submit<M: Memory<Drivers = Self>>(
        memory: &mut M,
        disk: DiskId,
        clone: CloneId,
    ) -> Result<(), crate::memory::Blocked>;
    /// The label at which a call stands, as the label tables have it.
    fn label(call: &Self::Call) -> &dyn Debug;
}

//! What a step does that an observer may want to know of: the vocabulary of claims and trails.
use crate::errno::Code;
use crate::flags::SuspendFlags;
use crate::ids::{BioId, BioPtr, CloneId, DiskId, IoId, MdId, TableId, TargetId};

/// Something with a lifetime that code may touch too late.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Object {
    /// The `mapped_device` itself.
    Md(MdId),
    /// The mempools and the bioset of a mapped device (`io_pool`, `tio_pool`, `bs`).
    Pools(MdId),
    /// A table.
    Table(TableId),
    /// A target, which lives as long as its table.
    Target(TargetId),
}

/// Something that a step did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// A bio of an application entered `dm_request`.
    Submitted(BioId),
    /// A bio of an application completed with this result.
    Completed(BioId, Code),
    /// A bio found its device without a table.
    NoTable(MdId),
    /// A bio entered the deferred list.
    Deferred(MdId, BioPtr),
    /// A bio entered the pushback list.
    PushedBack(MdId, BioPtr, IoId),
    /// P3 found REQUEUE and the flag clear, and made it -EIO.
    RequeueFailed(MdId, BioPtr, IoId),
    /// `start_io_acct` counted this `dm_io` as pending.
    Started(MdId, IoId),
    /// `end_io_acct` stopped counting this `dm_io`.
    Finished(MdId, IoId),
    /// `map` of a target answered for this clone.
    Mapped(TargetId, CloneId, Code),
    /// `map` or `end_io` of a target was entered.
    TargetEntered(TargetId, CloneId),
    /// `end_io` of a target answered for this clone.
    Ended(TargetId, CloneId, Code),
    /// A clone was sent to a disk.
    Dispatched(DiskId, CloneId),
    /// A disk completed a clone.
    DiskDone(DiskId, CloneId, Code),
    /// `dm_suspend` got past S0 with these flags; whether its ioctl had asked for noflush.
    SuspendStarted(MdId, SuspendFlags),
    /// S6: `dm_suspend` has blocked I/O.
    Blocked(MdId),
    /// S10 or F: the flag was cleared and the pushback list merged.
    Merged(MdId),
    /// `dm_suspend` returns.
    SuspendReturned(MdId, Code),
    /// `dm_resume` got past R0.
    ResumeStarted(MdId),
    /// `dm_resume` returns.
    ResumeReturned(MdId, Code),
    /// The live table changed.
    MapChanged(MdId, Option<TableId>),
    /// The status of a target was read, as its table line or as its information.
    StatusRead(TargetId, StatusKind),
    /// A table event was raised.
    Event(MdId),
    /// Code touched something that had been freed.
    UsedAfterFree(Object),
    /// The kernel stopped at a BUG.
    Bug(&'static str),
    /// A message changed the policy: queue when no path is left, or not.
    PolicySet(TargetId, bool),
    /// `free_dev`: nothing of the device is left.
    Freed(MdId),
}

/// Which of a target's two status texts was read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum StatusKind {
    /// `STATUSTYPE_INFO`.
    Info,
    /// `STATUSTYPE_TABLE`.
    Table,
}

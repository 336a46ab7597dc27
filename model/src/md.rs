//! A mapped device of `Plain`: `struct mapped_device` and what its locks and flags are.
use crate::ids::{TableId, TaskId};
use crate::memory::BioList;

/// A `struct mapped_device`.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Md {
    /// `md->flags`.
    pub flags: u8,
    /// `md->pending`.
    pub pending: u8,
    /// `md->holders`.
    pub holders: u8,
    /// `md->open_count`.
    pub open_count: u8,
    /// `md->event_nr`.
    pub event_nr: u32,
    /// `md->deferred`.
    pub deferred: BioList,
    /// What the holder of `io_lock` W is flushing.
    pub flushing: BioList,
    /// `md->pushback`.
    pub pushback: BioList,
    /// `md->map`.
    pub map: Option<TableId>,
    /// `hc->new_map`.
    pub inactive: Option<TableId>,
    /// Whether the device has been created.
    pub exists: bool,
    /// Whether the device is in the hash.
    pub hashed: bool,
    /// Whether `md->suspended_bdev` is held.
    pub suspended_bdev: bool,
    /// The size of the disk, in sectors.
    pub capacity: u32,
    /// Who sleeps on `md->wait`.
    pub waiter: Option<TaskId>,
    /// Readers of `io_lock`.
    pub io_readers: u8,
    /// Whether a writer holds `io_lock`.
    pub io_writer: bool,
    /// Whether `suspend_lock` is held.
    pub suspend_locked: bool,
    /// Whether the inode's mutex is held.
    pub inode_locked: bool,
    /// Armed failures, a bit a [`crate::memory::Fault`].
    pub faults: u8,
    /// Whether the pools are gone.
    pub pools_freed: bool,
    /// Whether the device is gone.
    pub freed: bool,
}

impl Clone for Md {
    fn clone(&self) -> Self {
        let mut clone = Self::default();
        clone.clone_from(self);
        clone
    }

    /// Field by field: a search clones from one state to the next all the time, and nearly all of
    /// it is plain bytes.
    fn clone_from(&mut self, source: &Self) {
        let Self {
            flags,
            pending,
            holders,
            open_count,
            event_nr,
            deferred,
            flushing,
            pushback,
            map,
            inactive,
            exists,
            hashed,
            suspended_bdev,
            capacity,
            waiter,
            io_readers,
            io_writer,
            suspend_locked,
            inode_locked,
            faults,
            pools_freed,
            freed,
        } = source;
        self.flags = *flags;
        self.pending = *pending;
        self.holders = *holders;
        self.open_count = *open_count;
        self.event_nr = *event_nr;
        self.deferred.clone_from(deferred);
        self.flushing.clone_from(flushing);
        self.pushback.clone_from(pushback);
        self.map = *map;
        self.inactive = *inactive;
        self.exists = *exists;
        self.hashed = *hashed;
        self.suspended_bdev = *suspended_bdev;
        self.capacity = *capacity;
        self.waiter = *waiter;
        self.io_readers = *io_readers;
        self.io_writer = *io_writer;
        self.suspend_locked = *suspend_locked;
        self.inode_locked = *inode_locked;
        self.faults = *faults;
        self.pools_freed = *pools_freed;
        self.freed = *freed;
    }
}

//! Virtual disks: what a path does with the I/O that it is sent.
//!
//! The contents belong to the LUN, which the world keeps; a path only holds what is under way.
use dm_model::effect::Effect;
use dm_model::errno::{Code, Errno};
use dm_model::ids::{CloneId, DiskId, LIST_COUNT_MAX};
use dm_model::memory::{Blocked, ClonePlace, Lock, Memory};
use dm_model::queue::Queue;

use super::Sim;

/// Whether a path reaches its LUN.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub enum Link {
    /// It does.
    #[default]
    Running,
    /// The administrator has taken it offline.
    Offline,
    /// The cable is out: its name is gone too, until it is put in again.
    Unplugged,
    /// It is there and answers everything with an error (`release PATH error`).
    Failing,
}

/// A path.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Disk {
    /// Whether it reaches its LUN.
    pub link: Link,
    /// It keeps what it is sent and answers nothing.
    pub held: bool,
    /// It answers this much later, in milliseconds of virtual time.
    pub delay: u32,
    /// Sectors that answer with a medium error: first, and how many.
    pub medium: Option<(u32, u32)>,
    /// What is under way, oldest first.
    pub queue: Queue<CloneId, LIST_COUNT_MAX>,
}

impl Disk {
    /// How I/O to these sectors ends now; `None` while the path keeps it.
    pub fn answer(&self, sector: u32, count: u16) -> Option<Code> {
        let failed = Some(Errno::Io.code());
        match self.link {
            Link::Offline | Link::Unplugged => failed,
            Link::Running | Link::Failing if self.held => None,
            Link::Failing => failed,
            Link::Running if self.is_damaged(sector, count) => failed,
            Link::Running => Some(Code::OK),
        }
    }

    fn is_damaged(&self, sector: u32, count: u16) -> bool {
        self.medium.is_some_and(|(first, damaged)| {
            sector < first + damaged && first < sector + u32::from(count)
        })
    }
}

/// `generic_make_request` of a clone to a path.
///
/// # Errors
/// `Blocked` while another process holds the path's lock.
pub fn submit<M: Memory<Drivers = Sim>>(
    memory: &mut M,
    disk: DiskId,
    clone: CloneId,
) -> Result<(), Blocked> {
    memory.with_lock(Lock::Disk(disk), |memory| {
        memory.disk(disk).queue.push_back(clone);
        memory.set_clone_place(clone, ClonePlace::Disk);
        memory.emit(Effect::Dispatched(disk, clone));
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_path_answers_only_once_it_is_gone() {
        let mut disk = Disk { held: true, ..Disk::default() };
        assert_eq!(disk.answer(0, 8), None);
        disk.link = Link::Unplugged;
        assert_eq!(disk.answer(0, 8), Some(Errno::Io.code()));
    }

    #[test]
    fn only_damaged_sectors_fail() {
        let disk = Disk { medium: Some((8, 8)), ..Disk::default() };
        assert_eq!(disk.answer(0, 8), Some(Code::OK));
        assert_eq!(disk.answer(4, 8), Some(Errno::Io.code()));
        assert_eq!(disk.answer(16, 8), Some(Code::OK));
    }
}

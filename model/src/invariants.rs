//! What must be so in every state of `Plain`, counted two ways. A failure is the model's mistake.
use crate::driver::Drivers;
use crate::ids::{BioPtr, LIST_COUNT_MAX, MdId};
use crate::memory::{BioPlace, ClonePlace, Lock};
use crate::plain::{Md, Plain};

impl<D: Drivers> Plain<D> {
    /// Checks what must be so in every state; a failure is a mistake of the model.
    ///
    /// # Panics
    /// When the model has lost track of itself.
    pub fn check_invariants(&self) {
        for (index, md) in self.mds.iter().enumerate() {
            let id = MdId(index as u8);
            let counted = self.ios.iter().filter(|(_, io)| io.md == id && io.counted).count();
            assert_eq!(usize::from(md.pending), counted, "pending of md {index}");
            assert!(!(md.io_writer && md.io_readers > 0), "io_lock of md {index}: both");
            self.check_places(md);
        }
        for (clone, state) in self.clones.iter() {
            assert!(state.count > 0, "{clone} is empty");
        }
        let left_held =
            |lock: &&Lock| !self.is_held_across_steps(**lock) && !self.is_shared(**lock);
        let left = self.log.held().iter().find(left_held);
        assert_eq!(left, None, "a step leaves a spinlock held");
    }

    fn is_shared(&self, lock: Lock) -> bool {
        match lock {
            Lock::Hash => self.hash_readers > 0,
            Lock::Io(md) => self.mds[md.index()].io_readers > 0,
            Lock::Suspend(_)
            | Lock::Inode(_)
            | Lock::Minor
            | Lock::Map(_)
            | Lock::Event
            | Lock::Pushback(_)
            | Lock::Wait(_)
            | Lock::Target(_)
            | Lock::Disk(_) => false,
        }
    }

    fn check_places(&self, md: &Md) {
        let lists = [
            (&md.deferred, BioPlace::Deferred, ClonePlace::Deferred),
            (&md.pushback, BioPlace::Pushback, ClonePlace::Pushback),
            (&md.flushing, BioPlace::Hands, ClonePlace::Hands),
        ];
        for (list, bio_place, clone_place) in lists {
            assert!(list.is_in_place(), "a list of at most {LIST_COUNT_MAX} elements is full");
            for bio in list.iter() {
                match bio {
                    BioPtr::Original(bio) => {
                        let place = self.bios[bio.index()].place;
                        assert!(
                            place == bio_place || place == BioPlace::Done,
                            "{bio:?} is {place:?}"
                        );
                    }
                    BioPtr::Clone(clone) => assert_eq!(self.clones[clone].place, clone_place),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

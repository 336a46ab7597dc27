//! What can happen in the reference workload, and what it does.
use super::state::IN_FLIGHT;
use super::word::{self, FAILED, PLUGGED, Word};
use super::{Flags, Place, Reference};

/// Something that can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A bio is submitted.
    Submit(u8),
    /// A bio is mapped to a path.
    Map(u8, u8),
    /// No path is left for a bio: it is pushed back, queued, or fails.
    NoPath(u8),
    /// A bio in error is to be mapped again.
    Retry(u8),
    /// A bio in flight comes back.
    EndIo(u8),
    /// The first queued bio is to be mapped again.
    Dispatch,
    /// The first deferred bio is submitted again.
    Flush,
    /// The suspender makes its next step.
    Suspend,
    /// The same, and every path is repaired.
    Repair,
    /// A path loses its plug.
    Unplug(u8),
    /// A path gets its plug back.
    Plug(u8),
    /// A path is marked failed.
    Fail(u8),
    /// A path is reinstated.
    Reinstate(u8),
}

/// A bio in flight on path p is at this plus p.
const FLIES: u64 = IN_FLIGHT as u64;

impl Reference {
    fn all_failed(&self, word: Word) -> bool {
        word.failed() == (1 << self.paths) - 1
    }

    /// Everything that can happen, in order.
    #[inline]
    pub fn each(&self, word: Word, mut each: impl FnMut(Action)) {
        let all_failed = self.all_failed(word);
        for bio in 0..self.bios as u8 {
            match word.place(bio) {
                0 => each(Action::Submit(bio)),
                4 | 5 if all_failed => each(Action::NoPath(bio)),
                4 => {
                    let usable =
                        (0..self.paths as u8).filter(|path| word.failed() >> path & 1 == 0);
                    usable.for_each(|path| each(Action::Map(bio, path)));
                }
                5 => each(Action::Retry(bio)),
                FLIES.. => each(Action::EndIo(bio)),
                _ => {}
            }
        }
        if self.may_dispatch(word) {
            each(Action::Dispatch);
        }
        if may_flush(word) {
            each(Action::Flush);
        }
        if self.may_suspend(word) {
            each(Action::Suspend);
        }
        if word.suspender() == 5 {
            each(Action::Repair);
        }
        self.each_of_paths(word, each);
    }

    /// Whether a queued bio can be mapped again.
    #[inline]
    pub(super) fn may_dispatch(&self, word: Word) -> bool {
        let has_way = !self.all_failed(word) | word.has(Flags::NOFLUSH) | !word.has(Flags::QUEUE);
        has_way & word.any_at(Place::Queued)
    }

    /// Whether the suspender need not wait.
    #[inline]
    pub(super) fn may_suspend(&self, word: Word) -> bool {
        let (step, cycles) = (word.suspender(), u64::from(self.cycles));
        let is_last = (step == 0) & (word.cycles() == cycles);
        !is_last & ((step != 3) | (word.pending() == 0))
    }

    /// Whether something may still fail.
    #[inline]
    pub(super) fn has_fault_left(&self, word: Word) -> bool {
        word.faults() < u64::from(self.faults)
    }

    #[inline]
    fn each_of_paths(&self, word: Word, mut each: impl FnMut(Action)) {
        let fault_left = self.has_fault_left(word);
        for path in 0..self.paths as u8 {
            let (plugged, failed) = (word.is_plugged(path), word.failed() >> path & 1 != 0);
            if plugged && fault_left {
                each(Action::Unplug(path));
            }
            if !plugged {
                each(Action::Plug(path));
            }
            if !failed && fault_left {
                each(Action::Fail(path));
            }
            if failed && plugged {
                each(Action::Reinstate(path));
            }
        }
    }

    /// Makes it happen.
    #[inline]
    pub fn perform(&self, word: &mut Word, action: Action) {
        match action {
            Action::Submit(bio) if word.has(Flags::BLOCKED) => word.push(Place::Deferred, bio),
            Action::Submit(bio) => {
                word.begin_bio();
                word.put(bio, Place::Mapping as u64);
            }
            Action::Map(bio, path) => word.put(bio, FLIES + u64::from(path)),
            Action::NoPath(bio) => no_path(word, bio),
            Action::Retry(bio) => word.put(bio, Place::Mapping as u64),
            Action::EndIo(bio) => end_io(word, bio),
            Action::Dispatch => word.map_first(Place::Queued),
            Action::Flush => {
                word.map_first(Place::Deferred);
                word.begin_bio();
            }
            Action::Suspend => suspend(word),
            Action::Repair => {
                word::repair(word);
                word.set_suspender(6);
            }
            Action::Unplug(path) => {
                word.mark(PLUGGED, path, false);
                word.add_fault();
            }
            Action::Plug(path) => word.mark(PLUGGED, path, true),
            Action::Fail(path) => {
                word.mark(FAILED, path, true);
                word.add_fault();
            }
            Action::Reinstate(path) => word.mark(FAILED, path, false),
        }
    }

    /// Whether nothing is left to do in a state without actions.
    pub fn is_proper_end(&self, word: Word) -> bool {
        let is_done = |bio| matches!(word.place(bio), 6 | 7);
        word.suspender() == 0 && (0..self.bios as u8).all(is_done)
    }
}

/// Whether a deferred bio can be submitted again.
#[inline]
pub(super) fn may_flush(word: Word) -> bool {
    !word.has(Flags::BLOCKED) & word.any_at(Place::Deferred)
}

#[inline]
fn no_path(word: &mut Word, bio: u8) {
    if word.has(Flags::NOFLUSH) {
        word.push(Place::PushedBack, bio);
        word.give_back();
    } else if word.has(Flags::QUEUE) {
        word.push(Place::Queued, bio);
    } else {
        word.give_back();
        word.put(bio, Place::Eio as u64);
    }
}

#[inline]
fn end_io(word: &mut Word, bio: u8) {
    let path = (word.place(bio) - FLIES) as u8;
    if word.is_plugged(path) {
        word.put(bio, Place::Ok as u64);
        word.give_back();
    } else {
        word.put(bio, Place::Error as u64);
        word.mark(FAILED, path, true);
    }
}

fn suspend(word: &mut Word) {
    match word.suspender() {
        0 => {
            word.set(Flags::NOFLUSH, true);
            word.begin_cycle();
        }
        1 => {
            word.set(Flags::SAVED, word.has(Flags::QUEUE));
            word.set(Flags::QUEUE, word.has(Flags::QUEUE) && word.has(Flags::NOFLUSH));
        }
        2 => word.set(Flags::BLOCKED, true),
        4 => {
            word.set(Flags::NOFLUSH, false);
            word.merge();
        }
        6 => {
            word.set(Flags::QUEUE, word.has(Flags::SAVED));
            word.set(Flags::SAVED, false);
        }
        7 => word.set(Flags::BLOCKED, false),
        // It waits for nothing to be pending, or the paths stay as they are.
        _ => {}
    }
    word.set_suspender((word.suspender() + 1) % 8);
}

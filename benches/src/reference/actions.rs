//! What can happen in the reference workload, and what it does.
use super::state::IN_FLIGHT;
use super::{Flags, Place, Reference, State};

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

impl Reference {
    fn all_failed(&self, state: &State) -> bool {
        state.failed == (1 << self.paths) - 1
    }

    /// Everything that can happen.
    #[inline]
    pub fn list(&self, state: &State, out: &mut Vec<Action>) {
        let all_failed = self.all_failed(state);
        for bio in 0..self.bios as u8 {
            match state.place(bio.into()) {
                0 => out.push(Action::Submit(bio)),
                4 | 5 if all_failed => out.push(Action::NoPath(bio)),
                4 => {
                    let usable = (0..self.paths as u8).filter(|path| state.failed >> path & 1 == 0);
                    out.extend(usable.map(|path| Action::Map(bio, path)));
                }
                5 => out.push(Action::Retry(bio)),
                IN_FLIGHT.. => out.push(Action::EndIo(bio)),
                _ => {}
            }
        }
        let flags = state.flags;
        let may_dispatch = !all_failed || flags.has(Flags::NOFLUSH) || !flags.has(Flags::QUEUE);
        if !state.queued.is_empty() && may_dispatch {
            out.push(Action::Dispatch);
        }
        if !state.deferred.is_empty() && !flags.has(Flags::BLOCKED) {
            out.push(Action::Flush);
        }
        let waits = match state.suspender {
            0 => state.cycles == self.cycles,
            3 => state.pending > 0,
            _ => false,
        };
        if !waits {
            out.push(Action::Suspend);
        }
        if state.suspender == 5 {
            out.push(Action::Repair);
        }
        self.list_paths(state, out);
    }

    #[inline]
    fn list_paths(&self, state: &State, out: &mut Vec<Action>) {
        let fault_left = state.faults < self.faults;
        for path in 0..self.paths as u8 {
            let (plugged, failed) = (state.plugged >> path & 1 != 0, state.failed >> path & 1 != 0);
            if plugged && fault_left {
                out.push(Action::Unplug(path));
            }
            if !plugged {
                out.push(Action::Plug(path));
            }
            if !failed && fault_left {
                out.push(Action::Fail(path));
            }
            if failed && plugged {
                out.push(Action::Reinstate(path));
            }
        }
    }

    /// Makes it happen.
    #[inline]
    pub fn perform(&self, state: &mut State, action: Action) {
        match action {
            Action::Submit(bio) if state.flags.has(Flags::BLOCKED) => {
                state.deferred.push(bio.into());
                state.put(bio.into(), Place::Deferred as u32);
            }
            Action::Submit(bio) => {
                state.pending += 1;
                state.put(bio.into(), Place::Mapping as u32);
            }
            Action::Map(bio, path) => state.put(bio.into(), IN_FLIGHT + u32::from(path)),
            Action::NoPath(bio) => no_path(state, bio.into()),
            Action::Retry(bio) => state.put(bio.into(), Place::Mapping as u32),
            Action::EndIo(bio) => end_io(state, bio.into()),
            Action::Dispatch => {
                let bio = state.queued.pop();
                state.put(bio, Place::Mapping as u32);
            }
            Action::Flush => {
                let bio = state.deferred.pop();
                state.put(bio, Place::Mapping as u32);
                state.pending += 1;
            }
            Action::Suspend => suspend(state),
            Action::Repair => {
                state.failed = 0;
                state.suspender = 6;
            }
            Action::Unplug(path) => {
                state.plugged &= !(1 << path);
                state.faults += 1;
            }
            Action::Plug(path) => state.plugged |= 1 << path,
            Action::Fail(path) => {
                state.failed |= 1 << path;
                state.faults += 1;
            }
            Action::Reinstate(path) => state.failed &= !(1 << path),
        }
    }

    /// Whether nothing is left to do in a state without actions.
    pub fn is_proper_end(&self, state: &State) -> bool {
        let done = |bio| state.place(bio) == 6 || state.place(bio) == 7;
        state.suspender == 0 && (0..self.bios).all(done)
    }
}

#[inline]
fn no_path(state: &mut State, bio: usize) {
    if state.flags.has(Flags::NOFLUSH) {
        state.pushback.push(bio);
        state.pending -= 1;
        state.put(bio, Place::PushedBack as u32);
    } else if state.flags.has(Flags::QUEUE) {
        state.queued.push(bio);
        state.put(bio, Place::Queued as u32);
    } else {
        state.pending -= 1;
        state.put(bio, Place::Eio as u32);
    }
}

#[inline]
fn end_io(state: &mut State, bio: usize) {
    let path = state.place(bio) - IN_FLIGHT;
    if state.plugged >> path & 1 != 0 {
        state.put(bio, Place::Ok as u32);
        state.pending -= 1;
    } else {
        state.put(bio, Place::Error as u32);
        state.failed |= 1 << path;
    }
}

fn suspend(state: &mut State) {
    let flags = &mut state.flags;
    match state.suspender {
        0 => {
            flags.set(Flags::NOFLUSH, true);
            state.cycles += 1;
        }
        1 => {
            flags.set(Flags::SAVED, flags.has(Flags::QUEUE));
            flags.set(Flags::QUEUE, flags.has(Flags::QUEUE) && flags.has(Flags::NOFLUSH));
        }
        2 => flags.set(Flags::BLOCKED, true),
        4 => {
            flags.set(Flags::NOFLUSH, false);
            state.deferred = state.pushback.then(state.deferred);
            let merged = std::mem::take(&mut state.pushback);
            merged.iter().for_each(|bio| state.put(bio, Place::Deferred as u32));
        }
        6 => {
            flags.set(Flags::QUEUE, flags.has(Flags::SAVED));
            flags.set(Flags::SAVED, false);
        }
        7 => flags.set(Flags::BLOCKED, false),
        // It waits for nothing to be pending, or the paths stay as they are.
        _ => {}
    }
    state.suspender = (state.suspender + 1) % 8;
}

//! Which states of the reference workload are alike: bios and paths are interchangeable.
use dm_explore::Reduced;

use super::state::IN_FLIGHT;
use super::word::Word;
use super::{Action, Queue, Reference, State};

impl Reduced for Reference {
    fn canonical(&self, word: &mut Word) {
        let state = word.state();
        let one = sorted(&state, self.bios);
        let other =
            if self.paths == 2 { sorted(&swapped(&state, self.bios), self.bios) } else { one };
        *word = Word(one.pack().min(other.pack()));
    }

    /// Whatever a bio does depends on the paths, which may change before it does.
    fn alone(&self, _: &Word) -> Option<Action> {
        None
    }
}

/// The state with its bios in the order of their places and of their turns in the queues. Bios of
/// which neither differs are the same.
fn sorted(state: &State, bios: usize) -> State {
    let mut order = [0; 8];
    let waiting = state.deferred.then(state.pushback).then(state.queued);
    for (turn, bio) in (1..).zip(waiting.iter()) {
        order[bio] = turn;
    }
    let mut bios: Vec<usize> = (0..bios).collect();
    bios.sort_unstable_by_key(|bio| (state.place(*bio), order[*bio]));
    let mut sorted = *state;
    let mut number = [0; 8];
    for (new, bio) in bios.into_iter().enumerate() {
        sorted.put(new, state.place(bio));
        number[bio] = new;
    }
    let renamed = |queue: Queue| {
        let mut renamed = Queue::default();
        queue.iter().for_each(|bio| renamed.push(number[bio]));
        renamed
    };
    sorted.deferred = renamed(state.deferred);
    sorted.pushback = renamed(state.pushback);
    sorted.queued = renamed(state.queued);
    sorted
}

/// The state with its two paths in each other's place.
fn swapped(state: &State, bios: usize) -> State {
    let mut swapped = *state;
    for bio in (0..bios).filter(|bio| state.place(*bio) >= IN_FLIGHT) {
        swapped.put(bio, state.place(bio) ^ 1);
    }
    let swap = |bits: u8| bits >> 1 | (bits & 1) << 1;
    (swapped.plugged, swapped.failed) = (swap(state.plugged), swap(state.failed));
    swapped
}

//! The limit to measure a search against: the reference workload alone, by hand, in one file.
//!
//! States are words that most actions change by one addition, the table has its size from the
//! beginning, look-ups come in batches, and nothing is kept of how a state was reached. It finds
//! the number of states and nothing else: that is what it is for.
use super::{Flags, Place, Reference, State};

const FAILED: u32 = 42;
const PENDING: u64 = 1 << 44;
const SUSPENDER: u64 = 1 << 47;
const PLUGGED: u32 = 40;
const FAULT: u64 = 1 << 52;
const BATCH_LEN: usize = 512;

/// The distinct states and the transitions, with a table of `2^slots_log2` slots.
///
/// # Panics
/// When the table is full.
pub fn search(size: &Reference, slots_log2: u32) -> (u64, u64) {
    let mut table = Table { slots: vec![0; 1 << slots_log2], shift: 64 - slots_log2, len: 0 };
    let (mut level, mut next, mut batch) = (Vec::new(), Vec::new(), Vec::new());
    let mut transitions = 0;
    batch.push(dm_explore::System::initial(size).0);
    table.insert(&batch, &mut level);
    batch.clear();
    while !level.is_empty() {
        for word in level.drain(..) {
            if batch.len() + 32 > BATCH_LEN {
                transitions += table.insert(&batch, &mut next);
                batch.clear();
            }
            successors(size, word, &mut batch);
        }
        transitions += table.insert(&batch, &mut next);
        batch.clear();
        std::mem::swap(&mut level, &mut next);
    }
    (table.len, transitions)
}

struct Table {
    slots: Vec<u64>,
    shift: u32,
    len: u64,
}

impl Table {
    /// Inserts the words and passes the new ones on; how many there were.
    fn insert(&mut self, batch: &[u64], new: &mut Vec<u64>) -> u64 {
        let mask = self.slots.len() - 1;
        let mut firsts = [(0, 0); BATCH_LEN];
        for (first, word) in firsts.iter_mut().zip(batch) {
            let hash = (word ^ (word >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let place = (hash >> self.shift) as usize;
            *first = (place, self.slots[place]);
        }
        for ((mut place, first), word) in firsts.into_iter().zip(batch) {
            let key = word + 1;
            if first == key {
                continue;
            }
            while self.slots[place] != 0 && self.slots[place] != key {
                place = (place + 1) & mask;
            }
            if self.slots[place] == 0 {
                self.slots[place] = key;
                self.len += 1;
                assert!((self.len as usize) < self.slots.len(), "the table is full");
                new.push(*word);
            }
        }
        batch.len() as u64
    }
}

fn successors(size: &Reference, word: u64, out: &mut Vec<u64>) {
    let state = State::unpack(word);
    let all_failed = state.failed == (1 << size.paths) - 1;
    let flags = state.flags;
    for bio in 0..size.bios {
        let at = 4 * bio as u32;
        match state.place(bio) {
            0 if flags.has(Flags::BLOCKED) => {
                let mut after = state;
                after.deferred.push(bio);
                after.put(bio, Place::Deferred as u32);
                out.push(after.pack());
            }
            0 => out.push(word + PENDING + (4 << at)),
            4 | 5 if all_failed => out.push(without_path(&state, bio)),
            4 => {
                let usable = (0..size.paths as u64).filter(|path| state.failed >> path & 1 == 0);
                out.extend(usable.map(|path| word + ((4 + path) << at)));
            }
            5 => out.push(word - (1 << at)),
            place @ 8.. if state.plugged >> (place - 8) & 1 != 0 => {
                out.push(word - PENDING - (u64::from(place - 6) << at));
            }
            place @ 8.. => {
                let word = word - (u64::from(place - 5) << at);
                out.push(word | 1 << (FAILED + place - 8));
            }
            _ => {}
        }
    }
    let may_dispatch = !all_failed || flags.has(Flags::NOFLUSH) || !flags.has(Flags::QUEUE);
    if !state.queued.is_empty() && may_dispatch {
        let mut after = state;
        let bio = after.queued.pop();
        after.put(bio, Place::Mapping as u32);
        out.push(after.pack());
    }
    if !state.deferred.is_empty() && !flags.has(Flags::BLOCKED) {
        let mut after = state;
        let bio = after.deferred.pop();
        after.put(bio, Place::Mapping as u32);
        out.push(after.pack() + PENDING);
    }
    suspend(size, &state, word, out);
    for path in 0..size.paths as u32 {
        let fault_left = state.faults < size.faults;
        let (plugged, failed) = (state.plugged >> path & 1 != 0, state.failed >> path & 1 != 0);
        if plugged && fault_left {
            out.push(word - (1 << (PLUGGED + path)) + FAULT);
        }
        if !plugged {
            out.push(word + (1 << (PLUGGED + path)));
        }
        if !failed && fault_left {
            out.push(word + (1 << (FAILED + path)) + FAULT);
        }
        if failed && plugged {
            out.push(word - (1 << (FAILED + path)));
        }
    }
}

fn without_path(state: &State, bio: usize) -> u64 {
    let mut after = *state;
    if state.flags.has(Flags::NOFLUSH) {
        after.pushback.push(bio);
        after.put(bio, Place::PushedBack as u32);
        return after.pack() - PENDING;
    }
    assert!(state.flags.has(Flags::QUEUE), "without flush suspends no bio fails");
    after.queued.push(bio);
    after.put(bio, Place::Queued as u32);
    after.pack()
}

fn suspend(size: &Reference, state: &State, word: u64, out: &mut Vec<u64>) {
    let mut after = *state;
    match state.suspender {
        0 if state.cycles == size.cycles => return,
        0 => {
            after.flags.set(Flags::NOFLUSH, true);
            after.cycles += 1;
        }
        1 => after.flags.set(Flags::SAVED, state.flags.has(Flags::QUEUE)),
        2 => after.flags.set(Flags::BLOCKED, true),
        3 if state.pending > 0 => return,
        4 => {
            after.flags.set(Flags::NOFLUSH, false);
            after.deferred = state.pushback.then(state.deferred);
            state.pushback.iter().for_each(|bio| after.put(bio, Place::Deferred as u32));
            after.pushback = super::Queue::default();
        }
        5 => out.push((word & !(3 << FAILED)) + SUSPENDER),
        6 => {
            after.flags.set(Flags::QUEUE, state.flags.has(Flags::SAVED));
            after.flags.set(Flags::SAVED, false);
        }
        7 => after.flags.set(Flags::BLOCKED, false),
        _ => {}
    }
    after.suspender = (state.suspender + 1) % 8;
    out.push(after.pack());
}

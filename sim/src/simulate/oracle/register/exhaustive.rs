//! The checker that the rule is tested against: every way in which one sector may have gone.
//!
//! It keeps the set of all states that the sector may be in, and lets anything happen between two
//! calls that may happen. Slow, and right by inspection.
use std::collections::BTreeSet;

/// What happens to the sector. Numbers are of I/O; 0 is the value before all writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Event {
    WriteBegan(u64),
    /// Without an error, or with one; and whether copies of it are left.
    WriteEnded(u64, bool, bool),
    Settled(u64),
    ReadBegan(u64),
    /// The value.
    ReadEnded(u64, u64),
    /// Ended with an error.
    ReadFailed(u64),
}

/// How often a write may be applied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Applied {
    /// As a block device does it: CLAIMS.md N3.
    AnyNumber,
    /// As the textbooks have it.
    Once,
}

/// One way in which it may have gone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
struct State {
    value: u64,
    /// The writes that were applied.
    applied: BTreeSet<u64>,
    /// The open reads that have looked, and what they saw.
    seen: BTreeSet<(u64, u64)>,
}

/// All ways.
pub(super) struct Exhaustive {
    states: BTreeSet<State>,
    writes: BTreeSet<u64>,
    reads: BTreeSet<u64>,
    applied: Applied,
}

impl Exhaustive {
    pub(super) fn new(applied: Applied) -> Self {
        let states = BTreeSet::from([State::default()]);
        Self { states, writes: BTreeSet::new(), reads: BTreeSet::new(), applied }
    }

    /// Whether there is a way in which it may have gone, with this event and all before.
    pub(super) fn allows(&mut self, event: Event) -> bool {
        self.let_happen();
        match event {
            Event::WriteBegan(io) => assert!(self.writes.insert(io)),
            Event::ReadBegan(io) => assert!(self.reads.insert(io)),
            Event::WriteEnded(io, is_ok, are_left) => {
                self.states.retain(|state| !is_ok || state.applied.contains(&io));
                if !are_left {
                    self.writes.remove(&io);
                }
            }
            Event::Settled(io) => assert!(self.writes.remove(&io)),
            Event::ReadEnded(io, value) => {
                self.reads.remove(&io);
                self.states.retain(|state| state.seen.contains(&(io, value)));
                self.forget(io);
            }
            Event::ReadFailed(io) => {
                self.reads.remove(&io);
                self.forget(io);
            }
        }
        !self.states.is_empty()
    }

    /// Between two events each open write may be applied and each open read may look.
    fn let_happen(&mut self) {
        let mut open: Vec<State> = self.states.iter().cloned().collect();
        while let Some(state) = open.pop() {
            let mut next = Vec::new();
            for &io in &self.writes {
                if self.applied == Applied::AnyNumber || !state.applied.contains(&io) {
                    let mut after = state.clone();
                    after.value = io;
                    after.applied.insert(io);
                    next.push(after);
                }
            }
            for &io in &self.reads {
                if !state.seen.iter().any(|(read, _)| *read == io) {
                    let mut after = state.clone();
                    after.seen.insert((io, state.value));
                    next.push(after);
                }
            }
            open.extend(next.into_iter().filter(|after| self.states.insert(after.clone())));
        }
    }

    fn forget(&mut self, read: u64) {
        let states = std::mem::take(&mut self.states);
        self.states = states
            .into_iter()
            .map(|mut state| {
                state.seen.retain(|(io, _)| *io != read);
                state
            })
            .collect();
    }
}

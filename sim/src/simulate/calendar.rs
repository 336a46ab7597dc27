//! What happens when: events in the order of their virtual time, and of their making at one time.
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use dm_model::ids::{CloneId, DiskId, TargetId};

use super::command::Command;
use crate::host::ProcessId;

/// Something that will happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Event {
    /// A process goes on after a pause.
    Ready(ProcessId),
    /// A path answers what it was sent with this number, or its time is over.
    Answer {
        /// The path's name.
        disk: DiskId,
        /// The clone.
        clone: CloneId,
        /// Tells it from an earlier one of the same clone.
        serial: u32,
    },
    /// A write that a path had kept reaches the LUN at last.
    Late(u32),
    /// A work item begins.
    Work(TargetId, u8),
    /// A command of a list, or the end of a fault.
    Do(Command),
    /// An application may make another I/O.
    Application(usize),
    /// The administrator of a device does something.
    Admin(usize),
    /// The daemon looks at a device.
    Check(usize),
    /// A fault of this kind begins.
    Fault(u8),
    /// Somebody sends a signal.
    Signal,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Entry {
    time: u64,
    number: u64,
    event: Event,
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.time, self.number).cmp(&(other.time, other.number))
    }
}

/// The events to come.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    entries: BinaryHeap<Reverse<Entry>>,
    number: u64,
}

impl Calendar {
    /// The event happens at this time.
    pub(super) fn at(&mut self, time: u64, event: Event) {
        self.number += 1;
        self.entries.push(Reverse(Entry { time, number: self.number, event }));
    }

    /// When the next event is.
    pub(super) fn next_time(&self) -> Option<u64> {
        self.entries.peek().map(|entry| entry.0.time)
    }

    /// The next event and its time, if that has come.
    pub(super) fn pop(&mut self, now: u64) -> Option<(u64, Event)> {
        if self.next_time()? > now {
            return None;
        }
        self.entries.pop().map(|entry| (entry.0.time, entry.0.event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_one_time_happen_in_the_order_of_their_making() {
        let mut calendar = Calendar::default();
        for device in [3, 1, 2] {
            calendar.at(7, Event::Admin(device));
        }
        calendar.at(5, Event::Signal);
        assert_eq!(calendar.pop(4), None);
        let order: Vec<_> = std::iter::from_fn(|| calendar.pop(9)).map(|it| it.1).collect();
        assert_eq!(order, [Event::Signal, Event::Admin(3), Event::Admin(1), Event::Admin(2)]);
    }
}

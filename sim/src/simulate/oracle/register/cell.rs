//! One sector: the values that it may still hold and whose writes are over. The rule is argued in
//! the module above.
use super::ZERO;

/// The most values that a sector keeps one by one.
pub const CANDIDATE_COUNT_MAX: usize = 64;

/// Stands for values that are not kept one by one; no I/O has this number.
const ANY: u64 = u64::MAX;

/// A value whose write is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Candidate {
    /// The number of the write.
    value: u64,
    began: u64,
    /// Since when it is not applied any more.
    end: u64,
    /// No read that begins later may return it.
    deadline: u64,
    /// The end of its hold; 0 if it has none.
    held: u64,
}

impl Candidate {
    fn new(value: u64, began: u64, end: u64) -> Self {
        Self { value, began, end, deadline: u64::MAX, held: 0 }
    }

    /// No read that begins after `moment` may return it.
    fn limit(&mut self, moment: u64) {
        assert!(moment >= self.end, "a bound on reads that begin after the end {}", self.end);
        self.deadline = self.deadline.min(moment);
    }
}

/// The open reads of a sector in two generations, so that the oldest beginning is known nearly and
/// at no cost: the younger one begins when the older one is under way.
#[derive(Clone, Copy, Debug, Default)]
struct Readers {
    older: u32,
    younger: u32,
    older_began: u64,
    younger_began: u64,
}

impl Readers {
    fn add(&mut self, now: u64) {
        if self.older == 0 {
            (self.older, self.older_began) = (1, now);
            return;
        }
        if self.younger == 0 {
            self.younger_began = now;
        }
        self.younger += 1;
    }

    fn remove(&mut self, began: u64) {
        if self.younger > 0 && began >= self.younger_began {
            self.younger -= 1;
            return;
        }
        self.older = self.older.checked_sub(1).expect("the read was counted");
        if self.older == 0 {
            *self = Self {
                older: self.younger,
                older_began: self.younger_began,
                younger: 0,
                younger_began: 0,
            };
        }
    }

    /// No open read, and none that is to come, began before this.
    fn first(&self, now: u64) -> u64 {
        if self.older > 0 { self.older_began } else { now + 1 }
    }
}

/// What a cell says of a value that a read returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// The sector may have held it.
    Possible,
    /// It may be among those that are not kept one by one.
    Unjudged,
    /// The sector cannot have held it. Why, as the end of a sentence.
    Impossible(&'static str),
}

/// A sector.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// In the order of their ends. Most sectors have one.
    newest: Option<Candidate>,
    older: Vec<Candidate>,
    readers: Readers,
}

impl Default for Cell {
    fn default() -> Self {
        let newest = Some(Candidate::new(ZERO, 0, 0));
        Self { newest, older: Vec::new(), readers: Readers::default() }
    }
}

impl Cell {
    pub(super) fn read_began(&mut self, now: u64) {
        self.readers.add(now);
    }

    /// A read that is still counted returned a value. `writing` says since when an open write of it
    /// may be applied; it is asked only of a value whose write is not over.
    pub(super) fn read_ended(
        &mut self,
        value: u64,
        writing: impl FnOnce() -> Option<u64>,
        began: u64,
        now: u64,
    ) -> Found {
        let Some(it) = self.all().find(|it| it.value == value).copied() else {
            // Rules 1 and 4, of a write that may be applied now.
            if let Some(write_began) = writing() {
                self.shown(value, began.max(write_began), now);
                return Found::Possible;
            }
            let is_any = self.all().any(|it| it.value == ANY && began <= it.deadline);
            return if is_any {
                Found::Unjudged
            } else {
                Found::Impossible("was overwritten before or never written there")
            };
        };
        if began > it.deadline {
            return Found::Impossible("was overwritten before the read began");
        }
        if began > it.end {
            self.hold(it, began);
            return Found::Possible;
        }
        let from = began.max(it.began);
        if self.all().any(|other| other.end < from && it.end < other.held) {
            return Found::Impossible(
                "another read denies: it began later and found what was before",
            );
        }
        self.shown(value, from, it.end);
        Found::Possible
    }

    /// The read is not open any more.
    pub(super) fn read_is_over(&mut self, began: u64, now: u64) {
        self.readers.remove(began);
        self.forget(now);
    }

    /// A write that began at `began` was applied by now. Rule 3.
    pub(super) fn overwritten(&mut self, began: u64, now: u64) {
        for it in self.all_mut().filter(|it| it.end < began) {
            it.limit(now);
        }
        self.forget(now);
    }

    /// A write is not applied any more.
    pub(super) fn write_is_over(&mut self, value: u64, began: u64, now: u64) {
        assert!(self.newest.is_none_or(|it| it.end < now), "ends rise");
        self.older.extend(self.newest.replace(Candidate::new(value, began, now)));
        self.forget(now);
        if self.older.len() >= CANDIDATE_COUNT_MAX {
            self.merge();
        }
    }

    /// The values that a read that began then may return.
    pub(super) fn possible(&self, began: u64) -> impl Iterator<Item = u64> {
        self.all().filter(move |it| it.value != ANY && began <= it.deadline).map(|it| it.value)
    }

    pub(super) fn candidate_count(&self) -> usize {
        self.all().count()
    }

    /// A value stood there at some moment between `from` and `to`: no read that begins later
    /// returns what was over before. Rule 4.
    fn shown(&mut self, value: u64, from: u64, to: u64) {
        for it in self.all_mut().filter(|it| it.value != value && it.end < from) {
            it.limit(to);
        }
    }

    /// A late read: its value stands there from its end to the beginning of the read. Rule 2.
    fn hold(&mut self, held: Candidate, to: u64) {
        let to = to.max(held.held);
        for it in self.all_mut() {
            if it.value == held.value {
                it.held = to;
            } else if it.end < held.end {
                it.limit(held.end);
            } else if it.end < to {
                it.limit(it.end);
            }
        }
    }

    /// Drops what no read can return that is open or to come.
    fn forget(&mut self, now: u64) {
        let first = self.readers.first(now);
        self.older.retain(|it| it.deadline >= first);
        if self.newest.is_some_and(|it| it.deadline < first) {
            self.newest = self.older.pop();
        }
        if self.older.is_empty() && self.older.capacity() > 0 {
            self.older = Vec::new();
        }
    }

    /// The older half becomes one candidate of any value. Each of them ends no later and has no
    /// later deadline, so that what limits the one would have limited each.
    fn merge(&mut self) {
        let count = self.older.len() / 2;
        let merged = self.older.drain(..count).reduce(|a, b| Candidate {
            value: ANY,
            began: a.began.min(b.began),
            end: a.end.max(b.end),
            deadline: a.deadline.max(b.deadline),
            held: 0,
        });
        self.older.insert(0, merged.expect("half of many are some"));
    }

    fn all(&self) -> impl Iterator<Item = &Candidate> {
        self.older.iter().chain(&self.newest)
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Candidate> {
        self.older.iter_mut().chain(&mut self.newest)
    }
}

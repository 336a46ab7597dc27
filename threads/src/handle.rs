//! A thread's own view of the shared memory: the locks that it holds and the data under them.
use dm_model::memory::{Lock, Word};
use dm_sim::drivers::Target;

use crate::engine::{Engine, Ordering};
use crate::grain::{Grain, LockKind};
use crate::inventory::{Datum, datum_text, word_text};
use crate::orderings::{self, Site, Strength};
use crate::shared::{Shared, Value};

/// Data that the thread looks at under a lock that it holds.
pub(crate) struct Checkout {
    pub(crate) datum: Datum,
    guard: Lock,
    pub(crate) value: Value,
    before: Value,
}

/// A lock that the thread holds, and whether as a reader.
struct Held<'a, E: Engine> {
    lock: Lock,
    shared: bool,
    /// None where the lock is held in name only.
    guard: Option<E::Guard<'a>>,
}

/// A thread's own view of the shared memory. It is made inside the thread.
///
/// The data under a lock are copied when they are first looked at, and written back before the
/// lock is given back and at the end of each step: the explorer sees a read, and a write if
/// something has changed.
pub(crate) struct Handle<'a, E: Engine> {
    pub(crate) shared: &'a Shared<E>,
    pub(crate) thread: usize,
    held: Vec<Held<'a, E>>,
    pub(crate) out: Vec<Checkout>,
    pub(crate) unlocked: Option<Target>,
}

impl<'a, E: Engine> Handle<'a, E> {
    /// The view of this thread. What its processes hold when the round begins is theirs alone:
    /// nobody else in the round may take it.
    pub(crate) fn new(shared: &'a Shared<E>, thread: usize) -> Self {
        let held = shared.round.held_by(thread);
        let held = held.map(|(lock, shared)| Held { lock, shared, guard: None }).collect();
        Self { shared, thread, held, out: Vec::new(), unlocked: None }
    }

    pub(crate) fn holds(&self, lock: Lock) -> bool {
        self.held.iter().any(|held| held.lock == lock)
    }

    /// The locks that are held, and whether as a reader.
    pub(crate) fn held(&self) -> impl Iterator<Item = (Lock, bool)> {
        self.held.iter().map(|held| (held.lock, held.shared))
    }

    pub(crate) fn take(&mut self, lock: Lock, shared: bool) {
        assert!(!self.holds(lock), "{lock:?} is taken twice by one thread");
        assert!(
            !self.shared.round.is_anothers_at_start(self.thread, lock),
            "{lock:?} is held when the window begins, and another process wants it: \
             the window has to begin before it is taken"
        );
        let kind = LockKind::from(lock);
        let left_out = self.shared.grain == Grain::LeftOut(kind);
        let as_reader = shared || self.shared.grain == Grain::SharedForWriter(kind);
        let guard = (!left_out).then(|| E::lock(self.shared.lock_of(lock), as_reader));
        self.held.push(Held { lock, shared, guard });
        self.shared.record.at_lock(self.thread);
    }

    pub(crate) fn give_back(&mut self, lock: Lock) {
        self.write_back(|guard| guard == lock);
        self.shared.record.at_lock(self.thread);
        let place = self.held.iter().position(|held| held.lock == lock);
        drop(self.held.remove(place.unwrap_or_else(|| panic!("{lock:?} is not held"))));
        if let Lock::Disk(disk) = lock
            && self.shared.round.has_hardware
        {
            E::change(&self.shared.disks[disk.index()].gate, || true);
        }
    }

    /// Gives a lock back and takes it again.
    pub(crate) fn cut(&mut self, kind: LockKind) {
        let is_it = |held: &Held<'a, E>| LockKind::from(held.lock) == kind && !held.shared;
        if let Some(place) = self.held.iter().position(is_it) {
            let lock = self.held[place].lock;
            self.write_back(|guard| guard == lock);
            self.held[place].guard = None;
            self.held[place].guard = Some(E::lock(self.shared.lock_of(lock), false));
        }
    }

    /// A step is over: what it has changed is seen by who takes the lock, or looks without it.
    pub(crate) fn end_step(&mut self) {
        self.write_back(|_| true);
    }

    fn write_back(&mut self, is_guard: impl Fn(Lock) -> bool) {
        let mut index = 0;
        while index < self.out.len() {
            if !is_guard(self.out[index].guard) {
                index += 1;
                continue;
            }
            let out = self.out.swap_remove(index);
            let slot = self.shared.slot(out.datum);
            let changed = out.value != out.before;
            if changed {
                self.note_touch(out.datum);
                self.tell_waiting(&out);
                slot.value.with(|value| *value = out.value);
            }
            E::end(&slot.cell, changed);
        }
    }

    /// Who sleeps is seen without the lock too, where the seeded bug looks.
    fn tell_waiting(&self, out: &Checkout) {
        if let (Datum::Waiter(md), Grain::WaitqueueActive) = (out.datum, self.shared.grain) {
            let is_there = i32::from(out.value != Value::Task(None));
            E::store(&self.shared.mds[md.index()].waiting, is_there, Ordering::Relaxed);
        }
    }

    /// The data, which a held lock protects.
    pub(crate) fn checkout(&mut self, datum: Datum) -> &mut Value {
        if let Some(index) = self.out.iter().position(|out| out.datum == datum) {
            return &mut self.out[index].value;
        }
        let guard = datum.guards().into_iter().find(|lock| self.holds(*lock));
        let guard = guard.unwrap_or_else(|| panic!("no lock of {datum:?} is held"));
        self.note_touch(datum);
        let slot = self.shared.slot(datum);
        E::begin(&slot.cell);
        let value = slot.value.with(|value| value.clone());
        self.out.push(Checkout { datum, guard, before: value.clone(), value });
        &mut self.out.last_mut().expect("it was pushed").value
    }

    pub(crate) fn note_touch(&self, datum: Datum) {
        if E::IS_WEAK {
            let what = datum_text(&self.shared.plan, datum);
            self.shared.record.touches(self.thread, what);
        }
    }

    pub(crate) fn strength(&self, site: Site) -> Strength {
        if E::IS_WEAK {
            self.shared.record.site(site);
        }
        self.shared.orderings.of(site)
    }

    pub(crate) fn is_split(&self, site: Site) -> bool {
        self.shared.grain == Grain::Split(site)
    }

    pub(crate) fn note_read(&self, word: impl FnOnce() -> String, seen: i32) {
        self.shared.record.at_word(self.thread);
        self.note_stale(word, seen);
    }

    /// A read that is private to its process, but for what it may have missed.
    pub(crate) fn note_stale(&self, word: impl FnOnce() -> String, seen: i32) {
        if E::IS_WEAK {
            self.shared.record.read(self.thread, word(), seen);
        }
    }

    pub(crate) fn note_write(&self, word: impl FnOnce() -> String, value: i32) {
        self.shared.record.at_word(self.thread);
        if E::IS_WEAK {
            self.shared.record.wrote(self.thread, word(), value);
        }
    }

    /// One addition, or a read and a write where that is the seeded bug.
    pub(crate) fn add_to(&mut self, word: Word, delta: i32) -> i32 {
        let site = orderings::add_site(word, delta);
        let strength = self.strength(site);
        let split = self.is_split(site);
        let old = self.shared.with_word(word, |atomic| {
            if split {
                let old = orderings::load::<E>(atomic, strength);
                orderings::store::<E>(atomic, old + delta, strength);
                return old;
            }
            orderings::update::<E, _>(strength, |order| E::fetch_add(atomic, delta, order))
        });
        self.note_write(|| word_text(&self.shared.plan, word), old + delta);
        old + delta
    }
}

impl<E: Engine> Drop for Handle<'_, E> {
    /// loom unwinds every thread of a deadlock; a guard that is dropped then would panic again
    /// and end the whole program.
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::mem::forget(std::mem::take(&mut self.held));
            self.out.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use dm_model::ids::MdId;
    use dm_model::memory::Memory;
    use dm_model::mutant::Mutant;

    use super::*;
    use crate::engine::{Arc, Threads};
    use crate::workload::{WORKLOADS, round};

    const MD: MdId = MdId(0);

    fn shared() -> Shared<Threads> {
        let known = WORKLOADS[0];
        let round = round(known.name, known.text, Mutant::None).expect("it is right");
        Shared::new(&Arc::new(round), Grain::None)
    }

    #[test]
    fn what_is_changed_under_a_lock_is_there_for_who_takes_it_next() {
        let shared = shared();
        let mut one = Handle::new(&shared, 0);
        one.take(Lock::Hash, false);
        *one.hashed(MD) = false;
        one.give_back(Lock::Hash);
        let mut other = Handle::new(&shared, 1);
        other.take(Lock::Hash, true);
        assert!(!*other.hashed(MD));
        other.give_back(Lock::Hash);
    }

    #[test]
    #[should_panic(expected = "no lock of Deferred(MdId(0)) is held")]
    fn data_without_their_lock_are_not_looked_at() {
        let shared = shared();
        Handle::new(&shared, 0).deferred(MD);
    }

    #[test]
    #[should_panic(expected = "Map(MdId(0)) is taken twice by one thread")]
    fn no_lock_is_taken_twice() {
        let shared = shared();
        let mut handle = Handle::new(&shared, 0);
        handle.take(Lock::Map(MD), true);
        handle.take(Lock::Map(MD), true);
    }
}

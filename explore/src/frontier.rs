//! Owns the states that were found and not expanded yet: chunks of them, as a queue or as a stack.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard};

use crate::forest::StateId;
use crate::waiting::Waiting;

/// States that one worker has found one after the other, all equally deep.
pub(crate) struct Chunk<K> {
    /// The first one; the others follow.
    pub(crate) first: StateId,
    pub(crate) depth: u32,
    /// The states; those behind `len` are of old, with buffers to be used again.
    pub(crate) slots: Vec<K>,
    pub(crate) len: usize,
    /// How many of them are expanded already.
    pub(crate) begin: usize,
    /// What has been done of the one that is next.
    pub(crate) done: Done,
}

/// How far the expansion of a state has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// So many of its actions count already.
    pub(crate) actions: u32,
    /// Of the next one, the rules that it breaks count already.
    pub(crate) rules_of_next: bool,
}

/// The states of one chunk at most.
pub(crate) const CHUNK_LEN: usize = 256;
/// So many are expanded at a time of the chunk on top of a stack.
const BUNDLE_LEN: usize = 16;
/// Of what is left in a queue, a worker takes one part in so many times the workers.
const SHARES_A_THREAD: usize = 4;

impl<K> Chunk<K> {
    pub(crate) fn new(first: StateId, depth: u32, slots: Vec<K>) -> Self {
        Self { first, depth, slots, len: 0, begin: 0, done: Done::default() }
    }

    /// How many states are not expanded yet.
    pub(crate) fn left(&self) -> u64 {
        (self.len - self.begin) as u64
    }

    /// The same without the states.
    pub(crate) fn waiting(&self) -> Waiting {
        let first = self.first.plus(self.begin);
        Waiting { first, depth: self.depth, len: self.len - self.begin, done: self.done }
    }

    /// Parts with the last few states, unless there are no more.
    fn split_last(&mut self) -> Option<Self> {
        let left = self.len - self.begin;
        if left <= BUNDLE_LEN {
            return None;
        }
        self.slots.truncate(self.len);
        self.len -= BUNDLE_LEN;
        let mut last = Self::new(self.first.plus(self.len), self.depth, Vec::new());
        last.slots = self.slots.split_off(self.len);
        last.len = BUNDLE_LEN;
        Some(last)
    }
}

/// Which of the states that were found is expanded next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum First {
    /// Of the states that need the fewest actions, the one that was found first: the trails are
    /// shortest ones.
    #[default]
    Breadth,
    /// One of those that were found last: few states wait, and the trails may be long.
    Depth,
}

/// What the workers share.
pub(crate) struct Frontier<K> {
    first: First,
    threads: usize,
    waiting: Mutex<Shelf<K>>,
    changed: Condvar,
}

struct Shelf<K> {
    chunks: VecDeque<Chunk<K>>,
    /// Workers that may still find states.
    busy: usize,
    is_closed: bool,
}

impl<K> Shelf<K> {
    fn put_back(&mut self, held: &mut VecDeque<Chunk<K>>) {
        while let Some(last) = held.pop_back() {
            self.chunks.push_front(last);
        }
    }
}

impl<K> Frontier<K> {
    pub(crate) fn new(first: First, threads: usize) -> Self {
        let waiting = Shelf { chunks: VecDeque::new(), busy: 0, is_closed: false };
        Self { first, threads, waiting: Mutex::new(waiting), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Shelf<K>> {
        self.waiting.lock().expect("nobody panics while it is held")
    }

    /// The chunk to be expanded next. From a queue: `None` at the end of the level. From a stack:
    /// `None` when it is empty and nobody can put anything on it any more.
    ///
    /// From a queue a worker takes several that follow each other, and holds those that it does not
    /// expand yet: neighbours have successors in common, which it then knows.
    pub(crate) fn take(&self, held: &mut VecDeque<Chunk<K>>) -> Option<Chunk<K>> {
        let mut waiting = self.lock();
        loop {
            if waiting.is_closed {
                waiting.put_back(held);
                return None;
            }
            let chunk = match self.first {
                First::Breadth => {
                    if held.is_empty() {
                        let share = waiting.chunks.len() / (SHARES_A_THREAD * self.threads);
                        let share = share.max(1).min(waiting.chunks.len());
                        held.extend(waiting.chunks.drain(..share));
                    }
                    return held.pop_front();
                }
                First::Depth => waiting.chunks.back_mut().and_then(Chunk::split_last),
            };
            if let Some(chunk) = chunk.or_else(|| waiting.chunks.pop_back()) {
                waiting.busy += 1;
                return Some(chunk);
            }
            if waiting.busy == 0 {
                return None;
            }
            waiting = self.changed.wait(waiting).expect("nobody panics while it is held");
        }
    }

    /// What a worker holds waits again.
    pub(crate) fn put_back(&self, held: &mut VecDeque<Chunk<K>>) {
        self.lock().put_back(held);
    }

    /// What a worker found in the chunk that it has taken from the stack.
    pub(crate) fn give(&self, found: impl Iterator<Item = Chunk<K>>) {
        let mut waiting = self.lock();
        waiting.chunks.extend(found);
        waiting.busy -= 1;
        self.changed.notify_all();
    }

    /// Nobody is to take anything any more.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    /// Adds what is left, or the next level.
    pub(crate) fn extend(&self, chunks: impl Iterator<Item = Chunk<K>>) {
        self.lock().chunks.extend(chunks);
    }

    /// They may take again what is left; whether they might not.
    pub(crate) fn reopen(&self) -> bool {
        std::mem::take(&mut self.lock().is_closed)
    }

    /// The depth of what waits first.
    pub(crate) fn depth(&self) -> Option<u32> {
        self.lock().chunks.front().map(|chunk| chunk.depth)
    }

    /// What waits, without the states, in its order.
    pub(crate) fn waiting(&self) -> Vec<Waiting> {
        self.lock().chunks.iter().map(Chunk::waiting).collect()
    }

    /// How many states wait.
    pub(crate) fn len(&self) -> u64 {
        self.lock().chunks.iter().map(Chunk::left).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(number: u64, len: usize) -> Chunk<u64> {
        let first = StateId::new(0, number);
        let slots = (number..number + len as u64).collect();
        Chunk { len, ..Chunk::new(first, 0, slots) }
    }

    #[test]
    fn a_queue_gives_back_what_came_first() {
        let (frontier, mut held) = (Frontier::new(First::Breadth, 2), VecDeque::new());
        frontier.extend([chunk(0, 200), chunk(200, 3)].into_iter());
        assert_eq!(frontier.len(), 203);
        let first = frontier.take(&mut held).map(|it| (it.first.number(), it.len));
        assert_eq!(first, Some((0, 200)));
        assert_eq!(frontier.take(&mut held).map(|it| it.slots), Some(vec![200, 201, 202]));
        assert!(frontier.take(&mut held).is_none());
    }

    #[test]
    fn what_a_worker_holds_when_a_queue_is_closed_waits_in_its_order() {
        let (frontier, mut held) = (Frontier::new(First::Breadth, 2), VecDeque::new());
        frontier.extend((0..40).map(|number| chunk(number, 1)));
        assert_eq!(frontier.take(&mut held).map(|it| it.slots), Some(vec![0]));
        assert_eq!(held.len(), 4);
        frontier.close();
        assert!(frontier.take(&mut held).is_none() && held.is_empty() && frontier.reopen());
        let waiting: Vec<u64> = frontier.waiting().iter().map(|it| it.first.number()).collect();
        assert!(waiting.into_iter().eq(1..40));
    }

    #[test]
    fn a_stack_gives_back_the_last_states_of_what_came_last() {
        let frontier = Frontier::new(First::Depth, 1);
        let mut held = VecDeque::new();
        frontier.extend([chunk(0, 3), chunk(3, 20)].into_iter());
        let last = frontier.take(&mut held).expect("something waits");
        assert_eq!((last.first.number(), &last.slots[..]), (7, &(7..23).collect::<Vec<_>>()[..]));
        frontier.give([chunk(23, 1)].into_iter());
        assert_eq!(frontier.take(&mut held).map(|it| it.slots), Some(vec![23]));
        frontier.give([].into_iter());
        assert_eq!(frontier.take(&mut held).map(|it| it.slots), Some(vec![3, 4, 5, 6]));
        frontier.give([].into_iter());
        assert_eq!(frontier.len(), 3);
        frontier.close();
        assert!(frontier.take(&mut held).is_none());
    }
}

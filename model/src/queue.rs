//! A first-in first-out list in shared memory: bounded on `Plain`, without end on a host.
//!
//! Up to `N` elements stand in place, as in [`List`]; what is beyond them is on the heap. A search
//! never gets there: `Plain` asserts it. Equal contents are equal values, and what `Hash` feeds is
//! what `List` feeds.
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::list::List;

/// The elements of a [`Queue`] by value, head first.
struct Iter<'a, T> {
    head: std::slice::Iter<'a, T>,
    rest: Option<std::collections::vec_deque::Iter<'a, T>>,
}

impl<T: Copy> Iterator for Iter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match self.head.next() {
            Some(value) => Some(*value),
            None => self.rest.as_mut()?.next().copied(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.head.len() + self.rest.as_ref().map_or(0, ExactSizeIterator::len);
        (count, Some(count))
    }
}

/// Elements of `T` in order, the first `N` of them in place.
pub struct Queue<T, const N: usize> {
    head: List<T, N>,
    #[expect(clippy::box_collection, reason = "eight bytes where nothing is: always, on `Plain`")]
    /// `None` when nothing is beyond: then `head` may have room.
    rest: Option<Box<VecDeque<T>>>,
}

impl<T: Copy + Default, const N: usize> Queue<T, N> {
    /// An empty queue.
    pub fn new() -> Self {
        Self { head: List::new(), rest: None }
    }

    /// How many elements are in the queue.
    pub fn len(&self) -> usize {
        self.head.len() + self.rest.as_ref().map_or(0, |rest| rest.len())
    }

    /// Whether nothing is in the queue.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty()
    }

    /// Whether no element is on the heap.
    pub fn is_in_place(&self) -> bool {
        self.rest.is_none()
    }

    /// The elements that stand in place, head first: on `Plain` all.
    pub fn in_place(&self) -> &[T] {
        self.head.as_slice()
    }

    /// The elements by value, head first.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        Iter { head: self.in_place().iter(), rest: self.rest.as_deref().map(VecDeque::iter) }
    }

    /// The element at `index`, counted from the head.
    pub fn get(&self, index: usize) -> Option<T> {
        match self.head.as_slice().get(index) {
            Some(value) => Some(*value),
            None => self.rest.as_ref()?.get(index - self.head.len()).copied(),
        }
    }

    /// Puts another element in the place of each.
    pub fn replace_each(&mut self, replace: impl Fn(T) -> T) {
        self.head.replace_each(&replace);
        let rest = self.rest.iter_mut().flat_map(|rest| rest.iter_mut());
        rest.for_each(|value| *value = replace(*value));
    }

    /// Appends at the tail (`bio_list_add`).
    pub fn push_back(&mut self, value: T) {
        if self.head.len() < N {
            self.head.push_back(value);
        } else {
            self.rest.get_or_insert_default().push_back(value);
        }
    }

    /// Takes the head, if there is one.
    pub fn pop_front(&mut self) -> Option<T> {
        let value = self.head.pop_front();
        self.refill();
        value
    }

    /// Takes the element at `index`; those behind it move up.
    ///
    /// # Panics
    /// When `index` is not below the length.
    pub fn remove_at(&mut self, index: usize) -> T {
        if index < self.head.len() {
            let value = self.head.remove_at(index);
            self.refill();
            return value;
        }
        let rest = self.rest.as_mut().expect("the index is below the length");
        let value = rest.remove(index - N).expect("the index is below the length");
        if rest.is_empty() {
            self.rest = None;
        }
        value
    }

    /// Puts all of `head` before the elements (`bio_list_merge_head`).
    pub fn merge_head(&mut self, head: Self) {
        let behind = std::mem::replace(self, head);
        for value in behind.iter() {
            self.push_back(value);
        }
    }

    /// Takes everything and leaves the queue empty (`bio_list_get`).
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    fn refill(&mut self) {
        let Some(rest) = &mut self.rest else { return };
        let next = rest.pop_front().expect("an empty rest is none");
        self.head.push_back(next);
        if rest.is_empty() {
            self.rest = None;
        }
    }
}

impl<T: Copy + Default + PartialEq, const N: usize> Queue<T, N> {
    /// Whether `value` is in the queue.
    pub fn contains(&self, value: T) -> bool {
        self.iter().any(|it| it == value)
    }
}

impl<T: Copy + Default, const N: usize> Clone for Queue<T, N> {
    fn clone(&self) -> Self {
        Self { head: self.head, rest: self.rest.clone() }
    }

    fn clone_from(&mut self, source: &Self) {
        self.head = source.head;
        // On `Plain` there is nothing on either side.
        if self.rest.is_some() || source.rest.is_some() {
            self.rest.clone_from(&source.rest);
        }
    }
}

impl<T: Copy + Default, const N: usize> Default for Queue<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy + Default, const N: usize> FromIterator<T> for Queue<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut queue = Self::new();
        for value in values {
            queue.push_back(value);
        }
        queue
    }
}

impl<T: PartialEq, const N: usize> PartialEq for Queue<T, N> {
    fn eq(&self, other: &Self) -> bool {
        self.head == other.head && self.rest == other.rest
    }
}

impl<T: Eq, const N: usize> Eq for Queue<T, N> {}

impl<T: Ord, const N: usize> PartialOrd for Queue<T, N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord, const N: usize> Ord for Queue<T, N> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.head.cmp(&other.head).then_with(|| self.rest.cmp(&other.rest))
    }
}

impl<T: Hash, const N: usize> Hash for Queue<T, N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.head.hash(state);
        // A full head says whether more follows; nothing else needs to.
        if let Some(rest) = &self.rest {
            rest.hash(state);
        }
    }
}

impl<T: Copy + Default + fmt::Debug, const N: usize> fmt::Debug for Queue<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(values: impl IntoIterator<Item = u8>) -> Queue<u8, 4> {
        values.into_iter().collect()
    }

    #[test]
    fn a_queue_keeps_its_order_beyond_what_stands_in_place() {
        let mut queue = queue(0..10);
        assert_eq!((queue.len(), queue.is_in_place()), (10, false));
        assert_eq!(queue.remove_at(6), 6);
        assert_eq!(queue.remove_at(1), 1);
        let rest: Vec<_> = std::iter::from_fn(|| queue.pop_front()).collect();
        assert_eq!(rest, [0, 2, 3, 4, 5, 7, 8, 9]);
        assert!(queue.is_empty() && queue.is_in_place());
    }

    #[test]
    fn a_queue_that_was_longer_equals_one_that_never_was() {
        let mut was_longer = queue(0..6);
        assert_eq!(was_longer.remove_at(5), 5);
        assert_eq!(was_longer.remove_at(4), 4);
        assert_eq!(was_longer, queue(0..4));
        assert!(was_longer.is_in_place());
    }

    #[test]
    fn merging_at_the_head_keeps_both_orders() {
        let mut deferred = queue(4..9);
        let mut pushback = queue(0..4);
        deferred.merge_head(pushback.take());
        assert_eq!(deferred.iter().collect::<Vec<_>>(), (0..9).collect::<Vec<_>>());
        assert!(pushback.is_empty());
        assert_eq!((deferred.get(7), deferred.get(9)), (Some(7), None));
    }
}

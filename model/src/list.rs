//! A bounded first-in first-out list, the `bio_list` of the model.
//!
//! Dead slots always hold the default value, so that equal lists are equal values: a search
//! would otherwise tell equal states apart. Hashing feeds the length and the live elements only.
use std::fmt;
use std::hash::{Hash, Hasher};

/// At most `N` elements of `T`, in order, without allocation.
#[derive(Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct List<T, const N: usize> {
    slots: [T; N],
    count: u8,
}

impl<T: Copy + Default, const N: usize> List<T, N> {
    /// An empty list.
    pub fn new() -> Self {
        Self { slots: [T::default(); N], count: 0 }
    }

    /// How many elements are in the list.
    pub fn len(&self) -> usize {
        usize::from(self.count)
    }

    /// Whether nothing is in the list.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The live elements, head first.
    pub fn as_slice(&self) -> &[T] {
        &self.slots[..self.len()]
    }

    /// The live elements, to be changed in place.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        let count = self.len();
        &mut self.slots[..count]
    }

    /// The elements by value, head first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = T> + '_ {
        self.as_slice().iter().copied()
    }

    /// Puts another element in the place of each.
    pub fn replace_each(&mut self, replace: impl Fn(T) -> T) {
        self.as_mut_slice().iter_mut().for_each(|slot| *slot = replace(*slot));
    }

    /// Appends at the tail (`bio_list_add`).
    ///
    /// # Panics
    /// When the list holds `N` elements: the configuration is larger than the model's bounds.
    pub fn push_back(&mut self, value: T) {
        assert!(self.len() < N, "a list of at most {N} elements is full");
        self.slots[self.len()] = value;
        self.count += 1;
    }

    /// Takes the head, if there is one.
    pub fn pop_front(&mut self) -> Option<T> {
        (!self.is_empty()).then(|| self.remove_at(0))
    }

    /// Takes the tail, if there is one.
    pub fn pop_back(&mut self) -> Option<T> {
        (!self.is_empty()).then(|| self.remove_at(self.len() - 1))
    }

    /// The tail, to be changed in place.
    pub fn last_mut(&mut self) -> Option<&mut T> {
        let count = self.len();
        self.slots[..count].last_mut()
    }

    /// The tail.
    pub fn last(&self) -> Option<&T> {
        self.as_slice().last()
    }

    /// Takes the element at `index`; those behind it move up.
    ///
    /// # Panics
    /// When `index` is not below the length.
    pub fn remove_at(&mut self, index: usize) -> T {
        let count = self.len();
        assert!(index < count, "index {index} of a list of {count}");
        let value = self.slots[index];
        self.slots.copy_within(index + 1..count, index);
        self.slots[count - 1] = T::default();
        self.count -= 1;
        value
    }

    /// Puts `value` before the element at `index` (`list_move` to the head is `insert_at(0, ..)`).
    ///
    /// # Panics
    /// When the list is full or `index` is above the length.
    pub fn insert_at(&mut self, index: usize, value: T) {
        let count = self.len();
        assert!(index <= count, "index {index} of a list of {count}");
        assert!(count < N, "a list of at most {N} elements is full");
        self.slots.copy_within(index..count, index + 1);
        self.slots[index] = value;
        self.count += 1;
    }

    /// Puts all of `head` before the elements (`bio_list_merge_head`).
    pub fn merge_head(&mut self, head: Self) {
        let mut merged = head;
        for value in self.iter() {
            merged.push_back(value);
        }
        *self = merged;
    }

    /// Takes everything and leaves the list empty (`bio_list_get`).
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}

impl<T: Copy + Default + PartialEq, const N: usize> List<T, N> {
    /// Whether `value` is in the list.
    pub fn contains(&self, value: T) -> bool {
        self.as_slice().contains(&value)
    }
}

#[expect(clippy::expl_impl_clone_on_copy, reason = "deriving clones the slots one by one")]
impl<T: Copy, const N: usize> Clone for List<T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Copy + Default, const N: usize> Default for List<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy + Default, const N: usize> FromIterator<T> for List<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut list = Self::new();
        for value in values {
            list.push_back(value);
        }
        list
    }
}

impl<T: Hash, const N: usize> Hash for List<T, N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(self.count);
        for value in &self.slots[..usize::from(self.count)] {
            value.hash(state);
        }
    }
}

impl<T: fmt::Debug, const N: usize> fmt::Debug for List<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.slots[..usize::from(self.count)]).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_was_longer_equals_one_that_never_was() {
        let mut was_longer: List<u8, 4> = [1, 2, 3].into_iter().collect();
        assert_eq!(was_longer.pop_front(), Some(1));
        assert_eq!(was_longer.remove_at(1), 3);
        let never_was: List<u8, 4> = [2].into_iter().collect();
        assert_eq!(was_longer, never_was);
    }

    #[test]
    fn merging_at_the_head_keeps_both_orders() {
        let mut deferred: List<u8, 4> = [3, 4].into_iter().collect();
        let mut pushback: List<u8, 4> = [1, 2].into_iter().collect();
        deferred.merge_head(pushback.take());
        assert_eq!(deferred.as_slice(), [1, 2, 3, 4]);
        assert!(pushback.is_empty());
    }

    #[test]
    fn inserting_moves_those_behind() {
        let mut list: List<u8, 4> = [1, 3].into_iter().collect();
        list.insert_at(1, 2);
        assert_eq!(list.as_slice(), [1, 2, 3]);
    }

    #[test]
    #[should_panic(expected = "at most 2 elements is full")]
    fn a_full_list_refuses_another() {
        let mut list: List<u8, 2> = [1, 2].into_iter().collect();
        list.push_back(3);
    }
}

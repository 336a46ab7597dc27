//! A small map that keeps its entries in the order of their keys, in one allocation.
use std::ops::{Index, IndexMut};

/// Entries in the order of their keys. Equal contents are equal values.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Map<K, V> {
    entries: Vec<(K, V)>,
}

impl<K: Copy + Ord, V> Map<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Puts a value under a key that has none.
    ///
    /// # Panics
    /// When the key has a value.
    pub fn insert(&mut self, key: K, value: V) {
        match self.place(key) {
            Ok(_) => panic!("the key is taken"),
            Err(index) => self.entries.insert(index, (key, value)),
        }
    }

    /// Takes the value of a key.
    ///
    /// # Panics
    /// When the key has none.
    pub fn remove(&mut self, key: K) -> V {
        let Ok(index) = self.place(key) else { panic!("the key has no value") };
        self.entries.remove(index).1
    }

    /// The value of a key, if it has one.
    pub fn get(&self, key: K) -> Option<&V> {
        self.place(key).ok().map(|index| &self.entries[index].1)
    }

    /// The value of a key, to be changed, if it has one.
    pub fn get_mut(&mut self, key: K) -> Option<&mut V> {
        self.place(key).ok().map(|index| &mut self.entries[index].1)
    }

    /// The entries in the order of their keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, &V)> {
        self.entries.iter().map(|(key, value)| (*key, value))
    }

    /// Changes every entry, its key too; no two keys may become the same.
    pub fn rename(&mut self, mut rename: impl FnMut(&mut K, &mut V)) {
        self.entries.iter_mut().for_each(|(key, value)| rename(key, value));
        self.entries.sort_unstable_by_key(|(key, _)| *key);
        let are_apart = self.entries.windows(2).all(|pair| pair[0].0 < pair[1].0);
        assert!(are_apart, "two entries have one key");
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn place(&self, key: K) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&key, |(known, _)| *known)
    }
}

impl<K: Copy + Ord, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Clone, V: Clone> Clone for Map<K, V> {
    fn clone(&self) -> Self {
        Self { entries: self.entries.clone() }
    }

    fn clone_from(&mut self, source: &Self) {
        self.entries.clone_from(&source.entries);
    }
}

impl<K: Copy + Ord, V> Index<K> for Map<K, V> {
    type Output = V;

    fn index(&self, key: K) -> &V {
        self.get(key).expect("the key has a value")
    }
}

impl<K: Copy + Ord, V> IndexMut<K> for Map<K, V> {
    fn index_mut(&mut self, key: K) -> &mut V {
        self.get_mut(key).expect("the key has a value")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_insertion_does_not_show() {
        let mut one = Map::new();
        one.insert(2, 'b');
        one.insert(1, 'a');
        let mut other = Map::new();
        other.insert(1, 'a');
        other.insert(3, 'c');
        other.insert(2, 'b');
        assert_eq!(other.remove(3), 'c');
        assert_eq!(one, other);
        assert_eq!((one[2], one.get(3)), ('b', None));
    }
}

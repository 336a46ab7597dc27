//! Owns the words that are looked up together, and knows those that one thread has looked up last.
//!
//! What can happen in one order can mostly happen in another one, so that a word comes up again
//! soon after. A few words that came up last fit into the nearest memory, and those that are among
//! them need not be looked up in the table.

use prefetch_index::prefetch_index;

use crate::line::Line;
use crate::site::{Site, nearby};

/// Words to be looked up together.
#[derive(Default)]
pub(crate) struct Batch {
    words: Vec<u64>,
    /// Those to be looked up in the table, and where they belong there.
    asked: Vec<(u32, Site)>,
    recent: Recent,
    /// How many may still be inserted.
    pub(crate) room: u64,
    pub(crate) inserted: u64,
}

/// Keys that came up last, each in its place. They are in the table, or will be once those of the
/// batch are looked up; whoever looks up only some of them ends.
struct Recent(Box<[u64]>);

/// 64 KiB.
const RECENT_LEN: usize = 1 << 13;

impl Default for Recent {
    fn default() -> Self {
        Self(vec![0; RECENT_LEN].into_boxed_slice())
    }
}

impl Batch {
    /// Adds a word to the batch.
    #[inline]
    pub(crate) fn push(&mut self, word: u64) {
        self.words.push(word);
    }

    /// Adds words as somebody appends them, all of them or none; how many.
    #[inline]
    pub(crate) fn extend(&mut self, append: impl FnOnce(&mut Vec<u64>) -> bool) -> usize {
        let before = self.words.len();
        if !append(&mut self.words) {
            self.words.truncate(before);
        }
        self.words.len() - before
    }

    /// Chooses those to be looked up, and asks for the lines in which they belong. Without a branch
    /// a word, since whether one has just come up is anybody's guess.
    ///
    /// # Panics
    ///
    /// When a word is `u64::MAX`: the system's mistake.
    pub(crate) fn ask(&mut self, segments: &[Box<[Line]>]) {
        let too_large = self.words.iter().filter(|word| **word == u64::MAX).count();
        assert_eq!(too_large, 0, "a packed state is below 2 to the 64th less one");
        let Self { words, asked, recent: Recent(recent), .. } = self;
        let lines = segments[0].len();
        asked.resize(words.len(), (0, Site::default()));
        let mut count = 0;
        for (index, word) in (0..).zip(words.iter()) {
            let key = word + 1;
            let last = &mut recent[nearby(key, RECENT_LEN)];
            asked[count].0 = index;
            count += usize::from(*last != key);
            *last = key;
        }
        asked.truncate(count);
        for (index, site) in asked {
            *site = Site::of(words[*index as usize] + 1, lines);
            prefetch_index(&segments[site.segment as usize], site.line as usize);
        }
    }

    /// The keys to be looked up, where they belong, and which of the words they are.
    #[inline]
    pub(crate) fn asked(&self) -> impl Iterator<Item = (u64, Site, u32)> {
        self.asked.iter().map(|(index, site)| (self.key(*index as usize), *site, *index))
    }

    /// Whether a word was added to the table.
    #[inline]
    pub(crate) fn note(&mut self, is_new: bool) -> bool {
        self.room -= u64::from(is_new);
        self.inserted += u64::from(is_new);
        is_new
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// How many words are to be looked up.
    pub(crate) fn asked_len(&self) -> usize {
        self.asked.len()
    }

    #[inline]
    pub(crate) fn word(&self, index: usize) -> u64 {
        self.words[index]
    }

    /// What the table holds of a word.
    #[inline]
    pub(crate) fn key(&self, index: usize) -> u64 {
        self.words[index] + 1
    }

    pub(crate) fn clear(&mut self) {
        self.words.clear();
        self.asked.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of the words the table is asked for.
    fn asked(batch: &mut Batch, words: &[u64]) -> Vec<u64> {
        let segments: Vec<Box<[Line]>> = (0..64).map(|_| [Line::default()].into()).collect();
        batch.clear();
        assert_eq!(
            batch.extend(|out| words.iter().map(|it| out.push(*it)).count() > 0),
            words.len()
        );
        batch.ask(&segments);
        assert!(batch.asked().all(|(key, _, index)| key == batch.key(index as usize)));
        batch.asked().map(|(_, _, index)| batch.word(index as usize)).collect()
    }

    #[test]
    fn a_word_that_has_just_come_up_is_not_looked_up_again() {
        let mut batch = Batch::default();
        assert_eq!(asked(&mut batch, &[0, 7, 0, 9, 7]), [0, 7, 9]);
        assert_eq!(asked(&mut batch, &[9, 8, u64::MAX - 1, 0]), [8, u64::MAX - 1]);
    }

    #[test]
    fn one_that_has_given_its_place_to_another_is_looked_up_again() {
        let other = (1..1 << 20).find(|it| nearby(it + 1, RECENT_LEN) == nearby(1, RECENT_LEN));
        let other = other.expect("there are more words than places");
        assert_eq!(asked(&mut Batch::default(), &[0, other, 0]), [0, other, 0]);
    }

    #[test]
    #[should_panic = "below 2 to the 64th less one"]
    fn a_word_that_is_too_large_is_the_mistake_of_the_system() {
        asked(&mut Batch::default(), &[3, u64::MAX]);
    }
}

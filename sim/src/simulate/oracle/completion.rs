//! Whether each I/O completes, and completes once. CLAIMS.md S1.
use std::collections::{BTreeMap, VecDeque};

use super::{Broken, COMPLETES_ONCE, Code};

/// How many ends are remembered, to say how an I/O that ends again ended first.
const ENDED_COUNT_MAX: usize = 1_024;

/// The I/O that is open, and what ended last. Source: `bio_endio`, which a bio's owner relies on to
/// be called once.
#[derive(Clone, Debug, Default)]
pub struct Completions {
    /// The time of submission.
    open: BTreeMap<u64, u64>,
    /// The number, the code and the time.
    ended: VecDeque<(u64, Code, u64)>,
    /// The greatest number that was submitted.
    last: u64,
}

impl Completions {
    /// Nothing is open.
    pub fn new() -> Self {
        Self::default()
    }

    /// The I/O is handed to the kernel.
    ///
    /// # Panics
    /// When its number does not rise.
    pub fn submitted(&mut self, io: u64, time: u64) {
        assert!(io > self.last, "io {io} is submitted after io {}", self.last);
        self.last = io;
        self.open.insert(io, time);
    }

    /// Its end is told.
    ///
    /// # Errors
    /// When it has ended before.
    ///
    /// # Panics
    /// When it was never submitted.
    pub fn completed(&mut self, io: u64, code: Code, time: u64) -> Result<(), Broken> {
        assert!(io != 0 && io <= self.last, "io {io} was never submitted");
        if self.open.remove(&io).is_none() {
            return Err(self.twice(io, code, time));
        }
        if self.ended.len() == ENDED_COUNT_MAX {
            self.ended.pop_front();
        }
        self.ended.push_back((io, code, time));
        Ok(())
    }

    /// The I/O that has not ended, and when it was submitted, the oldest first.
    pub fn stranded(&self) -> impl Iterator<Item = (u64, u64)> {
        self.open.iter().map(|(io, time)| (*io, *time))
    }

    /// How many I/Os have not ended.
    pub fn open_count(&self) -> usize {
        self.open.len()
    }

    fn twice(&self, io: u64, code: Code, time: u64) -> Broken {
        let first = self.ended.iter().rev().find(|(ended, ..)| *ended == io);
        let first = match first {
            Some((_, code, time)) => format!("first {} at {time} ns", shown(*code)),
            None => "first long ago".to_owned(),
        };
        let text = format!("io {io} completed twice: {first}, now {} at {time} ns", shown(code));
        Broken { claim: COMPLETES_ONCE, text, cause: None }
    }
}

/// A code as the scenarios have it.
fn shown(code: Code) -> String {
    if code == Code::OK { "ok".to_owned() } else { code.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dm_model::errno::Errno;

    #[test]
    fn an_io_that_completes_once_breaks_nothing() {
        let mut it = Completions::new();
        it.submitted(1, 10);
        it.submitted(2, 20);
        assert_eq!(it.completed(2, Code::OK, 30), Ok(()));
        assert_eq!(it.stranded().collect::<Vec<_>>(), [(1, 10)]);
        assert_eq!(it.completed(1, Errno::Io.code(), 40), Ok(()));
        assert_eq!((it.stranded().count(), it.open_count()), (0, 0));
    }

    #[test]
    fn a_second_end_is_told_with_the_first() {
        let mut it = Completions::new();
        it.submitted(1, 10);
        it.completed(1, Code::OK, 30).expect("the first time");
        let broken = it.completed(1, Errno::Io.code(), 40).expect_err("the second time");
        assert_eq!(broken.claim, "every_io_completes_at_most_once");
        assert_eq!(broken.text, "io 1 completed twice: first ok at 30 ns, now -EIO at 40 ns");
    }

    #[test]
    fn a_second_end_long_after_the_first_is_told_too() {
        let mut it = Completions::new();
        let count = ENDED_COUNT_MAX as u64 + 1;
        for io in 1..=count {
            it.submitted(io, io);
            it.completed(io, Code::OK, io).expect("the first time");
        }
        assert_eq!(it.ended.len(), ENDED_COUNT_MAX);
        let broken = it.completed(1, Code::OK, 9_999).expect_err("the second time");
        assert_eq!(broken.text, "io 1 completed twice: first long ago, now ok at 9999 ns");
    }

    #[test]
    #[should_panic(expected = "io 3 was never submitted")]
    fn the_end_of_what_was_never_submitted_is_a_mistake_of_the_caller() {
        let mut it = Completions::new();
        it.submitted(1, 10);
        let _ = it.completed(3, Code::OK, 20);
    }
}

//! Random numbers of a run: xoshiro256++ in streams, each seeded from the one seed and its name.
//!
//! The stream is documented and portable; nothing here is a float, and nothing looks at a clock.
use rand_core::{RngCore, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// What a stream decides, so that one decision more in one of them moves nothing in the others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stream {
    /// The features and weights of the seed.
    Swarm = 1,
    /// Devices, paths and tables.
    Topology,
    /// Who runs next, how long, and what a question is answered.
    Schedule,
    /// What applications do.
    Applications,
    /// What administrators and daemons do.
    Administration,
    /// What fails, and when.
    Faults,
    /// How long disks take.
    Disks,
}

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Random {
    generator: Xoshiro256PlusPlus,
}

impl Random {
    /// The stream of a seed.
    pub(super) fn new(seed: u64, stream: Stream) -> Self {
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(seed);
        for _ in 0..stream as u8 {
            generator.jump();
        }
        Self { generator }
    }

    /// A number below `end`.
    ///
    /// # Panics
    /// When `end` is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        assert!(end > 0, "no number is below 0");
        // The high half of the product: the bias is below 2^-32 for every range used here.
        ((u128::from(self.generator.next_u64()) * u128::from(end)) >> 64) as u64
    }

    /// A number of `first..=last`.
    pub(super) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// A place in something of this length.
    pub(super) fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// One of these.
    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.index(of.len())]
    }

    /// Whether something happens that does so `part` times of `whole`.
    pub(super) fn chance(&mut self, part: u64, whole: u64) -> bool {
        self.below(whole) < part
    }

    /// A duration around `mean`: from an eighth of it to about three times, the short ones often.
    pub(super) fn around(&mut self, mean: u64) -> u64 {
        let spread = self.below(64) * self.below(64) / 64;
        (mean / 8 + mean * spread / 20).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_the_same_on_every_machine() {
        let mut random = Random::new(1, Stream::Schedule);
        let numbers: Vec<u64> = (0..6).map(|_| random.below(1000)).collect();
        assert_eq!(numbers, [98, 814, 179, 696, 627, 770]);
    }

    #[test]
    fn streams_of_one_seed_differ() {
        let of = |stream| Random::new(7, stream).below(u64::MAX);
        assert_ne!(of(Stream::Swarm), of(Stream::Schedule));
    }
}

//! A queue of at most eight bios in a word: four bits each, the number plus one, the first lowest.

/// Bios in order.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Queue(u32);

impl Queue {
    /// How many there are.
    #[inline]
    pub fn len(self) -> u32 {
        (u32::BITS - self.0.leading_zeros()).div_ceil(4)
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Adds a bio at the end.
    #[inline]
    pub fn push(&mut self, bio: usize) {
        self.0 |= (bio as u32 + 1) << (4 * self.len());
    }

    /// Takes the first one away, which there is.
    #[inline]
    pub fn pop(&mut self) -> usize {
        let first = self.0 & 15;
        self.0 >>= 4;
        first as usize - 1
    }

    /// The queue followed by another one.
    #[inline]
    #[must_use]
    pub fn then(self, other: Self) -> Self {
        // Eight bios are all bits, and nothing can follow them.
        Self(self.0 | other.0.checked_shl(4 * self.len()).unwrap_or(0))
    }

    /// The first so many, and what follows.
    #[inline]
    #[must_use]
    pub fn split(self, count: u32) -> (Self, Self) {
        let rest = self.0.checked_shr(4 * count).unwrap_or(0);
        let first = self.0 & !u32::MAX.checked_shl(4 * count).unwrap_or(0);
        (Self(first), Self(rest))
    }

    /// As a number.
    #[inline]
    pub(crate) fn bits(self) -> u64 {
        self.0.into()
    }

    #[inline]
    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits as u32)
    }

    /// The bios, the first one first.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..self.len()).map(move |place| (self.0 >> (4 * place) & 15) as usize - 1)
    }
}

//! Owns the encoding of a state to bytes: what its `Hash` feeds, in few bytes and exactly.
//!
//! Nothing is ever decoded. Single integers wider than a byte become varints (LEB128), so that
//! the discriminants and lengths that a derived `Hash` feeds take a byte each. A slice or array
//! of plain integers is fed by the standard library as raw memory, at full width.

use std::hash::{Hash, Hasher};

/// The bytes that a search compares instead of the value.
///
/// Two values of one type encode equally exactly when they are equal, provided that the `Hash` of
/// the type feeds everything that its `Eq` compares, nothing else, and so that no value's feed is
/// a prefix of another's: a list feeds its length first, a choice its discriminant, and raw
/// `Hasher::write` comes only after its length. Every derived `Hash` is of this kind, as are those
/// of the standard library. A type that feeds a digest, or skips a field, is not. A search takes
/// states of up to 65,535 bytes.
pub fn encode<T: Hash + ?Sized>(value: &T) -> Vec<u8> {
    let mut recorder = Recorder::default();
    value.hash(&mut recorder);
    recorder.bytes
}

/// The length of a piece of an encoding, see `fold`.
pub(crate) const PIECE_BYTES: usize = 24;

/// A hasher that keeps what it is fed.
#[derive(Default)]
pub(crate) struct Recorder {
    bytes: Vec<u8>,
}

impl Recorder {
    /// Adds the encoding of this value to those before, filled up to whole pieces. What differs
    /// still does: of two encodings none is a prefix of the other.
    pub(crate) fn append<T: Hash + ?Sized>(&mut self, value: &T) {
        let begin = self.bytes.len();
        value.hash(self);
        let len = (self.bytes.len() - begin).next_multiple_of(PIECE_BYTES);
        self.bytes.resize(begin + len, 0);
    }

    /// The encodings, end to end.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    #[inline]
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// Small numbers of either sign take one byte.
    fn signed_varint(&mut self, value: i64) {
        self.varint(((value << 1) ^ (value >> 63)).cast_unsigned());
    }
}

impl Hasher for Recorder {
    /// # Panics
    ///
    /// Always: the `Hash` of a state feeds its fields and asks for no digest.
    fn finish(&self) -> u64 {
        panic!("the Hash of a state asked for a digest of what it has fed so far");
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    #[inline]
    fn write_u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    #[inline]
    fn write_u16(&mut self, value: u16) {
        self.varint(value.into());
    }

    #[inline]
    fn write_u32(&mut self, value: u32) {
        self.varint(value.into());
    }

    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.varint(value);
    }

    #[inline]
    fn write_usize(&mut self, value: usize) {
        self.varint(value as u64);
    }

    #[inline]
    fn write_i16(&mut self, value: i16) {
        self.signed_varint(value.into());
    }

    #[inline]
    fn write_i32(&mut self, value: i32) {
        self.signed_varint(value.into());
    }

    #[inline]
    fn write_i64(&mut self, value: i64) {
        self.signed_varint(value);
    }

    #[inline]
    fn write_isize(&mut self, value: isize) {
        self.signed_varint(value as i64);
    }
}

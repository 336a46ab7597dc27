//! Owns a set of encoded states, whole.
//!
//! Each state has a record, which lies in a chunk of bytes and never moves; it is identified by
//! where that is. A table finds the records by open addressing: each slot holds such a place and
//! some bits of the hash, so that a record is seldom read in vain. Equality is always that of all
//! the bytes of an encoding, and nothing is ever removed.

use std::hash::Hasher;

use prefetch_index::prefetch_index;
use rustc_hash::FxHasher;

/// Where a state's record is. Later ones compare greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(u64);

/// An exact set of encoded states.
pub(crate) struct Records {
    /// Records end to end, each the length of an encoding, and that.
    chunks: Vec<Vec<u8>>,
    /// The length is a power of two, and one slot in four is always empty.
    slots: Vec<Slot>,
    len: u64,
}

/// The slot of the table where a state that was not found belongs.
pub(crate) struct Vacancy {
    slot: usize,
    hash: u64,
}

/// The upper bits of a hash above the place of a record, or `Slot::EMPTY`.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Slot(u64);

const CHUNK_BYTES_LOG2: u32 = 18;
const CHUNK_BYTES: usize = 1 << CHUNK_BYTES_LOG2;
const HEADER_BYTES: usize = 2;
const PLACE_BITS: u32 = 40;
const SLOTS_MIN: usize = 1024;

impl Place {
    fn new(chunk: usize, offset: usize) -> Self {
        let place = (chunk as u64) << CHUNK_BYTES_LOG2 | offset as u64;
        assert!(place < (1 << PLACE_BITS) - 1, "the visited states exceed a terabyte");
        Self(place)
    }

    /// The place as a number below 2 to the 40th.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    fn chunk(self) -> usize {
        (self.0 >> CHUNK_BYTES_LOG2) as usize
    }

    fn offset(self) -> usize {
        self.0 as usize % CHUNK_BYTES
    }
}

impl Records {
    pub(crate) fn new() -> Self {
        Self { chunks: Vec::new(), slots: vec![Slot::EMPTY; SLOTS_MIN], len: 0 }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What the set occupies, with the room for growth that it already holds.
    pub(crate) fn bytes(&self) -> usize {
        self.chunks.len() * CHUNK_BYTES + size_of_val(&self.slots[..])
    }

    /// The most that the set occupies more while one more state is inserted, but for a new chunk.
    pub(crate) fn bytes_to_insert(&self) -> usize {
        if self.grows_with_next() { 2 * size_of_val(&self.slots[..]) } else { 0 }
    }

    /// Asks for the slot where a state begins to be looked for.
    #[inline]
    pub(crate) fn expect(&self, hash: u64) {
        prefetch_index(&self.slots, hash as usize & (self.slots.len() - 1));
    }

    /// Asks for the record that may be the state's, going by the first slot.
    #[inline]
    pub(crate) fn expect_record(&self, hash: u64) {
        let known = self.slots[hash as usize & (self.slots.len() - 1)];
        if known != Slot::EMPTY && known.may_be(hash) {
            let place = known.place();
            prefetch_index(&self.chunks[place.chunk()], place.offset());
        }
    }

    /// The state with this encoding, or else where it belongs.
    pub(crate) fn find(&self, encoding: &[u8], hash: u64) -> Result<Place, Vacancy> {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let known = self.slots[slot];
            if known == Slot::EMPTY {
                return Err(Vacancy { slot, hash });
            }
            if known.may_be(hash) && self.encoding(known.place()) == encoding {
                return Ok(known.place());
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Inserts the state that was not found. The vacancy is the one just returned for it.
    ///
    /// # Panics
    ///
    /// When the encoding exceeds 65,535 bytes: the system's mistake.
    pub(crate) fn insert(&mut self, vacancy: &Vacancy, encoding: &[u8]) -> Place {
        assert!(self.slots[vacancy.slot] == Slot::EMPTY, "a vacancy is used before any other");
        let grows = self.grows_with_next();
        let place = self.append(encoding);
        self.slots[vacancy.slot] = Slot::new(place, vacancy.hash);
        self.len += 1;
        if grows {
            self.grow_table();
        }
        place
    }

    /// The encodings, in the order in which they were inserted.
    pub(crate) fn encodings(&self) -> impl Iterator<Item = &[u8]> {
        self.places().map(|place| self.encoding(place))
    }

    fn places(&self) -> impl Iterator<Item = Place> {
        let chunks = self.chunks.iter().enumerate();
        chunks.flat_map(|(number, chunk)| {
            let mut offset = 0;
            std::iter::from_fn(move || {
                let record = &chunk[offset..];
                let place = (!record.is_empty()).then(|| Place::new(number, offset))?;
                offset += HEADER_BYTES + encoding_len(record);
                Some(place)
            })
        })
    }

    /// The encoding whose record is here.
    pub(crate) fn encoding(&self, place: Place) -> &[u8] {
        let record = &self.chunks[place.chunk()][place.offset()..];
        &record[HEADER_BYTES..][..encoding_len(record)]
    }

    fn append(&mut self, encoding: &[u8]) -> Place {
        let len = u16::try_from(encoding.len());
        let len = len.expect("a state encodes to at most 65,535 bytes");
        let fits = |chunk: &Vec<u8>| chunk.len() + HEADER_BYTES + encoding.len() <= CHUNK_BYTES;
        if !self.chunks.last().is_some_and(fits) {
            self.chunks.push(Vec::with_capacity(CHUNK_BYTES));
        }
        let last = self.chunks.len() - 1;
        let chunk = &mut self.chunks[last];
        let place = Place::new(last, chunk.len());
        chunk.extend_from_slice(&len.to_le_bytes());
        chunk.extend_from_slice(encoding);
        place
    }

    fn grows_with_next(&self) -> bool {
        (self.len as usize + 1) * 4 > self.slots.len() * 3
    }

    fn grow_table(&mut self) {
        let mut slots = vec![Slot::EMPTY; self.slots.len() * 2];
        let mask = slots.len() - 1;
        for place in self.places() {
            let hash = hash(self.encoding(place));
            let mut slot = hash as usize & mask;
            while slots[slot] != Slot::EMPTY {
                slot = (slot + 1) & mask;
            }
            slots[slot] = Slot::new(place, hash);
        }
        self.slots = slots;
    }
}

impl Slot {
    const EMPTY: Self = Self(u64::MAX);

    fn new(place: Place, hash: u64) -> Self {
        Self(hash >> PLACE_BITS << PLACE_BITS | place.0)
    }

    fn may_be(self, hash: u64) -> bool {
        (self.0 ^ hash) >> PLACE_BITS == 0
    }

    fn place(self) -> Place {
        Place(self.0 & ((1 << PLACE_BITS) - 1))
    }
}

fn encoding_len(record: &[u8]) -> usize {
    let [low, high, ..] = *record else {
        unreachable!("every record begins with its length");
    };
    u16::from_le_bytes([low, high]).into()
}

/// Spreads the encoding over all bits: the table uses the lowest, its slots keep the highest.
pub(crate) fn hash(encoding: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(encoding);
    let hash = hasher.finish();
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the state is, and whether it is new.
    fn insert(set: &mut Records, encoding: &[u8]) -> (Place, bool) {
        match set.find(encoding, hash(encoding)) {
            Ok(place) => (place, false),
            Err(vacancy) => (set.insert(&vacancy, encoding), true),
        }
    }

    #[test]
    fn every_state_is_found_again_after_growth() {
        let mut set = Records::new();
        let encoding = |i: u32| i.to_le_bytes().repeat(1 + i as usize % 40);
        let mut places: Vec<Place> = Vec::new();
        for i in 0..100_000 {
            let (place, is_new) = insert(&mut set, &encoding(i));
            let is_later = places.last().is_none_or(|last| place > *last);
            assert!(is_new && is_later, "state {i} is new and later");
            places.push(place);
        }
        assert_eq!(set.len, 100_000);
        for (i, place) in (0..100_000).zip(places) {
            assert_eq!(insert(&mut set, &encoding(i)), (place, false));
            assert_eq!(set.encoding(place), encoding(i));
        }
        assert!(set.encodings().eq((0..100_000).map(encoding)));
    }

    #[test]
    fn a_prefix_of_a_state_is_another_state() {
        let mut set = Records::new();
        let large = vec![7; 65_535];
        for encoding in [&b""[..], b"a", b"ab", b"abc", &large, &large[1..]] {
            let (place, is_new) = insert(&mut set, encoding);
            assert!(is_new);
            assert_eq!(insert(&mut set, encoding), (place, false));
        }
        assert_eq!(set.len, 6);
    }

    #[test]
    #[should_panic(expected = "a state encodes to at most 65,535 bytes")]
    fn a_state_that_is_too_large_is_refused() {
        insert(&mut Records::new(), &vec![0; 65_536]);
    }

    #[test]
    fn the_bytes_include_the_states_and_the_table() {
        let mut set = Records::new();
        for i in 0..100_000_u32 {
            let bytes_expected = set.bytes() + set.bytes_to_insert();
            insert(&mut set, &[&i.to_le_bytes()[..], &[0; 28]].concat());
            assert!(set.bytes() <= bytes_expected + CHUNK_BYTES);
        }
        let bytes_of_records = 100_000 * (32 + HEADER_BYTES);
        assert!(set.bytes() >= bytes_of_records + 131_072 * 8);
        assert!(set.bytes() <= bytes_of_records + 262_144 * 8 + CHUNK_BYTES);
    }
}

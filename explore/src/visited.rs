//! Owns the set of visited states: their encodings, whole, and where each was reached from.
//!
//! Each state has a record, which lies in a chunk of bytes and never moves; a state is identified
//! by where that is. A table finds the records by open addressing: each slot holds such a place
//! and some bits of the hash, so that a record is seldom read in vain. Equality is always that of
//! all the bytes of an encoding, and nothing is ever removed.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// A visited state. Later ones compare greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StateId(u64);

/// How a state was first reached: from which other, and the action's place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) parent: StateId,
    pub(crate) ordinal: u16,
}

/// An exact set of encoded states.
pub(crate) struct Visited {
    /// Records end to end, each a header and an encoding.
    chunks: Vec<Vec<u8>>,
    /// The length is a power of two, and one slot in four is always empty.
    slots: Vec<Slot>,
    len: u64,
}

/// The place of the table where a state that was not found belongs.
pub(crate) struct Vacancy {
    place: usize,
    hash: u64,
}

/// The upper bits of a hash above the identity of a state, or `Slot::EMPTY`.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Slot(u64);

/// What precedes the encoding in a record: five bytes of parent, two each of ordinal and length.
struct Header {
    origin: Origin,
    encoding_len: usize,
}

const CHUNK_BYTES_LOG2: u32 = 18;
const CHUNK_BYTES: usize = 1 << CHUNK_BYTES_LOG2;
const HEADER_BYTES: usize = 9;
const ID_BITS: u32 = 40;
const SLOTS_MIN: usize = 1024;

impl StateId {
    /// The state that was inserted first.
    pub(crate) const FIRST: Self = Self(0);

    fn new(chunk: usize, offset: usize) -> Self {
        let id = (chunk as u64) << CHUNK_BYTES_LOG2 | offset as u64;
        assert!(id < (1 << ID_BITS) - 1, "the visited states exceed a terabyte");
        Self(id)
    }

    /// The identity as a number below 2 to the 40th.
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

impl Visited {
    pub(crate) fn new() -> Self {
        Self { chunks: Vec::new(), slots: vec![Slot::EMPTY; SLOTS_MIN], len: 0 }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// What the set occupies, with the room for growth that it already holds.
    pub(crate) fn bytes(&self) -> usize {
        self.chunks.len() * CHUNK_BYTES + size_of_val(&self.slots[..])
    }

    /// The most that the set occupies while one more state is inserted, but for a new chunk.
    pub(crate) fn bytes_to_insert(&self) -> usize {
        let new_slots = if self.grows_with_next() { 2 * size_of_val(&self.slots[..]) } else { 0 };
        self.bytes() + new_slots
    }

    /// The state with this encoding, or else where it belongs.
    pub(crate) fn find(&self, encoding: &[u8]) -> Result<StateId, Vacancy> {
        let hash = hash(encoding);
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            let slot = self.slots[place];
            if slot == Slot::EMPTY {
                return Err(Vacancy { place, hash });
            }
            if slot.may_be(hash) && self.encoding(slot.id()) == encoding {
                return Ok(slot.id());
            }
            place = (place + 1) & mask;
        }
    }

    /// Inserts the state that was not found. The vacancy is the one just returned for it.
    ///
    /// # Panics
    ///
    /// When the encoding exceeds 65,535 bytes: the system's mistake.
    pub(crate) fn insert(&mut self, vacancy: &Vacancy, encoding: &[u8], origin: Origin) -> StateId {
        assert!(self.slots[vacancy.place] == Slot::EMPTY, "a vacancy is used before any other");
        let grows = self.grows_with_next();
        let id = self.append(encoding, origin);
        self.slots[vacancy.place] = Slot::new(id, vacancy.hash);
        self.len += 1;
        if grows {
            self.grow_table();
        }
        id
    }

    pub(crate) fn origin(&self, id: StateId) -> Origin {
        Header::read(self.record(id)).origin
    }

    fn encoding(&self, id: StateId) -> &[u8] {
        let record = self.record(id);
        &record[HEADER_BYTES..][..Header::read(record).encoding_len]
    }

    /// The record, and what follows it in its chunk.
    fn record(&self, id: StateId) -> &[u8] {
        &self.chunks[id.chunk()][id.offset()..]
    }

    fn append(&mut self, encoding: &[u8], origin: Origin) -> StateId {
        let encoding_len = encoding.len();
        let fits = |chunk: &Vec<u8>| chunk.len() + HEADER_BYTES + encoding_len <= CHUNK_BYTES;
        if !self.chunks.last().is_some_and(fits) {
            self.chunks.push(Vec::with_capacity(CHUNK_BYTES));
        }
        let last = self.chunks.len() - 1;
        let chunk = &mut self.chunks[last];
        let id = StateId::new(last, chunk.len());
        chunk.extend_from_slice(&Header { origin, encoding_len }.to_bytes());
        chunk.extend_from_slice(encoding);
        id
    }

    fn grows_with_next(&self) -> bool {
        (self.len as usize + 1) * 4 > self.slots.len() * 3
    }

    fn grow_table(&mut self) {
        let mut slots = vec![Slot::EMPTY; self.slots.len() * 2];
        let mask = slots.len() - 1;
        for (number, chunk) in self.chunks.iter().enumerate() {
            let mut offset = 0;
            while offset < chunk.len() {
                let id = StateId::new(number, offset);
                let encoding = self.encoding(id);
                let hash = hash(encoding);
                let mut place = hash as usize & mask;
                while slots[place] != Slot::EMPTY {
                    place = (place + 1) & mask;
                }
                slots[place] = Slot::new(id, hash);
                offset += HEADER_BYTES + encoding.len();
            }
        }
        self.slots = slots;
    }
}

impl Slot {
    const EMPTY: Self = Self(u64::MAX);

    fn new(id: StateId, hash: u64) -> Self {
        Self(hash >> ID_BITS << ID_BITS | id.0)
    }

    fn may_be(self, hash: u64) -> bool {
        (self.0 ^ hash) >> ID_BITS == 0
    }

    fn id(self) -> StateId {
        StateId(self.0 & ((1 << ID_BITS) - 1))
    }
}

impl Header {
    fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let Origin { parent: StateId(parent), ordinal } = self.origin;
        let encoding_len =
            u16::try_from(self.encoding_len).expect("a state encodes to at most 65,535 bytes");
        let mut bytes = [0; HEADER_BYTES];
        bytes[..5].copy_from_slice(&parent.to_le_bytes()[..5]);
        bytes[5..7].copy_from_slice(&ordinal.to_le_bytes());
        bytes[7..].copy_from_slice(&encoding_len.to_le_bytes());
        bytes
    }

    fn read(record: &[u8]) -> Self {
        let [p0, p1, p2, p3, p4, o0, o1, l0, l1, ..] = *record else {
            unreachable!("every record begins with a header");
        };
        let parent = StateId(u64::from_le_bytes([p0, p1, p2, p3, p4, 0, 0, 0]));
        let origin = Origin { parent, ordinal: u16::from_le_bytes([o0, o1]) };
        Self { origin, encoding_len: u16::from_le_bytes([l0, l1]).into() }
    }
}

/// Spreads the encoding over all bits: the table uses the lowest, its slots keep the highest.
fn hash(encoding: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(encoding);
    let hash = hasher.finish();
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The state, and whether it is new.
    fn insert(set: &mut Visited, encoding: &[u8], parent: StateId) -> (StateId, bool) {
        let ordinal = (set.len() % 65_536) as u16;
        match set.find(encoding) {
            Ok(id) => (id, false),
            Err(vacancy) => (set.insert(&vacancy, encoding, Origin { parent, ordinal }), true),
        }
    }

    #[test]
    fn every_state_is_found_again_after_growth() {
        let mut set = Visited::new();
        let encoding = |i: u32| i.to_le_bytes().repeat(1 + i as usize % 40);
        let mut ids = Vec::new();
        let mut parent = StateId::FIRST;
        for i in 0..100_000 {
            let (id, is_new) = insert(&mut set, &encoding(i), parent);
            assert!(is_new && (id > parent || i == 0), "state {i} is new and later");
            ids.push(id);
            parent = id;
        }
        assert_eq!(set.len(), 100_000);
        for i in 0..100_000_u32 {
            let id = ids[i as usize];
            assert_eq!(insert(&mut set, &encoding(i), id), (id, false));
            assert_eq!(set.encoding(id), encoding(i));
            let parent = ids[i.saturating_sub(1) as usize];
            assert_eq!(set.origin(id), Origin { parent, ordinal: (i % 65_536) as u16 });
        }
    }

    #[test]
    fn a_prefix_of_a_state_is_another_state() {
        let mut set = Visited::new();
        let large = vec![7; 65_535];
        for encoding in [&b""[..], b"a", b"ab", b"abc", &large, &large[1..]] {
            let (id, is_new) = insert(&mut set, encoding, StateId::FIRST);
            assert!(is_new);
            assert_eq!(insert(&mut set, encoding, StateId::FIRST), (id, false));
        }
        assert_eq!(set.len(), 6);
    }

    #[test]
    #[should_panic(expected = "a state encodes to at most 65,535 bytes")]
    fn a_state_that_is_too_large_is_refused() {
        insert(&mut Visited::new(), &vec![0; 65_536], StateId::FIRST);
    }

    #[test]
    fn the_bytes_include_the_states_and_the_table() {
        let mut set = Visited::new();
        for i in 0..100_000_u32 {
            let bytes_expected = set.bytes_to_insert();
            insert(&mut set, &[&i.to_le_bytes()[..], &[0; 28]].concat(), StateId::FIRST);
            assert!(set.bytes() <= bytes_expected + CHUNK_BYTES);
        }
        let bytes_of_records = 100_000 * (32 + HEADER_BYTES);
        assert!(set.bytes() >= bytes_of_records + 131_072 * 8);
        assert!(set.bytes() <= bytes_of_records + 262_144 * 8 + CHUNK_BYTES);
    }
}

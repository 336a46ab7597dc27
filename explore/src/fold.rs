//! Owns the pieces of which encodings are made, each once, so that a state is a short list of them.
//!
//! States differ from each other in few places. An encoding is cut into pieces of equal length, each
//! of which is kept once and has a number for ever: the numbers of the pieces are the folded form.
//! Two encodings fold equally exactly when they are equal, so that a set of folded forms is as exact
//! as one of encodings. A short encoding is left as it is.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::checkpoint::{CheckpointError, Sink, Source};
use crate::encoding::PIECE_BYTES;
use crate::intern::{self, Interner};

/// Every piece that any encoding was cut into.
pub(crate) struct Pieces {
    /// One, or more where several threads fold: a piece belongs to the one of its hash.
    shards: Vec<Mutex<Interner<PIECE_WORDS>>>,
    bytes: AtomicUsize,
}

/// The pieces that one thread has come across, as many as there are slots: most come again soon.
pub(crate) struct Familiar(Box<[(Piece, Option<u32>)]>);

type Piece = [u64; PIECE_WORDS];

const PIECE_WORDS: usize = PIECE_BYTES / 8;
const FAMILIAR_BITS: u32 = 12;
/// Encodings up to this length are not cut.
const UNCUT_BYTES_MAX: usize = 64;
/// The first byte of a folded form.
const UNCUT: u8 = 0;
const CUT: u8 = 1;

impl Pieces {
    pub(crate) fn new(shards: usize) -> Self {
        let shards: Vec<Interner<PIECE_WORDS>> = (0..shards).map(|_| Interner::new()).collect();
        let bytes = AtomicUsize::new(shards.iter().map(Interner::bytes).sum());
        Self { shards: shards.into_iter().map(Mutex::new).collect(), bytes }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }

    /// Appends the folded form of an encoding, which is whole pieces.
    pub(crate) fn fold(&self, encoding: &[u8], familiar: &mut Familiar, folded: &mut Vec<u8>) {
        if encoding.len() <= UNCUT_BYTES_MAX {
            folded.push(UNCUT);
            folded.extend_from_slice(encoding);
            return;
        }
        folded.push(CUT);
        for bytes in encoding.chunks_exact(PIECE_BYTES) {
            let piece = piece(bytes);
            let hash = intern::hash(&piece);
            let slot = familiar.slot(hash);
            let mut number = match *slot {
                (known, Some(number)) if known == piece => number,
                _ => self.number(&piece, hash),
            };
            *slot = (piece, Some(number));
            while number >= 0x80 {
                folded.push(number as u8 | 0x80);
                number >>= 7;
            }
            folded.push(number as u8);
        }
    }

    /// The encoding of which this is the folded form.
    pub(crate) fn unfold(&self, folded: &[u8]) -> Vec<u8> {
        let (kind, rest) = folded.split_first().expect("a folded form says of which kind it is");
        if *kind == UNCUT {
            return rest.to_vec();
        }
        let (mut encoding, mut number, mut shift) = (Vec::new(), 0, 0);
        for byte in rest {
            number |= u32::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                let count = self.shards.len() as u32;
                let shard = &self.shards[(number % count) as usize];
                let pieces = shard.lock().expect("nobody panics while it is held");
                let words = pieces.row(number / count).iter();
                encoding.extend(words.flat_map(|word| word.to_le_bytes()));
                (number, shift) = (0, 0);
            }
        }
        encoding
    }

    /// Writes the pieces, so that folded forms can be written as they are.
    pub(crate) fn save(&self, sink: &mut Sink) -> io::Result<()> {
        sink.number(self.shards.len() as u64)?;
        self.shards
            .iter()
            .try_for_each(|shard| shard.lock().expect("nobody panics while it is held").save(sink))
    }

    /// The pieces that were written, with the numbers that they had.
    pub(crate) fn load(source: &mut Source) -> Result<Self, CheckpointError> {
        let mut shards = Vec::new();
        for _ in 0..source.number()? {
            shards.push(Mutex::new(Interner::load(source)?));
        }
        Ok(Self { shards, bytes: AtomicUsize::new(0) })
    }

    /// The number of a piece, a new one if it is new.
    fn number(&self, piece: &Piece, hash: u64) -> u32 {
        let count = self.shards.len() as u32;
        // Neither the lowest bits, which choose a slot, nor the highest, which the slot keeps.
        let shard = (hash >> 26) as u32 % count;
        let mut pieces =
            self.shards[shard as usize].lock().expect("nobody panics while it is held");
        let before = pieces.bytes();
        let number = pieces.number(piece, hash);
        self.bytes.fetch_add(pieces.bytes() - before, Relaxed);
        let number = number.checked_mul(count).and_then(|number| number.checked_add(shard));
        number.expect("the states have more pieces than can be numbered")
    }
}

impl Familiar {
    fn slot(&mut self, hash: u64) -> &mut (Piece, Option<u32>) {
        &mut self.0[(hash >> (u64::BITS - FAMILIAR_BITS)) as usize]
    }
}

impl Default for Familiar {
    fn default() -> Self {
        Self(vec![Default::default(); 1 << FAMILIAR_BITS].into())
    }
}

fn piece(bytes: &[u8]) -> Piece {
    let mut piece = [0; PIECE_WORDS];
    for (word, bytes) in piece.iter_mut().zip(bytes.chunks_exact(8)) {
        *word = u64::from_le_bytes(bytes.try_into().expect("a word has eight bytes"));
    }
    piece
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_folded_is_unfolded_and_differs_as_it_did() {
        for shards in [1, 32] {
            let (pieces, mut familiar) = (Pieces::new(shards), Familiar::default());
            let (mut all, mut folded) = (BTreeSet::new(), Vec::new());
            for i in 0..2_000_u32 {
                let mut encoding = vec![7; i as usize % 300];
                for place in encoding.iter_mut().skip(i as usize % 7).step_by(31) {
                    *place = (i % 251) as u8;
                }
                encoding.extend_from_slice(&i.to_le_bytes());
                encoding.resize(encoding.len().next_multiple_of(PIECE_BYTES), 0xff);
                folded.clear();
                pieces.fold(&encoding, &mut familiar, &mut folded);
                assert_eq!(pieces.unfold(&folded), encoding);
                assert!(all.insert(folded.clone()), "of {i}");
            }
        }
    }

    #[test]
    fn states_that_differ_in_few_places_are_short() {
        let (pieces, mut familiar) = (Pieces::new(1), Familiar::default());
        let mut folded = Vec::new();
        let mut bytes = 0;
        for i in 0..10_000_usize {
            let mut encoding = vec![3; 240];
            (encoding[i % 100], encoding[100 + i / 100]) = (4, 5);
            folded.clear();
            pieces.fold(&encoding, &mut familiar, &mut folded);
            bytes += folded.len();
        }
        assert!(bytes < 10_000 * 30 && pieces.bytes() < 1 << 20, "{bytes} of 2,400,000");
    }
}

//! Owns the pieces of which encodings are made, each once, so that a state is a short list of them.
//!
//! States differ from each other in few places. An encoding is cut into pieces of equal length, each
//! of which is kept once and has a number for ever: the numbers of the pieces are the folded form.
//! Two encodings fold equally exactly when they are equal, so that a set of folded forms is as exact
//! as one of encodings. A short encoding is left as it is.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::checkpoint::{Sink, Source};
use crate::records::{self, Place, Records};

/// Every piece that any encoding was cut into.
pub(crate) struct Pieces {
    /// One, or more where several threads fold: a piece belongs to the one of its hash.
    shards: Vec<Mutex<Records>>,
    bytes: AtomicUsize,
}

/// The length of a piece, but for the last of an encoding.
const PIECE_BYTES: usize = 24;
/// Encodings up to this length are not cut.
const UNCUT_BYTES_MAX: usize = 64;
/// The first byte of a folded form.
const UNCUT: u8 = 0;
const CUT: u8 = 1;

impl Pieces {
    pub(crate) fn new(shards: usize) -> Self {
        let shards: Vec<Records> = (0..shards).map(|_| Records::new()).collect();
        let bytes = AtomicUsize::new(shards.iter().map(Records::bytes).sum());
        Self { shards: shards.into_iter().map(Mutex::new).collect(), bytes }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }

    /// Puts the folded form of an encoding in place of what is there.
    pub(crate) fn fold(&self, encoding: &[u8], folded: &mut Vec<u8>) {
        folded.clear();
        if encoding.len() <= UNCUT_BYTES_MAX {
            folded.push(UNCUT);
            folded.extend_from_slice(encoding);
            return;
        }
        folded.push(CUT);
        for piece in encoding.chunks(PIECE_BYTES) {
            let mut number = self.number(piece);
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
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                let (shard, place) = (number as usize % self.shards.len(), number);
                let place = Place::from_bits(place / self.shards.len() as u64);
                let records = self.shards[shard].lock().expect("nobody panics while it is held");
                encoding.extend_from_slice(records.encoding(place));
                (number, shift) = (0, 0);
            }
        }
        encoding
    }

    /// Writes the pieces, so that folded forms can be written as they are.
    pub(crate) fn save(&self, sink: &mut Sink) -> io::Result<()> {
        sink.number(self.shards.len() as u64)?;
        for shard in &self.shards {
            let records = shard.lock().expect("nobody panics while it is held");
            sink.number(records.len())?;
            records.encodings().try_for_each(|piece| sink.text(piece))?;
        }
        Ok(())
    }

    /// The pieces that were written, with the numbers that they had.
    pub(crate) fn load(source: &mut Source) -> io::Result<Self> {
        let pieces = Self::new(source.number()? as usize);
        for shard in &pieces.shards {
            let mut records = shard.lock().expect("nobody panics while it is held");
            for _ in 0..source.number()? {
                let piece = source.text()?;
                if let Err(vacancy) = records.find(&piece, records::hash(&piece)) {
                    records.insert(&vacancy, &piece);
                }
            }
        }
        Ok(pieces)
    }

    /// The number of a piece, a new one if it is new.
    fn number(&self, piece: &[u8]) -> u64 {
        let hash = records::hash(piece);
        let shard = (hash >> 30) as usize % self.shards.len();
        let mut records = self.shards[shard].lock().expect("nobody panics while it is held");
        let place = match records.find(piece, hash) {
            Ok(place) => place,
            Err(vacancy) => {
                let before = records.bytes();
                let place = records.insert(&vacancy, piece);
                self.bytes.fetch_add(records.bytes() - before, Relaxed);
                place
            }
        };
        place.bits() * self.shards.len() as u64 + shard as u64
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_folded_is_unfolded_and_differs_as_it_did() {
        for shards in [1, 32] {
            let (pieces, mut all, mut folded) = (Pieces::new(shards), BTreeSet::new(), Vec::new());
            for i in 0..2_000_u32 {
                let mut encoding = vec![7; i as usize % 300];
                for place in encoding.iter_mut().skip(i as usize % 7).step_by(31) {
                    *place = (i % 251) as u8;
                }
                encoding.extend_from_slice(&i.to_le_bytes());
                pieces.fold(&encoding, &mut folded);
                assert_eq!(pieces.unfold(&folded), encoding);
                assert!(all.insert(folded.clone()), "of {i}");
            }
        }
    }

    #[test]
    fn states_that_differ_in_few_places_are_short() {
        let (pieces, mut folded) = (Pieces::new(1), Vec::new());
        let mut bytes = 0;
        for i in 0..10_000_usize {
            let mut encoding = vec![3; 240];
            (encoding[i % 100], encoding[100 + i / 100]) = (4, 5);
            pieces.fold(&encoding, &mut folded);
            bytes += folded.len();
        }
        assert!(bytes < 10_000 * 30 && pieces.bytes() < 1 << 20, "{bytes} of 2,400,000");
    }
}

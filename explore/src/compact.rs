//! Owns states of which 64 bits each are kept, and the probability that one is omitted.

use std::io;

use xxhash_rust::xxh3::xxh3_64;

use crate::checkpoint::{CheckpointError, Sink, Source};
use crate::flat::{self, Flat};
use crate::form::{Form, Seen};
use crate::records::Place;
use crate::system::System;
use crate::whole::WholeBatch;

/// States of which the set holds no more than 64 bits each: two of which these are equal are taken
/// for one, see [`omission`].
pub(crate) struct Compact(Flat);

/// Successors with their 64 bits.
pub(crate) struct CompactBatch<T> {
    whole: WholeBatch<T>,
    words: flat::Batch,
}

/// The probability that a search which has kept 64 bits of each of so many states, spread evenly,
/// has taken two of them for one.
#[expect(clippy::cast_precision_loss, reason = "a probability to a few digits")]
pub(crate) fn omission(states: u64) -> f64 {
    let pairs = states as f64 * (states as f64 - 1.0) / 2.0;
    -(-pairs / 2_f64.powi(64)).exp_m1()
}

impl Compact {
    pub(crate) fn new(threads: usize, bytes_max: Option<usize>) -> Self {
        Self(Flat::new(threads, bytes_max))
    }
}

impl<T> Default for CompactBatch<T> {
    fn default() -> Self {
        Self { whole: WholeBatch::default(), words: flat::Batch::default() }
    }
}

impl<S: System> Form<S> for Compact {
    type Kept = S::State;
    type Batch = CompactBatch<S::State>;
    type Opened<'a> = flat::Opened<'a>;

    const BATCH_LEN: usize = 512;

    fn restore<'a>(_: &S, kept: &'a S::State, _: &'a mut S::State) -> &'a S::State {
        kept
    }

    fn offer(_: &S, batch: &mut CompactBatch<S::State>, successor: &mut S::State) {
        let index = batch.whole.len;
        batch.whole.push(successor);
        let bits = xxh3_64(batch.whole.encoding(index));
        batch.words.push(bits % u64::MAX);
    }

    fn open<'a>(&'a self, batch: &mut CompactBatch<S::State>) -> flat::Opened<'a> {
        self.0.open(&mut batch.words)
    }

    fn sift(opened: &flat::Opened<'_>, batch: &CompactBatch<S::State>, unknown: &mut Vec<u32>) {
        opened.sift(&batch.words, unknown);
    }

    fn insert(
        opened: &flat::Opened<'_>,
        batch: &mut CompactBatch<S::State>,
        index: usize,
        may_insert: bool,
    ) -> (Seen, Option<Place>) {
        (opened.insert(&mut batch.words, index, may_insert), None)
    }

    fn keep(
        batch: &mut CompactBatch<S::State>,
        index: usize,
        slots: &mut Vec<S::State>,
        slot: usize,
    ) {
        batch.whole.keep(index, slots, slot);
    }

    fn clear(batch: &mut CompactBatch<S::State>) {
        batch.whole.clear();
        batch.words.clear();
    }

    fn bytes(&self) -> usize {
        self.0.bytes()
    }

    const TAG: u64 = 2;
    const IS_EXACT: bool = false;

    fn save(&self, sink: &mut Sink) -> io::Result<()> {
        self.0.save(sink)
    }

    fn load(&self, source: &mut Source) -> Result<(), CheckpointError> {
        self.0.load(source)
    }
}

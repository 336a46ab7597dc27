//! The forms in which a search keeps states: as packed words here, `whole` or `compact`.
//!
//! A form owns the set of visited states, and says what the frontier holds of a state and how
//! successors are looked up in batches. Nothing here knows of trails, counts or limits in number.

use std::io;

use crate::checkpoint::{CheckpointError, Sink, Source};
pub(crate) use crate::flat::Seen;
use crate::flat::{self, Flat};
use crate::records::Place;
use crate::system::{Packed, System};

/// How a search keeps states.
pub(crate) trait Form<S: System>: Sync {
    /// What the frontier holds of a state.
    type Kept: Send + Sync;
    /// Successors that are looked up together.
    type Batch: Default + Send;
    /// The set, ready for a batch.
    type Opened<'a>
    where
        Self: 'a;

    /// How many successors are looked up together at most.
    const BATCH_LEN: usize;

    /// The state, be it unpacked into `room` or as it is.
    fn restore<'a>(system: &S, kept: &'a Self::Kept, room: &'a mut S::State) -> &'a S::State;

    /// Adds a successor to the batch, which may take its buffers and leave others.
    fn offer(system: &S, batch: &mut Self::Batch, successor: &mut S::State);

    /// Adds all successors of a state to the batch in the order of its actions, if that is quickly
    /// done and all there is to do; how many.
    #[inline]
    fn expand(system: &S, kept: &Self::Kept, batch: &mut Self::Batch) -> usize {
        let _ = (system, kept, batch);
        0
    }

    /// Makes room for the batch, and asks for what its look-ups will need.
    fn open<'a>(&'a self, batch: &mut Self::Batch) -> Self::Opened<'a>;

    /// Lists those of the batch that may be new, in their order; the others are known for certain.
    fn sift(opened: &Self::Opened<'_>, batch: &Self::Batch, unknown: &mut Vec<u32>);

    /// Inserts those that may be new, if it may insert so many, and lists those that are; whether
    /// it has.
    fn insert_all(
        opened: &Self::Opened<'_>,
        batch: &mut Self::Batch,
        unknown: &mut Vec<u32>,
    ) -> bool {
        let _ = (opened, batch, unknown);
        false
    }

    /// Looks a successor of the batch up, and inserts it if it may. They come in their order.
    fn insert(
        opened: &Self::Opened<'_>,
        batch: &mut Self::Batch,
        index: usize,
        may_insert: bool,
    ) -> (Seen, Option<Place>);

    /// Puts a successor of the batch into the slot, or into a new one.
    fn keep(batch: &mut Self::Batch, index: usize, slots: &mut Vec<Self::Kept>, slot: usize);

    /// Empties the batch.
    fn clear(batch: &mut Self::Batch);

    /// The size of the set.
    fn bytes(&self) -> usize;

    /// The number of the form in a checkpoint.
    const TAG: u64;
    /// Whether no state is ever taken for another one.
    const IS_EXACT: bool = true;

    /// Writes the set.
    fn save(&self, sink: &mut Sink) -> io::Result<()>;

    /// Adds the states of a set that was written.
    fn load(&self, source: &mut Source) -> Result<(), CheckpointError>;
}

/// States that are words: the set is exact because the word is the state.
pub(crate) struct Words(Flat);

impl Words {
    pub(crate) fn new(threads: usize, bytes_max: Option<usize>) -> Self {
        Self(Flat::new(threads, bytes_max))
    }
}

impl<S: Packed> Form<S> for Words {
    type Kept = u64;
    type Batch = flat::Batch;
    type Opened<'a> = flat::Opened<'a>;

    const BATCH_LEN: usize = 256;

    #[inline]
    fn restore<'a>(system: &S, kept: &'a u64, room: &'a mut S::State) -> &'a S::State {
        *room = system.unpack(*kept);
        room
    }

    #[inline]
    fn offer(system: &S, batch: &mut flat::Batch, successor: &mut S::State) {
        batch.push(system.pack(successor));
    }

    #[inline]
    fn expand(system: &S, kept: &u64, batch: &mut flat::Batch) -> usize {
        batch.extend(|words| system.successors(*kept, words))
    }

    fn open<'a>(&'a self, batch: &mut flat::Batch) -> flat::Opened<'a> {
        self.0.open(batch)
    }

    fn sift(opened: &flat::Opened<'_>, batch: &flat::Batch, unknown: &mut Vec<u32>) {
        opened.sift(batch, unknown);
    }

    fn insert_all(
        opened: &flat::Opened<'_>,
        batch: &mut flat::Batch,
        unknown: &mut Vec<u32>,
    ) -> bool {
        opened.insert_all(batch, unknown)
    }

    #[inline]
    fn insert(
        opened: &flat::Opened<'_>,
        batch: &mut flat::Batch,
        index: usize,
        may_insert: bool,
    ) -> (Seen, Option<Place>) {
        (opened.insert(batch, index, may_insert), None)
    }

    #[inline]
    fn keep(batch: &mut flat::Batch, index: usize, slots: &mut Vec<u64>, slot: usize) {
        let word = batch.word(index);
        match slots.get_mut(slot) {
            Some(slot) => *slot = word,
            None => slots.push(word),
        }
    }

    fn clear(batch: &mut flat::Batch) {
        batch.clear();
    }

    fn bytes(&self) -> usize {
        self.0.bytes()
    }

    const TAG: u64 = 0;

    fn save(&self, sink: &mut Sink) -> io::Result<()> {
        self.0.save(sink)
    }

    fn load(&self, source: &mut Source) -> Result<(), CheckpointError> {
        self.0.load(source)
    }
}

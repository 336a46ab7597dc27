//! The forms in which a search keeps states: as packed words, or whole with their encodings.
//!
//! A form owns the set of visited states, and says what the frontier holds of a state and how
//! successors are looked up in batches. Nothing here knows of trails, counts or limits in number.

use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::checkpoint::{CheckpointError, Sink, Source};
use crate::encoding::Recorder;
pub(crate) use crate::flat::Seen;
use crate::flat::{self, Flat};
use crate::records::{self, Place, Records};
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
        let mut hasher = DefaultHasher::new();
        hasher.write(batch.whole.encoding(index));
        batch.words.push(hasher.finish() % u64::MAX);
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

/// States of any size: the set holds their encodings, the frontier the states as they are.
pub(crate) struct Whole {
    /// One, or more where several threads fill them: a state belongs to the one of its hash.
    shards: Vec<Mutex<Records>>,
    bytes: AtomicUsize,
    bytes_max: usize,
}

/// Successors with their encodings.
pub(crate) struct WholeBatch<T> {
    /// More than `len`: what is behind has buffers to be used again.
    states: Vec<T>,
    len: usize,
    recorder: Recorder,
    /// Where each encoding ends.
    ends: Vec<usize>,
}

const SHARD_COUNT: usize = 32;

impl Whole {
    pub(crate) fn new(threads: usize, bytes_max: Option<usize>) -> Self {
        let count = if threads == 1 { 1 } else { SHARD_COUNT };
        let shards: Vec<Records> = (0..count).map(|_| Records::new()).collect();
        let bytes = AtomicUsize::new(shards.iter().map(Records::bytes).sum());
        let shards = shards.into_iter().map(Mutex::new).collect();
        Self { shards, bytes, bytes_max: bytes_max.unwrap_or(usize::MAX) }
    }

    fn put(&self, encoding: &[u8], may_insert: bool) -> (Seen, Option<Place>) {
        let hash = records::hash(encoding);
        // Neither the lowest bits, which choose a slot, nor the highest, which the slot keeps.
        let shard = (hash >> 30) as usize % self.shards.len();
        let mut records = self.shards[shard].lock().expect("nobody panics while it is held");
        let vacancy = match records.find(encoding, hash) {
            Ok(place) => return (Seen::Known, Some(place)),
            Err(_) if !may_insert => return (Seen::Refused, None),
            Err(vacancy) => vacancy,
        };
        if self.bytes.load(Relaxed) + records.bytes_to_insert() > self.bytes_max {
            return (Seen::Full, None);
        }
        let before = records.bytes();
        let place = records.insert(&vacancy, encoding);
        self.bytes.fetch_add(records.bytes() - before, Relaxed);
        (Seen::New, Some(place))
    }
}

impl<S: System> Form<S> for Whole {
    type Kept = S::State;
    type Batch = WholeBatch<S::State>;
    type Opened<'a> = &'a Self;

    const BATCH_LEN: usize = 16;

    fn restore<'a>(_: &S, kept: &'a S::State, _: &'a mut S::State) -> &'a S::State {
        kept
    }

    fn offer(_: &S, batch: &mut WholeBatch<S::State>, successor: &mut S::State) {
        batch.push(successor);
    }

    fn open<'a>(&'a self, _: &mut WholeBatch<S::State>) -> &'a Self {
        self
    }

    fn sift(_: &&Self, batch: &WholeBatch<S::State>, unknown: &mut Vec<u32>) {
        unknown.extend(0..batch.len as u32);
    }

    fn insert(
        opened: &&Self,
        batch: &mut WholeBatch<S::State>,
        index: usize,
        may_insert: bool,
    ) -> (Seen, Option<Place>) {
        opened.put(batch.encoding(index), may_insert)
    }

    fn keep(
        batch: &mut WholeBatch<S::State>,
        index: usize,
        slots: &mut Vec<S::State>,
        slot: usize,
    ) {
        batch.keep(index, slots, slot);
    }

    fn clear(batch: &mut WholeBatch<S::State>) {
        batch.clear();
    }

    fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }

    const TAG: u64 = 1;

    fn save(&self, sink: &mut Sink) -> io::Result<()> {
        let lock = |shard: &Mutex<Records>| shard.lock().expect("no thread is left").len();
        sink.number(self.shards.iter().map(lock).sum())?;
        for shard in &self.shards {
            let records = shard.lock().expect("no thread is left");
            records.encodings().try_for_each(|encoding| sink.text(encoding))?;
        }
        Ok(())
    }

    fn load(&self, source: &mut Source) -> Result<(), CheckpointError> {
        for _ in 0..source.number()? {
            match self.put(&source.text()?, true).0 {
                Seen::New => {}
                Seen::Known | Seen::Refused => return Err(CheckpointError::Damaged),
                Seen::Full => return Err(CheckpointError::TooLarge),
            }
        }
        Ok(())
    }
}

impl<T> Default for WholeBatch<T> {
    fn default() -> Self {
        Self { states: Vec::new(), len: 0, recorder: Recorder::default(), ends: Vec::new() }
    }
}

impl<T: Clone + std::hash::Hash> WholeBatch<T> {
    fn push(&mut self, successor: &mut T) {
        self.recorder.append(successor);
        self.ends.push(self.recorder.bytes().len());
        match self.states.get_mut(self.len) {
            Some(state) => std::mem::swap(state, successor),
            None => self.states.push(successor.clone()),
        }
        self.len += 1;
    }

    fn keep(&mut self, index: usize, slots: &mut Vec<T>, slot: usize) {
        match slots.get_mut(slot) {
            Some(slot) => std::mem::swap(slot, &mut self.states[index]),
            None => slots.push(self.states[index].clone()),
        }
    }

    fn encoding(&self, index: usize) -> &[u8] {
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.recorder.bytes()[begin..self.ends[index]]
    }

    fn clear(&mut self) {
        self.len = 0;
        self.ends.clear();
        self.recorder.clear();
    }
}

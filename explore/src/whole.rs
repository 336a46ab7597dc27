//! Owns states that are kept whole: as their encodings in the set, as they are in the frontier.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};

use crate::checkpoint::{CheckpointError, Sink, Source};
use crate::encoding::Recorder;
use crate::fold::{Familiar, Pieces};
use crate::form::{Form, Seen};
use crate::records::{self, Place, Records};
use crate::system::System;

/// States of any size: the set holds their encodings, the frontier the states as they are.
pub(crate) struct Whole {
    /// One, or more where several threads fill them: a state belongs to the one of its hash.
    shards: Vec<Mutex<Records>>,
    pieces: Pieces,
    bytes: AtomicUsize,
    bytes_max: usize,
}

/// Successors with their encodings.
pub(crate) struct WholeBatch<T> {
    /// More than `len`: what is behind has buffers to be used again.
    states: Vec<T>,
    pub(crate) len: usize,
    recorder: Recorder,
    /// Where each encoding ends.
    ends: Vec<usize>,
    familiar: Familiar,
    /// The folded forms, end to end, since they were looked for.
    folded: Vec<u8>,
    sought: Vec<Sought>,
}

/// A folded form that is looked for.
#[derive(Clone, Copy)]
struct Sought {
    /// Where it ends.
    end: usize,
    hash: u64,
}

const SHARD_COUNT: usize = 32;

impl Whole {
    pub(crate) fn new(threads: usize, bytes_max: Option<usize>) -> Self {
        let count = if threads == 1 { 1 } else { SHARD_COUNT };
        let shards: Vec<Records> = (0..count).map(|_| Records::new()).collect();
        let bytes = AtomicUsize::new(shards.iter().map(Records::bytes).sum());
        let shards = shards.into_iter().map(Mutex::new).collect();
        let pieces = Pieces::new(count);
        Self { shards, pieces, bytes, bytes_max: bytes_max.unwrap_or(usize::MAX) }
    }

    /// Adds the folded form of an encoding to those before, and what it is looked for by.
    fn seek(&self, encoding: &[u8], familiar: &mut Familiar, folded: &mut Vec<u8>) -> Sought {
        let begin = folded.len();
        self.pieces.fold(encoding, familiar, folded);
        Sought { end: folded.len(), hash: records::hash(&folded[begin..]) }
    }

    fn shard(&self, hash: u64) -> MutexGuard<'_, Records> {
        // Neither the lowest bits, which choose a slot, nor the highest, which the slot keeps.
        let shard = (hash >> 30) as usize % self.shards.len();
        self.shards[shard].lock().expect("nobody panics while it is held")
    }

    /// Looks a folded form up.
    fn put(&self, folded: &[u8], hash: u64, may_insert: bool) -> (Seen, Option<Place>) {
        let mut records = self.shard(hash);
        let vacancy = match records.find(folded, hash) {
            Ok(place) => return (Seen::Known, Some(place)),
            Err(_) if !may_insert => return (Seen::Refused, None),
            Err(vacancy) => vacancy,
        };
        let bytes = self.bytes.load(Relaxed) + self.pieces.bytes();
        // There is always room for a first state: without one there is no search.
        if bytes + records.bytes_to_insert() > self.bytes_max && !records.is_empty() {
            return (Seen::Full, None);
        }
        let before = records.bytes();
        let place = records.insert(&vacancy, folded);
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

    /// Asks for where the folded forms begin to be looked for.
    fn open<'a>(&'a self, batch: &mut WholeBatch<S::State>) -> &'a Self {
        for index in 0..batch.len {
            let range = batch.range(index);
            let WholeBatch { recorder, familiar, folded, sought, .. } = batch;
            let now = self.seek(&recorder.bytes()[range], familiar, folded);
            self.shard(now.hash).expect(now.hash);
            sought.push(now);
        }
        self
    }

    /// Asks for the records that may be theirs.
    fn sift(opened: &&Self, batch: &WholeBatch<S::State>, unknown: &mut Vec<u32>) {
        for sought in &batch.sought {
            opened.shard(sought.hash).expect_record(sought.hash);
        }
        unknown.extend(0..batch.len as u32);
    }

    fn insert(
        opened: &&Self,
        batch: &mut WholeBatch<S::State>,
        index: usize,
        may_insert: bool,
    ) -> (Seen, Option<Place>) {
        let begin = index.checked_sub(1).map_or(0, |before| batch.sought[before].end);
        let Sought { end, hash } = batch.sought[index];
        opened.put(&batch.folded[begin..end], hash, may_insert)
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
        self.bytes.load(Relaxed) + self.pieces.bytes()
    }

    const TAG: u64 = 1;

    fn save(&self, sink: &mut Sink) -> io::Result<()> {
        self.pieces.save(sink)?;
        let lock = |shard: &Mutex<Records>| shard.lock().expect("no thread is left").len();
        sink.number(self.shards.iter().map(lock).sum())?;
        for shard in &self.shards {
            let records = shard.lock().expect("no thread is left");
            records.encodings().try_for_each(|folded| sink.text(folded))?;
        }
        Ok(())
    }

    fn load(&self, source: &mut Source) -> Result<(), CheckpointError> {
        // Their numbers are others where there are more threads now, or fewer.
        let pieces = Pieces::load(source)?;
        let (mut familiar, mut folded) = (Familiar::default(), Vec::new());
        for _ in 0..source.number()? {
            let encoding = pieces.unfold(&source.text()?);
            folded.clear();
            let Sought { hash, .. } = self.seek(&encoding, &mut familiar, &mut folded);
            match self.put(&folded, hash, true).0 {
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
        Self {
            states: Vec::new(),
            len: 0,
            recorder: Recorder::default(),
            ends: Vec::new(),
            familiar: Familiar::default(),
            folded: Vec::new(),
            sought: Vec::new(),
        }
    }
}

impl<T: Clone + std::hash::Hash> WholeBatch<T> {
    pub(crate) fn push(&mut self, successor: &mut T) {
        self.recorder.append(successor);
        self.ends.push(self.recorder.bytes().len());
        match self.states.get_mut(self.len) {
            Some(state) => std::mem::swap(state, successor),
            None => self.states.push(successor.clone()),
        }
        self.len += 1;
    }

    pub(crate) fn keep(&mut self, index: usize, slots: &mut Vec<T>, slot: usize) {
        match slots.get_mut(slot) {
            Some(slot) => std::mem::swap(slot, &mut self.states[index]),
            None => slots.push(self.states[index].clone()),
        }
    }

    pub(crate) fn encoding(&self, index: usize) -> &[u8] {
        &self.recorder.bytes()[self.range(index)]
    }

    fn range(&self, index: usize) -> Range<usize> {
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        begin..self.ends[index]
    }

    pub(crate) fn clear(&mut self) {
        self.len = 0;
        self.ends.clear();
        self.recorder.clear();
        self.folded.clear();
        self.sought.clear();
    }
}

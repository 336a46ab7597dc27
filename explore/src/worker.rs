//! One thread of a search: expands states, looks their successors up, and keeps the new ones.
//!
//! Successors are looked up in batches, but everything counts in the order in which the actions
//! are taken, so that a search that is cut short has done the same as one without batches.

use std::collections::VecDeque;
use std::ops::{ControlFlow, Range};

use crate::expansion::{Expansion, TakenAction};
use crate::forest::{Grove, Origin, StateId};
use crate::form::{Form, Seen};
use crate::frontier::{CHUNK_LEN, Chunk, Done, First, Frontier};
use crate::graph::Record;
use crate::report::{Finish, Limit};
use crate::search::{Control, Observer, Order};
use crate::shared::{COUNT, Shared};
use crate::system::System;
use crate::tally::{Event, Scene, Tally};
use crate::waiting::Waiting;

/// A thread of a search, and what it has found.
pub(crate) struct Worker<'a, S: System, F: Form<S>, R> {
    expansion: Expansion<'a, S>,
    batch: F::Batch,
    /// The actions that were taken and do not count yet, but for those whose successors are not
    /// kept; those of them that came last.
    offers: Vec<Offer>,
    pruned: u32,
    /// Of the offers, those that may be new.
    unknown: Vec<u32>,
    pub(crate) record: R,
    pub(crate) tally: Tally<S>,
    pub(crate) grove: Grove,
    /// The states that were found since they were last taken away.
    pub(crate) found: Vec<Chunk<F::Kept>>,
    /// Chunks that it has taken and not begun.
    held: VecDeque<Chunk<F::Kept>>,
    /// Of chunks that are expanded, with their buffers.
    spare: Vec<Vec<F::Kept>>,
    /// How many states it may still find before it has to ask.
    lease: u64,
    /// States that are expanded, but for those of the chunk at hand.
    expanded: u64,
    /// What the others know of its counts.
    published: [u64; COUNT],
    /// States at the limit of depth, which are not expanded.
    pub(crate) cut: Vec<Chunk<F::Kept>>,
    /// How many actions the state needs that is being expanded.
    at_depth: u32,
    /// The most actions that a state needs which was found.
    pub(crate) deepest: u32,
    /// Why it has ended early, and what is left of the chunk that it was at.
    pub(crate) ended: Option<(Finish, Chunk<F::Kept>)>,
}

/// So many buffers are kept down a stack.
const STACK_SPARE_COUNT: usize = 64;

/// An action that was taken, and its successor is kept.
#[derive(Clone, Copy)]
struct Offer {
    /// The place of the state in its chunk.
    source: u16,
    ordinal: u16,
    /// Actions taken just before whose successors are not kept.
    pruned: u32,
}

/// Offers that may be new, or that are, and are inserted already.
#[derive(Clone, Copy)]
struct Listed<'a> {
    unknown: &'a [u32],
    is_inserted: bool,
}

/// Where a search ends early: before this action of this state of the chunk.
struct End {
    finish: Finish,
    source: usize,
    done: Done,
}

impl<'a, S: System, F: Form<S>, R: Record<S>> Worker<'a, S, F, R> {
    pub(crate) fn new(system: &'a S, order: Order, grove: Grove, record: R) -> Self {
        Self {
            expansion: Expansion::new(system, order),
            batch: F::Batch::default(),
            offers: Vec::new(),
            pruned: 0,
            unknown: Vec::new(),
            record,
            tally: Tally::new(),
            grove,
            found: Vec::new(),
            held: VecDeque::new(),
            spare: Vec::new(),
            lease: 0,
            expanded: 0,
            published: [0; COUNT],
            cut: Vec::new(),
            at_depth: 0,
            deepest: 0,
            ended: None,
        }
    }

    /// Visits the initial state, and judges it.
    pub(crate) fn visit_initial(&mut self, shared: &Shared<'_, F>) {
        let system = self.expansion.system;
        let mut initial = system.initial();
        system.start(&initial, &mut self.expansion.broken);
        let scene = Scene { state: StateId::FIRST, depth: 0, event: Event::Start };
        self.tally.note_broken(&self.expansion.broken, scene);
        F::offer(system, &mut self.batch, &mut initial);
        let opened = shared.form.open(&mut self.batch);
        let (seen, place) = F::insert(&opened, &mut self.batch, 0, true);
        drop(opened);
        assert_eq!(seen, Seen::New, "no state has been visited yet");
        assert_eq!(self.grove.next(), StateId::FIRST, "the initial state is where trails begin");
        self.record.find(place);
        self.keep(0, Origin { parent: StateId::FIRST, ordinal: 0 }, 0);
        F::clear(&mut self.batch);
        self.lease = shared.lease();
    }

    /// Goes on with the states that a worker before has found; the others know of its counts.
    pub(crate) fn go_on(&mut self, grove: Grove, deepest: u32) {
        self.published = [grove.len(), self.tally.transitions, 0];
        self.grove = grove;
        self.deepest = deepest;
    }

    /// Everything that it has found and not expanded, without the states.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = Waiting> {
        self.cut.iter().chain(&self.found).map(Chunk::waiting)
    }

    /// Expands what there is, until nothing is left or the search ends.
    pub(crate) fn work(
        &mut self,
        shared: &Shared<'_, F>,
        frontier: &Frontier<F::Kept>,
        observer: &mut Option<Observer<'_>>,
    ) {
        let mut room = self.expansion.system.initial();
        let _closing = ClosedByPanic(frontier);
        loop {
            if shared.is_checkpoint_due() {
                frontier.close();
            }
            let Some(mut chunk) = frontier.take(&mut self.held) else { break };
            self.at_depth = chunk.depth;
            let flow = match shared.ending() {
                Some(finish) => stop(finish, chunk.begin, chunk.done),
                None if shared.limits.depth == Some(chunk.depth) => {
                    self.cut.push(chunk);
                    frontier.give(std::iter::empty());
                    continue;
                }
                None => self.expand_chunk(&chunk, &mut room, shared, observer),
            };
            if let ControlFlow::Break(End { finish, source, done }) = flow {
                (chunk.begin, chunk.done) = (source, done);
                self.ended = Some((finish, chunk));
                frontier.put_back(&mut self.held);
                frontier.close();
                break;
            }
            self.expanded += chunk.left();
            let is_level = shared.first == First::Breadth;
            // Down a stack, more chunks are taken apart than are found.
            if is_level || self.spare.len() < STACK_SPARE_COUNT {
                self.spare.push(chunk.slots);
            }
            if !is_level {
                frontier.give(self.found.drain(..));
            }
        }
        self.publish(shared, 0);
    }

    /// Takes every action of the states that are left in the chunk, or judges them as ends.
    fn expand_chunk(
        &mut self,
        chunk: &Chunk<F::Kept>,
        room: &mut S::State,
        shared: &Shared<'_, F>,
        observer: &mut Option<Observer<'_>>,
    ) -> ControlFlow<End> {
        let system = self.expansion.system;
        let mut done = chunk.done;
        let is_quick = !R::LISTENS && self.expansion.order() == Order::Forward;
        for source in chunk.begin..chunk.len {
            if is_quick && done == Done::default() && self.expand_quickly(chunk, source) {
                if self.offers.len() >= F::BATCH_LEN {
                    self.resolve(chunk, false, shared, observer)?;
                }
                continue;
            }
            let state = F::restore(system, &chunk.slots[source], room);
            self.record.begin(system, state);
            self.expansion.begin(state);
            while let Some(taken) = self.expansion.take_next(state) {
                let ordinal = u32::from(taken.ordinal);
                if ordinal < done.actions {
                    continue;
                }
                let breaks = !self.expansion.broken.is_empty();
                if breaks && !(done.rules_of_next && ordinal == done.actions) {
                    self.resolve(chunk, false, shared, observer)?;
                    self.note_broken(chunk, source, Event::Step { ordinal: taken.ordinal });
                    if shared.stops_when_broken {
                        let done = Done { actions: ordinal, rules_of_next: true };
                        return stop(Finish::Stopped, source, done);
                    }
                }
                self.record.take(system, state, &taken);
                let TakenAction { ordinal, moved, action: _ } = taken;
                if moved {
                    let pruned = std::mem::take(&mut self.pruned);
                    self.offers.push(Offer { source: source as u16, ordinal, pruned });
                    F::offer(system, &mut self.batch, &mut self.expansion.successor);
                } else {
                    self.pruned += 1;
                }
                if breaks || self.offers.len() >= F::BATCH_LEN {
                    self.resolve(chunk, breaks, shared, observer)?;
                }
            }
            done = Done::default();
            if self.expansion.found_an_end() {
                self.resolve(chunk, false, shared, observer)?;
                self.judge_end(chunk, source, state);
                if shared.stops_when_broken && !self.expansion.broken.is_empty() {
                    return stop(Finish::Stopped, source + 1, done);
                }
            }
        }
        self.resolve(chunk, false, shared, observer)
    }

    /// Takes every action of a state at once, if that is possible and there are any.
    #[inline]
    fn expand_quickly(&mut self, chunk: &Chunk<F::Kept>, source: usize) -> bool {
        let kept = &chunk.slots[source];
        let count = F::expand(self.expansion.system, kept, &mut self.batch);
        let (source, first) = (source as u16, self.offers.len());
        let offer = |ordinal| Offer { source, ordinal, pruned: 0 };
        self.offers.extend((0..count).map(|ordinal| offer(ordinal as u16)));
        if let Some(first) = self.offers.get_mut(first) {
            first.pruned = std::mem::take(&mut self.pruned);
        }
        count > 0
    }

    fn note_broken(&mut self, chunk: &Chunk<F::Kept>, source: usize, event: Event) {
        let scene = Scene { state: chunk.first.plus(source), depth: chunk.depth, event };
        self.tally.note_broken(&self.expansion.broken, scene);
    }

    fn judge_end(&mut self, chunk: &Chunk<F::Kept>, source: usize, state: &S::State) {
        let Expansion { system, broken, .. } = &mut self.expansion;
        self.tally.note_end(system.classify(state), chunk.first.plus(source), chunk.depth);
        broken.clear();
        system.end(state, broken);
        self.note_broken(chunk, source, Event::End);
    }

    /// Looks up where the actions lead that were taken, and counts them. `rules_count` says that
    /// the rules which the first of them breaks count already.
    fn resolve(
        &mut self,
        chunk: &Chunk<F::Kept>,
        rules_count: bool,
        shared: &Shared<'_, F>,
        observer: &mut Option<Observer<'_>>,
    ) -> ControlFlow<End> {
        let opened = shared.form.open(&mut self.batch);
        self.unknown.clear();
        F::sift(&opened, &self.batch, &mut self.unknown);
        let mut unknown = std::mem::take(&mut self.unknown);
        // No more than it may find before it has to ask: it might be told to stop at one of them.
        let is_inserted = self.lease >= unknown.len() as u64
            && F::insert_all(&opened, &mut self.batch, &mut unknown);
        let listed = Listed { unknown: &unknown, is_inserted };
        let flow = self.count(listed, &opened, chunk, rules_count, shared, observer);
        drop(opened);
        self.unknown = unknown;
        self.offers.clear();
        self.pruned = 0;
        F::clear(&mut self.batch);
        flow
    }

    fn count(
        &mut self,
        listed: Listed<'_>,
        opened: &F::Opened<'_>,
        chunk: &Chunk<F::Kept>,
        rules_count: bool,
        shared: &Shared<'_, F>,
        observer: &mut Option<Observer<'_>>,
    ) -> ControlFlow<End> {
        // So many offers count: those that are known for certain count with the next that is not.
        let mut counted = 0;
        for index in listed.unknown.iter().map(|index| *index as usize) {
            let Offer { source, ordinal, .. } = self.offers[index];
            let (source, before) = (usize::from(source), u32::from(ordinal));
            if self.lease == 0 {
                self.lease = shared.lease();
            }
            let (seen, place) = if listed.is_inserted {
                (Seen::New, None)
            } else {
                F::insert(opened, &mut self.batch, index, self.lease > 0)
            };
            let limit = match seen {
                Seen::Known | Seen::New => None,
                Seen::Refused => Some(Limit::States),
                Seen::Full => Some(Limit::Bytes),
            };
            if let Some(limit) = limit {
                self.tally_offers(counted..index);
                self.tally.pruned += u64::from(self.offers[index].pruned);
                let done = Done { actions: before, rules_of_next: rules_count };
                return stop(Finish::LimitReached(limit), source, done);
            }
            if seen == Seen::New {
                self.record.find(place);
                let parent = chunk.first.plus(source);
                self.keep(index, Origin { parent, ordinal }, chunk.depth + 1);
                self.lease -= 1;
                if self.lease == 0 {
                    self.tally_offers(counted..index + 1);
                    counted = index + 1;
                    self.lease = shared.lease();
                    self.publish(shared, (source + 1 - chunk.begin) as u64);
                    if shared.tell(observer) == Control::Stop {
                        let done = Done { actions: before + 1, rules_of_next: false };
                        return stop(Finish::Stopped, source, done);
                    }
                }
            }
            self.record.lead(place);
        }
        self.tally_offers(counted..self.offers.len());
        self.tally.pruned += u64::from(self.pruned);
        ControlFlow::Continue(())
    }

    fn tally_offers(&mut self, which: Range<usize>) {
        self.tally.transitions += which.len() as u64;
        let pruned: u64 = self.offers[which].iter().map(|offer| u64::from(offer.pruned)).sum();
        self.tally.pruned += pruned;
    }

    /// Keeps a successor of the batch to be expanded, and notes where it came from.
    fn keep(&mut self, index: usize, origin: Origin, depth: u32) {
        let id = self.grove.next();
        let has_room = |chunk: &Chunk<F::Kept>| {
            let is_next = chunk.depth == depth && chunk.first.plus(chunk.len) == id;
            is_next && chunk.len < CHUNK_LEN
        };
        if !self.found.last().is_some_and(has_room) {
            let slots = self.spare.pop().unwrap_or_default();
            self.found.push(Chunk::new(id, depth, slots));
        }
        let last = self.found.len() - 1;
        let chunk = &mut self.found[last];
        F::keep(&mut self.batch, index, &mut chunk.slots, chunk.len);
        chunk.len += 1;
        self.grove.push(origin);
        self.deepest = self.deepest.max(depth);
    }

    /// Tells the others what has been counted; so many states are expanded of the chunk at hand.
    fn publish(&mut self, shared: &Shared<'_, F>, expanded_of_chunk: u64) {
        let expanded = self.expanded + expanded_of_chunk;
        let counts = [self.grove.len(), self.tally.transitions, expanded];
        shared.publish(counts, self.at_depth, &mut self.published);
    }
}

/// The others do not wait for a worker that panics.
struct ClosedByPanic<'f, K>(&'f Frontier<K>);

impl<K> Drop for ClosedByPanic<'_, K> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.close();
        }
    }
}

fn stop(finish: Finish, source: usize, done: Done) -> ControlFlow<End> {
    ControlFlow::Break(End { finish, source, done })
}

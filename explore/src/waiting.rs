//! Derives the states that wait in a checkpoint: along the trails that lead there, each step once.
//!
//! The states themselves are not in the file, since nothing that is written is ever decoded. Every
//! one that is derived has to be in the set of states, or else the system has changed.

use std::ops::Range;

use crate::checkpoint::CheckpointError;
use crate::expansion::Expansion;
use crate::forest::{Grove, StateId};
use crate::form::{Form, Seen};
use crate::frontier::{Chunk, Done};
use crate::search::Order;
use crate::system::System;

/// States that wait, without the states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) first: StateId,
    pub(crate) depth: u32,
    pub(crate) len: usize,
    pub(crate) done: Done,
}

/// A step of a trail to one of them.
struct Step {
    parent: StateId,
    ordinal: u16,
    to: StateId,
}

/// Fills the chunks with the states that wait.
pub(crate) fn derive<S: System, F: Form<S>>(
    system: &S,
    order: Order,
    groves: &[Grove],
    form: &F,
    waiting: &[Waiting],
) -> Result<Vec<Chunk<F::Kept>>, CheckpointError> {
    let steps = steps(groves, waiting);
    let mut ranges: Vec<(StateId, usize)> =
        waiting.iter().enumerate().map(|(chunk, waiting)| (waiting.first, chunk)).collect();
    ranges.sort_unstable();
    let slot = |id: StateId| {
        let later = ranges.partition_point(|(first, _)| *first <= id);
        let (first, chunk) = ranges[later.checked_sub(1)?];
        let place = id.since(first)?;
        (place < waiting[chunk].len).then_some((chunk, place))
    };
    let empty = |waiting: &Waiting| (0..waiting.len).map(|_| None).collect();
    let mut slots: Vec<Vec<Option<F::Kept>>> = waiting.iter().map(empty).collect();
    let mut batch = F::Batch::default();
    let mut expansion = Expansion::new(system, order);
    let mut stack = vec![(StateId::FIRST, system.initial())];
    while let Some((id, mut state)) = stack.pop() {
        let children = &steps[children(&steps, id)];
        let mut left = children.iter();
        let mut next = left.next();
        if next.is_some() {
            expansion.begin(&state);
        }
        while let Some(step) = next {
            let taken = expansion.take_next(&state).ok_or(CheckpointError::Changed)?;
            if taken.ordinal == step.ordinal {
                if !taken.moved {
                    return Err(CheckpointError::Changed);
                }
                stack.push((step.to, expansion.successor.clone()));
                next = left.next();
            }
        }
        if let Some((chunk, place)) = slot(id) {
            F::offer(system, &mut batch, &mut state);
            let opened = form.open(&mut batch);
            if F::insert(&opened, &mut batch, 0, false).0 != Seen::Known {
                return Err(CheckpointError::Changed);
            }
            drop(opened);
            let mut kept = Vec::new();
            F::keep(&mut batch, 0, &mut kept, 0);
            slots[chunk][place] = kept.pop();
            F::clear(&mut batch);
        }
    }
    let chunks = waiting.iter().zip(slots).map(|(waiting, slots)| {
        let slots: Option<Vec<F::Kept>> = slots.into_iter().collect();
        let slots = slots.ok_or(CheckpointError::Changed)?;
        let Waiting { first, depth, len, done } = *waiting;
        Ok(Chunk { first, depth, slots, len, begin: 0, done })
    });
    chunks.collect()
}

/// Every step of the trails to the states that wait, once, ordered by the state that it leaves and
/// by its place there.
fn steps(groves: &[Grove], waiting: &[Waiting]) -> Vec<Step> {
    let mut known: Vec<Vec<u64>> =
        groves.iter().map(|grove| vec![0; (grove.len() as usize).div_ceil(64)]).collect();
    let mut is_new = |id: StateId| {
        let (word, bit) = (&mut known[id.worker()][id.number() as usize / 64], id.number() % 64);
        let is_new = *word & 1 << bit == 0;
        *word |= 1 << bit;
        is_new
    };
    let states = waiting.iter().flat_map(|it| (0..it.len).map(|place| it.first.plus(place)));
    let mut ids: Vec<StateId> = states.filter(|id| is_new(*id)).collect();
    let mut steps = Vec::new();
    while !ids.is_empty() {
        ids.sort_unstable();
        let mut parents = Vec::new();
        for same in ids.chunk_by(|one, other| one.worker() == other.worker()) {
            groves[same[0].worker()].origins_of(same, |to, origin| {
                if to == StateId::FIRST {
                    return;
                }
                steps.push(Step { parent: origin.parent, ordinal: origin.ordinal, to });
                if is_new(origin.parent) {
                    parents.push(origin.parent);
                }
            });
        }
        ids = parents;
    }
    steps.sort_unstable_by_key(|step| (step.parent, step.ordinal));
    steps
}

/// The steps that leave a state.
fn children(steps: &[Step], id: StateId) -> Range<usize> {
    let begin = steps.partition_point(|step| step.parent < id);
    let count = steps[begin..].iter().take_while(|step| step.parent == id).count();
    begin..begin + count
}

//! Runs a search: level by level, or down a stack, on one thread or on several.

use std::thread;
use std::time::Instant;

use crate::forest::Grove;
use crate::form::Form;
use crate::frontier::{CHUNK_LEN, First, Frontier};
use crate::graph::Record;
use crate::report::{Finish, Limit};
use crate::search::{Observer, Search};
use crate::shared::Shared;
use crate::system::System;
use crate::tally::{Extent, Tally};
use crate::worker::Worker;

/// A search that has ended.
pub(crate) struct Ended<S: System, R> {
    pub(crate) tally: Tally<S>,
    pub(crate) groves: Vec<Grove>,
    pub(crate) extent: Extent,
    /// What the first thread was told.
    pub(crate) record: R,
}

/// Runs the search, with a record for each thread.
pub(crate) fn run<S: System, F: Form<S>, R: Record<S>>(
    search: Search<'_, S>,
    form: F,
    records: Vec<R>,
) -> Ended<S, R> {
    let Search { system, order, first, limits, mut observer, .. } = search;
    assert_eq!(records.len(), search.threads, "a record for each thread");
    let shared = Shared {
        form: &form,
        limits,
        first,
        stops_when_broken: search.stops_when_broken,
        threads: search.threads,
        until: limits.time.map(|time| Instant::now() + time),
        interrupt: search.interrupt,
        leased: 1.into(),
        counts: Default::default(),
        deepest: 0.into(),
        told: 0.into(),
        bytes: F::bytes,
    };
    let worker = |(number, record)| Worker::new(number, system, order, record);
    let mut workers: Vec<_> = (0..).zip(records).map(worker).collect();
    let frontier = Frontier::new(first);
    workers[0].visit_initial(&shared);
    frontier.extend(workers[0].found.drain(..));
    let finish = match first {
        First::Breadth => visit_levels(&mut workers, &shared, &frontier, &mut observer),
        First::Depth => visit_stack(&mut workers, &shared, &frontier, &mut observer),
    };
    conclude(workers, F::bytes(&form), finish)
}

fn visit_levels<S: System, F: Form<S>, R: Record<S>>(
    workers: &mut [Worker<'_, S, F, R>],
    shared: &Shared<'_, F>,
    frontier: &Frontier<F::Kept>,
    observer: &mut Option<Observer<'_>>,
) -> Finish {
    for depth in 0.. {
        if shared.limits.depth == Some(depth) {
            return Finish::LimitReached(Limit::Depth);
        }
        if frontier.len() > CHUNK_LEN as u64 {
            work_together(workers, shared, frontier, observer);
        } else {
            workers[0].work(shared, frontier, observer);
        }
        let finish = workers.iter().find_map(|worker| Some(worker.ended.as_ref()?.0));
        for worker in &mut *workers {
            frontier.extend(worker.found.drain(..));
        }
        if let Some(finish) = finish {
            return finish;
        }
        if frontier.len() == 0 {
            break;
        }
    }
    Finish::Complete
}

fn visit_stack<S: System, F: Form<S>, R: Record<S>>(
    workers: &mut [Worker<'_, S, F, R>],
    shared: &Shared<'_, F>,
    frontier: &Frontier<F::Kept>,
    observer: &mut Option<Observer<'_>>,
) -> Finish {
    work_together(workers, shared, frontier, observer);
    let ended = workers.iter().find_map(|worker| Some(worker.ended.as_ref()?.0));
    let is_cut = workers.iter().any(|worker| !worker.cut.is_empty());
    let finish = if is_cut { Finish::LimitReached(Limit::Depth) } else { Finish::Complete };
    ended.unwrap_or(finish)
}

/// This thread is the first worker, and has the observer.
fn work_together<S: System, F: Form<S>, R: Record<S>>(
    workers: &mut [Worker<'_, S, F, R>],
    shared: &Shared<'_, F>,
    frontier: &Frontier<F::Kept>,
    observer: &mut Option<Observer<'_>>,
) {
    let (first, others) = workers.split_first_mut().expect("there is at least one thread");
    thread::scope(|scope| {
        for other in others {
            scope.spawn(|| other.work(shared, frontier, &mut None));
        }
        first.work(shared, frontier, observer);
    });
}

fn conclude<S: System, F: Form<S>, R: Record<S>>(
    workers: Vec<Worker<'_, S, F, R>>,
    bytes: usize,
    finish: Finish,
) -> Ended<S, R> {
    let depth = workers.iter().map(|worker| worker.deepest).max().unwrap_or(0);
    let (mut tally, mut groves, mut first) = (Tally::new(), Vec::new(), None);
    for worker in workers {
        tally.absorb(worker.tally);
        groves.push(worker.grove);
        first = first.or(Some(worker.record));
    }
    let extent = Extent {
        states: groves.iter().map(Grove::len).sum(),
        depth,
        bytes: bytes + groves.iter().map(Grove::bytes).sum::<usize>(),
        finish,
    };
    Ended { tally, groves, extent, record: first.expect("there is at least one thread") }
}

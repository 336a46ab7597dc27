//! Runs a search: level by level, or down a stack, on one thread or on several; keeps it in a
//! checkpoint, and goes on with one.

use std::io;
use std::thread;
use std::time::Instant;

use crate::checkpoint::{self, CheckpointError, Checkpoints, Sink, Source};
use crate::compact::omission;
use crate::forest::Grove;
use crate::forest::StateId;
use crate::form::Form;
use crate::frontier::{CHUNK_LEN, Done, First, Frontier};
use crate::graph::Record;
use crate::report::{Finish, Limit};
use crate::search::{Observer, Order, Search};
use crate::shared::Shared;
use crate::system::System;
use crate::tally::{Extent, Tally};
use crate::trail::Rebuilder;
use crate::waiting::{self, Waiting};
use crate::worker::Worker;

/// A search that has ended.
pub(crate) struct Ended<S: System, R> {
    pub(crate) tally: Tally<S>,
    pub(crate) groves: Vec<Grove>,
    pub(crate) extent: Extent,
    /// What the first thread was told.
    pub(crate) record: R,
}

/// A search that is running.
struct Run<'a, 's, 'o, S: System, F: Form<S>, R> {
    system: &'a S,
    order: Order,
    shared: Shared<'s, F>,
    frontier: Frontier<F::Kept>,
    workers: Vec<Worker<'a, S, F, R>>,
    /// Of workers that a search before had more.
    others: Vec<Grove>,
    observer: Option<Observer<'o>>,
    checkpoints: Option<Checkpoints>,
    checkpoint: Option<Result<(), String>>,
}

/// Runs the search, with a record for each thread.
pub(crate) fn run<S: System, F: Form<S>, R: Record<S>>(
    search: Search<'_, S>,
    form: &F,
    records: Vec<R>,
) -> Result<Ended<S, R>, CheckpointError> {
    let Search { system, order, first, limits, threads, checkpoints, resumed, .. } = search;
    assert_eq!(records.len(), threads, "a record for each thread");
    let shared = Shared {
        form,
        limits,
        first,
        stops_when_broken: search.stops_when_broken,
        threads,
        until: limits.time.map(|time| Instant::now() + time),
        interrupt: search.interrupt,
        leased: 1.into(),
        counts: Default::default(),
        deepest: 0.into(),
        told: 0.into(),
        bytes: F::bytes,
        due: None,
    };
    let worker = |(number, record)| Worker::new(system, order, Grove::new(number), record);
    let mut run = Run {
        system,
        order,
        shared,
        frontier: Frontier::new(first, threads),
        workers: (0..).zip(records).map(worker).collect(),
        others: Vec::new(),
        observer: search.observer,
        checkpoints,
        checkpoint: None,
    };
    match resumed {
        Some(path) => run.load(&mut Source::open(&path)?)?,
        None => run.workers[0].visit_initial(&run.shared),
    }
    run.schedule_checkpoint();
    let finish = match first {
        First::Breadth => run.visit_levels(),
        First::Depth => run.visit_stack(),
    };
    if finish != Finish::Complete && run.checkpoints.is_some() {
        run.write_checkpoint();
    }
    Ok(run.conclude(finish))
}

impl<S: System, F: Form<S>, R: Record<S>> Run<'_, '_, '_, S, F, R> {
    fn visit_levels(&mut self) -> Finish {
        loop {
            if self.frontier.depth().is_none() {
                self.next_level();
            }
            let Some(depth) = self.frontier.depth() else { return Finish::Complete };
            if self.shared.limits.depth == Some(depth) {
                return Finish::LimitReached(Limit::Depth);
            }
            let is_paused = self.work();
            if let Some(finish) = self.ended() {
                return finish;
            }
            if is_paused {
                self.write_checkpoint();
            }
        }
    }

    /// The states that were found in the last level wait for the next.
    fn next_level(&mut self) {
        for worker in &mut self.workers {
            self.frontier.extend(worker.found.drain(..));
        }
    }

    fn visit_stack(&mut self) -> Finish {
        self.next_level();
        while self.work() && self.ended().is_none() {
            self.write_checkpoint();
        }
        let is_cut = self.workers.iter().any(|worker| !worker.cut.is_empty());
        let cut = if is_cut { Finish::LimitReached(Limit::Depth) } else { Finish::Complete };
        self.ended().unwrap_or(cut)
    }

    fn ended(&self) -> Option<Finish> {
        self.workers.iter().find_map(|worker| Some(worker.ended.as_ref()?.0))
    }

    /// Lets the workers work until nothing is left, or until it is closed, which is the answer.
    /// This thread is the first worker, and has the observer.
    fn work(&mut self) -> bool {
        let Self { shared, frontier, workers, observer, .. } = self;
        let (shared, frontier) = (&*shared, &*frontier);
        let is_small = frontier.len() <= CHUNK_LEN as u64 && shared.first == First::Breadth;
        let (first, others) = workers.split_first_mut().expect("there is at least one thread");
        if is_small || others.is_empty() {
            first.work(shared, frontier, observer);
        } else {
            thread::scope(|scope| {
                for other in others {
                    scope.spawn(|| other.work(shared, frontier, &mut None));
                }
                first.work(shared, frontier, observer);
            });
        }
        frontier.reopen()
    }

    fn schedule_checkpoint(&mut self) {
        let every = self.checkpoints.as_ref().and_then(|it| it.every);
        self.shared.due = every.map(|every| Instant::now() + every);
    }

    fn write_checkpoint(&mut self) {
        if let Some(Checkpoints { path, identity, .. }) = &self.checkpoints {
            let written = checkpoint::replace(path, |sink| self.save(identity, sink));
            self.checkpoint = Some(written.map_err(|error| error.to_string()));
        }
        self.schedule_checkpoint();
    }

    fn save(&self, identity: &str, sink: &mut Sink) -> io::Result<()> {
        sink.text(self.header(identity).as_bytes())?;
        let notes = self.system.notes();
        sink.number(notes.len() as u64)?;
        sink.numbers(&notes)?;
        let groves = self.workers.iter().map(|worker| &worker.grove).chain(&self.others);
        sink.number(groves.clone().count() as u64)?;
        groves.clone().try_for_each(|grove| grove.save(sink))?;
        let deepest = self.workers.iter().map(|worker| worker.deepest).max().unwrap_or(0);
        sink.number(deepest.into())?;
        sink.number(self.workers.len() as u64)?;
        self.workers.iter().try_for_each(|worker| worker.tally.save(sink))?;
        let ended = self.workers.iter().filter_map(|it| Some(it.ended.as_ref()?.1.waiting()));
        let found = self.workers.iter().flat_map(Worker::waiting);
        let waiting: Vec<_> = ended.chain(self.frontier.waiting()).chain(found).collect();
        sink.number(waiting.len() as u64)?;
        for Waiting { first, depth, len, done } in waiting {
            let rules = u64::from(done.rules_of_next);
            sink.numbers(&[first.bits(), depth.into(), len as u64, done.actions.into(), rules])?;
        }
        self.shared.form.save(sink)
    }

    /// What a file has to be of so that this search can go on with it.
    fn header(&self, identity: &str) -> String {
        let order = match self.order {
            Order::Forward => "forward",
            Order::Backward => "backward",
        };
        let first = match self.shared.first {
            First::Breadth => "breadth first",
            First::Depth => "depth first",
        };
        let form = ["as words", "whole", "as 64 bits"][F::TAG as usize];
        format!("{identity}, {order}, {first}, states {form}")
    }

    fn load(&mut self, source: &mut Source) -> Result<(), CheckpointError> {
        let identity = self.checkpoints.as_ref().map_or("", |it| &it.identity);
        let expected = self.header(identity);
        let found = String::from_utf8(source.text()?).map_err(|_| CheckpointError::Damaged)?;
        if found != expected {
            return Err(CheckpointError::Foreign { found, expected });
        }
        let notes: io::Result<Vec<u64>> = (0..source.number()?).map(|_| source.number()).collect();
        self.system.recall(&notes?);
        let groves: io::Result<Vec<Grove>> =
            (0..source.number()?).map(|_| Grove::load(source)).collect();
        let groves = groves?;
        let deepest = source.number()? as u32;
        let mut rebuilder = Rebuilder::new(self.system, self.order, &groves);
        for _ in 0..source.number()? {
            self.workers[0].tally.absorb(Tally::load(source, &mut rebuilder)?);
        }
        let mut waiting = Vec::new();
        for _ in 0..source.number()? {
            let [first, depth, len, actions, rules] = source.numbers()?;
            let done = Done { actions: actions as u32, rules_of_next: rules != 0 };
            let first = StateId::from_bits(first);
            waiting.push(Waiting { first, depth: depth as u32, len: len as usize, done });
        }
        let form = self.shared.form;
        form.load(source)?;
        let chunks = waiting::derive(self.system, self.order, &groves, form, &waiting)?;
        let states = groves.iter().map(Grove::len).sum();
        let left: u64 = waiting.iter().map(|waiting| waiting.len as u64).sum();
        let transitions = self.workers[0].tally.transitions;
        self.shared.resume_at([states, transitions, states - left], deepest);
        self.hand_out(groves, deepest);
        let is_level = |depth| self.shared.first == First::Depth || waiting[0].depth == depth;
        for chunk in chunks {
            if is_level(chunk.depth) {
                self.frontier.extend(std::iter::once(chunk));
            } else {
                self.workers[0].found.push(chunk);
            }
        }
        Ok(())
    }

    /// Each worker goes on numbering where the one before it has stopped.
    fn hand_out(&mut self, groves: Vec<Grove>, deepest: u32) {
        let mut groves = groves.into_iter();
        for (worker, grove) in self.workers.iter_mut().zip(&mut groves) {
            worker.go_on(grove, deepest);
        }
        self.others = groves.collect();
    }

    fn conclude(self, finish: Finish) -> Ended<S, R> {
        let bytes = self.shared.form.bytes();
        let depth = self.workers.iter().map(|worker| worker.deepest).max().unwrap_or(0);
        let (mut tally, mut groves, mut first) = (Tally::new(), Vec::new(), None);
        for worker in self.workers {
            tally.absorb(worker.tally);
            groves.push(worker.grove);
            first = first.or(Some(worker.record));
        }
        groves.extend(self.others);
        let states = groves.iter().map(Grove::len).sum();
        let extent = Extent {
            states,
            depth,
            bytes: bytes + groves.iter().map(Grove::bytes).sum::<usize>(),
            finish,
            omission: if F::IS_EXACT { 0.0 } else { omission(states) },
            checkpoint: self.checkpoint,
        };
        Ended { tally, groves, extent, record: first.expect("there is at least one thread") }
    }
}

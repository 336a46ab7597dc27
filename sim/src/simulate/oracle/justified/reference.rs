//! The oracle against a small kernel of its own: one multipath device, two paths, users at random.
//!
//! Each section of that kernel runs at a moment of its own, so that what the oracle is told comes
//! earlier or later than what it tells of.
use std::collections::BTreeMap;

use super::*;

const PATHS: [Below; 2] = [Below::Path(0), Below::Path(1)];
const EIO: Code = Errno::Io.code();

/// What the small kernel does otherwise than 2.6.20.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Bug {
    None,
    /// 2.6.19: a suspend is to flush, whatever was asked for.
    NoNoflush,
    /// An error fails I/O although another path is valid.
    NoRetry,
    /// A message reinstate_path answers 0 and does nothing.
    NoReinstate,
}

/// Where an I/O is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    AtDisk(usize),
    /// Its path answered with an error.
    Failed(usize),
    /// And other paths were valid at that moment.
    Judged(usize),
    InTarget,
    /// In `deferred` or `pushback`.
    Kept,
}

/// How far a suspend or a resume is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Begun,
    Locked,
    Waiting,
    Suspended,
    Done(Code),
}

struct Task {
    call: Call,
    act: Act,
    stage: Stage,
    signalled: bool,
}

struct Kernel {
    bug: Bug,
    state: u64,
    time: u64,
    last: u64,
    oracle: Justified,
    valid: [bool; 2],
    broken: [bool; 2],
    queue: bool,
    saved: bool,
    noflush: bool,
    blocked: bool,
    suspended: bool,
    locked: bool,
    ios: BTreeMap<u64, Place>,
    tasks: Vec<Task>,
    justified: usize,
    causes: BTreeMap<Option<Cause>, usize>,
}

impl Kernel {
    fn new(seed: u64, bug: Bug) -> Self {
        let mut oracle = Justified::new();
        let call = oracle.began(1, Act::Create, 0);
        oracle.ended(call, Code::OK, 0);
        let call = oracle.began(1, Act::Resume { noflush: true, table: Some(table(true)) }, 0);
        oracle.ended(call, Code::OK, 0);
        Self {
            bug,
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            time: 0,
            last: 0,
            oracle,
            valid: [true; 2],
            broken: [false; 2],
            queue: true,
            saved: true,
            noflush: false,
            blocked: false,
            suspended: false,
            locked: false,
            ios: BTreeMap::new(),
            tasks: Vec::new(),
            justified: 0,
            causes: BTreeMap::new(),
        }
    }

    /// Below a bound, at random: xorshift64.
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) as usize % bound
    }

    fn step(&mut self, signals: bool) {
        self.time += 1;
        match self.below(12) {
            0 => {
                let path = self.below(2);
                self.broken[path] = self.below(3) > 0;
            }
            1 if self.ios.len() < 6 => {
                self.last += 1;
                self.oracle.submitted(self.last, 1, 0..8, false, self.time);
                self.map(self.last);
            }
            2 if self.tasks.len() < 3 => self.begin(),
            3 if signals && !self.tasks.is_empty() => {
                let index = self.below(self.tasks.len());
                self.tasks[index].signalled = true;
                self.oracle.signalled(self.tasks[index].call, self.time);
            }
            4..=7 if !self.tasks.is_empty() => {
                let index = self.below(self.tasks.len());
                self.go_on(index);
            }
            _ if !self.ios.is_empty() => {
                let index = self.below(self.ios.len());
                let io = *self.ios.keys().nth(index).expect("there are so many");
                self.move_on(io);
            }
            _ => {}
        }
    }

    fn begin(&mut self) {
        let path = PATHS[self.below(2)];
        let (noflush, queues) = (self.below(3) > 0, self.below(4) > 0);
        let act = match self.below(8) {
            0 => Act::Queue,
            1 => Act::Fail(WhyFail::Message),
            2 => Act::FailPath(path),
            3 | 4 => Act::ReinstatePath(path),
            5 => Act::Suspend { noflush },
            6 => Act::Resume { noflush, table: Some(table(queues)) },
            _ => Act::Resume { noflush, table: None },
        };
        let call = self.oracle.began(1, act.clone(), self.time);
        self.tasks.push(Task { call, act, stage: Stage::Begun, signalled: false });
    }

    /// A section of a call.
    fn go_on(&mut self, index: usize) {
        let (act, stage) = (self.tasks[index].act.clone(), self.tasks[index].stage);
        let next = match (stage, &act) {
            (Stage::Done(code), _) => {
                let task = self.tasks.swap_remove(index);
                self.oracle.ended(task.call, code, self.time);
                return;
            }
            (_, Act::Suspend { noflush }) => self.suspend(index, *noflush),
            (Stage::Begun, Act::Resume { table: None, .. }) if !self.suspended => {
                Stage::Done(Code::OK)
            }
            (Stage::Begun, Act::Resume { noflush, table: Some(_) }) if !self.suspended => {
                if self.locked { Stage::Begun } else { self.suspend(index, *noflush) }
            }
            (Stage::Begun | Stage::Suspended, Act::Resume { table, .. }) if !self.locked => {
                let is_swapped = self.suspended || table.is_none();
                self.resume(table.as_ref());
                Stage::Done(if is_swapped { Code::OK } else { Errno::Inval.code() })
            }
            (Stage::Begun | Stage::Suspended, Act::Resume { .. }) => stage,
            (_, Act::Resume { noflush, .. }) => match self.suspend(index, *noflush) {
                // What the suspend answers is dropped: the swap asks whether it is suspended.
                Stage::Done(_) => Stage::Suspended,
                stage @ (Stage::Begun | Stage::Locked | Stage::Waiting | Stage::Suspended) => stage,
            },
            (_, act) => {
                self.message(act);
                Stage::Done(Code::OK)
            }
        };
        self.tasks[index].stage = next;
    }

    fn message(&mut self, act: &Act) {
        let number = |below: &Below| usize::from(*below == PATHS[1]);
        match act {
            Act::Queue => (self.queue, self.saved) = (true, true),
            Act::Fail(_) => (self.queue, self.saved) = (false, false),
            Act::FailPath(below) => self.valid[number(below)] = false,
            Act::ReinstatePath(below) if self.bug != Bug::NoReinstate => {
                self.valid[number(below)] = true;
            }
            Act::ReinstatePath(_)
            | Act::Create
            | Act::Remove
            | Act::Suspend { .. }
            | Act::Resume { .. } => {}
        }
    }

    /// A section of `dm_suspend`.
    fn suspend(&mut self, index: usize, noflush: bool) -> Stage {
        match self.tasks[index].stage {
            Stage::Begun if self.locked => Stage::Begun,
            Stage::Begun if self.suspended => Stage::Done(Errno::Inval.code()),
            Stage::Begun => {
                self.locked = true;
                self.noflush = noflush && self.bug != Bug::NoNoflush;
                (self.saved, self.queue) = (self.queue, false);
                Stage::Locked
            }
            Stage::Locked => {
                self.blocked = true;
                Stage::Waiting
            }
            Stage::Waiting => {
                let pending = self.ios.values().any(|place| *place != Place::Kept);
                if pending && !self.tasks[index].signalled {
                    return Stage::Waiting;
                }
                (self.noflush, self.locked) = (false, false);
                self.suspended = !pending;
                if pending {
                    self.flush();
                    return Stage::Done(Errno::Intr.code());
                }
                Stage::Done(Code::OK)
            }
            Stage::Suspended | Stage::Done(_) => unreachable!("it has returned"),
        }
    }

    fn resume(&mut self, table: Option<&Table>) {
        if !self.suspended {
            return;
        }
        if let Some(table) = table {
            let queues = !matches!(table.segments[0].kind, Kind::Multipath { queues: false, .. });
            (self.valid, self.saved) = ([true; 2], queues);
        }
        self.queue = self.saved;
        self.suspended = false;
        self.flush();
    }

    fn flush(&mut self) {
        self.blocked = false;
        let kept: Vec<u64> = self
            .ios
            .iter()
            .filter(|(_, place)| **place == Place::Kept)
            .map(|(io, _)| *io)
            .collect();
        for io in kept {
            self.map(io);
        }
    }

    fn map(&mut self, io: u64) {
        let first = self.below(2);
        let path = [first, 1 - first].into_iter().find(|path| self.valid[*path]);
        if self.blocked && !matches!(self.ios.get(&io), Some(Place::InTarget)) {
            self.ios.insert(io, Place::Kept);
        } else if let Some(path) = path {
            self.ios.insert(io, Place::AtDisk(path));
        } else {
            self.without_path(io);
        }
    }

    fn without_path(&mut self, io: u64) {
        if self.queue {
            self.ios.insert(io, Place::InTarget);
        } else if self.saved && self.noflush {
            self.ios.insert(io, Place::Kept);
        } else {
            self.end(io, EIO);
        }
    }

    /// A section of the life of an I/O.
    fn move_on(&mut self, io: u64) {
        match self.ios[&io] {
            Place::AtDisk(path) if self.broken[path] => {
                self.oracle.error_answered(PATHS[path], self.time);
                self.ios.insert(io, Place::Failed(path));
            }
            Place::AtDisk(_) => self.end(io, Code::OK),
            Place::Failed(path) if self.valid == [false; 2] => {
                self.without_path(io);
                self.oracle.error_handled(PATHS[path], self.time);
            }
            Place::Failed(path) => {
                self.ios.insert(io, Place::Judged(path));
            }
            Place::Judged(path) => {
                self.valid[path] = false;
                if self.bug == Bug::NoRetry {
                    self.end(io, EIO);
                } else {
                    self.ios.insert(io, Place::InTarget);
                }
                self.oracle.error_handled(PATHS[path], self.time);
            }
            Place::InTarget if self.valid != [false; 2] || !self.queue => self.map(io),
            Place::InTarget | Place::Kept => {}
        }
    }

    fn end(&mut self, io: u64, code: Code) {
        self.ios.remove(&io);
        match self.oracle.completed(io, code, self.time) {
            Ok(reason) => self.justified += usize::from(reason.is_some()),
            Err(broken) => *self.causes.entry(broken.cause).or_default() += 1,
        }
    }
}

fn table(queues: bool) -> Table {
    let kind = Kind::Multipath { paths: PATHS.to_vec(), queues };
    Table { segments: vec![Segment { begin: 0, count: 1_000, kind }] }
}

/// How many errors were justified and how many were not, by their causes.
fn run(bug: Bug, signals: bool) -> (usize, Vec<(Option<Cause>, usize)>) {
    let (mut justified, mut causes) = (0, BTreeMap::<_, usize>::new());
    for seed in 1..=2_000 {
        let mut kernel = Kernel::new(seed, bug);
        for _ in 0..400 {
            kernel.step(signals);
        }
        justified += kernel.justified;
        for (cause, count) in kernel.causes {
            *causes.entry(cause).or_default() += count;
        }
    }
    (justified, causes.into_iter().collect())
}

#[test]
fn a_right_kernel_is_never_accused() {
    assert_eq!(run(Bug::None, false), (17_334, vec![]));
}

#[test]
fn a_kernel_whose_suspends_are_interrupted_is_accused_with_that_cause() {
    let causes = vec![(Some(Cause::PolicyLeftOff), 3_087), (Some(Cause::Signalled), 957)];
    assert_eq!(run(Bug::None, true), (23_981, causes));
}

#[test]
fn a_kernel_without_noflush_is_accused_with_the_suspend() {
    let causes = vec![(Some(Cause::NoflushSuspend), 2_242)];
    assert_eq!(run(Bug::NoNoflush, false), (20_113, causes));
}

#[test]
fn a_kernel_that_does_not_try_again_or_does_not_reinstate_is_accused() {
    let causes = vec![(None, 7_147), (Some(Cause::NoflushSuspend), 2_012)];
    assert_eq!(run(Bug::NoRetry, false), (22_322, causes));
    let causes = vec![(None, 6_802), (Some(Cause::NoflushSuspend), 375)];
    assert_eq!(run(Bug::NoReinstate, false), (15_069, causes));
}

//! A round: a world, and which thread runs which of its processes and scripts.
use dm_model::endio::CloneEndio;
use dm_model::errno::Code;
use dm_model::frame::{Frame, Process, Progress};
use dm_model::ids::{BioPtr, CloneId, DiskId, TargetId, TaskId};
use dm_model::memory::{ClonePlace, Lock, Memory};
use dm_sim::drivers::Sim;
use dm_sim::drivers::disk::Link;
use dm_sim::world::World;
use dm_sim::world::perform::{line_process, work_frame};
use dm_sim::world::plan::{Context, Kind, Op, PlanLine};
use dm_sim::world::transfer::Part;

use crate::engine::{Arc, Engine};
use crate::handle::Handle;
use crate::inventory::Datum;
use crate::shared::{Shared, Value};

/// What a thread does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Job {
    /// Runs a process that is there when the round begins, to its end or up to a label.
    Process(Context, Option<String>),
    /// Executes what is left of a script, a line after the other.
    Script(usize),
    /// Answers what a path is sent, as its interrupts.
    Hardware(DiskId),
    /// Runs the work items of all targets.
    WorkQueue,
}

/// A world, and which thread runs what of it.
#[derive(Clone, Debug)]
pub struct Round {
    /// The window's or the workload's name.
    pub name: String,
    /// Where it begins.
    pub world: World,
    /// The jobs of each thread, in order.
    pub jobs: Vec<Vec<Job>>,
    /// The locks that a process holds when it begins, and whether as a reader.
    pub held: Vec<(Context, Vec<(Lock, bool)>)>,
    /// Whether there is hardware, which waits for something to do.
    pub has_hardware: bool,
    /// A label whose section the seeded bug takes in one with the next.
    pub merged: Option<String>,
}

impl Round {
    /// The locks that the processes of a thread hold when the round begins, and whether as
    /// readers.
    pub(crate) fn held_by(&self, thread: usize) -> impl Iterator<Item = (Lock, bool)> {
        let held = self.held.iter().filter(move |(context, _)| self.runs(thread, *context));
        held.flat_map(|(_, locks)| locks.iter().copied())
    }

    fn runs(&self, thread: usize, context: Context) -> bool {
        let is_it = |job: &Job| matches!(job, Job::Process(it, _) if *it == context);
        self.jobs[thread].iter().any(is_it)
    }

    /// Whether a process that is not this thread's holds the lock when the round begins.
    pub(crate) fn is_anothers_at_start(&self, thread: usize, lock: Lock) -> bool {
        let others = self.held.iter().filter(|(context, _)| !self.runs(thread, *context));
        others.flat_map(|(_, locks)| locks).any(|(held, _)| *held == lock)
    }

    /// Whether a thread ends by itself; hardware and workers end when nobody else is left.
    fn ends(&self, thread: usize) -> bool {
        !self.jobs[thread].iter().any(|job| matches!(job, Job::Hardware(_) | Job::WorkQueue))
    }

    /// Whether a step at this label takes the next section too.
    pub(crate) fn merges(&self, label: &str) -> bool {
        self.merged.as_deref() == Some(label)
    }

    /// Runs every thread of the round on this engine, to their ends.
    pub fn run<E: Engine>(shared: &Arc<Shared<E>>) {
        let round = &shared.round;
        E::run(shared, round.jobs.len(), thread::<E>);
    }
}

/// Why a line cannot be executed by a thread; `None` when it can. The last line of a script may be
/// in the background: nothing comes after it.
pub(crate) fn unsupported(line: &PlanLine, is_last: bool) -> Option<&'static str> {
    match line.op {
        Op::Create(_)
        | Op::Load(..)
        | Op::Clear(_)
        | Op::Suspend(..)
        | Op::Remove(_)
        | Op::Message(..)
        | Op::Status(..)
        | Op::Io(_)
        | Op::Signal(_)
        | Op::Offline(_)
        | Op::Running(_) => {
            let is_left_behind = line.background && !is_last;
            is_left_behind.then_some("a thread waits for each of its lines")
        }
        Op::WaitIo(_) | Op::WaitTask(_) => Some("a thread waits for what it does itself only"),
        Op::Step(..) => Some("threads step as they like"),
        Op::Hold(_) | Op::Release(..) | Op::Unplug(_) | Op::Replug(..) => {
            Some("of a path's faults threads know offline and running")
        }
        Op::Refused(..) | Op::Info(_) | Op::Medium(..) | Op::Delay(..) | Op::Arm(..) => {
            Some("it has to stand before the threads begin")
        }
    }
}

/// What a thread does from its beginning to its end.
fn thread<E: Engine>(shared: &Shared<E>, thread: usize) {
    let mut handle = Handle::new(shared, thread);
    for job in &shared.round.jobs[thread] {
        match job {
            Job::Process(context, until) => {
                let process = shared.round.world.processes.get(*context);
                let process = *process.expect("the window has looked");
                handle.run(*context, process, until.as_deref());
            }
            Job::Script(script) => handle.script(*script),
            Job::Hardware(disk) => handle.hardware(*disk),
            Job::WorkQueue => handle.work_queue(),
        }
        shared.record.job_done(thread);
    }
    shared.left.with(|left| left.extend(handle.held()));
    drop(handle);
    let round = &shared.round;
    let ending = (0..round.jobs.len()).filter(|thread| round.ends(*thread)).count();
    let is_last = round.ends(thread) && shared.ended.count() + 1 == ending as u64;
    if is_last && ending < round.jobs.len() {
        shared.close();
    }
}

impl<E: Engine> Handle<'_, E> {
    /// Runs a process to its end, or up to a label.
    fn run(&mut self, context: Context, mut process: Process<Sim>, until: Option<&str>) {
        loop {
            let label = process.label();
            if until == Some(label.as_str()) {
                self.shared.stopped.with(|stopped| stopped.push((context, process)));
                return;
            }
            let merges = self.shared.round.merges(&label);
            self.begin(Kind::Step(context), Some(label));
            let mut progress = self.step(&mut process);
            if merges && progress == Progress::Runs {
                progress = self.step(&mut process);
            }
            if self.is_over(context, &process, progress) {
                return;
            }
        }
    }

    fn step(&mut self, process: &mut Process<Sim>) -> Progress {
        process.step(self).expect("a thread waits, it is never blocked")
    }

    /// The step has ended; whether its process has too.
    fn is_over(&mut self, context: Context, process: &Process<Sim>, progress: Progress) -> bool {
        self.end_step();
        match progress {
            Progress::Runs => {
                self.shared.record.end(self.thread, Some(process.label()));
                false
            }
            Progress::Done(code) => {
                self.over(context, code);
                self.shared.record.end(self.thread, None);
                true
            }
            Progress::Bug(text) => panic!("kernel BUG: {text}"),
        }
    }

    /// A process has ended, within its last step.
    fn over(&mut self, context: Context, code: Code) {
        self.shared.record.ended(context, code);
        match context {
            Context::Irq(..) => {
                self.shared.interrupts.with(|interrupts| interrupts.remove(&context));
            }
            Context::Work(target, work) => E::change(&self.shared.work_queue, || {
                self.shared.works.with(|works| works[target.index()].running &= !(1 << work));
                true
            }),
            Context::Task(task) => {
                self.shared.returned.with(|tasks| tasks.insert(task));
            }
            Context::Io(_) | Context::Signal(_) => {}
        }
    }

    fn begin(&self, kind: Kind, label: Option<String>) {
        self.shared.record.begin(self.thread, kind, label);
    }

    /// A process begins within the step under way, and is run to its end.
    fn start(&mut self, context: Context, frame: Frame<Sim>) {
        let (process, progress) = Process::new(frame, self);
        if !self.is_over(context, &process, progress) {
            self.run(context, process, None);
        }
    }

    fn script(&mut self, script: usize) {
        let plan = Arc::clone(&self.shared.plan);
        let next = usize::from(self.shared.round.world.scripts[script].next);
        for line in &plan.scripts[script][next..] {
            self.begin(Kind::Line(script as u8), None);
            // A signal to a task that has returned does nothing.
            let is_late = matches!(line.op, Op::Signal(task) if self.has_returned(task));
            match line_process(self, line).filter(|_| !is_late) {
                Some((context, frame)) => self.start(context, frame),
                None => self.at_once(line),
            }
        }
    }

    fn has_returned(&self, task: TaskId) -> bool {
        self.shared.returned.with(|tasks| tasks.contains(&task))
    }

    fn at_once(&mut self, line: &PlanLine) {
        if let Op::Offline(disk) | Op::Running(disk) = line.op {
            let goes = matches!(line.op, Op::Offline(_));
            self.take(Lock::Disk(disk), false);
            self.disk(disk).link = if goes { Link::Offline } else { Link::Running };
            self.give_back(Lock::Disk(disk));
        }
        self.shared.record.returned(line.task, Code::OK);
        self.end_step();
        self.shared.record.end(self.thread, None);
    }

    fn hardware(&mut self, disk: DiskId) {
        let shared = self.shared;
        loop {
            let mut closed = false;
            E::sleep_until(&shared.disks[disk.index()].gate, || {
                closed = shared.closed.get() != 0;
                closed || self.can_answer(disk)
            });
            if !self.can_answer(disk) && closed {
                return;
            }
            self.answer(disk);
        }
    }

    fn can_answer(&self, disk: DiskId) -> bool {
        let slot = self.shared.slot(Datum::Disk(disk));
        slot.value.with(|value| match value {
            Value::Disk(disk) => !disk.queue.is_empty() && !disk.held,
            Value::List(_)
            | Value::Table(_)
            | Value::Yes(_)
            | Value::Task(_)
            | Value::Target(_) => {
                unreachable!("it is a disk")
            }
        })
    }

    /// A disk answers the oldest of what it was sent: the data move, and the interrupt begins.
    fn answer(&mut self, disk: DiskId) {
        self.begin(Kind::Disk { disk, slot: 0, fail: false }, None);
        self.take(Lock::Disk(disk), false);
        let clone = self.disk(disk).queue.pop_front().expect("only the hardware takes from it");
        let state = self.clone_state(clone);
        let code = self.disk(disk).answer(state.sector, state.count).expect("it is not held");
        if code == Code::OK {
            self.transfer(disk, clone);
        }
        self.set_clone_place(clone, ClonePlace::Hands);
        self.give_back(Lock::Disk(disk));
        let context = self.shared.interrupts.with(|interrupts| {
            let mut all = (0..=u8::MAX).map(|again| Context::Irq(clone, again));
            let free = all.find(|it| !interrupts.contains(it)).expect("few are under way");
            interrupts.insert(free);
            free
        });
        self.start(context, Frame::CloneEndio(CloneEndio::new(clone, code)));
    }

    fn transfer(&mut self, disk: DiskId, clone: CloneId) {
        let (bio, offset) = self.original(BioPtr::Clone(clone));
        let (sector, count) = self.extent(BioPtr::Clone(clone));
        let setup = &self.shared.plan.setup;
        let lun = &self.shared.luns[usize::from(setup.drivers.disks[disk.index()].lun)];
        let part = Part { bio, offset, sector, count };
        lun.with(|lun| {
            self.shared.bios[bio.index()].bio.with(|state| {
                part.transfer(&setup.bios[bio.index()], lun, &mut state.data);
            });
        });
    }

    fn work_queue(&mut self) {
        let shared = self.shared;
        loop {
            let mut closed = false;
            E::sleep_until(&shared.work_queue, || {
                closed = shared.closed.get() != 0;
                closed || self.ready_work().is_some()
            });
            let Some((target, work)) = self.ready_work() else {
                if closed {
                    return;
                }
                continue;
            };
            self.begin(Kind::Begin(target, work), None);
            E::change(&shared.work_queue, || {
                shared.works.with(|works| {
                    let works = &mut works[target.index()];
                    works.pending &= !(1 << work);
                    works.running |= 1 << work;
                });
                shared.record.at_word(self.thread);
                false
            });
            let frame = work_frame(self, target, work);
            self.start(Context::Work(target, work), frame);
        }
    }

    /// The first work item that is pending.
    fn ready_work(&self) -> Option<(TargetId, u8)> {
        self.shared.works.with(|works| {
            let mut ready = works.iter().enumerate().filter_map(|(index, works)| {
                let ready = works.pending & !works.running;
                (ready != 0).then(|| (TargetId(index as u8), ready.trailing_zeros() as u8))
            });
            ready.next()
        })
    }
}

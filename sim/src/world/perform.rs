//! How one action changes a world.
use dm_model::admin::{Create, Load, Remove};
use dm_model::effect::Effect;
use dm_model::endio::CloneEndio;
use dm_model::errno::{Code, Errno};
use dm_model::flags::DM_SUSPEND_FLAG;
use dm_model::frame::{Frame, Process, Progress};
use dm_model::ids::{BioId, BioPtr, CloneId, Device, DiskId, MdId, TableId, TargetId, TaskId};
use dm_model::ioctl::{DoResume, DoSuspend};
use dm_model::memory::{Blocked, ClonePlace, Memory};
use dm_model::plain::Task;
use dm_model::query::{Query, Question};
use dm_model::reissue::Reissue;
use dm_model::signal::Signal;
use dm_model::submit::Application;

use super::plan::{Action, Context, Kind, Op, PlanLine};
use super::transfer::Part;
use super::{Stage, World};
use crate::drivers::disk::Link;
use crate::drivers::setup::devices;
use crate::drivers::{Call, Sim, delay, pg_init, worker};
use crate::table::Kind as TargetKind;

/// Makes an action happen.
///
/// # Errors
/// `Blocked` when it cannot happen now.
pub(super) fn perform(world: &mut World, action: Action) -> Result<(), Blocked> {
    world.memory.begin_step(action.choice);
    match action.kind {
        Kind::Step(context) => step(world, context)?,
        Kind::Begin(target, work) => begin_work(world, target, work),
        Kind::Disk { disk, slot, fail } => complete(world, disk, slot, fail),
        Kind::Line(script) => begin_line(world, usize::from(script)),
        Kind::Path(disk, up) => {
            if !up {
                world.budget.faults -= 1;
            }
            let link = if up { Link::Running } else { Link::Offline };
            world.memory.disks[disk.index()].link = link;
        }
        Kind::Signal(task) => {
            world.budget.signals -= 1;
            start(world, Context::Signal(task), Frame::Signal(Signal::new(task)));
        }
    }
    world.memory.check_invariants();
    Ok(())
}

fn start(world: &mut World, context: Context, frame: Frame<Sim>) {
    let (process, progress) = Process::new(frame, &mut world.memory);
    world.processes.insert(context, process);
    advance(world, context, progress);
}

fn advance(world: &mut World, context: Context, progress: Progress) {
    match progress {
        Progress::Runs => {}
        Progress::Done(code) => end(world, context, code),
        Progress::Bug(text) => {
            world.bug = Some(text);
            world.memory.emit(Effect::Bug(text));
        }
    }
}

fn step(world: &mut World, context: Context) -> Result<(), Blocked> {
    let process = world.processes.get_mut(context).expect("only what is there can step");
    let progress = process.step(&mut world.memory)?;
    let footprint = world.memory.footprint();
    assert!(
        footprint.is_atomic(),
        "{context:?} took a step that is no atomic section: {footprint:?}"
    );
    advance(world, context, progress);
    end_stepping(world, context);
    Ok(())
}

/// A process has nothing left to do.
fn end(world: &mut World, context: Context, code: Code) {
    world.processes.remove(context);
    ended(world, context, code);
}

/// What the end of a process means to the others.
pub(super) fn ended(world: &mut World, context: Context, code: Code) {
    match context {
        Context::Work(target, work) => world.memory.end_work(target, work),
        Context::Task(task) => return_to(world, task, code),
        Context::Io(bio) if code.is_error() => {
            let task = world.plan.lines().find(|line| line.op == Op::Io(bio)).map(|line| line.task);
            world.results[task.expect("a line made the bio").index()] = Some(code);
        }
        // The task may have returned before the signal reached it.
        Context::Signal(task) if world.results[task.index()].is_some() => {
            world.memory.tasks[task.index()] = Task::default();
        }
        Context::Io(_) | Context::Irq(..) | Context::Signal(_) => {}
    }
}

/// An ioctl returns to its task, and the script that waits for it goes on.
fn return_to(world: &mut World, task: TaskId, code: Code) {
    world.results[task.index()] = Some(code);
    // Nobody looks at the task any more: what is dead holds its default.
    world.memory.tasks[task.index()] = Task::default();
    for script in &mut world.scripts {
        if script.stage == Stage::Waiting(task) {
            script.stage = Stage::Ready;
        }
    }
}

/// A `step` line is over after one step, or at its label, or with its process.
fn end_stepping(world: &mut World, context: Context) {
    if !world.plan.has_steps {
        return;
    }
    for index in 0..world.scripts.len() {
        if world.scripts[index].stage != Stage::Stepping {
            continue;
        }
        let Some(PlanLine { op: Op::Step(name, until), .. }) = world.next_line(index) else {
            unreachable!("a script steps at a step line only")
        };
        if *name != world.plan.name(context) {
            continue;
        }
        let label = world.processes.get(context).map(Process::label);
        if until.is_none() || label.is_none() || label == *until {
            world.scripts[index].stage = Stage::Ready;
            world.scripts[index].next += 1;
        }
    }
}

fn begin_work(world: &mut World, target: TargetId, work: u8) {
    world.memory.begin_work(target, work);
    let frame = work_frame(&world.memory, target, work);
    start(world, Context::Work(target, work), frame);
}

/// What a work item of a target, or of a device, executes.
pub fn work_frame<M: Memory<Drivers = Sim>>(memory: &M, target: TargetId, work: u8) -> Frame<Sim> {
    if let Some(md) = memory.setup().md_of_work(target) {
        return Frame::Reissue(Reissue::new(md));
    }
    Frame::Driver(match work {
        worker::PG_INIT => Call::PgInit(pg_init::Call::new(target)),
        delay::TIMER => Call::Delay(delay::Call::timer(target)),
        _ => Call::Worker(worker::Call::new(target, work)),
    })
}

/// A disk answers: the data moves, and the interrupt begins.
fn complete(world: &mut World, disk: DiskId, slot: u8, fail: bool) {
    let state = &mut world.memory.disks[disk.index()];
    let clone = state.queue.remove_at(usize::from(slot));
    let extent = &world.memory.clones[clone];
    let answer = state.answer(extent.sector, extent.count).expect("a held path does not answer");
    let code = if fail { Errno::Io.code() } else { answer };
    if fail {
        world.budget.faults -= 1;
    }
    if code == Code::OK {
        transfer(world, disk, clone);
    }
    world.memory.clones[clone].place = ClonePlace::Hands;
    world.memory.emit(Effect::DiskDone(disk, clone, code));
    let free = |again: &u8| world.processes.get(Context::Irq(clone, *again)).is_none();
    let again = (0..=u8::MAX).find(free).expect("few completions of one clone are under way");
    start(world, Context::Irq(clone, again), Frame::CloneEndio(CloneEndio::new(clone, code)));
}

fn transfer(world: &mut World, disk: DiskId, clone: CloneId) {
    let (bio, offset) = world.memory.original(BioPtr::Clone(clone));
    let lun = usize::from(world.plan.setup.drivers.disks[disk.index()].lun);
    let (sector, count) = world.memory.extent(BioPtr::Clone(clone));
    let part = Part { bio, offset, sector, count };
    let data = &mut world.memory.bios[bio.index()].data;
    part.transfer(&world.plan.setup.bios[bio.index()], &mut world.luns[lun], data);
}

fn begin_line(world: &mut World, script: usize) {
    let plan = std::sync::Arc::clone(&world.plan);
    let line = &plan.scripts[script][usize::from(world.scripts[script].next)];
    if let Op::Step(..) = line.op {
        world.scripts[script].stage = Stage::Stepping;
        return;
    }
    world.scripts[script].next += 1;
    match process_of(world, line) {
        Some((context, frame)) => {
            if let Context::Task(task) = context
                && !line.background
            {
                world.scripts[script].stage = Stage::Waiting(task);
            }
            start(world, context, frame);
        }
        None => at_once(world, line),
    }
}

/// The process that a line starts now, if it is one that starts a process.
fn process_of(world: &World, line: &PlanLine) -> Option<(Context, Frame<Sim>)> {
    let is_gone = match line.op {
        Op::Load(_, table) => !is_plugged(world, table),
        Op::Message(_, _, message) => names_unplugged(world, message),
        Op::Signal(task) => world.results[task.index()].is_some(),
        Op::Create(_)
        | Op::Refused(..)
        | Op::Clear(_)
        | Op::Suspend(..)
        | Op::Remove(_)
        | Op::Status(..)
        | Op::Info(_)
        | Op::Io(_)
        | Op::WaitIo(_)
        | Op::WaitTask(_)
        | Op::Hold(_)
        | Op::Release(..)
        | Op::Unplug(_)
        | Op::Replug(..)
        | Op::Offline(_)
        | Op::Running(_)
        | Op::Medium(..)
        | Op::Delay(..)
        | Op::Arm(..)
        | Op::Step(..) => false,
    };
    if is_gone { None } else { line_process(&world.memory, line) }
}

/// The process that a line starts, if it is one that starts a process and nothing that it names
/// is gone.
pub fn line_process<M: Memory<Drivers = Sim>>(
    memory: &M,
    line: &PlanLine,
) -> Option<(Context, Frame<Sim>)> {
    let frame = match line.op {
        Op::Create(md) => Frame::Create(Create::new(md)),
        Op::Load(md, table) => Frame::Load(Load::new(md, table)),
        Op::Clear(md) => Frame::Load(Load::clear(md)),
        Op::Suspend(md, flags) if flags & DM_SUSPEND_FLAG != 0 => {
            Frame::DoSuspend(DoSuspend::new(memory, md, flags, line.task))
        }
        Op::Suspend(md, flags) => Frame::DoResume(DoResume::new(memory, md, flags, line.task)),
        Op::Remove(md) => Frame::Remove(Remove::new(md)),
        Op::Message(md, sector, message) => {
            Frame::Query(Query::new(md, Question::Message { sector, message }))
        }
        Op::Status(md, kind) => Frame::Query(Query::new(md, Question::Status(kind))),
        Op::Io(bio) => return Some((Context::Io(bio), application(memory, bio))),
        Op::Signal(task) => {
            return Some((Context::Signal(task), Frame::Signal(Signal::new(task))));
        }
        Op::Refused(..)
        | Op::Info(_)
        | Op::WaitIo(_)
        | Op::WaitTask(_)
        | Op::Hold(_)
        | Op::Release(..)
        | Op::Unplug(_)
        | Op::Replug(..)
        | Op::Offline(_)
        | Op::Running(_)
        | Op::Medium(..)
        | Op::Delay(..)
        | Op::Arm(..)
        | Op::Step(..) => return None,
    };
    Some((Context::Task(line.task), frame))
}

fn application<M: Memory<Drivers = Sim>>(memory: &M, bio: BioId) -> Frame<Sim> {
    match memory.setup().bios[bio.index()].device {
        Device::Md(md) => Frame::Application(Application::new(bio, md)),
        Device::Disk(_) => unreachable!("a plan has bios for mapped devices only"),
    }
}

/// Whether every disk that a table names is there.
fn is_plugged(world: &World, table: TableId) -> bool {
    let setup = &world.plan.setup;
    let disks = setup.targets_of(table).flat_map(|target| devices(setup.drivers.kind(target)));
    let mut links = disks.filter_map(|device| match device {
        Device::Disk(disk) => Some(world.disk(disk).link),
        Device::Md(_) => None,
    });
    links.all(|link| link != Link::Unplugged)
}

/// What a load returns whose table names a disk that is not there.
fn load_code(world: &World, md: MdId, table: TableId) -> Code {
    let setup = &world.plan.setup;
    let is_missing = |device: &Device| match device {
        Device::Disk(disk) => world.disk(*disk).link == Link::Unplugged,
        Device::Md(_) => false,
    };
    let refuses = |target: &TargetId| devices(setup.drivers.kind(*target)).iter().any(is_missing);
    let refusing = setup.targets_of(table).find(refuses).expect("a disk is not there");
    // `get_stripe` answers -ENXIO where the others answer -EINVAL.
    match setup.drivers.kind(refusing) {
        TargetKind::Striped { .. } => Errno::Nxio.code(),
        TargetKind::Linear { .. }
        | TargetKind::Error
        | TargetKind::Zero
        | TargetKind::Delay { .. }
        | TargetKind::Multipath(_) => unless_gone(world, md, Errno::Inval.code()),
    }
}

/// What an ioctl returns that would return `code`: -ENXIO if the device has gone.
fn unless_gone(world: &World, md: MdId, code: Code) -> Code {
    if world.memory.mds[md.index()].hashed { code } else { Errno::Nxio.code() }
}

/// What a message returns that names a disk that is not there: without a table nobody looks.
fn message_code(world: &World, md: MdId) -> Code {
    let has_table = world.memory.mds[md.index()].map.is_some();
    unless_gone(world, md, if has_table { Errno::Inval.code() } else { Code::OK })
}

/// Whether a message names a disk by the name that it lost when it was unplugged.
fn names_unplugged(world: &World, message: u8) -> bool {
    let drivers = &world.plan.setup.drivers;
    let words = &drivers.messages[usize::from(message)];
    let disks = words.iter().filter_map(|word| drivers.disk(word.strip_prefix("/dev/")?));
    disks.into_iter().any(|disk| world.disk(disk).link == Link::Unplugged)
}

/// What a line does that starts no process.
fn at_once(world: &mut World, line: &PlanLine) {
    let mut code = Code::OK;
    match &line.op {
        Op::Refused(md, refused) => code = unless_gone(world, *md, *refused),
        Op::Load(md, table) => code = load_code(world, *md, *table),
        Op::Message(md, ..) => code = message_code(world, *md),
        Op::Hold(disk) => world.memory.disks[disk.index()].held = true,
        Op::Release(disk, ok) => {
            let disk = &mut world.memory.disks[disk.index()];
            disk.held = false;
            // A path that is out or offline stays so: it has answered what it kept.
            if matches!(disk.link, Link::Running | Link::Failing) {
                disk.link = if *ok { Link::Running } else { Link::Failing };
            }
        }
        Op::Unplug(disk) => world.memory.disks[disk.index()].link = Link::Unplugged,
        Op::Replug(_, new) | Op::Running(new) => {
            world.memory.disks[new.index()].link = Link::Running;
        }
        Op::Offline(disk) => world.memory.disks[disk.index()].link = Link::Offline,
        Op::Medium(path, sector, count) => {
            let paths = &world.plan.setup.drivers.disks;
            let lun = paths[path.index()].lun;
            for (disk, _) in
                world.memory.disks.iter_mut().zip(paths).filter(|(_, path)| path.lun == lun)
            {
                disk.medium = Some((*sector, *count));
            }
        }
        Op::Delay(disk, milliseconds) => world.memory.disks[disk.index()].delay = *milliseconds,
        Op::Arm(md, fault) => world.memory.arm(*md, *fault),
        Op::Info(_) | Op::WaitIo(_) | Op::WaitTask(_) | Op::Signal(_) => {}
        Op::Create(_)
        | Op::Clear(_)
        | Op::Suspend(..)
        | Op::Remove(_)
        | Op::Status(..)
        | Op::Io(_)
        | Op::Step(..) => unreachable!("the line starts a process"),
    }
    world.results[line.task.index()] = Some(code);
}

//! Processes: a kernel execution context is a stack of frames, each a function at a label.
//!
//! [`Process::step`] executes exactly one atomic section: a step of the frame on top and then
//! whatever calls and returns touch nothing shared, up to the next section.
use std::fmt;

use crate::admin::{Create, Load, Remove};
use crate::complete::Complete;
use crate::driver::{Drivers, Entry};
use crate::effect::Object;
use crate::endio::{CloneEndio, DecPending};
use crate::errno::Code;
use crate::ids::{BioPtr, TableId, TargetId};
use crate::ioctl::{DoResume, DoSuspend};
use crate::lifetime::{Close, Open, PutMd, PutTable};
use crate::list::List;
use crate::map::MapBio;
use crate::memory::{Blocked, Memory};
use crate::query::Query;
use crate::reissue::Reissue;
use crate::resume::Resume;
use crate::signal::Signal;
use crate::split::{Flush, Split};
use crate::submit::{Application, Submit};
use crate::suspend::Suspend;
use crate::swap::SwapTable;

/// How deep calls may nest: a bio of a stacked device that completes in its own submission.
pub const FRAME_COUNT_MAX: usize = 20;

/// What a step of a frame leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next<D: Drivers> {
    /// The frame goes on at its new label.
    Continue,
    /// The frame calls another and goes on when that returns.
    Call(Frame<D>),
    /// The frame is done.
    Return(Code),
    /// The kernel stops here.
    Bug(&'static str),
}

/// A step, or the reason why it cannot be taken now.
pub type Step<D> = Result<Next<D>, Blocked>;

/// A function of the kernel at one of its labels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
#[expect(missing_docs, reason = "each variant is the process of its name")]
pub enum Frame<D: Drivers> {
    #[default]
    Idle,
    Application(Application),
    Submit(Submit),
    Split(Split),
    Flush(Flush),
    MapBio(MapBio),
    CloneEndio(CloneEndio),
    DecPending(DecPending),
    Complete(Complete),
    Suspend(Suspend),
    Resume(Resume),
    SwapTable(SwapTable),
    Open(Open),
    Close(Close),
    PutMd(PutMd),
    PutTable(PutTable),
    DoSuspend(DoSuspend),
    DoResume(DoResume),
    Create(Create),
    Load(Load),
    Remove(Remove),
    Query(Query),
    Signal(Signal),
    Reissue(Reissue),
    Driver(D::Call),
}

/// Runs `$body` with `$frame` bound to the process inside a frame; `$driver` for target code.
macro_rules! each_frame {
    ($self:expr, $frame:ident => $body:expr, $call:ident => $driver:expr) => {
        match $self {
            Self::Idle => unreachable!("a process without a function is not stepped"),
            Self::Application($frame) => $body,
            Self::Submit($frame) => $body,
            Self::Split($frame) => $body,
            Self::Flush($frame) => $body,
            Self::MapBio($frame) => $body,
            Self::CloneEndio($frame) => $body,
            Self::DecPending($frame) => $body,
            Self::Complete($frame) => $body,
            Self::Suspend($frame) => $body,
            Self::Resume($frame) => $body,
            Self::SwapTable($frame) => $body,
            Self::Open($frame) => $body,
            Self::Close($frame) => $body,
            Self::PutMd($frame) => $body,
            Self::PutTable($frame) => $body,
            Self::DoSuspend($frame) => $body,
            Self::DoResume($frame) => $body,
            Self::Load($frame) => $body,
            Self::Create($frame) => $body,
            Self::Remove($frame) => $body,
            Self::Query($frame) => $body,
            Self::Signal($frame) => $body,
            Self::Reissue($frame) => $body,
            Self::Driver($call) => $driver,
        }
    };
}

/// A function of the core: how it runs, a label at a time.
pub trait Function<D: Drivers>: Copy {
    /// What a caller's call leads to before any section: nothing shared is touched.
    fn enter<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        let _ = memory;
        Next::Continue
    }
    /// One atomic section.
    ///
    /// # Errors
    /// `Blocked` when it cannot be taken now; nothing has changed.
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D>;
    /// A called frame has returned `code`. Nothing shared is touched.
    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, code: Code) -> Next<D>;
    /// The label that is to be executed next.
    fn label(&self) -> &dyn fmt::Debug;
}

impl<D: Drivers> Frame<D> {
    fn enter<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        each_frame!(self, frame => frame.enter(memory), call => D::begin(call, memory))
    }

    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        each_frame!(self, frame => frame.step(memory), call => D::step(call, memory))
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, code: Code) -> Next<D> {
        each_frame!(self, frame => frame.returned(memory, code),
            call => D::returned(call, memory, code))
    }

    /// The label that the function executes next, as the label tables have it.
    pub fn label(&self) -> String {
        format!("{:?}", self.shown_label())
    }

    /// The same without a text of its own.
    pub fn shown_label(&self) -> &dyn fmt::Debug {
        each_frame!(self, frame => Function::<D>::label(frame), call => D::label(call))
    }
}

/// A kernel execution context.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Process<D: Drivers> {
    stack: List<Frame<D>, FRAME_COUNT_MAX>,
}

/// What a step of a process led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// There is more to do.
    Runs,
    /// The outermost function has returned.
    Done(Code),
    /// The kernel stopped at a BUG.
    Bug(&'static str),
}

impl<D: Drivers> Process<D> {
    /// A process about to execute the first section of `frame`, unless that has none.
    pub fn new<M: Memory<Drivers = D>>(frame: Frame<D>, memory: &mut M) -> (Self, Progress) {
        let mut process = Self { stack: List::new() };
        let progress = process.resolve(memory, Next::Call(frame));
        (process, progress)
    }

    /// One atomic section.
    ///
    /// # Errors
    /// `Blocked` when it cannot be taken now; nothing has changed.
    pub fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Result<Progress, Blocked> {
        let next = self.top().step(memory)?;
        Ok(self.resolve(memory, next))
    }

    /// The label that is executed next.
    pub fn label(&self) -> String {
        self.frame().label()
    }

    /// The function on top of the stack.
    pub fn frame(&self) -> &Frame<D> {
        self.stack.last().expect("a process that is done is not looked at")
    }

    /// The functions from the outermost to the one on top.
    pub fn frames(&self) -> &[Frame<D>] {
        self.stack.as_slice()
    }

    pub(crate) fn frames_mut(&mut self) -> &mut [Frame<D>] {
        self.stack.as_mut_slice()
    }

    fn top(&mut self) -> &mut Frame<D> {
        self.stack.last_mut().expect("a process that is done is not stepped")
    }

    fn resolve<M: Memory<Drivers = D>>(&mut self, memory: &mut M, mut next: Next<D>) -> Progress {
        loop {
            next = match next {
                Next::Continue => return Progress::Runs,
                Next::Bug(text) => return Progress::Bug(text),
                Next::Call(frame) => {
                    self.stack.push_back(frame);
                    self.top().enter(memory)
                }
                Next::Return(code) => {
                    self.stack.pop_back();
                    if self.stack.is_empty() {
                        return Progress::Done(code);
                    }
                    self.top().returned(memory, code)
                }
            };
        }
    }
}

/// `bio_endio`: hands a bio to whoever waits for it.
pub fn bio_endio<D: Drivers>(bio: BioPtr, code: Code) -> Next<D> {
    Next::Call(match bio {
        BioPtr::Original(bio) => Frame::Complete(Complete { bio, code }),
        BioPtr::Clone(clone) => Frame::CloneEndio(CloneEndio::new(clone, code)),
    })
}

/// Calls a target's method; `None` where its type has none.
pub fn call_target<M: Memory>(memory: &mut M, entry: Entry) -> Option<Next<M::Drivers>> {
    let call = M::Drivers::enter(memory, entry)?;
    memory.touch(Object::Target(entry.target()));
    Some(Next::Call(Frame::Driver(call)))
}

/// Calls the method of the table's next target that has it; `None`, and from the first again, when
/// there is no other.
pub(crate) fn call_next_target<M: Memory>(
    memory: &mut M,
    table: TableId,
    next: &mut u8,
    entry: fn(TargetId) -> Entry,
) -> Option<Next<M::Drivers>> {
    while let Some(target) = memory.setup().targets_of(table).nth(usize::from(*next)) {
        *next += 1;
        if let Some(call) = call_target(memory, entry(target)) {
            return Some(call);
        }
    }
    *next = 0;
    None
}

//! A signal to the task of a system call, labels G1 and G2.
//!
//! `signal_wake_up` sets TIF_SIGPENDING and then wakes a task that sleeps interruptibly; dm_suspend
//! reads the one at S8c and sleeps at S8d (KERNEL.md A.4).
use std::fmt::Debug;

use crate::driver::Drivers;
use crate::errno::Code;
use crate::frame::{Function, Next, Step};
use crate::ids::TaskId;
use crate::memory::{Memory, Word};

/// Labels of [`Signal`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum G {
    /// TIF_SIGPENDING is set.
    G1,
    /// The task is woken.
    G2,
}

/// Somebody sends a signal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Signal {
    pub(crate) task: TaskId,
    pub(crate) label: G,
}

impl Signal {
    /// A signal to the task.
    pub fn new(task: TaskId) -> Self {
        Self { task, label: G::G1 }
    }
}

impl<D: Drivers> Function<D> for Signal {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        match self.label {
            G::G1 => {
                memory.store(Word::SignalPending(self.task), 1);
                self.label = G::G2;
                Ok(Next::Continue)
            }
            G::G2 => {
                memory.wake_task(self.task);
                Ok(Next::Return(Code::OK))
            }
        }
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, _memory: &mut M, _code: Code) -> Next<D> {
        unreachable!("a signal calls nobody")
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

//! The target code and the disks below the core: one [`Call`] a method, one file a target.
//!
//! What a target decides without concurrency stands elsewhere as pure rules (`multipath::rules`);
//! here those rules meet the locks, one section a step.
pub mod delay;
pub mod disk;
pub mod labels;
pub mod mpath;
pub mod pg_init;
mod rename;
pub mod setup;
pub mod simple;
pub mod worker;

use std::fmt::Debug;

use dm_model::driver::{Drivers, Entry};
use dm_model::errno::Code;
use dm_model::frame::{Next, Step};
use dm_model::ids::{CloneId, DiskId, LIST_COUNT_MAX};
use dm_model::memory::{Blocked, Memory};
use dm_model::queue::Queue;

use crate::multipath::state::Multipath;
use crate::table::Kind;
use disk::Disk;
use setup::DriverSetup;

/// The targets and disks of this crate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Sim;

/// The state of a target, behind its lock.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Target {
    /// linear, striped, error and zero keep nothing.
    Stateless,
    /// multipath.
    Multipath {
        /// What `m->lock` guards.
        state: Multipath,
        /// What the worker has taken from the queue and not mapped again yet: its local list.
        dispatching: Queue<CloneId, LIST_COUNT_MAX>,
    },
    /// delay.
    Delay(delay::Delay),
}

impl Clone for Target {
    fn clone(&self) -> Self {
        match self {
            Self::Stateless => Self::Stateless,
            Self::Multipath { state, dispatching } => {
                Self::Multipath { state: state.clone(), dispatching: dispatching.clone() }
            }
            Self::Delay(delay) => Self::Delay(delay.clone()),
        }
    }

    /// A target of a state has the kind that it has in the next.
    fn clone_from(&mut self, source: &Self) {
        match (self, source) {
            (
                Self::Multipath { state, dispatching },
                Self::Multipath { state: other, dispatching: others },
            ) => {
                state.clone_from(other);
                dispatching.clone_from(others);
            }
            (target, source) => *target = source.clone(),
        }
    }
}

/// A call of target code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Call {
    /// A method of a target without state.
    Simple(simple::Call),
    /// A method of multipath.
    Mpath(mpath::Call),
    /// `process_queued_ios` and `trigger_event`.
    Worker(worker::Call),
    /// `dm_pg_init_complete`.
    PgInit(pg_init::Call),
    /// A method of delay, or its timer.
    Delay(delay::Call),
}

/// Runs `$body` with `$call` bound to the call inside.
impl Call {
    /// Whether its next step only looks whether the target is there, and counts an event.
    pub fn only_looks(&self) -> bool {
        match self {
            Self::Mpath(call) => call.label == mpath::J::J6,
            Self::Worker(call) => call.label == worker::K::TE1,
            Self::Simple(_) | Self::PgInit(_) | Self::Delay(_) => false,
        }
    }
}

macro_rules! each_call {
    ($value:expr, $call:ident => $body:expr) => {
        match $value {
            Call::Simple($call) => $body,
            Call::Mpath($call) => $body,
            Call::Worker($call) => $body,
            Call::PgInit($call) => $body,
            Call::Delay($call) => $body,
        }
    };
}

impl Drivers for Sim {
    type Call = Call;
    type Target = Target;
    type Disk = Disk;
    type Setup = DriverSetup;

    fn enter<M: Memory<Drivers = Self>>(memory: &M, entry: Entry) -> Option<Call> {
        match memory.setup().drivers.kind(entry.target()) {
            Kind::Multipath(_) => mpath::Call::enter(entry).map(Call::Mpath),
            Kind::Delay { .. } => delay::Call::enter(entry).map(Call::Delay),
            Kind::Linear { .. } | Kind::Striped { .. } | Kind::Error | Kind::Zero => {
                simple::Call::enter(entry).map(Call::Simple)
            }
        }
    }

    fn begin<M: Memory<Drivers = Self>>(call: &mut Call, memory: &mut M) -> Next<Self> {
        each_call!(call, call => call.begin(memory))
    }

    fn step<M: Memory<Drivers = Self>>(call: &mut Call, memory: &mut M) -> Step<Self> {
        each_call!(call, call => call.step(memory))
    }

    fn returned<M: Memory<Drivers = Self>>(
        call: &mut Call,
        memory: &mut M,
        code: Code,
    ) -> Next<Self> {
        each_call!(call, call => call.returned(memory, code))
    }

    fn submit<M: Memory<Drivers = Self>>(
        memory: &mut M,
        disk: DiskId,
        clone: CloneId,
    ) -> Result<(), Blocked> {
        disk::submit(memory, disk, clone)
    }

    fn label(call: &Call) -> &dyn Debug {
        each_call!(call, call => call.label())
    }
}

//! Drivers without targets, for the unit tests of the core.
use crate::driver::{Drivers, Entry};
use crate::errno::Code;
use crate::frame::{Next, Step};
use crate::ids::{CloneId, DiskId};
use crate::memory::{Blocked, Memory};

/// No target and no disk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Nothing;

impl Drivers for Nothing {
    type Call = ();
    type Target = ();
    type Disk = ();
    type Setup = ();

    fn enter<M: Memory<Drivers = Self>>(_memory: &M, _entry: Entry) -> Option<()> {
        None
    }

    fn begin<M: Memory<Drivers = Self>>((): &mut (), _memory: &mut M) -> Next<Self> {
        unreachable!("there is no target code")
    }

    fn step<M: Memory<Drivers = Self>>((): &mut (), _memory: &mut M) -> Step<Self> {
        unreachable!("there is no target code")
    }

    fn returned<M: Memory<Drivers = Self>>((): &mut (), _memory: &mut M, _: Code) -> Next<Self> {
        unreachable!("there is no target code")
    }

    fn submit<M: Memory<Drivers = Self>>(_: &mut M, _: DiskId, _: CloneId) -> Result<(), Blocked> {
        unreachable!("there is no disk")
    }

    fn label((): &()) -> &dyn std::fmt::Debug {
        unreachable!("there is no target code")
    }
}

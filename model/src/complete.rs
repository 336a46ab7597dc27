//! The upper layer: `bio_endio` of a bio that an application made.
use std::fmt::Debug;

use crate::driver::Drivers;
use crate::errno::Code;
use crate::frame::{Function, Next, Step};
use crate::ids::BioId;
use crate::memory::Memory;

/// Labels of [`Complete`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum U {
    /// The bio's owner is told.
    U1,
}

/// Tells the owner of a bio how it ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Complete {
    /// The bio.
    pub bio: BioId,
    /// 0, or the error.
    pub code: Code,
}

impl<D: Drivers> Function<D> for Complete {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        memory.complete(self.bio, self.code);
        Ok(Next::Return(Code::OK))
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, _memory: &mut M, _code: Code) -> Next<D> {
        unreachable!("the upper layer calls nobody")
    }

    fn label(&self) -> &dyn Debug {
        &U::U1
    }
}

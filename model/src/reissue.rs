//! The work item of a device that issues late pushbacks again, labels RQ1..RQ4. Hardened only.
//!
//! docs/hardened.md. No kernel of the time has it; today's `dm_wq_work` does as much and more.
use std::fmt::Debug;

use crate::driver::Drivers;
use crate::effect::Effect;
use crate::errno::Code;
use crate::flags::Flag;
use crate::frame::{Frame, Function, Next, Step};
use crate::ids::MdId;
use crate::memory::{BioPlace, Lock, Memory};
use crate::split::{Flush, steal_deferred};

/// The bit of the work item.
pub const REISSUE: u8 = 4;

/// Labels of [`Reissue`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum RQ {
    /// `down_write(io_lock)`; while BLOCK_IO is set the suspend merges what is parked: done.
    RQ1,
    /// `pushback` goes to the head of `deferred`, which is stolen.
    RQ2,
    /// In `__flush_deferred_io`, under `io_lock` W.
    RQ3,
    /// `up_write(io_lock)`.
    RQ4,
}

/// Issues again what was parked without NOFLUSH.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Reissue {
    pub(crate) md: MdId,
    pub(crate) label: RQ,
}

impl Reissue {
    /// The work item of the device.
    pub fn new(md: MdId) -> Self {
        Self { md, label: RQ::RQ1 }
    }
}

impl<D: Drivers> Function<D> for Reissue {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        let md = self.md;
        match self.label {
            RQ::RQ1 => {
                memory.down_write(md)?;
                if memory.test_bit(md, Flag::BlockIo) {
                    memory.up_write(md);
                    return Ok(Next::Return(Code::OK));
                }
                self.label = RQ::RQ2;
                Ok(Next::Continue)
            }
            RQ::RQ2 => {
                memory.with_lock(Lock::Pushback(md), |memory| {
                    let parked = memory.pushback(md).take();
                    for bio in parked.iter() {
                        memory.set_place(bio, BioPlace::Deferred);
                    }
                    memory.deferred(md).merge_head(parked);
                })?;
                memory.emit(Effect::Merged(md));
                steal_deferred(memory, md);
                self.label = RQ::RQ3;
                Ok(Next::Call(Frame::Flush(Flush::new(md))))
            }
            RQ::RQ4 => {
                memory.up_write(md);
                Ok(Next::Return(Code::OK))
            }
            RQ::RQ3 => unreachable!("a call is under way"),
        }
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, _memory: &mut M, _code: Code) -> Next<D> {
        assert_eq!(self.label, RQ::RQ3, "only RQ3 calls");
        self.label = RQ::RQ4;
        Next::Continue
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

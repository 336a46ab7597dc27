//! Message and status: the ioctls that ask the targets of the live table, labels H1..H5.
//!
//! KERNEL.md A.7; dm-ioctl.c read in 2.6.24. The table's reference is dropped last, and may be the
//! last one.
use std::fmt::Debug;

use crate::driver::{Drivers, Entry};
use crate::effect::StatusKind;
use crate::errno::{Code, Errno};
use crate::frame::{Frame, Function, Next, Step, call_target};
use crate::ids::{MdId, TableId, TargetId};
use crate::ioctl::find_device;
use crate::lifetime::{PutMd, PutTable};
use crate::memory::Memory;

/// Labels of [`Query`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum H {
    /// `find_device`.
    H1,
    /// `dm_get_table`.
    H2,
    /// In the target's method.
    H3,
    /// In `dm_table_put`.
    H4,
    /// In `dm_put`.
    H5,
}

/// What a [`Query`] asks of the live table's targets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Question {
    /// `target_message` to the target at this sector; the number is the message's in the setup.
    Message {
        /// The sector that names the target.
        sector: u32,
        /// Which message.
        message: u8,
    },
    /// `table_status` of every target.
    Status(StatusKind),
}

/// `target_message` and `table_status`: targets of the live table are asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Query {
    pub(crate) md: MdId,
    pub(crate) question: Question,
    pub(crate) table: Option<TableId>,
    pub(crate) target: u8,
    pub(crate) code: Code,
    pub(crate) label: H,
}

impl Query {
    /// Asks the device.
    pub fn new(md: MdId, question: Question) -> Self {
        Self { md, question, table: None, target: 0, code: Code::OK, label: H::H1 }
    }

    fn put_md<D: Drivers>(&mut self) -> Next<D> {
        self.label = H::H5;
        Next::Call(Frame::PutMd(PutMd::new(self.md)))
    }

    /// The targets that are still to be asked.
    fn next_target<M: Memory>(&mut self, memory: &M) -> Option<TargetId> {
        let table = self.table?;
        let setup = memory.setup();
        let target = match self.question {
            Question::Message { .. } if self.target > 0 => None,
            Question::Message { sector, .. } => setup.find_target(table, sector),
            Question::Status(_) => setup.targets_of(table).nth(usize::from(self.target)),
        };
        self.target += 1;
        target
    }

    fn ask<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        let first = self.target == 0;
        while let Some(target) = self.next_target(memory) {
            self.label = H::H3;
            let entry = match self.question {
                Question::Message { message, .. } => Entry::Message(target, message),
                Question::Status(kind) => Entry::Status(target, kind),
            };
            match call_target(memory, entry) {
                Some(call) => return call,
                // "Target type does not support messages"; a target without status has no text.
                None => self.refuse_message(),
            }
        }
        if first && self.label != H::H3 {
            // "Target message sector outside device."
            self.refuse_message();
        }
        self.label = H::H4;
        let table = self.table.take().expect("H2 has found a table");
        Next::Call(Frame::PutTable(PutTable::new(table)))
    }

    fn refuse_message(&mut self) {
        if let Question::Message { .. } = self.question {
            self.code = Errno::Inval.code();
        }
    }
}

impl<D: Drivers> Function<D> for Query {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        Ok(match self.label {
            H::H1 => {
                if !find_device(memory, self.md)? {
                    return Ok(Next::Return(Errno::Nxio.code()));
                }
                self.label = H::H2;
                Next::Continue
            }
            H::H2 => {
                self.table = memory.get_table(self.md)?;
                match self.table {
                    Some(_) => self.ask(memory),
                    None => self.put_md(),
                }
            }
            H::H3 | H::H4 | H::H5 => unreachable!("a call is under way"),
        })
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, code: Code) -> Next<D> {
        match self.label {
            H::H3 => {
                self.code = code;
                self.ask(memory)
            }
            H::H4 => self.put_md(),
            H::H5 => Next::Return(self.code),
            H::H1 | H::H2 => unreachable!("no call is under way"),
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

//! The ioctl layer: how a suspend or a resume reaches the core, labels X1..X4 and Y1..Y10.
//!
//! KERNEL.md A.7; dm-ioctl.c read in 2.6.24. `do_resume` ignores what its own suspend answers
//! (fixed in 6.11), and RELOAD followed by RESUME is how multipathd works. The replies that only
//! report (`__dev_status`) are not modelled.
use std::fmt::Debug;

use crate::driver::Drivers;
use crate::errno::{Code, Errno};
use crate::flags::{Flag, SuspendFlags};
use crate::frame::{Frame, Function, Next, Step};
use crate::ids::{MdId, TableId, TaskId};
use crate::lifetime::{PutMd, PutTable};
use crate::memory::{Blocked, Lock, Memory, Word};
use crate::mutant::Mutant;
use crate::resume::Resume;
use crate::suspend::Suspend;
use crate::swap::SwapTable;

/// `find_device`: a reference to the device, if it is in the hash; under `_hash_lock` R.
///
/// # Errors
/// `Blocked` while a writer holds `_hash_lock`.
pub(crate) fn find_device<M: Memory>(memory: &mut M, md: MdId) -> Result<bool, Blocked> {
    look_up(memory, md, true)
}

fn look_up<M: Memory>(memory: &mut M, md: MdId, holds: bool) -> Result<bool, Blocked> {
    memory.lock_shared(Lock::Hash)?;
    let found = *memory.hashed(md);
    if found && holds {
        memory.add(Word::Holders(md), 1);
    }
    memory.unlock_shared(Lock::Hash);
    Ok(found)
}

/// Labels of [`DoSuspend`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum X {
    /// `find_device`.
    X1,
    /// Tests SUSPENDED, without a lock.
    X2,
    /// In `dm_suspend`.
    X3,
    /// In `dm_put`.
    X4,
}

/// `do_suspend`: `DM_DEV_SUSPEND` with `DM_SUSPEND_FLAG`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DoSuspend {
    pub(crate) md: MdId,
    pub(crate) flags: SuspendFlags,
    pub(crate) task: TaskId,
    pub(crate) code: Code,
    pub(crate) label: X,
}

impl DoSuspend {
    /// The ioctl with these flags, of this task.
    pub fn new<M: Memory>(memory: &M, md: MdId, flags: u32, task: TaskId) -> Self {
        let flags = SuspendFlags::from_ioctl(flags, memory.era().ioctl_passes_noflush());
        Self { md, flags, task, code: Code::OK, label: X::X1 }
    }

    fn put<D: Drivers, M: Memory>(&mut self, memory: &M) -> Next<D> {
        if memory.mutant() == Mutant::IoctlWithoutReference {
            return Next::Return(self.code);
        }
        self.label = X::X4;
        Next::Call(Frame::PutMd(PutMd::new(self.md)))
    }
}

impl<D: Drivers> Function<D> for DoSuspend {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        Ok(match self.label {
            X::X1 => {
                let holds = memory.mutant() != Mutant::IoctlWithoutReference;
                if !look_up(memory, self.md, holds)? {
                    return Ok(Next::Return(Errno::Nxio.code()));
                }
                self.label = X::X2;
                Next::Continue
            }
            X::X2 if memory.test_bit(self.md, Flag::Suspended) => self.put(memory),
            X::X2 => {
                self.label = X::X3;
                Next::Call(Frame::Suspend(Suspend::new(self.md, self.flags, self.task)))
            }
            X::X3 | X::X4 => unreachable!("a call is under way"),
        })
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, code: Code) -> Next<D> {
        match self.label {
            X::X3 => {
                self.code = code;
                self.put(memory)
            }
            X::X4 => Next::Return(self.code),
            X::X1 | X::X2 => unreachable!("no call is under way"),
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

/// Labels of [`DoResume`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Y {
    /// The inactive table is taken out of its slot, under `_hash_lock` W.
    Y1,
    /// Tests SUSPENDED, without a lock.
    Y2,
    /// In `dm_suspend`, whose answer is ignored.
    Y3,
    /// In `dm_swap_table`.
    Y4,
    /// In `dm_table_put`: the load's reference.
    Y5,
    /// Tests SUSPENDED, without a lock.
    Y6,
    /// In `dm_resume`.
    Y7,
    /// In `dm_put`.
    Y8,
    /// The swap failed: in `dm_put`, before the table is put.
    Y9,
    /// The swap failed: in `dm_table_put`.
    Y10,
}

/// `do_resume`: `DM_DEV_SUSPEND` without `DM_SUSPEND_FLAG`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DoResume {
    pub(crate) md: MdId,
    pub(crate) flags: SuspendFlags,
    pub(crate) task: TaskId,
    pub(crate) new: Option<TableId>,
    pub(crate) code: Code,
    pub(crate) label: Y,
}

impl DoResume {
    /// The ioctl with these flags, of this task.
    pub fn new<M: Memory>(memory: &M, md: MdId, flags: u32, task: TaskId) -> Self {
        let flags = SuspendFlags::from_ioctl(flags, memory.era().ioctl_passes_noflush());
        Self { md, flags, task, new: None, code: Code::OK, label: Y::Y1 }
    }

    fn put_md<D: Drivers>(&mut self, label: Y) -> Next<D> {
        self.label = label;
        Next::Call(Frame::PutMd(PutMd::new(self.md)))
    }

    fn put_new<D: Drivers>(&mut self, label: Y) -> Next<D> {
        self.label = label;
        let new = self.new.take().expect("a table was taken out of the slot");
        Next::Call(Frame::PutTable(PutTable::new(new)))
    }

    fn swap<D: Drivers>(&mut self) -> Next<D> {
        self.label = Y::Y4;
        let new = self.new.expect("a table was taken out of the slot");
        Next::Call(Frame::SwapTable(SwapTable::new(self.md, new)))
    }
}

impl<D: Drivers> Function<D> for DoResume {
    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        let md = self.md;
        match self.label {
            Y::Y1 => {
                memory.lock(Lock::Hash)?;
                let found = *memory.hashed(md);
                if found {
                    memory.add(Word::Holders(md), 1);
                    self.new = memory.inactive(md).take();
                }
                memory.unlock(Lock::Hash);
                if !found {
                    return Ok(Next::Return(Errno::Nxio.code()));
                }
                self.label = if self.new.is_some() { Y::Y2 } else { Y::Y6 };
            }
            Y::Y2 if memory.test_bit(md, Flag::Suspended) => return Ok(self.swap()),
            Y::Y2 => {
                self.label = Y::Y3;
                let suspend = Suspend::new(md, self.flags, self.task);
                return Ok(Next::Call(Frame::Suspend(suspend)));
            }
            Y::Y6 if memory.test_bit(md, Flag::Suspended) => {
                self.label = Y::Y7;
                return Ok(Next::Call(Frame::Resume(Resume::new(md))));
            }
            Y::Y6 => return Ok(self.put_md(Y::Y8)),
            Y::Y3 | Y::Y4 | Y::Y5 | Y::Y7 | Y::Y8 | Y::Y9 | Y::Y10 => {
                unreachable!("a call is under way")
            }
        }
        Ok(Next::Continue)
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, _memory: &mut M, code: Code) -> Next<D> {
        match self.label {
            Y::Y3 => self.swap(),
            Y::Y4 if code.is_error() => {
                self.code = code;
                self.put_md(Y::Y9)
            }
            Y::Y4 => self.put_new(Y::Y5),
            Y::Y5 => {
                self.label = Y::Y6;
                Next::Continue
            }
            Y::Y7 => {
                self.code = code;
                self.put_md(Y::Y8)
            }
            Y::Y9 => self.put_new(Y::Y10),
            Y::Y8 | Y::Y10 => Next::Return(self.code),
            Y::Y1 | Y::Y2 | Y::Y6 => unreachable!("no call is under way"),
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

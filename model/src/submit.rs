//! Submission: an application's I/O, `dm_request` and `queue_io`, labels A1..A6 and Q0..Q4.
//!
//! KERNEL.md A.2; dm.c of commit 2e93ccc1933d.
use std::fmt::Debug;

use crate::driver::Drivers;
use crate::effect::{Effect, Object};
use crate::errno::{Code, Errno};
use crate::flags::Flag;
use crate::frame::{Frame, Function, Next, Step, bio_endio};
use crate::ids::{BioId, BioPtr, MdId};
use crate::lifetime::{Close, Open};
use crate::memory::{BioPlace, Lock, Memory, Word};
use crate::mutant::Mutant;
use crate::split::Split;

/// Labels of [`Application`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum A {
    /// In `dm_blk_open`.
    A1,
    /// An fsync takes the inode's mutex.
    A2,
    /// In `dm_request`.
    A3,
    /// Waits for the bio.
    A4,
    /// An fsync gives the inode's mutex back.
    A5,
    /// In `dm_blk_close`.
    A6,
}

/// An application that makes one bio for a mapped device.
///
/// It waits for the bio only where it has something to do afterwards: to close the device or to
/// give a mutex back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Application {
    /// The bio.
    pub bio: BioId,
    pub(crate) md: MdId,
    pub(crate) label: A,
}

impl Application {
    /// The application that makes this bio of the setup.
    pub fn new(bio: BioId, md: MdId) -> Self {
        Self { bio, md, label: A::A1 }
    }

    fn opened<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &M) -> Next<D> {
        if memory.setup().bios[self.bio.index()].fsync {
            self.label = A::A2;
            return Next::Continue;
        }
        self.submit()
    }

    fn submit<D: Drivers>(&mut self) -> Next<D> {
        self.label = A::A3;
        Next::Call(Frame::Submit(Submit::new(self.md, BioPtr::Original(self.bio))))
    }

    fn close<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &M) -> Next<D> {
        if memory.setup().bios[self.bio.index()].opens {
            self.label = A::A6;
            return Next::Call(Frame::Close(Close::new(self.md)));
        }
        Next::Return(Code::OK)
    }
}

impl<D: Drivers> Function<D> for Application {
    fn enter<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        if memory.setup().bios[self.bio.index()].opens {
            return Next::Call(Frame::Open(Open::new(self.md)));
        }
        self.opened(memory)
    }

    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        match self.label {
            A::A2 => {
                memory.lock(Lock::Inode(self.md))?;
                Ok(self.submit())
            }
            A::A4 => {
                memory.wait_completed(self.bio)?;
                if memory.setup().bios[self.bio.index()].fsync {
                    self.label = A::A5;
                    return Ok(Next::Continue);
                }
                Ok(self.close(memory))
            }
            A::A5 => {
                memory.unlock(Lock::Inode(self.md));
                Ok(self.close(memory))
            }
            A::A1 | A::A3 | A::A6 => unreachable!("a call is under way"),
        }
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, memory: &mut M, code: Code) -> Next<D> {
        let setup = &memory.setup().bios[self.bio.index()];
        match self.label {
            A::A1 if code.is_error() => Next::Return(code),
            A::A1 => self.opened(memory),
            A::A3 if setup.fsync || setup.opens => {
                self.label = A::A4;
                Next::Continue
            }
            A::A3 | A::A6 => Next::Return(Code::OK),
            A::A2 | A::A4 | A::A5 => unreachable!("no call is under way"),
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

/// Labels of [`Submit`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Q {
    /// `generic_make_request` reads the size of the device, where a table may be too small.
    Q0,
    /// In `bio_endio`, because the bio reaches beyond the end.
    Q0a,
    /// `down_read(io_lock)`.
    Q1,
    /// The test of BLOCK_IO, with which the loop begins.
    Q2a,
    /// `up_read`, because I/O is blocked.
    Q2b,
    /// In `bio_io_error` of a read-ahead.
    Q2c,
    /// `queue_io`.
    Q2d,
    /// `down_read` again, because the flag was cleared meanwhile.
    Q2e,
    /// In `__split_bio`.
    Q3,
    /// `up_read`.
    Q4,
}

/// `dm_request`: a bio arrives at a mapped device.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Submit {
    /// The device.
    pub md: MdId,
    /// The bio.
    pub bio: BioPtr,
    /// What comes next.
    pub(crate) label: Q,
}

impl Submit {
    /// The bio at the door of the device.
    pub fn new(md: MdId, bio: BioPtr) -> Self {
        Self { md, bio, label: Q::Q1 }
    }

    /// Whether this submission takes `io_lock`.
    fn locks<M: Memory>(memory: &M) -> bool {
        memory.mutant() != Mutant::SubmissionWithoutIoLock
    }

    fn queue_io<D: Drivers, M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        memory.down_write(self.md)?;
        let blocked = memory.test_bit(self.md, Flag::BlockIo)
            || memory.mutant() == Mutant::NoRecheckInQueueIo;
        if blocked {
            memory.deferred(self.md).push_back(self.bio);
            memory.set_place(self.bio, BioPlace::Deferred);
            memory.emit(Effect::Deferred(self.md, self.bio));
        }
        memory.up_write(self.md);
        if blocked || memory.mutant() == Mutant::NotDeferredIsDropped {
            return Ok(Next::Return(Code::OK));
        }
        self.label = Q::Q2e;
        Ok(Next::Continue)
    }
}

impl<D: Drivers> Function<D> for Submit {
    /// Where every table is large enough the check of the size cannot fail, and takes no step.
    fn enter<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Next<D> {
        let (sector, count) = memory.extent(self.bio);
        if memory.setup().may_exceed(self.md, sector + u32::from(count)) {
            self.label = Q::Q0;
        }
        Next::Continue
    }

    fn step<M: Memory<Drivers = D>>(&mut self, memory: &mut M) -> Step<D> {
        match self.label {
            Q::Q0 => {
                let (sector, count) = memory.extent(self.bio);
                let size = memory.load(Word::Size(self.md)).cast_unsigned();
                if size > 0 && sector + u32::from(count) > size {
                    self.label = Q::Q0a;
                    return Ok(bio_endio(self.bio, Errno::Io.code()));
                }
                self.label = Q::Q1;
            }
            Q::Q1 | Q::Q2e => {
                if Self::locks(memory) {
                    memory.down_read(self.md)?;
                }
                memory.touch(Object::Md(self.md));
                memory.set_place(self.bio, BioPlace::Hands);
                if let (Q::Q1, BioPtr::Original(bio)) = (self.label, self.bio) {
                    memory.emit(Effect::Submitted(bio));
                }
                self.label = Q::Q2a;
            }
            Q::Q2a
                if memory.test_bit(self.md, Flag::BlockIo)
                    && memory.mutant() != Mutant::BlockIoNotTested =>
            {
                self.label = Q::Q2b;
            }
            Q::Q2a => {
                self.label = Q::Q3;
                return Ok(Next::Call(Frame::Split(Split::new(self.md, self.bio))));
            }
            Q::Q2b => {
                if Self::locks(memory) {
                    memory.up_read(self.md);
                }
                if memory.is_readahead(self.bio) {
                    self.label = Q::Q2c;
                    return Ok(bio_endio(self.bio, Errno::Io.code()));
                }
                self.label = Q::Q2d;
            }
            Q::Q2d => return self.queue_io(memory),
            Q::Q4 => {
                if Self::locks(memory) {
                    memory.up_read(self.md);
                }
                return Ok(Next::Return(Code::OK));
            }
            Q::Q0a | Q::Q2c | Q::Q3 => unreachable!("a call is under way"),
        }
        Ok(Next::Continue)
    }

    fn returned<M: Memory<Drivers = D>>(&mut self, _memory: &mut M, _code: Code) -> Next<D> {
        match self.label {
            Q::Q0a | Q::Q2c => Next::Return(Code::OK),
            Q::Q3 => {
                self.label = Q::Q4;
                Next::Continue
            }
            Q::Q0 | Q::Q1 | Q::Q2a | Q::Q2b | Q::Q2d | Q::Q2e | Q::Q4 => {
                unreachable!("no call is under way")
            }
        }
    }

    fn label(&self) -> &dyn Debug {
        &self.label
    }
}

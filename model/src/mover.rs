//! Which steps might as well be taken before whatever the other processes do, and why.
//!
//! A step that gives a lock back, or that touches only what a lock guards which is held, or what
//! nobody else refers to, leads to the same when others move first (a left mover: Lipton, 1975).
//! Here is what the step touches, by its label; whether nobody else can is for the caller to say,
//! who knows what may still happen. docs/reductions.md has the argument label by label.
use crate::admin::{L, Rm};
use crate::driver::Drivers;
use crate::endio::{E, P};
use crate::frame::{Frame, Process};
use crate::ids::{IoId, MdId, TableId};
use crate::ioctl::{X, Y};
use crate::lifetime::{T, V, Z};
use crate::map::M;
use crate::memory::Memory;
use crate::plain::Plain;
use crate::query::H;
use crate::resume::R;
use crate::split::B;
use crate::submit::{A, Q};
use crate::suspend::S;
use crate::swap::W;

/// What the next step of a process touches that others may touch too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mover {
    /// More than can be told here.
    Shared,
    /// A lock that it gives back, and what a lock guards that it holds.
    Guarded,
    /// The count or the error of this `dm_io`.
    Io(IoId),
    /// A pool, to which it gives a `dm_io` or a clone back.
    Pool,
    /// The place of a device in the hash, and its count of references, which rises.
    FindDevice(MdId),
    /// The count of references of this device, which falls.
    PutDevice(MdId),
    /// The live table of this device, and its count of references, which rises; whether
    /// `suspend_lock` is held.
    GetTable(MdId, bool),
    /// The count of references of this table, which falls; whether `suspend_lock` is held.
    PutTable(TableId, bool),
    /// A target of a table that it refers to, and its own `dm_io`, which nobody can be done with.
    Map,
    /// Whether a target or a table is there, and what only counts.
    Target,
}

impl<D: Drivers> Process<D> {
    /// What its next step touches; target code knows for itself.
    pub fn mover(&self, memory: &Plain<D>) -> Mover {
        let below = self.frames().iter().rev().nth(1);
        match self.frame() {
            Frame::Application(it) if it.label == A::A5 => Mover::Guarded,
            Frame::Submit(it) => match it.label {
                Q::Q2a => Mover::Guarded,
                Q::Q2b if !memory.is_readahead(it.bio) => Mover::Guarded,
                Q::Q4 if matches!(below, Some(Frame::Application(_))) => Mover::Guarded,
                // Target code that had sent the bio on looks at its target.
                Q::Q4 => Mover::Target,
                Q::Q0 | Q::Q0a | Q::Q1 | Q::Q2b | Q::Q2c | Q::Q2d | Q::Q2e | Q::Q3 => Mover::Shared,
            },
            Frame::Split(it) if it.label == B::B1 => Mover::GetTable(it.md, false),
            Frame::MapBio(it) if it.label == M::M1 => Mover::Map,
            Frame::CloneEndio(it) if it.label == E::E3 => match below {
                None | Some(Frame::DecPending(_)) => Mover::Pool,
                Some(_) => Mover::Shared,
            },
            Frame::DecPending(it) => match it.label {
                P::P1a | P::P1c | P::P2 => Mover::Io(it.io),
                P::P7 => Mover::Pool,
                P::P1b | P::P3 | P::P3Append | P::P4 | P::P5 | P::P6 => Mover::Shared,
            },
            Frame::Suspend(it) => match it.label {
                S::S1 => Mover::GetTable(it.md, true),
                S::S4 | S::S6c | S::S11d | S::S11e | S::S12 | S::F4 => Mover::Guarded,
                S::S0
                | S::S2
                | S::S3
                | S::S5
                | S::S6a
                | S::S6b
                | S::S8a
                | S::S8b
                | S::S8c
                | S::S8d
                | S::S9a
                | S::S9b
                | S::S9c
                | S::S9d
                | S::S10
                | S::S11a
                | S::S11b
                | S::S11c
                | S::S13
                | S::S14
                | S::F1
                | S::F2
                | S::F3
                | S::O1
                | S::O2 => Mover::Shared,
            },
            Frame::Resume(it) => match it.label {
                R::R1 => Mover::GetTable(it.md, true),
                R::R3c | R::R4 | R::R7b => Mover::Guarded,
                R::R0 | R::R2a | R::R2b | R::R3a | R::R3b | R::R5 | R::R7a => Mover::Shared,
            },
            Frame::SwapTable(it) if it.label == W::W7 => Mover::Guarded,
            Frame::Open(it) => Mover::FindDevice(it.md),
            Frame::Close(it) if it.label == Z::Z2 => Mover::PutDevice(it.md),
            Frame::PutMd(it) if it.label == V::V1 => Mover::PutDevice(it.md),
            Frame::PutTable(it) if it.label == T::T1 => {
                let is_guarded = matches!(below, Some(Frame::Suspend(_) | Frame::Resume(_)));
                Mover::PutTable(it.table, is_guarded)
            }
            Frame::DoSuspend(it) if it.label == X::X1 => Mover::FindDevice(it.md),
            Frame::DoResume(it) if it.label == Y::Y1 => Mover::FindDevice(it.md),
            Frame::Query(it) => match it.label {
                H::H1 => Mover::FindDevice(it.md),
                H::H2 => Mover::GetTable(it.md, false),
                H::H3 | H::H4 | H::H5 => Mover::Shared,
            },
            Frame::Load(it) if it.label == L::L4 => Mover::Guarded,
            Frame::Remove(it) if it.label == Rm::D8 => Mover::Guarded,
            Frame::Idle
            | Frame::Application(_)
            | Frame::Split(_)
            | Frame::Flush(_)
            | Frame::MapBio(_)
            | Frame::CloneEndio(_)
            | Frame::Complete(_)
            | Frame::SwapTable(_)
            | Frame::Close(_)
            | Frame::PutMd(_)
            | Frame::PutTable(_)
            | Frame::DoSuspend(_)
            | Frame::DoResume(_)
            | Frame::Create(_)
            | Frame::Load(_)
            | Frame::Remove(_)
            | Frame::Signal(_)
            | Frame::Reissue(_)
            | Frame::Driver(_) => Mover::Shared,
        }
    }
}

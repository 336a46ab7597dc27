//! Renaming: what a permutation of bios, tasks and disks does to all that names them.
//!
//! Everything that is state is taken apart here field by field, so that a new field has to be
//! looked at. What belongs to target code is renamed by [`Renamed`]. Devices, tables and targets
//! keep their numbers.
use crate::admin::{Create, Load, Remove};
use crate::complete::Complete;
use crate::driver::Drivers;
use crate::endio::{CloneEndio, DecPending};
use crate::frame::{Frame, Process};
use crate::ids::{
    BIO_COUNT_MAX, BioId, BioPtr, CloneId, Device, DiskId, GENERATION_COUNT_MAX, IoId, TargetId,
    TaskId,
};
use crate::ioctl::{DoResume, DoSuspend};
use crate::lifetime::{Close, Open, PutMd, PutTable};
use crate::map::MapBio;
use crate::md::Md;
use crate::memory::CloneState;
use crate::plain::{Bio, Io, Plain};
use crate::query::Query;
use crate::reissue::Reissue;
use crate::resume::Resume;
use crate::signal::Signal;
use crate::split::{B, Flush, Split};
use crate::submit::{Application, Submit};
use crate::suspend::Suspend;
use crate::swap::SwapTable;

/// A permutation of what is interchangeable: by its number, what each is called from now on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renaming {
    /// The bios.
    pub bios: [BioId; BIO_COUNT_MAX],
    /// How many sectors away from its own the bio is whose name it gets.
    pub shifts: [i32; BIO_COUNT_MAX],
    /// Of each bio, its `dm_io`, by their generations.
    pub generations: [[u8; GENERATION_COUNT_MAX]; BIO_COUNT_MAX],
    /// The tasks.
    pub tasks: Vec<TaskId>,
    /// The disks.
    pub disks: Vec<DiskId>,
    /// Of each target, what it numbers itself: its paths.
    pub paths: Vec<Vec<u8>>,
}

/// Target code whose state can be renamed.
pub trait Renamed: Drivers {
    /// Renames in a call of target code. What it does not need any more becomes the default.
    fn rename_call(call: &mut Self::Call, by: &Renaming);
    /// Renames in the state of a target.
    fn rename_target(state: &mut Self::Target, target: TargetId, by: &Renaming);
    /// Renames in the state of a disk, but for its number.
    fn rename_disk(disk: &mut Self::Disk, by: &Renaming);
    /// Renames what the clone's target has chosen for it. What it has not chosen yet becomes the
    /// default.
    fn rename_choice(clone: &mut CloneState, by: &Renaming);
}

impl Renaming {
    /// Everything keeps its name.
    pub fn identity(tasks: usize, disks: usize, paths: Vec<Vec<u8>>) -> Self {
        let mut same = [0; GENERATION_COUNT_MAX];
        (0..).zip(&mut same).for_each(|(number, it)| *it = number);
        Self {
            bios: std::array::from_fn(|bio| BioId(bio as u16)),
            shifts: [0; BIO_COUNT_MAX],
            generations: [same; BIO_COUNT_MAX],
            tasks: (0..tasks as u8).map(TaskId).collect(),
            disks: (0..disks as u8).map(DiskId).collect(),
            paths,
        }
    }

    /// The bio's new name.
    pub fn bio(&self, bio: BioId) -> BioId {
        self.bios[bio.index()]
    }

    /// The new name of a bio or a clone.
    pub fn bio_ptr(&self, bio: BioPtr) -> BioPtr {
        match bio {
            BioPtr::Original(bio) => BioPtr::Original(self.bio(bio)),
            BioPtr::Clone(clone) => BioPtr::Clone(self.clone(clone)),
        }
    }

    /// The new name of a `dm_io`.
    pub fn io(&self, io: IoId) -> IoId {
        let generation = io.index() % GENERATION_COUNT_MAX;
        match io.owner() {
            BioPtr::Original(bio) => {
                let generation = self.generations[bio.index()][generation];
                IoId::of(BioPtr::Original(self.bio(bio)), generation.into())
            }
            BioPtr::Clone(clone) => IoId::of(BioPtr::Clone(self.clone(clone)), generation),
        }
    }

    /// The new name of a clone.
    pub fn clone(&self, clone: CloneId) -> CloneId {
        CloneId::of(self.io(clone.io()), clone.fragment())
    }

    /// The new name of a task.
    pub fn task(&self, task: TaskId) -> TaskId {
        self.tasks[task.index()]
    }

    /// The new name of a device.
    pub fn device(&self, device: Device) -> Device {
        match device {
            Device::Disk(disk) => Device::Disk(self.disks[disk.index()]),
            Device::Md(_) => device,
        }
    }

    /// What a sector holds: 0, or the number of a bio plus 1.
    pub fn token(&self, token: u8) -> u8 {
        let bio = token.checked_sub(1).map(|bio| self.bio(BioId(bio.into())));
        bio.map_or(0, |bio| bio.0 as u8 + 1)
    }

    /// Where a sector of this bio lies now.
    pub fn sector(&self, bio: BioId, sector: u32) -> u32 {
        sector.wrapping_add_signed(self.shifts[bio.index()])
    }
}

/// What stood at each place stands at its new one.
fn permute<T: Clone>(all: &mut [T], new: impl Fn(usize) -> usize) {
    let before = all.to_vec();
    for (index, value) in before.into_iter().enumerate() {
        all[new(index)] = value;
    }
}

impl<D: Renamed> Plain<D> {
    /// Renames everything.
    pub fn rename(&mut self, by: &Renaming) {
        // The owner of a clone of a device below is found along its `dm_io`: by the number alone.
        self.ios.rename(|io, state| {
            *io = by.io(*io);
            let Io { md: _, bio, error: _, io_count: _, counted: _ } = state;
            *bio = by.bio_ptr(*bio);
        });
        self.clones.rename(|clone, state| {
            rename_clone::<D>(state, clone.original(), by);
            *clone = by.clone(*clone);
        });
        self.mds.iter_mut().for_each(|md| rename_md(md, by));
        for bio in &mut self.bios {
            let Bio { place: _, result: _, completions: _, data } = bio;
            data.replace_each(|token| by.token(token));
        }
        permute(&mut self.bios, |bio| by.bios[bio].index());
        for (index, target) in self.targets.iter_mut().enumerate() {
            D::rename_target(target, TargetId(index as u8), by);
        }
        self.disks.iter_mut().for_each(|disk| D::rename_disk(disk, by));
        permute(&mut self.disks, |disk| by.disks[disk].index());
        permute(&mut self.tasks, |task| by.tasks[task].index());
    }
}

fn rename_clone<D: Renamed>(state: &mut CloneState, bio: BioId, by: &Renaming) {
    let CloneState { target: _, sector, count: _, offset: _, device: _, info: _, place: _ } = state;
    *sector = by.sector(bio, *sector);
    D::rename_choice(state, by);
}

fn rename_md(md: &mut Md, by: &Renaming) {
    let Md {
        flags: _,
        pending: _,
        holders: _,
        open_count: _,
        event_nr: _,
        deferred,
        flushing,
        pushback,
        map: _,
        inactive: _,
        exists: _,
        hashed: _,
        suspended_bdev: _,
        capacity: _,
        waiter,
        io_readers: _,
        io_writer: _,
        suspend_locked: _,
        inode_locked: _,
        faults: _,
        pools_freed: _,
        freed: _,
    } = md;
    for list in [deferred, flushing, pushback] {
        list.replace_each(|bio| by.bio_ptr(bio));
    }
    *waiter = waiter.map(|task| by.task(task));
}

impl<D: Renamed> Process<D> {
    /// Renames in every frame.
    pub fn rename(&mut self, by: &Renaming) {
        self.frames_mut().iter_mut().for_each(|frame| rename_frame(frame, by));
    }
}

fn rename_frame<D: Renamed>(frame: &mut Frame<D>, by: &Renaming) {
    match frame {
        Frame::Application(Application { bio, md: _, label: _ }) => *bio = by.bio(*bio),
        Frame::Submit(Submit { md: _, bio, label: _ }) => *bio = by.bio_ptr(*bio),
        Frame::Split(Split { md: _, bio, table: _, io, fragment: _, mapped: _, label }) => {
            *bio = by.bio_ptr(*bio);
            // There is none before B2, and none at all without a table.
            if !matches!(label, B::B1 | B::B2 | B::B6) {
                *io = by.io(*io);
            }
        }
        Frame::MapBio(MapBio { md: _, clone, target: _, label: _ })
        | Frame::CloneEndio(CloneEndio { md: _, target: _, clone, error: _, label: _ }) => {
            *clone = by.clone(*clone);
        }
        Frame::DecPending(DecPending { io, error: _, md: _, bio, label: _ }) => {
            *io = by.io(*io);
            *bio = by.bio_ptr(*bio);
        }
        Frame::Complete(Complete { bio, code: _ }) => *bio = by.bio(*bio),
        Frame::Suspend(suspend) => {
            let Suspend {
                md: _,
                flags: _,
                task,
                table: _,
                target: _,
                interrupted: _,
                code: _,
                label: _,
            } = suspend;
            *task = by.task(*task);
        }
        Frame::DoSuspend(DoSuspend { md: _, flags: _, task, code: _, label: _ })
        | Frame::DoResume(DoResume { md: _, flags: _, task, new: _, code: _, label: _ }) => {
            *task = by.task(*task);
        }
        Frame::Signal(Signal { task, label: _ }) => *task = by.task(*task),
        Frame::Driver(call) => D::rename_call(call, by),
        // They name devices, tables and targets only.
        Frame::Idle
        | Frame::Flush(Flush { md: _ })
        | Frame::Resume(Resume { md: _, table: _, target: _, code: _, label: _ })
        | Frame::SwapTable(SwapTable { md: _, new: _, code: _, label: _ })
        | Frame::Open(Open { md: _ })
        | Frame::Close(Close { md: _, label: _ })
        | Frame::PutMd(PutMd { md: _, table: _, target: _, label: _ })
        | Frame::PutTable(PutTable { table: _, target: _, closed: _, label: _ })
        | Frame::Create(Create { md: _ })
        | Frame::Load(Load { md: _, new: _, opened: _, code: _, label: _ })
        | Frame::Remove(Remove { md: _, table: _, code: _, label: _ })
        | Frame::Query(Query { md: _, question: _, table: _, target: _, code: _, label: _ })
        | Frame::Reissue(Reissue { md: _, label: _ }) => {}
    }
}

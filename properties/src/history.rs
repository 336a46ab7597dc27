//! What a claim needs to remember of the past, packed beside the state that is searched.
use dm_model::effect::Effect;
use dm_model::errno::{Code, Errno};
use dm_model::flags::DM_NOFLUSH_FLAG;
use dm_model::ids::{BIO_COUNT_MAX, BioId, BioPtr, Device, DiskId, IoId, MdId, TableId, TargetId};
use dm_model::rename::Renaming;
use dm_sim::drivers::Target as State;
use dm_sim::drivers::disk::Link;
use dm_sim::drivers::setup::{devices, reach};
use dm_sim::table::Kind as Target;
use dm_sim::world::World;
use dm_sim::world::plan::{Action, Context, Kind, Op};

/// A condition of `no_bogus_error` that a run has not met, so that an error may be justified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waived {
    /// A table or a message asked to fail I/O when no path is left.
    Policy = 0,
    /// A disk failed for another reason than a path.
    NotAPathError = 1,
    /// A suspend of a device with a table was requested without noflush.
    FlushSuspend = 2,
    /// A suspend failed or was interrupted.
    SuspendFailed = 3,
    /// A live table had a target that fails I/O of itself, or was too small for its I/O or for a
    /// device on it, or there was none.
    Table = 4,
}

/// What has happened, as far as a claim asks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct History {
    waived: u8,
    /// Bios that S10 or F merged and that were not issued again since.
    merged: u8,
    /// Bios of which a clone has asked for REQUEUE since they were last issued.
    requeue: u8,
    /// Writes that have completed without error.
    written: u8,
    /// The writes that had completed when each bio was submitted.
    floor: [u8; BIO_COUNT_MAX],
}

impl History {
    /// Whether every condition of `no_bogus_error` was met.
    pub fn nothing_is_waived(&self) -> bool {
        self.waived == 0
    }

    /// Whether the bio was merged into `deferred` and not issued again since.
    pub fn is_merged(&self, bio: BioId) -> bool {
        self.merged & 1 << bio.0 != 0
    }

    /// Whether any bio was merged into `deferred` and not issued again since.
    pub fn anything_is_merged(&self) -> bool {
        self.merged != 0
    }

    /// Whether a clone of the bio has asked for REQUEUE since it was last issued.
    pub fn asked_requeue(&self, bio: BioId) -> bool {
        self.requeue & 1 << bio.0 != 0
    }

    /// The writes that had completed when the bio was submitted.
    pub fn written_before(&self, bio: BioId) -> impl Iterator<Item = BioId> {
        let floor = self.floor[bio.index()];
        (0..BIO_COUNT_MAX as u16).filter(move |bit| floor & 1 << bit != 0).map(BioId)
    }

    /// The history after an action that did what `world` says it did.
    #[must_use]
    pub fn after(mut self, action: Action, world: &World) -> Self {
        for effect in world.effects() {
            self.note(*effect, action, world);
        }
        self
    }

    /// The history of the world whose bios have these names.
    #[must_use]
    pub fn renamed(self, by: &Renaming) -> Self {
        let Self { waived, merged, requeue, written, floor } = self;
        let bits = |bits: u8| {
            let bios = (0..BIO_COUNT_MAX as u16).map(BioId);
            let set = bios.filter(|bio| bits & 1 << bio.0 != 0);
            set.fold(0, |all, bio| all | 1 << by.bio(bio).0)
        };
        let mut renamed = [0; BIO_COUNT_MAX];
        for (bio, floor) in (0..).map(BioId).zip(floor) {
            renamed[by.bio(bio).index()] = bits(floor);
        }
        Self {
            waived,
            merged: bits(merged),
            requeue: bits(requeue),
            written: bits(written),
            floor: renamed,
        }
    }

    fn waive(&mut self, waived: Waived) {
        self.waived |= 1 << waived as u8;
    }

    fn note(&mut self, effect: Effect, action: Action, world: &World) {
        match effect {
            Effect::Submitted(bio) => self.floor[bio.index()] = self.written,
            Effect::Completed(bio, Code::OK) if world.plan().setup.bios[bio.index()].write => {
                self.written |= 1 << bio.0;
            }
            Effect::Started(_, io) => self.started(world, io),
            Effect::Mapped(_, clone, Code::REQUEUE) | Effect::Ended(_, clone, Code::REQUEUE) => {
                if let Some(io) = world.memory.ios.get(clone.io()) {
                    self.requeue |= bit_of(io.bio);
                }
            }
            Effect::DiskDone(disk, _, code) if code.is_error() => {
                self.note_disk_error(world, disk, action);
            }
            Effect::SuspendStarted(md, _) => self.note_suspend(world, md, action),
            Effect::SuspendReturned(_, code) if fails(world, code) => {
                self.waive(Waived::SuspendFailed);
            }
            Effect::NoTable(_) => self.waive(Waived::Table),
            Effect::MapChanged(_, Some(table)) => self.note_table(world, table),
            Effect::Merged(md) => self.note_merge(world, md),
            Effect::PolicySet(_, false) => self.waive(Waived::Policy),
            Effect::Completed(..)
            | Effect::Deferred(..)
            | Effect::PushedBack(..)
            | Effect::RequeueFailed(..)
            | Effect::Finished(..)
            | Effect::Mapped(..)
            | Effect::TargetEntered(..)
            | Effect::Ended(..)
            | Effect::Dispatched(..)
            | Effect::DiskDone(..)
            | Effect::Blocked(_)
            | Effect::SuspendReturned(..)
            | Effect::ResumeStarted(_)
            | Effect::ResumeReturned(..)
            | Effect::MapChanged(..)
            | Effect::PolicySet(..)
            | Effect::StatusRead(..)
            | Effect::Event(_)
            | Effect::UsedAfterFree(_)
            | Effect::Bug(_)
            | Effect::Freed(_) => {}
        }
    }

    fn started(&mut self, world: &World, io: IoId) {
        let bit = bit_of(world.memory.ios[io].bio);
        self.merged &= !bit;
        self.requeue &= !bit;
    }

    /// A path error is one of a path that is gone, or one that spent a fault.
    fn note_disk_error(&mut self, world: &World, disk: DiskId, action: Action) {
        let is_fault = matches!(action.kind, Kind::Disk { fail: true, .. });
        if world.disk(disk).link == Link::Running && !is_fault {
            self.waive(Waived::NotAPathError);
        }
    }

    fn note_suspend(&mut self, world: &World, md: MdId, action: Action) {
        let Kind::Step(Context::Task(task)) = action.kind else { return };
        let Op::Suspend(_, flags) = world.plan().line(task).op else { return };
        let has_table = world.memory.mds[md.index()].map.is_some();
        if has_table && flags & DM_NOFLUSH_FLAG == 0 {
            self.waive(Waived::FlushSuspend);
        }
    }

    fn note_table(&mut self, world: &World, table: TableId) {
        let setup = &world.plan().setup;
        let md = setup.tables[table.index()].md;
        let mut bios = setup.bios.iter().filter(|bio| bio.device == Device::Md(md));
        let exceeds = |sectors: u32, kind| {
            let end = u64::from(setup.tables[table.index()].sectors);
            reach(kind, sectors).iter().any(|it| it.0 == Device::Md(md) && it.1 > end)
        };
        let kinds = setup.targets.iter().zip(&setup.drivers.kinds);
        if bios.any(|bio| setup.may_exceed(md, bio.sector + u32::from(bio.count)))
            || kinds.map(|(target, kind)| (target.len, kind)).any(|it| exceeds(it.0, it.1))
        {
            self.waive(Waived::Table);
        }
        for target in setup.targets_of(table) {
            match setup.drivers.kind(target) {
                Target::Multipath(spec) if !spec.queue_if_no_path => self.waive(Waived::Policy),
                // Without a path to fail over to, an error of the disk is an error.
                Target::Error | Target::Linear { .. } | Target::Striped { .. } => {
                    self.waive_unless_stacked(world, target);
                }
                Target::Delay { .. } => self.waive_unless_stacked(world, target),
                Target::Multipath(_) | Target::Zero => {}
            }
        }
    }

    fn waive_unless_stacked(&mut self, world: &World, target: TargetId) {
        let devices = devices(world.plan().setup.drivers.kind(target));
        let stacked = |device: &Device| matches!(device, Device::Md(_));
        if devices.is_empty() || !devices.iter().all(stacked) {
            self.waive(Waived::Table);
        }
    }

    fn note_merge(&mut self, world: &World, md: MdId) {
        let md = &world.memory.mds[md.index()];
        // F steals what it merges in the same step.
        for bio in md.deferred.iter().chain(md.flushing.iter()) {
            if let BioPtr::Original(bio) = bio {
                self.merged |= 1 << bio.0;
            }
        }
        // `deferred` may also hold bios that never were in `pushback`: of them it is as true.
    }

    /// What has happened before the search: tables are live, policies set, writes complete.
    pub fn at_start(world: &World) -> Self {
        let mut history = Self::default();
        let setup = &world.plan().setup;
        for (index, bio) in world.memory.bios.iter().enumerate() {
            if setup.bios[index].write && bio.result == Some(Code::OK) {
                history.written |= 1 << index;
            }
        }
        for target in &world.memory.targets {
            if let State::Multipath { state, .. } = target
                && !state.queue_if_no_path
                && !state.saved_queue_if_no_path
            {
                history.waive(Waived::Policy);
            }
        }
        history.floor = [history.written; BIO_COUNT_MAX];
        for md in &world.memory.mds {
            if let Some(table) = md.map {
                history.note_table(world, table);
            }
        }
        history
    }
}

/// Whether a suspend has failed in a way that may cost I/O. -EINVAL is the answer of one that found
/// the device suspended and did nothing; the era `hardened` promises as much of an interrupted one.
fn fails(world: &World, code: Code) -> bool {
    let is_undone = world.plan().setup.era.undoes_presuspend() && code == Errno::Intr.code();
    code.is_error() && code != Errno::Inval.code() && !is_undone
}

/// The bit of an application's bio. What a device below does with a clone is its own affair.
fn bit_of(bio: BioPtr) -> u8 {
    match bio {
        BioPtr::Original(bio) => 1 << bio.0,
        BioPtr::Clone(_) => 0,
    }
}

//! [`Memory`] on [`Host`].
use dm_model::driver::Drivers;
use dm_model::effect::{Effect, Object};
use dm_model::errno::Code;
use dm_model::flags::Flag;
use dm_model::ids::{BioId, BioPtr, CloneId, Device, DiskId, FRAGMENT_COUNT_MAX, IoId, MdId};
use dm_model::ids::{TableId, TargetId, TaskId};
use dm_model::memory::{
    BioList, BioPlace, Blocked, ClonePlace, CloneState, Fault, Lock, Memory, Word,
};
use dm_model::setup::Setup;

use super::{CloneSlot, Host, Io, Wait};
use crate::drivers::Sim;

/// How many `dm_io` may be alive at once: the numbers of their clones have 16 bits.
const IO_COUNT: usize = (u16::MAX as usize + 1) / FRAGMENT_COUNT_MAX;

impl Host {
    fn word_mut(&mut self, word: Word) -> Option<&mut i32> {
        match word {
            Word::Pending(md) => Some(&mut self.mds[md.index()].pending),
            Word::Holders(md) => Some(&mut self.mds[md.index()].holders),
            Word::OpenCount(md) => Some(&mut self.mds[md.index()].open_count),
            Word::EventNr(md) => Some(&mut self.mds[md.index()].event_nr),
            Word::IoCount(io) => Some(&mut self.live_io(io).io_count),
            Word::TableHolders(table) => Some(&mut self.tables[table.index()].holders),
            Word::IoError(_) | Word::SignalPending(_) | Word::Size(_) => None,
        }
    }

    fn live_io(&mut self, io: IoId) -> &mut Io {
        if !self.ios[io.index()].is_live {
            self.misuse(|| format!("{io:?} is used after it was freed"));
        }
        &mut self.ios[io.index()]
    }

    fn live_clone(&mut self, clone: CloneId) -> &mut CloneState {
        if !self.clones[clone.index()].is_live {
            self.misuse(|| format!("{clone:?} is used after it was freed"));
        }
        &mut self.clones[clone.index()].state
    }

    fn blocked(&mut self, wait: Wait) -> Result<(), Blocked> {
        self.blocked_on = Some(wait);
        Err(Blocked)
    }

    fn root(&self, bio: BioPtr) -> BioId {
        match bio {
            BioPtr::Original(bio) => bio,
            BioPtr::Clone(clone) => self.ios[clone.io().index()].root,
        }
    }

    /// An io's number is used again only when its clones are gone too.
    fn recycle(&mut self, io: IoId) {
        let slot = &self.ios[io.index()];
        if !slot.is_live && slot.clones == 0 {
            self.free_ios.push_back(io);
        }
    }
}

impl Memory for Host {
    type Drivers = Sim;

    fn setup(&self) -> &Setup<Sim> {
        &self.setup
    }

    fn choose(&mut self, count: u8) -> u8 {
        self.answer % count
    }

    fn emit(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn lock(&mut self, lock: Lock) -> Result<(), Blocked> {
        let process = self.current;
        let (state, wait) = match lock {
            Lock::Hash => (&mut self.hash_lock, Wait::Hash(false)),
            Lock::Suspend(md) => (&mut self.mds[md.index()].suspend_lock, Wait::Suspend(md)),
            Lock::Inode(md) => (&mut self.mds[md.index()].inode_lock, Wait::Inode(md)),
            Lock::Io(md) => (&mut self.mds[md.index()].io_lock, Wait::Io(md, false)),
            Lock::Minor
            | Lock::Map(_)
            | Lock::Event
            | Lock::Pushback(_)
            | Lock::Wait(_)
            | Lock::Target(_)
            | Lock::Disk(_) => return Ok(()),
        };
        if state.lock(process) { Ok(()) } else { self.blocked(wait) }
    }

    fn unlock(&mut self, lock: Lock) {
        let state = match lock {
            Lock::Hash => &mut self.hash_lock,
            Lock::Suspend(md) => &mut self.mds[md.index()].suspend_lock,
            Lock::Inode(md) => &mut self.mds[md.index()].inode_lock,
            Lock::Io(md) => &mut self.mds[md.index()].io_lock,
            Lock::Minor
            | Lock::Map(_)
            | Lock::Event
            | Lock::Pushback(_)
            | Lock::Wait(_)
            | Lock::Target(_)
            | Lock::Disk(_) => return,
        };
        let was_held = state.unlock(&mut self.ready);
        if !was_held {
            self.misuse(|| format!("{lock:?} is given back but not held"));
        }
    }

    fn lock_shared(&mut self, lock: Lock) -> Result<(), Blocked> {
        let (state, wait) = match lock {
            Lock::Hash => (&mut self.hash_lock, Wait::Hash(true)),
            Lock::Io(md) => (&mut self.mds[md.index()].io_lock, Wait::Io(md, true)),
            Lock::Suspend(_)
            | Lock::Inode(_)
            | Lock::Minor
            | Lock::Map(_)
            | Lock::Event
            | Lock::Pushback(_)
            | Lock::Wait(_)
            | Lock::Target(_)
            | Lock::Disk(_) => return Ok(()),
        };
        if state.lock_shared() { Ok(()) } else { self.blocked(wait) }
    }

    fn unlock_shared(&mut self, lock: Lock) {
        let state = match lock {
            Lock::Hash => &mut self.hash_lock,
            Lock::Io(md) => &mut self.mds[md.index()].io_lock,
            Lock::Suspend(_)
            | Lock::Inode(_)
            | Lock::Minor
            | Lock::Map(_)
            | Lock::Event
            | Lock::Pushback(_)
            | Lock::Wait(_)
            | Lock::Target(_)
            | Lock::Disk(_) => return,
        };
        let was_held = state.unlock_shared(&mut self.ready);
        if !was_held {
            self.misuse(|| format!("{lock:?} is given back but not held"));
        }
    }

    fn load(&mut self, word: Word) -> i32 {
        match word {
            Word::IoError(io) => i32::from(self.live_io(io).error.0),
            Word::SignalPending(task) => i32::from(self.tasks[task.index()].signal_pending),
            Word::Size(md) => self.mds[md.index()].capacity.cast_signed(),
            Word::Pending(_)
            | Word::Holders(_)
            | Word::OpenCount(_)
            | Word::EventNr(_)
            | Word::IoCount(_)
            | Word::TableHolders(_) => *self.word_mut(word).expect("it is a count"),
        }
    }

    fn store(&mut self, word: Word, value: i32) {
        match word {
            Word::IoError(io) => {
                self.live_io(io).error = Code(i8::try_from(value).expect("an error is small"));
            }
            Word::SignalPending(task) => self.tasks[task.index()].signal_pending = value != 0,
            Word::Size(md) => self.mds[md.index()].capacity = value.cast_unsigned(),
            Word::Pending(_)
            | Word::Holders(_)
            | Word::OpenCount(_)
            | Word::EventNr(_)
            | Word::IoCount(_)
            | Word::TableHolders(_) => *self.word_mut(word).expect("it is a count") = value,
        }
    }

    fn add(&mut self, word: Word, delta: i32) {
        self.add_return(word, delta);
    }

    fn add_return(&mut self, word: Word, delta: i32) -> i32 {
        let count = self.word_mut(word).expect("only counts are added to");
        *count += delta;
        let sum = *count;
        if sum < 0 {
            self.misuse(|| format!("{word:?} falls to {sum}"));
        }
        sum
    }

    fn add_unless(&mut self, word: Word, delta: i32, unless: i32) -> bool {
        let adds = self.load(word) != unless;
        if adds {
            self.add_return(word, delta);
        }
        adds
    }

    fn test_bit(&mut self, md: MdId, flag: Flag) -> bool {
        self.mds[md.index()].flags & flag.mask() != 0
    }

    fn set_bit(&mut self, md: MdId, flag: Flag) {
        self.mds[md.index()].flags |= flag.mask();
    }

    fn clear_bit(&mut self, md: MdId, flag: Flag) {
        self.mds[md.index()].flags &= !flag.mask();
    }

    fn deferred(&mut self, md: MdId) -> &mut BioList {
        &mut self.mds[md.index()].deferred
    }

    fn flushing(&mut self, md: MdId) -> &mut BioList {
        &mut self.mds[md.index()].flushing
    }

    fn pushback(&mut self, md: MdId) -> &mut BioList {
        &mut self.mds[md.index()].pushback
    }

    fn map(&mut self, md: MdId) -> &mut Option<TableId> {
        &mut self.mds[md.index()].map
    }

    fn inactive(&mut self, md: MdId) -> &mut Option<TableId> {
        &mut self.mds[md.index()].inactive
    }

    fn hashed(&mut self, md: MdId) -> &mut bool {
        &mut self.mds[md.index()].hashed
    }

    fn exists(&self, md: MdId) -> bool {
        self.mds[md.index()].exists
    }

    fn create(&mut self, md: MdId) {
        self.mds[md.index()].exists = true;
    }

    fn suspended_bdev(&mut self, md: MdId) -> &mut bool {
        &mut self.mds[md.index()].suspended_bdev
    }

    fn event_fn(&mut self, table: TableId) -> &mut bool {
        &mut self.tables[table.index()].event_fn
    }

    fn waiter(&mut self, md: MdId) -> &mut Option<TaskId> {
        &mut self.mds[md.index()].waiter
    }

    fn target(&mut self, target: TargetId) -> (&mut <Sim as Drivers>::Target, &Setup<Sim>) {
        (&mut self.targets[target.index()], &self.setup)
    }

    fn target_unlocked(&mut self, target: TargetId) -> &<Sim as Drivers>::Target {
        &self.targets[target.index()]
    }

    fn disk(&mut self, disk: DiskId) -> &mut <Sim as Drivers>::Disk {
        &mut self.disks[disk.index()]
    }

    fn set_interruptible(&mut self, task: TaskId, interruptible: bool) {
        self.tasks[task.index()].interruptible = interruptible;
    }

    fn schedule(&mut self, task: TaskId) -> Result<(), Blocked> {
        if self.tasks[task.index()].interruptible {
            return self.blocked(Wait::Task(task));
        }
        Ok(())
    }

    fn wake_task(&mut self, task: TaskId) {
        let state = &mut self.tasks[task.index()];
        state.interruptible = false;
        self.ready.extend(state.waiter.take());
    }

    fn alloc_io(&mut self, md: MdId, bio: BioPtr) -> IoId {
        let (root, offset) = match bio {
            BioPtr::Original(bio) => (bio, 0),
            BioPtr::Clone(clone) => self.original(clone),
        };
        let (is_live, clones) = (true, 0);
        let io = Io { md, bio, root, offset, error: Code::OK, io_count: 1, is_live, clones };
        match self.free_ios.pop_front() {
            Some(id) => {
                self.ios[id.index()] = io;
                id
            }
            None => {
                assert!(self.ios.len() < IO_COUNT, "too many dm_io are alive");
                self.ios.push(io);
                let target = TargetId(0);
                let state = CloneState {
                    target,
                    sector: 0,
                    count: 0,
                    offset: 0,
                    device: Device::Disk(DiskId(0)),
                    info: 0,
                    place: ClonePlace::Hands,
                };
                let slots = self.clones.len() + FRAGMENT_COUNT_MAX;
                self.clones.resize(slots, CloneSlot { state, is_live: false });
                IoId((self.ios.len() - 1) as u16)
            }
        }
    }

    fn uncount(&mut self, _io: IoId) {}

    fn last_error(&self, io: IoId) -> Code {
        self.ios[io.index()].error
    }

    fn io(&self, io: IoId) -> (MdId, BioPtr) {
        let io = &self.ios[io.index()];
        (io.md, io.bio)
    }

    fn free_io(&mut self, io: IoId) {
        self.live_io(io).is_live = false;
        self.recycle(io);
    }

    fn alloc_clone(&mut self, id: CloneId, clone: CloneState) {
        self.live_io(id.io()).clones += 1;
        if self.clones[id.index()].is_live {
            self.misuse(|| format!("{id:?} is made twice"));
        }
        let table = self.setup.targets[clone.target.index()].table;
        self.tables[table.index()].clones += 1;
        self.clones[id.index()] = CloneSlot { state: clone, is_live: true };
    }

    fn clone_state(&mut self, id: CloneId) -> CloneState {
        *self.live_clone(id)
    }

    fn change_clone(&mut self, id: CloneId, change: impl FnOnce(&mut CloneState)) {
        change(self.live_clone(id));
    }

    fn set_clone_place(&mut self, id: CloneId, place: ClonePlace) {
        self.live_clone(id).place = place;
    }

    fn free_clone(&mut self, id: CloneId) {
        let target = self.live_clone(id).target;
        if !std::mem::take(&mut self.clones[id.index()].is_live) {
            return;
        }
        let table = self.setup.targets[target.index()].table;
        self.tables[table.index()].clones -= 1;
        self.ios[id.io().index()].clones -= 1;
        self.recycle(id.io());
    }

    fn extent(&self, bio: BioPtr) -> (u32, u16) {
        match bio {
            BioPtr::Original(bio) => {
                let bio = &self.setup.bios[bio.index()];
                (bio.sector, bio.count)
            }
            BioPtr::Clone(clone) => {
                let clone = &self.clones[clone.index()].state;
                (clone.sector, clone.count)
            }
        }
    }

    fn set_place(&mut self, bio: BioPtr, place: BioPlace) {
        match bio {
            BioPtr::Original(bio) => self.bios[bio.index()].place = place,
            BioPtr::Clone(clone) => {
                self.live_clone(clone).place = match place {
                    BioPlace::New | BioPlace::Hands | BioPlace::Done => ClonePlace::Hands,
                    BioPlace::Deferred => ClonePlace::Deferred,
                    BioPlace::Pushback => ClonePlace::Pushback,
                    BioPlace::Mapped => ClonePlace::Mapped,
                };
            }
        }
    }

    fn complete(&mut self, bio: BioId, code: Code) {
        let state = &mut self.bios[bio.index()];
        state.place = BioPlace::Done;
        state.result.get_or_insert(code);
        self.ready.extend(state.waiter.take());
        self.effects.push(Effect::Completed(bio, code));
    }

    fn wait_completed(&mut self, bio: BioId) -> Result<(), Blocked> {
        if self.bios[bio.index()].result.is_none() {
            return self.blocked(Wait::Bio(bio));
        }
        Ok(())
    }

    fn is_write(&self, bio: BioPtr) -> bool {
        self.setup.bios[self.root(bio).index()].write
    }

    fn is_readahead(&self, bio: BioPtr) -> bool {
        self.setup.bios[self.root(bio).index()].readahead
    }

    fn queue_work(&mut self, target: TargetId, work: u8) {
        let works = &mut self.works[target.index()];
        let was_idle = (works.pending | works.running) & 1 << work == 0;
        works.pending |= 1 << work;
        if was_idle {
            self.queued_works.push((target, work));
        }
    }

    fn flush_work(&mut self, target: TargetId, flushed: u8) -> Result<(), Blocked> {
        let works = self.works[target.index()];
        if (works.pending | works.running) & flushed != 0 {
            return self.blocked(Wait::Works(target));
        }
        Ok(())
    }

    fn touch(&mut self, object: Object) {
        if self.is_freed(object) {
            self.effects.push(Effect::UsedAfterFree(object));
        }
    }

    fn free(&mut self, object: Object) {
        match object {
            Object::Md(md) => self.mds[md.index()].freed = true,
            Object::Pools(md) => self.mds[md.index()].pools_freed = true,
            Object::Table(table) => self.tables[table.index()].freed = true,
            Object::Target(_) => unreachable!("a target dies with its table"),
        }
    }

    fn take_fault(&mut self, md: MdId, fault: Fault) -> bool {
        let faults = &mut self.mds[md.index()].faults;
        let is_armed = *faults & 1 << fault as u8 != 0;
        *faults &= !(1 << fault as u8);
        is_armed
    }
}

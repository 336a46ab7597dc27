//! [`Memory`] on [`Plain`].
use crate::driver::Drivers;
use crate::effect::{Effect, Object};
use crate::errno::Code;
use crate::flags::Flag;
use crate::ids::{BioId, BioPtr, CloneId, DiskId, IoId, MdId, TableId, TargetId, TaskId};
use crate::memory::{
    BioList, BioPlace, Blocked, ClonePlace, CloneState, Fault, Lock, Memory, Word,
};
use crate::plain::{Io, Plain};
use crate::setup::Setup;

/// The lock that guards a flag's changes; an access under it is no access outside a lock.
fn guard(md: MdId, flag: Flag) -> Lock {
    match flag {
        Flag::BlockIo => Lock::Io(md),
        Flag::Suspended | Flag::Frozen => Lock::Suspend(md),
        Flag::Freeing | Flag::Deleting => Lock::Minor,
        Flag::NoflushSuspending => Lock::Pushback(md),
    }
}

/// The lock under which a word's readers look, if there is one.
fn word_guard(word: Word) -> Option<Lock> {
    match word {
        Word::Holders(_) | Word::OpenCount(_) => Some(Lock::Minor),
        Word::EventNr(_) => Some(Lock::Event),
        Word::Size(md) => Some(Lock::Suspend(md)),
        Word::Pending(_)
        | Word::IoCount(_)
        | Word::IoError(_)
        | Word::TableHolders(_)
        | Word::SignalPending(_) => None,
    }
}

fn small(value: i32) -> u8 {
    u8::try_from(value).expect("a count of the model stays between 0 and 255")
}

impl<D: Drivers> Plain<D> {
    fn note_flag(&mut self, md: MdId, flag: Flag) {
        if !self.is_held(guard(md, flag)) {
            self.log.note_outside();
        }
    }

    fn note_word(&mut self, word: Word) {
        if !word_guard(word).is_some_and(|lock| self.is_held(lock)) {
            self.log.note_outside();
        }
    }

    fn assert_held(&self, lock: Lock) {
        assert!(self.is_held(lock), "{lock:?} is not held");
    }

    fn word(&mut self, word: Word) -> i32 {
        match word {
            Word::Pending(md) => i32::from(self.mds[md.index()].pending),
            Word::Holders(md) => i32::from(self.mds[md.index()].holders),
            Word::OpenCount(md) => i32::from(self.mds[md.index()].open_count),
            Word::EventNr(md) => self.mds[md.index()].event_nr.cast_signed(),
            Word::IoCount(io) => i32::from(self.ios[io].io_count),
            Word::IoError(io) => i32::from(self.ios[io].error.0),
            Word::TableHolders(table) => i32::from(self.tables[table.index()].holders),
            Word::SignalPending(task) => i32::from(self.tasks[task.index()].signal_pending),
            Word::Size(md) => self.mds[md.index()].capacity.cast_signed(),
        }
    }

    fn set_word(&mut self, word: Word, value: i32) {
        match word {
            Word::Pending(md) => self.mds[md.index()].pending = small(value),
            Word::Holders(md) => self.mds[md.index()].holders = small(value),
            Word::OpenCount(md) => self.mds[md.index()].open_count = small(value),
            Word::EventNr(md) => self.mds[md.index()].event_nr = value.cast_unsigned(),
            Word::IoCount(io) => self.ios[io].io_count = small(value),
            Word::IoError(io) => {
                self.ios[io].error = Code(i8::try_from(value).expect("an error is small"));
            }
            Word::TableHolders(table) => self.tables[table.index()].holders = small(value),
            Word::SignalPending(task) => self.tasks[task.index()].signal_pending = value != 0,
            Word::Size(md) => self.mds[md.index()].capacity = value.cast_unsigned(),
        }
    }

    fn lock_state(&mut self, lock: Lock) -> Option<&mut bool> {
        match lock {
            Lock::Hash => Some(&mut self.hash_writer),
            Lock::Suspend(md) => Some(&mut self.mds[md.index()].suspend_locked),
            Lock::Inode(md) => Some(&mut self.mds[md.index()].inode_locked),
            Lock::Io(md) => Some(&mut self.mds[md.index()].io_writer),
            Lock::Minor
            | Lock::Map(_)
            | Lock::Event
            | Lock::Pushback(_)
            | Lock::Wait(_)
            | Lock::Target(_)
            | Lock::Disk(_) => None,
        }
    }

    fn readers(&mut self, lock: Lock) -> Option<&mut u8> {
        match lock {
            Lock::Hash => Some(&mut self.hash_readers),
            Lock::Io(md) => Some(&mut self.mds[md.index()].io_readers),
            Lock::Suspend(_)
            | Lock::Inode(_)
            | Lock::Minor
            | Lock::Map(_)
            | Lock::Event
            | Lock::Pushback(_)
            | Lock::Wait(_)
            | Lock::Target(_)
            | Lock::Disk(_) => None,
        }
    }
}

impl<D: Drivers> Memory for Plain<D> {
    type Drivers = D;

    fn setup(&self) -> &Setup<D> {
        self.setup_arc()
    }

    fn choose(&mut self, count: u8) -> u8 {
        self.log.answer(count)
    }

    fn emit(&mut self, effect: Effect) {
        self.log.effects.push(effect);
    }

    fn lock(&mut self, lock: Lock) -> Result<(), Blocked> {
        if self.readers(lock).is_some_and(|readers| *readers > 0) {
            return Err(Blocked);
        }
        if let Some(held) = self.lock_state(lock) {
            if *held {
                return Err(Blocked);
            }
            *held = true;
        }
        self.log.note_locked(lock);
        Ok(())
    }

    fn unlock(&mut self, lock: Lock) {
        self.log.note_unlocked(lock);
        if let Some(held) = self.lock_state(lock) {
            assert!(*held, "{lock:?} is given back but not held");
            *held = false;
        }
    }

    fn lock_shared(&mut self, lock: Lock) -> Result<(), Blocked> {
        if self.is_held_across_steps(lock) {
            return Err(Blocked);
        }
        if let Some(readers) = self.readers(lock) {
            *readers += 1;
        }
        self.log.note_locked(lock);
        Ok(())
    }

    fn unlock_shared(&mut self, lock: Lock) {
        self.log.note_unlocked(lock);
        if let Some(readers) = self.readers(lock) {
            assert!(*readers > 0, "{lock:?} is given back but not held");
            *readers -= 1;
        }
    }

    fn load(&mut self, word: Word) -> i32 {
        self.note_word(word);
        self.word(word)
    }

    fn store(&mut self, word: Word, value: i32) {
        self.note_word(word);
        self.set_word(word, value);
    }

    fn add(&mut self, word: Word, delta: i32) {
        self.add_return(word, delta);
    }

    fn add_return(&mut self, word: Word, delta: i32) -> i32 {
        self.note_word(word);
        let sum = self.word(word) + delta;
        self.set_word(word, sum);
        sum
    }

    fn add_unless(&mut self, word: Word, delta: i32, unless: i32) -> bool {
        self.note_word(word);
        let value = self.word(word);
        if value != unless {
            self.set_word(word, value + delta);
        }
        value != unless
    }

    fn test_bit(&mut self, md: MdId, flag: Flag) -> bool {
        self.note_flag(md, flag);
        self.mds[md.index()].flags & flag.mask() != 0
    }

    fn set_bit(&mut self, md: MdId, flag: Flag) {
        self.note_flag(md, flag);
        self.mds[md.index()].flags |= flag.mask();
    }

    fn clear_bit(&mut self, md: MdId, flag: Flag) {
        self.note_flag(md, flag);
        self.mds[md.index()].flags &= !flag.mask();
    }

    fn deferred(&mut self, md: MdId) -> &mut BioList {
        self.assert_held(Lock::Io(md));
        &mut self.mds[md.index()].deferred
    }

    fn flushing(&mut self, md: MdId) -> &mut BioList {
        self.assert_held(Lock::Io(md));
        &mut self.mds[md.index()].flushing
    }

    fn pushback(&mut self, md: MdId) -> &mut BioList {
        self.assert_held(Lock::Pushback(md));
        &mut self.mds[md.index()].pushback
    }

    fn map(&mut self, md: MdId) -> &mut Option<TableId> {
        assert!(
            self.is_held(Lock::Map(md)) || self.is_held(Lock::Suspend(md)),
            "neither map_lock nor suspend_lock of {md:?} is held"
        );
        &mut self.mds[md.index()].map
    }

    fn inactive(&mut self, md: MdId) -> &mut Option<TableId> {
        self.assert_held(Lock::Hash);
        &mut self.mds[md.index()].inactive
    }

    fn hashed(&mut self, md: MdId) -> &mut bool {
        assert!(self.is_held(Lock::Hash) || self.hash_readers > 0, "_hash_lock is not held");
        &mut self.mds[md.index()].hashed
    }

    fn exists(&self, md: MdId) -> bool {
        self.mds[md.index()].exists
    }

    fn create(&mut self, md: MdId) {
        self.mds[md.index()].exists = true;
    }

    fn suspended_bdev(&mut self, md: MdId) -> &mut bool {
        self.assert_held(Lock::Suspend(md));
        &mut self.mds[md.index()].suspended_bdev
    }

    fn event_fn(&mut self, table: TableId) -> &mut bool {
        self.assert_held(Lock::Event);
        &mut self.tables[table.index()].event_fn
    }

    fn waiter(&mut self, md: MdId) -> &mut Option<TaskId> {
        self.assert_held(Lock::Wait(md));
        &mut self.mds[md.index()].waiter
    }

    fn target(&mut self, target: TargetId) -> (&mut D::Target, &Setup<D>) {
        self.assert_held(Lock::Target(target));
        self.target_and_setup(target)
    }

    fn target_unlocked(&mut self, target: TargetId) -> &D::Target {
        self.log.note_outside();
        &self.targets[target.index()]
    }

    fn disk(&mut self, disk: DiskId) -> &mut D::Disk {
        self.assert_held(Lock::Disk(disk));
        &mut self.disks[disk.index()]
    }

    fn set_interruptible(&mut self, task: TaskId, interruptible: bool) {
        if interruptible {
            self.log.note_outside();
        }
        self.tasks[task.index()].interruptible = interruptible;
    }

    fn schedule(&mut self, task: TaskId) -> Result<(), Blocked> {
        if self.tasks[task.index()].interruptible { Err(Blocked) } else { Ok(()) }
    }

    fn wake_task(&mut self, task: TaskId) {
        self.log.note_outside();
        self.tasks[task.index()].interruptible = false;
    }

    fn alloc_io(&mut self, md: MdId, bio: BioPtr) -> IoId {
        let io = self.free_generation(bio);
        self.ios.insert(io, Io { md, bio, error: Code::OK, io_count: 1, counted: true });
        io
    }

    fn uncount(&mut self, io: IoId) {
        self.ios[io].counted = false;
    }

    fn last_error(&self, io: IoId) -> Code {
        self.ios[io].error
    }

    fn io(&self, io: IoId) -> (MdId, BioPtr) {
        let io = self.ios[io];
        (io.md, io.bio)
    }

    fn free_io(&mut self, io: IoId) {
        self.ios.remove(io);
    }

    fn alloc_clone(&mut self, id: CloneId, clone: CloneState) {
        self.clones.insert(id, clone);
    }

    fn clone_state(&mut self, id: CloneId) -> CloneState {
        self.clones[id]
    }

    fn change_clone(&mut self, id: CloneId, change: impl FnOnce(&mut CloneState)) {
        let place = self.clones[id].place;
        change(&mut self.clones[id]);
        assert_eq!(self.clones[id].place, place, "a place is changed by set_clone_place");
    }

    fn set_clone_place(&mut self, id: CloneId, place: ClonePlace) {
        self.clones[id].place = place;
    }

    fn free_clone(&mut self, id: CloneId) {
        self.clones.remove(id);
    }

    fn extent(&self, bio: BioPtr) -> (u32, u16) {
        match bio {
            BioPtr::Original(bio) => {
                let bio = &self.setup().bios[bio.index()];
                (bio.sector, bio.count)
            }
            BioPtr::Clone(clone) => {
                let clone = &self.clones[clone];
                (clone.sector, clone.count)
            }
        }
    }

    fn set_place(&mut self, bio: BioPtr, place: BioPlace) {
        match bio {
            BioPtr::Original(bio) => self.bios[bio.index()].place = place,
            BioPtr::Clone(clone) => {
                self.clones[clone].place = match place {
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
        state.completions = state.completions.saturating_add(1).min(2);
        state.result.get_or_insert(code);
        self.log.effects.push(Effect::Completed(bio, code));
    }

    fn wait_completed(&mut self, bio: BioId) -> Result<(), Blocked> {
        if self.bios[bio.index()].result.is_some() { Ok(()) } else { Err(Blocked) }
    }

    fn is_write(&self, bio: BioPtr) -> bool {
        let (bio, _) = self.original(bio);
        self.setup().bios[bio.index()].write
    }

    fn is_readahead(&self, bio: BioPtr) -> bool {
        let (bio, _) = self.original(bio);
        self.setup().bios[bio.index()].readahead
    }

    fn queue_work(&mut self, target: TargetId, work: u8) {
        // Under the target's lock a worker that begins at once can do nothing before the section
        // ends, so the bit belongs to the section.
        if !self.is_held(Lock::Target(target)) {
            self.log.note_outside();
        }
        self.works[target.index()].pending |= 1 << work;
    }

    fn flush_work(&mut self, target: TargetId, flushed: u8) -> Result<(), Blocked> {
        let works = self.works[target.index()];
        if (works.pending | works.running) & flushed == 0 { Ok(()) } else { Err(Blocked) }
    }

    fn touch(&mut self, object: Object) {
        if self.is_freed(object) {
            self.log.effects.push(Effect::UsedAfterFree(object));
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
        let armed = *faults & 1 << fault as u8 != 0;
        *faults &= !(1 << fault as u8);
        armed
    }
}

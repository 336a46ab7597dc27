//! [`Memory`] of a thread: where a step of `Plain` is checked, here it is locked.
//!
//! Nothing is ever `Blocked` here: a call that cannot go on waits.
use std::collections::BTreeSet;

use dm_model::effect::{Effect, Object};
use dm_model::errno::Code;
use dm_model::flags::Flag;
use dm_model::ids::{
    BioId, BioPtr, CloneId, DiskId, GENERATION_COUNT_MAX, IoId, MdId, TableId, TargetId, TaskId,
};
use dm_model::memory::{
    BioList, BioPlace, Blocked, ClonePlace, CloneState, Fault, Lock, Memory, Word,
};
use dm_model::plain::Io;
use dm_model::setup::Setup;
use dm_sim::drivers::disk::Disk;
use dm_sim::drivers::{Sim, Target};

use crate::engine::{Arc, Engine, Ordering};
use crate::grain::Grain;
use crate::handle::Handle;
use crate::inventory::{Datum, flag_text, state_text, word_text};
use crate::orderings::{self, Site};
use crate::shared::{Value, bit, clone_slot, io_slot};

/// The list, the table and so on that a datum holds.
macro_rules! datum {
    ($handle:expr, $datum:expr, $kind:ident) => {{
        let Value::$kind(value) = $handle.checkout($datum) else {
            unreachable!("a datum keeps its type")
        };
        value
    }};
}

impl<E: Engine> Handle<'_, E> {
    /// The application's bio that a bio is a part of, and how many sectors it begins into it.
    pub(crate) fn original(&self, bio: BioPtr) -> (BioId, u16) {
        match bio {
            BioPtr::Original(bio) => (bio, 0),
            BioPtr::Clone(clone) => {
                let (bio, offset) = self.original(self.io(clone.io()).1);
                (bio, offset + self.read_clone(clone).offset)
            }
        }
    }

    fn read_clone(&self, id: CloneId) -> CloneState {
        let slot = self.shared.clone_slot(id);
        self.note_touch(Datum::Clone(id));
        E::begin(&slot.cell);
        let state = slot.state.with(|state| *state);
        E::end(&slot.cell, false);
        state
    }

    fn write_clone(&self, id: CloneId, change: impl FnOnce(&mut CloneState)) {
        let slot = self.shared.clone_slot(id);
        self.note_touch(Datum::Clone(id));
        E::begin(&slot.cell);
        slot.state.with(change);
        E::end(&slot.cell, true);
    }

    fn overwrite(&self, datum: Datum) {
        self.note_touch(datum);
        let slot = self.shared.slot(datum);
        E::begin(&slot.cell);
        E::end(&slot.cell, true);
    }

    /// Whether the task sleeps or is about to, as `wake_up` sees it.
    fn wakes(&self, task: TaskId) -> bool {
        let shared = &self.shared.tasks[task.index()];
        let strength = self.strength(Site::TaskWake);
        let state = orderings::load::<E>(&shared.state, strength);
        self.note_read(|| state_text(&self.shared.plan, task), state);
        state != 0
    }
}

impl<E: Engine> Memory for Handle<'_, E> {
    type Drivers = Sim;

    fn setup(&self) -> &Setup<Sim> {
        &self.shared.plan.setup
    }

    /// Always the first answer: hardware succeeds unless a scenario says otherwise.
    fn choose(&mut self, _count: u8) -> u8 {
        0
    }

    /// Effects are for the claims, which judge on `Plain`.
    fn emit(&mut self, _effect: Effect) {}

    fn lock(&mut self, lock: Lock) -> Result<(), Blocked> {
        self.take(lock, false);
        Ok(())
    }

    fn unlock(&mut self, lock: Lock) {
        self.give_back(lock);
    }

    fn lock_shared(&mut self, lock: Lock) -> Result<(), Blocked> {
        self.take(lock, true);
        Ok(())
    }

    fn unlock_shared(&mut self, lock: Lock) {
        self.give_back(lock);
    }

    fn load(&mut self, word: Word) -> i32 {
        let strength = self.strength(orderings::load_site(word));
        let value = self.shared.with_word(word, |atomic| orderings::load::<E>(atomic, strength));
        self.note_read(|| word_text(&self.shared.plan, word), value);
        value
    }

    fn store(&mut self, word: Word, value: i32) {
        let strength = self.strength(orderings::store_site(word));
        self.shared.with_word(word, |atomic| orderings::store::<E>(atomic, value, strength));
        self.note_write(|| word_text(&self.shared.plan, word), value);
    }

    fn add(&mut self, word: Word, delta: i32) {
        self.add_to(word, delta);
    }

    fn add_return(&mut self, word: Word, delta: i32) -> i32 {
        self.add_to(word, delta)
    }

    fn add_unless(&mut self, word: Word, delta: i32, unless: i32) -> bool {
        let strength = self.strength(orderings::add_site(word, delta));
        let next = |value| (value != unless).then_some(value + delta);
        let added = self.shared.with_word(word, |atomic| {
            orderings::update::<E, _>(strength, |order| E::update(atomic, order, next))
        });
        if let Ok(value) = added {
            self.note_write(|| word_text(&self.shared.plan, word), value + delta);
        }
        added.is_ok()
    }

    fn test_bit(&mut self, md: MdId, flag: Flag) -> bool {
        let strength = self.strength(Site::FlagTest);
        let flags = orderings::load::<E>(&self.shared.mds[md.index()].flags, strength);
        self.note_read(
            || flag_text(&self.shared.plan, md, flag),
            i32::from(flags & bit(flag) != 0),
        );
        if let Grain::CutAfterTest(kind) = self.shared.grain {
            self.cut(kind);
        }
        flags & bit(flag) != 0
    }

    fn set_bit(&mut self, md: MdId, flag: Flag) {
        let strength = self.strength(Site::FlagSet);
        let flags = &self.shared.mds[md.index()].flags;
        orderings::update::<E, _>(strength, |order| E::fetch_bits(flags, bit(flag), 0, order));
        self.note_write(|| flag_text(&self.shared.plan, md, flag), 1);
    }

    fn clear_bit(&mut self, md: MdId, flag: Flag) {
        let strength = self.strength(Site::FlagClear);
        let flags = &self.shared.mds[md.index()].flags;
        orderings::update::<E, _>(strength, |order| E::fetch_bits(flags, 0, bit(flag), order));
        self.note_write(|| flag_text(&self.shared.plan, md, flag), 0);
        if let Grain::CutAfterClear(kind) = self.shared.grain {
            self.cut(kind);
        }
    }

    fn deferred(&mut self, md: MdId) -> &mut BioList {
        datum!(self, Datum::Deferred(md), List)
    }

    fn flushing(&mut self, md: MdId) -> &mut BioList {
        datum!(self, Datum::Flushing(md), List)
    }

    fn pushback(&mut self, md: MdId) -> &mut BioList {
        datum!(self, Datum::Pushback(md), List)
    }

    fn map(&mut self, md: MdId) -> &mut Option<TableId> {
        datum!(self, Datum::Map(md), Table)
    }

    fn inactive(&mut self, md: MdId) -> &mut Option<TableId> {
        datum!(self, Datum::Inactive(md), Table)
    }

    fn hashed(&mut self, md: MdId) -> &mut bool {
        datum!(self, Datum::Hashed(md), Yes)
    }

    fn exists(&self, md: MdId) -> bool {
        self.shared.mds[md.index()].exists.get() != 0
    }

    fn create(&mut self, md: MdId) {
        self.shared.mds[md.index()].exists.set(1);
    }

    fn suspended_bdev(&mut self, md: MdId) -> &mut bool {
        datum!(self, Datum::SuspendedBdev(md), Yes)
    }

    fn event_fn(&mut self, table: TableId) -> &mut bool {
        datum!(self, Datum::EventFn(table), Yes)
    }

    fn waiter(&mut self, md: MdId) -> &mut Option<TaskId> {
        datum!(self, Datum::Waiter(md), Task)
    }

    fn target(&mut self, target: TargetId) -> (&mut Target, &Setup<Sim>) {
        let setup = &self.shared.plan.setup;
        (datum!(self, Datum::Target(target), Target), setup)
    }

    /// What is there now, whole: loom does not judge these reads.
    fn target_unlocked(&mut self, target: TargetId) -> &Target {
        let Value::Target(state) =
            self.shared.slot(Datum::Target(target)).value.with(|value| value.clone())
        else {
            unreachable!("a datum keeps its type")
        };
        self.unlocked.insert(state)
    }

    fn disk(&mut self, disk: DiskId) -> &mut Disk {
        datum!(self, Datum::Disk(disk), Disk)
    }

    fn set_interruptible(&mut self, task: TaskId, interruptible: bool) {
        let site = if interruptible { Site::TaskPrepare } else { Site::TaskRun };
        let value = i32::from(interruptible);
        let state = &self.shared.tasks[task.index()].state;
        orderings::store::<E>(state, value, self.strength(site));
        self.note_write(|| state_text(&self.shared.plan, task), value);
    }

    /// `schedule` looks at the state under the lock of the run queue and sleeps there; only
    /// [`Memory::wake_task`] ends that.
    fn schedule(&mut self, task: TaskId) -> Result<(), Blocked> {
        let task = &self.shared.tasks[task.index()];
        E::sleep_until(&task.run_queue, || E::load(&task.state, Ordering::Relaxed) == 0);
        self.shared.record.at_word(self.thread);
        Ok(())
    }

    fn wake_task(&mut self, task: TaskId) {
        let shared = &self.shared.tasks[task.index()];
        E::change(&shared.run_queue, || {
            let wakes = self.wakes(task);
            if wakes {
                E::store(&shared.state, 0, Ordering::Relaxed);
                self.note_write(|| state_text(&self.shared.plan, task), 0);
            }
            wakes
        });
    }

    fn wake_up(&mut self, md: MdId) -> Result<(), Blocked> {
        if self.shared.grain == Grain::WaitqueueActive && !self.is_waitqueue_active(md) {
            return Ok(());
        }
        self.with_lock(Lock::Wait(md), |memory| {
            if let Some(task) = *memory.waiter(md) {
                memory.wake_task(task);
            }
        })
    }

    fn alloc_io(&mut self, md: MdId, bio: BioPtr) -> IoId {
        let owner = |clone: &CloneId| clone.io();
        let clones: BTreeSet<_> =
            self.shared.clones.with(|clones| clones.keys().map(owner).collect());
        let slot = io_slot(Io { md, bio, error: Code::OK, io_count: 1, counted: true });
        let io = self.shared.ios.with(|ios| {
            let unused = |io: &IoId| !ios.contains_key(io) && !clones.contains(io);
            let mut all = (0..GENERATION_COUNT_MAX).map(|number| IoId::of(bio, number));
            let io = all.find(unused).expect("too many dm_io of one bio are alive");
            ios.insert(io, Arc::new(slot));
            io
        });
        self.note_write(|| word_text(&self.shared.plan, Word::IoCount(io)), 1);
        self.note_write(|| word_text(&self.shared.plan, Word::IoError(io)), 0);
        io
    }

    fn uncount(&mut self, io: IoId) {
        self.shared.io_slot(io).counted.set(0);
    }

    fn last_error(&self, io: IoId) -> Code {
        let strength = self.strength(Site::IoErrorRead);
        let error = orderings::load::<E>(&self.shared.io_slot(io).error, strength);
        self.note_stale(|| word_text(&self.shared.plan, Word::IoError(io)), error);
        Code(error as i8)
    }

    fn io(&self, io: IoId) -> (MdId, BioPtr) {
        let slot = self.shared.io_slot(io);
        self.note_touch(Datum::Io(io));
        E::begin(&slot.cell);
        E::end(&slot.cell, false);
        (slot.md, slot.bio)
    }

    fn free_io(&mut self, io: IoId) {
        let slot = self.shared.io_slot(io);
        self.note_touch(Datum::Io(io));
        E::begin(&slot.cell);
        self.shared.ios.with(|ios| ios.remove(&io));
        E::end(&slot.cell, true);
    }

    fn alloc_clone(&mut self, id: CloneId, clone: CloneState) {
        let slot = Arc::new(clone_slot(clone));
        self.shared.clones.with(|clones| clones.insert(id, slot));
    }

    fn clone_state(&mut self, id: CloneId) -> CloneState {
        self.read_clone(id)
    }

    fn change_clone(&mut self, id: CloneId, change: impl FnOnce(&mut CloneState)) {
        self.write_clone(id, change);
    }

    fn set_clone_place(&mut self, id: CloneId, place: ClonePlace) {
        // Its next owner may be done with it by now.
        let slot = self.shared.clones.with(|clones| clones.get(&id).cloned());
        if let Some(slot) = slot {
            slot.state.with(|state| state.place = place);
        }
    }

    fn free_clone(&mut self, id: CloneId) {
        let slot = self.shared.clone_slot(id);
        self.note_touch(Datum::Clone(id));
        E::begin(&slot.cell);
        self.shared.clones.with(|clones| clones.remove(&id));
        E::end(&slot.cell, true);
    }

    fn extent(&self, bio: BioPtr) -> (u32, u16) {
        match bio {
            BioPtr::Original(bio) => {
                let bio = &self.setup().bios[bio.index()];
                (bio.sector, bio.count)
            }
            BioPtr::Clone(clone) => {
                let clone = self.read_clone(clone);
                (clone.sector, clone.count)
            }
        }
    }

    fn set_place(&mut self, bio: BioPtr, place: BioPlace) {
        match bio {
            BioPtr::Original(bio) => {
                self.shared.bios[bio.index()].bio.with(|bio| bio.place = place);
            }
            BioPtr::Clone(clone) => self.set_clone_place(
                clone,
                match place {
                    BioPlace::New | BioPlace::Hands | BioPlace::Done => ClonePlace::Hands,
                    BioPlace::Deferred => ClonePlace::Deferred,
                    BioPlace::Pushback => ClonePlace::Pushback,
                    BioPlace::Mapped => ClonePlace::Mapped,
                },
            ),
        }
    }

    fn complete(&mut self, bio: BioId, code: Code) {
        let shared = &self.shared.bios[bio.index()];
        let tell = || {
            shared.bio.with(|state| {
                state.place = BioPlace::Done;
                state.completions = state.completions.saturating_add(1).min(2);
                state.result.get_or_insert(code);
            });
            true
        };
        let setup = &self.shared.plan.setup.bios[bio.index()];
        if setup.fsync || setup.opens {
            E::change(&shared.completion, tell);
        } else {
            // Nobody waits for it in the kernel: the note must not order anything.
            tell();
        }
    }

    fn wait_completed(&mut self, bio: BioId) -> Result<(), Blocked> {
        let shared = &self.shared.bios[bio.index()];
        E::sleep_until(&shared.completion, || shared.bio.with(|bio| bio.result.is_some()));
        Ok(())
    }

    fn is_write(&self, bio: BioPtr) -> bool {
        let (bio, _) = self.original(bio);
        self.setup().bios[bio.index()].write
    }

    fn is_readahead(&self, bio: BioPtr) -> bool {
        let (bio, _) = self.original(bio);
        self.setup().bios[bio.index()].readahead
    }

    /// Under the lock of the work queue, also where the kernel sees by the pending bit alone that
    /// the item is queued already (`test_and_set_bit`, a full barrier).
    fn queue_work(&mut self, target: TargetId, work: u8) {
        E::change(&self.shared.work_queue, || {
            self.shared.works.with(|works| works[target.index()].pending |= 1 << work);
            self.shared.record.at_word(self.thread);
            true
        });
    }

    fn flush_work(&mut self, target: TargetId, flushed: u8) -> Result<(), Blocked> {
        E::sleep_until(&self.shared.work_queue, || {
            let works = self.shared.works.with(|works| works[target.index()]);
            (works.pending | works.running) & flushed == 0
        });
        Ok(())
    }

    /// An effect, or nothing.
    fn touch(&mut self, _object: Object) {}

    /// What is freed is written: nobody may be at it who is not done before.
    fn free(&mut self, object: Object) {
        match object {
            Object::Md(md) => {
                self.shared.mds[md.index()].freed.set(1);
                for datum in Datum::of_md(md) {
                    self.overwrite(datum);
                }
            }
            Object::Pools(md) => self.shared.mds[md.index()].pools_freed.set(1),
            Object::Table(table) => {
                self.shared.tables[table.index()].freed.set(1);
                let targets = self.setup().targets_of(table).map(Datum::Target);
                let all: Vec<_> = targets.chain([Datum::EventFn(table)]).collect();
                for datum in all {
                    self.overwrite(datum);
                }
            }
            Object::Target(_) => unreachable!("a target dies with its table"),
        }
    }

    fn take_fault(&mut self, md: MdId, fault: Fault) -> bool {
        let bit = 1 << fault as u64;
        self.shared.mds[md.index()].faults.take(bit) & bit != 0
    }
}

impl<E: Engine> Handle<'_, E> {
    /// The seeded bug: whether anybody sleeps is looked up without the lock of the queue.
    fn is_waitqueue_active(&self, md: MdId) -> bool {
        E::load(&self.shared.mds[md.index()].waiting, Ordering::Relaxed) != 0
    }
}

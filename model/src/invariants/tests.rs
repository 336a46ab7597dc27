//! The memory notices when a rule breaks it: each assertion of `Plain` fails where it should.
use std::sync::Arc;

use crate::era::Era;
use crate::flags::Flag;
use crate::ids::{BioId, BioPtr, CloneId, Device, IoId, MdId, TableId, TargetId};
use crate::memory::{BioPlace, CloneState, Lock, Memory, Word};
use crate::plain::Plain;
use crate::setup::{BioSetup, Setup, TableSetup, TargetSetup};
use crate::testing::Nothing;

const MD: MdId = MdId(0);
const BIO: BioId = BioId(0);
const PTR: BioPtr = BioPtr::Original(BIO);

fn bio(write: bool, readahead: bool) -> BioSetup {
    let device = Device::Md(MD);
    let (fsync, opens) = (false, false);
    BioSetup { device, write, readahead, fsync, opens, sector: 0, count: 8 }
}

/// A device, a read and a write for it, and a table with one target.
fn memory() -> Plain<Nothing> {
    let (md, table) = (MD, TableId(0));
    let target = TargetSetup { table, begin: 0, len: 64, split_io: 0 };
    let first = TargetId(0);
    let below = Vec::new();
    let table = TableSetup { md, first, count: 1, sectors: 64, has_devices: false, below };
    let setup = Setup {
        md_count: 1,
        task_count: 1,
        bios: vec![bio(false, true), bio(true, false)],
        tables: vec![table],
        targets: vec![target],
        ..Setup::empty(Era::Linux2_6_20, ())
    };
    let mut memory = Plain::new(Arc::new(setup), vec![()], Vec::new());
    memory.begin_step(0);
    memory
}

fn clone(count: u16) -> CloneState {
    CloneState {
        target: TargetId(0),
        sector: 0,
        count,
        offset: 0,
        device: Device::Md(MD),
        info: 0,
        place: crate::memory::ClonePlace::Hands,
    }
}

#[test]
fn a_memory_at_its_start_is_whole() {
    memory().check_invariants();
}

#[test]
#[should_panic(expected = "pending of md 0")]
fn pending_is_the_number_of_dm_ios_that_are_counted() {
    let mut memory = memory();
    memory.add(Word::Pending(MD), 1);
    memory.check_invariants();
}

#[test]
#[should_panic(expected = "both")]
fn io_lock_is_not_held_by_readers_and_a_writer() {
    let mut memory = memory();
    memory.mds[0].io_readers = 1;
    memory.mds[0].io_writer = true;
    memory.check_invariants();
}

#[test]
#[should_panic(expected = "is Pushback")]
fn a_deferred_bio_says_so() {
    let mut memory = memory();
    memory.lock(Lock::Io(MD)).expect("it is free");
    memory.deferred(MD).push_back(PTR);
    memory.set_place(PTR, BioPlace::Pushback);
    memory.check_invariants();
}

#[test]
fn a_deferred_bio_may_have_been_completed_too_which_a_claim_judges() {
    let mut memory = memory();
    memory.lock(Lock::Io(MD)).expect("it is free");
    memory.deferred(MD).push_back(PTR);
    memory.set_place(PTR, BioPlace::Deferred);
    memory.check_invariants();
    memory.set_place(PTR, BioPlace::Done);
    memory.check_invariants();
}

#[test]
#[should_panic(expected = "is empty")]
fn no_clone_is_empty() {
    let mut memory = memory();
    memory.alloc_clone(CloneId::of(IoId::of(PTR, 0), 0), clone(0));
    memory.check_invariants();
}

#[test]
#[should_panic(expected = "a step leaves a spinlock held")]
fn a_spinlock_is_given_back_within_the_step() {
    let mut memory = memory();
    memory.lock(Lock::Pushback(MD)).expect("it is free");
    memory.check_invariants();
}

#[test]
fn a_semaphore_and_a_readers_share_may_be_kept() {
    let mut memory = memory();
    memory.lock_shared(Lock::Hash).expect("it is free");
    memory.lock(Lock::Suspend(MD)).expect("it is free");
    memory.lock_shared(Lock::Io(MD)).expect("it is free");
    memory.check_invariants();
}

#[test]
#[should_panic(expected = "a step leaves a spinlock held")]
fn a_readers_share_of_map_lock_is_given_back_within_the_step() {
    let mut memory = memory();
    memory.lock_shared(Lock::Map(MD)).expect("it is free");
    memory.check_invariants();
}

#[test]
#[should_panic(expected = "is not held")]
fn deferred_is_touched_under_io_lock_only() {
    memory().deferred(MD);
}

#[test]
#[should_panic(expected = "is not held")]
fn pushback_is_touched_under_its_lock_only() {
    memory().pushback(MD);
}

#[test]
#[should_panic(expected = "neither map_lock nor suspend_lock")]
fn the_map_is_touched_under_one_of_its_locks() {
    memory().map(MD);
}

#[test]
fn a_flag_without_its_lock_is_an_access_outside() {
    let mut memory = memory();
    memory.test_bit(MD, Flag::BlockIo);
    assert_eq!(memory.footprint().outside, 1);
    memory.begin_step(0);
    memory.lock(Lock::Io(MD)).expect("it is free");
    memory.test_bit(MD, Flag::BlockIo);
    assert_eq!(memory.footprint().outside, 0);
    assert_eq!(memory.footprint().sections, 1);
}

#[test]
fn a_word_without_a_lock_is_an_access_outside() {
    let mut memory = memory();
    memory.add(Word::Pending(MD), 1);
    assert_eq!((memory.footprint().outside, memory.footprint().outside_alone), (1, 1));
    memory.begin_step(0);
    memory.lock(Lock::Pushback(MD)).expect("it is free");
    memory.load(Word::Pending(MD));
    assert_eq!((memory.footprint().outside, memory.footprint().outside_alone), (1, 0));
}

#[test]
fn a_work_item_runs_once_and_what_it_is_queued_for_meanwhile_waits() {
    let mut memory = memory();
    let target = TargetId(0);
    memory.queue_work(target, 1);
    assert!(memory.flush_work(target, 1 << 1).is_err());
    memory.begin_work(target, 1);
    assert_eq!((memory.works[0].pending, memory.works[0].running), (0, 1 << 1));
    memory.queue_work(target, 1);
    assert_eq!((memory.works[0].pending, memory.works[0].running), (1 << 1, 1 << 1));
    assert!(memory.flush_work(target, 1 << 0).is_ok(), "another item is not waited for");
    memory.end_work(target, 1);
    memory.begin_work(target, 1);
    memory.end_work(target, 1);
    assert!(memory.flush_work(target, 1 << 1).is_ok());
}

#[test]
#[should_panic(expected = "not pending")]
fn a_work_item_that_is_not_pending_does_not_begin() {
    memory().begin_work(TargetId(0), 0);
}

#[test]
fn memories_are_equal_as_long_as_nothing_changes() {
    let (one, mut other) = (memory(), memory());
    assert_eq!(one, other);
    other.set_bit(MD, Flag::BlockIo);
    assert_ne!(one, other);
}

#[test]
fn a_device_exists_once_it_is_created() {
    let mut memory = memory();
    assert!(!memory.exists(MD));
    memory.create(MD);
    assert!(memory.exists(MD));
}

#[test]
fn a_bio_is_a_write_or_read_ahead_as_its_application_made_it() {
    let memory = memory();
    let kinds = [0, 1].map(|bio| BioPtr::Original(BioId(bio)));
    assert_eq!(kinds.map(|bio| memory.is_write(bio)), [false, true]);
    assert_eq!(kinds.map(|bio| memory.is_readahead(bio)), [true, false]);
}

//! What races in the ioctl layer that no scenario can bring about.
use std::sync::Arc;

use super::Load;
use crate::era::Era;
use crate::errno::{Code, Errno};
use crate::flags::Flag;
use crate::frame::{Frame, Process, Progress};
use crate::ids::{MdId, TableId, TargetId};
use crate::memory::Memory;
use crate::plain::Plain;
use crate::resume::Resume;
use crate::setup::{Setup, TableSetup, TargetSetup};
use crate::testing::Nothing;

const TOP: MdId = MdId(0);
const BELOW: [MdId; 2] = [MdId(1), MdId(2)];

/// A device whose table stands on two others; all exist, and all are in the hash.
fn memory() -> Plain<Nothing> {
    let (md, table, first) = (TOP, TableId(0), TargetId(0));
    let target = TargetSetup { table, begin: 0, len: 8, split_io: 0 };
    let below = BELOW.to_vec();
    let table = TableSetup { md, first, count: 1, sectors: 8, has_devices: true, below };
    let setup = Setup {
        md_count: 3,
        tables: vec![table],
        targets: vec![target],
        ..Setup::empty(Era::Linux2_6_20, ())
    };
    let mut memory = Plain::new(Arc::new(setup), vec![()], Vec::new());
    for md in [TOP, BELOW[0], BELOW[1]] {
        memory.create(md);
        memory.mds[md.index()].hashed = true;
    }
    memory
}

fn load(memory: &mut Plain<Nothing>) -> Code {
    memory.begin_step(0);
    let frame = Frame::Load(Load::new(TOP, TableId(0)));
    let (mut process, mut progress) = Process::new(frame, memory);
    loop {
        match progress {
            Progress::Done(code) => return code,
            Progress::Bug(text) => panic!("{text}"),
            Progress::Runs => {}
        }
        memory.begin_step(0);
        progress = process.step(memory).expect("nobody is in the way");
        memory.check_invariants();
    }
}

#[test]
fn a_load_opens_what_is_below() {
    let mut memory = memory();
    assert_eq!(load(&mut memory), Code::OK);
    assert_eq!(BELOW.map(|md| memory.mds[md.index()].open_count), [1, 1]);
    assert_eq!(memory.mds[TOP.index()].inactive, Some(TableId(0)));
}

#[test]
fn a_load_over_a_device_that_is_being_removed_closes_what_it_opened_and_fails() {
    let mut memory = memory();
    memory.set_bit(BELOW[1], Flag::Deleting);
    assert_eq!(load(&mut memory), Errno::Inval.code());
    assert_eq!(BELOW.map(|md| memory.mds[md.index()].open_count), [0, 0]);
    assert_eq!(memory.mds[TOP.index()].inactive, None);
    assert_eq!(memory.mds[TOP.index()].holders, 1);
}

#[test]
fn a_process_shows_its_functions_from_the_outermost_to_the_one_on_top() {
    let mut memory = memory();
    memory.begin_step(0);
    let frame = Frame::Load(Load::new(TOP, TableId(0)));
    let (mut process, _) = Process::new(frame, &mut memory);
    assert!(matches!(process.frames(), [Frame::Load(_)]));
    process.step(&mut memory).expect("nobody is in the way");
    assert!(matches!(process.frames(), [Frame::Load(_), Frame::Open(_)]));
}

#[test]
fn a_resume_knows_its_device() {
    assert_eq!(Resume::new(BELOW[1]).md(), BELOW[1]);
}

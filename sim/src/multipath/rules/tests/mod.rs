//! The rules, each at the points where it decides, and all of them in every order.
mod choice;
mod io;
mod walk;
mod worker;

use super::*;
use crate::multipath::spec::MultipathSpec;
use crate::multipath::state::{GroupId, Multipath, PathId};
use crate::multipath::testing::{EMC, EMC_RETRIES, ONE_PATH, TWO_GROUPS, clone, disk, map, target};
use dm_model::errno::{Code, Errno};

const EIO: Errno = Errno::Io;

#[track_caller]
fn path_of(m: &mut Multipath, spec: &MultipathSpec) -> PathId {
    let mapped = map(m, spec, clone(0));
    assert_eq!(mapped.verdict, Code::REMAPPED);
    assert_eq!(mapped.device, mapped.path.map(|path| spec.path(path).device));
    mapped.path.expect("a remapped clone has a path")
}

fn fail_all(m: &mut Multipath) {
    for index in 0..m.paths.len() {
        fail_path(m, PathId(index as u8));
    }
    m.check_invariants();
}

/// A target with all paths failed whose policy to queue is set aside.
fn presuspended_without_path() -> (MultipathSpec, Multipath) {
    let (spec, mut m) = target(TWO_GROUPS);
    fail_all(&mut m);
    presuspend(&mut m);
    (spec, m)
}

/// A target with one clone queued and a `pg_init` started for it.
fn initialising(line: &str) -> (MultipathSpec, Multipath) {
    let (spec, mut m) = target(line);
    map(&mut m, &spec, clone(0));
    let started = process_queued_ios(&mut m, &spec);
    assert_eq!(started.pg_init, Some(PathId(0)));
    m.check_invariants();
    (spec, m)
}

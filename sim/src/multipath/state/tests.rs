//! A multipath target notices when a rule breaks its state.
use crate::multipath::state::{GroupId, Multipath, PathId};
use crate::multipath::testing::{EMC, TWO_GROUPS, clone, target};

fn fresh() -> Multipath {
    target(TWO_GROUPS).1
}

#[test]
fn a_fresh_target_is_whole() {
    fresh().check_invariants();
    target(EMC).1.check_invariants();
}

#[test]
#[should_panic(expected = "nr_valid_paths")]
fn the_valid_paths_are_counted() {
    let mut m = fresh();
    m.nr_valid_paths -= 1;
    m.check_invariants();
}

#[test]
#[should_panic(expected = "selector lists of path 0")]
fn a_failed_path_is_in_the_list_of_the_invalid() {
    let mut m = fresh();
    m.change_path(PathId(0), |path| path.active = false);
    m.nr_valid_paths -= 1;
    m.check_invariants();
}

#[test]
#[should_panic(expected = "the current path is active")]
fn the_current_path_has_not_failed() {
    let mut m = fresh();
    m.current_path = Some(PathId(0));
    m.current_pg = Some(GroupId(0));
    m.change_path(PathId(0), |path| path.active = false);
    m.change_group(GroupId(0), |group| {
        group.valid.remove_at(0);
        group.invalid.push_back(PathId(0));
    });
    m.nr_valid_paths -= 1;
    m.check_invariants();
}

#[test]
#[should_panic(expected = "current group")]
fn the_current_path_is_of_the_current_group() {
    let mut m = fresh();
    m.current_path = Some(PathId(0));
    m.current_pg = Some(GroupId(1));
    m.check_invariants();
}

#[test]
#[should_panic(expected = "exists in")]
fn the_next_group_exists() {
    let mut m = fresh();
    m.next_pg = Some(GroupId(2));
    m.check_invariants();
}

#[test]
#[should_panic(expected = "queue_size")]
fn the_queued_clones_are_counted() {
    let mut m = fresh();
    m.queued.push_back(clone(0));
    m.check_invariants();
}

#[test]
#[should_panic(expected = "queued twice")]
fn no_clone_is_queued_twice() {
    let mut m = fresh();
    m.queued.push_back(clone(0));
    m.queued.push_back(clone(0));
    m.queue_size = 2;
    m.check_invariants();
}

#[test]
#[should_panic(expected = "a pg_init runs")]
fn a_pg_init_has_a_path_only_while_it_runs() {
    let mut m = target(EMC).1;
    m.pg_init_path = Some(PathId(0));
    m.check_invariants();
}

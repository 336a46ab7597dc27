//! Which path is chosen, and what failing, reinstating and bypassing do to the choice.
use super::*;

#[test]
fn a_new_target_has_every_path_and_chose_none() {
    let (_, m) = target(TWO_GROUPS);
    assert_eq!((m.nr_valid_paths, m.current_path, m.current_pg), (3, None, None));
    assert_eq!((m.next_pg, m.queue_io), (Some(GroupId(0)), true));
    assert_eq!((m.queue_if_no_path, m.saved_queue_if_no_path), (true, true));
    let (_, m) = target(ONE_PATH);
    assert_eq!((m.queue_if_no_path, m.saved_queue_if_no_path), (false, false));
}

#[test]
fn the_first_io_goes_to_the_first_path_of_the_initial_group() {
    let (spec, mut m) = target("0 0 2 2 round-robin 0 1 0 8:0 round-robin 0 1 0 8:16");
    assert_eq!(map(&mut m, &spec, clone(0)).device, Some(disk(1)));
    assert_eq!((m.current_pg, m.next_pg, m.queue_io), (Some(GroupId(1)), None, false));
}

#[test]
fn a_path_is_left_when_its_repeat_count_is_used_up() {
    let (spec, mut m) = target(TWO_GROUPS);
    let taken: Vec<u8> = (0..7).map(|_| path_of(&mut m, &spec).0).collect();
    assert_eq!(taken, [0, 0, 1, 1, 1, 0, 0]);
}

#[test]
fn a_path_whose_repeat_count_is_zero_is_never_left() {
    let (spec, mut m) = target("0 0 1 1 round-robin 0 2 1 8:0 0 8:16 0");
    assert!((0..50).all(|_| path_of(&mut m, &spec) == PathId(0)));
}

#[test]
fn paths_are_used_up_group_by_group() {
    let (spec, mut m) = target(TWO_GROUPS);
    for index in 0..3 {
        assert_eq!(path_of(&mut m, &spec), PathId(index));
        assert!(fail_path(&mut m, PathId(index)));
    }
    assert_eq!(m.nr_valid_paths, 0);
    assert_eq!(map(&mut m, &spec, clone(1)).verdict, Code::SUBMITTED);
    assert_eq!((m.current_path, m.current_pg), (None, None));
}

#[test]
fn a_group_is_kept_until_it_has_no_path_left() {
    let (spec, mut m) = target(TWO_GROUPS);
    fail_path(&mut m, PathId(0));
    fail_path(&mut m, PathId(1));
    assert_eq!(path_of(&mut m, &spec), PathId(2));
    reinstate_path(&mut m, PathId(0));
    assert_eq!(path_of(&mut m, &spec), PathId(2));
}

#[test]
fn a_bypassed_group_is_tried_last() {
    let (spec, mut m) = target(TWO_GROUPS);
    m.next_pg = None;
    bypass_pg(&mut m, GroupId(0), true);
    assert_eq!(path_of(&mut m, &spec), PathId(2));
    fail_path(&mut m, PathId(2));
    assert_eq!(path_of(&mut m, &spec), PathId(0));
    bypass_pg(&mut m, GroupId(0), false);
    assert_eq!((m.current_path, m.current_pg), (None, None));
}

#[test]
fn a_group_that_is_asked_for_is_used_even_if_it_is_bypassed() {
    let (spec, mut m) = target(TWO_GROUPS);
    bypass_pg(&mut m, GroupId(0), true);
    assert_eq!(path_of(&mut m, &spec), PathId(0));
}

#[test]
fn a_group_that_is_asked_for_and_has_no_path_is_forgotten() {
    let (spec, mut m) = target(TWO_GROUPS);
    switch_group(&mut m, GroupId(1));
    fail_path(&mut m, PathId(2));
    assert_eq!(path_of(&mut m, &spec), PathId(0));
    assert_eq!(m.next_pg, None);
}

#[test]
fn a_group_that_is_asked_for_is_remembered_while_there_is_no_path_at_all() {
    let (spec, mut m) = target(TWO_GROUPS);
    switch_group(&mut m, GroupId(1));
    fail_all(&mut m);
    choose_pgpath(&mut m, &spec);
    assert_eq!(m.next_pg, Some(GroupId(1)));
}

#[test]
fn switching_the_group_enables_every_group() {
    let (spec, mut m) = target(TWO_GROUPS);
    bypass_pg(&mut m, GroupId(0), true);
    bypass_pg(&mut m, GroupId(1), true);
    switch_group(&mut m, GroupId(1));
    assert!(m.groups.iter().all(|group| !group.bypassed));
    assert_eq!(path_of(&mut m, &spec), PathId(2));
}

#[test]
fn a_reinstated_path_is_selected_next() {
    let (spec, mut m) = target("0 0 1 1 round-robin 0 3 1 8:0 1 8:16 1 8:32 1");
    assert_eq!(path_of(&mut m, &spec), PathId(0));
    fail_path(&mut m, PathId(2));
    reinstate_path(&mut m, PathId(2));
    assert_eq!(m.group(GroupId(0)).valid.as_slice(), [PathId(2), PathId(1), PathId(0)]);
    assert_eq!(path_of(&mut m, &spec), PathId(2));
}

#[test]
fn failed_paths_are_listed_latest_first() {
    let (_, mut m) = target(TWO_GROUPS);
    fail_path(&mut m, PathId(0));
    fail_path(&mut m, PathId(1));
    assert_eq!(m.group(GroupId(0)).invalid.as_slice(), [PathId(1), PathId(0)]);
}

#[test]
fn a_path_fails_once() {
    let (_, mut m) = target(TWO_GROUPS);
    assert!(fail_path(&mut m, PathId(0)));
    let before = m.clone();
    assert!(!fail_path(&mut m, PathId(0)));
    assert_eq!(m, before);
    assert_eq!((m.path(PathId(0)).fail_count, m.nr_valid_paths), (1, 2));
}

#[test]
fn failing_another_path_keeps_the_current_one() {
    let (spec, mut m) = target(TWO_GROUPS);
    path_of(&mut m, &spec);
    fail_path(&mut m, PathId(2));
    assert_eq!(m.current_path, Some(PathId(0)));
}

#[test]
fn reinstating_an_active_path_changes_nothing() {
    let (spec, mut m) = target(TWO_GROUPS);
    path_of(&mut m, &spec);
    let before = m.clone();
    assert_eq!(reinstate_path(&mut m, PathId(0)), Reinstated::default());
    assert_eq!(m, before);
}

#[test]
fn the_first_path_again_runs_the_worker_if_io_waits() {
    let (spec, mut m) = target(TWO_GROUPS);
    fail_all(&mut m);
    assert!(!reinstate_path(&mut m, PathId(0)).kick);
    fail_path(&mut m, PathId(0));
    map(&mut m, &spec, clone(0));
    let reinstated = reinstate_path(&mut m, PathId(0));
    assert_eq!(reinstated, Reinstated { kick: true, trigger_event: true });
    assert!(!reinstate_path(&mut m, PathId(1)).kick, "the second path");
    m.check_invariants();
}

//! Where I/O goes without a path, and what presuspend, resume and messages change of it.
use super::*;

#[test]
fn without_a_path_io_waits_or_fails_as_the_policy_says() {
    let (spec, mut m) = target(ONE_PATH);
    fail_all(&mut m);
    assert_eq!(map(&mut m, &spec, clone(0)).verdict, EIO.code());
    assert_eq!(m.queue_size, 0);
    queue_if_no_path(&mut m, true, false);
    assert_eq!(map(&mut m, &spec, clone(0)).verdict, Code::SUBMITTED);
    assert_eq!((m.queue_size, m.queued.iter().collect::<Vec<_>>()), (1, vec![clone(0)]));
}

#[test]
fn io_that_waits_for_a_path_runs_the_worker_once_a_group_was_ready() {
    let (spec, mut m) = target(TWO_GROUPS);
    path_of(&mut m, &spec);
    fail_all(&mut m);
    assert!(map(&mut m, &spec, clone(0)).kick);
    let (spec, mut never_used) = target(TWO_GROUPS);
    fail_all(&mut never_used);
    assert!(!map(&mut never_used, &spec, clone(0)).kick);
}

#[test]
fn the_core_keeps_io_only_if_the_policy_is_set_aside_and_the_suspend_is_noflush() {
    assert!(must_push_back(false, true, || true));
    assert!(!must_push_back(false, true, || false));
    assert!(!must_push_back(true, true, || unreachable!("the flag is not read")));
    assert!(!must_push_back(false, false, || unreachable!("the flag is not read")));
}

#[test]
fn without_a_path_a_noflush_suspend_requeues() {
    let (spec, mut m) = presuspended_without_path();
    assert_eq!(map_io(&mut m, &spec, clone(0), false, true, || true).verdict, Code::REQUEUE);
    assert_eq!(map_io(&mut m, &spec, clone(0), false, true, || false).verdict, EIO.code());
    assert_eq!(m.queue_size, 0);
}

#[test]
fn before_the_mpath_patch_nothing_is_requeued() {
    let (spec, mut m) = presuspended_without_path();
    let unread = || unreachable!("the flag is not read");
    assert_eq!(map_io(&mut m, &spec, clone(0), false, false, unread).verdict, EIO.code());
    assert_eq!(end_io_no_valid_paths(&m, false, unread), NoValidPaths::Fail);
}

#[test]
fn with_a_path_a_noflush_suspend_still_maps() {
    let (spec, mut m) = target(TWO_GROUPS);
    presuspend(&mut m);
    let mapped = map_io(&mut m, &spec, clone(0), false, true, || unreachable!("not read"));
    assert_eq!(mapped.verdict, Code::REMAPPED);
}

#[test]
fn presuspend_and_resume_keep_the_policy() {
    for line in [TWO_GROUPS, ONE_PATH] {
        let (_, mut m) = target(line);
        let before = m.clone();
        presuspend(&mut m);
        assert!(!m.queue_if_no_path);
        resume(&mut m);
        assert_eq!(m, before);
    }
}

#[test]
fn presuspend_twice_loses_the_policy() {
    let (_, mut m) = target(TWO_GROUPS);
    presuspend(&mut m);
    presuspend(&mut m);
    resume(&mut m);
    assert!(!m.queue_if_no_path);
}

#[test]
fn a_policy_message_during_a_suspend_ends_the_push_back() {
    for value in [false, true] {
        let (_, mut m) = presuspended_without_path();
        queue_if_no_path(&mut m, value, false);
        assert_eq!(m.queue_if_no_path, m.saved_queue_if_no_path);
        let found = end_io_no_valid_paths(&m, true, || unreachable!("the flag is not read"));
        assert_eq!(found, if value { NoValidPaths::Queue } else { NoValidPaths::Fail });
    }
}

#[test]
fn a_policy_to_fail_runs_the_worker_if_io_waits() {
    let (spec, mut m) = target(TWO_GROUPS);
    assert!(!presuspend(&mut m), "nothing waits");
    resume(&mut m);
    fail_all(&mut m);
    map(&mut m, &spec, clone(0));
    assert!(!queue_if_no_path(&mut m, true, false), "it still waits");
    assert!(queue_if_no_path(&mut m, false, false));
}

#[test]
fn only_success_and_two_errors_pass_the_target() {
    assert!(end_io_passes(Code::OK, false));
    assert!(end_io_passes(Errno::Opnotsupp.code(), false));
    assert!(end_io_passes(Errno::Again.code(), true));
    assert!(!end_io_passes(Errno::Again.code(), false));
    assert!(!end_io_passes(EIO.code(), true));
}

#[test]
fn an_error_without_a_path_left_is_requeued_queued_or_passed() {
    let (_, m) = presuspended_without_path();
    assert_eq!(end_io_no_valid_paths(&m, true, || true), NoValidPaths::Requeue);
    assert_eq!(end_io_no_valid_paths(&m, true, || false), NoValidPaths::Fail);
    let (_, mut m) = target(TWO_GROUPS);
    assert_eq!(end_io_no_valid_paths(&m, true, || true), NoValidPaths::PathsRemain);
    fail_all(&mut m);
    assert_eq!(end_io_no_valid_paths(&m, true, || true), NoValidPaths::Queue);
}

#[test]
fn an_error_on_the_last_path_goes_through_the_queue_first() {
    let (spec, mut m) = target("1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1");
    let path = path_of(&mut m, &spec);
    presuspend(&mut m);
    assert_eq!(end_io_no_valid_paths(&m, true, || true), NoValidPaths::PathsRemain);
    fail_path(&mut m, path);
    assert!(end_io_requeue(&mut m, clone(0)));
    m.check_invariants();
    let found = process_queued_ios(&mut m, &spec);
    assert_eq!(found, ProcessQueuedIos { dispatch: true, ..ProcessQueuedIos::default() });
    assert_eq!(steal_queued(&mut m).iter().collect::<Vec<_>>(), [clone(0)]);
    assert_eq!(m.queue_size, 1, "what is being dispatched counts");
    let mapped = map_io(&mut m, &spec, clone(0), true, true, || true);
    assert_eq!((mapped.verdict, m.queue_size), (Code::REQUEUE, 0));
}

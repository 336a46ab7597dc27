//! The worker, and the initialisation of a group.
use super::*;

#[test]
fn the_worker_does_nothing_when_nothing_waits() {
    let (spec, mut m) = target(EMC);
    let before = m.clone();
    assert_eq!(process_queued_ios(&mut m, &spec), ProcessQueuedIos::default());
    assert_eq!(m, before);
}

#[test]
fn the_worker_leaves_io_that_must_wait_for_a_path() {
    let (spec, mut m) = target(TWO_GROUPS);
    fail_all(&mut m);
    map(&mut m, &spec, clone(0));
    assert!(!process_queued_ios(&mut m, &spec).dispatch);
    reinstate_path(&mut m, PathId(1));
    assert!(process_queued_ios(&mut m, &spec).dispatch);
    steal_queued(&mut m);
    let mapped = map_io(&mut m, &spec, clone(0), true, true, || false);
    assert_eq!((mapped.path, m.queue_size), (Some(PathId(1)), 0));
}

#[test]
#[should_panic(expected = "queue_size counts what was queued")]
fn a_clone_that_was_never_queued_cannot_be_dispatched() {
    let (spec, mut m) = target(ONE_PATH);
    map_io(&mut m, &spec, clone(0), true, true, || false);
}

#[test]
fn with_a_handler_the_first_io_waits_for_a_pg_init() {
    let (spec, mut m) = target(EMC);
    let mapped = map(&mut m, &spec, clone(0));
    assert_eq!((mapped.verdict, mapped.path, mapped.kick), (Code::SUBMITTED, None, true));
    assert!(m.pg_init_required);
    let started = process_queued_ios(&mut m, &spec);
    assert_eq!(
        started,
        ProcessQueuedIos { pg_init: Some(PathId(0)), ..ProcessQueuedIos::default() }
    );
    assert_eq!((m.pg_init_in_progress, m.pg_init_required, m.pg_init_count), (true, false, 1));
    assert!(!map(&mut m, &spec, clone(1)).kick, "one pg_init at a time");
}

#[test]
fn io_flows_when_a_pg_init_has_completed() {
    let (spec, mut m) = initialising(EMC);
    pg_init_complete(&mut m, ErrorFlags::NONE);
    m.check_invariants();
    assert_eq!((m.queue_io, m.pg_init_path), (false, None));
    assert!(process_queued_ios(&mut m, &spec).dispatch);
}

#[test]
fn a_failed_pg_init_leads_to_the_next_group() {
    let (spec, mut m) = initialising(EMC);
    fail_path(&mut m, PathId(0));
    pg_init_complete(&mut m, ErrorFlags::FAIL_PATH);
    assert_eq!((m.current_pg, m.queue_io), (None, true));
    let again = process_queued_ios(&mut m, &spec);
    assert_eq!((again.pg_init, again.dispatch), (Some(PathId(1)), false));
    assert_eq!(m.pg_init_count, 1, "the count is of one switch");
}

#[test]
fn a_switch_during_a_pg_init_makes_another_one_due() {
    let (spec, mut m) = initialising(EMC);
    switch_group(&mut m, GroupId(1));
    map(&mut m, &spec, clone(1));
    assert!(m.pg_init_required && m.pg_init_in_progress);
    pg_init_complete(&mut m, ErrorFlags::NONE);
    assert!(m.queue_io);
    assert_eq!(process_queued_ios(&mut m, &spec).pg_init, Some(PathId(1)));
}

#[test]
fn a_pg_init_is_tried_again_until_its_limit() {
    let (spec, mut m) = initialising(EMC_RETRIES);
    for count in 1..=2 {
        assert_eq!(m.pg_init_count, count);
        let limit_reached = pg_init_limit_reached(&mut m, &spec);
        assert!(!limit_reached);
        pg_init_complete(&mut m, ErrorFlags::RETRY.or_fail_path(limit_reached));
        assert_eq!((m.current_pg, m.queue_io), (Some(GroupId(0)), true));
        assert_eq!(process_queued_ios(&mut m, &spec).pg_init, Some(PathId(0)));
    }
    assert!(pg_init_limit_reached(&mut m, &spec));
    assert!(!m.pg_init_required);
}

#[test]
fn without_retries_a_retry_fails_the_path() {
    let (spec, mut m) = initialising(EMC);
    let flags = ErrorFlags::RETRY.or_fail_path(pg_init_limit_reached(&mut m, &spec));
    assert!(flags.fail_path && flags.retry);
    fail_path(&mut m, PathId(0));
    pg_init_complete(&mut m, flags);
    assert_eq!(m.current_pg, None);
}

#[test]
fn the_worker_tells_whether_the_group_is_bypassed() {
    let (spec, mut m) = target(EMC);
    bypass_pg(&mut m, GroupId(0), true);
    map(&mut m, &spec, clone(0));
    assert!(process_queued_ios(&mut m, &spec).bypassed);
}

#[test]
fn a_pg_init_that_is_due_without_a_path_is_reported() {
    let (spec, mut m) = target(EMC);
    map(&mut m, &spec, clone(0));
    fail_all(&mut m);
    let found = process_queued_ios(&mut m, &spec);
    assert!(found.pg_init_without_path);
    assert_eq!((found.pg_init, found.dispatch), (None, false));
    m.check_invariants();
}

#[test]
fn an_error_while_a_group_is_initialised_does_not_run_the_worker() {
    let (_, mut m) = initialising(EMC);
    assert!(!end_io_requeue(&mut m, clone(1)));
    assert_eq!((m.queue_size, m.queued.iter().collect::<Vec<_>>()), (2, vec![clone(0), clone(1)]));
}

#[test]
fn flags_are_a_set() {
    assert!(ErrorFlags::default().is_none());
    for flags in [ErrorFlags::FAIL_PATH, ErrorFlags::BYPASS_PG, ErrorFlags::ERROR_IO] {
        assert!(!flags.is_none());
        assert_eq!(flags.or_fail_path(false), flags);
    }
}

#[test]
#[should_panic(expected = "a pg_init completes that was not started")]
fn a_pg_init_that_was_not_started_cannot_complete() {
    let (_, mut m) = target(EMC);
    pg_init_complete(&mut m, ErrorFlags::NONE);
}

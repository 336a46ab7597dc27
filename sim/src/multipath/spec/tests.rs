//! The constructor's errors, one by one in the kernel's order, and what it makes of good lines.
use super::*;
use crate::multipath::HandlerKind;
use crate::multipath::testing::{Disks, EMC_RETRIES, TWO_GROUPS, disk, spec};
use dm_model::errno::Errno;

fn parse(line: &str) -> Result<MultipathSpec, CtrError> {
    let words: Vec<&str> = line.split_whitespace().collect();
    MultipathSpec::parse(&words, &Disks)
}

#[track_caller]
fn refused(line: &str, message: &str, argument: Option<usize>) {
    let error = parse(line).expect_err(line);
    assert_eq!((error.message.as_str(), error.argument), (message, argument), "{line}");
    assert_eq!(error.errno, Errno::Inval, "{line}");
}

#[test]
fn a_line_says_its_groups_paths_and_policy() {
    let spec = spec(TWO_GROUPS);
    assert!(spec.queue_if_no_path);
    assert_eq!((spec.pg_init_retries, &spec.handler), (0, &None));
    assert_eq!(spec.initial_group, Some(GroupId(0)));
    let path = |index, repeat_count| PathSpec { device: disk(index), repeat_count };
    assert_eq!(spec.groups[0].paths, [path(0, 2), path(1, 3)]);
    assert_eq!(spec.groups[1].paths, [path(2, 1000)]);
    assert_eq!(spec.path(PathId(2)), path(2, 1000));
    let second: Vec<_> = spec.paths_of(GroupId(1)).collect();
    assert_eq!(second, [(PathId(2), path(2, 1000))]);
}

#[test]
fn a_device_may_be_the_path_of_two_groups() {
    let spec = spec("0 0 2 1 round-robin 0 1 0 8:0 round-robin 0 2 0 8:16 /dev/sda");
    let paths: Vec<_> = spec.paths_on(disk(0)).collect();
    assert_eq!(paths, [PathId(0), PathId(2)]);
}

#[test]
fn a_path_without_a_repeat_count_has_a_thousand() {
    assert_eq!(spec("0 0 1 1 round-robin 0 1 0 8:0").path(PathId(0)).repeat_count, 1000);
}

#[test]
fn features_are_known_in_any_case_and_order() {
    let spec = spec("3 PG_init_retries 50x Queue_If_No_Path 0 1 1 round-robin 0 1 0 8:0");
    assert!(spec.queue_if_no_path);
    assert_eq!(spec.pg_init_retries, 50);
    assert!(
        parse("3 queue_if_no_path queue_if_no_path QUEUE_IF_NO_PATH 0 1 1 round-robin 0 1 0 8:0")
            .is_ok()
    );
}

#[test]
fn a_handler_keeps_its_arguments() {
    let spec = spec("0 3 emc 1 0 1 1 round-robin 0 1 0 8:0");
    let handler = spec.handler.expect("a handler");
    assert_eq!((handler.kind, handler.args), (HandlerKind::Emc, vec!["1".into(), "0".into()]));
    assert_eq!(self::spec(EMC_RETRIES).pg_init_retries, 2);
}

#[test]
fn an_initial_group_beyond_the_last_is_none() {
    assert_eq!(spec("0 0 1 1024 round-robin 0 1 0 8:0").initial_group, None);
}

#[test]
fn the_number_of_features_is_from_zero_to_three() {
    let message = "invalid number of feature args";
    refused("", message, None);
    refused("none", message, Some(0));
    refused("4 queue_if_no_path", message, Some(0));
    refused("-1", message, Some(0));
}

#[test]
fn an_unknown_feature_is_unrecognised() {
    let message = "Unrecognised multipath feature request";
    refused("1 queue_if_no_paths 0 1 1", message, Some(1));
    refused("2 queue_if_no_path retain 0 1 1", message, Some(2));
}

#[test]
fn retries_without_a_number_announced_are_unrecognised() {
    refused("1 pg_init_retries 5 0 1 1", "Unrecognised multipath feature request", Some(1));
}

#[test]
fn retries_are_from_one_to_fifty() {
    let message = "pg_init_retries must be between 1 and 50";
    refused("2 pg_init_retries 0 0 1 1", message, Some(2));
    refused("2 pg_init_retries 51 0 1 1", message, Some(2));
    refused("2 pg_init_retries", message, None);
}

#[test]
fn a_feature_that_is_announced_and_absent_would_stop_the_kernel() {
    let error = parse("2 queue_if_no_path").unwrap_err();
    assert_eq!(error.argument, None);
    assert!(error.message.contains("the kernel would stop here"), "{}", error.message);
}

#[test]
fn the_errors_of_a_hardware_handler_come_before_those_of_groups() {
    refused("0", "invalid number of hardware handler args", None);
    refused("0 1025", "invalid number of hardware handler args", Some(1));
    refused("0 1 alua 0 0", "unknown hardware handler type", Some(2));
    refused("0 2 emc 1 0 0", "hardware handler constructor failed", Some(2));
}

#[test]
fn the_number_of_groups_is_from_one_to_1024() {
    let message = "invalid number of priority groups";
    refused("0 0", message, None);
    refused("0 0 0 1", message, Some(2));
    refused("0 0 1025 1", message, Some(2));
}

#[test]
fn the_initial_group_is_from_one_to_1024() {
    let message = "invalid initial priority group number";
    refused("0 0 1", message, None);
    refused("0 0 1 0", message, Some(3));
    refused("0 0 1 1025", message, Some(3));
}

#[test]
fn a_group_has_two_words_at_least() {
    refused("0 0 1 1 round-robin", "not enough priority group aruments", Some(4));
}

#[test]
fn a_selector_is_round_robin() {
    refused("0 0 1 1 service-time 0 1 0 8:0", "unknown path selector type", Some(4));
    refused("0 0 1 1 Round-Robin 0 1 0 8:0", "unknown path selector type", Some(4));
}

#[test]
fn the_number_of_selector_arguments_is_at_most_1024() {
    let message = "invalid number of path selector args";
    refused("0 0 1 1 round-robin 1025 1 0 8:0", message, Some(5));
    refused("0 0 1 1 round-robin x", message, Some(5));
}

#[test]
fn arguments_of_the_selector_itself_are_ignored() {
    assert_eq!(spec("0 0 1 1 round-robin 2 a b 1 0 8:0").path_count(), 1);
}

#[test]
fn selector_arguments_beyond_the_end_would_stop_the_kernel() {
    let error = parse("0 0 1 1 round-robin 2 a").unwrap_err();
    assert!(error.message.starts_with("2 arguments are announced and 1 are left"));
    assert_eq!(error.argument, Some(6));
}

#[test]
fn a_group_has_a_path_at_least() {
    let message = "invalid number of paths";
    refused("0 0 1 1 round-robin 0", message, None);
    refused("0 0 1 1 round-robin 0 0 0", message, Some(6));
}

#[test]
fn the_number_of_arguments_of_a_path_is_at_most_1024() {
    let message = "invalid number of selector args";
    refused("0 0 1 1 round-robin 0 1", message, None);
    refused("0 0 1 1 round-robin 0 1 1025", message, Some(7));
}

#[test]
fn a_path_that_is_missing_is_an_unknown_error() {
    refused("0 0 1 1 round-robin 0 1 0", "Unknown error", Some(6));
    refused("0 0 1 1 round-robin 0 2 1 8:0 1000 8:16", "Unknown error", Some(6));
}

#[test]
fn a_device_must_be_found() {
    refused("0 0 1 1 round-robin 0 1 0 8:1", "error getting device", Some(8));
    // Too few paths: the next group's selector is taken for a device.
    let line = "0 0 2 1 round-robin 0 2 0 8:0 round-robin 0 1 0 8:16";
    refused(line, "error getting device", Some(9));
}

#[test]
fn a_path_has_one_argument_at_most() {
    let message = "round-robin ps: incorrect number of arguments";
    refused("0 0 1 1 round-robin 0 1 2 8:0 1000 1", message, Some(7));
}

#[test]
fn a_repeat_count_is_a_number() {
    let message = "round-robin ps: invalid repeat count";
    refused("0 0 1 1 round-robin 0 1 1 8:0 often", message, Some(9));
    refused("0 0 1 1 round-robin 0 2 1 8:0 5 8:16 -5", message, Some(11));
}

#[test]
fn the_number_of_groups_must_be_the_one_announced() {
    let message = "priority group count mismatch";
    refused("0 0 1 1", message, Some(2));
    refused("0 0 1 1 round-robin 0 1 0 8:0 round-robin 0 1 0 8:16", message, Some(2));
    refused("1 queue_if_no_path 0 2 1 round-robin 0 1 0 8:0", message, Some(3));
}

#[test]
fn more_than_the_model_holds_is_said_to_be_its_own_bound() {
    let group = " round-robin 0 1 0 8:0";
    let error = parse(&format!("0 0 5 1{}", group.repeat(5))).unwrap_err();
    let message = "5 priority groups: at most 4 is a bound of the model, not of the kernel";
    assert_eq!(error, CtrError::invalid(message, Some(2)));
    let error = parse(&format!("0 0 1 1 round-robin 0 9 0{}", " 8:0".repeat(9))).unwrap_err();
    let message = "9 paths: at most 8 is a bound of the model, not of the kernel";
    assert_eq!(error, CtrError::invalid(message, Some(2)));
    assert!(parse(&format!("0 0 4 1{}", group.repeat(4))).is_ok());
}

#[test]
fn the_bounds_of_the_model_come_after_the_checks_of_the_kernel() {
    let groups = " round-robin 0 1 0 8:0".repeat(5);
    refused(&format!("0 0 4 1{groups}"), "priority group count mismatch", Some(2));
}

//! The status and table lines of the target, byte for byte as the kernel gives them: each field is
//! followed by a space, the last one too.
//!
//! Source: `multipath_status` of `dm-mpath.c` and `rr_status` of `dm-round-robin.c`, read in
//! 2.6.24. Both lines are of the state of the moment: the table line is not always the one that
//! was loaded.
use super::spec::MultipathSpec;
use super::state::{GroupId, Multipath};
use crate::ctr::Devices;
use std::fmt::Write;

/// What `dmsetup status` shows (`STATUSTYPE_INFO`).
///
/// 2.6.20 gives one counter of the target, `queue_size`; `two_counters` adds the number of
/// `pg_init`, read in 2.6.24. No hardware handler has a status of its own.
pub fn info(
    m: &Multipath,
    spec: &MultipathSpec,
    devices: &dyn Devices,
    two_counters: bool,
) -> String {
    let mut line = if two_counters {
        format!("2 {} {} ", m.queue_size, m.pg_init_count)
    } else {
        format!("1 {} ", m.queue_size)
    };
    line.push_str("0 ");
    push_groups(&mut line, m);
    for (group, path_count) in groups(spec) {
        push(&mut line, format_args!("{} 0 {path_count} 0 ", state_letter(m, group)));
        for (path, path_spec) in spec.paths_of(group) {
            let number = devices.number(path_spec.device);
            let state = m.path(path);
            let letter = if state.active { 'A' } else { 'F' };
            push(&mut line, format_args!("{number} {letter} {} ", state.fail_count));
        }
    }
    line
}

/// What `dmsetup table` shows (`STATUSTYPE_TABLE`).
///
/// The policy is the current one, so that it is absent from presuspend to resume. The arguments
/// of a hardware handler are not shown, and the initial group is that of [`info`].
pub fn table(m: &Multipath, spec: &MultipathSpec, devices: &dyn Devices) -> String {
    let has_retries = spec.pg_init_retries > 0;
    let mut line = format!("{} ", u8::from(m.queue_if_no_path) + 2 * u8::from(has_retries));
    if m.queue_if_no_path {
        line.push_str("queue_if_no_path ");
    }
    if has_retries {
        push(&mut line, format_args!("pg_init_retries {} ", spec.pg_init_retries));
    }
    match &spec.handler {
        Some(handler) => push(&mut line, format_args!("1 {} ", handler.kind.name())),
        None => line.push_str("0 "),
    }
    push_groups(&mut line, m);
    for (group, path_count) in groups(spec) {
        let selector = spec.groups[group.index()].selector.name();
        push(&mut line, format_args!("{selector} 0 {path_count} 1 "));
        for (_, path) in spec.paths_of(group) {
            let number = devices.number(path.device);
            push(&mut line, format_args!("{number} {} ", path.repeat_count));
        }
    }
    line
}

/// Disabled, active or enabled: a bypassed group is disabled even while it is the current one.
fn state_letter(m: &Multipath, group: GroupId) -> char {
    if m.group(group).bypassed {
        'D'
    } else if m.current_pg == Some(group) {
        'A'
    } else {
        'E'
    }
}

/// How many groups there are, and which is next, else current, else the first.
fn push_groups(line: &mut String, m: &Multipath) {
    let shown = m.next_pg.or(m.current_pg).unwrap_or(GroupId(0));
    push(line, format_args!("{} {} ", m.groups.len(), shown.number()));
}

/// Each group and the number of its paths.
fn groups(spec: &MultipathSpec) -> impl Iterator<Item = (GroupId, usize)> + '_ {
    let counts = spec.groups.iter().map(|group| group.paths.len()).enumerate();
    counts.map(|(index, count)| (GroupId(index as u8), count))
}

fn push(line: &mut String, text: std::fmt::Arguments<'_>) {
    line.write_fmt(text).expect("a String takes all text");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::multipath::rules::{
        bypass_pg, choose_pgpath, fail_path, presuspend, process_queued_ios, resume, switch_group,
    };
    use crate::multipath::state::PathId;
    use crate::multipath::testing::{Disks, EMC, TWO_GROUPS, clone, map, target};

    fn table_of(line: &str) -> String {
        let (spec, m) = target(line);
        table(&m, &spec, &Disks)
    }

    #[test]
    fn a_new_target_has_no_active_group_and_a_space_at_the_end() {
        let (spec, m) = target(TWO_GROUPS);
        let line = "1 0 0 2 1 E 0 2 0 8:0 A 0 8:16 A 0 E 0 1 0 8:32 A 0 ";
        assert_eq!(info(&m, &spec, &Disks, false), line);
    }

    #[test]
    fn two_counters_show_the_number_of_pg_init() {
        let (spec, mut m) = target(EMC);
        map(&mut m, &spec, clone(0));
        process_queued_ios(&mut m, &spec);
        let line = "2 1 1 0 2 1 A 0 1 0 8:0 A 0 E 0 1 0 8:16 A 0 ";
        assert_eq!(info(&m, &spec, &Disks, true), line);
    }

    #[test]
    fn a_failed_path_and_a_bypassed_group_are_shown() {
        let (spec, mut m) = target(TWO_GROUPS);
        choose_pgpath(&mut m, &spec);
        fail_path(&mut m, PathId(1));
        bypass_pg(&mut m, GroupId(1), true);
        choose_pgpath(&mut m, &spec);
        let line = "1 0 0 2 1 A 0 2 0 8:0 A 0 8:16 F 1 D 0 1 0 8:32 A 0 ";
        assert_eq!(info(&m, &spec, &Disks, false), line);
    }

    #[test]
    fn the_current_group_is_shown_as_disabled_if_it_is_bypassed() {
        let (spec, mut m) = target("0 0 1 1 round-robin 0 1 1 8:0 1");
        bypass_pg(&mut m, GroupId(0), true);
        choose_pgpath(&mut m, &spec);
        assert_eq!(m.current_pg, Some(GroupId(0)));
        assert_eq!(info(&m, &spec, &Disks, false), "1 0 0 1 1 D 0 1 0 8:0 A 0 ");
    }

    #[test]
    fn the_group_that_is_asked_for_is_shown_before_the_current_one() {
        let (spec, mut m) = target(TWO_GROUPS);
        choose_pgpath(&mut m, &spec);
        switch_group(&mut m, GroupId(1));
        assert!(info(&m, &spec, &Disks, false).starts_with("1 0 0 2 2 E "));
        assert!(table(&m, &spec, &Disks).starts_with("1 queue_if_no_path 0 2 2 "));
    }

    #[test]
    fn the_table_of_a_new_target_is_the_line_that_was_loaded() {
        assert_eq!(table_of(TWO_GROUPS), format!("{TWO_GROUPS} "));
    }

    #[test]
    fn the_table_names_a_device_by_number_and_gives_every_repeat_count() {
        let line = "0 0 1 1 round-robin 0 1 0 /dev/sdb";
        assert_eq!(table_of(line), "0 0 1 1 round-robin 0 1 1 8:16 1000 ");
    }

    #[test]
    fn the_table_forgets_the_arguments_of_a_handler() {
        let line = "3 queue_if_no_path pg_init_retries 50 3 emc 1 0 1 1 round-robin 0 1 1 8:0 1";
        let shown = "3 queue_if_no_path pg_init_retries 50 1 emc 1 1 round-robin 0 1 1 8:0 1 ";
        assert_eq!(table_of(line), shown);
    }

    #[test]
    fn the_table_forgets_an_initial_group_that_does_not_exist() {
        let line = "0 0 1 7 round-robin 0 1 1 8:0 1";
        assert_eq!(table_of(line), "0 0 1 1 round-robin 0 1 1 8:0 1 ");
    }

    #[test]
    fn the_table_lacks_the_policy_while_it_is_set_aside() {
        let (spec, mut m) = target(TWO_GROUPS);
        presuspend(&mut m);
        assert!(table(&m, &spec, &Disks).starts_with("0 0 2 1 "));
        resume(&mut m);
        assert!(table(&m, &spec, &Disks).starts_with("1 queue_if_no_path 0 2 1 "));
    }
}

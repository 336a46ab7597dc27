//! Which path the next I/O takes, and the switch from one priority group to another.
//!
//! Always part of a section that another file of this directory names. Source: KERNEL.md B.2.
use super::round_robin::rr_select_path;
use crate::multipath::spec::MultipathSpec;
use crate::multipath::state::{GroupId, Multipath};

/// Chooses the current path (`__choose_pgpath`): in the group that was asked for, else in the
/// current one, else in the first group that has a valid path, bypassed groups last. Without a
/// valid path the current path and group are forgotten, and the group that was asked for is not.
pub fn choose_pgpath(m: &mut Multipath, spec: &MultipathSpec) {
    let found = m.nr_valid_paths > 0 && choose_any(m, spec);
    if !found {
        m.current_path = None;
        m.current_pg = None;
    }
}

/// Chooses a path of this group, and switches to the group if it is not the current one
/// (`__choose_path_in_pg`). False when the group has no valid path; then nothing changes.
pub fn choose_path_in_pg(m: &mut Multipath, spec: &MultipathSpec, group: GroupId) -> bool {
    let mut selected = None;
    let mut repeat_count = m.repeat_count;
    m.change_group(group, |it| selected = rr_select_path(it, spec, &mut repeat_count));
    m.repeat_count = repeat_count;
    let Some(path) = selected else { return false };
    m.current_path = Some(path);
    if m.current_pg != Some(group) {
        switch_pg(m, spec, group);
    }
    true
}

/// Makes this group the current one (`__switch_pg`). With a hardware handler it is to be
/// initialised first, and all I/O is queued until it is.
pub fn switch_pg(m: &mut Multipath, spec: &MultipathSpec, group: GroupId) {
    let has_pg_init = spec.handler.is_some();
    m.current_pg = Some(group);
    m.pg_init_required = has_pg_init;
    m.queue_io = has_pg_init;
    m.pg_init_count = 0;
}

fn choose_any(m: &mut Multipath, spec: &MultipathSpec) -> bool {
    let asked_for = m.next_pg.take();
    if asked_for.is_some_and(|group| choose_path_in_pg(m, spec, group)) {
        return true;
    }
    if m.current_pg.is_some_and(|group| choose_path_in_pg(m, spec, group)) {
        return true;
    }
    [false, true].into_iter().any(|bypassed| choose_among(m, spec, bypassed))
}

/// The first group that has a valid path, among those that are bypassed or those that are not.
fn choose_among(m: &mut Multipath, spec: &MultipathSpec, bypassed: bool) -> bool {
    let mut groups = (0..m.groups.len()).map(|index| GroupId(index as u8));
    groups.any(|group| m.group(group).bypassed == bypassed && choose_path_in_pg(m, spec, group))
}

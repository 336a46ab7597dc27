//! What changes the paths, the groups and the policy: errors, messages, presuspend and resume.
//!
//! None of these looks whether the device is suspended. Source: KERNEL.md B.5.
use super::round_robin::{rr_fail_path, rr_reinstate_path};
use crate::multipath::state::{GroupId, Multipath, PathId};

/// What `reinstate_path` asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Reinstated {
    /// Whether the worker is to run: this is the first path again and I/O waits.
    pub kick: bool,
    /// Whether the table has an event.
    pub trigger_event: bool,
}

/// Takes a path out of use. True when the table has an event: false for a path that is failed.
pub fn fail_path(m: &mut Multipath, path: PathId) -> bool {
    if !m.path(path).active {
        return false;
    }
    m.change_group(m.group_of(path), |group| rr_fail_path(group, path));
    m.change_path(path, |it| {
        it.active = false;
        it.fail_count = it.fail_count.checked_add(1).expect("fail_count fits");
    });
    m.nr_valid_paths = m.nr_valid_paths.checked_sub(1).expect("an active path was counted");
    if m.current_path == Some(path) {
        m.current_path = None;
    }
    true
}

/// Takes a failed path into use again. The next I/O chooses anew, within the current group.
pub fn reinstate_path(m: &mut Multipath, path: PathId) -> Reinstated {
    if m.path(path).active {
        return Reinstated::default();
    }
    m.change_group(m.group_of(path), |group| rr_reinstate_path(group, path));
    m.change_path(path, |it| it.active = true);
    m.current_path = None;
    let was_without_path = m.nr_valid_paths == 0;
    m.nr_valid_paths += 1;
    Reinstated { kick: was_without_path && m.queue_size > 0, trigger_event: true }
}

/// Sets whether a group is a last resort; the next I/O chooses anew among all groups. The table
/// always has an event (queued once the lock is free), and the worker is not run.
pub fn bypass_pg(m: &mut Multipath, group: GroupId, bypassed: bool) {
    m.change_group(group, |it| it.bypassed = bypassed);
    m.current_path = None;
    m.current_pg = None;
}

/// Asks for a group from the next I/O that is mapped, and makes every group an ordinary one again
/// (`switch_pg_num`). The table always has an event.
///
/// # Panics
/// When there is no such group: `Message::parse` refuses it.
pub fn switch_group(m: &mut Multipath, group: GroupId) {
    assert!(group.index() < m.groups.len(), "{group} of {}", m.groups.len());
    for index in 0..m.groups.len() {
        m.change_group(GroupId(index as u8), |it| it.bypassed = false);
    }
    m.current_path = None;
    m.current_pg = None;
    m.next_pg = Some(group);
}

/// Sets the policy. What `resume` restores becomes the old policy with `save_old_value`, else the
/// new one. True when the worker is to run, so that what waits fails if there is no path.
pub fn queue_if_no_path(m: &mut Multipath, value: bool, save_old_value: bool) -> bool {
    m.saved_queue_if_no_path = if save_old_value { m.queue_if_no_path } else { value };
    m.queue_if_no_path = value;
    !value && m.queue_size > 0
}

/// Sets the policy aside (`multipath_presuspend`). True when the worker is to run.
///
/// Nothing undoes this when the suspend fails, and a second time saves what the first one set:
/// the policy is lost (the kernel's own comment says so of a failed freeze).
pub fn presuspend(m: &mut Multipath) -> bool {
    queue_if_no_path(m, false, true)
}

/// Restores the policy (`multipath_resume`), whether it was set aside or not.
pub fn resume(m: &mut Multipath) {
    m.queue_if_no_path = m.saved_queue_if_no_path;
}

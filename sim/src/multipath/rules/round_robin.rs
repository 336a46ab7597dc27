//! The round-robin path selector: a list of paths to select from and a list of failed ones.
//!
//! Source: `dm-round-robin.c`, read in 2.6.24. Both `rr_fail_path` and `rr_reinstate_path` use
//! `list_move`, which puts a path at the *head*: the path reinstated last is selected next
//! (KERNEL.md B.2).
use crate::multipath::spec::MultipathSpec;
use crate::multipath::state::{GroupState, PathId};

/// Selects the path at the head of the valid list and moves it to the tail; `repeat_count`
/// becomes the path's. With no valid path, nothing changes.
pub fn rr_select_path(
    group: &mut GroupState,
    spec: &MultipathSpec,
    repeat_count: &mut u32,
) -> Option<PathId> {
    let path = group.valid.pop_front()?;
    group.valid.push_back(path);
    *repeat_count = spec.path(path).repeat_count;
    Some(path)
}

/// Moves a path to the head of the invalid list.
///
/// # Panics
/// When the path is not in the valid list: only an active path is failed.
pub fn rr_fail_path(group: &mut GroupState, path: PathId) {
    let index = group.valid.iter().position(|it| it == path);
    let index = index.unwrap_or_else(|| panic!("{path} is failed and was not valid"));
    group.invalid.insert_at(0, group.valid.remove_at(index));
}

/// Moves a path to the head of the valid list.
///
/// # Panics
/// When the path is not in the invalid list: only a failed path is reinstated.
pub fn rr_reinstate_path(group: &mut GroupState, path: PathId) {
    let index = group.invalid.iter().position(|it| it == path);
    let index = index.unwrap_or_else(|| panic!("{path} is reinstated and was not failed"));
    group.valid.insert_at(0, group.invalid.remove_at(index));
}

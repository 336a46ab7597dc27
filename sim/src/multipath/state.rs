//! The state of one multipath target: `struct multipath`, which `m->lock` guards, as plain data.
//!
//! It names no device and no constant of the table line: those are in `spec`. Source: KERNEL.md
//! B.1.
use super::spec::{GROUP_COUNT_MAX, MultipathSpec, PATH_COUNT_MAX};
use dm_model::ids::{CloneId, LIST_COUNT_MAX};
use dm_model::list::List;
use dm_model::queue::Queue;
use std::fmt;

/// A path (`struct pgpath`), numbered from 0 over all groups in the order of the table line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct PathId(pub u8);

/// A priority group, numbered from 0; the kernel, and so its users, number from 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct GroupId(pub u8);

/// `struct multipath`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Multipath {
    /// How many paths are active.
    pub nr_valid_paths: u8,
    /// The path that I/O goes to until another is chosen (`current_pgpath`).
    pub current_path: Option<PathId>,
    /// The group that was switched to last and not forgotten since.
    pub current_pg: Option<GroupId>,
    /// The group to switch to when a path is next chosen.
    pub next_pg: Option<GroupId>,
    /// How many I/Os are left on the current path; 0 is without end.
    pub repeat_count: u32,
    /// Whether all I/O is to be queued because the group is not initialised.
    pub queue_io: bool,
    /// Whether I/O is queued while there is no path.
    pub queue_if_no_path: bool,
    /// What `resume` makes of `queue_if_no_path`.
    pub saved_queue_if_no_path: bool,
    /// Whether a `pg_init` is to be started.
    pub pg_init_required: bool,
    /// Whether a `pg_init` is under way.
    pub pg_init_in_progress: bool,
    /// How many `pg_init` were started since the group was switched to. Read in 2.6.24.
    pub pg_init_count: u8,
    /// The path on which the `pg_init` under way runs: in the kernel its handler holds it.
    pub pg_init_path: Option<PathId>,
    /// The clones that wait in the target, oldest first (`queued_ios`).
    pub queued: Queue<CloneId, LIST_COUNT_MAX>,
    /// How many clones wait in the target or are being dispatched from it.
    pub queue_size: u16,
    /// Every path, by its number.
    pub paths: List<PathState, PATH_COUNT_MAX>,
    /// Every group, by its number.
    pub groups: List<GroupState, GROUP_COUNT_MAX>,
}

/// What changes of a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct PathState {
    /// Whether the path may be used (`is_active`).
    pub active: bool,
    /// How often the path was failed, ever.
    pub fail_count: u32,
}

/// What changes of a group: whether it is a last resort, and its round-robin lists.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct GroupState {
    /// Whether the group is used only when no other has a path.
    pub bypassed: bool,
    /// The paths that may be selected, next one first.
    pub valid: List<PathId, PATH_COUNT_MAX>,
    /// The failed paths, the one that failed last first.
    pub invalid: List<PathId, PATH_COUNT_MAX>,
}

impl PathId {
    /// The number as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl GroupId {
    /// The number as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The number that the kernel prints and messages give, from 1 (`pg_num`).
    pub const fn number(self) -> u32 {
        self.0 as u32 + 1
    }
}

impl Multipath {
    /// The target as its constructor leaves it: every path active, nothing chosen, all I/O to be
    /// queued until the first choice.
    ///
    /// # Panics
    /// When `spec` exceeds the bounds of the model, which `MultipathSpec::parse` checks.
    pub fn new(spec: &MultipathSpec) -> Self {
        let group_ids = (0..spec.groups.len()).map(|index| GroupId(index as u8));
        let groups = group_ids.map(|group| GroupState {
            valid: spec.paths_of(group).map(|(path, _)| path).collect(),
            ..GroupState::default()
        });
        let multipath = Self {
            nr_valid_paths: spec.path_count() as u8,
            current_path: None,
            current_pg: None,
            next_pg: spec.initial_group,
            repeat_count: 0,
            queue_io: true,
            queue_if_no_path: spec.queue_if_no_path,
            saved_queue_if_no_path: spec.queue_if_no_path,
            pg_init_required: false,
            pg_init_in_progress: false,
            pg_init_count: 0,
            pg_init_path: None,
            queued: Queue::new(),
            queue_size: 0,
            paths: spec.paths().map(|_| PathState { active: true, fail_count: 0 }).collect(),
            groups: groups.collect(),
        };
        multipath.check_invariants();
        multipath
    }

    /// The state of one path.
    pub fn path(&self, path: PathId) -> PathState {
        self.paths.as_slice()[path.index()]
    }

    /// The state of one group.
    pub fn group(&self, group: GroupId) -> &GroupState {
        &self.groups.as_slice()[group.index()]
    }

    /// The group that a path belongs to.
    ///
    /// # Panics
    /// When the path belongs to none: the number is of another target.
    pub fn group_of(&self, path: PathId) -> GroupId {
        let is_its =
            |group: &GroupState| group.valid.contains(path) || group.invalid.contains(path);
        let index = self.groups.as_slice().iter().position(is_its);
        GroupId(index.unwrap_or_else(|| panic!("{path} is in no group")) as u8)
    }

    /// Asserts what holds whenever `m->lock` is free.
    ///
    /// # Panics
    /// When a rule broke the state, or its caller used ids of another target.
    pub fn check_invariants(&self) {
        let actives = self.paths.iter().filter(|path| path.active).count();
        assert_eq!(usize::from(self.nr_valid_paths), actives, "nr_valid_paths of {self:?}");
        for (index, path) in self.paths.iter().enumerate() {
            self.check_selector_lists(PathId(index as u8), path.active);
        }
        let listed: usize = self.groups.iter().map(|it| it.valid.len() + it.invalid.len()).sum();
        assert_eq!(listed, self.paths.len(), "every path is in one list of {self:?}");
        if let Some(path) = self.current_path {
            assert!(self.path(path).active, "the current path is active in {self:?}");
            assert_eq!(self.current_pg, Some(self.group_of(path)), "current group of {self:?}");
        }
        for group in [self.current_pg, self.next_pg].into_iter().flatten() {
            assert!(group.index() < self.groups.len(), "{group} exists in {self:?}");
        }
        let waiting = self.queued.len();
        assert!(waiting <= usize::from(self.queue_size), "queue_size of {self:?}");
        // A host's queue is too long to compare each with each after every section.
        let bounded = self.queued.iter().enumerate().filter(|_| self.queued.is_in_place());
        for (index, clone) in bounded {
            let again = self.queued.iter().skip(index + 1).any(|other| other == clone);
            assert!(!again, "{clone} is queued twice in {self:?}");
        }
        if self.pg_init_path.is_some() {
            assert!(self.pg_init_in_progress, "a pg_init runs in {self:?}");
        }
    }

    fn check_selector_lists(&self, path: PathId, active: bool) {
        let count_in =
            |list: List<PathId, PATH_COUNT_MAX>| list.iter().filter(|&it| it == path).count();
        let valid: usize = self.groups.iter().map(|group| count_in(group.valid)).sum();
        let invalid: usize = self.groups.iter().map(|group| count_in(group.invalid)).sum();
        let expected = if active { (1, 0) } else { (0, 1) };
        assert_eq!((valid, invalid), expected, "selector lists of {path} in {self:?}");
    }

    pub(crate) fn change_path(&mut self, path: PathId, change: impl FnOnce(&mut PathState)) {
        change_element(&mut self.paths, path.index(), change);
    }

    pub(crate) fn change_group(&mut self, group: GroupId, change: impl FnOnce(&mut GroupState)) {
        change_element(&mut self.groups, group.index(), change);
    }
}

fn change_element<T: Copy + Default, const N: usize>(
    list: &mut List<T, N>,
    index: usize,
    change: impl FnOnce(&mut T),
) {
    let mut element = list.remove_at(index);
    change(&mut element);
    list.insert_at(index, element);
}

impl fmt::Display for PathId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "path {}", self.0)
    }
}

/// The kernel's number, from 1.
impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "group {}", self.number())
    }
}

#[cfg(test)]
mod tests;

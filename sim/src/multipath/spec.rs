//! What one multipath line of a table says, and the constructor that reads it.
//!
//! It never changes once it is read: what messages and I/O change is in `state`. Source:
//! `multipath_ctr` of `dm-mpath.c` and `rr_add_path` of `dm-round-robin.c`, read in 2.6.24.
use super::args::{Args, Param, same_word, scan_unsigned};
use super::handler::{Handler, parse_hw_handler};
use super::state::{GroupId, PathId};
use crate::ctr::{CtrError, Devices};
use dm_model::ids::Device;

#[cfg(test)]
mod tests;

/// How many paths one multipath target of the model may have, over all its groups.
pub const PATH_COUNT_MAX: usize = 8;
/// How many priority groups one multipath target of the model may have.
pub const GROUP_COUNT_MAX: usize = 4;
/// After how many I/Os round-robin takes another path when the line does not say
/// (`RR_MIN_IO`; 1 in later kernels).
pub const REPEAT_COUNT_DEFAULT: u32 = 1000;

/// One multipath target.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MultipathSpec {
    /// Whether the line asks to queue I/O while there is no path.
    pub queue_if_no_path: bool,
    /// How often a `pg_init` is tried again; 0 when the line does not say. Read in 2.6.24.
    pub pg_init_retries: u8,
    /// The hardware handler, if there is one.
    pub handler: Option<Handler>,
    /// The priority groups, in the order of the line.
    pub groups: Vec<GroupSpec>,
    /// The group to use first: none when the line names one beyond the last, which the kernel
    /// takes without a word.
    pub initial_group: Option<GroupId>,
}

/// One priority group: paths that are used in turn.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct GroupSpec {
    /// What chooses among the paths.
    pub selector: Selector,
    /// The paths, in the order of the line.
    pub paths: Vec<PathSpec>,
}

/// One path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PathSpec {
    /// Where I/O on this path is sent.
    pub device: Device,
    /// After how many I/Os another path is taken; 0 is never.
    pub repeat_count: u32,
}

/// The path selectors that the model knows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Selector {
    /// `dm-round-robin.c`.
    RoundRobin,
}

const FEATURE_COUNT: Param = Param { min: 0, max: 3, error: "invalid number of feature args" };
const PG_INIT_RETRIES: Param =
    Param { min: 1, max: 50, error: "pg_init_retries must be between 1 and 50" };
const GROUP_COUNT: Param = Param { min: 1, max: 1024, error: "invalid number of priority groups" };
const INITIAL_GROUP: Param =
    Param { min: 1, max: 1024, error: "invalid initial priority group number" };
const SELECTOR_ARGS: Param =
    Param { min: 0, max: 1024, error: "invalid number of path selector args" };
const PATH_COUNT: Param = Param { min: 1, max: 1024, error: "invalid number of paths" };
const PATH_ARGS: Param = Param { min: 0, max: 1024, error: "invalid number of selector args" };

impl MultipathSpec {
    /// Reads the words behind `multipath` in a table line (`multipath_ctr`).
    ///
    /// `devices` is `dm_get_device`: a device that it does not find, and one that is too small
    /// where it checks that, is "error getting device".
    ///
    /// # Errors
    /// The kernel's, in the kernel's order, all of them `-EINVAL`; not those of a failed
    /// allocation. "no device given" cannot come up, because every path has a word. Where the
    /// kernel would read beyond the line, and where a line that the kernel takes exceeds
    /// [`PATH_COUNT_MAX`] or [`GROUP_COUNT_MAX`], the message is the model's own and says so.
    pub fn parse(argv: &[&str], devices: &dyn Devices) -> Result<Self, CtrError> {
        let mut words = Args::new(argv);
        let features = parse_features(&mut words)?;
        let handler = parse_hw_handler(&mut words)?;
        let group_count_at = words.index();
        let group_count = words.read_param(GROUP_COUNT)? as usize;
        let initial_group = words.read_param(INITIAL_GROUP)? as usize;
        let mut groups = Vec::new();
        while words.left() > 0 {
            groups.push(parse_priority_group(&mut words, devices)?);
        }
        if groups.len() != group_count {
            return Err(CtrError::invalid("priority group count mismatch", Some(group_count_at)));
        }
        check_bounds(&groups, group_count_at)?;
        Ok(Self {
            queue_if_no_path: features.queue_if_no_path,
            pg_init_retries: features.pg_init_retries,
            handler,
            initial_group: (initial_group <= groups.len())
                .then(|| GroupId((initial_group - 1) as u8)),
            groups,
        })
    }

    /// How many paths there are, over all groups.
    pub fn path_count(&self) -> usize {
        self.groups.iter().map(|group| group.paths.len()).sum()
    }

    /// Every path with its number: paths are numbered from 0 in the order of the line.
    pub fn paths(&self) -> impl Iterator<Item = (PathId, PathSpec)> + '_ {
        let paths = self.groups.iter().flat_map(|group| group.paths.iter().copied());
        paths.enumerate().map(|(index, path)| (PathId(index as u8), path))
    }

    /// The path with this number.
    ///
    /// # Panics
    /// When there is none: the number is of another target.
    pub fn path(&self, id: PathId) -> PathSpec {
        let found = self.paths().find(|&(other, _)| other == id);
        found.map_or_else(|| panic!("{id} of a target with {} paths", self.path_count()), |it| it.1)
    }

    /// The paths of one group, with their numbers.
    pub fn paths_of(&self, group: GroupId) -> impl Iterator<Item = (PathId, PathSpec)> + '_ {
        let before = self.groups[..group.index()].iter().map(|group| group.paths.len()).sum();
        self.paths().skip(before).take(self.groups[group.index()].paths.len())
    }

    /// The paths that `fail_path` and `reinstate_path` of this device concern, in the order in
    /// which `action_dev` comes to them, each with a locked section of its own. A device that no
    /// path uses has none, and the kernel calls that a success.
    pub fn paths_on(&self, device: Device) -> impl Iterator<Item = PathId> + '_ {
        self.paths().filter(move |(_, path)| path.device == device).map(|(id, _)| id)
    }
}

impl Selector {
    /// The name in a table line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RoundRobin => "round-robin",
        }
    }
}

#[derive(Default)]
struct Features {
    queue_if_no_path: bool,
    pg_init_retries: u8,
}

/// Takes `COUNT [FEATURE [ARG]]*` (`parse_features`, the form of 2.6.24).
fn parse_features(args: &mut Args<'_>) -> Result<Features, CtrError> {
    let mut features = Features::default();
    let mut count = args.read_param(FEATURE_COUNT)?;
    while count > 0 {
        let at = args.index();
        let name =
            args.shift().ok_or_else(|| args.beyond_the_end("a feature is announced and absent"))?;
        count -= 1;
        if same_word(name, "queue_if_no_path") {
            features.queue_if_no_path = true;
        } else if same_word(name, "pg_init_retries") && count > 0 {
            features.pg_init_retries = args.read_param(PG_INIT_RETRIES)? as u8;
            count -= 1;
        } else {
            return Err(CtrError::invalid("Unrecognised multipath feature request", Some(at)));
        }
    }
    Ok(features)
}

/// Takes `SELECTOR COUNT [ARG]* COUNT COUNT [DEVICE [ARG]*]+` (`parse_priority_group`).
fn parse_priority_group(args: &mut Args<'_>, devices: &dyn Devices) -> Result<GroupSpec, CtrError> {
    if args.left() < 2 {
        // The misspelling is the kernel's.
        return Err(CtrError::invalid("not enough priority group aruments", args.index_if_any()));
    }
    let selector = parse_path_selector(args)?;
    let path_count_at = args.index();
    let path_count = args.read_param(PATH_COUNT)?;
    let path_args_at = args.index();
    let path_args = args.read_param(PATH_ARGS)? as usize;
    let mut paths = Vec::new();
    for _ in 0..path_count {
        if args.left() < 1 + path_args {
            // The kernel sets no message here, so `ti->error` is what the core put there.
            return Err(CtrError::invalid("Unknown error", Some(path_count_at)));
        }
        paths.push(parse_path(args, path_args, path_args_at, devices)?);
    }
    Ok(GroupSpec { selector, paths })
}

/// Takes `SELECTOR COUNT [ARG]*` (`parse_path_selector`); round-robin takes no heed of arguments.
fn parse_path_selector(args: &mut Args<'_>) -> Result<Selector, CtrError> {
    let at = args.index();
    if args.shift() != Some(Selector::RoundRobin.name()) {
        return Err(CtrError::invalid("unknown path selector type", Some(at)));
    }
    let count = args.read_param(SELECTOR_ARGS)? as usize;
    args.consume(count)?;
    Ok(Selector::RoundRobin)
}

/// Takes `DEVICE [REPEAT-COUNT]` (`parse_path` and `rr_add_path`).
fn parse_path(
    args: &mut Args<'_>,
    path_args: usize,
    path_args_at: usize,
    devices: &dyn Devices,
) -> Result<PathSpec, CtrError> {
    let at = args.index();
    let words = args.consume(1 + path_args)?;
    let Some(device) = devices.find(words[0]) else {
        return Err(CtrError::invalid("error getting device", Some(at)));
    };
    let repeat_count = match words[1..] {
        [] => Some(REPEAT_COUNT_DEFAULT),
        [word] => scan_unsigned(word),
        [_, _, ..] => {
            let message = "round-robin ps: incorrect number of arguments";
            return Err(CtrError::invalid(message, Some(path_args_at)));
        }
    };
    let invalid = || CtrError::invalid("round-robin ps: invalid repeat count", Some(at + 1));
    Ok(PathSpec { device, repeat_count: repeat_count.ok_or_else(invalid)? })
}

/// The bounds of the model, after all of the kernel's own checks.
fn check_bounds(groups: &[GroupSpec], group_count_at: usize) -> Result<(), CtrError> {
    let paths = groups.iter().map(|group| group.paths.len()).sum();
    for (what, count, most) in
        [("priority groups", groups.len(), GROUP_COUNT_MAX), ("paths", paths, PATH_COUNT_MAX)]
    {
        if count > most {
            let message = format!(
                "{count} {what}: at most {most} is a bound of the model, not of the kernel"
            );
            return Err(CtrError::invalid(&message, Some(group_count_at)));
        }
    }
    Ok(())
}

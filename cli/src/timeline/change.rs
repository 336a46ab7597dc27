//! The state that a reader follows, under the kernel's own names, and what a step changed of it.
use dm_model::flags::Flag;
use dm_model::ids::{BioPtr, CloneId, Device, MdId, TableId, TargetId};
use dm_model::plain::Md;
use dm_sim::drivers::Target;
use dm_sim::multipath::state::Multipath;
use dm_sim::table::Kind;
use dm_sim::world::World;
use dm_sim::world::plan::Plan;
use serde::Serialize;

use super::words;

/// A piece of state that has a new value.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub(crate) struct Change {
    /// What it belongs to: a device, or a target by its device and table.
    pub(crate) of: String,
    /// The kernel's name of it.
    pub(crate) name: String,
    /// What it was.
    pub(crate) from: String,
    /// What it is.
    pub(crate) to: String,
    /// Whether a reader needs to be told what it belongs to.
    #[serde(skip)]
    pub(crate) is_ambiguous: bool,
}

/// Every piece of state that is followed, in an order that does not depend on its values.
#[derive(Clone, Default)]
pub(crate) struct Snapshot {
    pieces: Vec<Change>,
}

impl Snapshot {
    /// The pieces as they are now.
    pub(crate) fn of(world: &World) -> Self {
        let mut snapshot = Self::default();
        let plan = world.plan();
        for (index, md) in world.memory.mds.iter().enumerate() {
            snapshot.md(plan, MdId(index as u8), md);
        }
        for (index, target) in world.memory.targets.iter().enumerate() {
            snapshot.target(plan, TargetId(index as u8), target);
        }
        for (_, state) in world.memory.ios.iter() {
            if state.error.0 != 0 {
                let name = format!("{}.io_error", plan.bio_name(state.bio));
                let md = plan.setup.drivers.name(Device::Md(state.md));
                snapshot.push(md, &name, words::verdict_or_error(state.error), false);
            }
        }
        snapshot
    }

    /// What is different in `now`.
    pub(crate) fn changes_to(&self, now: &Self) -> Vec<Change> {
        let is_same =
            |one: &Change, other: &Change| (&one.of, &one.name) == (&other.of, &other.name);
        let mut changes = Vec::new();
        for (index, piece) in now.pieces.iter().enumerate() {
            // Mostly a piece stands where it stood before.
            let before = self.pieces.get(index).filter(|before| is_same(before, piece));
            let before =
                before.or_else(|| self.pieces.iter().find(|before| is_same(before, piece)));
            let from = before.map_or(String::new(), |before| before.to.clone());
            if from != piece.to {
                changes.push(Change { from, ..piece.clone() });
            }
        }
        changes
    }

    fn push(&mut self, of: &str, name: &str, to: String, is_ambiguous: bool) {
        let (of, name) = (of.to_owned(), name.to_owned());
        self.pieces.push(Change { of, name, from: String::new(), to, is_ambiguous });
    }

    fn md(&mut self, plan: &Plan, id: MdId, md: &Md) {
        let of = plan.setup.drivers.name(Device::Md(id)).to_owned();
        let ambiguous = plan.setup.md_count > 1;
        let mut push = |name: &str, value: String| self.push(&of, name, value, ambiguous);
        let bit = |flag: Flag| u8::from(md.flags & flag.mask() != 0).to_string();
        push("BLOCK_IO", bit(Flag::BlockIo));
        push("SUSPENDED", bit(Flag::Suspended));
        push("FROZEN", bit(Flag::Frozen));
        push("DNFS", bit(Flag::NoflushSuspending));
        push("FREEING", bit(Flag::Freeing));
        push("DELETING", bit(Flag::Deleting));
        push("pending", md.pending.to_string());
        push("deferred", bios(plan, md.deferred.iter()));
        push("pushback", bios(plan, md.pushback.iter()));
        push("map", table(plan, md.map));
        push("new_map", table(plan, md.inactive));
        push("size", md.capacity.to_string());
        push("event_nr", md.event_nr.to_string());
    }

    fn target(&mut self, plan: &Plan, id: TargetId, target: &Target) {
        let of = plan.target_name(id);
        let kinds = &plan.setup.drivers.kinds;
        let has_state = |kind: &&Kind| matches!(kind, Kind::Multipath(_) | Kind::Delay { .. });
        let ambiguous = kinds.iter().filter(has_state).count() > 1;
        let mut push = |name: &str, value: String| self.push(&of, name, value, ambiguous);
        match target {
            Target::Stateless => {}
            Target::Delay(delay) => push("delayed", clones(plan, delay.delayed.iter())),
            Target::Multipath { state, .. } => {
                push("QIFNP", u8::from(state.queue_if_no_path).to_string());
                push("SQIFNP", u8::from(state.saved_queue_if_no_path).to_string());
                push("queued", clones(plan, state.queued.iter()));
                push("queue_io", u8::from(state.queue_io).to_string());
                push("pg_init_in_progress", u8::from(state.pg_init_in_progress).to_string());
                paths(plan, id, state, &mut push);
            }
        }
    }
}

fn paths(plan: &Plan, id: TargetId, state: &Multipath, push: &mut impl FnMut(&str, String)) {
    let Kind::Multipath(spec) = plan.setup.drivers.kind(id) else {
        unreachable!("a target with paths is a multipath")
    };
    for (path, constant) in spec.paths() {
        let active = if state.path(path).active { "A" } else { "F" };
        push(plan.setup.drivers.name(constant.device), active.to_owned());
    }
    for (index, group) in state.groups.iter().enumerate() {
        push(&format!("pg{}.bypassed", index + 1), u8::from(group.bypassed).to_string());
    }
}

fn bios(plan: &Plan, bios: impl Iterator<Item = BioPtr>) -> String {
    let names: Vec<_> = bios.map(|bio| plan.bio_name(bio)).collect();
    format!("[{}]", names.join(" "))
}

fn clones(plan: &Plan, clones: impl Iterator<Item = CloneId>) -> String {
    let names: Vec<_> = clones.map(|clone| plan.clone_name(clone)).collect();
    format!("[{}]", names.join(" "))
}

/// `table 2` is the second table that was made for its device.
fn table(plan: &Plan, table: Option<TableId>) -> String {
    let Some(table) = table else { return "NULL".to_owned() };
    let tables = &plan.setup.tables;
    let md = tables[table.index()].md;
    let number = tables[..=table.index()].iter().filter(|other| other.md == md).count();
    format!("table{number}")
}

/// Each change as it is shown: `pending=1`, with its owner in front where that is not clear.
pub(crate) fn shown(changes: &[Change]) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut owner: Option<&str> = None;
    for change in changes {
        let text = format!("{}={}", change.name, change.to);
        let is_new_owner = owner != Some(change.of.as_str());
        owner = Some(&change.of);
        if change.is_ambiguous && is_new_owner {
            tokens.push(format!("{}: {text}", change.of));
        } else {
            tokens.push(text);
        }
    }
    tokens
}

/// What two lists of changes, one after the other, change together.
pub(crate) fn joined(first: &mut Vec<Change>, second: &[Change]) {
    for change in second {
        let same = |old: &Change| old.of == change.of && old.name == change.name;
        match first.iter_mut().find(|old| same(old)) {
            Some(old) => old.to.clone_from(&change.to),
            None => first.push(change.clone()),
        }
    }
    first.retain(|change| change.from != change.to);
}

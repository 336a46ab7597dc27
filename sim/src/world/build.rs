//! The first state of a world.
use std::sync::Arc;

use dm_model::plain::Plain;
use dm_model::queue::Queue;
use dm_model::sorted::Map;

use super::plan::{Op, Plan};
use super::{Lun, Script, World};
use crate::drivers::Target;
use crate::drivers::delay::Delay;
use crate::drivers::disk::{Disk, Link};
use crate::multipath::state::Multipath;
use crate::table::Kind;

impl World {
    /// The world before anything has happened: no mapped device, every path running but those that
    /// a script is yet to plug in.
    pub fn new(plan: Plan) -> Self {
        let setup = Arc::clone(&plan.setup);
        let targets = setup.drivers.kinds.iter().map(target).collect();
        let mut disks = vec![Disk::default(); setup.drivers.disks.len()];
        for line in plan.lines() {
            if let Op::Replug(old, new) = line.op
                && old != new
            {
                disks[new.index()].link = Link::Unplugged;
            }
        }
        Self {
            memory: Plain::new(Arc::clone(&setup), targets, disks),
            luns: vec![Lun::default(); setup.drivers.luns.len()],
            processes: Map::new(),
            scripts: vec![Script::default(); plan.scripts.len()],
            results: vec![None; plan.lines().count()],
            budget: plan.budget,
            bug: None,
            plan: Arc::new(plan),
        }
    }
}

fn target(kind: &Kind) -> Target {
    match kind {
        Kind::Linear { .. } | Kind::Striped { .. } | Kind::Error | Kind::Zero => Target::Stateless,
        Kind::Delay { .. } => Target::Delay(Delay::new()),
        Kind::Multipath(spec) => {
            Target::Multipath { state: Multipath::new(spec), dispatching: Queue::new() }
        }
    }
}

//! Every order of the rules, to a bounded depth: the structure holds whatever comes next.
use super::*;
use dm_model::ids::CloneId;
use std::collections::BTreeSet;

/// A target and the clones that its callers hold.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct World {
    m: Multipath,
    /// How many clones were ever mapped, at most two.
    mapped: u8,
    /// A clone on a path, that may yet fail.
    on_path: Option<(CloneId, PathId)>,
    /// A clone that the worker took, and has yet to map.
    stolen: Option<CloneId>,
}

fn successors(world: &World, spec: &MultipathSpec) -> Vec<World> {
    let mut next = Vec::new();
    let mut push = |rule: &dyn Fn(&mut World)| {
        let mut after = world.clone();
        rule(&mut after);
        after.m.check_invariants();
        next.push(after);
    };
    for path in (0..world.m.paths.len()).map(|index| PathId(index as u8)) {
        push(&|it| {
            fail_path(&mut it.m, path);
        });
        push(&|it| {
            reinstate_path(&mut it.m, path);
        });
    }
    for group in (0..world.m.groups.len()).map(|index| GroupId(index as u8)) {
        push(&|it| bypass_pg(&mut it.m, group, true));
        push(&|it| switch_group(&mut it.m, group));
    }
    push(&|it| {
        presuspend(&mut it.m);
    });
    push(&|it| resume(&mut it.m));
    push(&|it| {
        process_queued_ios(&mut it.m, spec);
    });
    if world.mapped < 2 && world.on_path.is_none() {
        push(&|it| {
            let new = clone(it.mapped);
            it.mapped += 1;
            let mapped = map_io(&mut it.m, spec, new, false, true, || true);
            it.on_path = mapped.path.map(|path| (new, path));
        });
    }
    if let Some((failed, path)) = world.on_path {
        push(&|it| {
            it.on_path = None;
            fail_path(&mut it.m, path);
            end_io_requeue(&mut it.m, failed);
        });
    }
    if world.m.queued.len() == 1 && world.stolen.is_none() {
        push(&|it| it.stolen = steal_queued(&mut it.m).pop_front());
    }
    if let Some(stolen) = world.stolen {
        push(&|it| {
            it.stolen = None;
            map_io(&mut it.m, spec, stolen, true, true, || true);
        });
    }
    if world.m.pg_init_in_progress {
        for flags in [ErrorFlags::NONE, ErrorFlags::FAIL_PATH] {
            push(&|it| pg_init_complete(&mut it.m, flags));
        }
        push(&|it| {
            let limit_reached = pg_init_limit_reached(&mut it.m, spec);
            pg_init_complete(&mut it.m, ErrorFlags::RETRY.or_fail_path(limit_reached));
        });
    }
    next
}

/// The states that are reached within `depth` rules.
fn reached(line: &str, depth: usize) -> BTreeSet<World> {
    let (spec, m) = target(line);
    let first = World { m, mapped: 0, on_path: None, stolen: None };
    let mut seen = BTreeSet::from([first.clone()]);
    let mut frontier = vec![first];
    for _ in 0..depth {
        let next = frontier.iter().flat_map(|world| successors(world, &spec));
        frontier = next.filter(|world| seen.insert(world.clone())).collect();
    }
    seen
}

#[test]
fn every_order_of_the_rules_keeps_the_structure() {
    assert_eq!(reached(EMC_RETRIES, 9).len(), 40_226);
    assert_eq!(reached(TWO_GROUPS, 7).len(), 15_111);
}

#[test]
fn a_pg_init_that_is_due_finds_no_path_in_some_order() {
    let (spec, _) = target(EMC);
    let without_path = |world: &World| {
        let mut m = world.m.clone();
        process_queued_ios(&mut m, &spec).pg_init_without_path
    };
    assert!(!reached(EMC, 2).iter().any(without_path));
    assert!(reached(EMC, 3).iter().any(without_path));
}

//! Runs that are fair and yet leave something open for ever, on graphs written down edge by edge.

use std::convert::Infallible;

use dm_explore::{
    Fair, Finish, Lasso, Limits, Liveness, Owed, Refusal, Search, System, Taken, Why, replay,
};

/// Who acts (0 is nobody who has to), and the node that this leads to.
type Edge = (u8, u32);

/// A blocked action, listed and never possible.
const BLOCKED: u32 = u32::MAX;

/// Nodes by number, the first one initial: the obligations that are open, and the edges.
struct Nodes(&'static [(u64, &'static [Edge])]);

impl System for Nodes {
    type State = u32;
    type Action = Edge;
    type Violation = &'static str;
    type Outcome = Infallible;

    fn initial(&self) -> u32 {
        0
    }

    fn actions(&self, state: &u32, out: &mut Vec<Edge>) {
        out.extend_from_slice(self.0[*state as usize].1);
    }

    fn step(&self, state: &mut u32, action: &Edge, _: &mut Vec<&'static str>) -> Taken {
        if action.1 == BLOCKED {
            return Taken::Blocked;
        }
        *state = action.1;
        Taken::Moved
    }

    fn end(&self, _: &u32, _: &mut Vec<&'static str>) {}
}

impl Fair for Nodes {
    type Class = u8;

    fn class(&self, _: &u32, action: &Edge) -> Option<u8> {
        (action.0 != 0).then_some(action.0)
    }

    fn open(&self, state: &u32) -> u64 {
        self.0[*state as usize].0
    }
}

fn judged(nodes: &'static [(u64, &'static [Edge])]) -> Vec<(u32, Owed<Nodes>)> {
    let system = Nodes(nodes);
    let (report, liveness) = Search::new(&system).run_fair(1_000);
    assert_eq!(report.finish, Finish::Complete);
    let Liveness::Judged(owed) = liveness else { panic!("found {liveness:?}") };
    for (bit, owed) in &owed {
        if let Some(lasso) = &owed.lasso {
            verify(&system, lasso, *bit);
        }
    }
    owed
}

/// Follows the lasso, and looks for each witness of its fairness.
fn verify(system: &Nodes, lasso: &Lasso<Nodes>, bit: u32) {
    let begun = replay(system, &lasso.stem).expect("the stem can be followed");
    assert_eq!(begun.state, lasso.state);
    let whole: Vec<_> = lasso.stem.iter().chain(&lasso.cycle).copied().collect();
    let end = replay(system, &whole).expect("the cycle can be followed");
    assert_eq!(end.state, lasso.state);
    let mut states = vec![lasso.state];
    states.extend(lasso.cycle.iter().map(|edge| edge.1));
    for state in &states {
        assert_ne!(system.open(state) & 1 << bit, 0, "the obligation is open in {state}");
        for (class, _) in system.0[*state as usize].1.iter().filter(|edge| edge.1 != BLOCKED) {
            let is_told = lasso.fairness.iter().any(|(known, _)| known == class);
            assert!(*class == 0 || is_told, "{class} can act in {state}");
        }
    }
    for (class, why) in &lasso.fairness {
        match why {
            Why::Acts(step) => assert_eq!(lasso.cycle[step - 1].0, *class),
            Why::CannotAct(step) => {
                let edges = system.0[states[*step] as usize].1;
                assert!(!edges.iter().any(|edge| edge.0 == *class && edge.1 != BLOCKED));
            }
        }
    }
}

#[test]
fn a_fair_process_leaves_the_spinner() {
    // 1 spins until 2 has acted.
    assert!(judged(&[(1, &[(1, 0), (2, 1)]), (0, &[])])[0].1.holds());
}

#[test]
fn a_spinner_without_a_way_out_is_a_lasso() {
    let owed = judged(&[(0, &[(1, 1)]), (1, &[(1, 2)]), (1, &[(1, 1)])]);
    let lasso = owed[0].1.lasso.as_ref().expect("it spins");
    assert_eq!((&lasso.stem[..], &lasso.cycle[..]), (&[(1, 1)][..], &[(1, 2), (1, 1)][..]));
    assert_eq!(lasso.fairness, [(1, Why::Acts(1))]);
    assert_eq!((owed[0].1.states, owed[0].1.lasso_count, owed[0].1.stuck_count), (2, 1, 0));
}

#[test]
fn who_can_act_only_now_and_then_may_starve() {
    // 2 could end it, but only in every other state.
    let owed = judged(&[(1, &[(1, 1), (2, 2)]), (1, &[(1, 0), (2, BLOCKED)]), (0, &[])]);
    let lasso = owed[0].1.lasso.as_ref().expect("2 starves");
    assert_eq!(lasso.fairness, [(1, Why::Acts(1)), (2, Why::CannotAct(1))]);
}

#[test]
fn what_nobody_has_to_do_is_waited_for_in_vain() {
    let owed = judged(&[(1, &[(0, 1)]), (0, &[])]);
    let stuck = owed[0].1.stuck.as_ref().expect("nobody acts");
    assert!(stuck.stem.is_empty() && !stuck.is_end);
    assert_eq!((owed[0].1.stuck_count, owed[0].1.lasso_count), (1, 0));
}

#[test]
fn an_end_with_something_open_is_stuck_and_one_without_is_proper() {
    let owed = judged(&[(3, &[(1, 1), (2, 2)]), (1, &[(1, BLOCKED)]), (0, &[])]);
    let stuck = owed[0].1.stuck.as_ref().expect("node 1 is an end");
    assert_eq!((&stuck.stem[..], stuck.is_end), (&[(1, 1)][..], true));
    assert!(owed[1].1.holds());
}

#[test]
fn a_stutter_of_nobody_is_fair_to_those_who_cannot_act() {
    // Nobody has to take the loop, and 1 could leave it for ever: that is not fair.
    assert!(judged(&[(1, &[(0, 0), (1, 1)]), (0, &[])])[0].1.holds());
    // Here the loop blocks 1 every other time.
    let owed = judged(&[(1, &[(0, 1), (1, 2)]), (1, &[(0, 0)]), (0, &[])]);
    let lasso = owed[0].1.lasso.as_ref().expect("1 starves");
    assert_eq!(lasso.fairness, [(1, Why::CannotAct(1))]);
    assert_eq!(owed[0].1.stuck_count, 1, "and whoever rests in node 1 is stuck");
}

#[test]
fn of_two_components_each_is_judged() {
    // Nodes 1 and 2 are unfair to 3, nodes 3 and 4 are not.
    let owed = judged(&[
        (1, &[(1, 1), (2, 3)]),
        (1, &[(1, 2), (3, 5)]),
        (1, &[(1, 1), (3, 5)]),
        (1, &[(1, 4)]),
        (1, &[(2, 3), (3, 5)]),
        (0, &[]),
    ]);
    let owed = &owed[0].1;
    assert_eq!(owed.lasso_count, 1);
    let lasso = owed.lasso.as_ref().expect("3 starves");
    assert_eq!(lasso.stem, [(2, 3)]);
    assert_eq!(lasso.fairness, [(1, Why::Acts(1)), (2, Why::Acts(2)), (3, Why::CannotAct(0))]);
}

#[test]
fn a_cycle_that_closes_the_obligation_is_none() {
    let owed = judged(&[(1, &[(1, 1)]), (2, &[(1, 2)]), (3, &[(1, 0)])]);
    assert!(owed.iter().all(|(_, owed)| owed.holds()), "found {owed:?}");
    assert_eq!(owed.iter().map(|(_, owed)| owed.states).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn a_cycle_goes_through_a_witness_of_everybody() {
    // Three loops through node 0: the shortest alone is fair to 1 only.
    let owed = judged(&[
        (1, &[(1, 0), (2, 1), (3, 3)]),
        (1, &[(1, 2), (3, 3)]),
        (1, &[(1, 0), (2, 1), (3, 3)]),
        (1, &[(3, 0), (1, 3), (2, 1)]),
    ]);
    let lasso = owed[0].1.lasso.as_ref().expect("all can go on for ever");
    let why: Vec<_> = lasso.fairness.iter().map(|(class, _)| *class).collect();
    assert_eq!(why, [1, 2, 3]);
}

#[test]
fn nothing_is_said_where_not_all_is_known() {
    let system = Nodes(&[(1, &[(1, 1)]), (1, &[(1, 2)]), (1, &[(1, 0)])]);
    let refusal = |search: Search<'_, Nodes>, states_max| match search.run_fair(states_max).1 {
        Liveness::Refused(refusal) => refusal,
        Liveness::Judged(owed) => panic!("found {owed:?}"),
    };
    assert_eq!(refusal(Search::new(&system), 2), Refusal::TooLarge);
    let limits = Limits { states: Some(2), ..Limits::default() };
    assert_eq!(refusal(Search::new(&system).limits(limits), 3), Refusal::Incomplete);
    let limits = Limits { depth: Some(1), ..Limits::default() };
    assert_eq!(refusal(Search::new(&system).limits(limits), 3), Refusal::Incomplete);
}

#[test]
fn a_search_that_judges_counts_as_one_that_does_not() {
    let system = Nodes(&[(1, &[(1, 1), (2, 2)]), (1, &[(1, 0), (2, BLOCKED)]), (0, &[])]);
    let plain = format!("{:?}", Search::new(&system).run());
    assert_eq!(plain, format!("{:?}", Search::new(&system).run_fair(1_000).0));
}

//! What a search promises of any system, shown on graphs that are written down edge by edge.

use dm_explore::{
    BrokenAt, Control, Finish, Limit, Limits, Order, PROGRESS_INTERVAL, ReplayError, Report,
    Search, System, Taken, replay,
};

const ORDERS: [Order; 2] = [Order::Forward, Order::Backward];

/// Nodes by number, the first one initial, with the edges that leave each.
#[derive(Default)]
struct Graph {
    edges: Vec<Vec<Edge>>,
    start_rule: Option<&'static str>,
    end_rule: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Edge {
    To(u32),
    /// Breaks a rule on the way.
    Breaking(&'static str, u32),
    /// Breaks a rule, and is not followed.
    Cut(&'static str, u32),
    Blocked,
    OneOf(Vec<Edge>),
}

impl System for Graph {
    type State = u32;
    type Action = Edge;
    type Violation = &'static str;
    type Outcome = u32;

    fn initial(&self) -> u32 {
        0
    }

    fn start(&self, _: &u32, broken: &mut Vec<&'static str>) {
        broken.extend(self.start_rule);
    }

    fn actions(&self, state: &u32, out: &mut Vec<Edge>) {
        out.extend_from_slice(&self.edges[*state as usize]);
    }

    fn step(&self, state: &mut u32, action: &Edge, broken: &mut Vec<&'static str>) -> Taken {
        match action {
            Edge::To(node) => {
                *state = *node;
                Taken::Moved
            }
            Edge::Breaking(rule, node) => {
                *state = *node;
                broken.push(rule);
                Taken::Moved
            }
            Edge::Cut(rule, node) => {
                *state = *node;
                broken.push(rule);
                Taken::Pruned
            }
            Edge::Blocked => {
                *state = 1_000_000;
                Taken::Blocked
            }
            Edge::OneOf(edges) => {
                *state = 1_000_000;
                broken.push("what is done before a choice is dropped");
                Taken::Choices(edges.len() as u8)
            }
        }
    }

    fn variant(&self, action: &Edge, choice: u8) -> Edge {
        let Edge::OneOf(edges) = action else {
            unreachable!("{action:?} asks for no choice");
        };
        edges[usize::from(choice)].clone()
    }

    fn end(&self, _: &u32, broken: &mut Vec<&'static str>) {
        broken.extend(self.end_rule);
    }

    fn classify(&self, state: &u32) -> Option<u32> {
        state.is_multiple_of(2).then_some(state % 10)
    }
}

fn graph<const N: usize>(edges: [&[Edge]; N]) -> Graph {
    Graph { edges: edges.iter().map(|edges| edges.to_vec()).collect(), ..Graph::default() }
}

/// Edges from the first node to each of the others.
fn star(nodes: u32) -> Graph {
    let mut edges = vec![Vec::new(); nodes as usize];
    edges[0] = (1..nodes).map(Edge::To).collect();
    Graph { edges, ..Graph::default() }
}

fn assert_every_trail_breaks_its_rule<S: System>(system: &S, report: &Report<S>) {
    for (key, found) in &report.violations {
        let replayed = replay(system, &found.trail).expect("a found trail can be replayed");
        assert!(replayed.state == found.state, "the trail to {key} leads elsewhere");
        let is_it = |(steps, broken): &(usize, S::Violation)| {
            *steps == found.trail.len() && dm_explore::Violation::key(broken) == key
        };
        assert!(replayed.broken.iter().any(is_it), "{key} is not broken by its trail");
    }
}

#[test]
fn a_state_reached_twice_is_one_state_and_two_transitions() {
    let diamond = graph([
        &[Edge::To(1), Edge::To(2), Edge::To(0)],
        &[Edge::To(3)],
        &[Edge::To(3)],
        &[Edge::To(0)],
    ]);
    for order in ORDERS {
        let report = Search::new(&diamond).order(order).run();
        assert_eq!((report.states, report.transitions, report.depth), (4, 6, 2));
        assert!(report.holds());
    }
}

#[test]
fn a_rule_that_the_initial_state_breaks_has_an_empty_trail() {
    let system = Graph { start_rule: Some("starts well"), ..graph([&[Edge::To(0)]]) };
    let report = Search::new(&system).run();
    let found = &report.violations["starts well"];
    assert_eq!((found.trail.len(), found.count, found.at), (0, 1, BrokenAt::Start));
    assert_every_trail_breaks_its_rule(&system, &report);
}

#[test]
fn an_initial_state_without_actions_is_an_end_with_an_empty_trail() {
    let system = Graph { end_rule: Some("goes on"), ..graph([&[]]) };
    let report = Search::new(&system).run();
    let found = &report.violations["goes on"];
    assert_eq!((found.trail.len(), found.at, report.ends), (0, BrokenAt::End, 1));
    assert_eq!((report.states, report.transitions, report.depth), (1, 0, 0));
    assert_every_trail_breaks_its_rule(&system, &report);
}

#[test]
fn the_search_goes_on_behind_a_broken_rule() {
    let system = graph([
        &[Edge::Breaking("first", 1)],
        &[Edge::Breaking("second", 2)],
        &[Edge::Breaking("first", 0)],
    ]);
    let report = Search::new(&system).run();
    assert_eq!((report.states, report.broken, report.finish), (3, 3, Finish::Complete));
    assert_eq!((report.violations["first"].count, report.violations["second"].count), (2, 1));
    assert_eq!(report.violations["first"].trail, [Edge::Breaking("first", 1)]);
    assert!(!report.holds());
    assert_every_trail_breaks_its_rule(&system, &report);
}

#[test]
fn a_pruned_successor_breaks_its_rule_and_is_not_followed() {
    let system = graph([&[Edge::To(1)], &[Edge::Cut("stays inside", 2)], &[Edge::To(0)]]);
    let report = Search::new(&system).run();
    assert_eq!((report.states, report.transitions, report.pruned), (2, 1, 1));
    assert_eq!((report.ends, report.violations["stays inside"].state), (0, 2));
    assert_every_trail_breaks_its_rule(&system, &report);
}

#[test]
fn a_state_whose_actions_are_all_blocked_is_an_end() {
    let blocked = Edge::OneOf(vec![Edge::Blocked, Edge::OneOf(vec![])]);
    let system = Graph {
        end_rule: Some("is never stuck"),
        ..graph([&[Edge::Blocked, Edge::To(1)], &[blocked, Edge::Blocked]])
    };
    for order in ORDERS {
        let report = Search::new(&system).order(order).run();
        assert_eq!((report.states, report.transitions, report.ends), (2, 1, 1));
        assert_eq!(report.violations["is never stuck"].trail, [Edge::To(1)]);
        assert_every_trail_breaks_its_rule(&system, &report);
    }
}

#[test]
fn every_variant_of_a_choice_is_taken_from_the_original_state() {
    let inner = Edge::OneOf(vec![Edge::To(2), Edge::Breaking("chosen", 3)]);
    let system = graph([&[Edge::To(4), Edge::OneOf(vec![Edge::To(1), inner])], &[], &[], &[], &[]]);
    for order in ORDERS {
        let report = Search::new(&system).order(order).run();
        assert_eq!((report.states, report.transitions, report.depth), (5, 4, 1));
        assert_eq!(report.violations["chosen"].trail, [Edge::Breaking("chosen", 3)]);
        assert_eq!((report.broken, report.ends), (1, 4));
        assert_every_trail_breaks_its_rule(&system, &report);
    }
}

#[test]
fn an_end_found_after_a_longer_trail_has_the_shorter_one() {
    // The first child steps into the rule by two actions before the second, an end, is judged.
    let mut system = graph([&[Edge::To(1), Edge::To(2)], &[Edge::Breaking("rule", 1)], &[]]);
    system.end_rule = Some("rule");
    let report = Search::new(&system).run();
    let found = &report.violations["rule"];
    assert_eq!((&found.trail[..], found.at, found.count), (&[Edge::To(2)][..], BrokenAt::End, 2));
}

#[test]
fn ends_are_counted_by_their_kind_each_with_a_shortest_trail() {
    let mut system = star(31);
    system.edges.push(Vec::new());
    system.edges[30] = vec![Edge::To(31)];
    system.edges[31] = vec![Edge::To(10)];
    let report = Search::new(&system).run();
    assert_eq!(report.ends, 29);
    let counts: Vec<_> = report.outcomes.iter().map(|(kind, end)| (*kind, end.states)).collect();
    assert_eq!(counts, [(0, 2), (2, 3), (4, 3), (6, 3), (8, 3)]);
    assert_eq!(report.outcomes[&0].trail, [Edge::To(10)]);
}

#[test]
fn a_search_without_bounds_in_its_way_is_complete() {
    let limits = Limits { states: Some(10), depth: Some(2), bytes: Some(1 << 20), time: None };
    let report = Search::new(&star(10)).limits(limits).run();
    assert_eq!((report.states, report.ends, report.finish), (10, 9, Finish::Complete));
}

#[test]
fn a_limit_of_states_is_reached_by_one_state_more() {
    let limits = Limits { states: Some(9), ..Limits::default() };
    let report = Search::new(&star(10)).limits(limits).run();
    assert_eq!(report.finish, Finish::LimitReached(Limit::States));
    assert_eq!((report.states, report.depth), (9, 1));
}

#[test]
fn a_limit_of_depth_is_reached_by_a_state_at_that_depth() {
    let path = graph([&[Edge::To(1)], &[Edge::To(2)], &[]]);
    for (depth, states, ends, finish) in [
        (0, 1, 0, Finish::LimitReached(Limit::Depth)),
        (2, 3, 0, Finish::LimitReached(Limit::Depth)),
        (3, 3, 1, Finish::Complete),
    ] {
        let limits = Limits { depth: Some(depth), ..Limits::default() };
        let report = Search::new(&path).limits(limits).run();
        assert_eq!((report.states, report.ends, report.finish), (states, ends, finish));
        assert_eq!(report.depth, depth.min(2));
    }
}

#[test]
fn a_limit_of_bytes_is_kept_to_within_256_kib() {
    let bytes_max = 600_000;
    let limits = Limits { bytes: Some(bytes_max), ..Limits::default() };
    let report = Search::new(&star(60_000)).limits(limits).run();
    assert_eq!(report.finish, Finish::LimitReached(Limit::Bytes));
    assert!(report.states > 8_000 && report.bytes < bytes_max + (1 << 18), "{report:?}");
}

#[test]
fn an_observer_may_stop_the_search() {
    // A tree: the actions of one state are limited.
    let mut system = star(1_001);
    for parent in 1..=1_000 {
        let first = 1_001 + (parent - 1) * 200;
        system.edges[parent as usize] = (first..first + 200).map(Edge::To).collect();
    }
    system.edges.resize(201_001, Vec::new());
    let mut seen = Vec::new();
    let mut observer = |progress: &dm_explore::Progress| {
        seen.push(*progress);
        if seen.len() == 2 { Control::Stop } else { Control::Continue }
    };
    let report = Search::new(&system).observer(&mut observer).run();
    assert_eq!(report.finish, Finish::Stopped);
    assert_eq!(report.states, 2 * PROGRESS_INTERVAL);
    let states: Vec<u64> = seen.iter().map(|progress| progress.states).collect();
    assert_eq!(states, [PROGRESS_INTERVAL, 2 * PROGRESS_INTERVAL]);
    // Of 65,536 states all are expanded but those of depth 1 that are left, and those of depth 2.
    let expanded = 1 + (seen[0].states - 1_001).div_ceil(200);
    assert_eq!((seen[0].frontier, seen[0].depth), (seen[0].states - expanded, 1));
    assert_eq!(seen[0].transitions, seen[0].states - 1);
}

#[test]
fn a_trail_that_does_not_fit_the_system_is_refused() {
    let system = graph([&[Edge::To(1), Edge::Blocked], &[Edge::Cut("cut", 0)]]);
    let error = |trail: &[Edge]| replay(&system, trail).err();
    assert_eq!(error(&[Edge::To(1), Edge::Cut("cut", 0)]), None);
    assert_eq!(error(&[Edge::Blocked]), Some(ReplayError::NotEnabled { step: 1 }));
    assert_eq!(error(&[Edge::To(1), Edge::To(0)]), Some(ReplayError::NotEnabled { step: 2 }));
    let through_the_cut = [Edge::To(1), Edge::Cut("cut", 0), Edge::To(1)];
    assert_eq!(error(&through_the_cut), Some(ReplayError::Pruned { step: 2 }));
}

#[test]
#[should_panic(expected = "a state has at most 65,536 actions")]
fn a_state_with_too_many_actions_is_refused() {
    Search::new(&star(65_538)).run();
}

/// Edges drawn by a fixed sequence; each node that is entered breaks a rule of its own.
struct Drawn {
    edges: Vec<Vec<u32>>,
}

impl System for Drawn {
    type State = u32;
    type Action = u32;
    type Violation = String;
    type Outcome = u32;

    fn initial(&self) -> u32 {
        0
    }

    fn actions(&self, state: &u32, out: &mut Vec<u32>) {
        out.extend_from_slice(&self.edges[*state as usize]);
    }

    fn step(&self, state: &mut u32, action: &u32, broken: &mut Vec<String>) -> Taken {
        *state = *action;
        broken.push(format!("node {action} is not entered"));
        Taken::Moved
    }

    fn end(&self, _: &u32, _: &mut Vec<String>) {}

    fn classify(&self, state: &u32) -> Option<u32> {
        Some(*state)
    }
}

impl Drawn {
    fn new(seed: u64, nodes: u32) -> Self {
        let mut random = seed;
        let mut draw = |below: u32| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(seed | 1);
            ((random >> 33) % u64::from(below)) as u32
        };
        let edges = (0..nodes).map(|_| (0..draw(4)).map(|_| draw(nodes)).collect()).collect();
        Self { edges }
    }

    /// The distance of every node from the first, by relaxing all edges until nothing changes.
    fn distances(&self) -> Vec<Option<usize>> {
        let mut distances = vec![None; self.edges.len()];
        distances[0] = Some(0);
        loop {
            let before = distances.clone();
            for (from, edges) in self.edges.iter().enumerate() {
                let Some(there) = distances[from] else { continue };
                for &to in edges {
                    let to = &mut distances[to as usize];
                    *to = Some(to.map_or(there + 1, |known| known.min(there + 1)));
                }
            }
            if distances == before {
                return distances;
            }
        }
    }
}

#[test]
fn every_trail_is_a_shortest_one_and_leads_where_it_says() {
    for seed in 1..60 {
        let system = Drawn::new(seed, 5 + seed as u32 * 7);
        let distances = system.distances();
        let reached = || distances.iter().enumerate().filter_map(|(at, far)| Some((at, (*far)?)));
        for order in ORDERS {
            let report = Search::new(&system).order(order).run();
            assert_eq!(report.states as usize, reached().count());
            let edges = reached().map(|(node, _)| system.edges[node].len()).sum::<usize>();
            assert_eq!(report.transitions as usize, edges);
            assert_eq!(Some(report.depth as usize), reached().map(|(_, far)| far).max());
            for (node, far) in reached().skip(1) {
                let found = &report.violations[&format!("node {node} is not entered")];
                assert_eq!((found.trail.len(), found.state as usize), (far, node));
            }
            let ends = reached().filter(|(node, _)| system.edges[*node].is_empty());
            assert_eq!(report.ends as usize, ends.clone().count());
            for (node, far) in ends {
                assert_eq!(report.outcomes[&(node as u32)].trail.len(), far);
            }
            assert_every_trail_breaks_its_rule(&system, &report);
        }
    }
}

//! Finds the fair runs that leave an obligation open for ever, in the graph of all states.
//!
//! For weak fairness it is enough to look at the strongly connected parts of those states in which
//! the obligation is open: one of them holds a fair run when each class either cannot act in one
//! of its states, or takes one of its inner edges. A walk round through a witness a class is it.

use std::collections::{BTreeMap, VecDeque};

use crate::components::Components;
use crate::fair::{Fair, Lasso, Owed, Stuck, Why};
use crate::graph::{Edge, Graph};
use crate::trail::Rebuilder;

/// How each obligation fared that is open somewhere.
pub(crate) fn judge<S: Fair>(
    graph: &Graph<S>,
    rebuilder: &mut Rebuilder<'_, S>,
) -> Vec<(u32, Owed<S>)> {
    let states = 0..graph.len();
    let mut components = Components::new(graph.len());
    // A run stays in one component of the whole in the end, and there are few.
    let whole = components.cyclic(graph, states.clone(), |_| true);
    let ever = graph.open.iter().fold(0, |all, open| all | open);
    let bits = (0..u64::BITS).filter(|bit| ever & 1 << bit != 0);
    let owed = bits.map(|bit| {
        let is_open = |state: u32| graph.open[state as usize] & 1 << bit != 0;
        let mut first: Option<Vec<u32>> = None;
        let mut lasso_count = 0;
        for part in whole.iter().filter(|part| part.iter().any(|state| is_open(*state))) {
            let open = components.cyclic(graph, part.iter().copied(), |state| {
                is_open(state) && part.binary_search(&state).is_ok()
            });
            for component in open.into_iter().filter(|it| is_fair(graph, it)) {
                lasso_count += 1;
                if first.as_ref().is_none_or(|first| component[0] < first[0]) {
                    first = Some(component);
                }
            }
        }
        let stuck = states.clone().filter(|it| is_open(*it) && !graph.somebody_can_act(*it));
        let first_stuck = stuck.clone().next();
        let owed = Owed {
            states: states.clone().filter(|state| is_open(*state)).count() as u64,
            stuck_count: stuck.count() as u64,
            stuck: first_stuck.map(|state| stuck_at(graph, rebuilder, state)),
            lasso_count,
            lasso: first.map(|component| lasso(graph, rebuilder, &component)),
        };
        (bit, owed)
    });
    owed.collect()
}

fn stuck_at<S: Fair>(graph: &Graph<S>, rebuilder: &mut Rebuilder<'_, S>, at: u32) -> Stuck<S> {
    let (stem, state) = rebuilder.trail(Graph::<S>::id(at), None);
    Stuck { stem, state, is_end: graph.edges(at).is_empty() }
}

/// Whether a fair run can stay in the component.
fn is_fair<S: Fair>(graph: &Graph<S>, component: &[u32]) -> bool {
    let classes = acting(graph, component);
    classes.into_iter().all(|class| {
        let cannot = component.iter().any(|state| !graph.can_act(*state, class));
        let acts = |state: &u32| {
            let mut inner = graph.successors(*state);
            inner.any(|(edge, to)| is_its(edge, class) && component.binary_search(&to).is_ok())
        };
        cannot || component.iter().any(acts)
    })
}

fn is_its(edge: Edge, class: u8) -> bool {
    edge.class() == Some(class)
}

/// Who can act somewhere in the component, ascending.
fn acting<S: Fair>(graph: &Graph<S>, component: &[u32]) -> Vec<u8> {
    let edges = component.iter().flat_map(|state| graph.edges(*state));
    let mut classes: Vec<u8> = edges.filter_map(|edge| edge.class()).collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// A walk in a component: the states, and the edges between them.
struct Walk<'a, S: Fair> {
    graph: &'a Graph<S>,
    component: &'a [u32],
    states: Vec<u32>,
    edges: Vec<Edge>,
}

impl<S: Fair> Walk<'_, S> {
    fn here(&self) -> u32 {
        *self.states.last().expect("a walk begins somewhere")
    }

    /// Why the walk is fair to the class, if it is.
    fn why(&self, class: u8) -> Option<Why> {
        let acts = self.edges.iter().position(|edge| is_its(*edge, class));
        let cannot = || self.states.iter().position(|state| !self.graph.can_act(*state, class));
        acts.map(|step| Why::Acts(step + 1)).or_else(|| cannot().map(Why::CannotAct))
    }

    /// Goes on by a shortest way whose last step is one of these. There is one.
    fn go_on(&mut self, is_last: impl Fn(Edge, u32) -> bool) {
        let here = self.here();
        let mut from: BTreeMap<u32, (u32, Edge)> = BTreeMap::new();
        let mut queue = VecDeque::from([here]);
        while let Some(state) = queue.pop_front() {
            for (edge, to) in self.graph.successors(state) {
                if self.component.binary_search(&to).is_err() {
                    continue;
                }
                if is_last(edge, to) {
                    let mut way = vec![(to, edge)];
                    let mut at = state;
                    while at != here {
                        let (before, edge) = from[&at];
                        way.push((at, edge));
                        at = before;
                    }
                    way.reverse();
                    self.states.extend(way.iter().map(|(state, _)| *state));
                    self.edges.extend(way.iter().map(|(_, edge)| *edge));
                    return;
                }
                if to != here && !from.contains_key(&to) {
                    from.insert(to, (state, edge));
                    queue.push_back(to);
                }
            }
        }
        unreachable!("in a component there is a way from every state to every edge");
    }
}

/// A fair run that stays in the component, which holds one.
fn lasso<S: Fair>(
    graph: &Graph<S>,
    rebuilder: &mut Rebuilder<'_, S>,
    component: &[u32],
) -> Lasso<S> {
    let begin = component[0];
    let mut walk = Walk { graph, component, states: vec![begin], edges: Vec::new() };
    let classes = acting(graph, component);
    for class in &classes {
        if walk.why(*class).is_none() {
            walk.go_on(|edge, to| is_its(edge, *class) || !graph.can_act(to, *class));
        }
    }
    if walk.edges.is_empty() || walk.here() != begin {
        walk.go_on(|_, to| to == begin);
    }
    let why = |class: &u8| {
        let why = walk.why(*class).expect("the walk has a witness for each class");
        (graph.classes[usize::from(*class)], why)
    };
    let fairness = classes.iter().map(why).collect();
    let (stem, state) = rebuilder.trail(Graph::<S>::id(begin), None);
    let cycle = rebuilder.perform_all(&state, walk.edges.iter().map(|edge| edge.ordinal()));
    Lasso { stem, cycle, state, fairness }
}

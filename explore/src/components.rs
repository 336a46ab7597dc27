//! Finds the strongly connected components of a part of a graph, without recursion (Tarjan 1972).

use crate::fair::Fair;
use crate::graph::Graph;

/// What is known of each state of the graph; made once and used for many parts.
pub(crate) struct Components {
    /// In which order the states were met, from 1; 0 for those that were not.
    met: Vec<u32>,
    /// The earliest state that is known to be reached from each and to be still open.
    low: Vec<u32>,
    /// States whose component is not complete yet.
    stack: Vec<u32>,
    /// States whose edges are being followed, each with how many have been.
    path: Vec<(u32, usize)>,
}

/// The component of a state is known.
const CLOSED: u32 = u32::MAX;

impl Components {
    pub(crate) fn new(state_count: u32) -> Self {
        let none = vec![0; state_count as usize];
        Self { met: none.clone(), low: none, stack: Vec::new(), path: Vec::new() }
    }

    /// The components in which a run can stay, of the part that has these states: each in
    /// ascending order, the one with the first state first.
    pub(crate) fn cyclic<S: Fair>(
        &mut self,
        graph: &Graph<S>,
        states: impl Iterator<Item = u32> + Clone,
        is_inside: impl Fn(u32) -> bool,
    ) -> Vec<Vec<u32>> {
        let mut components = Vec::new();
        let mut count = 0;
        for root in states.clone() {
            if self.met[root as usize] == 0 && is_inside(root) {
                self.walk(graph, root, &is_inside, &mut count, &mut components);
            }
        }
        for state in states {
            self.met[state as usize] = 0;
            self.low[state as usize] = 0;
        }
        components.sort_unstable();
        components
    }

    fn walk<S: Fair>(
        &mut self,
        graph: &Graph<S>,
        root: u32,
        is_inside: &impl Fn(u32) -> bool,
        count: &mut u32,
        components: &mut Vec<Vec<u32>>,
    ) {
        self.meet(root, count);
        while let Some((state, followed)) = self.path.last_mut() {
            let (state, next) = (*state, graph.edges(*state).get(*followed));
            *followed += 1;
            let Some(edge) = next else {
                self.path.pop();
                self.leave(graph, state, components);
                continue;
            };
            let Some(to) = edge.to().filter(|to| is_inside(*to)) else { continue };
            if self.met[to as usize] == 0 {
                self.meet(to, count);
            } else if self.low[to as usize] != CLOSED {
                let low = &mut self.low[state as usize];
                *low = (*low).min(self.met[to as usize]);
            }
        }
    }

    fn meet(&mut self, state: u32, count: &mut u32) {
        *count += 1;
        self.met[state as usize] = *count;
        self.low[state as usize] = *count;
        self.stack.push(state);
        self.path.push((state, 0));
    }

    /// All edges of the state have been followed.
    fn leave<S: Fair>(&mut self, graph: &Graph<S>, state: u32, components: &mut Vec<Vec<u32>>) {
        let low = self.low[state as usize];
        if let Some((parent, _)) = self.path.last() {
            let of_parent = &mut self.low[*parent as usize];
            *of_parent = (*of_parent).min(low);
        }
        if low != self.met[state as usize] {
            return;
        }
        let is_root = |it: &u32| *it == state;
        let begin = self.stack.iter().rposition(is_root).expect("an open state is on the stack");
        for closed in &self.stack[begin..] {
            self.low[*closed as usize] = CLOSED;
        }
        let loops = || graph.successors(state).any(|(_, to)| to == state);
        if self.stack.len() - begin > 1 || loops() {
            let mut component = self.stack[begin..].to_vec();
            component.sort_unstable();
            components.push(component);
        }
        self.stack.truncate(begin);
    }
}

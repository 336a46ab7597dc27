//! Owns the graph of the states that a search has visited: a word a state, a word an action.
//!
//! It is recorded while the search runs, in the order in which states are visited, which is also
//! that in which they are expanded: the number of a state is its place in that order.

use rustc_hash::FxHashMap;

use crate::expansion::TakenAction;
use crate::fair::{Fair, Refusal};
use crate::forest::StateId;
use crate::records::Place;
use crate::system::System;

/// Who is told of each action that a search takes.
pub(crate) trait Record<S: System>: Send {
    /// Whether it has to be told of each action.
    const LISTENS: bool;
    /// A state is new, and is kept here.
    fn find(&mut self, place: Option<Place>);
    /// The actions of this state come next. States come in the order in which they were found.
    fn begin(&mut self, system: &S, state: &S::State);
    /// One of them.
    fn take(&mut self, system: &S, state: &S::State, taken: &TakenAction<S::Action>);
    /// Where the first of them leads of which that was not told yet.
    fn lead(&mut self, place: Option<Place>);
}

/// Nobody is told.
pub(crate) struct Unrecorded;

impl<S: System> Record<S> for Unrecorded {
    const LISTENS: bool = false;
    fn find(&mut self, _: Option<Place>) {}
    fn begin(&mut self, _: &S, _: &S::State) {}
    fn take(&mut self, _: &S, _: &S::State, _: &TakenAction<S::Action>) {}
    fn lead(&mut self, _: Option<Place>) {}
}

/// An action of a state: where it leads, whose it is, and its place among those of the state.
#[derive(Clone, Copy)]
pub(crate) struct Edge(u64);

const TO_BITS: u32 = 40;
const NOWHERE: u64 = (1 << TO_BITS) - 1;
/// Where an action leads that was not looked up yet.
const UNTOLD: u64 = NOWHERE - 1;
const NOBODY: u8 = u8::MAX;

impl Edge {
    fn new(to: u64, ordinal: u16, class: u8) -> Self {
        Self(to | u64::from(ordinal) << TO_BITS | u64::from(class) << (TO_BITS + 16))
    }

    fn lead_to(&mut self, to: u64) {
        self.0 = self.0 & !NOWHERE | to;
    }

    fn target(self) -> u64 {
        self.0 & NOWHERE
    }

    /// The number of the state that it leads to, if that is kept.
    pub(crate) fn to(self) -> Option<u32> {
        (self.target() != NOWHERE).then_some(self.target() as u32)
    }

    pub(crate) fn ordinal(self) -> u16 {
        (self.0 >> TO_BITS) as u16
    }

    /// Who acts, by its number.
    pub(crate) fn class(self) -> Option<u8> {
        let class = (self.0 >> (TO_BITS + 16)) as u8;
        (class != NOBODY).then_some(class)
    }
}

/// The graph while it is recorded, and after.
pub(crate) struct Graph<S: Fair> {
    states_max: u64,
    refused: bool,
    /// Where each state is kept, ascending.
    places: Vec<Place>,
    /// The obligations that are open in each.
    pub(crate) open: Vec<u64>,
    /// Where the edges of each begin.
    first: Vec<u64>,
    edges: Vec<Edge>,
    /// Of so many edges it is known where they lead.
    told: usize,
    /// Who acts, in the order of their numbers.
    pub(crate) classes: Vec<S::Class>,
    numbers: FxHashMap<S::Class, u8>,
}

impl<S: Fair> Record<S> for Graph<S> {
    const LISTENS: bool = true;

    fn find(&mut self, place: Option<Place>) {
        if self.places.len() as u64 >= self.states_max {
            self.refuse();
        }
        if !self.refused {
            self.places.push(place.expect("the states are kept whole"));
        }
    }

    fn begin(&mut self, system: &S, state: &S::State) {
        if !self.refused {
            self.open.push(system.open(state));
            self.first.push(self.edges.len() as u64);
        }
    }

    fn take(&mut self, system: &S, state: &S::State, taken: &TakenAction<S::Action>) {
        if self.refused {
            return;
        }
        let class = system.class(state, &taken.action).map_or(Some(NOBODY), |it| self.number(it));
        let Some(class) = class else {
            self.refuse();
            return;
        };
        let to = if taken.moved { UNTOLD } else { NOWHERE };
        self.edges.push(Edge::new(to, taken.ordinal, class));
    }

    fn lead(&mut self, place: Option<Place>) {
        if self.refused {
            return;
        }
        let untold = self.edges[self.told..].iter().position(|edge| edge.target() == UNTOLD);
        let edge = self.told + untold.expect("an action is taken before it leads anywhere");
        self.edges[edge].lead_to(place.expect("the states are kept whole").bits());
        self.told = edge + 1;
    }
}

impl<S: Fair> Graph<S> {
    pub(crate) fn new(states_max: u64) -> Self {
        Self {
            states_max: states_max.min(u64::from(u32::MAX)),
            refused: false,
            places: Vec::new(),
            open: Vec::new(),
            first: Vec::new(),
            edges: Vec::new(),
            told: 0,
            classes: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }

    /// Gives back what was recorded: it cannot become whole.
    fn refuse(&mut self) {
        *self = Self { refused: true, ..Self::new(self.states_max) };
    }

    fn number(&mut self, class: S::Class) -> Option<u8> {
        if let Some(number) = self.numbers.get(&class) {
            return Some(*number);
        }
        let number = u8::try_from(self.classes.len()).ok().filter(|number| *number != NOBODY)?;
        self.classes.push(class);
        self.numbers.insert(class, number);
        Some(number)
    }

    /// The graph of a search that was complete: its edges lead to numbers from now on.
    pub(crate) fn seal(&mut self) -> Result<(), Refusal> {
        if self.refused {
            return Err(Refusal::TooLarge);
        }
        assert_eq!(self.places.len(), self.open.len(), "a complete search expands what it visits");
        self.first.push(self.edges.len() as u64);
        for edge in self.edges.iter_mut().filter(|edge| edge.target() != NOWHERE) {
            let place = edge.target();
            let number = self.places.partition_point(|known| known.bits() < place);
            assert_eq!(self.places[number].bits(), place, "an action leads to a state");
            edge.lead_to(number as u64);
        }
        Ok(())
    }

    pub(crate) fn len(&self) -> u32 {
        self.open.len() as u32
    }

    /// The state with this number, as the search knows it.
    pub(crate) fn id(state: u32) -> StateId {
        StateId::new(0, state.into())
    }

    pub(crate) fn edges(&self, state: u32) -> &[Edge] {
        let [from, to] = [self.first[state as usize], self.first[state as usize + 1]];
        &self.edges[from as usize..to as usize]
    }

    /// Where the actions of the state lead that are kept.
    pub(crate) fn successors(&self, state: u32) -> impl Iterator<Item = (Edge, u32)> {
        self.edges(state).iter().filter_map(|edge| Some((*edge, edge.to()?)))
    }

    /// Whether it can act in the state.
    pub(crate) fn can_act(&self, state: u32, class: u8) -> bool {
        self.edges(state).iter().any(|edge| edge.class() == Some(class))
    }

    /// Whether anybody can act in the state who has to.
    pub(crate) fn somebody_can_act(&self, state: u32) -> bool {
        self.edges(state).iter().any(|edge| edge.class().is_some())
    }
}

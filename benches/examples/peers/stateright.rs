//! The same states and actions for Stateright: any system of ours as one of its models.
use std::fmt::Debug;
use std::hash::Hash;
use std::marker::PhantomData;
use std::num::NonZeroUsize;

use dm_explore::{Packed, System, Taken};
use stateright::{Checker, Model, Property};

/// A system of ours whose states Stateright keeps in a form of its choice.
struct Adapter<S, F>(S, PhantomData<fn() -> F>);

/// How Stateright keeps a state.
trait Form<S: System>: Clone + PartialEq + Hash + Debug + Send + Sync + 'static {
    fn of(system: &S, state: S::State) -> Self;
    fn state(&self, system: &S) -> S::State;
}

/// As a word.
#[derive(Clone, PartialEq, Hash, Debug)]
struct Word(u64);

impl<S: Packed> Form<S> for Word {
    fn of(system: &S, state: S::State) -> Self {
        Self(system.pack(&state))
    }

    fn state(&self, system: &S) -> S::State {
        system.unpack(self.0)
    }
}

/// As it is.
#[derive(Clone, PartialEq, Hash, Debug)]
struct Plain<T>(T);

impl<S: System> Form<S> for Plain<S::State>
where
    S::State: Debug + 'static,
{
    fn of(_: &S, state: S::State) -> Self {
        Self(state)
    }

    fn state(&self, _: &S) -> S::State {
        self.0.clone()
    }
}

impl<S, F: Form<S>> Model for Adapter<S, F>
where
    S: System + 'static,
{
    type State = F;
    type Action = S::Action;

    fn init_states(&self) -> Vec<F> {
        vec![F::of(&self.0, self.0.initial())]
    }

    fn actions(&self, state: &F, actions: &mut Vec<S::Action>) {
        self.0.actions(&state.state(&self.0), actions);
    }

    fn next_state(&self, state: &F, action: S::Action) -> Option<F> {
        let mut next = state.state(&self.0);
        match self.0.step(&mut next, &action, &mut Vec::new()) {
            Taken::Moved => Some(F::of(&self.0, next)),
            Taken::Pruned | Taken::Blocked => None,
            Taken::Choices(_) => panic!("{action:?} asks a question, which Stateright cannot"),
        }
    }

    /// Rules are judged in each step; this one keeps it going to the end.
    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("all rules are judged in the steps", |_, _| true)]
    }
}

/// How Stateright searches.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    pub(crate) depth_first: bool,
    pub(crate) threads: usize,
}

/// The distinct states of the system, kept as words.
pub(crate) fn words<S: Packed + Send + 'static>(system: S, way: Way) -> u64 {
    search(Adapter::<S, Word>(system, PhantomData), way)
}

/// The distinct states of the system, kept as they are.
pub(crate) fn plain<S: System + Send + 'static>(system: S, way: Way) -> u64
where
    S::State: Debug + 'static,
{
    search(Adapter::<S, Plain<S::State>>(system, PhantomData), way)
}

fn search<S, F>(model: Adapter<S, F>, way: Way) -> u64
where
    S: System + Send + 'static,
    F: Form<S>,
{
    let threads = NonZeroUsize::new(way.threads).expect("at least one thread");
    let builder = model.checker().threads(threads.get());
    let states = if way.depth_first {
        builder.spawn_dfs().join().unique_state_count()
    } else {
        builder.spawn_bfs().join().unique_state_count()
    };
    states as u64
}

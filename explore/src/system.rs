//! What a searched system must say of itself.
//!
//! A system is a value without memory of its own: everything that changes is in its state, and
//! every method gives the same answer for the same arguments. A search relies on this, since it
//! rebuilds its trails by performing the same actions again.

use std::fmt::Debug;
use std::hash::Hash;

/// A transition system: an initial state, the actions of each state, and what they do.
///
/// Several threads may ask at once, so that a system that notes something while it is asked has to
/// be `Sync`.
pub trait System: Sync {
    /// One state, whole.
    ///
    /// Two states are the same when their `Hash` feeds the same bytes, see
    /// [`encode`](crate::encode) for what that asks of the implementation; a derived one does.
    /// The search copies states with `clone_from` into states that it no longer needs. A derived
    /// `Clone` allocates there; a state that owns buffers should implement `clone_from` itself.
    type State: Clone + Eq + Hash + Send + Sync;

    /// One way to leave a state. The trail to a state is a list of these.
    type Action: Clone + Debug + Eq + Send;

    /// What a broken rule is reported as.
    type Violation: Violation;

    /// What an end state is classified as, see [`System::classify`].
    type Outcome: Clone + Ord + Debug + Send;

    /// The state in which every trail begins.
    fn initial(&self) -> Self::State;

    /// Reports the rules that the initial state itself breaks; none unless implemented.
    fn start(&self, state: &Self::State, broken: &mut Vec<Self::Violation>) {
        let _ = (state, broken);
    }

    /// Appends every enabled action of the state to `out`, in an order that depends on the state
    /// alone. At most 65,536 of them, counted with their variants.
    fn actions(&self, state: &Self::State, out: &mut Vec<Self::Action>);

    /// Performs the action on the state, in place, and pushes the rules that this breaks.
    fn step(
        &self,
        state: &mut Self::State,
        action: &Self::Action,
        broken: &mut Vec<Self::Violation>,
    ) -> Taken;

    /// The action with the given choice made, after its step answered [`Taken::Choices`].
    /// A variant may ask for a further choice; its answer here is then a variant of the variant.
    ///
    /// # Panics
    ///
    /// Unless implemented: the system's mistake, since one of its steps asked for a choice.
    fn variant(&self, action: &Self::Action, choice: u8) -> Self::Action {
        panic!("{action:?} asked for choice {choice}, but its system implements no variants");
    }

    /// Reports the rules that an end state breaks by being one: a state is an end when no action
    /// is enabled, or all of them are [`Taken::Blocked`].
    fn end(&self, state: &Self::State, broken: &mut Vec<Self::Violation>);

    /// What the system has noted while it was asked, to be kept in a checkpoint; nothing unless
    /// implemented.
    fn notes(&self) -> Vec<u64> {
        Vec::new()
    }

    /// Notes what was noted before a checkpoint was written, besides what is noted already.
    fn recall(&self, notes: &[u64]) {
        let _ = notes;
    }

    /// What kind of end an end state is, to be counted in the report; `None` unless implemented.
    fn classify(&self, state: &Self::State) -> Option<Self::Outcome> {
        let _ = state;
        None
    }
}

/// A system whose states fit a word, which a search then keeps instead.
///
/// `unpack` gives back what was packed: two states of which one word is packed are one state.
pub trait Packed: System {
    /// The state as a word below `u64::MAX`.
    fn pack(&self, state: &Self::State) -> u64;

    /// The state of which this is the word.
    fn unpack(&self, word: u64) -> Self::State;

    /// Appends the words of all successors of the state, in the order of its actions, where that
    /// is all there is to say: where each of its actions moves, and none breaks a rule. Else it
    /// answers no, what it has appended is dropped, and the actions are performed one by one.
    ///
    /// An implementation in one pass, which lists no actions, is faster; it is not asked where the
    /// actions are taken backward, nor when a trail is rebuilt. It never answers unless implemented.
    fn successors(&self, word: u64, out: &mut Vec<u64>) -> bool {
        let _ = (word, out);
        false
    }
}

/// What became of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The state is now the successor.
    Moved,
    /// The action was performed, and the rules that it broke count, but its successor is not kept.
    Pruned,
    /// The action was not possible after all: as if it had not been listed. Breaks no rule.
    Blocked,
    /// The action has this many variants, [`System::variant`] `0..n`, each to be performed from the
    /// original state instead. What this step did and reported is dropped.
    Choices(u8),
}

/// A broken rule.
pub trait Violation: Clone + Debug + Send {
    /// The name of the rule: all violations are counted, and the shortest trail is kept per key.
    fn key(&self) -> &str;
}

impl Violation for &'static str {
    fn key(&self) -> &str {
        self
    }
}

impl Violation for String {
    fn key(&self) -> &str {
        self
    }
}

//! The reductions of a searched world: which states are alike, and which steps concern nobody else.
//!
//! docs/reductions.md has the argument; a test compares each with the whole search.
use dm_explore::Reduced;
use dm_sim::world::plan::Action;
use dm_sim::world::rename::Permutation;
use dm_sim::world::symmetry::has_dead_locals;

use crate::system::{Checked, State};

impl State {
    /// Renames everything.
    pub fn rename(&mut self, by: &Permutation) {
        self.world.rename(by);
        self.history = self.history.renamed(&by.names);
    }
}

impl Reduced for Checked {
    fn canonical(&self, state: &mut State) {
        let symmetry = self.symmetry();
        if symmetry.is_trivial() {
            return;
        }
        let mut best: Option<State> = None;
        let mut sorting = symmetry.sorting(&state.world).peekable();
        let first = sorting.next().expect("what can be told puts it into some order");
        let is_only = sorting.peek().is_none();
        if is_only && symmetry.is_identity(first) && !has_dead_locals(&state.world) {
            return;
        }
        for permutation in std::iter::once(first).chain(sorting) {
            let mut renamed = state.clone();
            renamed.rename(permutation);
            let is_better = best.as_ref().is_none_or(|best| {
                (&renamed.world, &renamed.history) < (&best.world, &best.history)
            });
            if is_better {
                best = Some(renamed);
            }
        }
        *state = best.expect("there is at least one");
    }

    fn alone(&self, state: &State) -> Option<Action> {
        self.alone_from_start().find(&state.world)
    }
}

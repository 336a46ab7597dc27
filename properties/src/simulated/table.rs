//! The simulator's column of the kill matrix: how many seeds each mutant took, or why it is out of
//! reach. A test runs a part of it, and the example `simulated_mutants` all.
use dm_model::mutant::Mutant;

/// How many seeds are tried before a mutant is said to be out of reach.
pub const SEED_COUNT: u64 = 2_000;

/// What the simulator makes of a mutant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// It breaks this claim after so many seeds.
    Found {
        /// Seeds, the last of which found it.
        seeds: u64,
        /// The claim.
        claim: &'static str,
    },
    /// It does not, and why.
    OutOfReach(&'static str),
}

/// Every mutant, in the order of the model's lists.
pub const REACH: &[(Mutant, Reach)] = &[];

/// What the simulator makes of a mutant, if it is in the table.
pub fn reach_of(mutant: Mutant) -> Option<Reach> {
    REACH.iter().find(|(it, _)| *it == mutant).map(|(_, reach)| *reach)
}

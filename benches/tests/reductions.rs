//! Of states of the reference workload that are alike one is kept, and nothing is missed.
use std::collections::BTreeSet;

use dm_benches::reference::{Reference, SIZES};
use dm_explore::{Finish, First, Packed, Quotient, Reduce, Reduced, Report, Search, System};

const SYMMETRY: Reduce = Reduce { symmetry: true, local: false };

/// The states and transitions that are left of each of `SIZES`.
const LEFT: &[(u64, u64)] =
    &[(1_437, 6_076), (12_233, 59_985), (31_103, 172_245), (71_042, 438_408)];

fn reduced(size: &Reference, first: First, threads: usize) -> Report<Reference> {
    let quotient = Quotient::new(size, SYMMETRY);
    let report = Search::new(&quotient).first(first).threads(threads).run_packed();
    quotient.unfold(report)
}

#[test]
fn symmetry_over_bios_and_paths_leaves_what_other_engines_leave() {
    for ((size, states, _), left) in SIZES.iter().zip(LEFT) {
        for (first, threads) in [(First::Breadth, 1), (First::Breadth, 2), (First::Depth, 1)] {
            let report = reduced(size, first, threads);
            assert_eq!((report.finish, report.broken, report.ends), (Finish::Complete, 0, 1));
            assert_eq!((report.states, report.transitions), *left, "of {states}");
        }
    }
    let (whole, left) = (SIZES[3].1, LEFT[3].0);
    assert!(whole >= 90 * left, "{whole} states are {left}");
}

#[test]
fn a_shortest_way_to_each_state_is_as_long_as_without() {
    let depths = [21, 32, 35];
    for ((size, ..), depth) in SIZES.iter().zip(depths) {
        assert_eq!(reduced(size, First::Breadth, 1).depth, depth);
    }
}

/// Every state that can be reached.
fn all(size: &Reference) -> BTreeSet<u64> {
    let mut seen = BTreeSet::from([size.pack(&size.initial())]);
    let mut frontier = vec![size.initial()];
    let mut actions = Vec::new();
    while let Some(state) = frontier.pop() {
        actions.clear();
        size.actions(&state, &mut actions);
        for action in &actions {
            let mut next = state;
            size.step(&mut next, action, &mut Vec::new());
            if seen.insert(size.pack(&next)) {
                frontier.push(next);
            }
        }
    }
    seen
}

#[test]
fn what_stands_for_the_states_is_all_that_is_reached_from_what_stands_for_the_first() {
    let (size, states, _) = SIZES[0];
    let canonical = |word: u64| {
        let mut state = size.unpack(word);
        size.canonical(&mut state);
        size.pack(&state)
    };
    let all = all(&size);
    assert_eq!(all.len() as u64, states);
    let kept: BTreeSet<u64> = all.iter().map(|word| canonical(*word)).collect();
    assert_eq!(kept.len() as u64, LEFT[0].0);
    assert!(kept.is_subset(&all), "what stands for a state is one that is alike");
    for word in kept {
        assert_eq!(canonical(word), word, "what stands for a state stands for itself");
    }
}

//! The reference workload has the sizes that several engines agree on, whoever searches it.
use std::collections::BTreeSet;

use dm_benches::reference::{Flags, Place, Reference, SIZES, State, Word, yardstick};
use dm_explore::{Finish, First, Order, Packed, Report, Search, System};

/// The sizes that a test can afford.
fn small() -> impl Iterator<Item = &'static (Reference, u64, u64)> {
    SIZES.iter().filter(|(_, states, _)| *states < 100_000)
}

fn assert_counts(report: &Report<Reference>, states: u64, transitions: u64) {
    assert_eq!((report.finish, report.broken), (Finish::Complete, 0));
    assert_eq!((report.states, report.transitions, report.ends), (states, transitions, 1));
}

#[test]
fn packed_and_whole_states_count_the_same_in_every_way_on_any_number_of_threads() {
    for (size, states, transitions) in small() {
        for first in [First::Breadth, First::Depth] {
            for threads in [1, 2, 3, 8] {
                let search = || Search::new(size).first(first).threads(threads);
                assert_counts(&search().run_packed(), *states, *transitions);
                assert_counts(&search().order(Order::Backward).run_packed(), *states, *transitions);
                assert_counts(&search().run(), *states, *transitions);
            }
        }
    }
}

#[test]
fn one_bio_more_has_its_known_counts_too() {
    let (size, states, transitions) = SIZES[2];
    for threads in [1, 2] {
        let report = Search::new(&size).threads(threads).run_packed();
        assert_counts(&report, states, transitions);
        assert_eq!(report.depth, 35);
    }
}

#[test]
#[ignore = "seconds in a release build only: the largest size"]
fn the_largest_size_has_its_known_counts() {
    let (size, states, transitions) = SIZES[3];
    for threads in [1, 2] {
        assert_counts(&Search::new(&size).threads(threads).run_packed(), states, transitions);
    }
    assert_eq!(yardstick::search(&size, 24).0, states);
}

#[test]
fn the_yardstick_does_the_same_work() {
    for (size, states, transitions) in small() {
        assert_eq!(yardstick::search(size, 18), (*states, *transitions));
    }
}

/// Every word that can be reached.
fn reached(size: &Reference) -> BTreeSet<u64> {
    let mut reached = BTreeSet::from([size.initial().0]);
    let mut frontier = vec![size.initial()];
    let (mut actions, mut broken) = (Vec::new(), Vec::new());
    while let Some(word) = frontier.pop() {
        actions.clear();
        size.actions(&word, &mut actions);
        for action in &actions {
            let mut next = word;
            size.step(&mut next, action, &mut broken);
            if reached.insert(next.0) {
                frontier.push(next);
            }
        }
    }
    assert_eq!(broken.len(), 0);
    reached
}

#[test]
fn every_word_is_what_its_readable_state_is_packed_to() {
    for (size, states, _) in small() {
        let words = reached(size);
        assert_eq!(words.len() as u64, *states);
        for word in words.into_iter().map(Word) {
            let state = word.state();
            assert_eq!((Word::of(&state), State::unpack(state.pack())), (word, state));
            let waiting = [Place::Deferred, Place::PushedBack, Place::Queued];
            let queues = [state.deferred, state.pushback, state.queued];
            for (place, queue) in waiting.into_iter().zip(queues) {
                assert_eq!(state.any_at(place), !queue.is_empty());
                assert!(queue.iter().all(|bio| state.place(bio) == place as u32));
            }
        }
    }
}

/// The successors of the words at once are those of their actions, and so is whether rules hold;
/// whether they do in all of them.
fn assert_successors(size: &Reference, words: impl Iterator<Item = Word>) -> bool {
    let (mut actions, mut at_once, mut all_hold) = (Vec::new(), Vec::new(), true);
    for word in words {
        actions.clear();
        at_once.clear();
        size.actions(&word, &mut actions);
        let mut broken = Vec::new();
        let step = |action| {
            let mut next = word;
            size.step(&mut next, action, &mut broken);
            next.0
        };
        let one_by_one: Vec<u64> = actions.iter().map(step).collect();
        assert_eq!(size.successors(word.0, &mut at_once), broken.is_empty(), "of {word:?}");
        assert_eq!(at_once, one_by_one, "of {word:?} by {actions:?}");
        all_hold &= broken.is_empty();
    }
    all_hold
}

#[test]
fn the_successors_of_a_word_at_once_are_those_of_its_actions_in_order() {
    let five_bios = Reference { bios: 5, paths: 1, faults: 1, cycles: 1 };
    let no_path = Reference { bios: 3, paths: 0, faults: 0, cycles: 2 };
    for size in small().map(|(size, _, _)| size).chain([&five_bios, &no_path]) {
        assert!(assert_successors(size, reached(size).into_iter().map(Word)));
    }
}

#[test]
fn so_they_are_whatever_the_flags_and_wherever_the_suspender_is() {
    let one_path = Reference { bios: 3, paths: 1, faults: 2, cycles: 2 };
    let two_paths = Reference { bios: 2, paths: 2, faults: 2, cycles: 2 };
    for size in [one_path, two_paths] {
        let words = reached(&size);
        for all in 0..128 {
            let changed = |word| {
                let mut state = Word(word).state();
                let flags = [Flags::NOFLUSH, Flags::BLOCKED, Flags::QUEUE, Flags::SAVED];
                for (place, flag) in flags.into_iter().enumerate() {
                    state.flags.set(flag, all >> place & 1 != 0);
                }
                state.suspender = all >> 4;
                Word::of(&state)
            };
            let all_hold = assert_successors(&size, words.iter().copied().map(changed));
            let (may_fail, may_be_suspended) = (all & 5 == 0, all >> 4 >= 4);
            assert_eq!(all_hold, !may_fail && !may_be_suspended, "with {all}");
        }
    }
}

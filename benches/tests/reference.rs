//! The reference workload has the sizes that several engines agree on, whoever searches it.
use std::collections::BTreeSet;

use dm_benches::reference::{Place, Reference, SIZES, State, Word, yardstick};
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

#[test]
fn every_word_is_what_its_readable_state_is_packed_to_and_has_the_successors_of_its_actions() {
    for (size, states, _) in small() {
        let mut seen = BTreeSet::from([size.initial().0]);
        let mut frontier = vec![size.initial()];
        let (mut actions, mut broken) = (Vec::new(), Vec::new());
        while let Some(word) = frontier.pop() {
            let state = word.state();
            assert_eq!((Word::of(&state), State::unpack(state.pack())), (word, state));
            let waiting = [Place::Deferred, Place::PushedBack, Place::Queued];
            let queues = [state.deferred, state.pushback, state.queued];
            for (place, queue) in waiting.into_iter().zip(queues) {
                assert_eq!(state.any_at(place), !queue.is_empty());
                assert!(queue.iter().all(|bio| state.place(bio) == place as u32));
            }
            actions.clear();
            size.actions(&word, &mut actions);
            let mut at_once = Vec::new();
            assert!(size.successors(word.0, &mut at_once));
            assert_eq!(at_once.len(), actions.len());
            for (action, at_once) in actions.iter().zip(at_once) {
                let mut next = word;
                size.step(&mut next, action, &mut broken);
                assert_eq!(next.0, at_once, "by {action:?}");
                if seen.insert(next.0) {
                    frontier.push(next);
                }
            }
        }
        assert_eq!((seen.len() as u64, broken.len()), (*states, 0));
    }
}

//! Small systems whose sizes are known beforehand, by a formula or from the literature.

use std::convert::Infallible;
use std::fmt::Write as _;

use dm_explore::{BrokenAt, Finish, Order, Report, Search, System, Taken, replay};

const ORDERS: [Order; 2] = [Order::Forward, Order::Backward];

/// Counters that each go from zero to the same last value, one step at a time.
struct Counters {
    count: usize,
    last: u8,
}

impl System for Counters {
    type State = Vec<u8>;
    type Action = usize;
    type Violation = &'static str;
    type Outcome = Infallible;

    fn initial(&self) -> Vec<u8> {
        vec![0; self.count]
    }

    fn actions(&self, state: &Vec<u8>, out: &mut Vec<usize>) {
        out.extend((0..self.count).filter(|&counter| state[counter] < self.last));
    }

    fn step(&self, state: &mut Vec<u8>, action: &usize, _: &mut Vec<&'static str>) -> Taken {
        state[*action] += 1;
        Taken::Moved
    }

    fn end(&self, _: &Vec<u8>, _: &mut Vec<&'static str>) {}
}

#[test]
fn independent_counters_reach_the_product_of_their_values() {
    for (count, last) in [(1, 9), (2, 5), (3, 4), (4, 9), (7, 1)] {
        for order in ORDERS {
            let report = Search::new(&Counters { count, last }).order(order).run();
            let values = u64::from(last) + 1;
            assert_eq!(report.states, values.pow(count as u32));
            let steps_of_one = u64::from(last) * values.pow(count as u32 - 1);
            assert_eq!(report.transitions, count as u64 * steps_of_one);
            assert_eq!(report.depth, count as u32 * u32::from(last));
            assert_eq!((report.ends, report.finish), (1, Finish::Complete));
        }
    }
}

/// Three pegs and the peg of each disc, the smallest disc first.
struct Hanoi {
    discs: usize,
}

impl System for Hanoi {
    type State = Vec<u8>;
    type Action = (u8, u8);
    type Violation = &'static str;
    type Outcome = Infallible;

    fn initial(&self) -> Vec<u8> {
        vec![0; self.discs]
    }

    fn actions(&self, state: &Vec<u8>, out: &mut Vec<(u8, u8)>) {
        let top = |peg: u8| state.iter().position(|&at| at == peg).unwrap_or(self.discs);
        for from in 0..3 {
            out.extend((0..3).filter(|&to| top(from) < top(to)).map(|to| (from, to)));
        }
    }

    fn step(
        &self,
        state: &mut Vec<u8>,
        &(from, to): &(u8, u8),
        broken: &mut Vec<&'static str>,
    ) -> Taken {
        let disc = state.iter().position(|&at| at == from).expect("an enabled move has a disc");
        state[disc] = to;
        if state.iter().all(|&at| at == 2) {
            broken.push("the tower cannot be moved");
        }
        Taken::Moved
    }

    fn end(&self, _: &Vec<u8>, broken: &mut Vec<&'static str>) {
        broken.push("some disc can always be moved");
    }
}

#[test]
fn the_tower_of_six_discs_has_729_states_and_takes_63_moves() {
    for order in ORDERS {
        let hanoi = Hanoi { discs: 6 };
        let report = Search::new(&hanoi).order(order).run();
        assert_eq!((report.states, report.transitions), (729, 729 * 3 - 3));
        assert_eq!((report.depth, report.ends), (63, 0));

        let solved = &report.violations["the tower cannot be moved"];
        assert_eq!(solved.trail.len(), 63);
        assert_eq!((solved.at, solved.count), (BrokenAt::Step, 2));
        assert_eq!(solved.state, [2; 6]);
        let replayed = replay(&hanoi, &solved.trail).expect("a found trail can be replayed");
        assert_eq!(replayed.broken, [(63, "the tower cannot be moved")]);
    }
}

/// Two processes that exclude each other from a critical section, after Peterson.
struct Peterson {
    /// The mistake: to give way before raising the own flag.
    gives_way_first: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Shared {
    labels: [Label; 2],
    flags: [bool; 2],
    turn: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Label {
    Outside,
    Entering,
    Waiting,
    Critical,
}

impl System for Peterson {
    type State = Shared;
    /// The process that goes on from its label.
    type Action = (usize, Label);
    type Violation = &'static str;
    type Outcome = Infallible;

    fn initial(&self) -> Shared {
        Shared { labels: [Label::Outside; 2], flags: [false; 2], turn: 0 }
    }

    fn actions(&self, state: &Shared, out: &mut Vec<(usize, Label)>) {
        out.extend((0..2).map(|me| (me, state.labels[me])));
    }

    fn step(
        &self,
        state: &mut Shared,
        &(me, label): &(usize, Label),
        broken: &mut Vec<&'static str>,
    ) -> Taken {
        let other = 1 - me;
        state.labels[me] = match label {
            Label::Outside | Label::Entering => {
                if (label == Label::Outside) == self.gives_way_first {
                    state.turn = other;
                } else {
                    state.flags[me] = true;
                }
                if label == Label::Outside { Label::Entering } else { Label::Waiting }
            }
            Label::Waiting if state.flags[other] && state.turn == other => return Taken::Blocked,
            Label::Waiting => Label::Critical,
            Label::Critical => {
                state.flags[me] = false;
                Label::Outside
            }
        };
        if state.labels == [Label::Critical; 2] {
            broken.push("one process at a time is critical");
        }
        Taken::Moved
    }

    fn end(&self, _: &Shared, broken: &mut Vec<&'static str>) {
        broken.push("some process can always go on");
    }
}

#[test]
fn peterson_excludes_and_never_gets_stuck() {
    for order in ORDERS {
        let report = Search::new(&Peterson { gives_way_first: false }).order(order).run();
        assert!(report.holds());
        assert_eq!((report.states, report.transitions, report.depth), (20, 34, 6));
    }
}

#[test]
fn peterson_with_its_first_two_steps_swapped_is_broken_in_six() {
    let system = Peterson { gives_way_first: true };
    let report = Search::new(&system).run();
    let found = &report.violations["one process at a time is critical"];
    assert_eq!(
        found.trail,
        [
            (0, Label::Outside),
            (1, Label::Outside),
            (1, Label::Entering),
            (1, Label::Waiting),
            (0, Label::Entering),
            (0, Label::Waiting),
        ]
    );
    assert_eq!(found.state.labels, [Label::Critical; 2]);
    assert!(!report.violations.contains_key("some process can always go on"));
}

/// A producer and a consumer of numbered items around a ring of fixed size.
struct BoundedBuffer {
    size: usize,
    items: u8,
    /// The mistake: to put without looking whether there is room.
    overwrites: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Ring {
    slots: Vec<Option<u8>>,
    put: u8,
    taken: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Turn {
    Put,
    Take,
}

impl System for BoundedBuffer {
    type State = Ring;
    type Action = Turn;
    type Violation = String;
    type Outcome = u8;

    fn initial(&self) -> Ring {
        Ring { slots: vec![None; self.size], put: 0, taken: 0 }
    }

    fn actions(&self, state: &Ring, out: &mut Vec<Turn>) {
        let room = self.overwrites || usize::from(state.put - state.taken) < self.size;
        if state.put < self.items && room {
            out.push(Turn::Put);
        }
        if state.taken < state.put {
            out.push(Turn::Take);
        }
    }

    fn step(&self, state: &mut Ring, action: &Turn, broken: &mut Vec<String>) -> Taken {
        match action {
            Turn::Put => {
                let slot = usize::from(state.put) % self.size;
                state.slots[slot] = Some(state.put);
                state.put += 1;
            }
            Turn::Take => {
                let slot = usize::from(state.taken) % self.size;
                if state.slots[slot].take() != Some(state.taken) {
                    broken.push("every item arrives once and in order".to_owned());
                }
                state.taken += 1;
            }
        }
        Taken::Moved
    }

    fn end(&self, state: &Ring, broken: &mut Vec<String>) {
        if state.taken < self.items {
            broken.push("every item is taken in the end".to_owned());
        }
    }

    fn classify(&self, state: &Ring) -> Option<u8> {
        Some(state.taken)
    }
}

#[test]
fn a_bounded_buffer_is_as_large_as_the_pairs_of_its_counters() {
    for (size, items) in [(1, 5), (3, 10), (4, 100)] {
        let pairs = |taken: u8| u64::from((items - taken).min(size)) + 1;
        for order in ORDERS {
            let buffer = BoundedBuffer { size: size.into(), items, overwrites: false };
            let report = Search::new(&buffer).order(order).run();
            assert!(report.holds());
            assert_eq!(report.states, (0..=items).map(pairs).sum::<u64>());
            assert_eq!(report.depth, 2 * u32::from(items));
            assert_eq!(report.outcomes[&items].states, 1);
            assert_eq!(report.outcomes[&items].trail.len(), 2 * usize::from(items));
        }
    }
}

#[test]
fn a_buffer_that_overwrites_is_broken_by_one_item_too_many() {
    let report = Search::new(&BoundedBuffer { size: 3, items: 10, overwrites: true }).run();
    let found = &report.violations["every item arrives once and in order"];
    assert_eq!(found.trail, [Turn::Put, Turn::Put, Turn::Put, Turn::Put, Turn::Take]);
}

fn counts<S: System>(report: &Report<S>) -> String {
    let mut counts = format!("{} {} {}", report.states, report.transitions, report.depth);
    for (key, found) in &report.violations {
        write!(counts, ", {key}: {} in {}", found.count, found.trail.len()).expect("to a string");
    }
    counts
}

#[test]
fn a_broken_system_searched_twice_gives_the_same_report() {
    let report = || format!("{:?}", Search::new(&Peterson { gives_way_first: true }).run());
    assert_eq!(report(), report());
    assert!(report().contains("trail: [(0, Outside), (1, Outside), "), "{}", report());
}

#[test]
fn either_order_finds_the_same() {
    let both =
        |system: &Peterson| ORDERS.map(|order| counts(&Search::new(system).order(order).run()));
    let [forward, backward] = both(&Peterson { gives_way_first: true });
    assert_eq!(forward, backward);
    let [forward, backward] = both(&Peterson { gives_way_first: false });
    assert_eq!(forward, backward);
}

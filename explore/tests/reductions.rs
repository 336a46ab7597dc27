//! A reduced search finds what the whole one finds, and tells it of the system as it is.

use std::collections::BTreeMap;

use dm_explore::{
    BrokenAt, Finish, First, Quotient, Reduce, Reduced, Report, Search, System, Taken, replay,
};

const NONE: Reduce = Reduce { symmetry: false, local: false };
const SYMMETRY: Reduce = Reduce { symmetry: true, local: false };
const LOCAL: Reduce = Reduce { symmetry: false, local: true };
const ALL: Reduce = Reduce { symmetry: true, local: true };

/// Guests who put on a coat, pass a door with a lock, hang their coat up and stay.
struct Guests {
    count: usize,
    /// The door's lock is forgotten by the guest that comes after this many.
    forgets_after: usize,
    /// The host waits for nobody, although the party needs so many.
    party: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
enum Guest {
    AtHome,
    InACoat,
    AtTheDoor,
    InTheHall,
    Inside,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct State {
    guests: Vec<Guest>,
    passed: usize,
    locked: bool,
}

impl Guests {
    fn of(count: usize) -> Self {
        Self { count, forgets_after: usize::MAX, party: 0 }
    }
}

impl System for Guests {
    type State = State;
    type Action = usize;
    type Violation = &'static str;
    type Outcome = usize;

    fn initial(&self) -> State {
        State { guests: vec![Guest::AtHome; self.count], passed: 0, locked: false }
    }

    fn start(&self, _: &State, broken: &mut Vec<&'static str>) {
        if self.count > 4 {
            broken.push("there is room");
        }
    }

    fn actions(&self, _: &State, out: &mut Vec<usize>) {
        out.extend(0..self.count);
    }

    fn step(&self, state: &mut State, guest: &usize, broken: &mut Vec<&'static str>) -> Taken {
        let forgets = state.passed >= self.forgets_after;
        let at = &mut state.guests[*guest];
        *at = match *at {
            Guest::AtHome => Guest::InACoat,
            Guest::InACoat => Guest::AtTheDoor,
            Guest::AtTheDoor if state.locked && !forgets => return Taken::Blocked,
            Guest::AtTheDoor => {
                state.locked = true;
                state.passed += 1;
                Guest::InTheHall
            }
            Guest::InTheHall => {
                state.locked = false;
                Guest::Inside
            }
            Guest::Inside => return Taken::Blocked,
        };
        let in_the_hall = state.guests.iter().filter(|guest| **guest == Guest::InTheHall).count();
        if in_the_hall > 1 {
            broken.push("one at a time");
        }
        Taken::Moved
    }

    fn end(&self, state: &State, broken: &mut Vec<&'static str>) {
        if state.passed < self.party {
            broken.push("there is a party");
        }
    }

    fn classify(&self, state: &State) -> Option<usize> {
        Some(state.guests.iter().filter(|guest| **guest == Guest::Inside).count())
    }
}

impl Reduced for Guests {
    fn canonical(&self, state: &mut State) {
        state.guests.sort_unstable();
    }

    fn alone(&self, state: &State) -> Option<usize> {
        state.guests.iter().position(|guest| *guest == Guest::InACoat)
    }
}

fn search(guests: &Guests, reduce: Reduce, first: First, threads: usize) -> Report<Guests> {
    let quotient = Quotient::new(guests, reduce);
    let report = Search::new(&quotient).first(first).threads(threads).run();
    quotient.unfold(report)
}

/// What broke, and how; what ends there are.
type Verdict = (BTreeMap<String, BrokenAt>, Vec<usize>);

fn verdict(report: &Report<Guests>) -> Verdict {
    let broken = report.violations.iter().map(|(key, found)| (key.clone(), found.at));
    (broken.collect(), report.outcomes.keys().copied().collect())
}

/// Every trail is one of the system as it is, and breaks what it is said to break.
fn assert_replays(guests: &Guests, report: &Report<Guests>) {
    for (key, found) in &report.violations {
        let replayed = replay(guests, &found.trail).expect("a trail is one of the system");
        let broken = replayed.broken.iter();
        let (step, _) = *broken.clone().find(|(_, it)| it == key).expect("it breaks the rule");
        assert_eq!(step, found.trail.len(), "by its last step or by being at its end: {key}");
        assert_eq!(replayed.state, found.state);
    }
    for end in report.outcomes.values() {
        assert!(replay(guests, &end.trail).is_ok());
    }
}

#[test]
fn each_reduction_finds_what_the_whole_search_finds() {
    let whole = Guests::of(3);
    let forgetful = Guests { forgets_after: 1, ..Guests::of(3) };
    let alone = Guests { party: 4, ..Guests::of(3) };
    let crowd = Guests { forgets_after: 2, ..Guests::of(5) };
    for guests in [whole, forgetful, alone, crowd] {
        let without = search(&guests, NONE, First::Breadth, 1);
        for reduce in [SYMMETRY, LOCAL, ALL] {
            for (first, threads) in [(First::Breadth, 1), (First::Breadth, 2), (First::Depth, 1)] {
                let report = search(&guests, reduce, first, threads);
                assert_eq!(report.finish, Finish::Complete);
                assert_eq!(verdict(&report), verdict(&without), "with {reduce:?}");
                assert!(report.states < without.states);
                assert_replays(&guests, &report);
            }
        }
    }
}

#[test]
fn how_many_states_are_left_is_known() {
    let count = |reduce| search(&Guests::of(4), reduce, First::Breadth, 1).states;
    assert_eq!([NONE, SYMMETRY, LOCAL, ALL].map(count), [512, 55, 189, 25]);
}

#[test]
fn trails_stay_shortest_where_no_steps_are_merged() {
    let forgetful = Guests { forgets_after: 1, ..Guests::of(4) };
    let len = |reduce| {
        let report = search(&forgetful, reduce, First::Breadth, 1);
        report.violations["one at a time"].trail.len()
    };
    assert_eq!(len(NONE), 6);
    assert_eq!(len(SYMMETRY), 6);
    assert!(len(LOCAL) >= 6);
}

#[test]
fn a_trail_ends_with_the_merged_step_that_breaks_the_rule() {
    /// A counter whose odd steps are alone.
    struct Counter;

    impl System for Counter {
        type State = u8;
        type Action = ();
        type Violation = &'static str;
        type Outcome = u8;

        fn initial(&self) -> u8 {
            1
        }
        fn actions(&self, state: &u8, out: &mut Vec<()>) {
            out.extend((*state < 9).then_some(()));
        }
        fn step(&self, state: &mut u8, (): &(), broken: &mut Vec<&'static str>) -> Taken {
            *state += 1;
            let rules = [(2, "not two"), (5, "not five"), (6, "not six")];
            broken.extend(rules.iter().filter(|(it, _)| it == state).map(|(_, rule)| rule));
            Taken::Moved
        }
        fn end(&self, _: &u8, _: &mut Vec<&'static str>) {}
    }

    impl Reduced for Counter {
        fn canonical(&self, _: &mut u8) {}
        fn alone(&self, state: &u8) -> Option<()> {
            (state % 2 == 1 && *state < 9).then_some(())
        }
    }

    let quotient = Quotient::new(&Counter, LOCAL);
    let report = quotient.unfold(Search::new(&quotient).run());
    let len = |rule: &str| (report.violations[rule].trail.len(), report.violations[rule].at);
    assert_eq!(len("not two"), (1, BrokenAt::Step));
    assert_eq!(len("not five"), (4, BrokenAt::Step));
    assert_eq!(len("not six"), (5, BrokenAt::Step));
    assert_eq!((report.states, report.ends), (5, 1));
}

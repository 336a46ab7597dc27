//! A protocol of N items over P lanes with F faults and K cycles of a gate, whose sizes several
//! other engines agree on.
//!
//! Items enter through a gate and pass over a lane. A lane may lose its plug or be marked failed.
//! The gate closes, waits until no item is inside, puts those that were turned back before those
//! that wait outside, and opens again.

use dm_explore::{Finish, Order, Report, Search, System, Taken};

struct Workload<const N: usize, const P: usize> {
    faults: u8,
    cycles: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct State<const N: usize, const P: usize> {
    items: [Item; N],
    lanes: [Lane; P],
    /// Outside the closed gate, in order.
    outside: Queue<N>,
    /// Turned back from inside while the gate was closing.
    turned_back: Queue<N>,
    /// Inside, until a lane is usable.
    held: Queue<N>,
    inside: u8,
    gate: Gate,
    cycles: u8,
    faults: u8,
    turns_back: bool,
    closed: bool,
    holds: bool,
    holds_saved: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Item {
    New,
    Outside,
    TurnedBack,
    Held,
    Choosing,
    Lost,
    Done,
    Failed,
    OnLane(u8),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Lane {
    plugged: bool,
    failed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Gate {
    Open,
    Begun,
    Saved,
    Closing,
    Empty,
    TurnedOver,
    Repaired,
    Restored,
}

/// Items in order; unused places hold zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Queue<const N: usize> {
    items: [u8; N],
    len: u8,
}

impl<const N: usize> Queue<N> {
    fn push(&mut self, item: usize) {
        self.items[usize::from(self.len)] = item as u8;
        self.len += 1;
    }

    fn pop_first(&mut self) -> usize {
        let first = self.items[0];
        self.items.copy_within(1.., 0);
        self.items[N - 1] = 0;
        self.len -= 1;
        first.into()
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        self.items.into_iter().take(self.len.into()).map(usize::from)
    }

    fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Enter(usize),
    Choose(usize, u8),
    Give(usize),
    Retry(usize),
    Arrive(usize),
    Release,
    Admit,
    Gate,
    Repair,
    Unplug(usize),
    Plug(usize),
    Fail(usize),
    Reinstate(usize),
}

impl<const N: usize, const P: usize> State<N, P> {
    fn all_failed(&self) -> bool {
        self.lanes.iter().all(|lane| lane.failed)
    }

    fn is_settled(&self) -> bool {
        self.gate == Gate::Open
            && self.items.iter().all(|item| matches!(item, Item::Done | Item::Failed))
    }

    fn give_up(&mut self, item: usize) {
        self.items[item] = if self.turns_back {
            self.turned_back.push(item);
            self.inside -= 1;
            Item::TurnedBack
        } else if self.holds {
            self.held.push(item);
            Item::Held
        } else {
            self.inside -= 1;
            Item::Failed
        };
    }

    fn arrive(&mut self, item: usize) {
        let Item::OnLane(lane) = self.items[item] else {
            unreachable!("only an item on a lane arrives");
        };
        if self.lanes[usize::from(lane)].plugged {
            self.items[item] = Item::Done;
            self.inside -= 1;
        } else {
            self.items[item] = Item::Lost;
            self.lanes[usize::from(lane)].failed = true;
        }
    }

    fn move_gate(&mut self) {
        self.gate = match self.gate {
            Gate::Open => {
                self.turns_back = true;
                self.cycles += 1;
                Gate::Begun
            }
            Gate::Begun => {
                self.holds_saved = self.holds;
                self.holds &= self.turns_back;
                Gate::Saved
            }
            Gate::Saved => {
                self.closed = true;
                Gate::Closing
            }
            Gate::Closing => Gate::Empty,
            Gate::Empty => {
                for item in self.outside.iter() {
                    self.turned_back.push(item);
                }
                for item in self.turned_back.iter() {
                    self.items[item] = Item::Outside;
                }
                self.outside = self.turned_back;
                self.turned_back = Queue { items: [0; N], len: 0 };
                self.turns_back = false;
                Gate::TurnedOver
            }
            Gate::TurnedOver => Gate::Repaired,
            Gate::Repaired => {
                self.holds = self.holds_saved;
                self.holds_saved = false;
                Gate::Restored
            }
            Gate::Restored => {
                self.closed = false;
                Gate::Open
            }
        };
    }
}

impl<const N: usize, const P: usize> Workload<N, P> {
    fn item_actions(state: &State<N, P>, out: &mut Vec<Action>) {
        for (id, item) in state.items.into_iter().enumerate() {
            match item {
                Item::New => out.push(Action::Enter(id)),
                Item::Choosing | Item::Lost if state.all_failed() => out.push(Action::Give(id)),
                Item::Choosing => {
                    let usable = (0..P).filter(|&lane| !state.lanes[lane].failed);
                    out.extend(usable.map(|lane| Action::Choose(id, lane as u8)));
                }
                Item::Lost => out.push(Action::Retry(id)),
                Item::OnLane(_) => out.push(Action::Arrive(id)),
                Item::Outside | Item::TurnedBack | Item::Held | Item::Done | Item::Failed => {}
            }
        }
    }

    fn lane_actions(&self, state: &State<N, P>, out: &mut Vec<Action>) {
        let fault_left = state.faults < self.faults;
        for (id, lane) in state.lanes.iter().enumerate() {
            if lane.plugged && fault_left {
                out.push(Action::Unplug(id));
            }
            if !lane.plugged {
                out.push(Action::Plug(id));
            }
            if !lane.failed && fault_left {
                out.push(Action::Fail(id));
            }
            if lane.failed && lane.plugged {
                out.push(Action::Reinstate(id));
            }
        }
    }
}

impl<const N: usize, const P: usize> System for Workload<N, P> {
    type State = State<N, P>;
    type Action = Action;
    type Violation = &'static str;
    /// How many items are done.
    type Outcome = usize;

    fn initial(&self) -> State<N, P> {
        let empty = Queue { items: [0; N], len: 0 };
        State {
            items: [Item::New; N],
            lanes: [Lane { plugged: true, failed: false }; P],
            outside: empty,
            turned_back: empty,
            held: empty,
            inside: 0,
            gate: Gate::Open,
            cycles: 0,
            faults: 0,
            turns_back: false,
            closed: false,
            holds: true,
            holds_saved: false,
        }
    }

    fn actions(&self, state: &State<N, P>, out: &mut Vec<Action>) {
        Self::item_actions(state, out);
        if !state.held.is_empty() && (!state.all_failed() || state.turns_back || !state.holds) {
            out.push(Action::Release);
        }
        if !state.closed && !state.outside.is_empty() {
            out.push(Action::Admit);
        }
        let gate_waits = match state.gate {
            Gate::Open => state.cycles == self.cycles,
            Gate::Closing => state.inside > 0,
            Gate::Begun
            | Gate::Saved
            | Gate::Empty
            | Gate::TurnedOver
            | Gate::Repaired
            | Gate::Restored => false,
        };
        if !gate_waits {
            out.push(Action::Gate);
        }
        if state.gate == Gate::TurnedOver {
            out.push(Action::Repair);
        }
        self.lane_actions(state, out);
    }

    fn step(
        &self,
        state: &mut State<N, P>,
        action: &Action,
        broken: &mut Vec<&'static str>,
    ) -> Taken {
        match *action {
            Action::Enter(item) if state.closed => {
                state.outside.push(item);
                state.items[item] = Item::Outside;
            }
            Action::Enter(item) => {
                state.inside += 1;
                state.items[item] = Item::Choosing;
            }
            Action::Choose(item, lane) => state.items[item] = Item::OnLane(lane),
            Action::Give(item) => state.give_up(item),
            Action::Retry(item) => state.items[item] = Item::Choosing,
            Action::Arrive(item) => state.arrive(item),
            Action::Release => {
                let item = state.held.pop_first();
                state.items[item] = Item::Choosing;
            }
            Action::Admit => {
                let item = state.outside.pop_first();
                state.items[item] = Item::Choosing;
                state.inside += 1;
            }
            Action::Gate => state.move_gate(),
            Action::Repair => {
                state.lanes.iter_mut().for_each(|lane| lane.failed = false);
                state.gate = Gate::Repaired;
            }
            Action::Unplug(lane) => {
                state.lanes[lane].plugged = false;
                state.faults += 1;
            }
            Action::Plug(lane) => state.lanes[lane].plugged = true,
            Action::Fail(lane) => {
                state.lanes[lane].failed = true;
                state.faults += 1;
            }
            Action::Reinstate(lane) => state.lanes[lane].failed = false,
        }
        if state.items.contains(&Item::Failed) {
            broken.push("no item fails");
        }
        let turned_over = matches!(state.gate, Gate::TurnedOver | Gate::Repaired | Gate::Restored);
        if turned_over && (state.inside > 0 || !state.turned_back.is_empty()) {
            broken.push("nothing is inside a closed gate");
        }
        Taken::Moved
    }

    fn end(&self, state: &State<N, P>, broken: &mut Vec<&'static str>) {
        if !state.is_settled() {
            broken.push("no item is stuck");
        }
    }

    fn classify(&self, state: &State<N, P>) -> Option<usize> {
        Some(state.items.into_iter().filter(|&item| item == Item::Done).count())
    }
}

fn assert_counts<S: System>(report: &Report<S>, [states, transitions, depth, ends]: [u64; 4]) {
    assert_eq!(report.finish, Finish::Complete);
    assert_eq!((report.states, report.transitions), (states, transitions));
    assert_eq!((u64::from(report.depth), report.ends, report.broken), (depth, ends, 0));
}

#[test]
fn the_reference_workload_has_its_known_counts() {
    for order in [Order::Forward, Order::Backward] {
        let small = Workload::<3, 2> { faults: 1, cycles: 1 };
        assert_counts(&Search::new(&small).order(order).run(), [10_329, 42_151, 21, 1]);
        let large = Workload::<3, 2> { faults: 2, cycles: 2 };
        assert_counts(&Search::new(&large).order(order).run(), [96_613, 463_797, 32, 1]);
    }
}

#[test]
fn one_item_more_has_its_known_counts_too() {
    let system = Workload::<4, 2> { faults: 2, cycles: 2 };
    assert_counts(&Search::new(&system).run(), [797_899, 4_222_035, 35, 1]);
}

#[test]
fn a_system_searched_twice_gives_the_same_report() {
    let system = Workload::<3, 2> { faults: 1, cycles: 1 };
    let report = || format!("{:?}", Search::new(&system).run());
    assert_eq!(report(), report());
}

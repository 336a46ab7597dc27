//! A search that ends at the first broken rule.
use dm_explore::{Finish, Search, System, Taken};
use std::convert::Infallible;

/// Counts to five; a step or the end may break a rule.
#[derive(Default)]
struct Count {
    breaks_at: Option<u8>,
    breaks_at_the_end: bool,
}

impl System for Count {
    type State = u8;
    type Action = ();
    type Violation = &'static str;
    type Outcome = Infallible;

    fn initial(&self) -> u8 {
        0
    }

    fn actions(&self, state: &u8, out: &mut Vec<()>) {
        if *state < 5 {
            out.push(());
        }
    }

    fn step(&self, state: &mut u8, (): &(), broken: &mut Vec<&'static str>) -> Taken {
        *state += 1;
        if Some(*state) == self.breaks_at {
            broken.push("step");
        }
        Taken::Moved
    }

    fn end(&self, _: &u8, broken: &mut Vec<&'static str>) {
        if self.breaks_at_the_end {
            broken.push("end");
        }
    }
}

#[test]
fn it_ends_at_the_step_that_breaks_a_rule() {
    let report =
        Search::new(&Count { breaks_at: Some(2), ..Count::default() }).until_broken().run();
    assert_eq!((report.finish, report.states), (Finish::Stopped, 2));
    assert_eq!(report.violations["step"].trail.len(), 2);
}

#[test]
fn it_ends_at_the_end_that_breaks_a_rule() {
    let system = Count { breaks_at_the_end: true, ..Count::default() };
    let report = Search::new(&system).until_broken().run();
    assert_eq!((report.finish, report.states), (Finish::Stopped, 6));
    assert_eq!(report.violations["end"].trail.len(), 5);
}

#[test]
fn it_is_complete_where_nothing_breaks() {
    let report = Search::new(&Count::default()).until_broken().run();
    assert_eq!((report.finish, report.states), (Finish::Complete, 6));
}

//! Exhaustive search over any transition system.
//!
//! A system says what its states are, which actions each state offers and what an action does
//! ([`System`]); a [`Search`] visits every reachable state breadth-first, each exactly once,
//! and its [`Report`] holds the counts, the shortest trail to each broken rule and the shortest
//! trail to each kind of end. States are compared whole: nothing is ever lost to a collision.
//!
//! A system that also says who has to act and what is owed ([`Fair`]) is searched for runs that are
//! fair and yet leave it open for ever ([`Search::run_fair`]).
//!
//! The crate never prints and never draws a random number, and reads a clock only for a limit of
//! time: the same search run twice on one thread gives the same report, byte for byte. It knows
//! nothing of what it searches.
//!
//! ```
//! use dm_explore::{Finish, Search, System, Taken};
//! use std::convert::Infallible;
//!
//! /// A jug of three and a jug of five litres; no rule, and no state without an action.
//! struct Jugs;
//!
//! impl System for Jugs {
//!     type State = [u8; 2];
//!     type Action = &'static str;
//!     type Violation = &'static str;
//!     type Outcome = Infallible;
//!
//!     fn initial(&self) -> [u8; 2] {
//!         [0, 0]
//!     }
//!     fn actions(&self, _: &[u8; 2], out: &mut Vec<&'static str>) {
//!         out.extend(["fill 3", "fill 5", "empty 3", "empty 5"]);
//!         out.extend(["pour 3 into 5", "pour 5 into 3"]);
//!     }
//!     fn step(
//!         &self,
//!         [a, b]: &mut [u8; 2],
//!         action: &&'static str,
//!         broken: &mut Vec<&'static str>,
//!     ) -> Taken {
//!         let (into_five, into_three) = ((*a).min(5 - *b), (*b).min(3 - *a));
//!         match *action {
//!             "fill 3" => *a = 3,
//!             "fill 5" => *b = 5,
//!             "empty 3" => *a = 0,
//!             "empty 5" => *b = 0,
//!             "pour 3 into 5" => (*a, *b) = (*a - into_five, *b + into_five),
//!             _ => (*a, *b) = (*a + into_three, *b - into_three),
//!         }
//!         if *b == 4 {
//!             broken.push("four litres cannot be measured");
//!         }
//!         Taken::Moved
//!     }
//!     fn end(&self, _: &[u8; 2], _: &mut Vec<&'static str>) {}
//! }
//!
//! let report = Search::new(&Jugs).run();
//! assert_eq!(report.finish, Finish::Complete);
//! assert_eq!(report.states, 16);
//! assert_eq!(
//!     report.violations["four litres cannot be measured"].trail,
//!     ["fill 5", "pour 5 into 3", "empty 3", "pour 5 into 3", "fill 5", "pour 5 into 3"],
//! );
//! ```

mod batch;
mod checkpoint;
mod compact;
mod components;
mod encoding;
mod expansion;
mod fair;
mod flat;
mod fold;
mod forest;
mod form;
mod frontier;
mod graph;
mod intern;
mod line;
mod liveness;
mod records;
mod reduce;
mod report;
mod run;
mod search;
mod shared;
mod site;
mod system;
mod tally;
mod trail;
mod waiting;
mod whole;
mod worker;

pub use checkpoint::{CheckpointError, Checkpoints};
pub use encoding::encode;
pub use fair::{Fair, Lasso, Liveness, OBLIGATION_COUNT_MAX, Owed, Refusal, Stuck, Why};
pub use frontier::First;
pub use reduce::{Quotient, Reduce, Reduced};
pub use report::{BrokenAt, EndInfo, Finish, Found, Limit, Report};
pub use search::{Control, Limits, Order, PROGRESS_INTERVAL, Progress, Search, THREAD_COUNT_MAX};
pub use system::{Packed, System, Taken, Violation};
pub use trail::{ReplayError, Replayed, replay};

//! From a shrunk run to a small configuration: what is left is small enough to be searched whole.
//!
//! The devices that are left, one path for each that matters, a few I/Os, the ioctls and messages,
//! faults and signals as budgets. The times are dropped: the search tries every schedule, and the
//! first configuration in the order of their size that breaks the claim gives the shortest trail.
use dm_explore::Limits;
use dm_sim::simulate::swarm::Features;
use dm_sim::simulate::topology::Topology;
use dm_sim::simulate::{Options, Sign};
use dm_sim::world::config::Configuration;
use dm_sim::world::trail::Trail;

use super::shrink::Shrunk;
use crate::search::hunt;
use writer::Writer;

mod writer;

/// How many states one configuration may have.
const STATE_COUNT_MAX: u64 = 150_000;
/// How many all of them may have together.
const STATE_COUNT_OF_ALL: u64 = 2_000_000;

/// The claims of the search that say what a claim of the simulator says.
fn claims_of(claim: &str, sign: &Sign) -> &'static [&'static str] {
    match claim {
        "no_unjustified_error" => &["no_bogus_error"],
        "every_read_returns_a_possible_value" => &["completed_writes_are_on_the_disk"],
        "objects_are_alive_where_they_are_used" => {
            &["every_io_completes_at_most_once", "every_io_is_in_one_place"]
        }
        "the_kernel_does_not_stop" if *sign != Sign::None => &["the_kernel_does_not_stop"],
        _ => match crate::claims::claim(claim) {
            Some(claim) => std::slice::from_ref(&claim.name),
            None => &[],
        },
    }
}

/// The shortest trail of a small configuration that breaks the same claim, and that claim's name in
/// the search; `None` if none of those that were tried does.
///
/// # Panics
/// When a configuration that is made here is not one.
pub fn lower(seed: u64, options: Options, shrunk: &Shrunk) -> Option<(&'static str, Trail)> {
    let features = if options.standard { Features::standard() } else { Features::draw(seed) };
    let topology = Topology::draw(seed, &features);
    let claim = shrunk.found.claim;
    let writer = Writer { topology: &topology, options, commands: &shrunk.commands, claim };
    let claims = claims_of(shrunk.found.claim, &shrunk.found.sign);
    let limits = Limits { states: Some(STATE_COUNT_MAX), ..Limits::default() };
    let mut tried = Vec::new();
    let mut states = 0;
    for size in writer.sizes() {
        let text = writer.text(size);
        if tried.contains(&text) {
            continue;
        }
        let configuration = Configuration::parse("simulated", &text)
            .unwrap_or_else(|error| panic!("{error}:\n{text}"));
        tried.push(text);
        for claim in claims {
            let Ok(hunt) = hunt(&configuration, options.era, claim, limits) else { continue };
            if let Some((_, trail)) = hunt.broken {
                return Some((claim, trail));
            }
            states += hunt.states;
        }
        if states > STATE_COUNT_OF_ALL {
            break;
        }
    }
    None
}

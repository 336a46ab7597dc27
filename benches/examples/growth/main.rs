//! The growth of searches with bios, paths and faults: `cargo run --release -p dm-benches --example
//! growth` writes docs/growth.csv and docs/growth.svg.
//!
//! A search that finds more than a million states ends there, and its row says so. The time is that
//! of the processor, so that it is the same on a machine that does other things too.
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use dm_benches::growth::{HEADER, rows, svg};
use dm_benches::reference::Reference;
use dm_explore::{Finish, Limits, Report, Search, System};
use dm_properties::configurations::{Parameters, generate};
use dm_properties::search::Pace;
use dm_properties::system::{Checked, Goal};
use dm_sim::world::config::Configuration;

const STATES_MAX: u64 = 1_000_000;

fn main() -> io::Result<()> {
    let mut csv = format!("{HEADER}\n");
    let one = Parameters { bios: 1, paths: 1, faults: 1, cycles: 1, signals: 0, messages: 0 };
    for value in 1..=2 {
        model(&mut csv, "bios", value, Parameters { bios: value, ..one });
    }
    for value in 1..=4 {
        model(&mut csv, "paths", value, Parameters { paths: value, ..one });
    }
    for value in 0..=4 {
        model(&mut csv, "faults", value, Parameters { faults: value, ..one });
    }
    let two = Reference { bios: 3, paths: 2, faults: 2, cycles: 2 };
    for value in 1..=5 {
        reference(&mut csv, "bios", value, Reference { bios: value.into(), ..two });
    }
    for value in 1..=2 {
        reference(&mut csv, "paths", value, Reference { paths: value.into(), ..two });
    }
    for value in 0..=3 {
        reference(&mut csv, "faults", value, Reference { faults: value, ..two });
    }
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    fs::write(docs.join("growth.csv"), &csv)?;
    fs::write(docs.join("growth.svg"), svg(&rows(&csv).map_err(io::Error::other)?))
}

fn limits() -> Limits {
    Limits { states: Some(STATES_MAX), ..Limits::default() }
}

fn model(csv: &mut String, axis: &str, value: u8, parameters: Parameters) {
    let text = generate(parameters);
    let configuration = Configuration::parse("generated", &text).expect("it is right");
    let world = configuration.world(configuration.era).expect("it can be built");
    let system = Checked::new(world, Goal::Claims, Pace::Free);
    let begun = processor_seconds();
    row(csv, ["model", axis], value, &Search::new(&system).limits(limits()).run(), begun);
}

fn reference(csv: &mut String, axis: &str, value: u8, size: Reference) {
    let begun = processor_seconds();
    let report = Search::new(&size).limits(limits()).run_packed();
    row(csv, ["reference", axis], value, &report, begun);
}

#[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
fn row<S: System>(csv: &mut String, name: [&str; 2], value: u8, report: &Report<S>, begun: f64) {
    let seconds = processor_seconds() - begun;
    let (states, mib) = (report.states, report.bytes as f64 / 1024.0 / 1024.0);
    let complete = if report.finish == Finish::Complete { "yes" } else { "no" };
    let [workload, axis] = name;
    let _ = writeln!(csv, "{workload},{axis},{value},{states},{seconds:.2},{mib:.2},{complete}");
}

/// Of this process so far, to a hundredth.
fn processor_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(") ").next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

//! The comparison with other engines, as ratios in one run: `cargo run --release -p dm-benches
//! --example peers [rounds|reference|standard]`.
//!
//! Each search runs in a process of its own, the engines in turn, so that what else the machine
//! does falls on all of them; the median of the rounds counts, and the ratio is that of the seconds
//! of all processors together. Unequal counts of states are not
//! the same work, and end the comparison.
#![expect(clippy::cast_precision_loss, reason = "figures to be read")]
mod spin;
mod stateright;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::{Command, ExitCode};
use std::time::Instant;

use dm_benches::reference::{LARGEST, SIZES, yardstick};
use dm_explore::{First, Search};
use dm_properties::configurations::{Bound, of_bound};
use dm_properties::search::Pace;
use dm_properties::system::{Checked, Goal};
use dm_sim::world::config::Configuration;

use stateright::Way;

/// One search of one workload.
struct Engine {
    name: &'static str,
    run: fn() -> u64,
}

const DFS: Way = Way { depth_first: true, threads: 1 };
const DFS_2: Way = Way { depth_first: true, threads: 2 };
const BFS: Way = Way { depth_first: false, threads: 1 };
const BFS_2: Way = Way { depth_first: false, threads: 2 };

/// The reference workload 5 2 2 2 0.
const REFERENCE: &[Engine] = &[
    Engine { name: "yardstick", run: || yardstick::search(&LARGEST, 24).0 },
    Engine { name: "pushback", run: || Search::new(&LARGEST).run_packed().states },
    Engine {
        name: "pushback, 2 threads",
        run: || Search::new(&LARGEST).threads(2).run_packed().states,
    },
    Engine {
        name: "pushback, depth first",
        run: || Search::new(&LARGEST).first(First::Depth).run_packed().states,
    },
    Engine { name: "stateright, words, dfs", run: || stateright::words(LARGEST, DFS) },
    Engine { name: "stateright, words, dfs, 2 threads", run: || stateright::words(LARGEST, DFS_2) },
    Engine { name: "stateright, words, bfs", run: || stateright::words(LARGEST, BFS) },
    Engine { name: "stateright, words, bfs, 2 threads", run: || stateright::words(LARGEST, BFS_2) },
];

/// The project's own configurations of the standard bound.
const STANDARD: &[Engine] = &[
    Engine { name: "pushback", run: || standard(|it| Search::new(&it).run().states) },
    Engine {
        name: "pushback, 2 threads",
        run: || standard(|it| Search::new(&it).threads(2).run().states),
    },
    Engine { name: "stateright, dfs", run: || standard(|it| stateright::plain(it, DFS)) },
    Engine { name: "stateright, bfs", run: || standard(|it| stateright::plain(it, BFS)) },
    Engine {
        name: "stateright, dfs, 2 threads",
        run: || standard(|it| stateright::plain(it, DFS_2)),
    },
    Engine {
        name: "stateright, bfs, 2 threads",
        run: || standard(|it| stateright::plain(it, BFS_2)),
    },
];

/// Steps of a configuration with this line ask questions, for which Stateright has no form.
const ASKS: &str = "\npg_init: any\n";

/// The sum over the configurations of the standard bound, but for those that ask.
fn standard(search: fn(Checked) -> u64) -> u64 {
    let named = of_bound(Bound::Standard);
    let named = named.iter().filter(|named| !named.text.contains(ASKS));
    let states = named.map(|named| {
        let configuration = Configuration::parse(named.name, named.text).expect("it is right");
        let world = configuration.world(configuration.era).expect("it can be built");
        search(Checked::new(world, Goal::Claims, Pace::Free))
    });
    states.sum()
}

/// What a run took.
struct Cost {
    seconds: f64,
    /// Of all processors together, with the start of the process.
    processor: f64,
    bytes_a_state: f64,
}

/// Processor seconds of all children that have ended, to a hundredth.
fn of_children() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(") ").next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (only, rounds) = match &arguments[..] {
        [workload, name] => return one(workload, name),
        [only] if only.parse::<usize>().is_err() => (Some(only.as_str()), 3),
        [rounds] => (None, rounds.parse().unwrap_or(1)),
        _ => (None, 3),
    };
    let asked = |workload: &str| only.is_none_or(|only| only == workload);
    let workloads = [("reference", REFERENCE), ("standard", STANDARD)].into_iter();
    let compared = workloads
        .filter(|(workload, _)| asked(workload))
        .try_for_each(|(workload, engines)| compare(workload, engines, rounds));
    match compared {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "peers: {error}");
            ExitCode::FAILURE
        }
    }
}

fn engines(workload: &str) -> &'static [Engine] {
    if workload == "reference" { REFERENCE } else { STANDARD }
}

/// Runs one search in this process, and writes its states, seconds and bytes at the peak.
fn one(workload: &str, name: &str) -> ExitCode {
    let known = engines(workload).iter().find(|engine| engine.name == name);
    let engine = known.expect("the name of an engine");
    let begun = Instant::now();
    let states = (engine.run)();
    let seconds = begun.elapsed().as_secs_f64();
    let process = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = process.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    let line = format!("{states} {seconds} {}\n", peak.unwrap_or(0) * 1024);
    let written = io::stdout().write_all(line.as_bytes());
    if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn compare(workload: &str, engines: &[Engine], rounds: usize) -> io::Result<()> {
    let mut spent: BTreeMap<&str, Vec<Cost>> = BTreeMap::new();
    let mut known = None;
    let mut same = |states: u64, name: &str| {
        let expected = *known.get_or_insert(states);
        let error = format!("{name} found {states} states, the others {expected}");
        if states == expected { Ok(()) } else { Err(io::Error::other(error)) }
    };
    let directory = std::env::temp_dir().join(format!("dm-peers-{}", std::process::id()));
    let has_spin = workload == "reference" && spin::compile(&directory, &LARGEST).is_some();
    for _ in 0..rounds {
        for engine in engines {
            let before = of_children();
            let (states, seconds, bytes) = in_process(workload, engine.name)?;
            let bytes_a_state = bytes / states as f64;
            let cost = Cost { seconds, processor: of_children() - before, bytes_a_state };
            same(states, engine.name)?;
            spent.entry(engine.name).or_default().push(cost);
        }
        let before = of_children();
        if let Some(run) = has_spin.then(|| spin::run(&directory)).flatten() {
            same(run.states, "spin")?;
            let bytes_a_state = run.bytes / run.states as f64;
            let cost =
                Cost { seconds: run.seconds, processor: of_children() - before, bytes_a_state };
            spent.entry("spin").or_default().push(cost);
        }
    }
    let _ = std::fs::remove_dir_all(&directory);
    table(workload, &spent, known.unwrap_or(0))
}

/// The states, the seconds and the bytes.
fn in_process(workload: &str, name: &str) -> io::Result<(u64, f64, f64)> {
    let output = Command::new(std::env::current_exe()?).args([workload, name]).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|it| it.parse().ok()).collect();
    let [_, seconds, bytes] = numbers[..] else {
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(io::Error::other(format!("{name} ended early: {reason}")));
    };
    let count = text.split_whitespace().next().and_then(|it| it.parse().ok()).unwrap_or(0);
    Ok((count, seconds, bytes))
}

fn table(workload: &str, spent: &BTreeMap<&str, Vec<Cost>>, states: u64) -> io::Result<()> {
    let median = |spent: &[Cost], of: fn(&Cost) -> f64| {
        let mut all: Vec<f64> = spent.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let ours = median(&spent["pushback"], |cost| cost.processor);
    let mut out = io::stdout().lock();
    let size = if workload == "reference" { " 5 2 2 2 0" } else { "" };
    writeln!(out, "\n{workload}{size}: {states} distinct states")?;
    writeln!(
        out,
        "{:<36}{:>9}{:>11}{:>13}{:>9}",
        "engine", "seconds", "processor", "to pushback", "B/state"
    )?;
    for (name, spent) in spent {
        let seconds = median(spent, |cost| cost.seconds);
        let processor = median(spent, |cost| cost.processor);
        let bytes = median(spent, |cost| cost.bytes_a_state);
        let ratio = processor / ours;
        writeln!(out, "{name:<36}{seconds:>9.2}{processor:>11.2}{ratio:>13.2}{bytes:>9.1}")?;
    }
    assert!(workload != "reference" || SIZES[3].1 == states, "the size is the known one");
    Ok(())
}

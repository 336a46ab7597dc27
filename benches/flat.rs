//! The memory of one long run of the simulator on the standard host: it has to stay as it is.
//!
//! `cargo run --release -p dm-benches --example flat [STEPS]`; 100 million steps if none are given.
use std::fs;

use dm_sim::simulate::{Options, watch};

/// Pages in memory, of 4 KiB, as /proc tells.
fn resident() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0)
}

fn main() {
    let steps = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000_000);
    let options = Options { standard: true, steps, ..Options::default() };
    println!(
        "{:>12} {:>10} {:>8} {:>8} {:>8} {:>8}",
        "steps", "ms", "slots", "events", "kept", "KiB"
    );
    let outcome = watch(1, options, (steps / 20).max(1), &mut |sizes| {
        let (ms, kib) = (sizes.time / 1_000_000, resident() * 4);
        let (slots, events, kept) = (sizes.slots, sizes.events, sizes.kept);
        println!("{:>12} {ms:>10} {slots:>8} {events:>8} {kept:>8} {kib:>8}", sizes.steps);
    });
    println!("{} I/Os, {} breaks", outcome.ios, outcome.breaks.len());
}

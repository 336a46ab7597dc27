//! Quick timing while the search is worked on.
use dm_benches::reference::{LARGEST, yardstick};
use dm_explore::{First, Search};
use std::time::Instant;
fn hwm() -> u64 {
    let t = std::fs::read_to_string("/proc/self/status").unwrap();
    let l = t.lines().find(|l| l.starts_with("VmHWM")).unwrap();
    l.split_whitespace().nth(1).unwrap().parse().unwrap()
}
fn main() {
    let what = std::env::args().nth(1).unwrap_or_default();
    let t = Instant::now();
    let n = match what.as_str() {
        "y" => yardstick::search(&LARGEST, 24).0,
        "1" => {
            let r = Search::new(&LARGEST).run_packed();
            eprintln!("bytes {}", r.bytes);
            r.states
        }
        "2" => Search::new(&LARGEST).threads(2).run_packed().states,
        "d1" => Search::new(&LARGEST).first(First::Depth).run_packed().states,
        "d2" => Search::new(&LARGEST).first(First::Depth).threads(2).run_packed().states,
        "w1" => Search::new(&LARGEST).run().states,
        _ => Search::new(&LARGEST).threads(2).run().states,
    };
    let e = t.elapsed().as_secs_f64();
    println!("{what}: {n} states {e:.2} s, {:.1} B/state", hwm() as f64 * 1024.0 / n as f64);
}

use dm_threads::{engine::{Arc, Scheduler}, grain, schedules, stress, workload};
use dm_model::mutant::Mutant;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let w = workload::WORKLOADS.iter().find(|w| w.name == a[1]).unwrap();
    let plain = Arc::new(workload::round(w.name, w.text, Mutant::None).unwrap_or_else(|e| panic!("{e}")));
    let g = a.get(4).and_then(|n| grain::find(n)).map_or(grain::Grain::None, |n| n.grain);
    let mut round = (*plain).clone();
    if let grain::Grain::Rule(m) = g { round = workload::round(w.name, w.text, m).unwrap(); }
    round.merged = std::env::var("MERGED").ok();
    let mut plain = if let grain::Grain::Rule(_) = g { round.clone() } else { (*plain).clone() };
    plain.merged = round.merged.clone();
    let (round, plain) = (Arc::new(round), Arc::new(plain));
    let n: usize = a[3].parse().unwrap();
    let t = std::time::Instant::now();
    let r = match a[2].as_str() {
        "threads" => stress::explore(&round, &plain, g, n, std::time::Duration::from_secs(10)),
        "random" => schedules::explore(&round, &plain, g, Scheduler::Random, 1, n),
        "dfs" => schedules::explore(&round, &plain, g, Scheduler::Dfs, 1, n),
        d => schedules::explore(&round, &plain, g, Scheduler::Pct(d.parse().unwrap()), 1, n),
    };
    println!("{} schedules, {} steps, {} tries, longest {} in {:?}", r.schedules, r.steps, r.tries, r.longest, t.elapsed());
    if let Some((n, f)) = r.failure { println!("schedule {n}: {}", f.text(&round.world)); }
}

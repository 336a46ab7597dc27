//! The kill matrix.
use dm_explore::Limits;
use dm_properties::kills::KILLS;

#[test]
fn explore() {
    let only = std::env::var("ONLY").ok();
    for row in KILLS {
        let name = row.seeded().name;
        if only.as_ref().is_some_and(|o| !o.split(',').any(|o| o == name)) {
            continue;
        }
        let at = std::time::Instant::now();
        let limits = Limits { states: Some(1_500_000), ..Limits::default() };
        let found = std::panic::catch_unwind(|| row.search(limits).expect("built"));
        let took = at.elapsed().as_millis();
        match found {
            Err(_) => println!("{name:28} PANIC"),
            Ok(found) => match &found.killed {
                None => println!(
                    "{name:28} {:10} {:16} {:45} SURVIVES {} {:?} {took}ms",
                    row.seeded().label,
                    row.configuration,
                    row.claim,
                    found.states,
                    found.finish
                ),
                Some(k) => println!(
                    "{name:28} {:10} {:16} {:45} len {:3} last {:14} procs {} states {:7} {took}ms",
                    row.seeded().label,
                    row.configuration,
                    row.claim,
                    k.trail.actions.len(),
                    k.last,
                    k.processes,
                    found.states
                ),
            },
        }
    }
}

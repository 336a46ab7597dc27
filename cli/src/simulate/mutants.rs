//! Seeded bugs under the simulator: how many seeds each takes.
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use dm_model::mutant::{LIVELOCKS, MUTANTS, SURVIVORS, Seeded};
use dm_properties::simulated::{Found, Reach, SEED_COUNT, first_kill, reach_of};
use dm_sim::simulate::Options;
use serde::Serialize;

use super::{Arguments, failure};
use crate::exit::{Exit, Failure};
use crate::output::{Output, counted, grouped};
use crate::progress::Board;

#[derive(Serialize)]
struct Object<'a> {
    kind: &'static str,
    mutant: &'a str,
    label: &'a str,
    seeds: Option<u64>,
    seed: Option<u64>,
    claim: Option<&'a str>,
    found: Option<&'a str>,
    out_of_reach: Option<&'a str>,
}

/// One mutant: seeds until a claim breaks, and the shrunk trail.
pub(super) fn one(
    arguments: &Arguments,
    seeds: Range<u64>,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let options = arguments.options();
    let seeded = all().find(|it| it.mutant == options.mutant).expect("the parser knows it");
    if !output.json {
        let given = format!("--seeds {}..{}", seeds.start, seeds.end);
        output.line(arguments.replay_line(&given))?;
        output.indented(seeded.about())?;
        output.flush()?;
    }
    let tried = seeds.end - seeds.start;
    let found = first_kill(seeds, options);
    if output.json {
        output.object(&object(seeded, found.as_ref()))?;
    }
    let Some(Found { seed, seeds, found }) = found else {
        if !output.json {
            output.line("")?;
            output.line(format_args!("out of reach: {} break nothing", counted(tried, "seed")))?;
            if let Some(why) = why(seeded) {
                output.indented(why)?;
            }
        }
        return Ok(Exit::Safety);
    };
    if !output.json {
        output.line("")?;
        let seeds = counted(seeds, "seed");
        output.line(format_args!("{} is broken after {seeds}, by seed {seed}", found.claim))?;
        output.indented(&found.text)?;
    }
    failure::shrink_and_tell(arguments, seed, options, &found, output)?;
    Ok(Exit::Ok)
}

/// Every mutant.
pub(super) fn table(arguments: &Arguments, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let seeds = arguments.seeds.clone().unwrap_or(0..SEED_COUNT);
    if !output.json {
        let given = format!("--mutants --seeds {}..{}", seeds.start, seeds.end);
        output.line(arguments.replay_line(&given))?;
        output.line("")?;
        output.line(format_args!("{:<32} {:>6}  claim", "mutant", "seeds"))?;
        output.flush()?;
    }
    let board = Board::new(arguments.progress, false);
    let bar = Mutex::new(board.begin("mutants"));
    let rows: Vec<&Seeded> = all().collect();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let results: Mutex<Vec<Option<Option<Found>>>> = Mutex::new(vec![None; rows.len()]);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(row) = rows.get(index) else { return };
            let options = Options { mutant: row.mutant, ..arguments.options() };
            let found = first_kill(seeds.clone(), options);
            results.lock().expect("nobody panics with it")[index] = Some(found);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            bar.lock().expect("nobody panics with it").count(done, rows.len());
        }
    };
    thread::scope(|scope| {
        (1..arguments.jobs()).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    bar.into_inner().expect("nobody panicked with it").end();
    let results = results.into_inner().expect("nobody panicked with it");
    let mut missed = 0;
    for (row, found) in rows.iter().zip(results) {
        let found = found.expect("every row was run");
        missed += u32::from(found.is_none() && why(row).is_none());
        if output.json {
            output.object(&object(row, found.as_ref()))?;
            continue;
        }
        match &found {
            Some(found) => {
                let seeds = grouped(found.seeds);
                output.line(format_args!("{:<32} {seeds:>6}  {}", row.name, found.found.claim))?;
            }
            None => {
                let why = why(row).unwrap_or("not known why");
                output.line(format_args!("{:<32} {:>6}  {why}", row.name, "none"))?;
            }
        }
    }
    Ok(if missed == 0 { Exit::Ok } else { Exit::Safety })
}

fn all() -> impl Iterator<Item = &'static Seeded> {
    MUTANTS.iter().chain(LIVELOCKS).chain(SURVIVORS)
}

/// Why the simulator cannot reach it.
fn why(seeded: &Seeded) -> Option<&'static str> {
    match reach_of(seeded.mutant)? {
        Reach::OutOfReach(why) => Some(why),
        Reach::Found { .. } => None,
    }
}

fn object<'a>(seeded: &'a Seeded, found: Option<&'a Found>) -> Object<'a> {
    Object {
        kind: "mutant",
        mutant: seeded.name,
        label: seeded.label,
        seeds: found.map(|found| found.seeds),
        seed: found.map(|found| found.seed),
        claim: found.map(|found| found.found.claim),
        found: found.map(|found| found.found.text.as_str()),
        out_of_reach: if found.is_none() { why(seeded) } else { None },
    }
}

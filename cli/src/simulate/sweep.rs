//! Many seeds: what broke, grouped by finding and by claim, with the smallest seed of each.
use std::fmt::Write as _;
use std::sync::Mutex;

use dm_properties::simulated::{Group, Seeds, Swept, sweep, title_of};
use serde::Serialize;

use super::{Arguments, failure};
use crate::exit::{Exit, Failure};
use crate::output::{Output, counted, grouped};
use crate::progress::Board;

#[derive(Serialize)]
struct SweepObject<'a> {
    kind: &'static str,
    version: &'static str,
    era: &'a str,
    first: u64,
    end: u64,
    shard: String,
    seeds: u64,
    steps: u64,
    ios: u64,
    errors: u64,
    failures: u64,
}

#[derive(Serialize)]
struct GroupObject<'a> {
    kind: &'static str,
    claim: &'a str,
    finding: Option<&'a str>,
    seeds: u64,
    smallest_seed: u64,
    found: &'a str,
}

pub(super) fn run(
    arguments: &Arguments,
    seeds: &Seeds,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let options = arguments.options();
    let (part, parts) = seeds.shard;
    if !output.json {
        let mut given = format!("--seeds {}..{}", seeds.range.start, seeds.range.end);
        if parts > 1 {
            let _ = write!(given, " --shard {part}/{parts}");
        }
        output.line(arguments.replay_line(&given))?;
        output.flush()?;
    }
    let board = Board::new(arguments.progress, false);
    let bar = Mutex::new(board.begin("simulate"));
    let all = seeds.count();
    let observe = |done: u64| {
        if let Ok(mut bar) = bar.try_lock() {
            bar.count(done as usize, all as usize);
        }
    };
    let swept = sweep(seeds, options, arguments.jobs(), &observe);
    bar.into_inner().expect("nobody panicked with it").end();
    let news: Vec<&Group> = swept.groups.iter().filter(|it| it.finding.is_none()).collect();
    if output.json {
        json(arguments, seeds, &swept, output)?;
    } else {
        text(&swept, output)?;
    }
    if arguments.marks {
        failure::marks(&swept.marks, output)?;
    }
    if let Some(group) = news.iter().min_by_key(|group| group.seed) {
        if !output.json {
            output.line("")?;
            let seed = format!("--seed {}", group.seed);
            output.line("The smallest failing seed:")?;
            output.line(format_args!("  {}", arguments.replay_line(&seed)))?;
        }
        failure::shrink_and_tell(arguments, group.seed, options, &group.found, output)?;
    }
    Ok(failure::exit(news.iter().map(|group| group.found.claim)))
}

fn json(
    arguments: &Arguments,
    seeds: &Seeds,
    swept: &Swept,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    for group in &swept.groups {
        output.object(&GroupObject {
            kind: if group.finding.is_some() { "finding" } else { "failure" },
            claim: group.found.claim,
            finding: group.finding,
            seeds: group.count,
            smallest_seed: group.seed,
            found: &group.found.text,
        })?;
    }
    let (part, parts) = seeds.shard;
    output.object(&SweepObject {
        kind: "sweep",
        version: env!("CARGO_PKG_VERSION"),
        era: arguments.era.name(),
        first: seeds.range.start,
        end: seeds.range.end,
        shard: format!("{part}/{parts}"),
        seeds: swept.seeds,
        steps: swept.steps,
        ios: swept.ios,
        errors: swept.errors,
        failures: swept.groups.iter().filter(|it| it.finding.is_none()).count() as u64,
    })?;
    Ok(())
}

fn text(swept: &Swept, output: &mut Output<'_>) -> Result<(), Failure> {
    let (ios, errors) = (counted(swept.ios, "I/O"), counted(swept.errors, "error"));
    output.line(format_args!(
        "{} seeds, {} steps: {ios}, {errors} with a reason",
        grouped(swept.seeds),
        grouped(swept.steps)
    ))?;
    for group in &swept.groups {
        output.line("")?;
        let seeds = counted(group.count, "seed");
        let what = match group.finding {
            Some(id) => {
                let title = title_of(id);
                format!("finding {id}, {title}: {seeds}, the first is {}", group.seed)
            }
            None => {
                format!("{} is broken: {seeds}, the first is {}", group.found.claim, group.seed)
            }
        };
        output.line(what)?;
        output.indented(&group.found.text)?;
    }
    output.line("")?;
    let failures = swept.groups.iter().filter(|it| it.finding.is_none()).count();
    output.line(match (failures, swept.groups.len()) {
        (0, 0) => "every claim holds".to_owned(),
        (0, _) => "nothing breaks but findings".to_owned(),
        (count, _) => format!("{} that no finding explains", counted(count as u64, "break")),
    })?;
    Ok(())
}

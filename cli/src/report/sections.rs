//! The sections of REPORT.md that are generated: each runs what it tells of.
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::thread;

use dm_explore::{Control, Finish, Limits, Order};
use dm_model::era::{ERAS, Era};
use dm_model::mutant::MUTANTS;
use dm_properties::configurations::{Bound, Named, find, of_bound};
use dm_properties::findings::{Evidence, FINDINGS};
use dm_properties::kills::{KILLS, search_all};
use dm_properties::lassos::LivenessReport;
use dm_properties::search::{CheckReport, Options, Verdict, check_all};
use dm_sim::world::config::{Configuration, TextError};
use dm_threads::ends::Ends;
use dm_threads::engine::{Arc, Scheduler};
use dm_threads::failure::Failure as Failed;
use dm_threads::grain::{GRAINS, Grain};
use dm_threads::kills::{self, Found, Windows};
use dm_threads::weak::{Bounds, explore};
use dm_threads::windows::{self, WINDOWS};
use dm_threads::workload::{self, WORKLOADS};
use dm_threads::{schedules, weakest};

use super::conformance::conformance;
use super::simulated::{reached, simulated};
use crate::exit::Failure;
use crate::output::grouped;
use crate::progress::STATE_COUNT_MAX;

/// A section that is generated.
pub(super) struct Section {
    /// The name in the markers.
    pub(super) name: &'static str,
    /// Whether it takes more than half a minute.
    pub(super) is_deep: bool,
    /// Runs it, and tells.
    pub(super) body: fn() -> Result<String, Failure>,
}

/// Every section, in the order of the file.
pub(super) const SECTIONS: &[Section] = &[
    Section { name: "claims", is_deep: false, body: claims },
    Section { name: "eras", is_deep: false, body: eras },
    Section { name: "hardened", is_deep: true, body: hardened },
    Section { name: "findings", is_deep: false, body: findings },
    Section { name: "kills", is_deep: false, body: kills },
    Section { name: "engines", is_deep: true, body: engines },
    Section { name: "simulated", is_deep: false, body: || Ok(simulated()) },
    Section { name: "windows", is_deep: false, body: windows_table },
    Section { name: "grains", is_deep: false, body: grains },
    Section { name: "orderings", is_deep: false, body: orderings },
    Section { name: "schedules", is_deep: false, body: schedules_table },
    Section { name: "conformance", is_deep: true, body: conformance },
];

/// How many executions of each window loom is given to find a seeded bug of the rules.
const LOOM_EXECUTION_COUNT: u64 = 2_000;

/// How many schedules of each workload shuttle is given to find one.
const SHUTTLE_SCHEDULE_COUNT: usize = 1_000;

/// How many schedules each workload and scheduler gets.
const SCHEDULE_COUNT: usize = 300;

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn bad(error: TextError) -> Failure {
    Failure::Input(error.to_string())
}

fn search(named: &Named, era: Era) -> Result<CheckReport, TextError> {
    let configuration = Configuration::parse(named.name, named.text)?;
    let options = Options { limits: Limits::default(), order: Order::Forward };
    check_all(&configuration, era, options, STATE_COUNT_MAX, &mut |_| Control::Continue)
}

/// The claims that broke, those that are not pinned in capitals.
fn broken(report: &CheckReport) -> String {
    let broken = report.claims.iter().filter(|it| matches!(it.verdict, Verdict::Broken { .. }));
    let names = broken.map(|it| match it.pinned {
        Some(_) => format!("`{}`, pinned", it.claim.name),
        None => format!("`{}`, NOT PINNED", it.claim.name),
    });
    let names: Vec<_> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join("; ") }
}

/// The liveness claims that broke, those that are not pinned in capitals.
fn broken_eventually(report: &CheckReport) -> String {
    let reports = match &report.liveness {
        Some(LivenessReport::Judged(reports)) => &reports[..],
        Some(LivenessReport::Refused(_)) | None => return "not judged".to_owned(),
    };
    let broken = reports.iter().filter(|it| it.is_broken());
    let names: Vec<_> = broken
        .map(|it| match it.pinned {
            Some(_) => format!("`{}`, pinned", it.claim.name),
            None => format!("`{}`, NOT PINNED", it.claim.name),
        })
        .collect();
    if names.is_empty() { "none".to_owned() } else { names.join("; ") }
}

/// The configurations of a bound, two at a time; a row each.
fn configurations(bound: Bound, era: Era) -> Result<String, Failure> {
    let all = of_bound(bound);
    let rows = Mutex::new(vec![None; all.len()]);
    let queue = Mutex::new(all.iter().enumerate());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, named)) = next else { return };
                    let row = search(named, era).map(|report| row(named, &report));
                    rows.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(row);
                }
            });
        }
    });
    let mut text = String::from(
        "| configuration | states | transitions | depth | ends | whole | claims that break \
         | liveness claims that break |\n|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows.into_inner().unwrap_or_else(PoisonError::into_inner) {
        text += &row.expect("every one was searched").map_err(bad)?;
    }
    Ok(text)
}

fn row(named: &Named, report: &CheckReport) -> String {
    let whole = if report.finish == Finish::Complete { "yes" } else { "no" };
    format!(
        "| `{}`: {} | {} | {} | {} | {} | {whole} | {} | {} |\n",
        named.name,
        named.about,
        grouped(report.states),
        grouped(report.transitions),
        report.depth,
        report.ends,
        broken(report),
        broken_eventually(report)
    )
}

fn claims() -> Result<String, Failure> {
    configurations(Bound::Quick, Era::Linux2_6_20)
}

fn hardened() -> Result<String, Failure> {
    configurations(Bound::Standard, Era::Hardened)
}

fn eras() -> Result<String, Failure> {
    let mut text = String::from(
        "| era | states | claims that break | liveness claims that break |\n|---|---|---|---|\n",
    );
    let named = find("implicit").expect("it is a default configuration");
    for era in ERAS {
        let report = search(named, era).map_err(bad)?;
        let (name, states) = (era.name(), grouped(report.states));
        let (always, live) = (broken(&report), broken_eventually(&report));
        let _ = writeln!(text, "| {name} | {states} | {always} | {live} |");
    }
    Ok(text)
}

#[expect(clippy::unnecessary_wraps, reason = "a section may fail")]
fn findings() -> Result<String, Failure> {
    let mut text = String::from(
        "| | finding | claim | evidence | trail | command |\n|---|---|---|---|---|---|\n",
    );
    for it in FINDINGS {
        let evidence: Vec<_> = it.evidence.iter().map(evidence).collect();
        let _ = writeln!(
            text,
            "| {} | {} | `{}` | {} | `properties/regressions/{}` | `pushback findings {}` |",
            it.id,
            it.title,
            it.claim,
            evidence.join("; "),
            it.trail,
            it.id
        );
    }
    Ok(text)
}

fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::ByReading(source) => format!("*by reading* {source}"),
        Evidence::InTheModel => "*in the model*".to_owned(),
        Evidence::OnThreads => "*on threads*".to_owned(),
        Evidence::SeenOnKernel(version, scenario) => {
            format!("*seen on kernel* {version} (`scenarios/{scenario}.dm`)")
        }
    }
}

fn kills() -> Result<String, Failure> {
    let mut text = String::from(
        "| mutant | label | claim | configuration | steps | processes | states |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let searched = search_all(Limits::default()).map_err(bad)?;
    for (kill, it) in KILLS.iter().zip(searched) {
        let seeded = kill.seeded();
        let (steps, processes) = it.killed.as_ref().map_or_else(
            || ("SURVIVES".to_owned(), String::new()),
            |killed| (killed.trail.actions.len().to_string(), killed.processes.to_string()),
        );
        let _ = writeln!(
            text,
            "| `{}` | {} | `{}` | `{}` | {steps} | {processes} | {} |",
            seeded.name,
            seeded.label,
            kill.claim,
            kill.configuration,
            grouped(it.states)
        );
    }
    Ok(text)
}

/// Each seeded bug under the engines that run threads, and under the simulator.
fn engines() -> Result<String, Failure> {
    let mut text = String::from("| mutant | loom | shuttle | simulator |\n|---|---|---|---|\n");
    let windows = Windows::all().map_err(bad)?;
    let (mut by_loom, mut by_shuttle, mut by_simulator) = (0, 0, 0);
    let told = |found: Option<Found>, what: &str| {
        found.map_or("not found".to_owned(), |it| {
            format!("`{}`, {what} {}: {}", it.place, grouped(it.number), it.kind)
        })
    };
    for known in MUTANTS {
        let loom = windows.find(known.mutant, LOOM_EXECUTION_COUNT);
        let shuttle = kills::by_shuttle(known.mutant, SHUTTLE_SCHEDULE_COUNT).map_err(bad)?;
        by_loom += usize::from(loom.is_some());
        by_shuttle += usize::from(shuttle.is_some());
        let (loom, shuttle) = (told(loom, "execution"), told(shuttle, "schedule"));
        let (simulator, is_found) = reached(known.mutant);
        by_simulator += usize::from(is_found);
        let _ = writeln!(text, "| `{}` | {loom} | {shuttle} | {simulator} |", known.name);
    }
    let count = MUTANTS.len();
    let _ = writeln!(text, "| of {count} | {by_loom} | {by_shuttle} | {by_simulator} |");
    Ok(text)
}

fn windows_table() -> Result<String, Failure> {
    let mut text = String::from(
        "| window | threads | bound | executions | with a stale read | ends, of Plain's | found |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for named in WINDOWS {
        let window = named.window().map_err(bad)?;
        let ends = Ends::of(&window);
        let bounds = Bounds { preemptions: named.bound, executions: u64::MAX };
        let report = explore(&window, named.text, &ends, Grain::None, bounds).map_err(bad)?;
        let pinned = ends.broken.iter().map(|(it, _, why)| match why {
            Some(_) => format!("`{}`, pinned", it.claim),
            None => format!("`{}`, NOT PINNED", it.claim),
        });
        let found: Vec<_> = report.failure.iter().map(Failed::kind).chain(pinned).collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join("; ") };
        let bound = named.bound.map_or("none".to_owned(), |bound| bound.to_string());
        let _ = writeln!(
            text,
            "| `{}`: {} | {} | {bound} | {} | {} | {} of {} | {found} |",
            named.name,
            window.about,
            window.round.jobs.len(),
            grouped(report.executions),
            grouped(report.stale),
            report.ends,
            ends.worlds.len()
        );
    }
    Ok(text)
}

fn grains() -> Result<String, Failure> {
    let mut text = String::from(
        "| seeded bug | what | window | executions | found |\n|---|---|---|---|---|\n",
    );
    for it in GRAINS {
        let named = windows::find(it.window).expect("a test looks for it");
        let window = named.window().map_err(bad)?;
        let ends = Ends::of(&window);
        let bounds = Bounds { preemptions: named.bound, executions: u64::MAX };
        let report = explore(&window, named.text, &ends, it.grain, bounds).map_err(bad)?;
        let found = report.failure.as_ref().map_or("SURVIVES".to_owned(), Failed::kind);
        let executions = grouped(report.executions);
        let _ = writeln!(
            text,
            "| `{}` | {} | `{}` | {executions} | {found} |",
            it.name, it.about, it.window
        );
    }
    Ok(text)
}

fn orderings() -> Result<String, Failure> {
    let mut text = String::from(
        "| access | in the kernel | loom needs | one step below |\n|---|---|---|---|\n",
    );
    let windows: Vec<_> = weakest::windows().collect();
    for row in weakest::table(&windows, |_| ()).map_err(bad)? {
        let weakest = row.weakest.map_or("no window has it".to_owned(), |it| it.to_string());
        let below = row.below.as_ref().map_or(String::new(), |below| {
            format!("{}: {}, in `{}`", below.strength, below.what, below.window)
        });
        let (site, source) = (row.site, row.site.source());
        let (access, kernel) = (site.text(), site.strength());
        let _ = writeln!(text, "| {access} | {kernel} ({source}) | {weakest} | {below} |");
    }
    Ok(text)
}

fn schedules_table() -> Result<String, Failure> {
    let mut text = String::from(
        "| workload | scheduler | schedules | steps | found |\n|---|---|---|---|---|\n",
    );
    let all = [("random", Scheduler::Random), ("PCT, depth 3", Scheduler::Pct(3))];
    for known in WORKLOADS {
        let round = workload::round(known.name, known.text, dm_model::mutant::Mutant::None);
        let round = Arc::new(round.map_err(bad)?);
        for (name, scheduler) in all {
            let report = schedules::explore(&round, Grain::None, scheduler, 1, SCHEDULE_COUNT);
            let found = report.failure.as_ref().map_or("nothing".to_owned(), |it| it.1.kind());
            let (schedules, steps) = (report.schedules, grouped(report.steps as u64));
            let _ =
                writeln!(text, "| `{}` | {name} | {schedules} | {steps} | {found} |", known.name);
        }
    }
    Ok(text)
}

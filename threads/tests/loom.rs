//! loom: the critical windows, the seeded bugs of the grain, and how weak each access may be.
use std::fmt::Write as _;

use dm_model::era::Era;
use dm_threads::ends::Ends;
use dm_threads::grain::{GRAINS, Grain};
use dm_threads::weak::{Bounds, WeakReport, explore};
use dm_threads::weakest;
use dm_threads::window::Window;
use dm_threads::windows::{BOUND, Named, WINDOWS, find};
use expect_test::{expect, expect_file};

/// The windows that take longest, each in a test of its own.
const LARGE: &[&str] = &["cycle", "fail-reinstate-map", "requeue-error-tail", "two-suspenders"];

fn run(named: &Named, grain: Grain, preemptions: Option<usize>) -> (Ends, WeakReport) {
    let window = named.window().expect("the windows of the project are right");
    let ends = Ends::of(&window);
    let bounds = Bounds { preemptions, executions: u64::MAX };
    let report = explore(&window, named.text, &ends, grain, bounds).expect("it is right");
    (ends, report)
}

/// A window's row, once nothing was found and every end was reached.
fn row(named: &Named, preemptions: Option<usize>) -> String {
    let (ends, report) = run(named, Grain::None, preemptions);
    let failure = report.failure.map(|failure| failure.kind());
    assert_eq!((failure, report.is_complete), (None, true), "{}", named.name);
    assert_eq!(report.ends, ends.worlds.len(), "{} reaches every end of Plain", named.name);
    assert_eq!(ends.stuck.len(), 0, "{} always comes to its end", named.name);
    let mut known = String::new();
    for (broken, _, reason) in &ends.broken {
        assert!(reason.is_some(), "{}: {}: {}", named.name, broken.claim, broken.text);
        let _ = write!(known, ", pinned {}", broken.claim);
    }
    let bound = preemptions.map_or("none".to_owned(), |bound| bound.to_string());
    format!(
        "{}: bound {bound}, {} executions, {} stale, {} ends{known}\n",
        named.name, report.executions, report.stale, report.ends
    )
}

#[test]
fn every_window_ends_as_plain_does_and_reaches_every_end() {
    let small = WINDOWS.iter().filter(|named| !LARGE.contains(&named.name));
    let table: String = small.map(|named| row(named, named.bound)).collect();
    expect_file!["golden/windows.txt"].assert_eq(&table);
}

#[test]
fn a_whole_cycle_ends_as_plain_does_and_reaches_every_end() {
    let named = find("cycle").expect("it is there");
    expect![[r"
        cycle: bound 2, 51702 executions, 1500 stale, 2 ends
    "]]
    .assert_eq(&row(named, named.bound));
}

#[test]
fn the_largest_windows_are_complete_without_a_bound() {
    let large = LARGE.iter().filter_map(|name| find(name)).filter(|named| named.bound.is_none());
    let table: String = large.map(|named| row(named, None)).collect();
    expect![[r"
        fail-reinstate-map: bound none, 10053 executions, 0 stale, 5 ends
        requeue-error-tail: bound none, 49037 executions, 33721 stale, 2 ends, pinned requeue_supersedes_errors
        two-suspenders: bound none, 16952 executions, 6733 stale, 4 ends
    "]]
    .assert_eq(&table);
}

/// In the windows in which a signal makes 2.6.20 fail an I/O, and in those of a suspend's tail.
#[test]
fn the_repaired_design_fails_no_io_in_the_windows_of_a_suspend() {
    let names = [
        "requeue-tail",
        "end-tail",
        "signal-sleep",
        "requeue-signal-tail",
        "worker-flag-clear",
        "submit-block-signal",
        "two-requeues-tail",
    ];
    let mut table = String::new();
    for named in names.iter().filter_map(|name| find(name)) {
        let text = named.text_of(Era::Hardened);
        let window = Window::parse(named.name, &text).expect("it is right");
        let ends = Ends::of(&window);
        let bounds = Bounds { preemptions: Some(BOUND), executions: u64::MAX };
        let report = explore(&window, &text, &ends, Grain::None, bounds).expect("it is right");
        let failure = report.failure.map(|failure| failure.kind());
        assert_eq!((failure, report.is_complete), (None, true), "{}", named.name);
        assert_eq!(report.ends, ends.worlds.len(), "{} reaches every end of Plain", named.name);
        let broken: Vec<_> = ends.broken.iter().map(|(broken, ..)| broken.claim).collect();
        assert_eq!(broken, Vec::<&str>::new(), "{}", named.name);
        let _ = writeln!(table, "{}: {} executions", named.name, report.executions);
    }
    expect_file!["golden/hardened.txt"].assert_eq(&table);
}

#[test]
fn every_seeded_bug_of_the_grain_is_found_in_its_window() {
    let mut table = String::new();
    for named in GRAINS {
        let window = find(named.window).expect("the window is there");
        let (_, report) = run(window, named.grain, window.bound);
        let failure = report.failure.unwrap_or_else(|| panic!("{} survives", named.name));
        assert!(!failure.events.is_empty(), "{} has its trail", named.name);
        let _ = writeln!(
            table,
            "{}: {} executions of {}: {}",
            named.name,
            report.executions,
            named.window,
            failure.kind()
        );
    }
    expect_file!["golden/grains.txt"].assert_eq(&table);
}

#[test]
fn a_bug_of_memory_ordering_names_the_read_and_the_write_that_it_missed() {
    let window = find("end-tail").expect("it is there");
    let grain = dm_threads::grain::find("prepare-without-barrier").expect("it is there").grain;
    let (_, report) = run(window, grain, None);
    let start = window.window().expect("it is right").round.world;
    let text = report.failure.expect("it is found").text(&start);
    expect_file!["golden/stale-read.txt"].assert_eq(&text);
}

#[test]
fn each_access_has_the_weakest_ordering_under_which_loom_finds_nothing() {
    let windows: Vec<_> = weakest::windows().collect();
    let rows = weakest::table(&windows, |_| ()).expect("the windows are right");
    let lines: Vec<_> = rows.iter().flat_map(weakest::lines).collect();
    expect_file!["golden/orderings.txt"].assert_eq(&(lines.join("\n") + "\n"));
    for row in &rows {
        let enough = row.weakest.is_some_and(|weakest| weakest <= row.site.strength());
        assert!(enough, "{}: the kernel's ordering is enough", row.site.text());
    }
}

/// Takes minutes.
#[test]
#[ignore = "cargo deep"]
fn the_windows_of_a_deep_run_end_as_plain_does_and_reach_every_end() {
    let deeper = WINDOWS.iter().filter(|named| named.deep != named.bound);
    let table: String = deeper.map(|named| row(named, named.deep)).collect();
    expect_file!["golden/deep-windows.txt"].assert_eq(&table);
}

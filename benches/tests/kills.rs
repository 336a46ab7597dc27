//! Whatever kills a search, at whatever moment, it goes on from the checkpoint before.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dm_benches::reference::SIZES;
use dm_explore::{Checkpoints, Control, Finish, Limits, Order, Search};
use dm_properties::configurations::{Parameters, generate};
use dm_properties::search::{CheckReport, ClaimReport, Engine, Options, Verdict, check_large};
use dm_sim::world::config::Configuration;

const FILE: &str = "DM_BENCHES_KILLED_SEARCH";

/// Where the child keeps its search, and goes on with it if it is there.
fn checkpoints(identity: &str) -> (Checkpoints, Option<PathBuf>) {
    let path = PathBuf::from(std::env::var_os(FILE).expect("the other test says where"));
    let every = Some(Duration::from_millis(15));
    let resumed = path.exists().then(|| path.clone());
    (Checkpoints { path, identity: identity.to_owned(), every }, resumed)
}

fn say_done(checkpoints: &Path) {
    fs::write(checkpoints.with_extension("done"), "").expect("it can be written");
}

/// The search that is killed. It goes on with the file if there is one, and says when it is done.
#[test]
#[ignore = "the child of the other test"]
fn the_search_of_a_child() {
    let (checkpoints, resumed) = checkpoints("4 2 2 2 0");
    let path = checkpoints.path.clone();
    let (size, states, transitions) = SIZES[2];
    let search = Search::new(&size).checkpoints(checkpoints);
    let search = if let Some(path) = resumed { search.continue_from(path) } else { search };
    let report = search.try_run_packed().expect("a checkpoint is whole at any moment");
    assert_eq!((report.finish, report.states), (Finish::Complete, states));
    assert_eq!((report.transitions, report.depth, report.ends), (transitions, 35, 1));
    say_done(&path);
}

/// Every schedule of one bio over two paths, on two threads.
fn model(engine: Engine<'_>) -> CheckReport {
    let sizes = Parameters { bios: 1, paths: 2, faults: 1, cycles: 1, signals: 0, messages: 0 };
    let configuration = Configuration::parse("generated", &generate(sizes)).expect("it is right");
    let options = Options { limits: Limits::default(), order: Order::Forward };
    let observer = &mut |_: &_| Control::Continue;
    let report = check_large(&configuration, configuration.era, options, engine, observer);
    report.expect("a checkpoint is whole at any moment")
}

/// As above, of the model: its states are kept whole, and those that wait are derived again.
#[test]
#[ignore = "the child of the other test"]
fn the_search_of_the_model_of_a_child() {
    let (checkpoints, resume) = checkpoints("1 2 1 1");
    let path = checkpoints.path.clone();
    let engine = Engine { threads: 2, checkpoints: Some(checkpoints), resume, ..Engine::default() };
    let report = model(engine);
    assert_eq!((report.finish, report.states), (Finish::Complete, 28_786));
    let whole = model(Engine { threads: 1, ..Engine::default() });
    assert_eq!((report.transitions, report.depth), (whole.transitions, whole.depth));
    assert_eq!((report.ends, report.claims.len()), (whole.ends, whole.claims.len()));
    let is_broken = |it: &ClaimReport| matches!(it.verdict, Verdict::Broken { .. });
    for (one, other) in report.claims.iter().zip(&whole.claims) {
        assert_eq!(is_broken(one), is_broken(other), "{}", one.claim.name);
    }
    say_done(&path);
}

fn child(name: &str, path: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    let arguments = ["--exact", name, "--ignored"];
    let child = child.args(arguments).env(FILE, path).stdout(Stdio::null());
    child.spawn().expect("it can be started")
}

#[test]
fn a_search_that_is_killed_at_fifty_moments_ends_with_the_known_counts() {
    kill("the_search_of_a_child", 50, 150);
}

#[test]
fn a_search_of_the_model_on_two_threads_that_is_killed_ends_with_the_counts_of_a_whole_one() {
    kill("the_search_of_the_model_of_a_child", 12, 400);
}

/// Kills children so often, each after so many milliseconds at most, and lets the last one end.
fn kill(name: &str, kill_count: u64, moment_max: u64) {
    let directory = std::env::temp_dir().join(format!("dm-benches-{}-{name}", std::process::id()));
    fs::create_dir_all(&directory).expect("it can be made");
    let (path, done) = (directory.join("search"), directory.join("search.done"));
    let mut random = 1_u64;
    let mut draw = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        random >> 33
    };
    let (mut kills, mut rounds, mut went_on) = (0, 0, 0);
    while kills < kill_count {
        let mut running = child(name, &path);
        went_on += u64::from(path.exists());
        let deadline = Instant::now() + Duration::from_millis(draw() % moment_max);
        while Instant::now() < deadline && !done.exists() {
            std::thread::sleep(Duration::from_micros(200));
        }
        if done.exists() {
            assert!(running.wait().expect("it ends").success());
            fs::remove_file(&done).expect("it is there");
            fs::remove_file(&path).expect("it was written");
            rounds += 1;
            continue;
        }
        running.kill().expect("it is killed");
        running.wait().expect("it ends");
        kills += 1;
    }
    let status = child(name, &path).wait().expect("it ends");
    assert!(status.success() && done.exists(), "the last one goes on to the end");
    assert!(went_on > kill_count / 2, "{went_on} went on with a file, {rounds} were complete");
    fs::remove_dir_all(&directory).expect("it is there");
}

//! Whatever kills a search, at whatever moment, it goes on from the checkpoint before.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dm_benches::reference::SIZES;
use dm_explore::{Checkpoints, Finish, Search};

const KILL_COUNT: u64 = 50;
const FILE: &str = "DM_BENCHES_KILLED_SEARCH";

fn checkpoints(path: PathBuf) -> Checkpoints {
    let every = Some(Duration::from_millis(15));
    Checkpoints { path, identity: "4 2 2 2 0".to_owned(), every }
}

/// The search that is killed. It goes on with the file if there is one, and says when it is done.
#[test]
#[ignore = "the child of the other test"]
fn the_search_of_a_child() {
    let path = PathBuf::from(std::env::var_os(FILE).expect("the other test says where"));
    let (size, states, transitions) = SIZES[2];
    let search = Search::new(&size).checkpoints(checkpoints(path.clone()));
    let search = if path.exists() { search.continue_from(path.clone()) } else { search };
    let report = search.try_run_packed().expect("a checkpoint is whole at any moment");
    assert_eq!((report.finish, report.states), (Finish::Complete, states));
    assert_eq!((report.transitions, report.depth, report.ends), (transitions, 35, 1));
    fs::write(path.with_extension("done"), "").expect("it can be written");
}

fn child(path: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    let arguments = ["--exact", "the_search_of_a_child", "--ignored"];
    let child = child.args(arguments).env(FILE, path).stdout(Stdio::null());
    child.spawn().expect("it can be started")
}

#[test]
fn a_search_that_is_killed_at_fifty_moments_ends_with_the_known_counts() {
    let directory = std::env::temp_dir().join(format!("dm-benches-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("it can be made");
    let (path, done) = (directory.join("search"), directory.join("search.done"));
    let mut random = 1_u64;
    let mut draw = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        random >> 33
    };
    let (mut kills, mut rounds, mut went_on) = (0, 0, 0);
    while kills < KILL_COUNT {
        let mut running = child(&path);
        went_on += u64::from(path.exists());
        let deadline = Instant::now() + Duration::from_millis(draw() % 150);
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
    let status = child(&path).wait().expect("it ends");
    assert!(status.success() && done.exists(), "the last one goes on to the end");
    assert!(went_on > KILL_COUNT / 2, "{went_on} went on with a file, {rounds} were complete");
    fs::remove_dir_all(&directory).expect("it is there");
}

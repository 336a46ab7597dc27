//! `pushback check`, on configurations that are searched at once.
mod common;

use common::{assert_narrow, directory, objects, pushback};
use expect_test::expect_file;

const FLUSH: &str = "scenarios/cover-letter-flush.dm";
const NOFLUSH: &str = "scenarios/cover-letter-noflush.dm";

#[test]
fn a_small_configuration_holds() {
    let run = pushback(&["check", "--bios", "1", "--faults", "0"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(run.stderr, "");
    assert_narrow(&run.stdout);
    expect_file!["golden/check-holds.txt"].assert_eq(&run.stdout);
}

#[test]
fn a_pinned_claim_is_reported_and_does_not_fail() {
    let run = pushback(&["check", "--bios", "1", "--era", "2.6.19"]);
    assert_narrow(&run.stdout);
    expect_file!["golden/check-pinned.txt"].assert_eq(&run.stdout);
    assert!(run.stdout.contains("\nPINNED no_bogus_error "));
    let has_surprises = run.stdout.contains("\nBROKEN ");
    assert_eq!(run.code, if has_surprises { 12 } else { 0 }, "{}", run.stderr);
}

#[test]
fn an_interrupted_suspend_breaks_a_claim_and_nothing_is_pinned() {
    let run = pushback(&["check", "--signals", "1"]);
    assert_eq!(run.code, 12, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("\nBROKEN "), "{}", run.stdout);
    assert!(!run.stdout.contains("PINNED"), "{}", run.stdout);
}

#[test]
fn a_seeded_bug_is_found_and_its_trail_has_it() {
    let directory = directory("check-mutant");
    let trails = directory.to_str().expect("a plain path");
    let mutant = "pending-before-append";
    let run = pushback(&["check", "--mutant", mutant, "--faults", "1", "--trails", trails]);
    assert_eq!(run.code, 12, "{}{}", run.stdout, run.stderr);
    let replay = run.stdout.lines().find_map(|line| line.trim().strip_prefix("pushback replay "));
    let trail = replay.expect("there is a command to paste");
    assert!(trail.contains(mutant), "{trail}");
    assert_eq!(pushback(&["replay", trail]).code, 12);
}

#[test]
fn a_limit_is_told() {
    let run = pushback(&["check", "--bios", "1", "--max-states", "50"]);
    assert_eq!(run.code, 75, "{}", run.stdout);
    assert!(run.stdout.contains("NOT complete: the limit on states was reached"));
    assert!(run.stdout.contains("open not broken where the search ended"));
}

#[test]
fn both_orders_and_both_runs_count_the_same() {
    let arguments = ["check", "--config", FLUSH, "--config", NOFLUSH, "--json", "--order"];
    let order = |name| pushback(&[&arguments[..], &[name]].concat());
    assert_eq!(order("forward"), order("forward"));
    let counts = |name| {
        let objects = objects(&order(name).stdout);
        let all = objects.into_iter().filter(|object| object["kind"] == "configuration");
        all.map(|it| ["states", "transitions", "depth", "ends"].map(|key| it[key].as_u64()))
            .collect::<Vec<_>>()
    };
    assert_eq!(counts("forward"), counts("backward"));
    assert_eq!(counts("forward").len(), 2);
}

#[test]
fn results_come_in_the_order_that_was_asked_for() {
    let run = pushback(&["check", "--config", FLUSH, "--config", NOFLUSH, "--json"]);
    let objects = objects(&run.stdout);
    let names: Vec<_> = objects
        .iter()
        .filter(|object| object["kind"] == "configuration")
        .map(|object| object["configuration"].as_str().expect("a name is text"))
        .collect();
    assert_eq!(names, ["cover-letter-flush", "cover-letter-noflush"]);
    let end = objects.last().expect("there is an end");
    assert_eq!(end["exit"].as_i64(), Some(run.code.into()));
}

#[test]
fn a_file_is_a_configuration_too() {
    let run = pushback(&["check", "--config", NOFLUSH]);
    assert!([0, 12].contains(&run.code), "{}", run.stderr);
    assert!(run.stdout.starts_with("1. cover-letter-noflush, era 2.6.20: from scenarios/"));
}

#[test]
fn a_run_that_goes_on_for_ever_is_told_as_a_lasso() {
    let run = pushback(&["check", "--mutant", "dispatch-without-path", "--cycles", "0", "--never"]);
    assert_eq!(run.code, 13, "{}{}", run.stdout, run.stderr);
    assert_narrow(&run.stdout);
    expect_file!["golden/check-lasso.txt"].assert_eq(&run.stdout);
}

#[test]
fn a_lost_wake_up_is_told_as_stuck() {
    let run = pushback(&["check", "--mutant", "check-before-prepare", "--faults", "0"]);
    assert_eq!(run.code, 11, "{}{}", run.stdout, run.stderr);
    assert_narrow(&run.stdout);
    expect_file!["golden/check-stuck.txt"].assert_eq(&run.stdout);
}

#[test]
fn liveness_claims_are_not_judged_where_the_graph_is_too_large() {
    let arguments = ["check", "--bios", "1", "--faults", "0", "--max-live-states", "1000"];
    let run = pushback(&arguments);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("\nsize not judged: more states than --max-live-states"));
    assert!(run.stdout.contains("\n8 liveness claims on 0 configurations, 1 not judged: "));
}

#[test]
fn programs_are_told_of_lassos_and_of_what_never_fired() {
    let mutant = ["--mutant", "dispatch-without-path", "--cycles", "0", "--json"];
    let run = pushback(&[&["check"][..], &mutant].concat());
    let objects = objects(&run.stdout);
    let is_rest = |object: &&serde_json::Value| object["claim"] == "every_run_comes_to_rest";
    let rest = objects.iter().find(is_rest).expect("it is judged");
    assert_eq!((rest["verdict"].as_str(), rest["lassos"].as_u64()), (Some("broken"), Some(2)));
    let cycle = rest["cycle"].as_array().expect("there is a cycle");
    assert_eq!(cycle.len(), 4);
    assert_eq!(rest["fairness"].as_array().map(Vec::len), Some(2));
    let end = objects.last().expect("there is an end");
    let labels = end["never_fired_labels"].as_array().expect("there are some");
    assert!(labels.iter().any(|label| label == "DL1"), "{labels:?}");
    assert_eq!(end["liveness_surprises"], 1);
}

/// The states, transitions, depth and ends of the only configuration.
fn sizes(stdout: &str) -> Vec<serde_json::Value> {
    let all = objects(stdout);
    let it = all.iter().find(|it| it["kind"] == "configuration").expect("there is one");
    ["states", "transitions", "depth", "ends"].map(|size| it[size].clone()).to_vec()
}

#[test]
fn a_search_that_is_cut_short_goes_on_to_the_same_counts() {
    let directory = directory("check-resume");
    let file = directory.join("search");
    let file = file.to_str().expect("a plain path");
    let whole = pushback(&["check", "--config", "implicit", "--json"]);
    for form in [&["--threads", "1"][..], &["--threads", "2"], &["--compact"]] {
        let check = |rest: &[&str]| {
            pushback(&[&["check", "--config", "implicit", "--json"], form, rest].concat())
        };
        let part = check(&["--max-states", "4000", "--checkpoint", file]);
        assert_eq!(part.code, 75, "{}{}", part.stdout, part.stderr);
        let rest = check(&["--resume", file]);
        assert_eq!(rest.code, whole.code, "{}{}", rest.stdout, rest.stderr);
        assert_eq!(sizes(&rest.stdout), sizes(&whole.stdout), "{form:?}");
        let claims = |stdout: &str| -> Vec<serde_json::Value> {
            let all = objects(stdout).into_iter().filter(|it| it["kind"] == "claim");
            all.map(|it| serde_json::json!([it["claim"], it["verdict"], it["broken_by"]])).collect()
        };
        assert_eq!(claims(&rest.stdout), claims(&whole.stdout), "{form:?}");
    }
}

#[test]
fn each_limit_ends_a_search_in_order() {
    for limit in [["--max-depth", "20"], ["--memory", "1M"], ["--max-states", "50"]] {
        let run =
            pushback(&[&["check", "--config", "implicit", "--threads", "2"], &limit[..]].concat());
        assert_eq!(run.code, 75, "{limit:?}: {}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains("NOT complete: the limit on "), "{limit:?}: {}", run.stdout);
    }
}

#[test]
fn a_file_that_cannot_be_gone_on_with_is_refused() {
    let directory = directory("check-refused");
    let file = directory.join("search");
    let name = file.to_str().expect("a plain path");
    let resume = |config: &str| {
        let run = pushback(&["check", "--config", config, "--resume", name]);
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{}", run.stderr);
        run.stderr
    };
    assert!(resume("implicit").contains("it cannot be read: "));
    let part = ["check", "--config", "implicit", "--max-states", "4000", "--checkpoint", name];
    assert_eq!(pushback(&part).code, 75);
    let foreign = resume("mixed");
    assert!(foreign.contains("it is of another search: pushback "), "{foreign}");
    let mut bytes = std::fs::read(&file).expect("it was written");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).expect("it can be written");
    assert!(resume("implicit").contains("it is damaged: "));
    bytes[8] = 200;
    std::fs::write(&file, &bytes).expect("it can be written");
    assert!(resume("implicit").contains("it has format 200, "));
    std::fs::write(&file, "era: 2.6.20\nmode: bio\n").expect("it can be written");
    assert!(resume("implicit").contains("it is no checkpoint of a search"));
}

#[test]
fn sigterm_ends_a_search_in_order() {
    let directory = directory("check-sigterm");
    let file = directory.join("search");
    let name = file.to_str().expect("a plain path");
    let arguments = ["check", "--config", "messages", "--threads", "2", "--every", "1h"];
    let running = common::command(&arguments)
        .args(["--checkpoint", name])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it can be started");
    std::thread::sleep(std::time::Duration::from_millis(300));
    let pid = running.id().to_string();
    let sent = std::process::Command::new("kill").args(["-TERM", &pid]).status();
    assert!(sent.expect("there is a kill").success());
    let ended = running.wait_with_output().expect("it ends");
    let stdout = String::from_utf8(ended.stdout).expect("it is text");
    assert_eq!(ended.status.code(), Some(75), "{stdout}");
    assert!(stdout.contains("NOT complete: it was stopped"), "{stdout}");
    assert!(stdout.contains("kept in a checkpoint, to be gone on with by --resume"), "{stdout}");
    let rest =
        pushback(&["check", "--config", "messages", "--threads", "2", "--resume", name, "--json"]);
    assert_eq!(sizes(&rest.stdout), [923_891, 4_147_260, 96, 10].map(serde_json::Value::from));
}

#[test]
fn a_reduced_search_breaks_the_same_claims_in_fewer_states() {
    let search = |reduce: &str| {
        let arguments = ["check", "--config", "implicit", "--max-live-states", "0", "--json"];
        let run = pushback(&[&arguments[..], &["--reduce", reduce]].concat());
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        let objects = objects(&run.stdout);
        assert_eq!(objects[0]["reduce"], reduce);
        let broken = objects.iter().filter(|it| it["verdict"] == "pinned");
        let broken: Vec<_> = broken.map(|it| it["claim"].clone()).collect();
        (objects[0]["states"].as_u64().expect("a number"), broken)
    };
    let (whole, broken) = search("none");
    let (left, same) = search("all");
    assert_eq!(broken.len(), 1);
    assert_eq!(same, broken);
    assert!(left * 2 < whole, "{left} of {whole}");
}

#[test]
fn a_reduction_is_refused_where_liveness_claims_would_be_judged() {
    for reduce in ["symmetry", "local", "all"] {
        let run = pushback(&["check", "--bios", "1", "--faults", "0", "--reduce", reduce]);
        assert_eq!((run.code, run.stdout.as_str()), (64, ""));
        assert!(run.stderr.contains(&format!("--reduce {reduce}: ")), "{}", run.stderr);
        assert!(run.stderr.contains("--max-live-states 0"), "{}", run.stderr);
    }
    let run = pushback(&["check", "--bios", "1", "--reduce", "some"]);
    assert_eq!(run.code, 64);
    assert!(run.stderr.contains("none, symmetry, local, all"), "{}", run.stderr);
}

#[test]
fn a_search_is_gone_on_with_as_it_was_reduced() {
    let directory = directory("check-reduced");
    let file = directory.join("kept");
    let kept = file.to_str().expect("a plain path");
    let arguments = ["check", "--bios", "1", "--reduce", "local", "--max-live-states", "0"];
    let begun = [&arguments[..], &["--max-states", "200", "--checkpoint", kept]].concat();
    assert_eq!(pushback(&begun).code, 75);
    let mut other = vec!["check", "--bios", "1", "--max-live-states", "0", "--resume", kept];
    let run = pushback(&other);
    assert_eq!(run.code, 64, "{}", run.stdout);
    assert!(run.stderr.contains("local steps merged"), "{}", run.stderr);
    other.extend(["--reduce", "local"]);
    let resumed = pushback(&other);
    let whole = pushback(&arguments);
    let counts = |text: &str| text.lines().nth(1).map(str::to_owned);
    assert_eq!((resumed.code, counts(&resumed.stdout)), (whole.code, counts(&whole.stdout)));
}

#[test]
fn liveness_claims_that_are_left_out_are_said_to_be_and_refused_where_they_are_asked_for() {
    let sizes = ["check", "--bios", "1", "--faults", "0"];
    for options in [&["--threads", "2"][..], &["--depth-first"], &["--compact"]] {
        let name = options[0];
        let run = pushback(&[&sizes[..], options].concat());
        let told = format!("\n   liveness claims NOT judged: {name} leaves them out\n");
        assert!(run.code == 0 && run.stdout.contains(&told), "{}{}", run.stdout, run.stderr);
        let run = pushback(&[&sizes[..], options, &["--json"]].concat());
        let told = format!("not judged: {name} leaves them out");
        let configuration = &objects(&run.stdout)[0];
        assert_eq!(configuration["liveness"], told);
        let omission = configuration["omission"].as_f64().expect("a probability");
        assert_eq!(omission > 0.0, name == "--compact", "{omission}");
        let run = pushback(&[&sizes[..], options, &["--max-live-states", "1000"]].concat());
        assert_eq!((run.code, run.stdout.as_str()), (64, ""));
        let told = format!("--max-live-states: {name} leaves out the liveness claims");
        assert!(run.stderr.contains(&told), "{}", run.stderr);
    }
    let run = pushback(&[&sizes[..], &["--json"]].concat());
    assert_eq!(objects(&run.stdout)[0]["liveness"], "judged");
}

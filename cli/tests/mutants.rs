//! `pushback mutants`.
mod common;

use common::{assert_narrow, directory, objects, pushback};
use dm_model::mutant::MUTANTS;
use expect_test::expect_file;

#[test]
fn the_matrix_has_a_row_for_each_mutant_and_none_survives() {
    let run = pushback(&["mutants"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_narrow(&run.stdout);
    assert!(MUTANTS.iter().all(|known| run.stdout.contains(&format!("\n  {} ", known.name))));
    expect_file!["golden/mutants.txt"].assert_eq(&run.stdout);
}

#[test]
fn one_mutant_is_told_with_its_shortest_trail_which_replays() {
    let run = pushback(&["mutants", "pending-before-append"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_narrow(&run.stdout);
    expect_file!["golden/mutants-one.txt"].assert_eq(&run.stdout);
    let directory = directory("mutants");
    let trails = directory.to_str().expect("a plain path");
    let run = pushback(&["mutants", "wake-up-forgotten", "--trails", trails]);
    let replay = run.stdout.lines().find_map(|line| line.trim().strip_prefix("pushback replay "));
    assert_eq!(pushback(&["replay", replay.expect("there is a command")]).code, 12);
}

#[test]
fn the_rows_are_objects_for_programs() {
    let objects = objects(&pushback(&["mutants", "--json"]).stdout);
    assert_eq!(objects.len(), MUTANTS.len());
    for (object, known) in objects.iter().zip(MUTANTS) {
        assert_eq!((&object["kind"], &object["mutant"]), (&"mutant".into(), &known.name.into()));
        assert_eq!(object["engine"], "search");
        assert!(object["killed"]["steps"].as_u64().is_some_and(|steps| steps > 0));
    }
}

//! What a scenario says for real kernels: the model takes it, or refuses it with a place; and what
//! the files and docs/kernels.md say of them.
mod common;

use std::fs;

use dm_model::era::{ERA_NAMES, Era};
use dm_sim::scenario::{self, Scenario};
use dm_sim::world::config::Configuration;
use dm_sim::world::schedule::transcript;

use common::{read, root};

/// What a text prints, or why it is refused.
fn run(text: &str) -> String {
    let world = Configuration::parse("t.dm", text).and_then(|it| it.world(Era::Linux2_6_20));
    match world {
        Ok(world) => transcript(world).join("\n"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_scenario_without_eras_is_refused_at_its_first_line() {
    assert_eq!(
        run("# For real kernels alone.\nmode: rq\ndisk sda 8\n---- kernel 6.1 rq\n"),
        "t.dm:3:1: mode rq: the eras of the model are bio-based"
    );
}

#[test]
fn a_mode_that_no_era_has_is_taken_beside_one_that_all_have() {
    let lines = "disk sda 8\ncreate d --notable\n";
    for modes in ["bio rq", "rq bio"] {
        assert_eq!(run(&format!("era: 2.6.20\nmode: {modes}\n{lines}")), "create d --notable = ok");
    }
    assert_eq!(
        run(&format!("mode: bio rq\n{lines}")),
        "t.dm:2:1: found `disk`, expected the header line `era:` before all verbs"
    );
}

#[test]
fn blocks_of_real_kernels_are_not_expected_of_an_era() {
    let text = "era: 2.6.20\ncreate d --notable\n---- kernel 2.6.20\n# why\nout\n";
    let configuration = Configuration::parse("t.dm", text).expect("it is a scenario");
    assert_eq!(configuration.scenario.expected_for("2.6.20"), None);
    assert_eq!(run(text), "create d --notable = ok");
}

#[test]
fn no_era_knows_a_deferred_remove() {
    let top = "era: 2.6.20\ndisk sda 2048\ncreate d\n  0 2048 linear 8:0 0\n";
    let remove = "remove d --deferred";
    let lines = format!("hold sda\nio a d r 0 8\n{remove}\nrelease sda ok\nwait a\n{remove}\n");
    assert_eq!(
        run(&format!("{top}{lines}")),
        "create d = ok\n\
         remove d --deferred = EBUSY\n\
         io a = ok, reads -*8\n\
         remove d --deferred = ok"
    );
}

/// Every scenario file: its name without the ending, and what it says.
fn scenarios() -> Vec<(String, Scenario)> {
    let entries = fs::read_dir(root().join("scenarios")).expect("there are scenarios");
    let names = entries.map(|entry| entry.expect("it can be read").file_name());
    let mut scenarios: Vec<_> = names
        .map(|name| {
            let name = name.to_string_lossy().into_owned();
            let text = read(&format!("scenarios/{name}"));
            let scenario = scenario::parse(&name, &text, &ERA_NAMES);
            let scenario = scenario.unwrap_or_else(|error| panic!("{error}"));
            (scenario.name.clone(), scenario)
        })
        .collect();
    scenarios.sort_by(|one, other| one.0.cmp(&other.0));
    scenarios
}

/// A reason names a function or a flag of the kernel, and whether it does is all that can be
/// checked here.
#[test]
fn every_record_of_a_kernel_has_a_reason_from_its_source() {
    let mut count = 0;
    for (name, scenario) in scenarios() {
        for block in &scenario.recorded {
            let place = format!("{name}.dm:{}", block.line);
            let reason = block.reason.join(" ");
            let is_identifier = |word: &str| {
                word.contains('_') && word.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
            };
            let mut words = reason.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_'));
            assert!(words.any(is_identifier), "{place}: no function in: {reason}");
            assert!(scenario.header.model_only.is_none(), "{place}: no kernel can do this");
            count += 1;
        }
    }
    assert!(count >= 140, "{count} blocks of kernels");
}

#[test]
fn every_row_on_todays_kernels_is_shown_by_a_scenario_that_records_it() {
    let scenarios = scenarios();
    let document = read("docs/kernels.md");
    let rows =
        document.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what"));
    let mut count = 0;
    for row in rows.filter(|row| row.matches(" | ").count() == 3) {
        let (_, shown) = row.trim_end_matches(" |").rsplit_once(" | ").expect("it has cells");
        let names = shown.split('`').skip(1).step_by(2).filter(|name| !name.contains(' '));
        let mut recorded = 0;
        for name in names {
            let (stem, is_glob) = (name.trim_end_matches('*'), name.ends_with('*'));
            let is_meant =
                |known: &str| if is_glob { known.starts_with(stem) } else { known == stem };
            let meant: Vec<_> = scenarios.iter().filter(|(known, _)| is_meant(known)).collect();
            if stem.contains('-') || stem == "striped" || stem == "delay" {
                assert!(!meant.is_empty(), "docs/kernels.md names {name}");
            }
            recorded += meant.iter().filter(|(_, it)| !it.recorded.is_empty()).count();
        }
        assert!(recorded > 0, "no scenario of this row records a kernel: {row}");
        count += 1;
    }
    assert!(count >= 20, "{count} rows");
}

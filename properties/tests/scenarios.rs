//! Every scenario file prints, era by era, exactly what stands below its `----`.
//!
//! `UPDATE_EXPECT=1` writes what the model prints into the files. Review the difference: a golden
//! says what the kernel does, not what the model happens to do. What real kernels print stands in
//! blocks of their own, which are not judged here and stay.
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use dm_model::era::{ERA_NAMES, Era};
use dm_sim::scenario::{self, Mode, Scenario};
use dm_sim::world::config::Configuration;
use dm_sim::world::schedule::transcript;

/// The acceptance tests of SERIES.md, which are those of the author's mail 07/11.
const ACCEPTANCE_TESTS: [&str; 12] = [
    "ok_with_valid_paths",
    "eio_no_paths_no_queue",
    "queued_no_paths_queue",
    "queued_fail_on_flush_suspend",
    "spanning_two_mpath_fail_on_flush_suspend",
    "noflush_suspend_drains_target_without_completion",
    "requeued_in_target_on_resume_without_recovery",
    "succeed_after_path_recovery",
    "succeed_after_table_load",
    "resume_with_noflush_after_load_ok",
    "bdget_failure_clears_flag_and_flushes",
    "interrupted_noflush_suspend",
];

/// The patches of the series.
const PATCH_COUNT: usize = 7;

/// A scenario file as it stands on the disk.
struct File {
    path: PathBuf,
    name: String,
    text: String,
}

fn files() -> Vec<File> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let entries = std::fs::read_dir(&directory).expect("there are scenarios");
    let paths = entries.map(|entry| entry.expect("a directory can be read").path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension() == Some("dm".as_ref())).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_name().expect("it has one").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("a file can be read");
            File { path, name, text }
        })
        .collect()
}

fn parse(file: &File) -> Scenario {
    scenario::parse(&file.name, &file.text, &ERA_NAMES).unwrap_or_else(|error| panic!("{error}"))
}

/// Whether it runs in the model too, and not on real kernels alone.
fn is_for_the_model(scenario: &Scenario) -> bool {
    scenario.header.modes.contains(&Mode::Bio)
}

/// What the default schedule prints for this era.
fn printed(configuration: &Configuration, era: &str) -> String {
    let era = Era::from_name(era).expect("the parser knows the eras");
    let world = configuration.world(era).unwrap_or_else(|error| panic!("{error}"));
    transcript(world).iter().fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn every_scenario_prints_what_its_file_expects() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1");
    let files = files();
    let of_model: Vec<_> = files.iter().filter(|file| is_for_the_model(&parse(file))).collect();
    assert!(!of_model.is_empty(), "there are no scenarios");
    let mut report = String::new();
    let mut runs = 0;
    for file in &of_model {
        let configuration =
            Configuration::parse(&file.name, &file.text).unwrap_or_else(|error| panic!("{error}"));
        let scenario = &configuration.scenario;
        let eras = &scenario.header.eras;
        let found: Vec<_> = eras.iter().map(|era| printed(&configuration, era)).collect();
        runs += found.len();
        for (era, found) in eras.iter().zip(&found) {
            let expected = scenario.expected_for(era);
            if expected != Some(found) {
                let difference = difference(expected.unwrap_or_default(), found);
                let _ = writeln!(report, "{}, era {era}:\n{difference}", file.name);
            }
        }
        let text = with_blocks(&file.text, eras, &found);
        if update && text != file.text {
            // The other tests read the files meanwhile.
            let new = file.path.with_extension("new");
            std::fs::write(&new, text).expect("a file can be written");
            std::fs::rename(&new, &file.path).expect("a file can be renamed");
        }
    }
    assert!(runs >= of_model.len(), "every scenario of the model runs at least once");
    assert!(
        report.is_empty() || update,
        "- expected, + printed; UPDATE_EXPECT=1 writes what is printed\n\n{report}"
    );
}

#[test]
fn every_scenario_prints_to_an_equal_scenario() {
    for file in files() {
        let scenario = parse(&file);
        let printed = scenario.to_string();
        let again = scenario::parse(&file.name, &printed, &ERA_NAMES)
            .unwrap_or_else(|error| panic!("{error}\n{printed}"));
        assert_eq!(again.without_positions(), scenario.without_positions(), "{}", file.name);
    }
}

#[test]
fn every_scenario_fits_into_a_mail() {
    let warnings: Vec<_> = files()
        .iter()
        .flat_map(|file| scenario::lint(&file.name, &file.text))
        .map(|warning| warning.to_string())
        .collect();
    assert!(warnings.is_empty(), "{}", warnings.join("\n"));
}

#[test]
fn every_scenario_says_what_it_shows_and_has_its_output_recorded() {
    for file in files() {
        let scenario = parse(&file);
        let says = scenario.prose.iter().any(|line| !line.is_empty());
        assert!(says, "{}: no prose", file.name);
        let has_output = if is_for_the_model(&scenario) {
            !scenario.expected.is_empty()
        } else {
            !scenario.recorded.is_empty()
        };
        assert!(has_output, "{}: no expected output", file.name);
    }
}

#[test]
fn every_acceptance_test_and_every_patch_of_the_series_has_a_scenario() {
    let files = files();
    let has = |start: &str| files.iter().any(|file| file.name.starts_with(start));
    for test in ACCEPTANCE_TESTS {
        let file = format!("{}.dm", test.replace('_', "-"));
        assert!(has(&file), "{test}: no scenarios/{file}");
    }
    for patch in 1..=PATCH_COUNT {
        assert!(has(&format!("patch-{patch}")), "no scenario for patch {patch}");
    }
}

/// The file's text with other expected output: one block if all eras agree, else one for each
/// group of eras that do, in the order of the header. Blocks of real kernels stay, behind them.
fn with_blocks(text: &str, eras: &[String], found: &[String]) -> String {
    let (mut all, kernels) = without_era_blocks(text);
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (era, found) in eras.iter().zip(found) {
        match groups.iter_mut().find(|(text, _)| text == found) {
            Some((_, group)) => group.push(era),
            None => groups.push((found, vec![era])),
        }
    }
    let shared = groups.len() == 1;
    for (found, group) in groups {
        let names = if shared { String::new() } else { format!(" {}", group.join(" ")) };
        let _ = write!(all, "----{names}\n{found}");
    }
    all + &kernels
}

/// What stands above all blocks, and the blocks of real kernels.
fn without_era_blocks(text: &str) -> (String, String) {
    let (mut above, mut kernels) = (String::new(), String::new());
    let (mut in_block, mut in_kernel) = (false, false);
    for line in text.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        if line.starts_with("----") && words[0] == "----" {
            (in_block, in_kernel) = (true, words.get(1) == Some(&"kernel"));
        }
        if in_kernel {
            kernels.extend([line, "\n"]);
        } else if !in_block {
            above.extend([line, "\n"]);
        }
    }
    (above, kernels)
}

/// Both texts line by line, `-` before what only `expected` has and `+` before what only `found`
/// has: by their longest common subsequence.
fn difference(expected: &str, found: &str) -> String {
    let old: Vec<_> = expected.lines().collect();
    let new: Vec<_> = found.lines().collect();
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, old_line) in old.iter().enumerate().rev() {
        for (j, new_line) in new.iter().enumerate().rev() {
            common[i][j] = if old_line == new_line {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut text = String::new();
    while i < old.len() || j < new.len() {
        let (sign, line) = if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
            (' ', old[i - 1])
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            ('-', old[i - 1])
        } else {
            j += 1;
            ('+', new[j - 1])
        };
        let _ = writeln!(text, "  {sign} {line}");
    }
    text
}

#[test]
fn a_difference_shows_what_is_missing_and_what_is_new() {
    assert_eq!(difference("a\nb\nc\n", "a\nx\nc\n"), "    a\n  - b\n  + x\n    c\n");
    assert_eq!(difference("", "a\n"), "  + a\n");
    assert_eq!(difference("a\n", ""), "  - a\n");
}

#[test]
fn eras_that_agree_share_a_block() {
    let eras = ["2.6.20", "2.6.19", "series:1"].map(str::to_owned);
    let found = |texts: [&str; 3]| texts.map(str::to_owned);
    let text = "era: 2.6.20\n----\nold\n---- 2.6.19\n";
    assert_eq!(with_blocks(text, &eras, &found(["a\n"; 3])), "era: 2.6.20\n----\na\n");
    assert_eq!(
        with_blocks(text, &eras, &found(["a\n", "b\n", "a\n"])),
        "era: 2.6.20\n---- 2.6.20 series:1\na\n---- 2.6.19\nb\n"
    );
}

#[test]
fn blocks_of_real_kernels_stay_behind_those_of_the_eras() {
    let eras = ["2.6.20"].map(str::to_owned);
    let kernel = "---- kernel 6.1 rq\n# why\n  ---- no rule\nb\n";
    let text = format!("era: 2.6.20\n{kernel}----\nold\n---- kernel 6.12\n");
    let expected = format!("era: 2.6.20\n----\na\n{kernel}---- kernel 6.12\n");
    assert_eq!(with_blocks(&text, &eras, &["a\n".to_owned()]), expected);
}

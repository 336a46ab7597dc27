//! The kill matrix: each seeded bug breaks the claim of its row, which holds without it.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use dm_explore::{Control, Finish, Limits, Order};
use dm_model::mutant::{self, MUTANTS};
use dm_properties::configurations::all;
use dm_properties::kills::{KILLS, SMALL, SURVIVORS, configuration, search_all};
use dm_properties::pins::pinned;
use dm_properties::search::{Options, Verdict, check, hunt, judge};
use dm_sim::world::config::Configuration;
use dm_sim::world::trail::Trail;
use expect_test::expect_file;

#[test]
fn every_mutant_has_one_row_in_the_order_of_the_mutants() {
    let rows: Vec<_> = KILLS.iter().map(|row| row.mutant).collect();
    let mutants: Vec<_> = MUTANTS.iter().map(|known| known.mutant).collect();
    assert_eq!(rows, mutants);
    assert!(rows.len() >= 30, "{} mutants", rows.len());
    let rows: Vec<_> = SURVIVORS.iter().map(|row| row.mutant).collect();
    let survivors: Vec<_> = mutant::SURVIVORS.iter().map(|known| known.mutant).collect();
    assert_eq!(rows, survivors);
}

#[test]
fn every_mutant_says_what_it_breaks_and_names_a_label_of_the_model() {
    let labels = dm_model::labels::LABELS.iter().chain(dm_sim::drivers::labels::LABELS);
    let labels: BTreeSet<_> = labels.map(|row| row.label).collect();
    let names: BTreeSet<_> = MUTANTS.iter().map(|known| known.name).collect();
    assert_eq!(names.len(), MUTANTS.len());
    for known in MUTANTS.iter().chain(mutant::SURVIVORS) {
        assert!(labels.contains(known.label), "{}: no label {}", known.name, known.label);
        let about = known.about();
        assert!(about.ends_with('.') && !about.starts_with(' '), "{}: {about}", known.name);
    }
}

#[test]
fn no_two_mutants_break_the_same_claim_at_the_same_label() {
    let mut pairs = BTreeMap::new();
    for row in KILLS {
        let seeded = row.seeded();
        let other = pairs.insert((seeded.label, row.claim), seeded.name);
        assert_eq!(other, None, "{} breaks {} by {} too", seeded.name, row.claim, seeded.label);
    }
}

#[test]
fn every_mutant_is_killed_by_the_claim_of_its_row() {
    let found = search_all(Limits::default()).expect("every configuration can be built");
    let mut text = String::from("mutant, label | claim | engine, configuration | trail | states\n");
    let mut together = 0;
    for (row, search) in KILLS.iter().zip(&found) {
        let seeded = row.seeded();
        let Some(killed) = &search.killed else { panic!("{} survives", seeded.name) };
        assert_eq!(search.finish, Finish::Stopped);
        let steps = killed.trail.actions.len();
        let breaks = judge(&killed.trail).expect("it can be judged");
        let first = breaks.iter().find(|broken| broken.claim.name == row.claim);
        assert_eq!(first.map(|broken| broken.step), Some(steps), "{}", seeded.name);
        together += usize::from(killed.processes > 1);
        let _ = writeln!(
            text,
            "{}, {} | {} | search, {} | {steps} steps of {}, last {} | {}",
            seeded.name,
            seeded.label,
            row.claim,
            row.configuration,
            killed.processes,
            killed.last,
            search.states
        );
    }
    assert!(together * 2 >= KILLS.len(), "{together} of {} trails", KILLS.len());
    expect_file!["golden/mutants.txt"].assert_eq(&text);
}

#[test]
fn a_trail_carries_its_mutant() {
    for row in &KILLS[..3] {
        let search = row.search(Limits::default()).expect("it can be built");
        let trail = search.killed.expect("it is killed").trail;
        let text = trail.text().expect("it has a text");
        let parsed = Trail::parse("a.trail", &text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((parsed.configuration.mutant, parsed.actions), (row.mutant, trail.actions));
    }
}

#[test]
fn every_claim_holds_where_it_kills_but_for_the_mutant() {
    let pairs: BTreeSet<_> = KILLS.iter().map(|row| (row.named().name, row.claim)).collect();
    for (name, claim) in pairs {
        let row = KILLS.iter().find(|row| row.configuration == name).expect("it was found");
        let configuration = Configuration::parse(name, row.named().text).expect("it parses");
        let era = configuration.era;
        let found = hunt(&configuration, era, claim, Limits::default()).expect("it can be built");
        assert_eq!(found.finish, Finish::Complete, "{claim} breaks in {name} without a mutant");
    }
}

/// A survivor that is killed belongs into the matrix.
#[test]
fn no_claim_breaks_by_a_survivor() {
    for row in SURVIVORS {
        for name in row.configurations {
            let configuration = configuration(name, row.mutant).expect("it parses");
            let era = configuration.era;
            let options = Options { limits: Limits::default(), order: Order::Forward };
            let report = check(&configuration, era, options, &mut |_| Control::Continue);
            let report = report.expect("it can be built");
            assert_eq!(report.finish, Finish::Complete);
            for claim in &report.claims {
                let broken = matches!(claim.verdict, Verdict::Broken { .. });
                let expected = pinned(claim.claim.name, era, name, false).is_some();
                let (mutant, claim) = (row.seeded().name, claim.claim.name);
                assert!(!broken || expected, "{mutant} breaks {claim} in {name}");
            }
        }
    }
}

#[test]
fn every_small_configuration_is_needed_and_has_a_name_of_its_own() {
    let mut names: BTreeSet<_> = all().iter().map(|known| known.name).collect();
    for known in SMALL {
        assert!(names.insert(known.name), "{} is a default configuration too", known.name);
        let is_used = KILLS.iter().any(|row| row.configuration == known.name);
        assert!(is_used, "no mutant needs {}", known.name);
    }
}

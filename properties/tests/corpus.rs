//! What the fuzzer has kept is replayed: every file of every corpus, on any toolchain.
use std::fs;
use std::path::{Path, PathBuf};

use dm_properties::fired::Fired;
use dm_properties::tape::{CANARY, events, play, shrunk};
use dm_sim::fuzz::TEXTS;
use expect_test::expect;

fn corpus(target: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a member stands in the root");
    root.join("fuzz/corpus").join(target)
}

/// The files of a target's corpus, in the order of their names.
fn inputs(target: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(corpus(target)).expect("a target has a corpus");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("it can be read")).collect()
}

#[test]
fn no_text_that_was_kept_is_taken_or_refused_wrongly() {
    for (target, body) in TEXTS {
        let inputs = inputs(target);
        assert!(inputs.len() > 50, "{target} has {} inputs", inputs.len());
        for bytes in inputs {
            body(&bytes);
        }
    }
}

#[test]
fn no_tape_that_was_kept_breaks_a_claim_but_by_a_finding() {
    let inputs = inputs("events");
    assert!(inputs.len() > 50, "events has {} inputs", inputs.len());
    for bytes in inputs {
        events(&bytes);
    }
}

#[test]
fn the_tape_that_found_the_canary_finds_it() {
    let inputs = inputs("canary");
    assert_eq!(inputs.len(), 1);
    for bytes in inputs {
        let (trail, claim) = shrunk(&play(&bytes, Some(CANARY))).expect("it finds the canary");
        assert_eq!(claim, "nothing_is_stranded");
        assert!(trail.configuration.text.contains(CANARY));
        assert!(play(&bytes, None).broken.is_none(), "it needs the canary");
    }
}

/// What no tape of the corpus reaches: P3Append is a mutant's, and no handler asks for J3 and J4.
#[test]
fn the_corpus_reaches_all_labels_but_these() {
    let mut fired = Fired::default();
    for bytes in inputs("events") {
        fired.merge(&play(&bytes, None).fired);
    }
    assert_eq!(fired.actions_that_never_fired(), Vec::<&str>::new());
    expect!["P3Append J3 J4"].assert_eq(&fired.labels_that_never_fired().join(" "));
}

#[test]
fn the_corpora_are_small() {
    let targets = TEXTS.iter().map(|(target, _)| *target).chain(["events", "canary"]);
    let bytes: usize = targets.flat_map(inputs).map(|input| input.len()).sum();
    assert!(bytes < 500_000, "{bytes} bytes");
}

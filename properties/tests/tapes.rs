//! Random worlds and random interleavings of them break no claim that no finding explains.
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;

use dm_properties::tape::{Played, play, shrunk, told};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};

/// How many worlds are played, unless `PROPTEST_CASES` says otherwise.
const CASE_COUNT: u32 = 3_000;
/// The longest tape.
const LENGTH_MAX: usize = 400;

#[test]
fn random_worlds_break_no_claim_but_by_findings() {
    let cases = env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok());
    let cases = cases.unwrap_or(CASE_COUNT);
    let mut runner = TestRunner::deterministic();
    let tapes = vec(any::<u8>(), 0..LENGTH_MAX);
    let mut found: BTreeMap<String, (Vec<u8>, u32)> = BTreeMap::new();
    for _ in 0..cases {
        let tape = tapes.new_tree(&mut runner).expect("bytes").current();
        let played = std::panic::catch_unwind(|| play(&tape, None));
        let key = match &played { Err(_) => "panic".to_owned(), Ok(p) => match &p.broken { None => continue, Some(b) => format!("{} {}", b.claim.name, b.text.chars().filter(|c| !c.is_ascii_digit()).skip(4).take(60).collect::<String>()) } };
        let e = found.entry(key).or_insert((tape.clone(), 0)); e.1 += 1;
        if tape.len() < e.0.len() { e.0 = tape; }
    }
    for (key, (tape, n)) in found {
        println!("=== {key} {n}");
        if key != "panic" { let p = play(&tape, None); let (t, c) = shrunk(&p).unwrap(); println!("{}", told(&t, c)); }
        else { println!("{tape:?}"); }
    }
}

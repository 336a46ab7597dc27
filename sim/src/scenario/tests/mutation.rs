//! No text makes the parser panic, and what it takes it prints so that it takes it again.
use super::{ALL, ERAS, parse};
use crate::scenario::{Recorded, Scenario, lint, with_recorded};

const ROUND_COUNT: usize = 20_000;
const PIECES: [&str; 28] = [
    "\n",
    "\r",
    "\t",
    " ",
    "\\\n",
    "\"",
    "#",
    "----",
    "---- kernel ",
    "\n---- kernel 6.1\n",
    " rq",
    "6.12",
    "&",
    "--tag x",
    "--table",
    ":",
    "0",
    "sda",
    "mp",
    "4294967296",
    "ü",
    "\u{feff}",
    "\0",
    "\u{2028}",
    "wait s\n",
    "  0 8 zero\n",
    "era: ",
    "disk q 8\n",
];

/// The generator of Knuth's MMIX; its high bits are good enough here.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// Takes out, doubles or puts in something, at the boundaries of characters.
fn mutate(text: &str, random: &mut Random) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let start = random.below(characters.len() + 1);
        let end = (start + random.below(12)).min(characters.len());
        match random.below(5) {
            0 => drop(characters.drain(start..end)),
            1 => {
                let copy = characters[start..end].to_vec();
                let target = random.below(characters.len() + 1);
                characters.splice(target..target, copy);
            }
            2 => {
                let line_end = characters[start..].iter().position(|character| *character == '\n');
                let line_end = line_end.map_or(characters.len(), |count| start + count);
                drop(characters.drain(start..line_end));
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                characters.splice(start..start, piece.chars());
            }
        }
    }
    characters.into_iter().collect()
}

#[test]
fn no_mutation_of_a_scenario_makes_the_parser_panic() {
    let mut random = Random(1);
    let mut taken = 0;
    for _ in 0..ROUND_COUNT {
        let text = mutate(ALL, &mut random);
        let _ = lint("t.scn", &text);
        match parse("t.scn", &text, &ERAS) {
            Ok(scenario) => {
                taken += 1;
                let printed = scenario.to_string();
                let again = parse("t.scn", &printed, &ERAS)
                    .unwrap_or_else(|error| panic!("{error}\n{printed}\nfrom\n{text}"));
                let scenario = scenario.without_positions();
                assert_eq!(again.without_positions(), scenario, "{text}");
                record(&text, scenario);
            }
            Err(error) => {
                let message = error.to_string();
                assert!(!message.contains('\n') && error.line > 0 && error.column > 0, "{message}");
                let line = text.split('\n').nth(error.line as usize - 1).unwrap_or_default();
                let behind = line.chars().count() as u32 + 1;
                assert!(error.column <= behind, "{message} is not in {line:?}");
            }
        }
    }
    assert!(taken > ROUND_COUNT / 20, "only {taken} mutations were scenarios");
    assert!(taken < ROUND_COUNT, "no mutation was refused");
}

/// A recording can be put into every scenario, and changes nothing else.
fn record(text: &str, mut scenario: Scenario) {
    let kernels = vec!["6.1".to_owned()];
    let mode = scenario.header.modes[0];
    let recorded = with_recorded(text, &kernels, mode, &["out\n".to_owned()]);
    let again = parse("t.scn", &recorded, &ERAS)
        .unwrap_or_else(|error| panic!("{error}\n{recorded}\nfrom\n{text}"));
    let is_other = |block: &Recorded| block.kernels != kernels || block.mode != mode;
    let reason = again.recorded.last().map(|block| block.reason.clone()).unwrap_or_default();
    scenario.recorded.retain(is_other);
    let (text, line) = ("out\n".to_owned(), 0);
    scenario.recorded.push(Recorded { kernels, mode, reason, text, line });
    assert_eq!(again.without_positions(), scenario, "{recorded}");
}

#[test]
fn every_prefix_of_a_scenario_is_taken_or_refused() {
    for (end, _) in ALL.char_indices() {
        let _ = parse("t.scn", &ALL[..end], &ERAS);
    }
}

#[test]
fn the_same_text_parses_the_same_twice() {
    assert_eq!(parse("t.scn", ALL, &ERAS), parse("t.scn", ALL, &ERAS));
}

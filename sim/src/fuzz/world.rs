//! A tape draws a small world: devices, tables, scripts, budgets, as a scenario that is valid.
//!
//! What is drawn are values of the scenario's own types; they are printed, and the text is what
//! the world is built from. So everything that a tape finds is a text that a user could have
//! written.
use std::fmt::Write as _;

use dm_model::era::ERA_NAMES;

use super::lines::Lines;
use super::tape::Tape;
use crate::scenario::{Header, Line, Mode, Scenario};

/// The era that is drawn most, and the one when the tape is over.
const ERA_USUAL: &str = "2.6.20";

/// A world as it was drawn.
pub struct Drawn {
    era: &'static str,
    /// The header lines that only configurations have.
    keys: Vec<String>,
    /// What stands before the first `||`, then each script.
    scripts: Vec<Vec<Line>>,
    is_model_only: bool,
}

/// Draws a world. The tape may be over at any time: then it is as simple as it can be.
pub fn draw(tape: &mut Tape<'_>) -> Drawn {
    let era = if tape.once_in(4) { tape.one_of(&ERA_NAMES) } else { ERA_USUAL };
    let keys = keys(tape);
    let mut lines = Lines::default();
    let mut scripts = vec![lines.preamble(tape)];
    let count = 2 + tape.below(3);
    for index in 0..count {
        scripts.push(lines.script(tape, index == 0, index + 1 == count));
    }
    Drawn { era, keys, scripts, is_model_only: lines.is_model_only() }
}

/// Budgets, and whether an application opens the device.
fn keys(tape: &mut Tape<'_>) -> Vec<String> {
    let mut keys = Vec::new();
    if !tape.once_in(4) {
        keys.push("open: held".to_owned());
    }
    let counts = [("faults", tape.one_of(&[0, 1, 0, 2])), ("signals", tape.one_of(&[0, 0, 0, 1]))];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    keys.extend(counts.map(|(key, count)| format!("{key}: {count}")));
    let flags = [("heals: yes", 3), ("reorders: yes", 3), ("pg_init: any", 4)];
    keys.extend(flags.into_iter().filter_map(|(key, times)| {
        let is_set = tape.once_in(times);
        is_set.then(|| key.to_owned())
    }));
    keys
}

impl Drawn {
    /// The text of the configuration, with another bug seeded than none if one is named.
    pub fn text(&self, mutant: Option<&str>) -> String {
        let mut text = self.header().to_string();
        for key in self.keys.iter().cloned().chain(mutant.map(|it| format!("mutant: {it}"))) {
            let _ = writeln!(text, "{key}");
        }
        for (index, script) in self.scripts.iter().enumerate() {
            text.push_str(if index == 0 { "\n" } else { "||\n" });
            for line in script {
                let _ = writeln!(text, "{}", line.text);
                for row in line.verb.table().unwrap_or_default() {
                    let _ = writeln!(text, "  {}", row.text);
                }
            }
        }
        text
    }

    /// The scenario of all its lines, one after the other.
    pub fn scenario(&self, name: &str) -> Scenario {
        Scenario {
            name: name.to_owned(),
            header: self.header(),
            prose: Vec::new(),
            lines: self.scripts.iter().flatten().cloned().collect(),
            afterword: Vec::new(),
            expected: Vec::new(),
            recorded: Vec::new(),
        }
    }

    fn header(&self) -> Header {
        let model_only = self.is_model_only.then(|| "a fault is armed".to_owned());
        Header { eras: vec![self.era.to_owned()], modes: vec![Mode::Bio], model_only }
    }
}

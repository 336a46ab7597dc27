//! A configuration: a scenario, perhaps with several scripts side by side and with budgets.
//!
//! It is a scenario's text with more header keys (`faults:`, `signals:`, `heals:`, `reorders:`,
//! `open:`, `pg_init:`, `mutant:`) and with lines `||`: what stands before the first runs to quiescence by the
//! default schedule, what stands between two is a script that runs beside the others. A scenario
//! without them is a configuration of one script.
use std::collections::BTreeMap;

use dm_model::era::{ERA_NAMES, Era};
use dm_model::mutant::Mutant;
use thiserror::Error;

use super::World;
use super::compile::{compile, request_based};
use super::plan::{Budget, Kind};
use super::schedule::DefaultSchedule;
use crate::scenario::{self, Scenario};

/// Bad text: where, and what is wrong.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct TextError {
    /// The file's name as the user gave it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// What was found and what was expected.
    pub message: String,
}

/// What a search or a run begins with.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The text that it was read from.
    pub text: String,
    /// The scenario, all scripts together.
    pub scenario: Scenario,
    /// The kernel that it is for, unless the caller wants another.
    pub era: Era,
    /// The lines at which another script begins.
    breaks: Vec<u32>,
    /// What may happen besides the scripts.
    pub budget: Budget,
    /// The seeded bug.
    pub mutant: Mutant,
    /// The devices are held open throughout, so that no application opens or closes one.
    held_open: bool,
    /// How many ways a `pg_init` may end: success, MP_FAIL_PATH, MP_BYPASS_PG.
    pg_init_ends: u8,
    file: String,
}

/// A header key that only configurations have.
const KEYS: [&str; 7] = ["faults", "signals", "heals", "reorders", "open", "pg_init", "mutant"];

impl Configuration {
    /// Reads a configuration or a scenario.
    ///
    /// # Errors
    /// With file, line and column, when the text is not one.
    pub fn parse(file: &str, text: &str) -> Result<Self, TextError> {
        let mut keys = BTreeMap::new();
        let mut breaks = Vec::new();
        let mut rest = String::new();
        let mut in_header = true;
        for (index, line) in text.lines().enumerate() {
            let number = index as u32 + 1;
            let is_break = line.trim() == "||";
            let is_text = line.contains(':') || line.starts_with('#') || line.trim().is_empty();
            in_header &= is_text;
            let key = in_header.then(|| extra_key(line)).flatten();
            match key {
                Some((key, value, column)) => {
                    if keys.insert(key, (value, number, column)).is_some() {
                        let message = format!("the header names {key} twice");
                        return Err(at(file, number, 1, message));
                    }
                }
                None if is_break => breaks.push(number),
                None => rest.push_str(line),
            }
            // A line that is no scenario's leaves a comment, so that line numbers stay.
            rest.push_str(if key.is_some() || is_break { "#\n" } else { "\n" });
        }
        let scenario = scenario::parse(file, &rest, &ERA_NAMES)
            .map_err(|error| at(file, error.line, error.column, error.message.clone()))?;
        let Some(era) = scenario.header.eras.first() else {
            let error = request_based(&scenario.lines[0]);
            return Err(at(file, error.line, error.column, error.message));
        };
        let era = Era::from_name(era).expect("the parser knows the eras");
        let mut configuration = Self {
            text: text.to_owned(),
            scenario,
            era,
            breaks,
            budget: Budget::default(),
            mutant: Mutant::None,
            held_open: false,
            pg_init_ends: 1,
            file: file.to_owned(),
        };
        for (key, (value, line, column)) in keys {
            configuration.set(key, value).map_err(|expected| {
                at(file, line, column, format!("{key}: expected {expected}"))
            })?;
        }
        Ok(configuration)
    }

    /// The file's name without directories and ending.
    pub fn name(&self) -> &str {
        &self.scenario.name
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let value = if value.is_empty() { "nothing" } else { value };
        let count = || value.parse::<u8>().map_err(|_| format!("0 to 255, found {value}"));
        let yes = || match value {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(format!("yes or no, found {value}")),
        };
        match key {
            "faults" => self.budget.faults = count()?,
            "signals" => self.budget.signals = count()?,
            "heals" => self.budget.heals = yes()?,
            "reorders" => self.budget.reorders = yes()?,
            "pg_init" if value == "any" => self.pg_init_ends = 3,
            "pg_init" => return Err(format!("any, found {value}")),
            "open" if value == "held" => self.held_open = true,
            "open" => return Err(format!("held, found {value}")),
            _ => {
                let mutant = Mutant::from_name(value);
                self.mutant =
                    mutant.ok_or_else(|| format!("the name of a mutant, found {value}"))?;
            }
        }
        Ok(())
    }

    /// The first state: what stands before the first `||` has run.
    ///
    /// # Errors
    /// With file, line and column, when a line asks for something that the model does not have.
    pub fn world(&self, era: Era) -> Result<World, TextError> {
        let mut plan = compile(&self.scenario, era, self.mutant)
            .map_err(|error| at(&self.file, error.line, error.column, error.message))?;
        let lines = std::mem::take(&mut plan.scripts[0]);
        let script_of = |number: u32| self.breaks.iter().filter(|at| **at < number).count();
        plan.scripts = vec![Vec::new(); self.breaks.len() + 1];
        for line in lines {
            plan.scripts[script_of(line.number)].push(line);
        }
        let setup = std::sync::Arc::get_mut(&mut plan.setup).expect("nobody else has it yet");
        setup.drivers.pg_init_ends = self.pg_init_ends;
        if self.held_open {
            setup.bios.iter_mut().for_each(|bio| bio.opens = false);
        }
        let has_preamble = !self.breaks.is_empty();
        if !has_preamble {
            plan.budget = self.budget;
        }
        let mut world = World::new(plan);
        if self.held_open {
            for md in &mut world.memory.mds {
                md.open_count += 1;
                md.holders += 1;
            }
        }
        if !has_preamble {
            return Ok(world);
        }
        let mut schedule = DefaultSchedule::default();
        let is_first = |kind: Kind| !matches!(kind, Kind::Line(script) if script > 0);
        while schedule.advance_where(&mut world, is_first).is_some() {}
        world.budget = self.budget;
        Ok(world)
    }
}

fn at(file: &str, line: u32, column: u32, message: String) -> TextError {
    TextError { file: file.to_owned(), line, column, message }
}

/// A header line of a configuration: the key, the value and the value's column.
fn extra_key(line: &str) -> Option<(&'static str, &str, u32)> {
    let (key, value) = line.split_once(':')?;
    let key = KEYS.into_iter().find(|known| *known == key)?;
    let value = value.split_once(" #").map_or(value, |(value, _)| value);
    let spaces = value.chars().take_while(|character| character.is_whitespace()).count();
    let column = key.len() + 1 + spaces;
    Some((key, value.trim(), column as u32 + 1))
}

//! Trails: a configuration and the actions that were taken from it, as text that replays.
//!
//! A trail's text is its configuration's, a line `==== trail ERA`, and one action a line; what
//! stands behind ` #` on such a line is for the reader. A `#` inside a word is part of a name.
use std::fmt::Write as _;

use dm_model::era::Era;
use dm_model::frame::Process;

use super::World;
use super::config::{Configuration, TextError};
use super::plan::{Action, ActionText, Kind};

/// The line between the configuration and the actions, before the era.
const MARK: &str = "==== trail ";

/// A configuration, the era, and the actions that were taken.
#[derive(Clone, Debug)]
pub struct Trail {
    /// Where it begins.
    pub configuration: Configuration,
    /// The kernel.
    pub era: Era,
    /// What was done.
    pub actions: Vec<Action>,
}

impl Trail {
    /// The trail as text, a comment with the label on each step.
    ///
    /// # Errors
    /// When the configuration cannot be built.
    ///
    /// # Panics
    /// When an action is not possible where it stands.
    pub fn text(&self) -> Result<String, TextError> {
        let mut world = self.configuration.world(self.era)?;
        let mut text = self.configuration.text.trim_end().to_owned();
        let _ = write!(text, "\n{MARK}{}\n", self.era.name());
        for action in &self.actions {
            let _ = writeln!(text, "{}", line(&world, *action));
            world.perform(*action).expect("a trail's actions are possible");
        }
        Ok(text)
    }

    /// Reads a trail and checks that each action is possible.
    ///
    /// # Errors
    /// With file, line and column.
    pub fn parse(file: &str, text: &str) -> Result<Self, TextError> {
        let error = |line: usize, message: String| TextError {
            file: file.to_owned(),
            line: line as u32,
            column: 1,
            message,
        };
        let Some(mark) = text.lines().position(|line| line.starts_with(MARK)) else {
            let last = text.lines().count().max(1);
            return Err(error(last, format!("a trail needs a line \"{MARK}ERA\"")));
        };
        // As it stands: a carriage return at the end of a line is part of the text.
        let head: Vec<_> = text.split('\n').take(mark).collect();
        let configuration = Configuration::parse(file, &head.join("\n"))?;
        let name = text.lines().nth(mark).expect("it was found")[MARK.len()..].trim();
        let era = Era::from_name(name)
            .ok_or_else(|| error(mark + 1, format!("{name} is not an era of the model")))?;
        let mut world = configuration.world(era)?;
        let mut actions = Vec::new();
        for (index, line) in text.lines().enumerate().skip(mark + 1) {
            let wanted = without_comment(line).trim();
            if wanted.is_empty() {
                continue;
            }
            let action = find(&world, wanted).map_err(|text| error(index + 1, text))?;
            world
                .perform(action)
                .map_err(|_| error(index + 1, format!("{wanted}: blocked here")))?;
            actions.push(action);
        }
        Ok(Self { configuration, era, actions })
    }
}

fn without_comment(line: &str) -> &str {
    let is_comment = line.trim_start().starts_with('#');
    if is_comment { "" } else { line.split(" #").next().unwrap_or("") }
}

/// An action as a line of a trail: its words, and the label that it executes.
pub fn line(world: &World, action: Action) -> String {
    let text = ActionText { plan: world.plan(), action }.to_string();
    match remark(world, action) {
        Some(remark) => format!("{text:<28} # {remark}"),
        None => text,
    }
}

fn remark(world: &World, action: Action) -> Option<String> {
    match action.kind {
        Kind::Step(context) => world.processes.get(context).map(Process::label),
        Kind::Line(script) => world.next_line(usize::from(script)).map(|line| line.text.clone()),
        Kind::Disk { disk, slot, .. } => {
            let clone = world.disk(disk).queue.get(usize::from(slot))?;
            Some(world.plan().clone_name(clone))
        }
        Kind::Begin(..) | Kind::Path(..) | Kind::Signal(_) => None,
    }
}

/// The action with these words; what is possible instead, if it is not.
///
/// # Errors
/// In words, when nothing that can happen next is called so.
pub fn find(world: &World, wanted: &str) -> Result<Action, String> {
    let (words, choice) = match wanted.rsplit_once(" choice ") {
        Some((words, choice)) => {
            let choice = choice.parse().map_err(|_| format!("{choice} is not a choice"))?;
            (words, choice)
        }
        None => (wanted, 0),
    };
    let mut actions = Vec::new();
    world.actions(&mut actions);
    let text = |action: &Action| ActionText { plan: world.plan(), action: *action }.to_string();
    let Some(found) = actions.iter().find(|action| text(action) == words) else {
        let possible: Vec<_> = actions.iter().map(text).collect();
        return Err(format!("{wanted}: not possible here; possible: {}", possible.join(", ")));
    };
    let answers = if choice > 0 { answers(world, *found) } else { 1 };
    if choice >= answers {
        return Err(format!("{wanted}: expected a choice below {answers}"));
    }
    Ok(Action { choice, ..*found })
}

/// How many answers the question of an action has; 1 when it asks none.
fn answers(world: &World, action: Action) -> u8 {
    let mut world = world.clone();
    world.perform(action).map_or(1, |()| world.asked().max(1))
}

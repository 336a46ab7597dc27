//! Coverage marks: which labels, verdicts, messages and errors a run has come to.
use std::collections::BTreeMap;
use std::fmt::Write as _;

use dm_model::effect::Effect;
use dm_model::errno::Code;
use dm_model::frame::Frame;

use super::command::Command;
use crate::drivers::Sim;

/// How often each mark was hit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Marks {
    counts: BTreeMap<String, u64>,
    text: String,
}

impl Marks {
    /// The marks and how often each was hit, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(mark, count)| (mark.as_str(), *count))
    }

    /// Adds those of another run.
    pub fn add(&mut self, other: &Self) {
        for (mark, count) in &other.counts {
            *self.counts.entry(mark.clone()).or_default() += count;
        }
    }

    fn hit(&mut self, kind: &str, what: std::fmt::Arguments<'_>) {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        let _ = write!(text, "{kind} {what}");
        match self.counts.get_mut(text.as_str()) {
            Some(count) => *count += 1,
            None => {
                self.counts.insert(text.clone(), 1);
            }
        }
        self.text = text;
    }

    pub(super) fn label(&mut self, top: &Frame<Sim>, blocked: bool) {
        let kind = if blocked { "blocked" } else { "label" };
        self.hit(kind, format_args!("{:?}", top.shown_label()));
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        match effect {
            Effect::Mapped(_, _, code) => self.hit("map", format_args!("{code}")),
            Effect::Ended(_, _, code) => self.hit("end_io", format_args!("{code}")),
            Effect::Completed(_, code) => self.hit("io", format_args!("{code}")),
            Effect::SuspendReturned(_, code) => self.hit("dm_suspend", format_args!("{code}")),
            Effect::ResumeReturned(_, code) => self.hit("dm_resume", format_args!("{code}")),
            Effect::NoTable(_) => self.hit("effect", format_args!("no table")),
            Effect::Deferred(..) => self.hit("effect", format_args!("deferred")),
            Effect::PushedBack(..) => self.hit("effect", format_args!("pushed back")),
            Effect::RequeueFailed(..) => self.hit("effect", format_args!("requeue failed")),
            Effect::DiskDone(_, _, code) => self.hit("disk", format_args!("{code}")),
            Effect::Merged(_) => self.hit("effect", format_args!("merged")),
            Effect::Event(_) => self.hit("effect", format_args!("event")),
            Effect::Freed(_) => self.hit("effect", format_args!("freed")),
            Effect::Submitted(_)
            | Effect::Started(..)
            | Effect::Finished(..)
            | Effect::TargetEntered(..)
            | Effect::Dispatched(..)
            | Effect::SuspendStarted(..)
            | Effect::Blocked(_)
            | Effect::ResumeStarted(_)
            | Effect::MapChanged(..)
            | Effect::StatusRead(..)
            | Effect::UsedAfterFree(_)
            | Effect::Bug(_)
            | Effect::PolicySet(..) => {}
        }
    }

    pub(super) fn returned(&mut self, command: Command, code: Code) {
        let verb = verb(command);
        self.hit("ioctl", format_args!("{verb} {code}"));
    }

    pub(super) fn command(&mut self, command: Command) {
        let verb = verb(command);
        self.hit("below", format_args!("{verb}"));
    }
}

/// What a command is, without whom it is about.
fn verb(command: Command) -> String {
    let text = command.to_string();
    let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let is_device = |word: &&str| word.starts_with("dm") && word[2..].parse::<u32>().is_ok();
    let words = text.split(' ').filter(|word| !is_number(word) && !is_device(word));
    words.collect::<Vec<_>>().join(" ")
}

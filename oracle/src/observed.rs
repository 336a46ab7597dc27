//! What was seen of one scenario on a kernel, in the words of the model's outcomes.
//!
//! Between two lines several things may end at once, and threads report them in an order that is
//! not the kernel's: within one line they are sorted, here as for the model (`canonical`).
use std::fmt;

use dm_sim::scenario::{Line, Scenario, Verb};
use dm_sim::world::outcome::tokens_text;

use crate::events::Event;
use crate::queue_mode::without_queue_mode;
use crate::script::Script;

/// How the calls and the I/O have ended, each a name and a text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Ends {
    /// The ioctls, in the order of their lines.
    pub calls: Vec<(String, String)>,
    /// The I/O, in the order of their lines.
    pub ios: Vec<(String, String)>,
    /// Whether the kernel was at fault.
    pub bug: bool,
}

/// What can be seen from outside the kernel.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Transcript {
    /// The number of a line and what was seen from its beginning to that of the next.
    pub steps: Vec<(u32, Vec<String>)>,
    /// What is held or has not returned at the end.
    pub left: Vec<String>,
    /// How all has ended.
    pub ends: Ends,
}

/// What was seen on a kernel.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Observed {
    /// What the expected output is compared with.
    pub transcript: Transcript,
    /// The block tracepoints, where the kernel has them: the order in which I/O was dispatched.
    pub trace: Vec<String>,
}

impl Transcript {
    /// As an expected block has it.
    pub fn text(&self) -> String {
        self.to_string()
    }

    /// The lines.
    pub fn lines(&self) -> impl Iterator<Item = &String> {
        self.steps.iter().flat_map(|(_, lines)| lines).chain(&self.left)
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// The names of a scenario, in the order in which they are shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Number of the line, its text without `&`.
    pub(crate) calls: Vec<(u32, String)>,
    pub(crate) ios: Vec<String>,
}

impl Names {
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let mut names = Self::default();
        for line in &scenario.lines {
            match &line.verb {
                Verb::Create { .. }
                | Verb::Load { .. }
                | Verb::Clear { .. }
                | Verb::Suspend { .. }
                | Verb::Resume { .. }
                | Verb::Remove { .. }
                | Verb::Message { .. }
                | Verb::Status { .. }
                | Verb::Table { .. } => {
                    let text = line.text.trim_end_matches('&').trim_end().to_owned();
                    names.calls.push((line.number, text));
                }
                Verb::Io { tag, .. } => names.ios.push(tag.clone()),
                Verb::Disk { .. }
                | Verb::Info { .. }
                | Verb::Wait { .. }
                | Verb::Signal { .. }
                | Verb::Hold { .. }
                | Verb::Release { .. }
                | Verb::Unplug { .. }
                | Verb::Replug { .. }
                | Verb::Offline { .. }
                | Verb::Running { .. }
                | Verb::Medium { .. }
                | Verb::Delay { .. }
                | Verb::Fault { .. }
                | Verb::Step { .. } => {}
            }
        }
        names
    }

    /// The lines that one step shows, in an order that does not depend on who reported first: what
    /// the step's own call shows and returns, then other calls, then I/O.
    pub(crate) fn canonical(&self, number: u32, mut lines: Vec<String>) -> Vec<String> {
        let own = self.calls.iter().find(|(line, _)| *line == number);
        let rank = |line: &String| {
            if line.starts_with(' ') {
                return (0, 0);
            }
            let name = line.split_once(" = ").map_or(line.as_str(), |(name, _)| name);
            if own.is_some_and(|(_, text)| text == name) {
                return (1, 0);
            }
            let io = name.strip_prefix("io ");
            if let Some(place) = io.and_then(|io| self.ios.iter().position(|known| known == io)) {
                return (3, place);
            }
            match self.calls.iter().position(|(_, text)| text == name) {
                Some(place) => (2, place),
                None => (4, 0),
            }
        };
        lines.sort_by_key(rank);
        lines
    }
}

/// `ok, reads a*8`: how an I/O has ended, with the runs of equal sectors that a read has brought.
fn io_text(result: &str, tokens: &[u8], names: &[String]) -> String {
    if tokens.is_empty() {
        return result.to_owned();
    }
    format!("{result}, reads {}", tokens_text(tokens, names))
}

/// What the events of one scenario, from `Begin` to `End`, show.
///
/// # Errors
/// What is no part of the scenario has failed.
pub fn observe(scenario: &Scenario, script: &Script, events: &[Event]) -> Result<Observed, String> {
    let mut reader = Reader {
        scenario,
        script,
        names: Names::of(scenario),
        numbers: Vec::new(),
        created: Vec::new(),
        drained: false,
        calls: Vec::new(),
        pending: Vec::new(),
        at_disk: Vec::new(),
        inflight: Vec::new(),
        observed: Observed::default(),
    };
    for event in events {
        reader.event(event)?;
    }
    Ok(reader.finish())
}

struct Reader<'a> {
    scenario: &'a Scenario,
    script: &'a Script,
    names: Names,
    /// The number of a device on the kernel, and in the model.
    numbers: Vec<(String, String)>,
    /// The mapped devices so far: a name may come again.
    created: Vec<String>,
    drained: bool,
    /// Line and result.
    calls: Vec<(u32, String)>,
    pending: Vec<String>,
    at_disk: Vec<String>,
    inflight: Vec<(String, u32)>,
    observed: Observed,
}

impl Reader<'_> {
    fn event(&mut self, event: &Event) -> Result<(), String> {
        match event {
            Event::Broken(text) | Event::Trouble(text) => return Err(text.clone()),
            Event::Device(name, number) => self.device(name, number),
            Event::Step(line) => self.observed.transcript.steps.push((*line, Vec::new())),
            Event::Call(line, result) if !self.drained => self.call(*line, result),
            Event::Text(_, text) => {
                let text = without_queue_mode(text, self.script.mode);
                let text = self.with_model_numbers(&text);
                self.show(format!("  {text}"));
            }
            Event::Info(_, info) => {
                info.to_string().lines().for_each(|line| self.show(format!("  {line}")));
            }
            // Once the devices are counted the scenario is taken down.
            Event::Io(..) if !self.inflight.is_empty() => {}
            Event::Io(tag, ..) if self.drained => self.at_disk.push(tag.clone()),
            Event::Io(tag, result, tokens) => {
                let end = io_text(result, tokens, &self.names.ios);
                self.show(format!("io {tag} = {end}"));
                self.observed.transcript.ends.ios.push((tag.clone(), end));
            }
            Event::Pending(tag) => self.pending.push(tag.clone()),
            Event::Drain => self.drained = true,
            Event::Inflight(name, count) => self.inflight.push((name.clone(), *count)),
            Event::Bug(text) => {
                self.show(format!("kernel BUG: {text}"));
                self.observed.transcript.ends.bug = true;
            }
            Event::Trace(text) => {
                let text = self.with_names(text);
                self.observed.trace.push(text);
            }
            Event::Ready(..) | Event::Off | Event::Begin(_) | Event::Stuck(_) | Event::End(..) => {}
            Event::Call(..) => {}
        }
        Ok(())
    }

    fn device(&mut self, name: &str, number: &str) {
        let path = match name.split_once("-md.") {
            Some((_, name)) => {
                self.created.push(name.to_owned());
                format!("/dev/mapper/{name}")
            }
            None => name.to_owned(),
        };
        let name = path.strip_prefix("/dev/mapper/").unwrap_or(&path);
        let times = self.created.iter().filter(|known| *known == name).count().max(1);
        let known = self.script.numbers.iter().filter(|(known, _)| *known == path);
        if let Some((_, model)) = known.take(times).last() {
            self.numbers.insert(0, (number.to_owned(), model.clone()));
        }
    }

    fn with_model_numbers(&self, text: &str) -> String {
        let word = |word: &str| {
            let (number, rest) = match word.strip_suffix(':') {
                Some(number) => (number, ":"),
                None => (word, ""),
            };
            let known = self.numbers.iter().find(|(kernel, _)| kernel == number);
            known.map_or_else(|| word.to_owned(), |(_, model)| format!("{model}{rest}"))
        };
        text.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    /// A line of a tracepoint with the names of the devices in the place of `MAJOR,MINOR`.
    fn with_names(&self, text: &str) -> String {
        let word = |word: &str| {
            let number = word.trim_matches(['(', ')']).replace(',', ":");
            let known = self.numbers.iter().find(|(kernel, _)| *kernel == number);
            let device = known.and_then(|(_, model)| {
                let known = self.script.numbers.iter().rfind(|(_, number)| number == model);
                known.and_then(|(path, _)| path.rsplit('/').next())
            });
            device.map_or_else(
                || word.to_owned(),
                |name| word.replace(&number.replace(':', ","), name),
            )
        };
        text.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    fn call(&mut self, line: u32, result: &str) {
        let text = self.names.calls.iter().find(|(number, _)| *number == line);
        match text {
            Some((_, text)) => {
                let text = format!("{text} = {result}");
                self.calls.push((line, result.to_owned()));
                if result != "blocked" {
                    self.show(text);
                }
            }
            // `info` is no call in the eyes of the model: it shows what it finds.
            None if result != "ok" => self.show("  Device does not exist.".to_owned()),
            None => {}
        }
    }

    fn show(&mut self, line: String) {
        let step = self.observed.transcript.steps.last_mut();
        step.expect("every line begins with a step").1.push(line);
    }

    fn finish(mut self) -> Observed {
        let transcript = &mut self.observed.transcript;
        for (number, lines) in &mut transcript.steps {
            *lines = self.names.canonical(*number, std::mem::take(lines));
        }
        let reached: Vec<u32> = transcript.steps.iter().map(|(number, _)| *number).collect();
        for (number, text) in &self.names.calls {
            let result = self.calls.iter().find(|(line, _)| line == number);
            let end = match result {
                Some((_, result)) => result.as_str(),
                None if reached.contains(number) => "blocked",
                None => "not reached",
            };
            if matches!(end, "blocked" | "not reached") {
                transcript.left.push(format!("{text} = {end}"));
            }
            transcript.ends.calls.push((text.clone(), end.to_owned()));
        }
        let done = std::mem::take(&mut transcript.ends.ios);
        let mut ios = Vec::new();
        let mut left = Vec::new();
        for line in &self.scenario.lines {
            let Verb::Io { tag, device, .. } = &line.verb else { continue };
            let end = done.iter().find(|(known, _)| known == tag).map(|(_, end)| end.clone());
            let end = end.unwrap_or_else(|| {
                let is_issued = reached.contains(&line.number);
                let end = if is_issued { self.held(tag, device) } else { "not issued" };
                left.push(format!("io {tag} = {end}"));
                end.to_owned()
            });
            ios.push((tag.clone(), end));
        }
        let transcript = &mut self.observed.transcript;
        transcript.ends.ios = ios;
        transcript.left.extend(left);
        self.observed
    }

    /// Where an I/O is that has not ended: what ended once the disks answered was with a disk, what
    /// its device does not count as under way is in a list of the core, the rest in a target.
    fn held(&self, tag: &str, device: &str) -> &'static str {
        if self.at_disk.iter().any(|known| known == tag) {
            return "held at the disk";
        }
        let count = |device: &str| {
            let known = self.inflight.iter().find(|(known, _)| known == device);
            known.map_or(0, |(_, count)| *count)
        };
        let Some(mapped) = self.script.devices.iter().find(|known| known.name == device) else {
            return "held by a process";
        };
        let is_waiting = |line: &&Line| {
            matches!(&line.verb, Verb::Io { tag, device: of, .. }
                if of == device && self.pending.contains(tag) && !self.at_disk.contains(tag))
        };
        let waiting = self.scenario.lines.iter().filter(is_waiting).count() as u32;
        let counted = count(&mapped.device);
        if counted == 0 {
            return "held in the core";
        }
        if counted < waiting {
            return "held in the core or in the target";
        }
        let lower = self.script.devices.iter().filter(|it| mapped.below.contains(&it.name));
        let lower: Vec<u32> = lower.map(|it| count(&it.device)).collect();
        let is_in_core_below = !lower.is_empty() && lower.iter().all(|count| *count == 0);
        if is_in_core_below { "held in the core" } else { "held in the target" }
    }
}

#[cfg(test)]
mod tests;

//! A window: a world that `Plain` reaches, and the processes that run from there, each in a thread.
//!
//! Its text is a configuration's, a line `==== window ERA`, then the way to where it begins, as a
//! trail's actions, as `PROCESS until LABEL` or as `run PROCESS`, and a line `thread: JOB, ..` for each
//! thread: `PROCESS`, `PROCESS until LABEL`, `script N` or `kmultipathd`.
use std::fmt::Write as _;

use dm_model::era::Era;
use dm_model::memory::Lock;
use dm_model::mutant::Mutant;
use dm_properties::history::History;
use dm_sim::world::World;
use dm_sim::world::config::{Configuration, TextError};
use dm_sim::world::plan::{Action, Context, Kind, PlanLine};
use dm_sim::world::trail;

use crate::round::{Job, Round, unsupported};

/// The line between the configuration and the way to the window, before the era.
pub(crate) const MARK: &str = "==== window ";
/// How many threads loom allows beside its main thread.
pub const THREAD_COUNT_MAX: usize = 4;
/// How many steps `until` takes at most before its label is given up.
const STEP_COUNT_MAX: usize = 1000;

/// A window.
#[derive(Clone, Debug)]
pub struct Window {
    /// Its name: the file's, without directories and ending.
    pub name: String,
    /// What it is: the first line of its text.
    pub about: String,
    /// Where its way begins.
    pub configuration: Configuration,
    /// The kernel.
    pub era: Era,
    /// What happens before it begins.
    pub way: Vec<Action>,
    /// What claims remember of its way.
    pub history: History,
    /// What its threads run, from where.
    pub round: Round,
}

impl Window {
    /// Reads a window and goes its way.
    ///
    /// # Errors
    /// With file, line and column.
    pub fn parse(file: &str, text: &str) -> Result<Self, TextError> {
        Self::parse_with(file, text, Mutant::None)
    }

    /// The same window of a kernel with this bug in its rules.
    ///
    /// # Errors
    /// As [`Window::parse`].
    pub fn parse_with(file: &str, text: &str, mutant: Mutant) -> Result<Self, TextError> {
        let at = |line: usize, message: String| TextError {
            file: file.to_owned(),
            line: line as u32,
            column: 1,
            message,
        };
        let Some(mark) = text.lines().position(|line| line.starts_with(MARK)) else {
            let last = text.lines().count().max(1);
            return Err(at(last, format!("a window needs a line \"{MARK}ERA\"")));
        };
        let head: Vec<_> = text.lines().take(mark).collect();
        let mut configuration = Configuration::parse(file, &head.join("\n"))?;
        configuration.mutant = mutant;
        let name = text.lines().nth(mark).expect("it was found")[MARK.len()..].trim();
        let era = Era::from_name(name)
            .ok_or_else(|| at(mark + 1, format!("{name} is not an era of the model")))?;
        let mut way = Way::new(configuration.world(era)?);
        let mut jobs: Vec<Vec<Job>> = Vec::new();
        for (index, line) in text.lines().enumerate().skip(mark + 1) {
            let line = line.split('#').next().unwrap_or("").trim();
            if line.is_empty() {
                continue;
            }
            let done = match line.strip_prefix("thread:") {
                Some(list) => thread(&way.world, list).map(|list| jobs.push(list)),
                None if jobs.is_empty() => way.go(line),
                None => Err("the way to the window ends where its threads begin".to_owned()),
            };
            done.map_err(|message| at(index + 1, message))?;
        }
        let end = text.lines().count();
        if jobs.is_empty() || jobs.len() > THREAD_COUNT_MAX {
            return Err(at(end, format!("expected 1 to {THREAD_COUNT_MAX} threads")));
        }
        let mut all: Vec<_> = jobs.iter().flatten().collect();
        all.sort();
        if let Some([twice, _]) = all.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(at(end, format!("two threads run the same: {twice:?}")));
        }
        let about = text.lines().next().unwrap_or("").trim_start_matches('#').trim().to_owned();
        let round = Round {
            name: configuration.name().to_owned(),
            world: way.world,
            jobs,
            held: way.held,
            has_hardware: false,
            merged: None,
        };
        let name = configuration.name().to_owned();
        let (history, way) = (way.history, way.actions);
        Ok(Self { name, about, configuration, era, way, history, round })
    }

    /// What the threads run, in words: a line each.
    pub fn threads(&self) -> Vec<String> {
        self.round.jobs.iter().map(|jobs| self.thread_text(jobs)).collect()
    }

    fn thread_text(&self, jobs: &[Job]) -> String {
        let mut text = String::new();
        for job in jobs {
            let separator = if text.is_empty() { "" } else { ", then " };
            let _ = match job {
                Job::Process(context, until) => {
                    let process = self.round.world.processes.get(*context);
                    let label = process.map(dm_model::frame::Process::label).unwrap_or_default();
                    let name = self.round.world.plan().name(*context);
                    let until = until.as_ref().map(|label| format!(" up to {label}"));
                    let until = until.unwrap_or_default();
                    write!(text, "{separator}{name} from {label}{until}")
                }
                Job::WorkQueue => write!(text, "{separator}kmultipathd"),
                Job::Script(script) => {
                    let lines = &self.round.world.plan().scripts[*script];
                    let next = usize::from(self.round.world.scripts[*script].next);
                    let lines: Vec<_> = lines[next..].iter().map(PlanLine::shown).collect();
                    write!(text, "{separator}{}", lines.join("; "))
                }
                Job::Hardware(_) => unreachable!("a window has no hardware"),
            };
        }
        text
    }
}

/// The way to a window, and who holds which lock on it.
struct Way {
    world: World,
    history: History,
    actions: Vec<Action>,
    held: Vec<(Context, Vec<(Lock, bool)>)>,
}

impl Way {
    fn new(world: World) -> Self {
        let history = History::at_start(&world);
        Self { world, history, actions: Vec::new(), held: Vec::new() }
    }

    /// One line of the way.
    fn go(&mut self, line: &str) -> Result<(), String> {
        if let Some((name, label)) = line.split_once(" until ") {
            return self.run(name.trim(), Some(label.trim()));
        }
        if let Some(name) = line.strip_prefix("run ") {
            return self.run(name.trim(), None);
        }
        let action = trail::find(&self.world, line)?;
        self.take(action).ok_or_else(|| format!("{line}: blocked here"))
    }

    /// Runs a process up to a label, or to its end.
    fn run(&mut self, name: &str, label: Option<&str>) -> Result<(), String> {
        if self.world.find_context(name).is_none() {
            return Err(format!("{name} is no process here"));
        }
        for _ in 0..STEP_COUNT_MAX {
            let Some(context) = self.world.find_context(name) else {
                return label.map_or(Ok(()), |label| Err(format!("{name} ends before {label}")));
            };
            let at = self.world.processes.get(context).expect("it was found").label();
            if Some(at.as_str()) == label {
                return Ok(());
            }
            let action = Action::from(Kind::Step(context));
            self.take(action).ok_or_else(|| format!("{name} is blocked at {at}"))?;
        }
        Err(format!("{name} does not come there in {STEP_COUNT_MAX} steps"))
    }

    fn take(&mut self, action: Action) -> Option<()> {
        let before = locks(&self.world);
        let mut after = self.world.clone();
        after.perform(action).ok()?;
        self.history = self.history.after(action, &after);
        if let Kind::Step(context) = action.kind {
            self.note_locks(context, &before, &locks(&after));
        }
        self.world = after;
        self.actions.push(action);
        Some(())
    }

    fn note_locks(&mut self, context: Context, before: &[(Lock, bool)], after: &[(Lock, bool)]) {
        let mut taken = after.to_vec();
        for lock in before {
            if let Some(index) = taken.iter().position(|it| it == lock) {
                taken.remove(index);
            }
        }
        let mut given = before.to_vec();
        for lock in after {
            if let Some(index) = given.iter().position(|it| it == lock) {
                given.remove(index);
            }
        }
        let index = self.held.iter().position(|(it, _)| *it == context).unwrap_or_else(|| {
            self.held.push((context, Vec::new()));
            self.held.len() - 1
        });
        let held = &mut self.held[index].1;
        held.extend(taken);
        for lock in given {
            let index = held.iter().position(|it| *it == lock);
            held.remove(index.expect("who gives a lock back has taken it"));
        }
    }
}

/// The locks that are held across steps, and whether by a reader; once for each reader.
fn locks(world: &World) -> Vec<(Lock, bool)> {
    use dm_model::ids::MdId;
    let memory = &world.memory;
    let mut locks = vec![(Lock::Hash, true); usize::from(memory.hash_readers)];
    locks.extend(memory.hash_writer.then_some((Lock::Hash, false)));
    for (index, md) in memory.mds.iter().enumerate() {
        let id = MdId(index as u8);
        locks.extend(md.suspend_locked.then_some((Lock::Suspend(id), false)));
        locks.extend(md.inode_locked.then_some((Lock::Inode(id), false)));
        locks.extend(md.io_writer.then_some((Lock::Io(id), false)));
        locks.extend(vec![(Lock::Io(id), true); usize::from(md.io_readers)]);
    }
    locks
}

/// The jobs of a thread, in order: `PROCESS`, `PROCESS until LABEL`, `script N`, `kmultipathd`.
fn thread(world: &World, list: &str) -> Result<Vec<Job>, String> {
    list.split(',').map(|word| job(world, word.trim())).collect()
}

fn job(world: &World, text: &str) -> Result<Job, String> {
    if text == "kmultipathd" {
        return Ok(Job::WorkQueue);
    }
    if let Some(number) = text.strip_prefix("script ") {
        return script(world, number.trim());
    }
    let (name, until) = match text.split_once(" until ") {
        Some((name, label)) => (name.trim(), Some(label.trim().to_owned())),
        None => (text, None),
    };
    let context = world.find_context(name).ok_or_else(|| format!("{name} is no process here"))?;
    let at = world.processes.get(context).map(dm_model::frame::Process::label);
    if until.is_some() && until == at {
        return Err(format!("{name} is at {} already", until.unwrap_or_default()));
    }
    Ok(Job::Process(context, until))
}

fn script(world: &World, number: &str) -> Result<Job, String> {
    let count = world.plan().scripts.len();
    let index: usize = number.parse().map_err(|_| format!("{number} is not a number"))?;
    let Some(lines) = world.plan().scripts.get(index) else {
        return Err(format!("there are scripts 0 to {}", count - 1));
    };
    for (number, line) in lines.iter().enumerate().skip(usize::from(world.scripts[index].next)) {
        if let Some(why) = unsupported(line, number + 1 == lines.len()) {
            return Err(format!("script {index}: {}: {why}", line.shown()));
        }
    }
    Ok(Job::Script(index))
}

//! Many scenarios on one kernel: as few boots as possible, each scenario judged by itself.
//!
//! A scenario that leaves something behind, hangs or stops the kernel ends its boot; the ones after
//! it get a new one.
use std::fmt::Write as _;
use std::thread;
use std::time::Duration;

use dm_sim::scenario::{Mode, Scenario};

use crate::boot::{Booted, Limits, boot};
use crate::events::Event;
use crate::kernel::{Kernel, KernelError};
use crate::observed::{Observed, observe};
use crate::script::{Script, ScriptError, script};
use crate::stores::Free;

/// The longest that a scenario may take; the agent's own limits are far below.
const SCENARIO_SECONDS_MAX: u64 = 60;
/// The longest that a kernel may take to come up.
const BOOT_SECONDS_MAX: u64 = 120;

/// A scenario that is to be run, in one kind of queue.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// What is to be run.
    pub scenario: &'a Scenario,
    /// In which kind of queue.
    pub mode: Mode,
}

/// Why a scenario has no outcome.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failed {
    /// No kernel can be brought to do it: where, and why.
    Script(ScriptError),
    /// What is no part of the scenario has failed.
    Trouble(String),
    /// The kernel did not come to the end of the scenario: why, and its console's last lines.
    Died(String, Vec<String>),
}

/// How one run of a scenario has ended.
pub type Run = Result<Observed, Failed>;

/// What a batch has brought.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// `uname -r` and `uname -v` of the kernel; empty when nothing was booted.
    pub release: String,
    /// The version, as the kernel says it.
    pub version: String,
    /// How often it was booted.
    pub boots: usize,
    /// The tasks that left something behind, so that the next ones got a new boot.
    pub dirty: Vec<usize>,
    /// One run a task, in their order.
    pub runs: Vec<Run>,
}

/// Runs every task once, on so many machines side by side. `progress` is told of each that is over.
///
/// # Errors
/// When something is missing that a boot needs, or the kernel does not come up.
pub fn run(
    kernel: &Kernel,
    tasks: &[Task<'_>],
    machines: usize,
    progress: &(dyn Fn() + Sync),
) -> Result<Batch, KernelError> {
    let share = tasks.len().div_ceil(machines.max(1)).max(1);
    let batches: Vec<_> = thread::scope(|scope| {
        let start = |tasks| scope.spawn(move || run_on_one(kernel, tasks, progress));
        let threads: Vec<_> = tasks.chunks(share).map(start).collect();
        threads.into_iter().map(|it| it.join().expect("a batch does not panic")).collect()
    });
    let mut all = Batch::default();
    for batch in batches {
        let batch = batch?;
        all.dirty.extend(batch.dirty.iter().map(|task| task + all.runs.len()));
        all.boots += batch.boots;
        all.runs.extend(batch.runs);
        // A machine of which every scenario was refused was never booted.
        if batch.boots > 0 {
            (all.release, all.version) = (batch.release, batch.version);
        }
    }
    Ok(all)
}

fn run_on_one(
    kernel: &Kernel,
    tasks: &[Task<'_>],
    progress: &(dyn Fn() + Sync),
) -> Result<Batch, KernelError> {
    let mut free = Free::default();
    let scripts: Vec<Result<Script, ScriptError>> = (0..)
        .zip(tasks)
        .map(|(index, task)| script(task.scenario, task.mode, index, &mut free))
        .collect();
    let refused = |script: &Result<Script, ScriptError>| {
        script.as_ref().err().map(|error| Err(Failed::Script(error.clone())))
    };
    let mut runs: Vec<Option<Run>> = scripts.iter().map(refused).collect();
    let mut batch = Batch::default();
    loop {
        let open: Vec<(usize, &Script)> = (0..tasks.len())
            .filter(|index| runs[*index].is_none())
            .filter_map(|index| Some((index, scripts[index].as_ref().ok()?)))
            .collect();
        let Some((_, first)) = open.first() else { break };
        // The disk of scsi_debug has a name, which a kernel may find where a scenario has none.
        let with_scsi = first.needs_scsi;
        let open: Vec<_> = open.iter().copied().filter(|it| it.1.needs_scsi == with_scsi).collect();
        let booted = boot_with(kernel, &open, &mut |event| {
            if matches!(event, Event::End(..)) {
                progress();
            }
        })?;
        batch.boots += 1;
        if !take(tasks, &open, &booted, &mut batch, &mut runs) {
            return Err(KernelError::File(no_boot(kernel, &booted)));
        }
    }
    batch.runs = runs.into_iter().map(|run| run.expect("each task has its run")).collect();
    Ok(batch)
}

fn boot_with(
    kernel: &Kernel,
    open: &[(usize, &Script)],
    hear: &mut dyn FnMut(&Event),
) -> Result<Booted, KernelError> {
    let text: String = open.iter().map(|(_, script)| script.text.as_str()).collect();
    let with_scsi = open.iter().any(|(_, script)| script.needs_scsi);
    let seconds = BOOT_SECONDS_MAX + SCENARIO_SECONDS_MAX * open.len() as u64;
    let limits = Limits {
        whole: Duration::from_secs(seconds),
        silence: Duration::from_secs(SCENARIO_SECONDS_MAX),
    };
    boot(kernel, &text, with_scsi, limits, hear)
}

/// Takes what a boot has brought; false when not even one scenario began.
fn take(
    tasks: &[Task<'_>],
    open: &[(usize, &Script)],
    booted: &Booted,
    batch: &mut Batch,
    runs: &mut [Option<Run>],
) -> bool {
    let mut events = booted.events.iter().peekable();
    let mut began = false;
    let mut is_broken = false;
    while let Some(event) = events.next() {
        if let Event::Ready(release, version) = event {
            batch.release.clone_from(release);
            batch.version.clone_from(version);
        }
        is_broken |= matches!(event, Event::Broken(_));
        let Event::Begin(id) = event else { continue };
        began = true;
        let (index, script) =
            open.iter().find(|(_, script)| script.id == *id).expect("it was sent");
        let mut own = Vec::new();
        while let Some(event) =
            events.next_if(|event| !matches!(event, Event::End(..) | Event::Off))
        {
            own.push(event.clone());
        }
        let is_whole = matches!(events.peek(), Some(Event::End(..)));
        if matches!(events.peek(), Some(Event::End(_, false))) {
            batch.dirty.push(*index);
        }
        let run = observe(tasks[*index].scenario, script, &own).map_err(Failed::Trouble);
        runs[*index] = Some(match run {
            Ok(_) if !is_whole => Err(Failed::Died(died(booted), booted.console.clone())),
            run => run,
        });
    }
    began && !is_broken
}

fn died(booted: &Booted) -> String {
    let by_itself = || "the kernel has stopped".to_owned();
    booted.ended.clone().unwrap_or_else(by_itself)
}

fn no_boot(kernel: &Kernel, booted: &Booted) -> String {
    let broken = booted
        .events
        .iter()
        .find_map(|event| if let Event::Broken(text) = event { Some(text.clone()) } else { None });
    let reason = broken.or_else(|| booted.ended.clone());
    let reason = reason.unwrap_or_else(|| "it has ended by itself".to_owned());
    let mut text = format!("{kernel} ({}) did not run the agent: {reason}", kernel.release);
    for line in booted.console.iter().filter(|line| !line.is_empty()) {
        let _ = write!(text, "\n  | {line}");
    }
    text
}

#[cfg(test)]
mod tests {
    use dm_model::era::ERA_NAMES;

    use super::*;
    use crate::events;

    const TEXT: &str = "era: 2.6.20\ncreate d\n  0 8 zero\n";

    /// What three runs of one scenario come to when the boot brings these lines.
    fn taken(lines: &str) -> (bool, Batch, Vec<Option<Run>>) {
        let scenario = dm_sim::scenario::parse("test.dm", TEXT, &ERA_NAMES).expect("it parses");
        let tasks = [Task { scenario: &scenario, mode: Mode::Bio }; 3];
        let mut free = Free::default();
        let scripts = [0, 1, 2].map(|index| {
            script(&scenario, Mode::Bio, index, &mut free).expect("a kernel can do it")
        });
        let open: Vec<_> = (0..).zip(&scripts).collect();
        let events = lines.lines().map(|line| events::parse(line).expect(line)).collect();
        let console = vec!["Kernel panic".to_owned()];
        let booted = Booted { events, console, ended: None };
        let (mut batch, mut runs) = (Batch::default(), vec![None, None, None]);
        let began = take(&tasks, &open, &booted, &mut batch, &mut runs);
        (began, batch, runs)
    }

    #[test]
    fn a_scenario_in_which_the_kernel_stops_has_its_console_and_the_next_ones_wait() {
        let whole = "@ready\t6.1.176\t#1\n@begin\t0\n@step\t2\n@call\t2\tok\n@end\t0\tclean\n";
        let (began, batch, runs) = taken(&format!("{whole}@begin\t1\n@step\t2\n"));
        assert!(began);
        assert_eq!((batch.release.as_str(), batch.dirty.len()), ("6.1.176", 0));
        let first = runs[0].as_ref().expect("it ran").as_ref().expect("it is whole");
        assert_eq!(first.transcript.text(), "create d = ok\n");
        let console = vec!["Kernel panic".to_owned()];
        let died = Failed::Died("the kernel has stopped".to_owned(), console);
        assert_eq!(runs[1], Some(Err(died)));
        assert_eq!(runs[2], None);
    }

    #[test]
    fn what_leaves_something_behind_is_remembered() {
        let (_, batch, runs) = taken("@begin\t0\n@step\t2\n@call\t2\tok\n@end\t0\tdirty\n@off\n");
        assert_eq!(batch.dirty, [0]);
        assert!(runs[0].as_ref().is_some_and(Result::is_ok) && runs[1].is_none());
    }

    #[test]
    fn a_boot_in_which_nothing_began_is_no_boot() {
        assert!(!taken("@ready\t6.1.176\t#1\n@off\n").0);
        assert!(!taken("@broken\tmodule brd.ko: ENOENT\n@off\n").0);
    }
}

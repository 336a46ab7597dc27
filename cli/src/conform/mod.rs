//! `pushback conform`: scenario files on real kernels, and whether each does what it should.
mod record;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use clap::{Args, ValueEnum};
use dm_model::era::ERA_NAMES;
use dm_oracle::batch::{self, Batch, Task};
use dm_oracle::conform::{Expected, Judged, judge};
use dm_oracle::kernel::Kernel;
use dm_sim::scenario::{Mode, Scenario};
use dm_sim::world::config::Configuration;

use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::Output;
use crate::progress::Board;

const EXAMPLES: &str = "\
Examples:
  pushback conform
  pushback conform scenarios/cover-letter-noflush.dm --repeat 20
  pushback conform --kernel uml --kernel qemu:6.12
  pushback conform --mode rq --json

Without files, all of scenarios/ that are not model-only. A kernel is uml (the user-mode kernel of
Debian's package), uml:FILE, qemu:VERSION or qemu:FILE (a vmlinuz-RELEASE with its modules beside
it); `pushback doctor` says which are there.

The table has a line for each distinct outcome. model: whether the model may end so, by any schedule
in the scenario's youngest era whose lines begin at rest, and in how many ways it may. verdict:
agrees with the model's default schedule, or agrees* with another; recorded: it differs as a block
`---- kernel VERSION` of the file has it, whose first lines give the reason; NO REASON: they do not;
DIFFERS. outcome: how each I/O ended, and what was not ok. --record writes such blocks, for a reason
to be written above each.

Exits with 0 when every kernel does as it should, with 12 when one does not, with 69 when a kernel
or an emulator is missing.";

/// Run scenario files on real kernels and compare with the model and with what was recorded
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The scenarios [default: scenarios/*.dm that are not model-only]
    files: Vec<PathBuf>,
    /// A kernel; may be given again
    #[arg(long, value_name = "KERNEL", default_value = "uml")]
    kernel: Vec<String>,
    /// Only this kind of queue
    #[arg(long)]
    mode: Option<Queue>,
    /// How often each scenario is run
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=1000))]
    repeat: u16,
    /// How many machines run side by side
    #[arg(long, value_name = "N", default_value_t = 3)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=64))]
    machines: u8,
    /// Write what differs into the scenario files, for a reason to be written above it
    #[arg(long)]
    record: bool,
    /// Show how far it is even where stderr is no terminal
    #[arg(long)]
    progress: bool,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// The kind of queue, as on the command line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Queue {
    /// Bio-based
    Bio,
    /// Request-based
    Rq,
}

/// A scenario file.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) scenario: Scenario,
    /// What the model can run; nothing where no era has the file's kind of queue.
    pub(crate) configuration: Option<Configuration>,
}

/// What came of one scenario in one kind of queue on one kernel.
pub(crate) struct Row<'a> {
    pub(crate) file: &'a File,
    pub(crate) mode: Mode,
    pub(crate) expected: &'a Expected,
    pub(crate) judged: Judged,
}

impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        let kernels: Vec<Kernel> =
            self.kernel.iter().map(|name| find(name)).collect::<Result<_, _>>()?;
        let files = self.files()?;
        let pairs = self.pairs(&files)?;
        let mut expected = None;
        let mut is_good = true;
        for kernel in &kernels {
            let (batch, told) = self.batch(kernel, &pairs, expected.take())?;
            let rows = rows(&pairs, &told, &batch, usize::from(self.repeat));
            is_good &= rows.iter().all(|row| row.judged.is_good());
            if output.json {
                table::objects(output, kernel, &batch, &rows)?;
            } else {
                table::lines(output, kernel, &batch, &rows)?;
            }
            if self.record {
                record::write(&batch.release, &rows)?;
            }
            output.flush()?;
            expected = Some(told);
        }
        Ok(if is_good { Exit::Ok } else { Exit::Safety })
    }

    /// Every scenario once, on one kernel.
    pub(crate) fn of(kernel: &str) -> Self {
        Self {
            files: Vec::new(),
            kernel: vec![kernel.to_owned()],
            mode: None,
            repeat: 1,
            machines: 3,
            record: false,
            progress: false,
            json: false,
        }
    }

    /// Runs the scenarios on the first kernel, and tells what calls itself what and how it did.
    pub(crate) fn with_rows<R>(&self, tell: impl Fn(&str, &[Row<'_>]) -> R) -> Result<R, Failure> {
        let files = self.files()?;
        let pairs = self.pairs(&files)?;
        let (batch, told) = self.batch(&find(&self.kernel[0])?, &pairs, None)?;
        Ok(tell(&batch.release, &rows(&pairs, &told, &batch, usize::from(self.repeat))))
    }

    /// The files, each in its kinds of queue.
    fn pairs<'a>(&self, files: &'a [File]) -> Result<Vec<(&'a File, Mode)>, Failure> {
        let pairs: Vec<(&File, Mode)> = files
            .iter()
            .flat_map(|file| file.scenario.header.modes.iter().map(move |mode| (file, *mode)))
            .filter(|(_, mode)| self.mode.is_none_or(|wanted| wanted.mode() == *mode))
            .collect();
        if pairs.is_empty() {
            return Err(Failure::Input("no scenario is of this kind of queue".to_owned()));
        }
        Ok(pairs)
    }

    fn files(&self) -> Result<Vec<File>, Failure> {
        if !self.files.is_empty() {
            return self.files.iter().map(|path| read(path)).collect();
        }
        let entries = fs::read_dir("scenarios").map_err(|error| {
            Failure::Input(format!("scenarios: {error}: name the scenario files, or run it there"))
        })?;
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|it| it == "dm"));
        paths.sort();
        let mut files: Vec<File> = paths.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
        files.retain(|file| file.scenario.header.model_only.is_none());
        Ok(files)
    }

    /// The kernel runs the scenarios while the model is asked.
    fn batch(
        &self,
        kernel: &Kernel,
        pairs: &[(&File, Mode)],
        known: Option<Vec<Expected>>,
    ) -> Result<(Batch, Vec<Expected>), Failure> {
        let tasks: Vec<Task<'_>> = pairs
            .iter()
            .map(|(file, mode)| Task { scenario: &file.scenario, mode: *mode })
            .flat_map(|task| (0..self.repeat).map(move |_| task))
            .collect();
        let board = Board::new(self.progress, false);
        let mut bar = board.begin(&kernel.name);
        let (batch, told) = thread::scope(|scope| {
            let model = scope.spawn(|| match known {
                Some(known) => Ok(known),
                None => pairs.iter().map(|(file, _)| ask(file)).collect(),
            });
            let (done, bar) = (AtomicUsize::new(0), Mutex::new(&mut bar));
            let progress = || {
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                bar.lock().unwrap_or_else(PoisonError::into_inner).count(done, tasks.len());
            };
            let batch = batch::run(kernel, &tasks, usize::from(self.machines), &progress);
            (batch, model.join().expect("the model does not panic"))
        });
        bar.end();
        Ok((batch.map_err(|error| Failure::Unavailable(error.to_string()))?, told?))
    }
}

impl Queue {
    /// As scenarios name it.
    pub(crate) fn mode(self) -> Mode {
        match self {
            Self::Bio => Mode::Bio,
            Self::Rq => Mode::Rq,
        }
    }
}

/// The kernel that the user names.
pub(crate) fn find(name: &str) -> Result<Kernel, Failure> {
    Kernel::find(name).map_err(|error| match error {
        dm_oracle::kernel::KernelError::Name(_) => Failure::Input(error.to_string()),
        dm_oracle::kernel::KernelError::Missing { .. }
        | dm_oracle::kernel::KernelError::File(_) => Failure::Unavailable(error.to_string()),
    })
}

/// Reads a scenario file.
pub(crate) fn read(path: &Path) -> Result<File, Failure> {
    let (text, name) = input::read(path)?;
    let scenario = dm_sim::scenario::parse(&name, &text, &ERA_NAMES)
        .map_err(|error| Failure::Input(error.to_string()))?;
    let has_model = scenario.header.modes.contains(&Mode::Bio);
    let configuration = has_model.then(|| Configuration::parse(&name, &text)).transpose();
    let configuration = configuration.map_err(|error| Failure::Input(error.to_string()))?;
    Ok(File { path: path.to_owned(), text, scenario, configuration })
}

/// What the model says of a scenario.
pub(crate) fn ask(file: &File) -> Result<Expected, Failure> {
    Expected::of(file.configuration.as_ref()).map_err(|error| Failure::Input(error.to_string()))
}

fn rows<'a>(
    pairs: &[(&'a File, Mode)],
    expected: &'a [Expected],
    batch: &Batch,
    repeat: usize,
) -> Vec<Row<'a>> {
    let runs = batch.runs.chunks(repeat);
    let row = |(((file, mode), expected), runs): (((&'a File, Mode), &'a Expected), &[_])| {
        let runs = runs.iter().cloned();
        let judged = judge(&file.scenario, mode, &batch.release, expected, runs);
        Row { file, mode, expected, judged }
    };
    pairs.iter().copied().zip(expected).zip(runs).map(row).collect()
}

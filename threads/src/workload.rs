//! A workload: a configuration whose scripts, disks and workers each get a thread.
use dm_model::ids::DiskId;
use dm_model::mutant::Mutant;
use dm_sim::world::config::{Configuration, TextError};

use crate::round::{Job, Round, unsupported};

/// A workload with its name.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// The name on the command line.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The workloads that are tried by default.
pub const WORKLOADS: &[Workload] = &[
    Workload { name: "storm", text: include_str!("../workloads/storm.check") },
    Workload { name: "reload", text: include_str!("../workloads/reload.check") },
    Workload { name: "spanning", text: include_str!("../workloads/spanning.check") },
    Workload { name: "interrupted", text: include_str!("../workloads/interrupted.check") },
];

/// The round of a configuration: a thread for each script behind its first `||`, for each path
/// and for the work queue.
///
/// # Errors
/// With file, line and column, when the text is no configuration or a thread cannot do what it
/// says.
pub fn round(file: &str, text: &str, mutant: Mutant) -> Result<Round, TextError> {
    let mut configuration = Configuration::parse(file, text)?;
    configuration.mutant = mutant;
    let world = configuration.world(configuration.era)?;
    let at =
        |line: u32, message: String| TextError { file: file.to_owned(), line, column: 1, message };
    for script in world.plan().scripts.iter().skip(1) {
        for (index, line) in script.iter().enumerate() {
            if let Some(why) = unsupported(line, index + 1 == script.len()) {
                return Err(at(line.number, format!("{}: {why}", line.shown())));
            }
        }
    }
    let scripts = (1..world.plan().scripts.len()).map(|script| vec![Job::Script(script)]);
    let mut jobs: Vec<_> = scripts.collect();
    if jobs.is_empty() {
        return Err(at(1, "a workload needs scripts, each behind a line ||".to_owned()));
    }
    let disks = (0..world.memory.disks.len()).map(|disk| vec![Job::Hardware(DiskId(disk as u8))]);
    jobs.extend(disks);
    jobs.push(vec![Job::WorkQueue]);
    let name = configuration.name().to_owned();
    Ok(Round { name, world, jobs, held: Vec::new(), has_hardware: true, merged: None })
}

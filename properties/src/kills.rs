//! The kill matrix: each seeded bug, the configuration in which it shows, and the claim that it
//! breaks.
//!
//! What a mutant breaks is said by `dm_model::mutant`. In its configuration the claim holds
//! without it; a test sees to that, and that no two mutants break the same claim by the same label.
use std::collections::BTreeSet;

use std::thread;

use dm_explore::{Finish, Limits};
use dm_model::frame::Process;
use dm_model::mutant::{self, MUTANTS, Mutant, Seeded};
use dm_sim::world::World;
use dm_sim::world::config::{Configuration, TextError};
use dm_sim::world::plan::{Action, Context, Kind};
use dm_sim::world::trail::Trail;

use crate::claims::{Claim, claim};
use crate::configurations::{Named, all, seeded};
use crate::search::hunt;

/// A row of the matrix.
#[derive(Clone, Copy, Debug)]
pub struct Kill {
    /// The seeded bug.
    pub mutant: Mutant,
    /// The name of the configuration in which it shows.
    pub configuration: &'static str,
    /// The name of the claim that it breaks there.
    pub claim: &'static str,
}

const fn kill(mutant: Mutant, configuration: &'static str, claim: &'static str) -> Kill {
    Kill { mutant, configuration, claim }
}

const NO_ERROR: &str = "no_bogus_error";
const NOT_STRANDED: &str = "nothing_is_stranded";
const BLOCKED: &str = "blocked_io_does_not_start";
const QUIET: &str = "a_suspended_device_is_quiet";
const PUSHBACK: &str = "pushback_is_empty_without_the_flag";
const WHOLE: &str = "a_suspend_happens_whole_or_not_at_all";
const TABLES: &str = "tables_outlive_their_users";

/// Every mutant, in the order of `MUTANTS`.
pub const KILLS: &[Kill] = &[
    kill(Mutant::NoRecheckInQueueIo, "reload", NOT_STRANDED),
    kill(Mutant::BlockIoNotTested, "implicit", BLOCKED),
    kill(Mutant::SubmissionWithoutIoLock, "implicit", BLOCKED),
    kill(Mutant::NotDeferredIsDropped, "reload", NOT_STRANDED),
    kill(Mutant::IoCountWithoutSubmission, "fragments", "completed_writes_are_on_the_disk"),
    kill(Mutant::FlushFails, "implicit", "parked_io_is_reissued_before_it_completes"),
    kill(Mutant::MapRequeueIgnored, "no-path", NO_ERROR),
    kill(Mutant::EndIoRequeueIgnored, "implicit", NO_ERROR),
    kill(Mutant::FirstErrorStays, "error-first", "requeue_supersedes_errors"),
    kill(Mutant::SuccessOverwritesError, "fragments", "completed_writes_are_on_the_disk"),
    kill(Mutant::RequeuePerClone, "spanning", "every_io_is_in_one_place"),
    kill(Mutant::PushbackUnderIoLock, "no-path", NOT_STRANDED),
    kill(Mutant::ParkedWithoutFlag, "signal", PUSHBACK),
    kill(Mutant::RequeueIsAnError, "implicit", NO_ERROR),
    kill(Mutant::FlagTestedOutsideLock, "signal", PUSHBACK),
    kill(Mutant::PendingBeforeAppend, "implicit", NO_ERROR),
    kill(Mutant::WakeUpForgotten, "reload", NOT_STRANDED),
    kill(Mutant::RequeueCompletesToo, "implicit", "every_io_completes_at_most_once"),
    kill(Mutant::FlagAfterPresuspend, "implicit", NO_ERROR),
    kill(Mutant::NoflushLocksFs, "fsync", NOT_STRANDED),
    kill(Mutant::BlockIoNotSet, "implicit", NO_ERROR),
    kill(Mutant::BlockIoWithoutIoLock, "implicit", BLOCKED),
    kill(Mutant::SuspendedBeforeWait, "implicit", QUIET),
    kill(Mutant::FlagClearedBeforeWait, "implicit", NO_ERROR),
    kill(Mutant::CheckBeforePrepare, "reload", NOT_STRANDED),
    kill(Mutant::PendingNotAwaited, "implicit", NO_ERROR),
    kill(Mutant::SignalIgnored, "held-signal", NOT_STRANDED),
    kill(Mutant::SignalLeavesAtOnce, "signal", WHOLE),
    kill(Mutant::FlagNotCleared, "implicit", PUSHBACK),
    kill(Mutant::MergeDropsOne, "implicit", "every_io_is_in_one_place"),
    kill(Mutant::PendingNotReadAgain, "signal", QUIET),
    kill(Mutant::FlagClearedAfterSteal, "signal", PUSHBACK),
    kill(Mutant::AbortKeepsBlocking, "signal", WHOLE),
    kill(Mutant::AbortWithoutFlush, "signal", NOT_STRANDED),
    kill(Mutant::SuspendedNotSet, "implicit", WHOLE),
    kill(Mutant::BdgetFailureSkipsF, "bdget", WHOLE),
    kill(Mutant::BdgetFailureForgetsIo, "bdget", NOT_STRANDED),
    kill(Mutant::TargetsResumedLate, "no-path", NO_ERROR),
    kill(Mutant::ResumeKeepsBlocking, "reload", NOT_STRANDED),
    kill(Mutant::ResumeWithoutFlush, "reload", NOT_STRANDED),
    kill(Mutant::ResumeUnblocksLate, "implicit", BLOCKED),
    kill(Mutant::SwapWithoutSuspended, "implicit-signal", "the_map_changes_only_while_suspended"),
    kill(Mutant::SwapOfAnySize, "shrink", "the_kernel_does_not_stop"),
    kill(Mutant::SwapTakesInodeMutex, "fsync", NOT_STRANDED),
    kill(Mutant::BindWithoutReference, "fresh", TABLES),
    kill(Mutant::TablePutFrees, "fresh", TABLES),
    kill(Mutant::IoctlWithoutReference, "remove", "devices_outlive_their_users"),
    kill(Mutant::RequeueWithoutSuspend, "no-path", NO_ERROR),
    kill(Mutant::MapQueuesWithoutKick, "handler", NOT_STRANDED),
    kill(Mutant::EndIoQueuesWhileSuspending, "no-path", NOT_STRANDED),
    kill(Mutant::EndIoQueuesWithoutKick, "failover", NOT_STRANDED),
    kill(Mutant::PresuspendWithoutKick, "no-path", NOT_STRANDED),
    kill(Mutant::PresuspendSavesNothing, "implicit", NO_ERROR),
    kill(Mutant::ResumeForgetsPolicy, "no-path", NO_ERROR),
    kill(Mutant::ReinstateWithoutKick, "reinstated", NOT_STRANDED),
    kill(Mutant::DestroyWithoutFlush, "event", TABLES),
    kill(Mutant::WorkerWaitsForPath, "no-path", NOT_STRANDED),
    kill(Mutant::WorkerDropsClones, "reinstated", NOT_STRANDED),
    kill(Mutant::WorkerSkipsEndIo, "implicit", NO_ERROR),
    kill(Mutant::PgInitEndWithoutKick, "handler", NOT_STRANDED),
];

/// A mutant that no claim kills.
#[derive(Clone, Copy, Debug)]
pub struct Survivor {
    /// The seeded bug.
    pub mutant: Mutant,
    /// Configurations in which it acts, and breaks nothing that the kernel does not.
    pub configurations: &'static [&'static str],
    /// Why.
    pub why: &'static str,
}

/// Every survivor, in the order of `SURVIVORS` of the model.
pub const SURVIVORS: &[Survivor] = &[
    Survivor {
        mutant: Mutant::PushbackWithoutFlag,
        configurations: &["no-path", "implicit", "suspenders"],
        why: "P3 looks at the flag again, under its lock: a REQUEUE without it is the -EIO that \
              the target would have answered",
    },
    Survivor {
        mutant: Mutant::SplitWithoutReference,
        configurations: &["reload", "implicit", "remove"],
        why: "io_lock is held for reading from before B1 to after B5, and a suspend takes it for \
              writing before it counts; so no swap comes between, and whoever submits keeps the device",
    },
];

/// The configurations that only mutants need, as small as they can be.
pub const SMALL: &[Named] = &[
    Named {
        name: "signal",
        about: "1 bio, a noflush suspend that a signal may interrupt",
        text: include_str!("../configurations/mutants/signal.check"),
    },
    Named {
        name: "held-signal",
        about: "1 bio that a disk holds, a noflush suspend and a signal",
        text: include_str!("../configurations/mutants/held-signal.check"),
    },
    Named {
        name: "fresh",
        about: "a device is made, 1 bio",
        text: include_str!("../configurations/mutants/fresh.check"),
    },
    Named {
        name: "implicit-signal",
        about: "1 bio, a reload whose implicit suspend a signal may interrupt",
        text: include_str!("../configurations/mutants/implicit-signal.check"),
    },
    Named {
        name: "fragments",
        about: "1 write that spans two linear targets",
        text: include_str!("../configurations/mutants/fragments.check"),
    },
    Named {
        name: "error-first",
        about: "1 bio that spans an error target and one that asks for REQUEUE",
        text: include_str!("../configurations/mutants/error-first.check"),
    },
    Named {
        name: "no-path",
        about: "1 bio for a device without a path, a noflush suspend and a resume",
        text: include_str!("../configurations/mutants/no-path.check"),
    },
    Named {
        name: "failover",
        about: "1 bio over two paths, of which one is gone",
        text: include_str!("../configurations/mutants/failover.check"),
    },
    Named {
        name: "reinstated",
        about: "2 bios wait for a path that comes back",
        text: include_str!("../configurations/mutants/reinstated.check"),
    },
    Named {
        name: "handler",
        about: "1 bio over a group that is to be initialised",
        text: include_str!("../configurations/mutants/handler.check"),
    },
    Named {
        name: "shrink",
        about: "1 bio at the end of the device, and a smaller table",
        text: include_str!("../configurations/mutants/shrink.check"),
    },
    Named {
        name: "reload",
        about: "1 bio, a noflush suspend, a reload and a resume",
        text: include_str!("../configurations/mutants/reload.check"),
    },
    Named {
        name: "fsync",
        about: "1 fsync without a path, a noflush suspend and a reload",
        text: include_str!("../configurations/mutants/fsync.check"),
    },
    Named {
        name: "event",
        about: "a path fails while the device is removed",
        text: include_str!("../configurations/mutants/event.check"),
    },
    Named {
        name: "bdget",
        about: "1 bio without a path, a noflush suspend whose bdget fails",
        text: include_str!("../configurations/mutants/bdget.check"),
    },
];

/// How a mutant was killed.
#[derive(Clone, Debug)]
pub struct Killed {
    /// What was expected and found.
    pub text: String,
    /// The shortest way to it.
    pub trail: Trail,
    /// The label of its last step, or what happens there.
    pub last: String,
    /// How many processes take a step in it; the lines of one script are one.
    pub processes: usize,
}

/// What the search of a row found.
#[derive(Clone, Debug)]
pub struct Search {
    /// Distinct states, until the claim broke or all were searched.
    pub states: u64,
    /// How it ended.
    pub finish: Finish,
    /// `None`: the mutant survives.
    pub killed: Option<Killed>,
}

impl Kill {
    /// What the mutant is.
    pub fn seeded(&self) -> &'static Seeded {
        seeded_of(self.mutant)
    }

    /// The claim.
    ///
    /// # Panics
    /// When there is none with this name.
    pub fn claim(&self) -> &'static Claim {
        claim(self.claim).expect("a claim of the project")
    }

    /// Its configuration as it is without the mutant.
    pub fn named(&self) -> &'static Named {
        named(self.configuration)
    }

    /// Its configuration with the mutant.
    ///
    /// # Errors
    /// When its text is bad.
    pub fn configuration(&self) -> Result<Configuration, TextError> {
        configuration(self.configuration, self.mutant)
    }

    /// Searches the configuration until the claim breaks.
    ///
    /// # Errors
    /// When the configuration cannot be built.
    pub fn search(&self, limits: Limits) -> Result<Search, TextError> {
        let configuration = self.configuration()?;
        let hunt = hunt(&configuration, configuration.era, self.claim, limits)?;
        let killed = match hunt.broken {
            Some((text, trail)) => Some(killed(text, trail)?),
            None => None,
        };
        Ok(Search { states: hunt.states, finish: hunt.finish, killed })
    }
}

impl Survivor {
    /// What the mutant is.
    pub fn seeded(&self) -> &'static Seeded {
        seeded_of(self.mutant)
    }
}

/// A default configuration or a small one.
///
/// # Panics
/// When there is none with this name.
pub fn named(name: &str) -> &'static Named {
    let known = all().iter().chain(SMALL).find(|known| known.name == name);
    known.unwrap_or_else(|| panic!("{name} is no configuration of the project"))
}

/// The configuration with this name, with the mutant.
///
/// # Errors
/// When its text is bad.
pub fn configuration(name: &str, mutant: Mutant) -> Result<Configuration, TextError> {
    Configuration::parse(name, &seeded(named(name).text, seeded_of(mutant).name))
}

fn seeded_of(mutant: Mutant) -> &'static Seeded {
    let mut all = MUTANTS.iter().chain(mutant::SURVIVORS);
    all.find(|known| known.mutant == mutant).expect("every mutant but none is listed")
}

/// Searches every row, two at a time; the results are in the order of the rows.
///
/// # Errors
/// When a configuration cannot be built.
///
/// # Panics
/// When a search does.
pub fn search_all(limits: Limits) -> Result<Vec<Search>, TextError> {
    // Rows that are neighbours take about as long.
    let some = |first: usize| -> Vec<_> {
        KILLS.iter().skip(first).step_by(2).map(|row| row.search(limits)).collect()
    };
    thread::scope(|scope| {
        let odd = scope.spawn(|| some(1));
        let even = some(0);
        let mut odd = odd.join().expect("a search does not panic").into_iter();
        even.into_iter().flat_map(|row| [Some(row), odd.next()]).flatten().collect()
    })
}

fn killed(text: String, trail: Trail) -> Result<Killed, TextError> {
    let mut world = trail.configuration.world(trail.era)?;
    let mut movers = BTreeSet::new();
    let mut last = String::new();
    for action in &trail.actions {
        last = label(&world, *action);
        if let Kind::Step(context) = action.kind {
            movers.insert(mover(&world, context));
        }
        world.perform(*action).expect("a trail's actions are possible");
    }
    Ok(Killed { text, last, processes: movers.len(), trail })
}

/// Who takes a step: a script for the ioctls that it makes one after the other.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Mover {
    Script(usize),
    Other(Context),
}

fn mover(world: &World, context: Context) -> Mover {
    let scripts = &world.plan().scripts;
    let script = scripts.iter().position(|lines| {
        lines.iter().any(|line| context == Context::Task(line.task) && !line.background)
    });
    script.map_or(Mover::Other(context), Mover::Script)
}

fn label(world: &World, action: Action) -> String {
    match action.kind {
        Kind::Step(context) => {
            world.processes.get(context).map_or_else(String::new, Process::label)
        }
        Kind::Begin(..) => "work begins".to_owned(),
        Kind::Disk { .. } => "disk answers".to_owned(),
        Kind::Line(_) => "line begins".to_owned(),
        Kind::Path(..) => "path changes".to_owned(),
        Kind::Signal(_) => "signal".to_owned(),
    }
}

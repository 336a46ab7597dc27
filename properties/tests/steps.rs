//! Every scenario takes exactly the steps and shows exactly the effects that its golden tells.
//!
//! What a scenario prints is what a user sees; a rule may change a label on the way, a counter, or
//! what another schedule does, and print the same. Here nothing changes unseen: each scenario runs
//! by two schedules, the default one and one that prefers what the default one takes last.
mod common;

use std::fmt::Write as _;
use std::fs;

use dm_model::era::Era;
use dm_sim::scenario::Mode;
use dm_sim::world::World;
use dm_sim::world::config::Configuration;
use dm_sim::world::plan::{Action, Kind};
use dm_sim::world::schedule::DefaultSchedule;
use expect_test::expect_file;

use common::{read, root};

/// The other schedule may go on for ever.
const STEP_COUNT_MAX: usize = 2_000;

/// The actions of a run, what they did, and the state that each left, as a number (FNV-1a).
struct Digest(u64);

impl Digest {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn feed(&mut self, text: &str) {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn step(&mut self, world: &World, action: Action) {
        let memory = &world.memory;
        self.feed(&format!("{action:?} {:?} {:?}", world.effects(), memory.mds));
        let targets = (&memory.targets, &memory.disks);
        self.feed(&format!("{:?} {:?} {targets:?}", memory.bios, memory.tables));
        for (_, process) in world.processes.iter() {
            self.feed(&process.label());
        }
    }
}

fn by_default(mut world: World) -> (usize, Digest) {
    let (mut steps, mut digest) = (0, Digest::new());
    let mut schedule = DefaultSchedule::default();
    while let Some(taken) = schedule.advance(&mut world) {
        steps += 1;
        digest.step(&world, taken.action);
    }
    (steps, digest)
}

/// Takes the last action that is possible, and the first answer to each question.
fn from_behind(mut world: World) -> (usize, Digest) {
    let (mut steps, mut digest) = (0, Digest::new());
    let mut actions = Vec::new();
    while steps < STEP_COUNT_MAX {
        actions.clear();
        world.actions(&mut actions);
        let is_step = |action: &Action| matches!(action.kind, Kind::Step(_));
        actions.sort_by_key(|action| is_step(action));
        let taken = actions.iter().rev().find_map(|action| {
            let mut after = world.clone();
            after.perform(*action).ok()?;
            Some((*action, after))
        });
        let Some((action, after)) = taken else { break };
        world = after;
        steps += 1;
        digest.step(&world, action);
    }
    (steps, digest)
}

#[test]
fn every_scenario_takes_the_steps_that_its_golden_tells() {
    let entries = fs::read_dir(root().join("scenarios")).expect("there are scenarios");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension() == Some("dm".as_ref()))
        .map(|path| path.file_name().expect("it has one").to_string_lossy().into_owned())
        .collect();
    names.sort();
    let mut text = String::from("scenario, era | default schedule | from behind\n");
    for name in &names {
        let file = read(&format!("scenarios/{name}"));
        let Ok(configuration) = Configuration::parse(name, &file) else { continue };
        if !configuration.scenario.header.modes.contains(&Mode::Bio) {
            continue;
        }
        for era in &configuration.scenario.header.eras {
            let era = Era::from_name(era).expect("the parser knows the eras");
            let world = || configuration.world(era).expect("a scenario can be built");
            let ((steps, digest), (others, other)) = (by_default(world()), from_behind(world()));
            let _ = writeln!(
                text,
                "{name}, {} | {steps} steps, {:016x} | {others} steps, {:016x}",
                era.name(),
                digest.0,
                other.0
            );
        }
    }
    expect_file!["golden/steps.txt"].assert_eq(&text);
}

//! How a failing run becomes short: what its commands can be without, while the same claim breaks.
use dm_sim::simulate::command::Command;
use dm_sim::simulate::{Break, Options, replay, run};

/// How many other schedules are tried for each shorter list.
const SCHEDULES: u64 = 6;
/// How many runs a shrinking may take.
const RUN_COUNT_MAX: usize = 4_000;

/// A run that is as short as it was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shrunk {
    /// What is done, and when.
    pub commands: Vec<(u64, Command)>,
    /// How many commands the run had.
    pub before: usize,
    /// The schedule under which it breaks.
    pub schedule: u64,
    /// What breaks.
    pub found: Break,
    /// How many runs it took.
    pub runs: usize,
}

struct Shrinker {
    seed: u64,
    options: Options,
    wanted: Break,
    runs: usize,
    best: Shrunk,
}

/// Shrinks the run of a seed that breaks a claim. `None` if the list of its commands does not break
/// it when it is replayed.
pub fn shrink(seed: u64, options: Options, wanted: &Break) -> Option<Shrunk> {
    let outcome = run(seed, options);
    let before = outcome.journal.len();
    let is_late = wanted.claim == "nothing_is_stranded";
    let until = |time: u64| is_late || time <= wanted.time;
    let commands: Vec<_> = outcome.journal.into_iter().filter(|(time, _)| until(*time)).collect();
    let found = wanted.clone();
    let best = Shrunk { commands, before, schedule: seed, found, runs: 0 };
    let mut shrinker = Shrinker { seed, options, wanted: wanted.clone(), runs: 0, best };
    let all = shrinker.best.commands.clone();
    if !shrinker.accepts(&all) {
        return None;
    }
    shrinker.drop_devices();
    shrinker.drop_parts();
    shrinker.best.runs = shrinker.runs;
    Some(shrinker.best)
}

impl Shrinker {
    /// Whether the list still breaks the claim, under the schedule so far or another; then it is
    /// the best.
    fn accepts(&mut self, commands: &[(u64, Command)]) -> bool {
        let first = self.best.schedule;
        let others = (1..SCHEDULES).map(|it| self.seed.wrapping_add(it * 0x9e37_79b9));
        for schedule in std::iter::once(first).chain(others) {
            self.runs += 1;
            let outcome = replay(self.seed, self.options, commands, schedule, Some(&self.wanted));
            let same = |it: &&Break| it.claim == self.wanted.claim && it.sign == self.wanted.sign;
            if let Some(found) = outcome.breaks.iter().find(same) {
                self.best.commands = commands.to_vec();
                self.best.schedule = schedule;
                self.best.found = found.clone();
                return true;
            }
        }
        false
    }

    /// Whole devices first: most have nothing to do with it.
    fn drop_devices(&mut self) {
        for device in 0..dm_sim::host::MD_COUNT {
            let keeps = |command: &Command| command.device() != Some(device);
            let fewer: Vec<_> =
                self.best.commands.iter().filter(|(_, it)| keeps(it)).copied().collect();
            if fewer.len() < self.best.commands.len() {
                self.accepts(&fewer);
            }
        }
    }

    /// Parts of the list, halves first, until no single command can go.
    fn drop_parts(&mut self) {
        let mut size = self.best.commands.len().div_ceil(2).max(1);
        while self.runs < RUN_COUNT_MAX {
            let mut at = 0;
            let mut dropped = false;
            while at < self.best.commands.len() && self.runs < RUN_COUNT_MAX {
                let mut fewer = self.best.commands.clone();
                let end = (at + size).min(fewer.len());
                fewer.drain(at..end);
                if self.accepts(&fewer) {
                    dropped = true;
                } else {
                    at += size;
                }
            }
            if size == 1 && !dropped {
                return;
            }
            size = if dropped { size } else { size / 2 }.max(1);
        }
    }
}

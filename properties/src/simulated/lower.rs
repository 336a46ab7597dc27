//! From a shrunk run to a small configuration: what is left is small enough to be searched whole.
//!
//! The devices that are left, one path for each that matters, a few I/Os, the ioctls and messages,
//! faults and signals as budgets. The times are dropped: the search tries every schedule, and the
//! first configuration in the order of their size that breaks the claim gives the shortest trail.
use std::fmt::Write as _;

use dm_explore::Limits;
use dm_model::memory::Fault;
use dm_model::mutant::Mutant;
use dm_sim::simulate::command::{Command, Io, Message, PathState};
use dm_sim::simulate::swarm::Features;
use dm_sim::simulate::topology::{LUN_SECTORS, Layout, Topology};
use dm_sim::simulate::{Options, Sign};
use dm_sim::world::config::Configuration;
use dm_sim::world::trail::Trail;

use super::shrink::Shrunk;
use crate::search::hunt;

/// How many states one configuration may have.
const STATE_COUNT_MAX: u64 = 150_000;
/// How many all of them may have together.
const STATE_COUNT_OF_ALL: u64 = 2_000_000;
/// How many I/Os one configuration may have.
const IO_COUNT_MAX: usize = 3;
/// How many paths one device may have.
const PATH_COUNT_MAX: usize = 2;

/// How much of a run a configuration keeps.
#[derive(Clone, Copy, Debug)]
struct Size {
    ios: usize,
    /// Ioctls of each device, the last ones.
    ioctls: usize,
    messages: usize,
    faults: usize,
    signals: usize,
    /// Whether a device that is left suspended is resumed, with a table or without.
    healing: Healing,
}

/// What the second phase of a run does, as a script.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Healing {
    None,
    Resume,
    LoadAndResume,
}

/// The claims of the search that say what a claim of the simulator says.
fn claims_of(claim: &str, sign: &Sign) -> &'static [&'static str] {
    match claim {
        "no_unjustified_error" => &["no_bogus_error"],
        "every_read_returns_a_possible_value" => &["completed_writes_are_on_the_disk"],
        "objects_are_alive_where_they_are_used" => {
            &["every_io_completes_at_most_once", "every_io_is_in_one_place"]
        }
        "the_kernel_does_not_stop" if *sign != Sign::None => &["the_kernel_does_not_stop"],
        _ => match crate::claims::claim(claim) {
            Some(claim) => std::slice::from_ref(&claim.name),
            None => &[],
        },
    }
}

/// The shortest trail of a small configuration that breaks the same claim, and that claim's name in
/// the search; `None` if none of those that were tried does.
///
/// # Panics
/// When a configuration that is made here is not one.
pub fn lower(seed: u64, options: Options, shrunk: &Shrunk) -> Option<(&'static str, Trail)> {
    let features = if options.standard { Features::standard() } else { Features::draw(seed) };
    let topology = Topology::draw(seed, &features);
    let claim = shrunk.found.claim;
    let writer = Writer { topology: &topology, options, commands: &shrunk.commands, claim };
    let claims = claims_of(shrunk.found.claim, &shrunk.found.sign);
    let limits = Limits { states: Some(STATE_COUNT_MAX), ..Limits::default() };
    let mut tried = Vec::new();
    let mut states = 0;
    for size in writer.sizes() {
        let text = writer.text(size);
        if tried.contains(&text) {
            continue;
        }
        let configuration = Configuration::parse("simulated", &text)
            .unwrap_or_else(|error| panic!("{error}:\n{text}"));
        tried.push(text);
        for claim in claims {
            let Ok(hunt) = hunt(&configuration, options.era, claim, limits) else { continue };
            if let Some((_, trail)) = hunt.broken {
                return Some((claim, trail));
            }
            states += hunt.states;
        }
        if states > STATE_COUNT_OF_ALL {
            break;
        }
    }
    None
}

struct Writer<'a> {
    topology: &'a Topology,
    options: Options,
    commands: &'a [(u64, Command)],
    claim: &'static str,
}

impl Writer<'_> {
    /// The sizes to try, the small ones first.
    fn sizes(&self) -> Vec<Size> {
        let count =
            |is: fn(&Command) -> bool| self.commands.iter().filter(|(_, it)| is(it)).count();
        let ios = count(|it| matches!(it, Command::Io(_))).min(IO_COUNT_MAX);
        let faults = count(|it| matches!(it, Command::Path(_, PathState::Down | PathState::Hung)));
        let signals = count(|it| matches!(it, Command::Signal(_)));
        let messages = count(|it| matches!(it, Command::Message(..)));
        let mut sizes = Vec::new();
        for ioctls in [1, 2, 3, 5] {
            for ios in 1..=ios.max(1) {
                for faults in 0..=faults.min(2) {
                    for signals in 0..=signals.min(1) {
                        for messages in [0, messages.min(3)] {
                            for healing in self.healings() {
                                let size = Size {
                                    ios,
                                    ioctls,
                                    messages,
                                    faults,
                                    signals,
                                    healing: *healing,
                                };
                                sizes.push(size);
                            }
                        }
                    }
                }
            }
        }
        let weight = |it: &Size| {
            it.ios * 3
                + it.ioctls * 2
                + it.messages * 2
                + it.faults * 2
                + it.signals
                + it.healing as usize
        };
        sizes.sort_by_key(weight);
        sizes
    }

    /// The configuration of this size.
    fn text(&self, size: Size) -> String {
        let ios = self.ios(size.ios);
        let mut used = Vec::new();
        let io_devices = ios.iter().map(|io| io.device);
        let others = self.commands.iter().filter_map(|(_, command)| command.device());
        for device in io_devices.chain(others) {
            self.with_below(device, &mut used);
        }
        used.sort_unstable();
        let removes = self.commands.iter().any(|(_, it)| matches!(it, Command::Remove(_)));
        let opens = removes || ios.iter().any(|io| io.opens);
        let heals =
            self.commands.iter().any(|(_, it)| matches!(it, Command::Path(_, PathState::Up)));
        let mut text = format!(
            "# Made of a run of the simulator.\nera: {}\nmode: bio\n",
            self.options.era.name()
        );
        if !opens {
            text += "open: held\n";
        }
        if size.faults > 0 {
            let _ = writeln!(text, "faults: {}", size.faults);
        }
        if size.signals > 0 {
            let _ = writeln!(text, "signals: {}", size.signals);
        }
        if heals && size.faults > 0 {
            text += "heals: yes\n";
        }
        if self.has_handler() {
            text += "pg_init: any\n";
        }
        if self.options.mutant != Mutant::None {
            let _ = writeln!(text, "mutant: {}", self.mutant_name());
        }
        text += "\n";
        self.disks(&used, &mut text);
        for device in &used {
            let _ = writeln!(text, "create dm{device}");
            self.table(*device, false, &mut text);
        }
        for (index, io) in ios.iter().enumerate() {
            let name = (b'a' + index as u8) as char;
            let direction = if io.write { "w" } else { "r" };
            let _ = write!(
                text,
                "||\nio {name} dm{} {direction} {} {}",
                io.device, io.sector, io.count
            );
            text += if io.readahead {
                " readahead\n"
            } else if io.fsync {
                " fsync\n"
            } else {
                "\n"
            };
        }
        for device in &used {
            self.script(*device, size.ioctls, false, size.healing, &mut text);
            self.script(*device, size.messages, true, Healing::None, &mut text);
        }
        text
    }

    fn mutant_name(&self) -> &'static str {
        use dm_model::mutant::{LIVELOCKS, MUTANTS, SURVIVORS};
        let mut all = MUTANTS.iter().chain(LIVELOCKS).chain(SURVIVORS);
        all.find(|it| it.mutant == self.options.mutant).expect("every mutant has a name").name
    }

    fn has_handler(&self) -> bool {
        self.topology
            .devices
            .iter()
            .any(|device| matches!(device.layout, Layout::Multipath { handler: true, .. }))
    }

    /// The last I/Os of the run.
    fn ios(&self, count: usize) -> Vec<Io> {
        let all = self.commands.iter().filter_map(|(_, command)| {
            if let Command::Io(io) = command { Some(*io) } else { None }
        });
        let all: Vec<Io> = all.collect();
        all[all.len().saturating_sub(count)..].to_vec()
    }

    fn with_below(&self, device: usize, out: &mut Vec<usize>) {
        if !out.contains(&device) {
            self.topology.below(device).for_each(|below| self.with_below(below, out));
            out.push(device);
        }
    }

    /// The paths of a device that the run fails, or else its first.
    fn paths(&self, device: usize) -> Vec<usize> {
        let Layout::Multipath { groups, .. } = &self.topology.devices[device].layout else {
            return Vec::new();
        };
        let named = |path: &usize| {
            self.commands.iter().any(|(_, command)| {
                let (Command::Message(_, Message::FailPath(it) | Message::ReinstatePath(it))
                | Command::Path(it, _)) = command
                else {
                    return false;
                };
                it == path
            })
        };
        let all = groups.iter().flatten().copied();
        let mut paths: Vec<usize> = all.clone().filter(named).take(PATH_COUNT_MAX).collect();
        if paths.is_empty() {
            paths.extend(all.take(1));
        }
        paths
    }

    fn disks(&self, used: &[usize], text: &mut String) {
        for device in used {
            let paths = self.paths(*device);
            for (index, path) in paths.iter().enumerate() {
                let _ = write!(text, "disk sd{} {LUN_SECTORS}", letter(*path));
                if index > 0 {
                    let _ = write!(text, " lun sd{}", letter(paths[0]));
                }
                text.push('\n');
            }
        }
    }

    fn table(&self, device: usize, grown: bool, text: &mut String) {
        let kept = self.paths(device);
        let name = |path: usize| kept.contains(&path).then_some(dm_sim::simulate::name_of(path));
        let disk_name = |disk| format!("sd{}", letter(dm_sim::simulate::path_of_name(disk)));
        for line in self.topology.lines(device, grown, name, disk_name) {
            let _ = writeln!(text, "  {line}");
        }
    }

    /// The ioctls of one device, or the messages to it, as a script of their own.
    fn script(
        &self,
        device: usize,
        count: usize,
        messages: bool,
        healing: Healing,
        text: &mut String,
    ) {
        let of_device = self.commands.iter().map(|(_, command)| *command);
        let of_device = of_device.filter(|command| command.device() == Some(device));
        let lines: Vec<Command> =
            of_device.filter(|it| self.is_line(*it) && is_message(*it) == messages).collect();
        // The first table and its resume are the create's.
        let making = if messages { 0 } else { made(&lines) };
        let lines = &lines[making..];
        let last = &lines[lines.len().saturating_sub(count)..];
        if last.is_empty() {
            return;
        }
        text.push_str("||\n");
        for command in last {
            self.line(device, *command, text);
        }
        let is_suspended = matches!(last.last(), Some(Command::Suspend { .. }));
        if is_suspended && healing == Healing::LoadAndResume {
            self.line(device, Command::Load(device, false), text);
        }
        if is_suspended && healing != Healing::None {
            self.line(device, Command::Resume { device, noflush: false }, text);
        }
    }

    /// Only what is never to end needs what ends it.
    fn healings(&self) -> &'static [Healing] {
        match self.claim {
            "nothing_is_stranded" => &[Healing::None, Healing::Resume, Healing::LoadAndResume],
            _ => &[Healing::None],
        }
    }

    fn is_line(&self, command: Command) -> bool {
        match command {
            Command::Load(..)
            | Command::Clear(_)
            | Command::Suspend { .. }
            | Command::Resume { .. }
            | Command::Remove(_)
            | Command::Arm(..) => true,
            Command::Message(device, Message::FailPath(path) | Message::ReinstatePath(path)) => {
                self.paths(device).contains(&path)
            }
            Command::Message(_, Message::Queue | Message::Fail(_)) => true,
            Command::Message(..)
            | Command::Io(_)
            | Command::Open(_)
            | Command::Close(_)
            | Command::Create(_)
            | Command::Status(..)
            | Command::Signal(_)
            | Command::Path(..)
            | Command::Rename(_)
            | Command::Failover(..)
            | Command::Medium(..) => false,
        }
    }

    fn line(&self, device: usize, command: Command, text: &mut String) {
        match command {
            Command::Load(_, grown) => {
                let _ = writeln!(text, "load dm{device}");
                self.table(device, grown, text);
            }
            Command::Arm(_, fault) => {
                let name = match fault {
                    Fault::Bdget => "bdget",
                    Fault::LockFs => "lock_fs",
                    Fault::Preresume
                    | Fault::Map
                    | Fault::EndIo
                    | Fault::PgInitFailPath
                    | Fault::PgInitBypassPg
                    | Fault::PgInitRetry => "preresume",
                };
                let _ = writeln!(text, "fault {name} dm{device}");
            }
            Command::Message(_, message) => {
                let path = |path: usize| format!("/dev/sd{}", letter(path));
                let words = match message {
                    Message::FailPath(it) => format!("fail_path {}", path(it)),
                    Message::ReinstatePath(it) => format!("reinstate_path {}", path(it)),
                    Message::Fail(_) => "fail_if_no_path".to_owned(),
                    Message::Queue
                    | Message::SwitchGroup(_)
                    | Message::DisableGroup(_)
                    | Message::EnableGroup(_) => "queue_if_no_path".to_owned(),
                };
                let _ = writeln!(text, "message dm{device} 0 {words}");
            }
            Command::Io(_)
            | Command::Open(_)
            | Command::Close(_)
            | Command::Create(_)
            | Command::Clear(_)
            | Command::Suspend { .. }
            | Command::Resume { .. }
            | Command::Remove(_)
            | Command::Status(..)
            | Command::Signal(_)
            | Command::Path(..)
            | Command::Rename(_)
            | Command::Failover(..)
            | Command::Medium(..) => {
                let _ = writeln!(text, "{command}");
            }
        }
    }
}

fn is_message(command: Command) -> bool {
    matches!(command, Command::Message(..))
}

/// How many of the first lines make the device.
fn made(lines: &[Command]) -> usize {
    let is_load = |it: Option<&Command>| matches!(it, Some(Command::Load(..)));
    let is_resume = |it: Option<&Command>| matches!(it, Some(Command::Resume { .. }));
    if is_load(lines.first()) && is_resume(lines.get(1)) { 2 } else { 0 }
}

/// The letters of a path's name: one for each path of the host, in their order.
fn letter(path: usize) -> String {
    let mut letters = String::new();
    if path >= 26 {
        letters.push((b'a' + (path / 26 - 1) as u8) as char);
    }
    letters.push((b'a' + (path % 26) as u8) as char);
    letters
}

//! A run as a story: what was typed, and of all steps those that matter to the cover letter.
use dm_model::effect::Effect;
use dm_model::errno::Code;
use dm_model::ids::{Device, DiskId};
use dm_sim::scenario::Scenario;
use dm_sim::world::World;
use dm_sim::world::outcome::result_text;
use dm_sim::world::plan::{Action, Context, Kind};
use dm_sim::world::schedule::DefaultSchedule;

use crate::timeline::{Change, Row, Teller};

/// A line of a scenario and what came of it.
pub(super) struct Chapter {
    /// The line.
    pub(super) typed: String,
    /// The steps that matter.
    pub(super) told: Vec<String>,
}

/// The story of a run by the default schedule. Of a `create` only the result matters, and waiting
/// is none of its lines.
pub(super) fn story(scenario: &Scenario, mut world: World) -> Vec<Chapter> {
    let mut schedule = DefaultSchedule::default();
    let mut teller = Teller::new(&world);
    let mut chapters: Vec<Chapter> = Vec::new();
    let mut line = String::new();
    while let Some(taken) = schedule.advance(&mut world) {
        let row = teller.tell(taken.action, None, &world);
        if let Some(begun) = &row.line
            && line != *begun
        {
            line.clone_from(begun);
            chapters.push(Chapter { typed: typed(scenario, begun), told: Vec::new() });
        }
        let chapter = chapters.last_mut().expect("a scenario begins with a line");
        if !line.starts_with("create") {
            let label = row.label.as_deref().unwrap_or("");
            let sentences = sentences(&world, taken.action, &row);
            chapter.told.extend(sentences.iter().map(|text| format!("{label:<4} {text}")));
        }
        chapter.told.extend(row.observed.iter().filter_map(|text| outcome(text)));
    }
    chapters.retain(|chapter| !chapter.typed.starts_with("wait"));
    chapters
}

/// The line, with the devices that its table names.
fn typed(scenario: &Scenario, text: &str) -> String {
    let line = scenario.lines.iter().find(|line| line.text == text);
    let table = line.and_then(|line| line.verb.table()).unwrap_or_default();
    let words = table.iter().flat_map(|row| row.text.split_whitespace());
    let devices: Vec<_> = words.filter(|word| word.starts_with("/dev/")).collect();
    if devices.is_empty() {
        return text.to_owned();
    }
    format!("{text}   (its path: {})", devices.join(", "))
}

/// The results that an administrator or an application sees.
fn outcome(observed: &str) -> Option<String> {
    let is_result = !observed.starts_with(' ');
    let result = observed.split_once(", reads").map_or(observed, |(result, _)| result);
    is_result.then(|| format!("=> {result}"))
}

fn sentences(world: &World, action: Action, row: &Row) -> Vec<String> {
    let mut sentences: Vec<String> =
        world.effects().iter().filter_map(|effect| of_effect(world, action, *effect)).collect();
    sentences.extend(row.changes.iter().filter_map(|change| of_change(row, change)));
    sentences
}

fn of_effect(world: &World, action: Action, effect: Effect) -> Option<String> {
    let plan = world.plan();
    let disk_name = |disk: DiskId| plan.setup.drivers.name(Device::Disk(disk));
    match effect {
        Effect::Dispatched(disk, clone) => {
            let (bio, _) = world.memory.original(dm_model::ids::BioPtr::Clone(clone));
            let by_an_ioctl = matches!(action.kind, Kind::Step(Context::Task(_)));
            let again = if by_an_ioctl { "re-issue: " } else { "" };
            Some(format!("{again}{} goes to {}", plan.bio_names[bio.index()], disk_name(disk)))
        }
        Effect::DiskDone(disk, _, code) => {
            Some(format!("{} answers {}", disk_name(disk), result_text(code)))
        }
        Effect::Ended(_, _, code) if code == Code::REQUEUE || code.is_error() => {
            let verdict = if code == Code::REQUEUE { "REQUEUE".into() } else { result_text(code) };
            Some(format!("no path: multipath answers {verdict}"))
        }
        Effect::SuspendStarted(_, flags) => {
            let how = if flags.noflush { "noflush suspend" } else { "flush suspend" };
            Some(format!("dm_suspend: a {how} begins"))
        }
        Effect::Merged(_) => Some("merge: pushback goes to deferred".to_owned()),
        Effect::Submitted(_)
        | Effect::Completed(..)
        | Effect::Deferred(..)
        | Effect::NoTable(_)
        | Effect::PushedBack(..)
        | Effect::RequeueFailed(..)
        | Effect::Started(..)
        | Effect::Finished(..)
        | Effect::Mapped(..)
        | Effect::TargetEntered(..)
        | Effect::Ended(..)
        | Effect::Blocked(_)
        | Effect::SuspendReturned(..)
        | Effect::ResumeStarted(_)
        | Effect::ResumeReturned(..)
        | Effect::MapChanged(..)
        | Effect::StatusRead(..)
        | Effect::Event(_)
        | Effect::UsedAfterFree(_)
        | Effect::Bug(_)
        | Effect::PolicySet(..)
        | Effect::Freed(_) => None,
    }
}

fn of_change(row: &Row, change: &Change) -> Option<String> {
    let Change { name, to, .. } = change;
    let text = match (name.as_str(), to.as_str()) {
        ("DNFS", "1") => "NOFLUSH is set".to_owned(),
        ("DNFS", _) => "NOFLUSH is cleared".to_owned(),
        ("QIFNP", "0") if row.label.as_deref() == Some("I1") => {
            "presuspend: queueing off, policy saved".to_owned()
        }
        ("BLOCK_IO", "1") => "BLOCK_IO: new I/O has to wait".to_owned(),
        ("BLOCK_IO", _) => "resume: I/O may flow again".to_owned(),
        ("SUSPENDED", "1") => "suspended".to_owned(),
        ("queued", queued) if queued != "[]" => {
            "the target queues it (queue_if_no_path)".to_owned()
        }
        ("pushback", parked) if parked != "[]" => {
            format!("pushback: the core parks {}", parked.trim_matches(['[', ']']))
        }
        ("map", table) if table != "NULL" => "swap: the new table is live".to_owned(),
        (path, "F") => format!("path {path} has failed"),
        _ => return None,
    };
    Some(text)
}

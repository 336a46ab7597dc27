//! What a step does, in words, where the state that is shown does not say it.
use dm_model::effect::{Effect, Object};
use dm_model::errno::Code;
use dm_model::flags::SuspendFlags;
use dm_model::ids::Device;
use dm_sim::world::outcome::result_text;
use dm_sim::world::plan::Plan;

/// The effect in words; `None` where a change or an observation says it already.
pub(super) fn effect(plan: &Plan, effect: Effect) -> Option<String> {
    let md_name = |md| plan.setup.drivers.name(Device::Md(md));
    match effect {
        Effect::Mapped(_, clone, code) => {
            Some(format!("{}: map = {}", plan.clone_name(clone), map_verdict(code)))
        }
        Effect::Ended(_, clone, code) => {
            Some(format!("{}: end_io = {}", plan.clone_name(clone), end_io_verdict(code)))
        }
        Effect::Dispatched(disk, clone) => {
            let disk = plan.setup.drivers.name(Device::Disk(disk));
            Some(format!("{} -> {disk}", plan.clone_name(clone)))
        }
        Effect::RequeueFailed(_, bio, _) => {
            Some(format!("{}: REQUEUE while DNFS=0 becomes EIO", plan.bio_name(bio)))
        }
        Effect::SuspendStarted(_, flags) => Some(format!("suspend{}", flags_text(flags))),
        Effect::SuspendReturned(_, code) => Some(format!("dm_suspend = {}", result_text(code))),
        Effect::ResumeReturned(_, code) => Some(format!("dm_resume = {}", result_text(code))),
        Effect::UsedAfterFree(object) => Some(format!("USE AFTER FREE of {}", freed(plan, object))),
        Effect::Freed(md) => Some(format!("{} is freed", md_name(md))),
        Effect::Submitted(_)
        | Effect::Completed(..)
        | Effect::Deferred(..)
        | Effect::NoTable(_)
        | Effect::PushedBack(..)
        | Effect::Started(..)
        | Effect::Finished(..)
        | Effect::TargetEntered(..)
        | Effect::DiskDone(..)
        | Effect::Blocked(_)
        | Effect::Merged(_)
        | Effect::ResumeStarted(_)
        | Effect::MapChanged(..)
        | Effect::StatusRead(..)
        | Effect::Event(_)
        | Effect::Bug(_)
        | Effect::PolicySet(..) => None,
    }
}

/// What a `dm_io` has in `error`.
pub(super) fn verdict_or_error(code: Code) -> String {
    if code == Code::REQUEUE { "REQUEUE".to_owned() } else { result_text(code) }
}

fn map_verdict(code: Code) -> String {
    match code {
        Code::SUBMITTED => "SUBMITTED".to_owned(),
        Code::REMAPPED => "REMAPPED".to_owned(),
        Code::REQUEUE => "REQUEUE".to_owned(),
        Code(_) => result_text(code),
    }
}

fn end_io_verdict(code: Code) -> String {
    match code {
        Code::INCOMPLETE => "INCOMPLETE".to_owned(),
        Code::REQUEUE => "REQUEUE".to_owned(),
        Code(_) => result_text(code),
    }
}

fn flags_text(flags: SuspendFlags) -> &'static str {
    match (flags.noflush, flags.lockfs) {
        (true, true) => " (noflush, lockfs)",
        (true, false) => " (noflush)",
        (false, true) => " (lockfs)",
        (false, false) => "",
    }
}

fn freed(plan: &Plan, object: Object) -> String {
    let md_name = |md| plan.setup.drivers.name(Device::Md(md));
    match object {
        Object::Md(md) => md_name(md).to_owned(),
        Object::Pools(md) => format!("the pools of {}", md_name(md)),
        Object::Table(table) => {
            let md = plan.setup.tables[table.index()].md;
            format!("a table of {}", md_name(md))
        }
        Object::Target(target) => format!("the target {}", plan.target_name(target)),
    }
}

//! Which function of the kernel a step is in.
//!
//! The names are the kernel's; where the model has one process for what the kernel inlines, the
//! function that holds the code.
use dm_model::frame::Frame;
use dm_model::ids::TargetId;
use dm_sim::drivers::{Call, simple};
use dm_sim::world::World;
use dm_sim::world::plan::{Context, Op, Plan};

/// The function that the context's next step belongs to; its process must be there.
pub(super) fn function(world: &World, context: Context) -> String {
    let plan = world.plan();
    let process = world.processes.get(context).expect("a context that steps is there");
    let label = process.label();
    match process.frame() {
        Frame::Idle => unreachable!("a process without a function is not stepped"),
        Frame::Application(_) => "application",
        Frame::Submit(_) if label == "Q2d" => "queue_io",
        Frame::Submit(_) => "dm_request",
        Frame::Split(_) => "__split_bio",
        Frame::Flush(_) => "__flush_deferred_io",
        Frame::MapBio(_) => "__map_bio",
        Frame::CloneEndio(_) => "clone_endio",
        Frame::DecPending(_) => "dec_pending",
        Frame::Complete(_) => "bio_endio",
        Frame::Suspend(_) => "dm_suspend",
        Frame::Resume(_) => "dm_resume",
        Frame::SwapTable(_) => "dm_swap_table",
        Frame::Open(_) => "dm_blk_open",
        Frame::Close(_) => "dm_blk_close",
        Frame::PutMd(_) => "dm_put",
        Frame::PutTable(_) => "dm_table_put",
        Frame::DoSuspend(_) => "do_suspend",
        Frame::DoResume(_) => "do_resume",
        Frame::Create(_) => "dev_create",
        Frame::Load(_) => load(plan, context),
        Frame::Remove(_) => "dev_remove",
        Frame::Query(_) => query(plan, context),
        Frame::Signal(_) => "signal_wake_up",
        Frame::Driver(call) => return driver(plan, call, &label),
    }
    .to_owned()
}

/// The operation of the line that an ioctl's task executes.
fn op(plan: &Plan, context: Context) -> Option<&Op> {
    match context {
        Context::Task(task) => Some(&plan.line(task).op),
        Context::Irq(..) | Context::Work(..) | Context::Signal(_) | Context::Io(_) => None,
    }
}

fn load(plan: &Plan, context: Context) -> &'static str {
    if matches!(op(plan, context), Some(Op::Clear(_))) { "table_clear" } else { "table_load" }
}

fn query(plan: &Plan, context: Context) -> &'static str {
    if matches!(op(plan, context), Some(Op::Message(..))) {
        "target_message"
    } else {
        "table_status"
    }
}

fn driver(plan: &Plan, call: &Call, label: &str) -> String {
    let type_name = |target: TargetId| plan.setup.drivers.kind(target).type_name();
    match call {
        Call::Simple(simple::Call::Map(target, _)) => format!("{}_map", type_name(*target)),
        Call::Simple(simple::Call::Status(target, _)) => format!("{}_status", type_name(*target)),
        Call::Simple(simple::Call::Preresume(target)) => {
            format!("{}_preresume", type_name(*target))
        }
        Call::Mpath(_) => multipath(label).to_owned(),
        Call::Worker(_) => worker(label).to_owned(),
        Call::PgInit(_) => "dm_pg_init_complete".to_owned(),
        Call::Delay(_) => delay(label).to_owned(),
    }
}

fn multipath(label: &str) -> &'static str {
    match label {
        "N1" => "map_io",
        "J1" | "J5" => "do_end_io",
        "J2" => "fail_path",
        "J3" | "J4" => "bypass_pg",
        "I1" => "multipath_presuspend",
        "I2" => "multipath_resume",
        "I3" | "I4" => "multipath_message",
        "I5" => "multipath_status",
        "I6" => "multipath_dtr",
        "I7" => "multipath_preresume",
        _ => "multipath",
    }
}

fn worker(label: &str) -> &'static str {
    match label {
        "K1" => "process_queued_ios",
        "K2" => "pg_init",
        "K3" | "K5" | "K6" => "dispatch_queued_ios",
        "K4" => "map_io",
        "TE1" => "trigger_event",
        _ => "multipath",
    }
}

fn delay(label: &str) -> &'static str {
    match label {
        "DL1" => "delay_map",
        "DL2" => "delay_presuspend",
        "DL3" => "flush_expired_bios",
        "DL4" | "DL8" => "flush_bios",
        "DL5" => "delay_resume",
        "DL6" => "delay_dtr",
        "DL7" => "delay_status",
        "DL9" => "delay_preresume",
        _ => "delay",
    }
}

//! Which function of the kernel a step is in: the label tables', made more precise where one label
//! stands for several functions.
use dm_model::frame::Frame;
use dm_model::labels::{LABELS, LabelRow};
use dm_sim::drivers::labels::LABELS as DRIVER_LABELS;
use dm_sim::drivers::{Call, Sim, simple};
use dm_sim::world::World;
use dm_sim::world::plan::{Context, Op, Plan};

/// The function that the context's next step belongs to; its process must be there.
pub(super) fn function(world: &World, context: Context) -> String {
    let plan = world.plan();
    let process = world.processes.get(context).expect("a context that steps is there");
    let frame = process.frame();
    if let Frame::Driver(Call::Simple(call)) = frame {
        return simple_function(plan, call);
    }
    let function = in_table(process_name(frame), &process.label());
    let is_clear = matches!(op(plan, context), Some(Op::Clear(_)));
    function.replace("table_load, table_clear", if is_clear { "table_clear" } else { "table_load" })
}

/// The operation of the line that an ioctl's task executes.
fn op(plan: &Plan, context: Context) -> Option<&Op> {
    match context {
        Context::Task(task) => Some(&plan.line(task).op),
        Context::Irq(..) | Context::Work(..) | Context::Signal(..) | Context::Io(..) => None,
    }
}

/// The function of a label of a process; the process's own name while the tables lack the label.
fn in_table(process: &str, label: &str) -> String {
    let is_it = |row: &&LabelRow| row.process == process && row.label == label;
    let row = LABELS.iter().chain(DRIVER_LABELS).find(is_it);
    row.map_or(process, |row| row.function).to_owned()
}

fn simple_function(plan: &Plan, call: &simple::Call) -> String {
    let (target, method) = match call {
        simple::Call::Map(target, _) => (target, "map"),
        simple::Call::Status(target, _) => (target, "status"),
        simple::Call::Preresume(target) => (target, "preresume"),
    };
    format!("{}_{method}", plan.setup.drivers.kind(*target).type_name())
}

/// The name that the label tables give to a process.
fn process_name(frame: &Frame<Sim>) -> &'static str {
    match frame {
        Frame::Idle => unreachable!("a process without a function is not stepped"),
        Frame::Application(_) => "Application",
        Frame::Submit(_) => "Submit",
        Frame::Split(_) => "Split",
        Frame::Flush(_) => "Flush",
        Frame::MapBio(_) => "MapBio",
        Frame::CloneEndio(_) => "CloneEndio",
        Frame::DecPending(_) => "DecPending",
        Frame::Complete(_) => "Complete",
        Frame::Suspend(_) => "Suspend",
        Frame::Resume(_) => "Resume",
        Frame::SwapTable(_) => "SwapTable",
        Frame::Open(_) => "Open",
        Frame::Close(_) => "Close",
        Frame::PutMd(_) => "PutMd",
        Frame::PutTable(_) => "PutTable",
        Frame::DoSuspend(_) => "DoSuspend",
        Frame::DoResume(_) => "DoResume",
        Frame::Create(_) => "Create",
        Frame::Load(_) => "Load",
        Frame::Remove(_) => "Remove",
        Frame::Query(_) => "Query",
        Frame::Signal(_) => "Signal",
        Frame::Reissue(_) => "Reissue",
        Frame::Driver(Call::Simple(_)) => "Simple",
        Frame::Driver(Call::Mpath(_)) => "Multipath",
        Frame::Driver(Call::Worker(_)) => "Worker",
        Frame::Driver(Call::PgInit(_)) => "PgInit",
        Frame::Driver(Call::Delay(_)) => "Delay",
    }
}

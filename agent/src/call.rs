//! Calls to the device-mapper, as the script names them, and their answers.
use std::fs::File;
use std::io;

use crate::dm::{Command, Info, Request, Target};

/// A call to the device-mapper: the device and what the ioctl needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Call {
    /// Create, load and resume.
    Create(String, Vec<Target>),
    /// Loads a table.
    Load(String, Vec<Target>),
    /// Clears the inactive table.
    Clear(String),
    /// Suspends or resumes, as the flags say.
    Suspend(String, u32),
    /// Removes.
    Remove(String, u32),
    /// A message to the target at a sector.
    Message(String, u64, String),
    /// The status of the targets, or their table, as the flags say.
    Status(String, u32),
    /// What is known of a device.
    Info(String),
}

impl Call {
    /// Whether it brings a table that the kernel may refuse.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self, Self::Create(..) | Self::Load(..))
    }
}

/// What a call has answered.
#[derive(Debug)]
pub(crate) enum Answer {
    /// That it is done.
    Nothing,
    /// The name, the number, and how the load and the resume have ended.
    Created(String, (u32, u32), io::Result<()>),
    /// The targets of `DM_TABLE_STATUS`.
    Targets(Vec<Target>),
    /// What is known of a device.
    Info(Info),
}

/// Makes a call.
///
/// # Errors
/// What the kernel answers.
pub(crate) fn make(control: &File, call: &Call) -> io::Result<Answer> {
    let simple = |mut request: Request| request.call(control).map(|()| Answer::Nothing);
    match call {
        Call::Create(name, targets) => create(control, name, targets),
        Call::Load(name, targets) => simple(Request::load(name, targets)?),
        Call::Clear(name) => simple(Request::new(Command::Clear, name, 0)),
        Call::Suspend(name, flags) => simple(Request::new(Command::Suspend, name, *flags)),
        Call::Remove(name, flags) => simple(Request::new(Command::Remove, name, *flags)),
        Call::Message(name, sector, text) => simple(Request::message(name, *sector, text)),
        Call::Status(name, flags) => {
            let mut request = Request::new(Command::TableStatus, name, *flags);
            request.call(control)?;
            Ok(Answer::Targets(request.targets()))
        }
        Call::Info(name) => {
            let mut request = Request::new(Command::DevStatus, name, 0);
            request.call(control)?;
            Ok(Answer::Info(request.info()))
        }
    }
}

/// As `dmsetup create`: create, load, resume; a load that is refused takes the device away again.
fn create(control: &File, name: &str, targets: &[Target]) -> io::Result<Answer> {
    let mut request = Request::new(Command::Create, name, 0);
    request.call(control)?;
    let dev = request.info().dev;
    let mut result = Ok(());
    if !targets.is_empty() {
        result = Request::load(name, targets).and_then(|mut load| load.call(control));
        let next = match result {
            Ok(()) => Call::Suspend(name.to_owned(), 0),
            Err(_) => Call::Remove(name.to_owned(), 0),
        };
        let last = make(control, &next).map(|_| ());
        result = result.and(last);
    }
    Ok(Answer::Created(name.to_owned(), dev, result))
}

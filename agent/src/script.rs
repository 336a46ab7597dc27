//! The script that the host has written: one operation a line, its fields behind tabs.
//!
//! The host is the same program's other half, so a line that cannot be read is its mistake, and is
//! reported with its text.
use crate::call::Call;
use crate::dm::Target;
use crate::transfer::Transfer;

/// One operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Operation {
    /// A scenario begins, by this name.
    Begin(String),
    /// The line of this number begins.
    Step(String),
    /// A call of this line, in the background by this name, if it has one.
    Call(String, String, Call),
    /// An I/O by this name.
    Io(String, Transfer),
    /// The line waits for what has this name.
    Wait(String, String),
    /// The line interrupts what has this name.
    Signal(String, String),
    /// This path names a device.
    Node(String, String),
    /// This path names again what it named before.
    Again(String),
    /// This path names a loop device over another path.
    Loop(String, String),
    /// This path names nothing any more.
    Unlink(String),
    /// This file of sysfs gets a value.
    Put(String, String),
    /// The lines are over; what comes takes away what holds I/O.
    Drain,
    /// Asks how many I/Os a device has under way.
    Inflight(String),
    /// The scenario is over.
    End,
}

/// Reads one line; `None` when it is none of the operations.
pub(crate) fn parse(line: &str) -> Option<Operation> {
    let fields: Vec<&str> = line.split('\t').collect();
    let text = |index: usize| fields.get(index).map(|it| (*it).to_owned());
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let flags = |index: usize| u32::try_from(number(index)?).ok();
    let call = |call: Call| Some(Operation::Call(text(1)?, String::new(), call));
    Some(match *fields.first()? {
        "begin" => Operation::Begin(text(1)?),
        "step" => Operation::Step(text(1)?),
        "create" => return call(Call::Create(text(2)?, targets(&fields[3..])?)),
        "load" => return call(Call::Load(text(2)?, targets(&fields[3..])?)),
        "clear" => return call(Call::Clear(text(2)?)),
        "suspend" => Operation::Call(text(1)?, text(4)?, Call::Suspend(text(2)?, flags(3)?)),
        "remove" => Operation::Call(text(1)?, text(4)?, Call::Remove(text(2)?, flags(3)?)),
        "message" => return call(Call::Message(text(2)?, number(3)?, text(4)?)),
        "status" => return call(Call::Status(text(2)?, flags(3)?)),
        "info" => return call(Call::Info(text(2)?)),
        "io" => Operation::Io(
            text(1)?,
            Transfer {
                path: text(2)?,
                write: fields.get(3)? == &"w",
                sector: number(4)?,
                count: usize::try_from(number(5)?).ok()?,
                token: u8::try_from(number(6)?).ok()?,
                fsync: fields.get(7)? == &"fsync",
            },
        ),
        "wait" => Operation::Wait(text(1)?, text(2)?),
        "signal" => Operation::Signal(text(1)?, text(2)?),
        "node" => Operation::Node(text(1)?, text(2)?),
        "again" => Operation::Again(text(1)?),
        "loop" => Operation::Loop(text(1)?, text(2)?),
        "unlink" => Operation::Unlink(text(1)?),
        "put" => Operation::Put(text(1)?, text(2)?),
        "drain" => Operation::Drain,
        "inflight" => Operation::Inflight(text(1)?),
        "end" => Operation::End,
        _ => return None,
    })
}

/// Four fields a target.
fn targets(fields: &[&str]) -> Option<Vec<Target>> {
    let target = |fields: &[&str]| {
        let [start, length, kind, parameters] = fields else { return None };
        Some(Target {
            start: start.parse().ok()?,
            length: length.parse().ok()?,
            kind: (*kind).to_owned(),
            parameters: (*parameters).to_owned(),
        })
    };
    fields.chunks(4).map(target).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_four_fields_a_target() {
        let line = "load\t7\tmp\t0\t8\tzero\t\t8\t16\tlinear\t{ram0} 0";
        let Some(Operation::Call(number, tag, Call::Load(name, targets))) = parse(line) else {
            panic!("it is a load")
        };
        assert_eq!((number.as_str(), tag.as_str(), name.as_str()), ("7", "", "mp"));
        assert_eq!(targets.len(), 2);
        assert_eq!((targets[1].start, targets[1].parameters.as_str()), (8, "{ram0} 0"));
        assert_eq!(parse("load\t7\tmp\t0\t8\tzero"), None);
    }

    #[test]
    fn what_is_no_operation_is_not_taken_for_one() {
        for line in ["", "loaded", "suspend\t1\tmp", "io\ta\t/dev/dm-0\tw\t0\t8\t300\t-"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}

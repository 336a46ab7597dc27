//! Messages: any words are refused in the kernel's words, or mean what their canonical form means.
use super::{devices, multipaths};
use crate::ctr::Devices;
use crate::multipath::{Message, MultipathSpec};
use crate::table::parse_table;

/// The table whose target takes the messages when the text brings none: two groups.
const TABLE: &str = "0 2048 multipath 1 queue_if_no_path 0 2 1 \
    round-robin 0 1 1 8:0 1000 round-robin 0 1 1 8:16 1000";

/// Reads messages from any bytes, one a line; the first line may be the table of the target.
///
/// # Panics
/// When something of the text's way is wrong: see the module.
pub fn message(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let devices = devices();
    let first = text.lines().next().unwrap_or_default();
    let spec = spec(first, &devices).or_else(|| spec(TABLE, &devices));
    let spec = spec.expect("the table at hand is one");
    for line in text.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        match Message::parse(&words, &spec, &devices) {
            Ok(message) => check(message, &spec, &devices),
            Err(error) => {
                assert!(error.errno.code().is_error(), "{error}");
                assert!(!error.warning.is_empty() && !error.warning.contains('\n'), "{error}");
            }
        }
    }
}

fn spec(table: &str, devices: &dyn Devices) -> Option<MultipathSpec> {
    let table = parse_table(&[(1, 1, table)], devices).ok()?;
    multipaths(&table).next().cloned()
}

/// What the message names is there, and its canonical words mean it.
fn check(message: Message, spec: &MultipathSpec, devices: &dyn Devices) {
    let words = words(message, devices);
    let words: Vec<_> = words.split(' ').collect();
    assert_eq!(Message::parse(&words, spec, devices), Ok(message), "{words:?}");
    let group = match message {
        Message::DisableGroup(group)
        | Message::EnableGroup(group)
        | Message::SwitchGroup(group) => Some(group),
        Message::QueueIfNoPath
        | Message::FailIfNoPath
        | Message::FailPath(_)
        | Message::ReinstatePath(_) => None,
    };
    assert!(group.is_none_or(|group| group.index() < spec.groups.len()), "{words:?}");
}

/// The words of a message, as its users write them.
fn words(message: Message, devices: &dyn Devices) -> String {
    match message {
        Message::QueueIfNoPath => "queue_if_no_path".to_owned(),
        Message::FailIfNoPath => "fail_if_no_path".to_owned(),
        Message::DisableGroup(group) => format!("disable_group {}", group.number()),
        Message::EnableGroup(group) => format!("enable_group {}", group.number()),
        Message::SwitchGroup(group) => format!("switch_group {}", group.number()),
        Message::FailPath(device) => format!("fail_path {}", devices.number(device)),
        Message::ReinstatePath(device) => format!("reinstate_path {}", devices.number(device)),
    }
}

//! The messages that the target takes, read from the words of `dmsetup message`.
//!
//! What each does is in `rules`: a group message is one section; a path message is one for each
//! path on the device (`MultipathSpec::paths_on`). Source: `multipath_message`, `bypass_pg_num`
//! and `switch_pg_num` of `dm-mpath.c`, read in 2.6.24.
use super::args::{same_word, scan_unsigned};
use super::spec::MultipathSpec;
use super::state::GroupId;
use crate::ctr::Devices;
use dm_model::errno::Errno;
use dm_model::ids::Device;
use thiserror::Error;

/// A message to a multipath target.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Message {
    /// `queue_if_no_path`: the policy is to queue, and nothing is set aside.
    QueueIfNoPath,
    /// `fail_if_no_path`: the policy is to fail, and nothing is set aside.
    FailIfNoPath,
    /// `disable_group NUMBER`: bypass the group.
    DisableGroup(GroupId),
    /// `enable_group NUMBER`: do not bypass the group.
    EnableGroup(GroupId),
    /// `switch_group NUMBER`.
    SwitchGroup(GroupId),
    /// `fail_path DEVICE`.
    FailPath(Device),
    /// `reinstate_path DEVICE`.
    ReinstatePath(Device),
}

/// Why the target refused a message.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{warning}")]
pub struct MessageError {
    /// What the message ioctl returns.
    pub errno: Errno,
    /// What the kernel logs behind "device-mapper: multipath: ".
    pub warning: String,
}

const UNRECOGNISED: &str = "Unrecognised multipath message received.";

impl Message {
    /// Reads the words of a message. Names are taken in any case; a number may have anything
    /// behind it.
    ///
    /// # Errors
    /// The kernel's, in the kernel's order: the number of words comes before the name, and a
    /// known name with the wrong number of words is as unknown as any other.
    pub fn parse(
        argv: &[&str],
        spec: &MultipathSpec,
        devices: &dyn Devices,
    ) -> Result<Self, MessageError> {
        match *argv {
            [name] if same_word(name, "queue_if_no_path") => Ok(Self::QueueIfNoPath),
            [name] if same_word(name, "fail_if_no_path") => Ok(Self::FailIfNoPath),
            [name, argument] => parse_pair(name, argument, spec, devices),
            _ => Err(refused(UNRECOGNISED)),
        }
    }
}

fn parse_pair(
    name: &str,
    argument: &str,
    spec: &MultipathSpec,
    devices: &dyn Devices,
) -> Result<Message, MessageError> {
    let group = |function| group_number(argument, spec, function);
    let device = || {
        let warning = || refused(&format!("message: error getting device {argument}"));
        devices.find(argument).ok_or_else(warning)
    };
    if same_word(name, "disable_group") {
        group("bypass_pg").map(Message::DisableGroup)
    } else if same_word(name, "enable_group") {
        group("bypass_pg").map(Message::EnableGroup)
    } else if same_word(name, "switch_group") {
        group("switch_pg_num").map(Message::SwitchGroup)
    } else if same_word(name, "reinstate_path") {
        device().map(Message::ReinstatePath)
    } else if same_word(name, "fail_path") {
        device().map(Message::FailPath)
    } else {
        Err(refused(UNRECOGNISED))
    }
}

fn group_number(word: &str, spec: &MultipathSpec, function: &str) -> Result<GroupId, MessageError> {
    let number = scan_unsigned(word).map(|number| number as usize);
    match number {
        Some(number) if (1..=spec.groups.len()).contains(&number) => {
            Ok(GroupId((number - 1) as u8))
        }
        _ => Err(refused(&format!("invalid PG number supplied to {function}"))),
    }
}

fn refused(warning: &str) -> MessageError {
    MessageError { errno: Errno::Inval, warning: warning.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::multipath::testing::{Disks, TWO_GROUPS, disk, spec};

    fn parse(words: &[&str]) -> Result<Message, MessageError> {
        Message::parse(words, &spec(TWO_GROUPS), &Disks)
    }

    fn warning(words: &[&str]) -> String {
        let error = parse(words).unwrap_err();
        assert_eq!(error.errno, Errno::Inval);
        error.warning
    }

    #[test]
    fn every_message_is_known_by_its_name() {
        for (words, message) in [
            (&["queue_if_no_path"][..], Message::QueueIfNoPath),
            (&["fail_if_no_path"], Message::FailIfNoPath),
            (&["disable_group", "1"], Message::DisableGroup(GroupId(0))),
            (&["enable_group", "2"], Message::EnableGroup(GroupId(1))),
            (&["switch_group", "2"], Message::SwitchGroup(GroupId(1))),
            (&["fail_path", "8:0"], Message::FailPath(disk(0))),
            (&["reinstate_path", "/dev/sdb"], Message::ReinstatePath(disk(1))),
        ] {
            assert_eq!(parse(words), Ok(message), "{words:?}");
        }
    }

    #[test]
    fn the_case_of_a_message_does_not_matter() {
        assert_eq!(parse(&["FAIL_if_NO_path"]), Ok(Message::FailIfNoPath));
        assert_eq!(parse(&["Fail_Path", "/dev/sda"]), Ok(Message::FailPath(disk(0))));
    }

    #[test]
    fn a_message_with_another_name_or_count_of_words_is_unrecognised() {
        for words in [
            &[][..],
            &["fail_path"],
            &["queue_if_no_path", "1"],
            &["queue_if_no_paths"],
            &["fail_pat", "8:0"],
            &["fail_path", "8:0", "8:16"],
        ] {
            assert_eq!(warning(words), "Unrecognised multipath message received.", "{words:?}");
        }
    }

    #[test]
    fn a_group_number_is_from_one_to_the_number_of_groups() {
        for word in ["0", "3", "-1", "x"] {
            let text = "invalid PG number supplied to bypass_pg";
            assert_eq!(warning(&["disable_group", word]), text);
            assert_eq!(warning(&["enable_group", word]), text);
            let text = "invalid PG number supplied to switch_pg_num";
            assert_eq!(warning(&["switch_group", word]), text);
        }
        assert_eq!(parse(&["switch_group", "2nd"]), Ok(Message::SwitchGroup(GroupId(1))));
    }

    #[test]
    fn a_device_that_is_not_found_is_named() {
        for name in ["fail_path", "reinstate_path"] {
            assert_eq!(warning(&[name, "sdq"]), "message: error getting device sdq");
        }
    }

    #[test]
    fn a_device_that_no_path_uses_is_taken() {
        assert_eq!(parse(&["fail_path", "/dev/sdh"]), Ok(Message::FailPath(disk(7))));
        assert_eq!(spec(TWO_GROUPS).paths_on(disk(7)).count(), 0);
    }
}

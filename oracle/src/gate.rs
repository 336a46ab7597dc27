//! A path on a real kernel: a linear device, the gate, that stands between multipath and the LUN.
//!
//! What a gate is suspended with noflush holds what it is sent; with an error table it fails it.
//! That is exact and needs no timing.
use std::fmt::Write as _;

use dm_model::flags::{DM_NOFLUSH_FLAG, DM_SKIP_LOCKFS_FLAG, DM_SUSPEND_FLAG};

use crate::stores::{Lun, Store};

/// Whether a path reaches its LUN, as in the model.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Link {
    /// It does.
    #[default]
    Running,
    /// Taken offline.
    Offline,
    /// Pulled out: its name is gone too.
    Unplugged,
    /// Answers everything with an error, once it is released.
    Failing,
}

/// A path and the state that its gate is to have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Gate {
    /// The name in the scenario: sda.
    pub(crate) name: String,
    /// The name of the linear device on the kernel.
    pub(crate) device: String,
    pub(crate) lun: Lun,
    pub(crate) link: Link,
    pub(crate) held: bool,
    /// Milliseconds.
    pub(crate) delay: u32,
}

impl Gate {
    /// A running path.
    pub(crate) fn new(name: &str, device: String, lun: Lun) -> Self {
        let (link, held, delay) = (Link::default(), false, 0);
        Self { name: name.to_owned(), device, lun, link, held, delay }
    }

    /// The path of its node.
    pub(crate) fn node(&self) -> String {
        format!("/dev/{}", self.name)
    }

    /// Whether it holds what it is sent: an offline or an unplugged path answers at once.
    pub(crate) fn is_closed(&self) -> bool {
        self.held && matches!(self.link, Link::Running | Link::Failing)
    }

    /// The fields of its table.
    pub(crate) fn table(&self) -> String {
        let Lun { store, begin, sectors } = self.lun;
        let store = match store {
            Store::Ram => "{ram0}",
            Store::Scsi => "{scsi}",
        };
        match self.link {
            Link::Running if self.delay > 0 => {
                format!("0\t{sectors}\tdelay\t{store} {begin} {}", self.delay)
            }
            Link::Running => format!("0\t{sectors}\tlinear\t{store} {begin}"),
            Link::Offline | Link::Unplugged | Link::Failing => format!("0\t{sectors}\terror\t"),
        }
    }

    /// Makes the gate be so.
    pub(crate) fn create(&self, script: &mut String) {
        let _ = writeln!(script, "create\t0\t{}\t{}", self.device, self.table());
    }

    /// Brings the gate from the state of `before` to its own.
    pub(crate) fn change(&self, before: &Self, script: &mut String) {
        let device = &self.device;
        let has_new_table = self.table() != before.table();
        if (has_new_table || self.is_closed()) && !before.is_closed() {
            let flags = DM_SUSPEND_FLAG | DM_NOFLUSH_FLAG | DM_SKIP_LOCKFS_FLAG;
            let _ = writeln!(script, "suspend\t0\t{device}\t{flags}\t");
        }
        if has_new_table {
            let _ = writeln!(script, "load\t0\t{device}\t{}", self.table());
        }
        if !self.is_closed() && (before.is_closed() || has_new_table) {
            let _ = writeln!(script, "suspend\t0\t{device}\t0\t");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> Gate {
        let lun = Lun { store: Store::Ram, begin: 4096, sectors: 2048 };
        Gate::new("sda", "s0-gate.sda".to_owned(), lun)
    }

    fn change(from: &Gate, to: impl FnOnce(&mut Gate)) -> (Gate, String) {
        let mut gate = from.clone();
        to(&mut gate);
        let mut script = String::new();
        gate.change(from, &mut script);
        (gate, script)
    }

    #[test]
    fn a_held_gate_is_suspended_and_an_error_reaches_what_it_held() {
        let (held, script) = change(&gate(), |it| it.held = true);
        assert_eq!(script, "suspend\t0\ts0-gate.sda\t3074\t\n");
        let (failing, script) = change(&held, |it| (it.held, it.link) = (false, Link::Failing));
        let expected = "load\t0\ts0-gate.sda\t0\t2048\terror\t\nsuspend\t0\ts0-gate.sda\t0\t\n";
        assert_eq!(script, expected);
        let (_, script) = change(&failing, |it| it.held = true);
        assert_eq!(script, "suspend\t0\ts0-gate.sda\t3074\t\n");
    }

    #[test]
    fn a_path_that_goes_offline_while_it_holds_answers_at_once_and_holds_again_later() {
        let (held, _) = change(&gate(), |it| it.held = true);
        let (offline, script) = change(&held, |it| it.link = Link::Offline);
        assert!(script.ends_with("error\t\nsuspend\t0\ts0-gate.sda\t0\t\n"), "{script}");
        let (_, script) = change(&offline, |it| it.link = Link::Running);
        let expected = "suspend\t0\ts0-gate.sda\t3074\t\n\
                        load\t0\ts0-gate.sda\t0\t2048\tlinear\t{ram0} 4096\n";
        assert_eq!(script, expected);
    }

    #[test]
    fn what_stays_as_it_is_needs_nothing() {
        assert_eq!(change(&gate(), |_| {}).1, "");
    }
}

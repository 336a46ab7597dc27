//! A daemon in the manner of multipathd: it checks paths, fails and reinstates them, switches the
//! policy by `no_path_retry`, goes back to the first group, and reloads when a path has another
//! name. A reload is RELOAD and then RESUME with `DM_NOFLUSH_FLAG`: never an explicit suspend.
use dm_model::ids::{Device, DiskId, MdId};
use dm_model::memory::Memory;

use super::calendar::Event;
use super::calls::Caller;
use super::command::{Command, Message};
use super::disks::path_of;
use super::engine::{Engine, Stage};
use super::swarm::{MICROSECOND, NoPathRetry};
use super::topology::Layout;
use crate::drivers::Target;
use crate::multipath::state::{Multipath, PathId};
use crate::table::Kind;

impl Engine {
    /// Plans the first look at each device.
    pub(super) fn place_daemons(&mut self) {
        for device in 0..self.topology.devices.len() {
            if self.is_multipath(device) {
                let after = self.acts.around(self.features.checker);
                self.plan_check(device, after);
            }
        }
    }

    fn plan_check(&mut self, device: usize, after: u64) {
        if !std::mem::replace(&mut self.daemons[device].is_planned, true) {
            self.calendar.at(self.now + after, Event::Check(device));
        }
    }

    /// An event of the device: the daemon looks at it soon.
    pub(super) fn wake_daemon(&mut self, md: MdId) {
        // What it did stands in the list.
        if self.is_listed && self.stage == Stage::Faulty {
            return;
        }
        let device = self.topology.devices.iter().position(|device| device.md == md);
        if let Some(device) = device.filter(|device| self.is_multipath(*device)) {
            self.plan_check(device, 50 * MICROSECOND);
        }
    }

    /// The daemon looks at a device.
    pub(super) fn daemon_checks(&mut self, device: usize) {
        self.daemons[device].is_planned = false;
        if !self.daemons[device].is_waiting && self.daemons[device].script.is_empty() {
            self.judge_paths(device);
        }
        self.daemon_goes_on(device);
        let after = self.acts.around(self.features.checker);
        self.plan_check(device, after);
    }

    /// A call of the daemon has returned.
    pub(super) fn daemon_hears(&mut self, device: usize) {
        self.daemons[device].is_waiting = false;
        self.daemons[device].reloads &= !self.daemons[device].script.is_empty();
        if !self.daemons[device].script.is_empty() {
            self.plan_check(device, 10 * MICROSECOND);
        }
    }

    fn daemon_goes_on(&mut self, device: usize) {
        if self.daemons[device].is_waiting {
            return;
        }
        // A reload is one act: the administrator of the device waits for it, and it for him.
        let is_reload = matches!(self.daemons[device].script.front(), Some(Command::Load(..)));
        if is_reload && (self.admins[device].is_waiting || !self.admins[device].script.is_empty()) {
            self.daemons[device].script.clear();
            return;
        }
        if let Some(command) = self.daemons[device].script.pop_front() {
            self.daemons[device].is_waiting = true;
            self.daemons[device].reloads |= is_reload;
            self.call(command, Caller::Daemon(device));
        }
    }

    /// The target of the device's live table, if it is multipath and stands alone.
    fn live_target(&self, device: usize) -> Option<(&Multipath, Vec<(PathId, DiskId)>)> {
        let md = &self.host.mds[self.topology.devices[device].md.index()];
        let setup = self.host.setup();
        let target = setup.tables[md.map?.index()].first;
        let Target::Multipath { state, .. } = &self.host.targets[target.index()] else {
            return None;
        };
        let Kind::Multipath(spec) = setup.drivers.kind(target) else { return None };
        let paths = spec.paths().filter_map(|(id, path)| match path.device {
            Device::Disk(disk) => Some((id, disk)),
            Device::Md(_) => None,
        });
        Some((state, paths.collect()))
    }

    /// The name by which the device's live table has the path; what it is called now, if it has not.
    pub(super) fn name_in_table(&self, device: usize, path: usize) -> DiskId {
        let paths = self.live_target(device).map(|(_, paths)| paths).unwrap_or_default();
        let known = paths.iter().map(|(_, disk)| *disk).find(|disk| path_of(*disk).0 == path);
        let now = self.disks.name(&self.topology, path);
        known.unwrap_or(now)
    }

    fn judge_paths(&mut self, device: usize) {
        let Some((state, paths)) = self.live_target(device) else { return };
        let mut script = Vec::new();
        if paths.iter().any(|(_, disk)| self.disks.is_stale(*disk)) {
            let grown = self.admins[device].grown;
            script.push(Command::Load(device, grown));
            script.push(Command::Resume { device, noflush: true });
        } else {
            for (id, disk) in &paths {
                let (path, _) = path_of(*disk);
                let is_up = self.disks.is_up(&self.topology, *disk);
                let is_active = state.path(*id).active;
                if is_up && !is_active {
                    script.push(Command::Message(device, Message::ReinstatePath(path)));
                } else if !is_up && is_active {
                    script.push(Command::Message(device, Message::FailPath(path)));
                }
            }
        }
        let has_path = state.nr_valid_paths > 0;
        let is_first = state.current_pg.is_none_or(|group| group.index() == 0);
        let first_is_up = match &self.topology.devices[device].layout {
            Layout::Multipath { groups, .. } => groups[0].iter().any(|path| {
                let name = self.disks.name(&self.topology, *path);
                self.disks.is_up(&self.topology, name)
            }),
            Layout::Linear(_) | Layout::Striped { .. } => false,
        };
        if self.features.failback && !is_first && first_is_up && script.is_empty() {
            script.push(Command::Message(device, Message::SwitchGroup(1)));
        }
        self.retry(device, has_path, &mut script);
        self.daemons[device].script.extend(script);
    }

    /// `no_path_retry`: after so many checks without a path I/O fails, until there is one again.
    fn retry(&mut self, device: usize, has_path: bool, script: &mut Vec<Command>) {
        let NoPathRetry::Count(count) = self.features.no_path_retry else { return };
        let daemon = &mut self.daemons[device];
        if has_path {
            daemon.without_path = 0;
            if std::mem::take(&mut daemon.has_failed) {
                script.push(Command::Message(device, Message::Queue));
            }
        } else if self.stage == Stage::Faulty && !daemon.has_failed {
            daemon.without_path += 1;
            if daemon.without_path >= count {
                daemon.has_failed = true;
                script.push(Command::Message(device, Message::Fail(true)));
            }
        }
    }
}

//! What goes wrong below, by schedule: each kind on its own, with a gap between two and an outage
//! each; and who sends signals.
use super::calendar::Event;
use super::command::{Command, PathState};
use super::engine::{Engine, Stage};
use super::swarm::MICROSECOND;
use super::topology::LUN_SECTORS;

/// How many kinds of faults there are.
const KINDS: u8 = 7;

impl Engine {
    /// Plans the first fault of each kind, and the first signal.
    pub(super) fn place_faults(&mut self) {
        for kind in 0..KINDS {
            self.plan_fault(kind);
        }
        self.plan_signal();
    }

    fn gap(&self, kind: u8) -> u64 {
        let gaps = &self.features.faults;
        [gaps.path, gaps.all_paths, gaps.fabric, gaps.failover, gaps.hang, gaps.medium, gaps.rename]
            [usize::from(kind)]
    }

    fn plan_fault(&mut self, kind: u8) {
        let gap = self.gap(kind);
        if gap > 0 {
            let after = self.faults.around(gap);
            self.calendar.at(self.now + after, Event::Fault(kind));
        }
    }

    fn plan_signal(&mut self) {
        if self.features.signals > 0 {
            let after = self.faults.around(self.features.signals);
            self.calendar.at(self.now + after, Event::Signal);
        }
    }

    /// Somebody sends a signal to who suspends a device.
    pub(super) fn signal_is_sent(&mut self) {
        if self.stage == Stage::Healing {
            return;
        }
        let open: Vec<usize> = self
            .calls
            .open()
            .filter(|command| matches!(command, Command::Suspend { .. } | Command::Resume { .. }))
            .filter_map(Command::device)
            .collect();
        if open.is_empty() {
            // Somebody is going to: it is worth another look soon.
            self.calendar.at(self.now + 20 * MICROSECOND, Event::Signal);
            return;
        }
        let device = self.faults.pick(&open);
        self.perform(Command::Signal(device));
        self.plan_signal();
    }

    /// A fault of this kind begins.
    pub(super) fn fault_begins(&mut self, kind: u8) {
        if self.stage == Stage::Healing {
            return;
        }
        self.plan_fault(kind);
        let (paths, luns) = (self.topology.paths.len(), self.topology.luns);
        let outage = self.faults.around(self.features.outage);
        let lun = self.faults.index(luns);
        let path = self.faults.index(paths);
        match kind {
            0 => self.outage(path, PathState::Down, outage),
            1 => {
                for path in (0..paths)
                    .filter(|path| self.topology.paths[*path].lun == lun)
                    .collect::<Vec<_>>()
                {
                    let later = self.faults.around(100 * MICROSECOND);
                    let down = Command::Path(path, PathState::Down);
                    self.calendar.at(self.now + later, Event::Do(down));
                    let up = Command::Path(path, PathState::Up);
                    let spread = self.faults.around(200 * MICROSECOND);
                    self.calendar.at(self.now + later + outage + spread, Event::Do(up));
                }
            }
            2 => {
                let controller = self.faults.below(2) as u8;
                let through = |path: &usize| self.topology.paths[*path].controller == controller;
                let those: Vec<usize> = (0..paths).filter(through).collect();
                for flap in 0..3 {
                    let begin = self.now + flap * outage;
                    for path in &those {
                        let down = Event::Do(Command::Path(*path, PathState::Down));
                        self.calendar.at(begin, down);
                        let up = Event::Do(Command::Path(*path, PathState::Up));
                        self.calendar.at(begin + outage / 2, up);
                    }
                }
            }
            3 => {
                let other = 1 - self.disks.controller(lun);
                self.perform(Command::Failover(lun, other));
            }
            4 => self.outage(path, PathState::Hung, outage * 2),
            5 => {
                let first = self.faults.below(u64::from(LUN_SECTORS / 4)) as u32;
                let count = self.faults.between(1, 64) as u32;
                self.perform(Command::Medium(lun, Some((first, count))));
                self.calendar.at(self.now + outage, Event::Do(Command::Medium(lun, None)));
            }
            _ => {
                self.perform(Command::Path(path, PathState::Down));
                self.calendar.at(self.now + outage, Event::Do(Command::Rename(path)));
                self.calendar.at(self.now + outage, Event::Do(Command::Path(path, PathState::Up)));
            }
        }
    }

    fn outage(&mut self, path: usize, state: PathState, outage: u64) {
        self.perform(Command::Path(path, state));
        self.calendar.at(self.now + outage, Event::Do(Command::Path(path, PathState::Up)));
    }

    /// What a command changes below the mapped devices.
    pub(super) fn change_below(&mut self, command: Command) {
        match command {
            Command::Path(path, state) => self.disks.set_state(path, state),
            Command::Rename(path) => self.disks.rename(path),
            Command::Failover(lun, controller) => self.disks.fail_over(lun, controller),
            Command::Medium(lun, medium) => {
                let old = self.disks.set_medium(lun, medium);
                self.judge.medium(lun, old, medium, self.now);
            }
            Command::Arm(device, fault) => {
                self.host.arm(self.topology.devices[device].md, fault);
            }
            Command::Io(_)
            | Command::Open(_)
            | Command::Close(_)
            | Command::Create(_)
            | Command::Load(..)
            | Command::Clear(_)
            | Command::Suspend { .. }
            | Command::Resume { .. }
            | Command::Remove(_)
            | Command::Message(..)
            | Command::Status(..)
            | Command::Signal(_) => unreachable!("nothing below changes"),
        }
        if let Some(marks) = &mut self.marks {
            marks.command(command);
        }
    }

    /// Everything is healed, at once and for good.
    pub(super) fn heal(&mut self) {
        self.disks.heal();
        for lun in 0..self.topology.luns {
            self.change_below(Command::Medium(lun, None));
        }
        for md in &mut self.host.mds {
            md.faults = 0;
        }
    }
}

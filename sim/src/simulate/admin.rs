//! Administrators in the manner of LVM: suspend, reload and resume, grow, query, remove and make
//! again. One command of a device after the other, each when the one before has returned.
use dm_model::errno::{Code, Errno};
use dm_model::flags::Flag;
use dm_model::memory::Fault;

use super::calendar::Event;
use super::calls::Caller;
use super::command::{Command, Message};
use super::engine::{Engine, Stage};
use super::swarm::{MICROSECOND, MILLISECOND};

/// How often a device that is to be closed is looked at before that is given up.
const LOOKS: u32 = 40;

impl Engine {
    /// Makes every device, and plans the first act on each.
    pub(super) fn place_admins(&mut self) {
        for device in 0..self.topology.devices.len() {
            self.admins[device].script.extend(making(device));
            self.calendar.at(device as u64, Event::Admin(device));
        }
    }

    /// The administrator of a device goes on, or thinks of something.
    pub(super) fn admin_acts(&mut self, device: usize) {
        if self.admins[device].is_waiting {
            return;
        }
        // A reload of the daemon is one act, which nobody else comes between.
        if self.admins[device].script.is_empty() && self.daemons[device].reloads {
            self.admin_again(device, 100 * MICROSECOND);
            return;
        }
        if self.admins[device].script.is_empty() {
            match self.stage {
                Stage::Faulty => self.draw_script(device),
                Stage::Healing => self.heal_script(device),
            }
        }
        match self.admins[device].script.front().copied() {
            Some(Command::Close(_)) if self.ios.guests(device) > 0 => self.wait_to_close(device),
            // What stands on the device has to be there before, and is made later.
            Some(command @ Command::Load(..)) if !self.may_load(command) => {
                self.admin_again(device, 20 * MICROSECOND);
            }
            Some(command @ Command::Create(_)) if !self.may_create(command) => {
                self.admin_again(device, MILLISECOND);
            }
            Some(command) => {
                self.admins[device].script.pop_front();
                self.admins[device].is_waiting = true;
                if let Command::Close(_) = command
                    && !self.admins[device].holds_open
                {
                    self.admin_hears(device, command, Code::OK);
                    return;
                }
                self.call(command, Caller::Admin(device));
            }
            None => {
                let gap = if self.stage == Stage::Healing {
                    MILLISECOND
                } else if self.features.admin > 0 {
                    self.acts.around(self.features.admin)
                } else {
                    return;
                };
                self.admin_again(device, gap);
            }
        }
    }

    /// The device was opened for applications, or could not be, or was closed.
    pub(super) fn door_ended(&mut self, device: usize, opens: bool, code: Code) {
        if opens {
            self.admins[device].holds_open = !code.is_error();
            self.admins[device].is_closing = false;
        }
    }

    fn admin_again(&mut self, device: usize, after: u64) {
        self.calendar.at(self.now + after, Event::Admin(device));
    }

    /// The device is closed once the I/O of those who rely on it is over.
    fn wait_to_close(&mut self, device: usize) {
        let admin = &mut self.admins[device];
        admin.is_closing = true;
        admin.looks += 1;
        if admin.looks > LOOKS {
            admin.looks = 0;
            admin.is_closing = false;
            admin.script.clear();
        }
        self.admin_again(device, 100 * MICROSECOND);
    }

    fn may_load(&self, command: Command) -> bool {
        let Command::Load(device, _) = command else { unreachable!("a load") };
        // As long as it was never loaded nobody waits for its lower devices in vain.
        self.topology.below(device).all(|below| {
            let md = &self.host.mds[self.topology.devices[below].md.index()];
            md.exists && !md.freed && md.map.is_some()
        })
    }

    fn may_create(&mut self, command: Command) -> bool {
        let Command::Create(device) = command else { unreachable!("a create") };
        let md = self.topology.devices[device].md;
        self.is_md_free(md)
    }

    /// A call of the administrator has returned.
    pub(super) fn admin_hears(&mut self, device: usize, command: Command, code: Code) {
        let admin = &mut self.admins[device];
        admin.is_waiting = false;
        if let Command::Load(_, grown) = command
            && !code.is_error()
        {
            admin.grown = grown;
        }
        if let Command::Remove(_) = command {
            admin.looks = 0;
            admin.script.clear();
            if code.is_error() {
                admin.script.push_back(Command::Open(device));
            } else {
                admin.grown = false;
                admin.script.extend(making(device));
            }
        }
        if let Command::Create(_) = command
            && code == Errno::Inval.code()
        {
            admin.script.clear();
            admin.script.extend(making(device));
        }
        let after = self.acts.around(100 * MICROSECOND);
        self.admin_again(device, after);
    }

    fn draw_script(&mut self, device: usize) {
        let features = self.features;
        if features.admin == 0 {
            return;
        }
        let acts = &mut self.acts;
        let noflush = acts.chance(u64::from(features.noflush), 8);
        let lockfs = acts.chance(1, 2);
        let grown = self.admins[device].grown;
        let suspend = Command::Suspend { device, noflush, lockfs };
        let resume = Command::Resume { device, noflush };
        let kind = acts.below(16);
        if features.arms && acts.chance(1, 4) {
            let fault = acts.pick(&[Fault::Bdget, Fault::LockFs, Fault::Preresume]);
            self.admins[device].script.push_back(Command::Arm(device, fault));
        }
        let is_multipath = self.is_multipath(device);
        let script = &mut self.admins[device].script;
        match kind {
            0..=3 => script.extend([suspend, resume]),
            4..=6 => script.extend([suspend, Command::Load(device, grown), resume]),
            7 | 8 => script.extend([Command::Load(device, grown), resume]),
            9 if features.resize => {
                let flush = Command::Suspend { device, noflush: false, lockfs };
                script.extend([flush, Command::Load(device, true), resume]);
            }
            10 => script.extend([Command::Status(device, false), Command::Status(device, true)]),
            11 => script.extend([Command::Load(device, grown), Command::Clear(device)]),
            12 | 13 if features.remove => {
                script.extend([Command::Close(device), Command::Remove(device)]);
            }
            14 if is_multipath => {
                let group = 1 + self.acts.below(u64::from(features.groups)) as u8;
                let message = match self.acts.below(3) {
                    0 => Message::SwitchGroup(group),
                    1 => Message::DisableGroup(group),
                    _ => Message::EnableGroup(group),
                };
                script.push_back(Command::Message(device, message));
            }
            15 if is_multipath && self.acts.chance(1, 4) => {
                let off = Command::Message(device, Message::Fail(false));
                script.extend([off, Command::Message(device, Message::Queue)]);
            }
            _ => script.extend([suspend, resume]),
        }
    }

    /// When all is to end well a device that is suspended is resumed, and one without a table gets
    /// one.
    fn heal_script(&mut self, device: usize) {
        let md = &self.host.mds[self.topology.devices[device].md.index()];
        if !md.exists || md.freed || !md.hashed {
            return;
        }
        let is_suspended = md.flags & Flag::Suspended.mask() != 0;
        let has_table = md.map.is_some();
        let grown = self.admins[device].grown;
        let load = Command::Load(device, grown);
        let may_load = self.may_load(load);
        let script = &mut self.admins[device].script;
        if !has_table && may_load {
            script.extend([load, Command::Resume { device, noflush: false }]);
        } else if is_suspended {
            script.push_back(Command::Resume { device, noflush: true });
        }
    }
}

fn making(device: usize) -> [Command; 4] {
    [
        Command::Create(device),
        Command::Load(device, false),
        Command::Resume { device, noflush: false },
        Command::Open(device),
    ]
}

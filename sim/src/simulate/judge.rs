//! The judge of a run: the oracles that do not trust the model, and what a user may say of effects.
//!
//! A claim that breaks is noted once with each sign of where it comes from, and the run goes on
//! where it can: what the shipped kernel is known to break must not hide what it is not.
use std::collections::BTreeMap;

use dm_model::effect::{Effect, Object};
use dm_model::era::Era;
use dm_model::errno::{Code, Errno};
use dm_model::flags::Flag;
use dm_model::frame::Frame;
use dm_model::ids::{CloneId, DiskId, MdId};

use super::actors::IoState;
use super::breaks::{Break, LeftBy, LeftOff, Sign, sign_of};
use super::command::Io;
use super::oracle::{
    self, Act, Below, Broken, Cause, Completions, Copies, Extent, Justified, Registers,
};
use super::topology::{LUN_SECTORS, Topology};
use crate::drivers::Sim;
use crate::host::Host;

/// The judge of a run.
#[derive(Debug)]
pub(super) struct Judge {
    era: Era,
    completions: Completions,
    registers: Registers,
    justified: Justified,
    /// Copies of writes that paths have kept, by the number of the I/O; whether its end was told.
    kept: BTreeMap<u64, (u32, bool)>,
    extents: Vec<Extent>,
    is_quiet: Vec<bool>,
    /// By device: a suspend is under way; until when one that failed has left the policy aside.
    suspends: Vec<bool>,
    left_off: Vec<LeftOff>,
    swaps: Vec<u64>,
    /// What the run is for: it is over once that breaks.
    pub(super) wanted: Option<(&'static str, Sign)>,
    pub(super) is_done: bool,
    /// What broke, each claim with each sign once.
    pub(super) breaks: Vec<Break>,
    /// How many errors had a reason.
    pub(super) justified_count: u64,
}

impl Judge {
    pub(super) fn new(topology: &Topology, era: Era) -> Self {
        let mut justified = Justified::new();
        for path in &topology.paths {
            for name in path.names {
                justified.path_added(u32::from(name.0), path.lun as u32);
            }
        }
        // A device that was never made is as one that was removed.
        for device in &topology.devices {
            for act in [Act::Create, Act::Remove] {
                let call = justified.began(u32::from(device.md.0), act, 0);
                justified.ended(call, Code::OK, 0);
            }
        }
        Self {
            era,
            completions: Completions::new(),
            registers: Registers::new(),
            justified,
            kept: BTreeMap::new(),
            extents: Vec::new(),
            is_quiet: vec![false; crate::host::MD_COUNT],
            suspends: vec![false; crate::host::MD_COUNT],
            left_off: vec![LeftOff::default(); crate::host::MD_COUNT],
            swaps: vec![0; crate::host::MD_COUNT],
            wanted: None,
            is_done: false,
            breaks: Vec::new(),
            justified_count: 0,
        }
    }

    /// Notes that a claim broke.
    pub(super) fn broken(&mut self, claim: &'static str, sign: Sign, time: u64, text: String) {
        let is_known = self.breaks.iter().any(|it| it.claim == claim && it.sign == sign);
        let is_wanted =
            self.wanted.as_ref().is_some_and(|(wanted, its)| *wanted == claim && *its == sign);
        self.is_done |= is_wanted;
        if !is_known {
            self.breaks.push(Break { claim, sign, text, time });
        }
    }

    fn note(&mut self, broken: Broken, time: u64) {
        let sign = sign_of(broken.cause);
        self.broken(broken.claim, sign, time, broken.text);
    }

    /// An I/O is handed to the kernel.
    pub(super) fn submitted(
        &mut self,
        topology: &Topology,
        number: u64,
        md: MdId,
        io: Io,
        time: u64,
    ) {
        self.extents.clear();
        topology.extents(io.device, io.sector, u32::from(io.count), &mut self.extents);
        if io.write {
            self.registers.write_began(number, &self.extents);
        } else {
            self.registers.read_began(number, &self.extents);
        }
        self.completions.submitted(number, time);
        let sectors = u64::from(io.sector)..u64::from(io.sector) + u64::from(io.count);
        let device = u32::from(md.0);
        self.justified.submitted(number, device, sectors, io.readahead, time);
    }

    /// Its end was told.
    pub(super) fn completed(
        &mut self,
        topology: &Topology,
        io: &IoState,
        code: Code,
        data: &[u64],
        time: u64,
    ) {
        let (number, write) = (io.number, io.write);
        if let Err(broken) = self.completions.completed(number, code, time) {
            self.note(broken, time);
            return;
        }
        if write {
            let kept = self.kept.get_mut(&number);
            let copies = kept.map_or(Copies::None, |(_, ended)| {
                *ended = true;
                Copies::Left
            });
            self.registers.write_ended(number, code, copies);
        } else if let Err(broken) = self.registers.read_ended(number, code, data) {
            self.note(broken, time);
        }
        match self.justified.completed(number, code, time) {
            Ok(None) => {}
            Ok(Some(_)) => self.justified_count += 1,
            Err(broken) => {
                let sign = self.sign_of_error(topology, io, broken.cause);
                self.broken(broken.claim, sign, time, broken.text);
            }
        }
    }

    /// CLAIMS.md F1: what the next suspend saves is what the failed one had set aside, so that the
    /// policy is gone for good, long after the oracle can see why.
    fn sign_of_error(&self, topology: &Topology, io: &IoState, cause: Option<Cause>) -> Sign {
        let left = self.left_off_by(topology, io.device, io.since);
        match (left, cause) {
            (None, _) if self.era.undoes_presuspend() => Sign::None,
            (Some(LeftBy::Signal), cause) if cause != Some(Cause::Signalled) => Sign::PolicyLeftOff,
            (Some(LeftBy::Error), cause) if cause != Some(Cause::Signalled) => {
                Sign::PolicyLeftOffByError
            }
            (Some(LeftBy::Error), _) if self.era.undoes_presuspend() => Sign::PolicyLeftOffByError,
            (None | Some(_), cause) => sign_of(cause),
        }
    }

    /// How a suspend failed that had left the policy of a device on the way aside since then.
    fn left_off_by(&self, topology: &Topology, device: usize, since: u64) -> Option<LeftBy> {
        let left = self.left_off[topology.devices[device].md.index()];
        let here = (left.until > since).then_some(left.by);
        let below = topology.below(device);
        below.filter_map(|below| self.left_off_by(topology, below, since)).chain(here).min()
    }

    fn policy_is_back(&mut self, md: MdId, time: u64) {
        let left = &mut self.left_off[md.index()];
        left.until = left.until.min(time);
    }

    /// A path has kept a write that it may do later.
    pub(super) fn write_is_kept(&mut self, number: u64) {
        self.kept.entry(number).or_insert((0, false)).0 += 1;
    }

    /// It has done it.
    pub(super) fn write_is_settled(&mut self, number: u64) {
        let (count, ended) = self.kept.get_mut(&number).expect("it was kept");
        *count -= 1;
        if *count == 0 {
            let was_told = *ended;
            self.kept.remove(&number);
            if was_told {
                self.registers.settled(number);
            }
        }
    }

    /// A path answered with an error, or failed to be initialised.
    pub(super) fn error_answered(&mut self, disk: DiskId, time: u64) {
        self.justified.error_answered(Below::Path(u32::from(disk.0)), time);
    }

    /// The kernel has done with that error.
    pub(super) fn error_handled(&mut self, disk: DiskId, time: u64) {
        self.justified.error_handled(Below::Path(u32::from(disk.0)), time);
    }

    /// Sectors of a LUN fail, or do so no more.
    pub(super) fn medium(
        &mut self,
        lun: usize,
        old: Option<(u32, u32)>,
        new: Option<(u32, u32)>,
        time: u64,
    ) {
        let lun = lun as u32;
        let range = |(first, count): (u32, u32)| {
            let end = (first + count).min(LUN_SECTORS);
            u64::from(first)..u64::from(end)
        };
        if let Some(old) = old {
            self.justified.medium_healed(lun, &range(old), time);
        }
        if let Some(new) = new {
            self.justified.medium_failed(lun, range(new), time);
        }
    }

    /// A user's call begins.
    pub(super) fn began(&mut self, md: MdId, act: Act, time: u64) -> oracle::Call {
        self.justified.began(u32::from(md.0), act, time)
    }

    /// Its task was sent a signal.
    pub(super) fn signalled(&mut self, call: oracle::Call, time: u64) {
        self.justified.signalled(call, time);
    }

    /// How often a table of the device has become the live one.
    pub(super) fn swaps(&self, md: MdId) -> u64 {
        self.swaps[md.index()]
    }

    /// It has returned; whether a table has become the live one meanwhile.
    pub(super) fn ended(&mut self, call: oracle::Call, code: Code, swapped: bool, time: u64) {
        if swapped {
            self.justified.swapped(call);
        }
        self.justified.ended(call, code, time);
    }

    /// How many values and intervals are kept.
    pub(super) fn kept_count(&self) -> usize {
        self.registers.candidate_count() + self.justified.span_count() + self.kept.len()
    }

    /// The kernel has stopped.
    pub(super) fn stopped(&mut self, text: &'static str, time: u64) {
        let found = format!("expected the kernel to go on, found: {text}");
        self.broken("the_kernel_does_not_stop", Sign::Stopped(text), time, found);
    }

    /// The I/O that has not ended, and when it was submitted.
    pub(super) fn stranded(&self) -> impl Iterator<Item = (u64, u64)> {
        self.completions.stranded()
    }

    /// A clone was sent to a disk.
    pub(super) fn dispatched(&mut self, host: &Host, clone: CloneId, time: u64) {
        let Some(state) = host.clone_at_disk(clone) else { return };
        let md = host.md_of(state.target);
        if self.is_quiet.get(md.index()).is_some_and(|quiet| *quiet) {
            let text = format!("dm{} is suspended, a clone was sent to a disk", md.0);
            self.broken("a_suspended_device_is_quiet", Sign::None, time, text);
        }
    }

    /// What an effect says of the claims that can be seen from it. What is sent to a disk is judged
    /// by `dispatched`.
    pub(super) fn observe(&mut self, host: &Host, effect: Effect, top: &Frame<Sim>, time: u64) {
        match effect {
            Effect::UsedAfterFree(object) => self.used_after_free(object, top, time),
            Effect::SuspendReturned(md, code) => self.suspend_returned(host, md, code, time),
            Effect::ResumeStarted(md) | Effect::Freed(md) => self.is_quiet[md.index()] = false,
            Effect::SuspendStarted(md, _) => self.suspends[md.index()] = true,
            Effect::PolicySet(target, true) => {
                self.policy_is_back(host.md_of(target), time);
            }
            Effect::MapChanged(md, new) => {
                if new.is_some() {
                    self.policy_is_back(md, time);
                    self.swaps[md.index()] += 1;
                }
                let flags = host.mds[md.index()].flags;
                if flags & (Flag::Suspended.mask() | Flag::Freeing.mask()) == 0 {
                    let text = format!("the live table of dm{} changed, it is not suspended", md.0);
                    self.broken("the_map_changes_only_while_suspended", Sign::None, time, text);
                }
            }
            Effect::Started(md, _) => {
                if host.mds[md.index()].flags & Flag::BlockIo.mask() != 0 {
                    let text = format!("BLOCK_IO of dm{} is set, a bio started", md.0);
                    self.broken("blocked_io_does_not_start", Sign::None, time, text);
                }
            }
            Effect::PushedBack(md, _, _) | Effect::Merged(md) => {
                let state = &host.mds[md.index()];
                let noflush = state.flags & Flag::NoflushSuspending.mask() != 0;
                let keeps = self.era.parks_late_requeues();
                if !noflush && !keeps && !state.pushback.is_empty() {
                    let text = format!("NOFLUSH of dm{} is clear, pushback holds I/O", md.0);
                    self.broken("pushback_is_empty_without_the_flag", Sign::None, time, text);
                }
            }
            Effect::Submitted(_)
            | Effect::Completed(..)
            | Effect::NoTable(_)
            | Effect::Deferred(..)
            | Effect::RequeueFailed(..)
            | Effect::Finished(..)
            | Effect::Mapped(..)
            | Effect::TargetEntered(..)
            | Effect::Ended(..)
            | Effect::Dispatched(..)
            | Effect::DiskDone(..)
            | Effect::Blocked(_)
            | Effect::ResumeReturned(..)
            | Effect::StatusRead(..)
            | Effect::Event(_)
            | Effect::Bug(_)
            | Effect::PolicySet(_, false) => {}
        }
    }

    fn used_after_free(&mut self, object: Object, top: &Frame<Sim>, time: u64) {
        let (claim, what) = match object {
            Object::Md(md) => ("devices_outlive_their_users", format!("dm{}", md.0)),
            Object::Pools(md) => ("pools_outlive_their_io", format!("a pool of dm{}", md.0)),
            Object::Table(_) => ("tables_outlive_their_users", "a table".to_owned()),
            Object::Target(_) => ("tables_outlive_their_users", "a target".to_owned()),
        };
        let label = top.label();
        let text = format!("{what} is used at {label} after it was freed");
        self.broken(claim, Sign::Label(label), time, text);
    }

    fn suspend_returned(&mut self, host: &Host, md: MdId, code: Code, time: u64) {
        let began = std::mem::take(&mut self.suspends[md.index()]);
        let undone = self.era.undoes_presuspend() && code == Errno::Intr.code();
        if began && code.is_error() && !undone {
            let left = &mut self.left_off[md.index()];
            let is_signal = code == Errno::Intr.code();
            let by = if is_signal { LeftBy::Signal } else { LeftBy::Error };
            let before = if left.until == u64::MAX { left.by } else { by };
            *left = LeftOff { until: u64::MAX, by: by.min(before) };
        }
        let state = &host.mds[md.index()];
        let is_suspended = state.flags & Flag::Suspended.mask() != 0;
        let left = Flag::BlockIo.mask() | Flag::NoflushSuspending.mask() | Flag::Frozen.mask();
        let name = "a_suspend_happens_whole_or_not_at_all";
        if code == Code::OK {
            self.is_quiet[md.index()] = true;
            if !is_suspended {
                let text = format!("the suspend of dm{} returned 0, SUSPENDED is clear", md.0);
                self.broken(name, Sign::None, time, text);
            }
            if state.pending != 0 {
                let text = format!("dm{} is suspended, pending is {}", md.0, state.pending);
                self.broken("a_suspended_device_is_quiet", Sign::None, time, text);
            }
        } else if code.is_error()
            && !is_suspended
            && (state.flags & left != 0 || !state.deferred.is_empty())
        {
            let text = format!("the suspend of dm{} returned {code} and left I/O blocked", md.0);
            self.broken(name, Sign::None, time, text);
        }
    }
}

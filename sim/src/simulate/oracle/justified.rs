//! Whether each error has a reason: something true at some moment between submission and end of the
//! I/O. CLAIMS.md S6; what a noflush suspend may not do, and what it may (N4, N6).
//!
//! It is told what users call and what disks answer, and derives from that what the kernel may
//! think at most:
//!
//! - A path **may be failed** on a device from an error that came from below it, or a message
//!   fail_path, until a reinstate_path that returned 0 or a new table, if no error of the path was
//!   being handled and no fail_path ran since that call began. (An error that is handled meanwhile
//!   may fail the path after it: CLAIMS.md L4.) A medium error fails a path too (KERNEL.md B.4).
//! - The policy **may be off** while the table has no `queue_if_no_path`, from a message
//!   fail_if_no_path to the return of queue_if_no_path or a new table, and from a suspend without
//!   noflush to the return of the resume after it.
//! - An error is justified where, at one moment, every path of a multipath target may be failed and
//!   the policy may be off: the kernel looks at both in one section (KERNEL.md B.2, B.4).
//! - A call may take effect at any moment from its beginning to its return. What it starts is
//!   true from its beginning, what it ends is true to its return.
//!
//! A suspend with noflush does not justify, nor does one that ended with an error, once it has
//! returned; what an error falls into then is its [`Cause`]. Where this is too weak: two multipath
//! targets in one table have one policy, of which a message switches off both and on none; a resume
//! that says -EINVAL without a signal is taken to have suspended the device; an error below a
//! mapped device that is a path counts for the path, and only a medium error goes up through it.
use std::collections::BTreeMap;
use std::ops::Range;

pub use act::{Act, Below, Call, Justification, Kind, Segment, Table, WhyFail};

use super::{Broken, Cause, Code, Errno, NO_UNJUSTIFIED_ERROR};
use device::{Device, Running};
use judge::Search;
use spans::{Spans, Window};

mod act;
mod device;
mod judge;
#[cfg(test)]
mod reference;
mod spans;
#[cfg(test)]
mod tests;

/// An I/O that has not ended.
#[derive(Clone, Debug)]
struct Open {
    device: u32,
    sectors: Range<u64>,
    readahead: bool,
    submitted: u64,
}

/// A path to a LUN, or a mapped device that is a path.
#[derive(Clone, Debug, Default)]
struct Lower {
    /// Of a path to a LUN.
    lun: Option<u32>,
    /// While the kernel may be at an error of it.
    errors: Spans<()>,
    /// Errors that are being handled.
    open: u32,
    /// When the last one was handled, in calls.
    handled: u64,
}

impl Lower {
    /// When it was bad last, in calls; without end while it is.
    fn bad(&self) -> u64 {
        if self.open > 0 { u64::MAX } else { self.handled }
    }
}

/// The intervals that open I/O can still see. Source: CLAIMS.md S6, by device and by moment.
#[derive(Clone, Debug, Default)]
pub struct Justified {
    /// The order of what is told.
    now: u64,
    time: u64,
    open: BTreeMap<u64, Open>,
    running: BTreeMap<u64, Running>,
    devices: BTreeMap<u32, Device>,
    below: BTreeMap<Below, Lower>,
    /// By LUN.
    media: BTreeMap<u32, Spans<Range<u64>>>,
}

impl Justified {
    /// No device, no path, no I/O.
    pub fn new() -> Self {
        Self::default()
    }

    /// There is a path to a LUN. A number that is free may lead to another LUN.
    pub fn path_added(&mut self, path: u32, lun: u32) {
        self.below.entry(Below::Path(path)).or_default().lun = Some(lun);
    }

    /// An error came up from below a target, or a pg_init of a path failed: what a disk answers is
    /// to be told before the kernel hears of it. For a mapped device that is a path of another one,
    /// the end of a clone with an error.
    pub fn error_answered(&mut self, below: Below, time: u64) {
        self.tick(time);
        let oldest = self.oldest();
        let lower = self.below.entry(below).or_default();
        if lower.open == 0 {
            lower.errors.open(time, (), oldest);
        }
        lower.open += 1;
        for device in self.devices.values_mut() {
            device.doubt(below, time, oldest);
        }
    }

    /// The kernel has done with one such error: the interrupt or the work item is over.
    ///
    /// # Panics
    /// When there is none.
    pub fn error_handled(&mut self, below: Below, time: u64) {
        self.tick(time);
        let lower = self.below.get_mut(&below).filter(|lower| lower.open > 0);
        let lower = lower.unwrap_or_else(|| panic!("no error of {below:?} is being handled"));
        lower.open -= 1;
        lower.handled = self.now;
        if lower.open == 0 {
            lower.errors.close(time, |()| true);
        }
    }

    /// Sectors of a LUN cannot be read or written.
    pub fn medium_failed(&mut self, lun: u32, sectors: Range<u64>, time: u64) {
        self.tick(time);
        let oldest = self.oldest();
        self.media.entry(lun).or_default().open(time, sectors, oldest);
    }

    /// The same sectors can be read and written again.
    pub fn medium_healed(&mut self, lun: u32, sectors: &Range<u64>, time: u64) {
        self.tick(time);
        self.media.entry(lun).or_default().close(time, |range| range == sectors);
    }

    /// An act begins.
    pub fn began(&mut self, device: u32, act: Act, time: u64) -> Call {
        self.tick(time);
        let (call, oldest) = (self.now, self.oldest());
        let running = Running { device, act, call, began: time, signalled: false, swapped: false };
        self.devices.entry(device).or_default().began(&running, oldest);
        self.running.insert(call, running);
        Call(call)
    }

    /// A signal was sent to the task that does this.
    ///
    /// # Panics
    /// When the call has returned.
    pub fn signalled(&mut self, call: Call, time: u64) {
        self.tick(time);
        let oldest = self.oldest();
        let running = self.running.get_mut(&call.0).expect("the call has not returned");
        if !std::mem::replace(&mut running.signalled, true) {
            let device = self.devices.get_mut(&running.device).expect("it was made as it began");
            device.signalled(running, time, oldest);
        }
    }

    /// The resume that does this is going to fail, but its table is the live one, as the table's
    /// line shows: `preresume` of a target has failed.
    ///
    /// # Panics
    /// When the call has returned.
    pub fn swapped(&mut self, call: Call) {
        self.running.get_mut(&call.0).expect("the call has not returned").swapped = true;
    }

    /// The act has returned.
    ///
    /// # Panics
    /// When it has returned before.
    pub fn ended(&mut self, call: Call, code: Code, time: u64) {
        self.tick(time);
        let oldest = self.oldest();
        let running = self.running.remove(&call.0).expect("the call has not returned");
        let device = self.devices.get_mut(&running.device).expect("it was made as it began");
        let bad = |below| self.below.get(&below).map_or(0, Lower::bad);
        device.ended(&running, code, time, self.now, bad, oldest);
    }

    /// An I/O is handed to the kernel.
    ///
    /// # Panics
    /// When an older I/O has a greater number, or time falls.
    pub fn submitted(
        &mut self,
        io: u64,
        device: u32,
        sectors: Range<u64>,
        readahead: bool,
        time: u64,
    ) {
        self.tick(time);
        let last = self.open.last_key_value().map_or(0, |(last, _)| *last);
        assert!(io > last, "io {io} is submitted after io {last}");
        self.open.insert(io, Open { device, sectors, readahead, submitted: time });
    }

    /// Its end is told: the justification of its error, or nothing if it has none.
    ///
    /// # Errors
    /// When nothing justifies the error.
    ///
    /// # Panics
    /// When it is not open.
    pub fn completed(
        &mut self,
        io: u64,
        code: Code,
        time: u64,
    ) -> Result<Option<Justification>, Broken> {
        self.tick(time);
        let open = self.open.remove(&io).unwrap_or_else(|| panic!("io {io} is not open"));
        if !code.is_error() {
            return Ok(None);
        }
        if open.readahead {
            return Ok(Some(Justification::ReadAhead));
        }
        let window = Window { from: open.submitted, to: time };
        let mut search = Search::default();
        match search.device(self, open.device, &open.sectors, window, 0) {
            Some(found) => Ok(Some(found)),
            None => Err(unjustified(io, &open, code, &search)),
        }
    }

    /// How many intervals are kept: what memory is in proportion to, with the open I/O.
    pub fn span_count(&self) -> usize {
        let devices: usize = self.devices.values().map(Device::span_count).sum();
        let below: usize = self.below.values().map(|lower| lower.errors.len()).sum();
        devices + below + self.media.values().map(Spans::len).sum::<usize>()
    }

    fn tick(&mut self, time: u64) {
        assert!(time >= self.time, "{time} ns is before {} ns", self.time);
        self.time = time;
        self.now += 1;
    }

    /// When the oldest open I/O was submitted; now, if none is open.
    fn oldest(&self) -> u64 {
        self.open.first_key_value().map_or(self.time, |(_, open)| open.submitted)
    }
}

fn unjustified(io: u64, open: &Open, code: Code, search: &Search) -> Broken {
    let why = match (search.cause, search.without_path) {
        (Some(Cause::PolicyLeftOff), _) => {
            "a suspend that ended with an error had left the policy off".to_owned()
        }
        (Some(Cause::Signalled), _) => "a suspend was sent a signal".to_owned(),
        (Some(Cause::NoflushSuspend), _) => "the suspend was to keep it".to_owned(),
        (None, Some(device)) => format!("device {device} had no path and was to queue"),
        (None, None) => "nothing on its way was wrong".to_owned(),
    };
    let Range { start, end } = open.sectors;
    let text = format!(
        "io {io} to sectors {start}..{end} of device {}: expected ok, found {code}; {why}",
        open.device
    );
    Broken { claim: NO_UNJUSTIFIED_ERROR, text, cause: search.cause }
}

//! A mapped device as its users know it: its tables, its policy, and the paths that may be failed.
use std::collections::BTreeMap;

use super::act::{Act, Below, Kind, Table, WhyFail};
use super::spans::Spans;
use super::{Code, Errno};

/// Why a device has no live table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Absent {
    NoTable,
    Removed,
}

/// Why a target without a path may not queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Off {
    /// The table has no `queue_if_no_path`.
    Table,
    /// A message said so.
    Message(WhyFail),
    /// A suspend without noflush has set the policy aside.
    Flush,
    /// A suspend with noflush has: no reason to fail.
    Noflush,
    /// A suspend was sent a signal: no reason to fail.
    Signalled,
    /// A suspend that ended with an error has set it aside and nobody has undone that: no reason.
    Left,
}

/// Something that a call has brought about, or may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct By<T> {
    pub(super) what: T,
    pub(super) call: u64,
    /// When the call ended, in calls of the oracle; without end while it runs.
    ended: u64,
}

impl<T> By<T> {
    fn new(what: T, call: u64) -> Self {
        Self { what, call, ended: u64::MAX }
    }
}

/// A call that runs, or has just ended.
#[derive(Clone, Debug)]
pub(super) struct Running {
    pub(super) device: u32,
    pub(super) act: Act,
    pub(super) call: u64,
    /// In nanoseconds.
    pub(super) began: u64,
    pub(super) signalled: bool,
    /// A resume is going to fail, and has made its table the live one.
    pub(super) swapped: bool,
}

/// A device. What is told of calls is true from their beginning on; what it replaces is true to
/// their end.
#[derive(Clone, Debug, Default)]
pub(super) struct Device {
    pub(super) absent: Spans<By<Absent>>,
    pub(super) tables: Spans<By<Table>>,
    pub(super) off: Spans<By<Off>>,
    /// The paths that the kernel may have failed.
    pub(super) doubts: Spans<By<Below>>,
    /// When a fail_path message ended, in calls; without end while it runs.
    failed: BTreeMap<Below, u64>,
}

impl Device {
    pub(super) fn began(&mut self, it: &Running, oldest: u64) {
        let (call, time) = (it.call, it.began);
        match &it.act {
            Act::Create | Act::Queue | Act::ReinstatePath(_) => {}
            Act::Suspend { noflush } => self.set_aside(*noflush, it, oldest),
            Act::Resume { noflush, table } => {
                if let Some(table) = table {
                    self.set_aside(*noflush, it, oldest);
                    if !queues(table) {
                        self.off.open(time, By::new(Off::Table, call), oldest);
                    }
                    self.tables.open(time, By::new(table.clone(), call), oldest);
                }
            }
            Act::Fail(why) => self.off.open(time, By::new(Off::Message(*why), call), oldest),
            Act::FailPath(below) => {
                self.failed.insert(*below, u64::MAX);
                self.doubts.open(time, By::new(*below, call), oldest);
            }
            Act::Remove => self.absent.open(time, By::new(Absent::Removed, call), oldest),
        }
    }

    /// A call that suspends is sent a signal.
    pub(super) fn signalled(&mut self, it: &Running, time: u64, oldest: u64) {
        if matches!(it.act, Act::Suspend { .. } | Act::Resume { table: Some(_), .. }) {
            self.off.open(time, By::new(Off::Signalled, it.call), oldest);
        }
    }

    /// A call has returned; `now` is in calls of the oracle. `bad` says when below was bad last, in
    /// calls.
    pub(super) fn ended(
        &mut self,
        it: &Running,
        code: Code,
        time: u64,
        now: u64,
        bad: impl Fn(Below) -> u64,
        oldest: u64,
    ) {
        for off in self.off.current_mut().filter(|off| off.call == it.call) {
            off.ended = now;
        }
        for table in self.tables.current_mut().filter(|table| table.call == it.call) {
            table.ended = now;
        }
        if let Act::FailPath(below) = it.act {
            self.failed.insert(below, now);
        }
        if code.is_error() {
            self.refused(it, code, time, now, oldest);
            return;
        }
        match &it.act {
            Act::Create => {
                self.absent.close(time, |_| true);
                self.absent.open(it.began, By::new(Absent::NoTable, it.call), oldest);
            }
            Act::Suspend { .. } | Act::Fail(_) | Act::FailPath(_) => {}
            Act::Resume { table, .. } => self.resumed(it, table.as_ref(), time, bad),
            Act::Queue => {
                let is_one = self.tables.current().all(|table| multipaths(&table.what) <= 1);
                self.off.close(time, |off| {
                    let is_undone = match off.what {
                        Off::Table | Off::Message(_) | Off::Left => true,
                        Off::Flush | Off::Noflush | Off::Signalled => false,
                    };
                    is_one && is_undone && off.ended < it.call
                });
            }
            Act::ReinstatePath(below) => {
                if self.is_good(*below, it.call, bad) {
                    self.doubts.close(time, |doubt| doubt.what == *below);
                }
            }
            Act::Remove => {
                self.tables.close(time, |_| true);
                self.off.close(time, |_| true);
                self.doubts.close(time, |_| true);
            }
        }
    }

    /// An error came from below, so that the path may be failed soon.
    pub(super) fn doubt(&mut self, below: Below, time: u64, oldest: u64) {
        let is_used = self.tables.current().any(|table| has_path(&table.what, below));
        let is_known = self.doubts.current().any(|it| it.what == below && it.call == 0);
        if is_used && !is_known {
            self.doubts.open(time, By::new(below, 0), oldest);
        }
    }

    pub(super) fn span_count(&self) -> usize {
        self.absent.len() + self.tables.len() + self.off.len() + self.doubts.len()
    }

    fn set_aside(&mut self, noflush: bool, it: &Running, oldest: u64) {
        let off = if noflush { Off::Noflush } else { Off::Flush };
        self.off.open(it.began, By::new(off, it.call), oldest);
    }

    /// The call ended with an error: what it did is not there, but for what a suspend leaves.
    fn refused(&mut self, it: &Running, code: Code, time: u64, now: u64, oldest: u64) {
        self.absent.close(time, |absent| absent.call == it.call);
        if it.swapped {
            self.tables.close(time, |table| table.call != it.call && table.ended < it.call);
        } else {
            self.tables.close(time, |table| table.call == it.call);
        }
        self.doubts.close(time, |doubt| doubt.call == it.call);
        // -EINVAL of a suspend and -ENXIO say that nothing was done (CLAIMS.md S6); -EINVAL of a
        // resume may come after its suspend, which a signal may have ended (F13, F14).
        let nothing = code == Errno::Nxio.code() || code == Errno::Inval.code();
        let (may_be_suspended, is_left_off) = match it.act {
            Act::Suspend { .. } => (false, !nothing),
            Act::Resume { table: Some(_), .. } => {
                (!it.signalled && code == Errno::Inval.code(), it.signalled || !nothing)
            }
            Act::Resume { table: None, .. }
            | Act::Create
            | Act::Queue
            | Act::Fail(_)
            | Act::FailPath(_)
            | Act::ReinstatePath(_)
            | Act::Remove => (false, false),
        };
        self.off.close(time, |off| {
            let is_of_suspend = matches!(off.what, Off::Flush | Off::Noflush);
            let is_of_table = off.what == Off::Table && it.swapped;
            off.call == it.call && !(is_of_suspend && may_be_suspended) && !is_of_table
        });
        if is_left_off {
            let off = By { what: Off::Left, call: it.call, ended: now };
            self.off.open(it.began, off, oldest);
        }
    }

    /// A resume returned 0. What it found suspended is not so any more; with a table, that one is
    /// the live one, its policy is its own, and all of its paths begin anew.
    fn resumed(
        &mut self,
        it: &Running,
        table: Option<&Table>,
        time: u64,
        bad: impl Fn(Below) -> u64,
    ) {
        self.off.close(time, |off| {
            let is_undone = match off.what {
                Off::Flush | Off::Noflush | Off::Signalled => true,
                Off::Table => table.is_some() && off.call != it.call,
                Off::Message(_) | Off::Left => table.is_some(),
            };
            is_undone && (off.ended < it.call || off.call == it.call)
        });
        if table.is_some() {
            self.absent.close(time, |absent| absent.what == Absent::NoTable);
            self.tables.close(time, |old| old.ended < it.call);
            let below: Vec<Below> = self.doubts.current().map(|doubt| doubt.what).collect();
            for below in below {
                if self.is_good(below, it.call, &bad) {
                    self.doubts.close(time, |doubt| doubt.what == below);
                }
            }
        }
    }

    /// Whether nothing may have failed a path since this call began.
    fn is_good(&self, below: Below, began: u64, bad: impl Fn(Below) -> u64) -> bool {
        let failed = self.failed.get(&below).copied().unwrap_or(0);
        bad(below) < began && failed < began
    }
}

/// Whether each multipath target of a table queues I/O that has no path.
fn queues(table: &Table) -> bool {
    table.segments.iter().all(|it| !matches!(it.kind, Kind::Multipath { queues: false, .. }))
}

fn multipaths(table: &Table) -> usize {
    table.segments.iter().filter(|it| matches!(it.kind, Kind::Multipath { .. })).count()
}

fn has_path(table: &Table, below: Below) -> bool {
    table.segments.iter().any(|it| {
        if let Kind::Multipath { paths, .. } = &it.kind { paths.contains(&below) } else { false }
    })
}

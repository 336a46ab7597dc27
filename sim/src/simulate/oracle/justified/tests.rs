//! Each justification and each cause once, with the nearest history that has it not.
use super::*;

const A: Below = Below::Path(0);
const B: Below = Below::Path(1);
const EIO: Code = Errno::Io.code();

fn table(kind: Kind) -> Table {
    Table { segments: vec![Segment { begin: 0, count: 1_000, kind }] }
}

fn multipath(queues: bool) -> Table {
    table(Kind::Multipath { paths: vec![A, B], queues })
}

/// A device 1 and what happens to it; each call and each I/O takes a nanosecond.
struct Host {
    oracle: Justified,
    time: u64,
    io: u64,
}

impl Host {
    fn new(table: Table) -> Self {
        let mut it = Self { oracle: Justified::new(), time: 0, io: 0 };
        it.oracle.path_added(0, 7);
        it.oracle.path_added(1, 7);
        it.act(1, Act::Create);
        it.resume(1, table);
        it
    }

    fn now(&mut self) -> u64 {
        self.time += 1;
        self.time
    }

    fn began(&mut self, device: u32, act: Act) -> Call {
        let time = self.now();
        self.oracle.began(device, act, time)
    }

    fn ended(&mut self, call: Call, code: Code) {
        let time = self.now();
        self.oracle.ended(call, code, time);
    }

    fn act(&mut self, device: u32, act: Act) {
        let call = self.began(device, act);
        self.ended(call, Code::OK);
    }

    fn resume(&mut self, device: u32, table: Table) {
        self.act(device, Act::Resume { noflush: true, table: Some(table) });
    }

    fn error(&mut self, below: Below) {
        let time = self.now();
        self.oracle.error_answered(below, time);
        let time = self.now();
        self.oracle.error_handled(below, time);
    }

    fn signal(&mut self, call: Call) {
        let time = self.now();
        self.oracle.signalled(call, time);
    }

    /// An I/O to sectors 8..16.
    fn submit(&mut self, device: u32) -> u64 {
        self.io += 1;
        let time = self.now();
        self.oracle.submitted(self.io, device, 8..16, false, time);
        self.io
    }

    fn fail(&mut self, io: u64) -> Result<Justification, Broken> {
        let time = self.now();
        let found = self.oracle.completed(io, EIO, time)?;
        Ok(found.expect("an error has a justification"))
    }

    /// An I/O that fails at once.
    fn io(&mut self, device: u32) -> Result<Justification, Broken> {
        let io = self.submit(device);
        self.fail(io)
    }

    fn cause(&mut self) -> Option<Cause> {
        self.io(1).expect_err("it is not justified").cause
    }
}

fn suspend(noflush: bool) -> Act {
    Act::Suspend { noflush }
}

const RESUME: Act = Act::Resume { noflush: true, table: None };

#[test]
fn an_error_with_a_path_is_told_with_what_was_expected() {
    let mut it = Host::new(multipath(false));
    it.error(A);
    let broken = it.io(1).expect_err("B was not failed");
    assert_eq!((broken.claim, broken.cause), (NO_UNJUSTIFIED_ERROR, None));
    let expected = "io 1 to sectors 8..16 of device 1: expected ok, found -EIO; nothing on its way \
                    was wrong";
    assert_eq!(broken.text, expected);
}

#[test]
fn no_path_justifies_only_while_the_policy_is_off() {
    let mut it = Host::new(multipath(true));
    it.error(A);
    it.error(B);
    let broken = it.io(1).expect_err("it was to queue");
    assert!(broken.text.ends_with("device 1 had no path and was to queue"), "{}", broken.text);
    it.act(1, Act::Fail(WhyFail::NoPathRetry));
    let why = WhyFail::NoPathRetry;
    assert_eq!(it.io(1), Ok(Justification::PolicyByMessage { device: 1, why }));
    it.act(1, Act::Queue);
    assert_eq!(it.cause(), None);
    it.resume(1, multipath(false));
    assert_eq!(it.cause(), None, "the paths of a new table are good");
    it.error(B);
    it.error(A);
    assert_eq!(it.io(1), Ok(Justification::PolicyOfTable { device: 1 }));
    it.act(1, Act::ReinstatePath(A));
    assert_eq!(it.cause(), None, "A is back");
    it.act(1, Act::FailPath(A));
    assert_eq!(it.io(1), Ok(Justification::PolicyOfTable { device: 1 }));
    it.resume(1, multipath(true));
    it.act(1, Act::FailPath(A));
    it.act(1, Act::FailPath(B));
    assert_eq!(it.cause(), None, "the new table queues");
}

#[test]
fn both_have_to_be_so_at_one_moment() {
    let mut it = Host::new(multipath(true));
    it.error(A);
    it.error(B);
    let io = it.submit(1);
    it.act(1, Act::ReinstatePath(B));
    it.act(1, Act::Fail(WhyFail::Message));
    assert!(it.fail(io).is_err(), "B was back before the policy was off");
    let io = it.submit(1);
    it.error(B);
    it.act(1, Act::ReinstatePath(B));
    it.act(1, Act::Queue);
    assert!(it.fail(io).is_ok(), "the reason is past, but after its submission");
    assert!(it.io(1).is_err());
}

#[test]
fn a_call_may_take_effect_from_its_beginning_to_its_return() {
    let mut it = Host::new(multipath(true));
    it.error(A);
    it.error(B);
    let fail = it.began(1, Act::Fail(WhyFail::Message));
    assert!(it.io(1).is_ok(), "the message is under way");
    let queue = it.began(1, Act::Queue);
    it.ended(fail, Code::OK);
    it.ended(queue, Code::OK);
    assert!(it.io(1).is_ok(), "which of the two came last is not known");
    it.act(1, Act::Queue);
    assert!(it.io(1).is_err());
    let fail = it.began(1, Act::Fail(WhyFail::Message));
    it.ended(fail, Errno::Inval.code());
    assert!(it.io(1).is_err(), "it was refused");
}

#[test]
fn a_path_is_not_good_again_while_an_error_of_it_is_handled() {
    let mut it = Host::new(multipath(false));
    it.error(A);
    let time = it.now();
    it.oracle.error_answered(B, time);
    it.act(1, Act::ReinstatePath(B));
    let time = it.now();
    it.oracle.error_handled(B, time);
    assert!(it.io(1).is_ok(), "the kernel may have failed it after the message");
    it.act(1, Act::ReinstatePath(B));
    assert!(it.io(1).is_err());
}

#[test]
fn a_flush_suspend_justifies_until_the_resume_after_it_and_a_noflush_one_never() {
    let mut it = Host::new(multipath(true));
    it.error(A);
    it.error(B);
    it.act(1, suspend(true));
    assert_eq!(it.cause(), Some(Cause::NoflushSuspend));
    it.act(1, RESUME);
    assert_eq!(it.cause(), None);
    it.act(1, suspend(false));
    assert_eq!(it.io(1), Ok(Justification::FlushSuspend { device: 1 }));
    it.act(1, RESUME);
    assert_eq!(it.cause(), None);
    let implicit = Act::Resume { noflush: false, table: Some(multipath(true)) };
    let call = it.began(1, implicit);
    assert_eq!(it.io(1), Ok(Justification::FlushSuspend { device: 1 }));
    it.ended(call, Code::OK);
    assert_eq!(it.cause(), None);
}

#[test]
fn an_interrupted_suspend_leaves_a_cause_and_no_justification() {
    for noflush in [false, true] {
        let mut it = Host::new(multipath(true));
        it.error(A);
        it.error(B);
        let call = it.began(1, suspend(noflush));
        it.signal(call);
        it.signal(call);
        assert_eq!(it.io(1).is_ok(), !noflush, "while it runs, a flush may fail I/O");
        it.ended(call, Errno::Intr.code());
        assert_eq!(it.cause(), Some(Cause::PolicyLeftOff));
        it.act(1, suspend(true));
        it.act(1, RESUME);
        assert_eq!(it.cause(), Some(Cause::PolicyLeftOff), "the second suspend saved the 0");
        it.act(1, Act::Queue);
        assert_eq!(it.cause(), None);
    }
}

#[test]
fn a_suspend_that_was_refused_changed_nothing() {
    let mut it = Host::new(multipath(true));
    it.error(A);
    it.error(B);
    let call = it.began(1, suspend(false));
    it.ended(call, Errno::Inval.code());
    assert_eq!(it.cause(), None);
}

#[test]
fn a_signal_to_a_suspend_that_succeeds_is_a_cause_until_the_resume() {
    let mut it = Host::new(multipath(true));
    it.error(A);
    it.error(B);
    let call = it.began(1, suspend(true));
    it.signal(call);
    it.ended(call, Code::OK);
    assert_eq!(it.cause(), Some(Cause::Signalled));
    it.act(1, RESUME);
    assert_eq!(it.cause(), None);
}

#[test]
fn an_implicit_suspend_that_was_interrupted_leaves_the_policy_off() {
    let mut it = Host::new(multipath(true));
    it.error(A);
    it.error(B);
    let call = it.began(1, Act::Resume { noflush: false, table: Some(multipath(false)) });
    it.signal(call);
    it.ended(call, Errno::Inval.code());
    assert_eq!(it.cause(), Some(Cause::PolicyLeftOff), "the old table is live");
    it.resume(1, multipath(true));
    it.error(A);
    it.error(B);
    assert_eq!(it.cause(), None);
}

#[test]
fn a_medium_error_justifies_for_its_sectors_and_its_time() {
    let mut it = Host::new(multipath(true));
    it.resume(2, table(Kind::Remapped(vec![(Below::Device(1), 100)])));
    let time = it.now();
    it.oracle.medium_failed(7, 100..109, time);
    assert_eq!(it.io(2), Ok(Justification::Medium { lun: 7 }), "sector 8 lies at 108 below");
    assert!(it.io(1).is_err(), "8..16 is in order");
    let time = it.now();
    it.oracle.medium_healed(7, &(100..109), time);
    assert!(it.io(2).is_err());
}

#[test]
fn what_lies_below_on_the_route_justifies() {
    let mut it = Host::new(multipath(false));
    it.error(A);
    it.error(B);
    let start = |below| vec![(below, 0)];
    it.resume(2, table(Kind::Remapped(start(Below::Device(1)))));
    it.resume(3, table(Kind::Remapped(start(Below::Device(2)))));
    assert_eq!(it.io(3), Ok(Justification::PolicyOfTable { device: 1 }));
    it.resume(4, table(Kind::Remapped(start(A))));
    assert!(it.io(4).is_err());
    let io = it.submit(4);
    it.error(A);
    assert_eq!(it.fail(io), Ok(Justification::Path { path: 0 }));
    // Chunks of 4: sectors 8..16 are the second chunks and the third, of device 5 only 4..8.
    let stripes = vec![(A, 0), (Below::Device(5), 0)];
    it.resume(6, table(Kind::Striped { chunk: 4, stripes }));
    assert_eq!(it.io(6), Ok(Justification::NoTable { device: 5 }));
    let whole = Segment { begin: 4, count: 4, kind: Kind::Error };
    let zero = Segment { begin: 0, count: 4, kind: Kind::Zero };
    it.act(5, Act::Create);
    it.resume(5, Table { segments: vec![zero.clone(), whole] });
    assert_eq!(it.io(6), Ok(Justification::ErrorTarget { device: 5 }));
    it.resume(5, Table { segments: vec![zero] });
    assert_eq!(it.io(6), Ok(Justification::BeyondTable { device: 5 }));
}

#[test]
fn a_device_without_a_table_or_removed_justifies() {
    let mut it = Host::new(multipath(true));
    let call = it.began(1, Act::Remove);
    it.ended(call, Errno::Busy.code());
    assert!(it.io(1).is_err());
    it.act(1, Act::Remove);
    assert_eq!(it.io(1), Ok(Justification::Removed { device: 1 }));
    it.act(1, Act::Create);
    assert_eq!(it.io(1), Ok(Justification::NoTable { device: 1 }));
    it.resume(1, multipath(true));
    assert!(it.io(1).is_err());
}

#[test]
fn a_table_that_was_refused_justifies_only_while_it_was_tried() {
    let mut it = Host::new(multipath(true));
    let act = Act::Resume { noflush: true, table: Some(table(Kind::Error)) };
    let call = it.began(1, act);
    assert_eq!(it.io(1), Ok(Justification::ErrorTarget { device: 1 }));
    it.ended(call, Errno::Inval.code());
    assert!(it.io(1).is_err());
}

#[test]
fn a_read_ahead_may_fail_and_what_succeeds_needs_no_reason() {
    let mut it = Host::new(multipath(true));
    let time = it.now();
    it.oracle.submitted(1, 1, 0..8, true, time);
    it.oracle.submitted(2, 1, 0..8, false, time);
    assert_eq!(it.oracle.completed(1, EIO, time), Ok(Some(Justification::ReadAhead)));
    assert_eq!(it.oracle.completed(2, Code::OK, time), Ok(None));
}

#[test]
fn only_what_an_open_io_can_see_is_kept() {
    let mut it = Host::new(multipath(true));
    let round = |it: &mut Host| {
        it.error(A);
        it.act(1, Act::ReinstatePath(A));
        it.act(1, Act::Fail(WhyFail::Message));
        it.act(1, Act::Queue);
        it.act(1, suspend(true));
        it.resume(1, multipath(true));
        let time = it.now();
        it.oracle.medium_failed(7, 0..1, time);
        it.oracle.medium_healed(7, &(0..1), time);
        it.oracle.span_count()
    };
    let first = round(&mut it);
    let most = (0..1_000).map(|_| round(&mut it)).max();
    assert!(most <= Some(first + 8), "{most:?} after {first}");
    let io = it.submit(1);
    let kept = (0..10).map(|_| round(&mut it)).last();
    assert!(kept > most, "{kept:?} with an open I/O, {most:?} without");
    assert!(it.fail(io).is_err());
    assert!(Some(round(&mut it)) <= most);
}

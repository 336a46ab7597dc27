//! What the agent's lines become: results in the model's words, in an order that is always the same.
use dm_model::era::ERA_NAMES;
use dm_sim::scenario::{self, Mode};
use expect_test::{Expect, expect};

use super::*;
use crate::events::parse;
use crate::script::script;
use crate::stores::Free;

const TEXT: &str = "\
era: 2.6.20
disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 /dev/sda 1000
create top
  0 1024 linear /dev/mapper/mp 0
io a mp w 0 8
io b top r 0 4
suspend mp --noflush --tag s &
table mp
info mp
resume mp
";

/// The lines of the devices that every run begins with.
const DEVICES: &str = "\
@step\t2
@dev\ts0-gate.sda\t254:0
@dev\t/dev/sda\t254:0
@step\t3
@dev\ts0-md.mp\t254:1
@call\t3\tok
@dev\t/dev/mapper/mp\t254:1
@step\t5
@dev\ts0-md.top\t254:2
@call\t5\tok
@step\t7
@step\t8
";

fn observed(lines: &str) -> Result<Observed, String> {
    let scenario = scenario::parse("test.dm", TEXT, &ERA_NAMES).expect("it parses");
    let script = script(&scenario, Mode::Bio, 0, &mut Free::default()).expect("a kernel can");
    let all = format!("{DEVICES}{lines}");
    let events: Vec<Event> = all.lines().map(|line| parse(line).expect(line)).collect();
    observe(&scenario, &script, &events)
}

fn shows(lines: &str, expected: &Expect) {
    expected.assert_eq(&observed(lines).expect("it is whole").transcript.text());
}

#[test]
fn numbers_are_the_models_and_what_ends_within_a_line_is_sorted() {
    shows(
        "@step\t9\n@step\t10\n@io\tb\tok\t1,1,0,255\n@call\t9\tEINTR\n@io\ta\tEIO\t\n\
         @text\t10\t0 2048 multipath 3 queue_if_no_path queue_mode bio 0 1 1 round-robin 0 1 1 254:0 1 \n\
         @call\t10\tok\n@step\t11\n@info\t11\t1\t1\t0\t2\t5\n@call\t11\tok\n@step\t12\n\
         @text\t12\tdevice-mapper: table: 254:1: multipath: no\n@call\t12\tEINVAL\n@drain\n",
        &expect![[r"
            create mp = ok
            create top = ok
              0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
            table mp = ok
            suspend mp --noflush --tag s = EINTR
            io a = EIO
            io b = ok, reads a*2 -*1 ?*1
              State:             SUSPENDED
              Tables present:    LIVE
              Open count:        2
              Event number:      5
              device-mapper: table: 253:0: multipath: no
            resume mp = EINVAL
        "]],
    );
}

#[test]
fn what_is_not_over_is_held_where_the_counts_say() {
    let held = |inflight: &str| {
        let pending = "@step\t9\n@step\t10\n@stuck\t10\n@pending\ta\n@pending\tb\n@pending\ts\n";
        let observed = observed(&format!("{pending}@drain\n{inflight}")).expect("it is whole");
        observed.transcript.left.join("; ")
    };
    let calls = "suspend mp --noflush --tag s = blocked; table mp = blocked; \
                 resume mp = not reached; ";
    let place = |inflight: &str| held(inflight).strip_prefix(calls).map(str::to_owned);
    let counts =
        |mp: u8, top: u8| format!("@inflight\ts0-md.mp\t{mp}\n@inflight\ts0-md.top\t{top}\n");
    let at = |a: &str, b: &str| Some(format!("io a = held {a}; io b = held {b}"));
    assert_eq!(place(&counts(2, 1)), at("in the target", "in the target"));
    assert_eq!(place(&counts(0, 1)), at("in the core", "in the core"));
    assert_eq!(place(&counts(1, 0)), at("in the target", "in the core"));
    // What ends once the disks answer was with a disk, what ends after the count was not.
    let answered = format!("@io\ta\tok\t\n{}@io\tb\tEIO\t\n", counts(1, 1));
    assert_eq!(place(&answered), at("at the disk", "in the target"));
}

#[test]
fn what_is_no_part_of_the_scenario_is_an_error_and_a_bug_is_seen() {
    let error = observed("@trouble\t0\tENOMEM\n").expect_err("it is broken");
    assert_eq!(error, "line 0: ENOMEM");
    let observed = observed("@bug\tBUG: unable to handle page fault\n").expect("it is whole");
    assert!(observed.transcript.ends.bug);
    assert!(observed.transcript.text().contains("kernel BUG: BUG: unable"));
}

#[test]
fn a_tracepoint_names_devices() {
    let line = "@trace\tkworker/0:1-9 [000] 1.5: block_bio_remap: 254,0 WS 0 + 8 <- (254,1) 0\n";
    let trace = observed(line).expect("it is whole").trace;
    assert_eq!(trace, ["kworker/0:1-9 [000] 1.5: block_bio_remap: sda WS 0 + 8 <- (mp) 0"]);
}

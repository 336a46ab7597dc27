//! The claims are sharp: each says what it should on configurations made for the purpose.
use dm_explore::{Control, Limits, Order};
use dm_model::era::Era;
use dm_properties::search::{Options, Verdict, check};
use dm_sim::world::config::Configuration;

/// The claims that a configuration breaks, whether pinned or not.
fn broken(header: &str, body: &str) -> Vec<&'static str> {
    let text = format!("# made for one claim\nera: 2.6.20\nmode: bio\n{header}\n{body}");
    let configuration = Configuration::parse("made", &text).unwrap_or_else(|bad| panic!("{bad}"));
    let options = Options { limits: Limits::default(), order: Order::Forward };
    let observer = &mut |_: &dm_explore::Progress| Control::Continue;
    let report = check(&configuration, Era::Linux2_6_20, options, observer).expect("it runs");
    let broken = report.claims.iter().filter(|it| matches!(it.verdict, Verdict::Broken { .. }));
    broken.map(|it| it.claim.name).collect()
}

fn multipath(name: &str, path: &str) -> String {
    let paths = format!("round-robin 0 1 1 /dev/{path} 1000");
    format!("create {name}\n  0 16 multipath 1 queue_if_no_path 0 1 1 {paths}\n")
}

#[test]
fn a_lost_wake_up_is_not_excused_by_another_device() {
    let devices = multipath("m1", "sda") + &multipath("m2", "sdb");
    let body = format!(
        "disk sda 16\ndisk sdb 16\n{devices}hold sdb\nio z m2 r 0 8\n||\nio a m1 r 0 8\n||\n\
         suspend m1 --noflush\n"
    );
    let header = "open: held\nmutant: check-before-prepare\n";
    assert_eq!(broken(header, &body), ["nothing_is_stranded"]);
    assert_eq!(broken("open: held\n", &body), [""; 0]);
}

#[test]
fn io_without_a_table_may_fail() {
    let body = "disk sda 8\ncreate a --notable\n||\nio x a r 0 1\n||\nsuspend a --noflush\n";
    assert_eq!(broken("", body), [""; 0]);
}

#[test]
fn io_may_fail_where_a_message_said_so_before() {
    let device = multipath("m1", "sda");
    let messages = "message m1 0 fail_if_no_path\nmessage m1 0 fail_path /dev/sda\n";
    let body = format!("disk sda 16\n{device}{messages}||\nio a m1 r 0 8\n");
    assert_eq!(broken("open: held\n", &body), [""; 0]);
}

#[test]
fn a_read_of_another_device_misses_nothing() {
    let devices = multipath("m1", "sda") + &multipath("m2", "sdb");
    let body =
        format!("disk sda 16\ndisk sdb 16\n{devices}||\nio a m1 w 0 8\nwait a\nio b m2 r 0 8\n");
    assert_eq!(broken("open: held\n", &body), [""; 0]);
}

#[test]
fn what_waits_for_a_held_path_waits_for_the_user() {
    let device = "disk sda 16\ncreate d\n  0 16 linear /dev/sda 0\n";
    let failing = format!("{device}release sda error\nhold sda\n||\nio a d r 0 8\n");
    assert_eq!(broken("", &failing), [""; 0]);
    let fsyncs = "hold sda\n||\nio a d w 0 8 fsync\n||\nio b d w 8 8 fsync\n";
    assert_eq!(broken("", &format!("{device}{fsyncs}")), [""; 0]);
}

#[test]
fn a_device_that_is_held_open_is_not_removed() {
    let body = format!("disk sda 16\n{}||\nio a m1 r 0 8\n||\nremove m1\n", multipath("m1", "sda"));
    assert_eq!(broken("open: held\n", &body), [""; 0]);
}

#[test]
fn two_signals_to_one_suspend_are_delivered_in_turn() {
    let body = "disk sda 8\ncreate d\n  0 8 linear /dev/sda 0\n||\nsuspend d --tag s &\nsignal s\n\
                signal s\n";
    assert_eq!(broken("signals: 1\n", body), [""; 0]);
}

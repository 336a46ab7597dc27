//! The liveness claims: golden counts, what breaks them, and that seeded bugs do.
use dm_explore::{Control, Finish, Limits, Order, Refusal, Why};
use dm_model::era::Era;
use dm_properties::configurations;
use dm_properties::lassos::{EventualReport, LivenessReport};
use dm_properties::liveness::Class;
use dm_properties::search::{CheckReport, Options, check, check_all};
use dm_sim::world::config::Configuration;

const L1: &str = "a_suspend_that_began_returns";
const L2: &str = "a_running_device_completes_its_io";
const L3: &str = "io_without_a_path_fails_if_it_is_to";
const L4: &str = "a_target_with_a_path_dispatches_its_queue";
const L5: &str = "every_run_comes_to_rest";
const L6: &str = "an_interrupted_suspend_returns";
const HELD_BACK: &str = "an_unsuspended_device_holds_nothing_back";
const L7: &str = "a_suspender_does_not_sleep_with_nothing_pending";

fn text(name: &str) -> &'static str {
    let all = configurations::all();
    all.iter().find(|named| named.name == name).expect("a default configuration").text
}

fn search(name: &str, text: &str, era: Era, states_max: u64) -> CheckReport {
    let configuration = Configuration::parse(name, text).unwrap_or_else(|bad| panic!("{bad}"));
    let options = Options { limits: Limits::default(), order: Order::Forward };
    let observer = &mut |_: &dm_explore::Progress| Control::Continue;
    check_all(&configuration, era, options, states_max, observer).expect("it can be built")
}

fn judged(report: &CheckReport) -> &[EventualReport] {
    assert_eq!(report.finish, Finish::Complete);
    match report.liveness.as_ref().expect("they were asked for") {
        LivenessReport::Judged(reports) => reports,
        LivenessReport::Refused(refusal) => panic!("found {refusal:?}"),
    }
}

/// What breaks: the claim, states that are stuck, parts of the graph with a lasso.
type Break = (&'static str, u64, u64);

fn broken(report: &CheckReport) -> Vec<Break> {
    let broken = judged(report).iter().filter(|it| it.is_broken());
    broken.map(|it| (it.claim.name, it.stuck_count, it.lasso_count)).collect()
}

/// In how many states each claim is open, in their order.
fn open(report: &CheckReport) -> Vec<u64> {
    judged(report).iter().map(|it| it.states).collect()
}

fn made(header: &str, body: &str) -> CheckReport {
    let text = format!("# made for one claim\nera: 2.6.20\nmode: bio\nopen: held\n{header}{body}");
    search("made", &text, Era::Linux2_6_20, 5_000_000)
}

const MULTIPATH: &str = "disk sda 16\ncreate mp\n  0 16 multipath 1 queue_if_no_path 0 1 1 \
                         round-robin 0 1 1 /dev/sda 1000\n";

#[test]
fn the_small_configurations_come_to_their_end() {
    let golden: [(&str, [u64; 8]); 3] = [
        ("implicit", [5_989, 1_446, 0, 0, 13_686, 0, 0, 123]),
        ("mixed", [53_918, 0, 0, 0, 136_518, 0, 0, 1_116]),
        ("spanning", [98_822, 11_696, 0, 0, 136_816, 0, 0, 858]),
    ];
    for (name, expected) in golden {
        let report = search(name, text(name), Era::Linux2_6_20, 5_000_000);
        assert_eq!(open(&report), expected, "{name}");
        assert_eq!(broken(&report), [], "{name}");
    }
}

#[test]
fn every_era_is_as_live() {
    for era in dm_model::era::ERAS {
        let report = search("implicit", text("implicit"), era, 5_000_000);
        assert_eq!(broken(&report), [], "{}", era.name());
    }
}

#[test]
fn messages_strand_a_clone_although_a_path_is_valid() {
    let report = search("messages", text("messages"), Era::Linux2_6_20, 5_000_000);
    assert_eq!(broken(&report), [(L1, 6, 0), (L4, 6, 0)]);
    let liveness = report.liveness.as_ref().expect("they were asked for");
    assert_eq!(liveness.surprises().count(), 0, "both are pinned");
    let stuck = judged(&report)[0].stuck.as_ref().expect("the suspend sleeps");
    assert_eq!(stuck.text, "clone a.0 waits in a target that could send it on");
    assert!(!stuck.is_end, "the message that is left might come");
}

#[test]
fn messages_strand_a_clone_before_the_series_too() {
    let text = text("messages").replace("||\nmessage mp 0 queue_if_no_path\n", "");
    let report = search("messages", &text, Era::Linux2_6_19, 5_000_000);
    let names: Vec<_> = broken(&report).iter().map(|it| it.0).collect();
    assert_eq!(names, [L1, L4]);
    assert!(judged(&report)[0].stuck.as_ref().is_some_and(|stuck| stuck.is_end));
}

#[test]
fn io_fails_without_a_path_if_it_is_to() {
    let body = format!(
        "{MULTIPATH}offline sda\n||\nio a mp r 0 8\n||\nsuspend mp --noflush\nresume mp\n||\n\
         message mp 0 fail_if_no_path\n"
    );
    let report = made("", &body);
    assert_eq!(broken(&report), []);
    assert!(judged(&report)[2].states > 10_000, "{L3} is open somewhere");
}

#[test]
fn an_interrupted_suspend_returns_and_holds_nothing_back() {
    let body = format!("{MULTIPATH}||\nio a mp r 0 8\n||\nsuspend mp --noflush\nresume mp\n");
    let report = made("faults: 1\nsignals: 1\n", &body);
    assert_eq!(broken(&report), []);
    assert!(judged(&report)[5].states > 10_000, "{L6} is open somewhere");
}

#[test]
fn what_waits_for_the_user_is_no_breach() {
    let suspends = "||\nsuspend mp --noflush\n";
    let held = format!("{MULTIPATH}hold sda\n||\nio a mp r 0 8\n{suspends}");
    assert_eq!(broken(&made("", &held)), [], "a disk that is held");
    let without = format!("{MULTIPATH}offline sda\nio a mp r 0 8\n");
    assert_eq!(broken(&made("", &without)), [], "a target without a path");
    let policy = format!("{without}||\nmessage mp 0 queue_if_no_path\n{suspends}");
    assert_eq!(broken(&made("", &policy)), [], "somebody lets it queue again meanwhile");
    let below = "create top\n  0 16 linear /dev/mapper/mp 0\n||\nio a top r 0 8\n||\n\
                 suspend top --noflush\n";
    let stacked = format!("{MULTIPATH}{below}{suspends}");
    assert_eq!(broken(&made("", &stacked)), [], "a suspended device below");
}

#[test]
fn seeded_bugs_break_the_claims_that_they_should() {
    let expected: [(&str, &[Break]); 5] = [
        ("no-recheck-in-queue-io", &[(L2, 2, 0), (HELD_BACK, 3, 0)]),
        ("pending-before-append", &[]),
        ("flag-tested-outside-lock", &[]),
        ("check-before-prepare", &[(L1, 5, 0), (L7, 5, 0)]),
        ("dispatch-without-path", &[(L5, 0, 6)]),
    ];
    for (mutant, breaks) in expected {
        let header = format!("mode: bio\nmutant: {mutant}\n");
        let text = text("implicit").replacen("mode: bio\n", &header, 1);
        let report = search("implicit", &text, Era::Linux2_6_20, 5_000_000);
        assert_eq!(broken(&report), breaks, "{mutant}");
        assert!(judged(&report).iter().all(|it| it.pinned.is_none()), "a seeded bug has no pins");
    }
}

#[test]
fn a_worker_that_spins_is_a_lasso_that_is_fair_to_it() {
    let body = format!("{MULTIPATH}||\nio a mp r 0 8\n");
    let report = made("faults: 1\nmutant: dispatch-without-path\n", &body);
    let lasso = judged(&report)[4].lasso.as_ref().expect("it spins");
    assert_eq!((lasso.stem.actions.len(), lasso.cycle.len()), (22, 4));
    let told: Vec<_> = lasso
        .fairness
        .iter()
        .map(|(class, why)| match class {
            Class::Context(_) => ("context", *why),
            Class::Begin(..) => ("begin", *why),
            Class::Disk(..) => ("disk", *why),
        })
        .collect();
    assert_eq!(told, [("begin", Why::Acts(1)), ("context", Why::Acts(2))]);
}

#[test]
fn a_graph_that_is_too_large_is_not_judged() {
    let report = search("implicit", text("implicit"), Era::Linux2_6_20, 13_685);
    let Some(LivenessReport::Refused(refusal)) = report.liveness else { panic!("it is judged") };
    assert_eq!((refusal, report.states), (Refusal::TooLarge, 13_686));
}

#[test]
fn the_judging_changes_nothing_else() {
    let configuration = Configuration::parse("implicit", text("implicit")).expect("it parses");
    let options = Options { limits: Limits::default(), order: Order::Forward };
    let observer = &mut |_: &dm_explore::Progress| Control::Continue;
    let plain = check(&configuration, Era::Linux2_6_20, options, observer).expect("it runs");
    let mut all = search("implicit", text("implicit"), Era::Linux2_6_20, 5_000_000);
    all.liveness = None;
    assert_eq!(format!("{plain:?}"), format!("{all:?}"));
}

#[test]
fn what_never_fired_is_told() {
    let one = search("implicit", text("implicit"), Era::Linux2_6_20, 5_000_000).fired;
    let mut both = search("spanning", text("spanning"), Era::Linux2_6_20, 5_000_000).fired;
    let never = one.labels_that_never_fired();
    assert!(["S4", "X1", "DL1"].iter().all(|label| never.contains(label)), "{never:?}");
    assert!(!never.contains(&"S8a"), "the implicit suspend sleeps");
    assert_eq!(one.actions_that_never_fired(), ["path running", "signal"]);
    both.merge(&one);
    let never = both.labels_that_never_fired();
    assert!(never.contains(&"DL1") && !never.contains(&"X1"), "{never:?}");
}

//! The repaired design: no interruption and no message but fail_if_no_path costs an I/O.
use dm_explore::{Control, Finish, Limits, Order};
use dm_model::era::Era;
use dm_properties::configurations::{all, find, interrupted};
use dm_properties::search::{CheckReport, Options, Verdict, check};
use dm_sim::world::config::Configuration;

fn search(name: &str, era: Era) -> CheckReport {
    let named = find(name).unwrap_or_else(|| panic!("{name} is a configuration"));
    let configuration = Configuration::parse(name, named.text).expect("it is right");
    let options = Options { limits: Limits::default(), order: Order::Forward };
    let report = check(&configuration, era, options, &mut |_| Control::Continue);
    let report = report.expect("it can be built");
    assert_eq!(report.finish, Finish::Complete, "{name}");
    report
}

/// Whether `no_bogus_error` held, and whether it said anything; every other claim that broke is
/// pinned.
fn holds(report: &CheckReport, name: &str) -> (bool, bool) {
    let is_it = |it: &&dm_properties::search::ClaimReport| it.claim.name == "no_bogus_error";
    let surprises: Vec<_> =
        report.surprises().filter(|it| !is_it(it)).map(|it| it.claim.name).collect();
    assert_eq!(surprises, Vec::<&str>::new(), "{name}");
    match report.claims.iter().find(is_it).expect("it is a claim").verdict {
        Verdict::Held { premise } => (true, premise),
        Verdict::Broken { .. } => (false, true),
    }
}

#[test]
fn an_interruption_costs_io_in_2_6_20_and_none_in_the_repaired_design() {
    let shipped = search("interrupted", Era::Linux2_6_20);
    let broken = shipped.claims.iter().filter(|it| matches!(it.verdict, Verdict::Broken { .. }));
    assert!(broken.map(|it| it.claim.name).any(|name| name == "no_bogus_error"));
    let hardened = search("interrupted", Era::Hardened);
    assert_eq!(holds(&hardened, "interrupted"), (true, true));
    assert_eq!([hardened.states, hardened.ends], [106_250, 21]);
}

#[test]
fn no_message_but_fail_if_no_path_costs_io_in_the_repaired_design() {
    for name in ["interrupted-queue", "interrupted-paths"] {
        let hardened = search(name, Era::Hardened);
        assert_eq!(holds(&hardened, name), (true, true), "{name}");
    }
}

/// What needs no interruption is as it was: the same pins, no others.
#[test]
fn the_repaired_design_breaks_nothing_that_held() {
    for name in ["mixed", "spanning", "implicit", "cycles"] {
        let hardened = search(name, Era::Hardened);
        assert!(holds(&hardened, name).0, "{name}");
    }
}

/// Takes minutes.
#[test]
#[ignore = "cargo deep"]
fn every_configuration_holds_in_the_repaired_design() {
    for named in all().iter().chain(interrupted()) {
        let hardened = search(named.name, Era::Hardened);
        assert!(holds(&hardened, named.name).0, "{}", named.name);
    }
}

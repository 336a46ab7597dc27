//! The findings are pinned: none disappears, and none is new without a word.
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use dm_explore::{Control, Finish, Limits, Order};
use dm_model::era::Era;
use dm_properties::claims::claim;
use dm_properties::configurations::{find, others};
use dm_properties::findings::{Evidence, FINDINGS, Finding};
use dm_properties::pins::PINS;
use dm_properties::search::{Options, Verdict, check, judge};
use dm_sim::world::config::Configuration;
use dm_sim::world::trail::Trail;
use expect_test::expect;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a member stands in the root")
}

#[test]
fn every_finding_has_a_trail_that_breaks_its_claim_in_its_last_step() {
    for finding in FINDINGS {
        let trail = Trail::parse(finding.trail, finding.text).expect("it is a trail");
        assert_eq!(trail.era, Era::Linux2_6_20, "{}", finding.id);
        let breaks = judge(&trail).expect("it can be judged");
        let found = breaks.iter().find(|it| it.claim.name == finding.claim);
        assert_eq!(found.map(|it| it.step), Some(trail.actions.len()), "{}", finding.id);
        assert!(claim(finding.claim).is_some() && find(finding.configuration).is_some());
    }
}

/// A claim that a pin excuses in 2.6.20 is a finding, and a finding is excused somewhere. What the
/// searches break without a pin fails the tests of the searches.
#[test]
fn the_findings_are_what_is_pinned() {
    let since = |era: Era| move |pin: &&dm_properties::pins::Pin| pin.until >= era;
    let pinned: BTreeSet<_> =
        PINS.iter().filter(since(Era::Linux2_6_20)).map(|pin| pin.claim).collect();
    let claims =
        |finding: &'static Finding| [finding.claim].into_iter().chain(finding.also.to_vec());
    let all: Vec<_> = FINDINGS.iter().flat_map(claims).collect();
    let found: BTreeSet<_> = all.iter().copied().collect();
    assert_eq!(found, pinned);
    let places = FINDINGS.iter().map(|finding| (finding.claim, finding.configuration));
    let places: BTreeSet<_> = places.collect();
    assert_eq!(places.len(), FINDINGS.len(), "a claim is one finding's in one configuration");
}

/// Flush suspends, tools before the series, other sizes, removal: searched for more.
#[test]
fn what_else_users_do_breaks_nothing_but_what_is_a_finding() {
    let mut table = String::new();
    for named in others().iter().filter(|named| named.name != "interrupted-flush-suspender") {
        let configuration = Configuration::parse(named.name, named.text).expect("it is right");
        let options = Options { limits: Limits::default(), order: Order::Forward };
        let report = check(&configuration, Era::Linux2_6_20, options, &mut |_| Control::Continue);
        let report = report.expect("it can be built");
        assert_eq!(report.finish, Finish::Complete, "{}", named.name);
        let broken = report.claims.iter().filter(|it| matches!(it.verdict, Verdict::Broken { .. }));
        let broken: Vec<_> = broken.map(|it| it.claim.name).collect();
        let is_known = |claim: &&str| FINDINGS.iter().any(|finding| finding.claim == *claim);
        assert!(broken.iter().all(is_known), "{}: {broken:?}", named.name);
        let _ = writeln!(table, "{}: {} states, breaks {broken:?}", named.name, report.states);
    }
    expect![[r#"
        interrupted-flush: 82728 states, breaks []
        resized: 13816 states, breaks []
        old-tools: 66952 states, breaks ["tables_outlive_their_users"]
        interrupted-remove: 27759 states, breaks ["pools_outlive_their_io"]
        swap-fails: 6926 states, breaks ["devices_outlive_their_users"]
        fsync-suspended: 559 states, breaks ["nothing_is_stranded"]
        reloaded-while-initialised: 27937 states, breaks ["tables_outlive_their_users"]
    "#]]
    .assert_eq(&table);
}

#[test]
fn every_trail_that_is_kept_is_a_findings() {
    let entries = fs::read_dir(root().join("properties/regressions")).expect("it is there");
    let kept: BTreeSet<_> = entries
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    let known: BTreeSet<_> = FINDINGS.iter().map(|it| it.trail.to_owned()).collect();
    assert_eq!(kept, known);
}

#[test]
fn every_finding_is_told_in_the_document_and_every_scenario_that_it_names_is_there() {
    let document = fs::read_to_string(root().join("docs/findings.md")).expect("it is there");
    for finding in FINDINGS {
        let heading = format!("## {}. ", finding.id);
        assert!(document.contains(&heading), "{heading}");
        for evidence in finding.evidence {
            if let Evidence::SeenOnKernel(_, scenario) = evidence {
                let path = root().join(format!("scenarios/{scenario}.dm"));
                assert!(path.is_file(), "{}", path.display());
            }
        }
    }
}

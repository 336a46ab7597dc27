//! What is thought of an outcome: by the model, by another of its schedules, by a record, or not.
use dm_oracle::conform::{Expected, Verdict, judge};
use dm_oracle::observed::{Ends, Observed, Transcript};
use dm_sim::scenario::Mode;
use dm_sim::world::config::Configuration;

/// Two I/Os of which the first is held: the model's default schedule completes them in one order.
const TEXT: &str = "\
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
suspend d --noflush
io a d w 0 8
resume d
---- 2.6.20
create d = ok
suspend d --noflush = ok
resume d = ok
io a = ok
---- 2.6.19
create d = ok
suspend d --noflush = ok
resume d = ok
io a = ok
---- kernel 6.1
# somewhere: it fails there
create d = ok
suspend d --noflush = ok
resume d = ok
io a = EIO
---- kernel 6.1
create d = ok
suspend d --noflush = EINVAL
---- kernel 6.12
# elsewhere
create d = ok
";

fn observed(lines: &[(u32, &[&str])], calls: &[&str], a: &str) -> Observed {
    let steps = lines
        .iter()
        .map(|(number, lines)| (*number, lines.iter().map(|line| (*line).to_owned()).collect()));
    let texts = ["create d", "suspend d --noflush", "resume d"];
    let calls = texts.iter().zip(calls).map(|(text, end)| ((*text).to_owned(), (*end).to_owned()));
    let ends =
        Ends { calls: calls.collect(), ios: vec![("a".to_owned(), a.to_owned())], bug: false };
    let transcript = Transcript { steps: steps.collect(), left: Vec::new(), ends };
    Observed { transcript, trace: Vec::new() }
}

fn verdict_of(observed: Observed, release: &str) -> (Verdict, Option<bool>, usize) {
    let configuration = Configuration::parse("test.dm", TEXT).expect("it parses");
    let expected = Expected::of(Some(&configuration)).expect("the model can");
    let runs = [Ok(observed.clone()), Ok(observed)];
    let judged = judge(&configuration.scenario, Mode::Bio, release, &expected, runs);
    let [outcome] = &judged.outcomes[..] else { panic!("two equal runs are one outcome") };
    assert_eq!(outcome.count, 2);
    assert_eq!(judged.is_good(), outcome.verdict.is_good());
    (outcome.verdict.clone(), outcome.allowed, judged.unseen)
}

const OK: [&str; 3] = ["ok", "ok", "ok"];

#[test]
fn the_same_lines_agree() {
    let lines: [(u32, &[&str]); 3] = [
        (5, &["create d = ok"]),
        (7, &["suspend d --noflush = ok"]),
        (9, &["resume d = ok", "io a = ok"]),
    ];
    let (verdict, allowed, unseen) =
        verdict_of(observed(&lines, &OK, "ok"), "6.12.117+deb12-amd64");
    assert_eq!((verdict, allowed, unseen), (Verdict::Agrees, Some(true), 1));
}

#[test]
fn the_same_ends_in_another_order_are_another_schedule_of_the_model() {
    let lines: [(u32, &[&str]); 2] =
        [(5, &["create d = ok", "suspend d --noflush = ok"]), (9, &["io a = ok", "resume d = ok"])];
    let (verdict, allowed, _) = verdict_of(observed(&lines, &OK, "ok"), "6.1.176");
    assert_eq!((verdict, allowed), (Verdict::AgreesWithAnother, Some(true)));
}

#[test]
fn a_status_line_that_is_not_the_models_is_a_difference_whatever_the_ends() {
    let lines: [(u32, &[&str]); 1] = [(5, &["  0 2048 linear", "create d = ok"])];
    let (verdict, allowed, _) = verdict_of(observed(&lines, &OK, "ok"), "6.1.176");
    assert_eq!((verdict, allowed), (Verdict::Differs, Some(true)));
}

#[test]
fn a_difference_is_good_only_for_the_kernel_that_it_is_recorded_of() {
    let lines: [(u32, &[&str]); 3] = [
        (5, &["create d = ok"]),
        (7, &["suspend d --noflush = ok"]),
        (9, &["resume d = ok", "io a = EIO"]),
    ];
    let differs = || observed(&lines, &OK, "EIO");
    let reason = vec!["somewhere: it fails there".to_owned()];
    let (verdict, allowed, unseen) = verdict_of(differs(), "6.1.0-56-amd64");
    assert_eq!((verdict, allowed, unseen), (Verdict::Recorded(reason), Some(false), 1));
    assert_eq!(verdict_of(differs(), "6.12.117+deb12-amd64").0, Verdict::Differs);
    assert_eq!(verdict_of(differs(), "6.10.1").0, Verdict::Differs);
}

#[test]
fn a_record_without_a_reason_is_not_good() {
    let lines: [(u32, &[&str]); 2] =
        [(5, &["create d = ok"]), (7, &["suspend d --noflush = EINVAL"])];
    let (verdict, ..) = verdict_of(observed(&lines, &OK, "not issued"), "6.1.176");
    assert_eq!(verdict, Verdict::NoReason);
    assert!(!verdict.is_good());
}

#[test]
fn a_scenario_of_which_the_model_knows_nothing_has_records_only() {
    let expected = Expected::of(None).expect("nothing is asked");
    let configuration = Configuration::parse("test.dm", TEXT).expect("it parses");
    let runs = [Ok(observed(&[(5, &["create d = ok"])], &OK, "ok"))];
    let judged = judge(&configuration.scenario, Mode::Bio, "6.12.1", &expected, runs);
    assert_eq!(judged.outcomes[0].verdict, Verdict::Recorded(vec!["elsewhere".to_owned()]));
    assert_eq!(judged.outcomes[0].allowed, None);
}

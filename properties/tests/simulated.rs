//! The simulator: one seed decides everything, what it finds is known, and a failure gets small.
use std::collections::BTreeSet;
use std::fmt::Write as _;

use dm_model::era::Era;
use dm_model::labels::{CALL, LABELS};
use dm_model::mutant::{LIVELOCKS, MUTANTS, Mutant, SURVIVORS};
use dm_properties::search::judge;
use dm_properties::simulated::{REACH, Reach, Seeds, finding_of, first_kill, lower, shrink, sweep};
use dm_sim::drivers::labels::LABELS as DRIVER_LABELS;
use dm_sim::simulate::{Marks, Options, replay, run};
use dm_sim::world::trail::Trail;
use expect_test::expect;

/// Labels that no run comes to, and why.
const UNREACHED: &[(&str, &str)] = &[
    ("J3", "no handler asks to bypass a group for an I/O error"),
    ("J4", "no handler asks to bypass a group for an I/O error"),
    ("P1b", "no table has two targets of which one answers REQUEUE and then one fails"),
];

fn observe(_: u64) {}

#[test]
fn the_same_seed_twice_is_the_same_run() {
    let options = Options { marks: true, journal: true, ..Options::default() };
    for seed in 0..20 {
        assert_eq!(run(seed, options), run(seed, options), "{seed}");
    }
}

#[test]
fn a_sweep_is_the_same_on_one_thread_and_on_two() {
    let of = |jobs| {
        let swept = sweep(&Seeds::all(0..200), Options::default(), jobs, &observe);
        (swept.seeds, swept.steps, swept.ios, swept.errors, swept.groups)
    };
    assert_eq!(of(1), of(2));
}

#[test]
fn shards_are_all_seeds_and_each_once() {
    let all = sweep(&Seeds::all(0..30), Options::default(), 1, &observe);
    let part = |part| Seeds { range: 0..30, shard: (part, 4) };
    let parts = (1..=4).map(|it| sweep(&part(it), Options::default(), 1, &observe));
    let sums =
        parts.map(|it| (it.seeds, it.steps)).fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    assert_eq!(sums, (all.seeds, all.steps));
}

#[test]
fn a_short_run_is_golden() {
    let outcome = run(1, Options { steps: 5_000, journal: true, ..Options::default() });
    let mut text = format!(
        "{}\n{} steps, {} ns, {} I/Os, {} errors, {} commands\n",
        outcome.features,
        outcome.steps,
        outcome.time,
        outcome.ios,
        outcome.errors,
        outcome.journal.len()
    );
    for (time, command) in outcome.journal.iter().take(8) {
        let _ = writeln!(text, "{time} {command}");
    }
    expect![[r"
        6 devices in 3 levels, 3 paths in 1 groups, 4 applications of depth 32, 10/16 writes, no_path_retry 4; with failback admin resize remove signals rename delays
        5786 steps, 2463632 ns, 207 I/Os, 0 errors, 280 commands
        0 create dm0
        1 create dm1
        2 create dm2
        3 create dm3
        4 create dm4
        5 create dm5
        27834 load dm0
        66670 resume dm0
    "]].assert_eq(&text);
}

#[test]
fn a_list_of_commands_replays_a_run_exactly() {
    let options = Options { journal: true, ..Options::default() };
    for seed in (0..400).filter(|seed| seed % 8 == 0) {
        let outcome = run(seed, options);
        let again = replay(seed, options, &outcome.journal, seed, None);
        let safety = |outcome: &dm_sim::simulate::Outcome| {
            let breaks = outcome.breaks.iter().filter(|it| it.claim != "nothing_is_stranded");
            breaks.cloned().collect::<Vec<_>>()
        };
        assert_eq!(safety(&again), safety(&outcome), "seed {seed}");
        assert_eq!(again.ios, outcome.ios, "seed {seed}");
    }
}

/// Several eras and a mutant together, because some labels are of one.
fn marks() -> Marks {
    let options = Options { marks: true, ..Options::default() };
    let mut marks = sweep(&Seeds::all(0..1200), options, 2, &observe).marks;
    let others = [
        Options { era: Era::Hardened, ..options },
        Options { era: Era::Series7, ..options },
        Options { mutant: Mutant::FlagTestedOutsideLock, ..options },
    ];
    for options in others {
        marks.add(&sweep(&Seeds::all(0..120), options, 2, &observe).marks);
    }
    marks
}

#[test]
fn every_label_verdict_message_and_error_is_come_to() {
    let marks = marks();
    let hit: BTreeSet<&str> =
        marks.iter().filter_map(|(mark, _)| mark.strip_prefix("label ")).collect();
    let rows = LABELS.iter().chain(DRIVER_LABELS);
    let all: BTreeSet<&str> = rows.filter(|row| row.guard != CALL).map(|row| row.label).collect();
    let missed: Vec<&str> = all.difference(&hit).copied().collect();
    let known: Vec<&str> = UNREACHED.iter().map(|(label, _)| *label).collect();
    assert_eq!(missed, known);
    let others = marks.iter().map(|(mark, _)| mark);
    let others = others.filter(|it| !it.starts_with("label ") && !it.starts_with("blocked "));
    expect![[r"
        below fault Bdget
        below fault LockFs
        below fault Preresume
        below lun medium
        below lun medium healed
        below lun on controller
        below path down
        below path hangs
        below path renamed
        below path up
        disk -EIO
        disk 0
        dm_resume -EINVAL
        dm_resume 0
        dm_suspend -EINTR
        dm_suspend -ENOMEM
        dm_suspend -EROFS
        dm_suspend 0
        effect deferred
        effect event
        effect freed
        effect merged
        effect no table
        effect pushed back
        effect requeue failed
        end_io -EIO
        end_io 0
        end_io 1
        end_io 2
        io -EIO
        io 0
        ioctl clear 0
        ioctl create 0
        ioctl load 0
        ioctl load grown 0
        ioctl message disable_group -EINVAL
        ioctl message disable_group 0
        ioctl message enable_group -EINVAL
        ioctl message enable_group 0
        ioctl message fail_if_no_path 0
        ioctl message fail_path -ENXIO
        ioctl message fail_path 0
        ioctl message queue_if_no_path -ENXIO
        ioctl message queue_if_no_path 0
        ioctl message reinstate_path -ENXIO
        ioctl message reinstate_path 0
        ioctl message switch_group -EINVAL
        ioctl message switch_group 0
        ioctl remove -EBUSY
        ioctl remove 0
        ioctl resume --noflush -EINVAL
        ioctl resume --noflush 0
        ioctl resume -EINVAL
        ioctl resume 0
        ioctl status 0
        ioctl suspend --noflush --nolockfs -EINTR
        ioctl suspend --noflush --nolockfs -ENOMEM
        ioctl suspend --noflush --nolockfs 0
        ioctl suspend --noflush -EINTR
        ioctl suspend --noflush -ENOMEM
        ioctl suspend --noflush 0
        ioctl suspend --nolockfs -EINTR
        ioctl suspend --nolockfs -ENOMEM
        ioctl suspend --nolockfs 0
        ioctl suspend -EINTR
        ioctl suspend -ENOMEM
        ioctl suspend -EROFS
        ioctl suspend 0
        ioctl table 0
        map -EIO
        map 0
        map 1
        map 2"]]
    .assert_eq(&others.collect::<Vec<_>>().join("\n"));
}

#[test]
fn seeds_break_nothing_but_findings() {
    for (era, seeds) in [(Era::Linux2_6_20, 0..1500), (Era::Hardened, 0..500)] {
        let options = Options { era, ..Options::default() };
        let swept = sweep(&Seeds::all(seeds), options, 2, &observe);
        let news: Vec<_> = swept.groups.iter().filter(|it| it.finding.is_none()).collect();
        assert!(news.is_empty(), "{}: {news:?}", era.name());
    }
}

#[test]
fn a_planted_bug_is_found_and_its_shrunk_trail_breaks_the_same_claim() {
    for mutant in [Mutant::WakeUpForgotten, Mutant::BlockIoNotTested, Mutant::RequeueIsAnError] {
        let options = Options { mutant, ..Options::default() };
        let found = first_kill(0..50, options).expect("it is found");
        let shrunk = shrink(found.seed, options, &found.found).expect("its list breaks it too");
        assert!(shrunk.commands.len() <= 12, "{:?}", shrunk.commands);
        let (claim, trail) = lower(found.seed, options, &shrunk).expect("it gets small");
        let says_the_same = match found.found.claim {
            "no_unjustified_error" => "no_bogus_error",
            claim => claim,
        };
        assert_eq!(claim, says_the_same);
        let text = trail.text().expect("it has a text");
        let again = Trail::parse("simulated", &text).expect("it is a trail");
        let breaks = judge(&again).expect("it can be judged");
        assert!(breaks.iter().any(|it| it.claim.name == claim), "{mutant:?}: {text}");
    }
}

#[test]
fn every_mutant_has_its_place_in_the_table() {
    let all = MUTANTS.iter().chain(LIVELOCKS).chain(SURVIVORS).map(|it| it.mutant);
    let table: Vec<Mutant> = REACH.iter().map(|(mutant, _)| *mutant).collect();
    assert_eq!(table, all.collect::<Vec<_>>());
}

/// Those that take few seeds; `pushback simulate --mutants` makes the whole table.
#[test]
fn mutants_are_found_where_the_table_says() {
    for (mutant, reach) in REACH {
        let Reach::Found { seeds, claim } = *reach else { continue };
        if seeds > 60 {
            continue;
        }
        let options = Options { mutant: *mutant, ..Options::default() };
        let found = first_kill(0..seeds, options).unwrap_or_else(|| panic!("{mutant:?}"));
        assert_eq!((found.seeds, found.found.claim), (seeds, claim), "{mutant:?}");
    }
}

#[test]
fn what_breaks_before_the_series_is_what_it_solves() {
    let options = Options { era: Era::Linux2_6_19, ..Options::default() };
    let outcome = (0..200)
        .map(|seed| run(seed, options))
        .find(|outcome| outcome.breaks.iter().any(|it| it.claim == "no_unjustified_error"));
    let outcome = outcome.expect("a suspend flushes what is queued as errors");
    let finding = |it| finding_of(it, Era::Linux2_6_19, &outcome.features);
    assert!(outcome.breaks.iter().any(|it| finding(it) == Some("0")));
}

//! A search that was cut short goes on to the same end, from a file that is what it should be.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use dm_explore::{
    CheckpointError, Checkpoints, Control, Finish, First, Limit, Limits, Packed, Report, Search,
    System, Taken,
};

/// A graph drawn by a fixed sequence, with rules, choices, edges that are cut and ends.
struct Drawn {
    edges: Vec<Vec<u32>>,
    asked: AtomicU64,
}

impl Drawn {
    fn new(seed: u64, nodes: u32) -> Self {
        let mut random = seed;
        let mut draw = |below: u32| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(seed | 1);
            ((random >> 33) % u64::from(below)) as u32
        };
        let edges = (0..nodes).map(|_| (0..draw(5)).map(|_| draw(nodes)).collect()).collect();
        Self { edges, asked: AtomicU64::new(0) }
    }
}

/// A graph of which more than half the nodes are reached.
fn large(nodes: u32) -> Drawn {
    let drawn = (1..).map(|seed| Drawn::new(seed, nodes));
    let reaches = |it: &Drawn| Search::new(it).run_packed().states > u64::from(nodes) / 2;
    { drawn }.find(reaches).expect("there is one")
}

impl System for Drawn {
    type State = u32;
    type Action = (u32, u8);
    type Violation = String;
    type Outcome = u32;

    fn initial(&self) -> u32 {
        0
    }

    fn actions(&self, state: &u32, out: &mut Vec<(u32, u8)>) {
        out.extend(self.edges[*state as usize].iter().map(|to| (*to, 0)));
    }

    fn step(&self, state: &mut u32, action: &(u32, u8), broken: &mut Vec<String>) -> Taken {
        self.asked.fetch_or(1 << (action.0 % 64), Relaxed);
        if action.0 % 7 == 3 && action.1 == 0 {
            return Taken::Choices(2);
        }
        *state = if action.1 == 2 { action.0 / 2 } else { action.0 };
        if state.is_multiple_of(11) {
            broken.push(format!("rule {}", *state % 5));
        }
        if action.0 % 13 == 5 { Taken::Pruned } else { Taken::Moved }
    }

    fn variant(&self, action: &(u32, u8), choice: u8) -> (u32, u8) {
        (action.0, choice + 1)
    }

    fn end(&self, state: &u32, broken: &mut Vec<String>) {
        if state.is_multiple_of(3) {
            broken.push("no end is a multiple of three".to_owned());
        }
    }

    fn classify(&self, state: &u32) -> Option<u32> {
        (!state.is_multiple_of(4)).then_some(state % 3)
    }

    fn notes(&self) -> Vec<u64> {
        vec![self.asked.load(Relaxed)]
    }

    fn recall(&self, notes: &[u64]) {
        self.asked.fetch_or(notes[0], Relaxed);
    }
}

impl Packed for Drawn {
    fn pack(&self, state: &u32) -> u64 {
        (*state).into()
    }

    fn unpack(&self, word: u64) -> u32 {
        word as u32
    }
}

/// A file that is removed at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("dm-explore-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn checkpoints(&self) -> Checkpoints {
        let identity = "a graph".to_owned();
        Checkpoints { path: self.0.clone(), identity, every: None }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

type Run = fn(Search<'_, Drawn>) -> Result<Report<Drawn>, CheckpointError>;

const FORMS: [(&str, Run); 3] = [
    ("whole", |search| search.try_run()),
    ("words", |search| search.try_run_packed()),
    ("compact", |search| search.compact().try_run()),
];

/// All that is counted, and how long each trail is.
fn counts(report: &Report<Drawn>) -> String {
    let trails = |all: &mut dyn Iterator<Item = (String, u64, usize)>| {
        format!("{:?}", all.collect::<Vec<_>>())
    };
    let violations = report.violations.iter();
    let mut violations = violations.map(|(key, it)| (key.clone(), it.count, it.trail.len()));
    let outcomes = report.outcomes.iter();
    let mut outcomes = outcomes.map(|(key, it)| (key.to_string(), it.states, it.trail.len()));
    format!(
        "{} {} {} {} {} {} {} {}",
        report.states,
        report.transitions,
        report.pruned,
        report.depth,
        report.ends,
        report.broken,
        trails(&mut violations),
        trails(&mut outcomes),
    )
}

#[test]
fn a_search_that_is_cut_short_again_and_again_counts_as_one_that_is_not() {
    for (name, run) in FORMS {
        for seed in 1..12 {
            let whole = Drawn::new(seed, 3_000);
            let expected = run(Search::new(&whole)).expect("nothing is resumed");
            let scratch = Scratch::new(&format!("again-{name}-{seed}"));
            let mut limit = 1 + seed * 37;
            let mut is_resumed = false;
            let report = loop {
                let part = Drawn::new(seed, 3_000);
                let limits = Limits { states: Some(limit), ..Limits::default() };
                let search = Search::new(&part).limits(limits).checkpoints(scratch.checkpoints());
                let search =
                    if is_resumed { search.continue_from(scratch.0.clone()) } else { search };
                let report = run(search).expect("it is resumed");
                if report.finish == Finish::Complete {
                    assert_eq!(part.asked.load(Relaxed), whole.asked.load(Relaxed));
                    break report;
                }
                assert_eq!(report.finish, Finish::LimitReached(Limit::States));
                assert_eq!((report.states, &report.checkpoint), (limit, &Some(Ok(()))));
                (limit, is_resumed) = (limit + 1 + limit / 3, true);
            };
            assert!(is_resumed || expected.states < 40, "seed {seed} is cut short");
            assert_eq!(counts(&report), counts(&expected), "{name}, seed {seed}");
            for (key, found) in &expected.violations {
                assert_eq!(found.trail, report.violations[key].trail, "the trail to {key}");
            }
        }
    }
}

#[test]
fn depth_first_and_on_more_or_fewer_threads_it_goes_on_too() {
    for (name, run) in FORMS {
        for (before, after) in [(1, 3), (3, 1), (2, 4)] {
            let system = large(40_000);
            let scratch = Scratch::new(&format!("threads-{name}-{before}"));
            for first in [First::Breadth, First::Depth] {
                let expected = run(Search::new(&system).first(first)).expect("nothing is resumed");
                let limits = Limits { states: Some(9_000), ..Limits::default() };
                let search = || Search::new(&system).first(first);
                let search_part = search().threads(before).limits(limits);
                let part = run(search_part.checkpoints(scratch.checkpoints())).expect("it runs");
                assert_eq!(part.finish, Finish::LimitReached(Limit::States));
                let rest = search().threads(after).checkpoints(scratch.checkpoints());
                let report = run(rest.continue_from(scratch.0.clone())).expect("it is resumed");
                assert_eq!(
                    [report.states, report.transitions, report.ends, report.broken, report.pruned],
                    [
                        expected.states,
                        expected.transitions,
                        expected.ends,
                        expected.broken,
                        expected.pruned
                    ],
                );
                if first == First::Breadth {
                    assert_eq!(counts(&report), counts(&expected), "{name}, {before} threads");
                }
            }
        }
    }
}

#[test]
fn each_way_to_end_early_can_be_resumed() {
    let system = large(200_000);
    let expected = counts(&Search::new(&system).run_packed());
    let is_set = AtomicBool::new(true);
    let scratch = Scratch::new("ways");
    let mut stop = |_: &dm_explore::Progress| Control::Stop;
    let limit = |limits| Search::new(&system).limits(limits);
    let none = Limits::default();
    let searches = [
        (limit(Limits { depth: Some(9), ..none }), Finish::LimitReached(Limit::Depth)),
        (limit(Limits { bytes: Some(1 << 19), ..none }), Finish::LimitReached(Limit::Bytes)),
        (limit(Limits { time: Some(Duration::ZERO), ..none }), Finish::LimitReached(Limit::Time)),
        (Search::new(&system).interrupt(&is_set), Finish::Stopped),
        (Search::new(&system).observer(&mut stop), Finish::Stopped),
    ];
    for (search, finish) in searches {
        let report = search.checkpoints(scratch.checkpoints()).run_packed();
        assert_eq!(report.finish, finish);
        let rest = Search::new(&system).checkpoints(scratch.checkpoints());
        let report = rest.continue_from(scratch.0.clone()).run_packed();
        assert_eq!(counts(&report), expected, "after {finish:?}");
    }
}

#[test]
fn checkpoints_on_the_way_change_nothing() {
    let system = large(200_000);
    let scratch = Scratch::new("way");
    for first in [First::Breadth, First::Depth] {
        for threads in [1, 2] {
            let search = || Search::new(&system).first(first).threads(threads);
            let expected = search().run_packed();
            let every = Some(Duration::from_millis(1));
            let checkpoints = Checkpoints { every, ..scratch.checkpoints() };
            let report = search().checkpoints(checkpoints).run_packed();
            assert_eq!((report.finish, &report.checkpoint), (Finish::Complete, &Some(Ok(()))));
            if first == First::Breadth {
                assert_eq!(counts(&report), counts(&expected), "{threads} threads");
            }
            assert_eq!((report.states, report.broken), (expected.states, expected.broken));
        }
    }
}

/// Why the search of the graph with this seed does not go on with the file.
fn refusal(scratch: &Scratch, seed: u64, run: Run) -> CheckpointError {
    let system = Drawn::new(seed, 3_000);
    let search = Search::new(&system).checkpoints(scratch.checkpoints());
    run(search.continue_from(scratch.0.clone())).expect_err("it is refused")
}

#[test]
fn a_file_that_is_damaged_foreign_or_newer_is_refused() {
    let scratch = Scratch::new("refused");
    let [whole, words, _] = FORMS.map(|(_, run)| run);
    assert!(matches!(refusal(&scratch, 2, words), CheckpointError::Unreadable(_)));
    let system = Drawn::new(2, 3_000);
    let limits = Limits { states: Some(100), ..Limits::default() };
    words(Search::new(&system).limits(limits).checkpoints(scratch.checkpoints())).expect("it runs");
    let bytes = fs::read(&scratch.0).expect("it is there");
    let with = |bytes: &[u8]| fs::write(&scratch.0, bytes).expect("it can be written");

    for place in (12..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        with(&damaged);
        assert!(matches!(refusal(&scratch, 2, words), CheckpointError::Damaged), "at {place}");
    }
    for len in [12, 19, 20, 21, bytes.len() / 2, bytes.len() - 1] {
        with(&bytes[..len]);
        assert!(matches!(refusal(&scratch, 2, words), CheckpointError::Damaged), "{len} bytes");
    }
    for text in [&b""[..], b"short", b"a text of some length that is no checkpoint"] {
        with(text);
        assert!(matches!(refusal(&scratch, 2, words), CheckpointError::NotACheckpoint));
    }
    let mut newer = bytes.clone();
    newer[8] = 77;
    with(&newer);
    assert!(matches!(refusal(&scratch, 2, words), CheckpointError::Newer { version: 77 }));

    with(&bytes);
    let other = refusal(&scratch, 2, whole);
    assert_eq!(
        other.to_string(),
        "it is of another search: a graph, forward, breadth first, states as words; expected a \
         graph, forward, breadth first, states whole"
    );
    let Scratch(path) = &scratch;
    let another = Checkpoints { identity: "another".to_owned(), ..scratch.checkpoints() };
    let search = Search::new(&system).checkpoints(another).continue_from(path.clone());
    assert!(matches!(search.try_run_packed(), Err(CheckpointError::Foreign { .. })));
    assert!(matches!(refusal(&scratch, 3, words), CheckpointError::Changed));
    let small = Limits { bytes: Some(1), ..Limits::default() };
    let search =
        Search::new(&system).checkpoints(scratch.checkpoints()).continue_from(path.clone());
    assert!(matches!(search.limits(small).try_run(), Err(CheckpointError::Foreign { .. })));
}

#[test]
fn a_checkpoint_that_cannot_be_written_is_told() {
    let system = Drawn::new(2, 3_000);
    let path = std::env::temp_dir().join("no-such-directory-of-dm-explore").join("file");
    let checkpoints = Checkpoints { path, identity: String::new(), every: None };
    let limits = Limits { states: Some(100), ..Limits::default() };
    let report = Search::new(&system).limits(limits).checkpoints(checkpoints).run();
    assert!(matches!(report.checkpoint, Some(Err(_))), "found {:?}", report.checkpoint);
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "there are few states")]
fn a_compact_search_says_how_probably_it_has_omitted_a_state() {
    let system = large(200_000);
    let (whole, compact) = (Search::new(&system).run(), Search::new(&system).compact().run());
    assert_eq!(counts(&whole), counts(&compact));
    let expected = (compact.states as f64).powi(2) / 2_f64.powi(65);
    assert!(whole.omission == 0.0 && (compact.omission / expected - 1.0).abs() < 1e-3);
}

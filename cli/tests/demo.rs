//! `pushback demo`.
mod common;

use common::{assert_narrow, pushback};
use expect_test::expect_file;

#[test]
fn the_cover_letter_stands_side_by_side() {
    let run = pushback(&["demo"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_narrow(&run.stdout);
    assert!(run.stdout.lines().count() <= 80);
    expect_file!["golden/demo.txt"].assert_eq(&run.stdout);
}

#[test]
fn only_the_noflush_suspend_of_the_series_saves_the_io() {
    let stdout = pushback(&["demo"]).stdout;
    let sides = |text: &str| {
        let halves = stdout.lines().filter_map(|line| line.split_once('|'));
        halves.filter(|(left, right)| left.contains(text) || right.contains(text)).fold(
            (0, 0),
            |(left, right), (one, other)| {
                (left + u8::from(one.contains(text)), right + u8::from(other.contains(text)))
            },
        )
    };
    assert_eq!(sides("=> io a = EIO"), (2, 0));
    assert_eq!(sides("=> io a = ok"), (0, 2));
    assert_eq!(sides("pushback: the core parks a"), (0, 2));
}

#[test]
fn the_same_demo_twice() {
    assert_eq!(pushback(&["demo"]), pushback(&["demo"]));
}

//! A trail that does not replay is refused where it goes wrong, with what would have been possible.
use dm_sim::world::trail::Trail;

const START: &str = "era: 2.6.20\ndisk sda 8\ncreate d --notable\n";

fn trail(text: &str) -> String {
    match Trail::parse("t.trail", text) {
        Ok(trail) => format!("{} actions", trail.actions.len()),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_trail_needs_its_mark() {
    assert_eq!(trail(START), "t.trail:3:1: a trail needs a line \"==== trail ERA\"");
    assert_eq!(trail(""), "t.trail:1:1: a trail needs a line \"==== trail ERA\"");
}

#[test]
fn a_trail_of_an_unknown_era_is_refused() {
    assert_eq!(
        trail(&format!("{START}==== trail 2.6.21\n")),
        "t.trail:4:1: 2.6.21 is not an era of the model"
    );
}

#[test]
fn a_trail_of_a_bad_configuration_is_refused_at_its_place() {
    assert_eq!(
        trail("era: 2.6.20\nsupend d\n==== trail 2.6.20\n"),
        "t.trail:2:1: found `supend`, expected a verb: `suspend`?"
    );
}

#[test]
fn an_action_that_is_not_possible_is_refused_with_those_that_are() {
    let good = "==== trail 2.6.20\nline   # create\nstep create@3 # L0\n";
    assert_eq!(trail(&format!("{START}{good}")), "2 actions");
    assert_eq!(
        trail(&format!("{START}{good}line\n")),
        "t.trail:7:1: line: not possible here; possible: "
    );
    assert_eq!(
        trail(&format!("{START}==== trail 2.6.20\nstep create@3\n")),
        "t.trail:5:1: step create@3: not possible here; possible: line"
    );
    assert_eq!(
        trail(&format!("{START}==== trail 2.6.20\nline choice x\n")),
        "t.trail:5:1: x is not a choice"
    );
}

#[test]
fn an_action_that_is_blocked_is_refused() {
    let text = "era: 2.6.20\nmodel-only: a test\ndisk sda 8\ncreate d --notable\n\
        suspend d --tag s &\nsuspend d --tag t &\n";
    let start = "line\nstep create@4\nline\nline\n";
    let first = "step s\nstep s\nstep s\n";
    assert_eq!(
        trail(&format!("{text}==== trail 2.6.20\n{start}{first}step t\nstep t\nstep t\n")),
        "t.trail:17:1: step t: blocked here"
    );
}

#[test]
fn a_choice_that_a_step_does_not_have_is_refused() {
    let text = "era: 2.6.20\ndisk sda 8\ncreate d\n  0 8 delay /dev/sda 0 100\n||\n\
        io a d w 0 8\n||\nio b d w 0 8\n==== trail 2.6.20\n";
    let issue = |io: &str| format!("step {io}\n").repeat(10);
    let kept =
        format!("line of script 1\nline of script 2\n{}{}begin d.timer\n", issue("a"), issue("b"));
    assert_eq!(trail(&format!("{text}{kept}step d.timer choice 1\n")), "24 actions");
    assert_eq!(
        trail(&format!("{text}{kept}step d.timer choice 2\n")),
        "t.trail:33:1: step d.timer choice 2: expected a choice below 2"
    );
    assert_eq!(
        trail(&format!("{text}line of script 1 choice 1\n")),
        "t.trail:10:1: line of script 1 choice 1: expected a choice below 1"
    );
}

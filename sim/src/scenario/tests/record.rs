//! Recordings of real kernels are put into a file, and the rest of its text stays as it is.
use super::good;
use crate::scenario::{Mode, Recorded, with_recorded};

/// A file whose layout the canonical print would not keep.
const HEAD: &str = "# A test.\nera:  2.6.20\nmode: bio rq\n\n\ncreate mp \\\n  --notable\n\
    load mp\n  0 8 \\\n    zero\n----\nera's\n\n";

/// The text with these outputs of 6.1 and 6.12, bio-based.
fn recorded(text: &str, outputs: &[&str]) -> String {
    let kernels = ["6.1", "6.12"].map(str::to_owned);
    let outputs: Vec<_> = outputs.iter().map(|output| (*output).to_owned()).collect();
    let all = with_recorded(text, &kernels, Mode::Bio, &outputs);
    let blocks = good(&all).recorded;
    let is_ours = |block: &&Recorded| block.kernels == kernels && block.mode == Mode::Bio;
    assert_eq!(blocks.iter().filter(is_ours).count(), outputs.len());
    all
}

#[test]
fn new_blocks_stand_at_the_end_without_a_reason() {
    assert_eq!(
        recorded(HEAD, &["a\n  b\n", "c\n"]),
        format!("{HEAD}---- kernel 6.1 6.12\na\n  b\n---- kernel 6.1 6.12\nc\n")
    );
    let kernels = ["6.1".to_owned()];
    assert_eq!(
        with_recorded(HEAD, &kernels, Mode::Rq, &["a\n".to_owned()]),
        format!("{HEAD}---- kernel 6.1 rq\na\n")
    );
}

#[test]
fn blocks_of_other_kernels_eras_and_modes_stay_byte_by_byte() {
    let others = [
        "---- kernel 6.1\n#other\nx\n",
        "---- kernel 6.12 6.1\n# other\nx\n",
        "---- kernel  6.1\t6.12 rq \n# other\r\nx\r\n",
        "---- kernel 6.1 6.12.117\n\n",
    ];
    let ours = "----  kernel 6.1 \t 6.12 \r\n# why\nold\n";
    let [a, b, c, d] = others;
    assert_eq!(
        recorded(&format!("{HEAD}{a}{ours}{b}{c}{ours}{d}"), &["new\n"]),
        format!("{HEAD}{a}{b}{c}{d}---- kernel 6.1 6.12\nnew\n")
    );
}

#[test]
fn a_block_above_those_of_eras_is_found() {
    let text = HEAD.replace("----\n", "---- kernel 6.1 6.12\nold\n----\n");
    assert_eq!(recorded(&text, &[]), HEAD);
}

#[test]
fn no_output_removes_the_blocks() {
    assert_eq!(recorded(&format!("{HEAD}---- kernel 6.1 6.12\n# why\nold\n"), &[]), HEAD);
    let without_end = HEAD.trim_end();
    assert_eq!(recorded(without_end, &[]), without_end);
}

#[test]
fn a_reason_stays_above_its_output() {
    let rule = "---- kernel 6.1 6.12\n";
    let (a, b) = (format!("{rule}#why a\n#  \na\n"), format!("{rule}# why b\nb\n"));
    assert_eq!(
        recorded(&format!("{HEAD}{a}{b}"), &["b\n", "c\n", "a\n"]),
        format!("{HEAD}{b}{rule}c\n{a}")
    );
    // The last line need not have a line feed.
    assert_eq!(recorded(format!("{HEAD}{a}").trim_end(), &["a"]), format!("{HEAD}{a}"));
    // A block without a reason is not in the way of the same output with one.
    assert_eq!(recorded(&format!("{HEAD}{rule}a\n{a}"), &["a\n"]), format!("{HEAD}{a}"));
}

#[test]
fn the_reason_of_the_only_block_goes_to_the_first_output() {
    let rule = "---- kernel 6.1 6.12\n";
    let old = format!("{HEAD}{rule}# why\nold\n");
    assert_eq!(recorded(&old, &["a\n", "b\n"]), format!("{HEAD}{rule}# why\na\n{rule}b\n"));
    // But not when its own output is still there.
    assert_eq!(recorded(&old, &["a\n", "old\n"]), format!("{HEAD}{rule}a\n{rule}# why\nold\n"));
}

#[test]
fn recording_again_changes_nothing() {
    let once = recorded(HEAD, &["a\n", "b\n"]);
    assert_eq!(recorded(&once, &["a\n", "b\n"]), once);
}

#[test]
fn a_file_without_blocks_or_without_a_last_line_feed_gets_one() {
    let kernels = ["6.1".to_owned()];
    for text in ["mode: rq\ndisk a 1\n", "mode: rq\ndisk a 1"] {
        assert_eq!(
            with_recorded(text, &kernels, Mode::Rq, &[String::new()]),
            "mode: rq\ndisk a 1\n---- kernel 6.1 rq\n"
        );
    }
}

#[test]
#[should_panic(expected = "no kernel prints this into a scenario: # a")]
fn an_output_that_would_read_as_a_reason_is_misuse() {
    recorded(HEAD, &["# a\n"]);
}

#[test]
#[should_panic(expected = "no kernel prints this into a scenario: a\n---- b")]
fn an_output_that_would_read_as_a_block_is_misuse() {
    recorded(HEAD, &["a\n---- b\n"]);
}

#[test]
#[should_panic(expected = "no block is of these kernels: [\"x\"]")]
fn a_version_that_no_block_has_is_misuse() {
    with_recorded(HEAD, &["x".to_owned()], Mode::Bio, &[]);
}

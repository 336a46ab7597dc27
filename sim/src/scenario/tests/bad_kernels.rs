//! What is refused of the blocks of real kernels, and of files without eras.
use super::{wrong, wrong_file};

const VERSION: &str = "expected a kernel's version, MAJOR.MINOR or more of `uname -r`";

/// The error of a file for request-based kernels alone whose fourth line is the last.
fn wrong_rq(last: &str) -> String {
    wrong_file(&format!("# no era\nmode: rq\ncreate mp --notable\n{last}\n"))
}

#[test]
fn a_block_of_no_kernel_is_refused() {
    let end = format!("t.scn:4:12: found the end of the line, {VERSION}");
    assert_eq!(wrong("---- kernel"), end);
    assert_eq!(wrong("---- kernel "), end);
    assert_eq!(wrong("---- kernel rq"), format!("t.scn:4:13: found `rq`, {VERSION}"));
}

#[test]
fn a_version_that_no_kernel_has_is_refused() {
    for word in
        ["6", "v6.1", "6.", ".1", "6.x", "-6.1", "6.1_1", "6.1~rc", "6.1,", "6.\u{661}", "RQ"]
    {
        let expected = format!("t.scn:4:17: found `{word}`, {VERSION}");
        assert_eq!(wrong(&format!("---- kernel 6.1 {word}")), expected);
    }
    assert_eq!(wrong("---- kernel \"6.1\""), format!("t.scn:4:13: found `\"6.1\"`, {VERSION}"));
    assert_eq!(
        wrong("---- kernel 6.1 # as recorded"),
        format!("t.scn:4:17: found `#`, {VERSION}; a comment has a line of its own")
    );
}

#[test]
fn a_version_named_twice_is_refused() {
    assert_eq!(
        wrong("---- kernel 6.1 6.12 6.1"),
        "t.scn:4:22: found `6.1`, expected each version once"
    );
}

#[test]
fn a_version_behind_the_mode_is_refused() {
    assert_eq!(wrong("---- kernel 6.1 rq 6.12"), format!("t.scn:4:17: found `rq`, {VERSION}"));
}

#[test]
fn a_block_in_a_mode_that_the_header_lacks_is_refused() {
    assert_eq!(
        wrong("---- kernel 6.1 rq"),
        "t.scn:4:17: found `rq`, expected a mode of the header: bio"
    );
    assert_eq!(
        wrong_rq("---- kernel 6.1"),
        "t.scn:4:16: found the end of the line, expected a mode of the header: rq"
    );
}

#[test]
fn a_block_of_an_era_in_a_file_without_eras_is_refused() {
    let end = "expected `---- kernel VERSION rq`, because the header names no era";
    assert_eq!(wrong_rq("----"), format!("t.scn:4:1: found `----`, {end}"));
    assert_eq!(wrong_rq("---- 2.6.20"), format!("t.scn:4:6: found `2.6.20`, {end}"));
}

#[test]
fn blocks_of_kernels_do_not_stand_for_eras() {
    assert_eq!(
        wrong("---- kernel 2.6.19\n---- 2.6.20\n---- kernel 6.1\n"),
        "t.scn:5:1: found no block for era `2.6.19`, expected `---- 2.6.19` or `----`"
    );
}

#[test]
fn a_block_of_a_kernel_above_all_verbs_is_refused() {
    assert_eq!(
        wrong_file("mode: rq\n---- kernel 6.1 rq\n"),
        "t.scn:2:1: found `----`, expected a verb above the expected output"
    );
}

#[test]
fn a_backslash_behind_a_version_is_no_continuation() {
    assert_eq!(wrong("---- kernel 6.1 \\\n6.12"), format!("t.scn:4:17: found `\\`, {VERSION}"));
}

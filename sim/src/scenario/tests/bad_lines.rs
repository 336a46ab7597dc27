//! What is refused of one line: verbs, options, arguments, numbers, the background.
use super::{wrong, wrong_file};

#[test]
fn an_unknown_verb_is_refused_with_the_nearest() {
    assert_eq!(wrong("supsend mp"), "t.scn:4:1: found `supsend`, expected a verb: `suspend`?");
    assert_eq!(wrong("frobnicate mp"), "t.scn:4:1: found `frobnicate`, expected a verb");
    let quoted = "found a quote around the verb, expected none";
    assert_eq!(wrong("\"clear\" mp"), format!("t.scn:4:1: {quoted}"));
}

#[test]
fn an_unknown_option_is_refused() {
    assert_eq!(
        wrong("suspend mp --noflsh"),
        "t.scn:4:12: found `--noflsh`, expected an option of suspend: --noflush, --nolockfs, --tag"
    );
    assert_eq!(
        wrong("clear mp --noflush"),
        "t.scn:4:10: found `--noflush`, expected no option: clear has none"
    );
}

#[test]
fn what_is_not_removed_is_not_deferred() {
    assert_eq!(
        wrong("suspend mp --deferred"),
        "t.scn:4:12: found `--deferred`, expected an option of suspend: --noflush, --nolockfs, \
         --tag"
    );
    assert_eq!(
        wrong("remove mp --defered"),
        "t.scn:4:11: found `--defered`, expected an option of remove: --deferred, --tag"
    );
}

#[test]
fn an_option_given_twice_is_refused() {
    assert_eq!(
        wrong("suspend mp --noflush --noflush"),
        "t.scn:4:22: found `--noflush`, expected each option once"
    );
}

#[test]
fn a_tag_option_without_a_tag_is_refused() {
    assert_eq!(
        wrong("suspend mp --tag"),
        "t.scn:4:17: found the end of the line, expected TAG after --tag"
    );
    assert_eq!(
        wrong("load mp --table"),
        "t.scn:4:16: found the end of the line, expected the table in quotes after --table"
    );
}

#[test]
fn a_missing_argument_is_refused_at_the_end_of_the_line() {
    assert_eq!(wrong("suspend"), "t.scn:4:8: found the end of the line, expected NAME");
    assert_eq!(wrong("io 1 mp w 0"), "t.scn:4:12: found the end of the line, expected COUNT");
    assert_eq!(wrong("message mp 0 "), "t.scn:4:13: found the end of the line, expected WORD");
    assert_eq!(wrong("io 1 mp"), "t.scn:4:8: found the end of the line, expected r or w");
    assert_eq!(wrong("release sda"), "t.scn:4:12: found the end of the line, expected ok or error");
    assert_eq!(wrong("disk sdb 8 lun"), "t.scn:4:15: found the end of the line, expected PATH");
}

#[test]
fn a_missing_argument_of_a_joined_line_is_where_it_ends() {
    assert_eq!(wrong("io 1 \\\n  mp w 0"), "t.scn:5:9: found the end of the line, expected COUNT");
}

#[test]
fn an_extra_argument_is_refused() {
    assert_eq!(wrong("clear mp mp"), "t.scn:4:10: found `mp`, expected the end of the line");
    assert_eq!(
        wrong("clear mp # now"),
        "t.scn:4:10: found `#`, expected the end of the line; a comment has a line of its own"
    );
    assert_eq!(
        wrong("io 1 mp r 0 1 readahed"),
        "t.scn:4:15: found `readahed`, expected the end of the line"
    );
}

#[test]
fn a_number_that_is_none_is_refused() {
    for word in ["x", "-1", "+1", "0x10", "1.5", "4294967296", "99999999999999999999"] {
        assert_eq!(
            wrong(&format!("io 1 mp r {word} 1")),
            format!("t.scn:4:11: found `{word}`, expected SECTOR, a number from 0 to 4294967295")
        );
    }
}

#[test]
fn an_empty_or_absurd_disk_is_refused() {
    for word in ["0", "4294967297"] {
        assert_eq!(
            wrong(&format!("disk sdb {word}")),
            format!("t.scn:4:10: found `{word}`, expected SECTORS, a number from 1 to 4294967296")
        );
    }
}

#[test]
fn an_io_of_no_sector_or_of_more_than_32_is_refused() {
    for word in ["0", "33"] {
        assert_eq!(
            wrong(&format!("io 1 mp r 0 {word}")),
            format!("t.scn:4:13: found `{word}`, expected COUNT, a number from 1 to 32")
        );
    }
}

#[test]
fn a_medium_error_of_no_sector_is_refused() {
    assert_eq!(
        wrong("medium sda 0 0"),
        "t.scn:4:14: found `0`, expected COUNT, a number from 1 to 4294967295"
    );
}

#[test]
fn a_delay_that_is_no_number_is_refused() {
    assert_eq!(
        wrong("delay sda 5ms"),
        "t.scn:4:11: found `5ms`, expected MILLISECONDS, a number from 0 to 4294967295"
    );
}

#[test]
fn a_ninth_io_is_refused() {
    let ios = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|tag| format!("io {tag} mp r 0 1\n")).concat();
    assert_eq!(wrong(&ios), "t.scn:12:1: found io number 9, expected at most 8 (BIO_COUNT_MAX)");
}

#[test]
fn a_direction_that_is_neither_r_nor_w_is_refused() {
    assert_eq!(wrong("io 1 mp rw 0 1"), "t.scn:4:9: found `rw`, expected r or w");
}

#[test]
fn a_readahead_that_writes_is_refused() {
    assert_eq!(
        wrong("io 1 mp w 0 1 readahead"),
        "t.scn:4:15: found a readahead that writes, expected `r` before it"
    );
}

#[test]
fn an_answer_that_is_neither_ok_nor_error_is_refused() {
    assert_eq!(wrong("release sda eio"), "t.scn:4:13: found `eio`, expected ok or error");
}

#[test]
fn a_background_call_without_a_tag_is_refused() {
    assert_eq!(wrong("suspend mp &"), "t.scn:4:12: a background suspend needs --tag");
    assert_eq!(wrong("remove mp &"), "t.scn:4:11: a background remove needs --tag");
}

#[test]
fn a_verb_that_does_not_run_in_the_background_is_refused_there() {
    assert_eq!(
        wrong("io 1 mp r 0 1 &"),
        "t.scn:4:15: found `&`, expected the end of the line: io has no background"
    );
    assert_eq!(
        wrong("message mp 0 x &"),
        "t.scn:4:16: found `&`, expected the end of the line: message has no background"
    );
}

#[test]
fn an_ampersand_in_the_middle_is_refused() {
    assert_eq!(
        wrong("suspend mp & --tag s"),
        "t.scn:4:12: found `&`, expected the end of the line"
    );
}

#[test]
fn what_no_kernel_does_is_refused_without_model_only() {
    let end = "expected `model-only: REASON` in the header, because no real kernel can do this";
    assert_eq!(wrong("fault bdget mp"), format!("t.scn:4:1: found `fault`, {end}"));
    assert_eq!(wrong("step s"), format!("t.scn:4:1: found `step`, {end}"));
}

fn wrong_model_only(body: &str) -> String {
    wrong_file(&format!("era: 2.6.20\nmodel-only: test\ncreate mp --notable\n{body}\n"))
}

#[test]
fn an_unknown_fault_is_refused() {
    assert_eq!(
        wrong_model_only("fault bdgt mp"),
        "t.scn:4:7: found `bdgt`, expected bdget or lock_fs or preresume or pg_init or verdict"
    );
    assert_eq!(
        wrong_model_only("fault pg_init mp fail"),
        "t.scn:4:18: found `fail`, expected fail_path or bypass_pg or retry"
    );
    assert_eq!(
        wrong_model_only("fault verdict mp endio 1"),
        "t.scn:4:18: found `endio`, expected map or end_io"
    );
}

#[test]
fn a_verdict_out_of_range_is_refused() {
    for word in ["128", "-129", "+1", "EIO"] {
        assert_eq!(
            wrong_model_only(&format!("fault verdict mp map {word}")),
            format!("t.scn:4:22: found `{word}`, expected NUMBER, an integer from -128 to 127")
        );
    }
}

#[test]
fn a_process_in_quotes_that_has_spaces_is_refused() {
    assert_eq!(
        wrong_model_only("step \"a b\""),
        "t.scn:4:6: found `a b`, expected at most 127 letters, digits and signs without quotes, \
         \\ and &"
    );
}

#[test]
fn a_step_without_a_label_behind_until_is_refused() {
    assert_eq!(
        wrong_model_only("step a until"),
        "t.scn:4:13: found the end of the line, expected LABEL"
    );
}

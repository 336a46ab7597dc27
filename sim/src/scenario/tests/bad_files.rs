//! What is refused of a file as a whole: header, continuations, tables, expected output.
use super::{wrong, wrong_file};

#[test]
fn an_empty_file_is_refused() {
    let message = "found an empty file, expected the header line `era:`";
    assert_eq!(wrong_file(""), format!("t.scn:1:1: {message}"));
    assert_eq!(wrong_file("\n \n"), format!("t.scn:2:1: {message}"));
}

#[test]
fn a_file_of_prose_alone_is_refused() {
    assert_eq!(
        wrong_file("# a\n# b\n"),
        "t.scn:2:1: found the end of the file, expected the header line `era:`"
    );
}

#[test]
fn a_header_alone_is_refused() {
    assert_eq!(
        wrong_file("era: 2.6.19\n"),
        "t.scn:1:1: found the end of the file, expected a verb"
    );
}

#[test]
fn a_missing_era_is_refused_at_the_first_verb() {
    assert_eq!(
        wrong_file("mode: bio\n\ndisk sda 1\n"),
        "t.scn:3:1: found `disk`, expected the header line `era:` before all verbs"
    );
    assert_eq!(
        wrong_file("mode: rq bio\ndisk sda 1\n"),
        "t.scn:2:1: found `disk`, expected the header line `era:` before all verbs"
    );
}

#[test]
fn an_era_line_without_eras_is_refused() {
    assert_eq!(
        wrong_file("era:\n"),
        "t.scn:1:5: found the end of the line, expected an era, one of 2.6.19, series:1, \
         series:7, 2.6.20"
    );
}

#[test]
fn an_unknown_era_is_refused() {
    assert_eq!(
        wrong_file("era: 2.6.20 2.6.21\n"),
        "t.scn:1:13: found `2.6.21`, expected an era, one of 2.6.19, series:1, series:7, 2.6.20"
    );
}

#[test]
fn an_era_named_twice_is_refused() {
    assert_eq!(
        wrong_file("era: 2.6.20 2.6.20\n"),
        "t.scn:1:13: found `2.6.20`, expected each era once"
    );
}

#[test]
fn a_comment_behind_a_header_line_is_refused() {
    assert_eq!(
        wrong_file("era: 2.6.20 # the last\n"),
        "t.scn:1:13: found `#`, expected an era, one of 2.6.19, series:1, series:7, 2.6.20; \
         a comment has a line of its own"
    );
}

#[test]
fn an_unknown_header_key_is_refused_with_the_nearest() {
    assert_eq!(
        wrong_file("eras: 2.6.20\n"),
        "t.scn:1:1: found `eras`, expected a header key, era, mode, model-only: `era`?"
    );
    assert_eq!(
        wrong_file("author: me\n"),
        "t.scn:1:1: found `author`, expected a header key, era, mode, model-only"
    );
}

#[test]
fn a_header_key_given_twice_is_refused() {
    assert_eq!(
        wrong_file("mode: bio\nera: 2.6.20\nmode: rq\n"),
        "t.scn:3:1: found a second `mode:`, expected one: line 1 has it"
    );
}

#[test]
fn a_header_line_behind_a_verb_is_refused() {
    assert_eq!(
        wrong("mode: rq"),
        "t.scn:4:1: found the header line `mode:`, expected it before all verbs"
    );
}

#[test]
fn a_mode_that_is_neither_bio_nor_rq_is_refused() {
    assert_eq!(wrong_file("mode: blk\n"), "t.scn:1:7: found `blk`, expected bio or rq");
    assert_eq!(wrong_file("mode: \n"), "t.scn:1:6: found the end of the line, expected bio or rq");
    assert_eq!(
        wrong_file("mode: bio # both\n"),
        "t.scn:1:11: found `#`, expected bio or rq; a comment has a line of its own"
    );
}

#[test]
fn a_mode_named_twice_is_refused() {
    assert_eq!(wrong_file("mode: rq bio rq\n"), "t.scn:1:14: found `rq`, expected each mode once");
}

#[test]
fn model_only_without_a_reason_is_refused() {
    assert_eq!(
        wrong_file("model-only:\n"),
        "t.scn:1:12: found the end of the line, expected the reason"
    );
}

#[test]
fn a_table_line_above_all_verbs_is_refused() {
    assert_eq!(
        wrong_file("era: 2.6.20\n  0 8 zero\n"),
        "t.scn:2:3: found an indented line, expected a header line or a verb in column 1"
    );
}

#[test]
fn a_table_line_below_a_verb_without_a_table_is_refused() {
    assert_eq!(
        wrong("suspend mp\n  0 8 zero"),
        "t.scn:5:3: found a table line below `suspend mp`, which takes none, expected a verb in \
         column 1"
    );
}

#[test]
fn a_second_table_is_refused() {
    assert_eq!(
        wrong("load mp --table \"0 8 zero\"\n  8 8 zero"),
        "t.scn:5:3: found a table line below `load mp`, which takes none, expected a verb in \
         column 1"
    );
}

#[test]
fn a_verb_whose_table_is_missing_is_refused() {
    assert_eq!(
        wrong("create mp2\nsuspend mp"),
        "t.scn:4:1: found no table for `create mp2`, expected indented lines below it or \
         --table or --notable"
    );
    assert_eq!(
        wrong("load mp"),
        "t.scn:4:1: found no table for `load mp`, expected indented lines below it or --table"
    );
    assert_eq!(
        wrong("load mp\n----"),
        "t.scn:4:1: found no table for `load mp`, expected indented lines below it or --table"
    );
}

#[test]
fn an_empty_table_in_quotes_is_refused() {
    assert_eq!(
        wrong("load mp --table \" \""),
        "t.scn:4:17: found ` `, expected a table, START LENGTH TYPE and the target's arguments"
    );
}

#[test]
fn a_table_together_with_notable_is_refused() {
    assert_eq!(
        wrong("create mp2 --notable --table \"0 8 zero\""),
        "t.scn:4:12: found `--notable`, expected either it or --table"
    );
}

#[test]
fn a_backslash_that_nothing_continues_is_refused() {
    assert_eq!(
        wrong("load mp\n  0 8 \\").replace('\n', ""),
        "t.scn:5:7: found a backslash at the end of the last line, expected a line that \
         continues it"
    );
    assert_eq!(
        wrong("load mp\n  0 8 \\\n----\n"),
        "t.scn:5:7: found a backslash at the end of the last line, expected a line that \
         continues it"
    );
}

#[test]
fn a_comment_that_continues_a_line_is_refused() {
    assert_eq!(
        wrong("load mp\n  \\\n # 0 8 zero"),
        "t.scn:6:2: found a comment behind a backslash, expected the rest of the line"
    );
}

#[test]
fn two_backslashes_at_the_end_are_refused() {
    assert_eq!(
        wrong("load mp\n  0 8 zero \\ \\\n\n"),
        "t.scn:5:12: found two backslashes at the end, expected one"
    );
}

#[test]
fn a_quote_that_nothing_closes_is_refused() {
    assert_eq!(
        wrong("load mp --table \"0 8 zero"),
        "t.scn:4:17: found a quote that nothing closes"
    );
}

#[test]
fn a_quote_inside_a_word_is_refused() {
    let message = "found a quote inside a word, expected white space around it";
    assert_eq!(wrong("message mp 0 a\"b\""), format!("t.scn:4:15: {message}"));
    assert_eq!(wrong("message mp 0 \"a\"b"), format!("t.scn:4:17: {message}"));
}

#[test]
fn expected_output_of_nothing_is_refused() {
    assert_eq!(
        wrong_file("era: 2.6.20\n----\n"),
        "t.scn:2:1: found `----`, expected a verb above the expected output"
    );
}

#[test]
fn a_block_for_an_unknown_era_is_refused() {
    assert_eq!(
        wrong("clear mp\n---- 2.4"),
        "t.scn:5:6: found `2.4`, expected an era, one of 2.6.19, series:1, series:7, 2.6.20, or \
         kernel"
    );
    assert_eq!(
        wrong("clear mp\n---- 2.6.20 kernel"),
        "t.scn:5:13: found `kernel`, expected an era, one of 2.6.19, series:1, series:7, 2.6.20"
    );
}

#[test]
fn a_block_for_an_era_that_the_header_lacks_is_refused() {
    assert_eq!(
        wrong("clear mp\n---- series:7"),
        "t.scn:5:6: found `series:7`, expected an era of the header: 2.6.20, 2.6.19"
    );
}

#[test]
fn a_second_block_for_an_era_is_refused() {
    assert_eq!(
        wrong("clear mp\n---- 2.6.19\nx\n---- 2.6.20 2.6.19\n"),
        "t.scn:7:13: found a second block for `2.6.19`, expected one: line 5 has it"
    );
    assert_eq!(
        wrong("clear mp\n---- 2.6.19 2.6.19\n"),
        "t.scn:5:13: found a second block for `2.6.19`, expected one: line 5 has it"
    );
}

#[test]
fn a_second_block_for_all_eras_is_refused() {
    assert_eq!(
        wrong("clear mp\n----\nx\n----\n"),
        "t.scn:7:1: found a second block for all eras, expected one: line 5 has it"
    );
}

#[test]
fn an_era_without_a_block_is_refused() {
    assert_eq!(
        wrong("clear mp\n---- 2.6.20\nx\n"),
        "t.scn:5:1: found no block for era `2.6.19`, expected `---- 2.6.19` or `----`"
    );
}

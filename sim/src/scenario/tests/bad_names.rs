//! What is refused of names and tags: their characters, and whether a line above declares them.
use super::wrong;

#[test]
fn a_character_that_no_name_has_is_refused_at_its_place() {
    let end = "expected letters, digits and + - . : = @ _ (no - in front)";
    assert_eq!(wrong("disk sd/b 8"), format!("t.scn:4:8: found `/` in the name `sd/b`, {end}"));
    assert_eq!(
        wrong("create -x --notable"),
        format!("t.scn:4:8: found `-` in the name `-x`, {end}")
    );
    assert_eq!(
        wrong("create \"a b\" --notable"),
        format!("t.scn:4:10: found ` ` in the name `a b`, {end}")
    );
    assert_eq!(
        wrong("create m\u{1}ü --notable"),
        format!("t.scn:4:9: found `\\u{{1}}` in the name `m\\u{{1}}ü`, {end}")
    );
}

#[test]
fn a_name_that_is_too_long_or_empty_is_refused() {
    assert_eq!(
        wrong(&format!("create {} --notable", "x".repeat(128))),
        "t.scn:4:8: found a name of 128 characters, expected at most 127"
    );
    assert_eq!(
        wrong("create \"\" --notable"),
        "t.scn:4:8: found an empty name, expected at least one letter"
    );
}

#[test]
fn a_second_device_or_disk_of_the_same_name_is_refused() {
    let end = "expected a new name: line 2 has this one";
    assert_eq!(wrong("disk sda 8"), format!("t.scn:4:6: found a second `sda`, {end}"));
    assert_eq!(wrong("create sda --notable"), format!("t.scn:4:8: found a second `sda`, {end}"));
    assert_eq!(
        wrong("create mp --notable"),
        "t.scn:4:8: found a second `mp`, expected a new name: line 3 has this one"
    );
    assert_eq!(wrong("replug sda as sda"), format!("t.scn:4:15: found a second `sda`, {end}"));
}

#[test]
fn a_second_tag_of_the_same_name_is_refused() {
    let end = "expected a new name: line 4 has this one";
    assert_eq!(
        wrong("io x mp r 0 1\nio x mp r 0 1"),
        format!("t.scn:5:4: found a second `x`, {end}")
    );
    assert_eq!(
        wrong("io x mp r 0 1\nsuspend mp --tag x &"),
        format!("t.scn:5:18: found a second `x`, {end}")
    );
}

#[test]
fn a_disk_that_no_line_above_declares_is_refused() {
    assert_eq!(
        wrong("hold sdb\ndisk sdb 8"),
        "t.scn:4:6: found `sdb`, expected a disk of a line above, such as `sda`"
    );
    assert_eq!(
        wrong("hold nvme0n1"),
        "t.scn:4:6: found `nvme0n1`, expected a disk of a line above"
    );
}

#[test]
fn a_device_that_no_line_above_declares_is_refused() {
    assert_eq!(
        wrong("suspend root"),
        "t.scn:4:9: found `root`, expected a mapped device of a line above"
    );
    assert_eq!(
        wrong("io 1 root r 0 1"),
        "t.scn:4:6: found `root`, expected a mapped device or a disk of a line above"
    );
}

#[test]
fn a_disk_is_no_mapped_device_and_the_reverse() {
    assert_eq!(wrong("suspend sda"), "t.scn:4:9: found the disk `sda`, expected a mapped device");
    assert_eq!(wrong("hold mp"), "t.scn:4:6: found the mapped device `mp`, expected a disk");
}

#[test]
fn a_disk_is_no_path_to_its_own_lun() {
    assert_eq!(
        wrong("disk sdb 8 lun sdb"),
        "t.scn:4:16: found `sdb`, expected a disk of a line above"
    );
}

#[test]
fn a_tag_that_no_line_above_declares_is_refused() {
    assert_eq!(
        wrong("wait s\nsuspend mp --tag s &"),
        "t.scn:4:6: found `s`, expected the tag of an io or of a line that ends in `&` of a line \
         above"
    );
}

#[test]
fn waiting_for_a_call_in_the_foreground_is_refused() {
    assert_eq!(
        wrong("suspend mp --tag s\nwait s"),
        "t.scn:5:6: found `s`, which line 4 itself waits for, expected the tag of an io or of a \
         line that ends in `&`"
    );
}

#[test]
fn waiting_twice_is_refused() {
    assert_eq!(
        wrong("io 1 mp r 0 1\nwait 1\nwait 1"),
        "t.scn:6:6: found `1`, which line 5 already waited for, expected the tag of an io or of a \
         line that ends in `&`"
    );
}

#[test]
fn a_signal_to_an_io_is_refused() {
    assert_eq!(
        wrong("io 1 mp r 0 1\nsignal 1"),
        "t.scn:5:8: found the io `1`, expected the tag of a line that ends in `&`"
    );
}

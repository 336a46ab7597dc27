//! How tables are refused: message, error number and place. Lines start at 10:3.
use super::*;

/// Place, error and message, on one line.
fn wrong(lines: &[&str]) -> String {
    let error = parse(lines).expect_err("the table is bad");
    let warning = error.warning.map_or(String::new(), |warning| format!(" ({warning})"));
    let by = match error.refuser {
        Refuser::Dmsetup => "dmsetup".to_owned(),
        Refuser::Kernel => error.errno.code().to_string(),
    };
    format!("{}:{} {by} {}{warning}", error.line, error.column, error.message)
}

#[test]
fn dmsetup_refuses_what_is_no_number() {
    assert_eq!(wrong(&["x 8 zero"]), "10:3 dmsetup Invalid format on line 1");
    assert_eq!(wrong(&["0 x zero"]), "10:5 dmsetup Invalid format on line 1");
}

#[test]
fn dmsetup_refuses_a_line_without_a_type() {
    assert_eq!(wrong(&["0 8"]), "10:6 dmsetup Invalid format on line 1");
}

#[test]
fn dmsetup_looks_at_all_lines_before_the_kernel_sees_one() {
    assert_eq!(wrong(&["5 0 bogus", "8"]), "11:4 dmsetup Invalid format on line 2");
}

#[test]
fn a_table_without_targets_is_refused() {
    let message = "-EINVAL populate_table: no targets specified";
    assert_eq!(wrong(&["# nothing"]), format!("10:3 {message}"));
    assert_eq!(wrong(&[]), format!("0:0 {message}"));
}

#[test]
fn a_target_without_sectors_is_refused_before_its_type_is_looked_up() {
    assert_eq!(wrong(&["0 0 bogus"]), "10:5 -EINVAL zero-length target");
}

#[test]
fn an_unknown_type_is_refused_before_a_gap() {
    assert_eq!(wrong(&["7 8 bogus"]), "10:7 -EINVAL bogus: unknown target type");
}

#[test]
fn a_gap_is_refused_before_the_arguments() {
    assert_eq!(wrong(&["1 8 linear"]), "10:3 -EINVAL linear: Gap in table");
    assert_eq!(wrong(&["0 8 zero", "9 8 zero"]), "11:3 -EINVAL zero: Gap in table");
    assert_eq!(wrong(&["0 8 zero", "4 8 zero"]), "11:3 -EINVAL zero: Gap in table");
}

#[test]
fn a_linear_target_has_two_arguments() {
    let message = "-EINVAL linear: Invalid argument count";
    assert_eq!(wrong(&["0 8 linear /dev/sda"]), format!("10:7 {message}"));
    assert_eq!(wrong(&["0 8 linear /dev/sda 0 0"]), format!("10:7 {message}"));
}

#[test]
fn a_linear_target_needs_a_sector() {
    assert_eq!(
        wrong(&["0 8 linear /dev/sda x"]),
        "10:23 -EINVAL linear: dm-linear: Invalid device sector"
    );
}

#[test]
fn a_linear_target_needs_a_device() {
    let message = "-EINVAL linear: dm-linear: Device lookup failed";
    assert_eq!(wrong(&["0 8 linear /dev/sdx 0"]), format!("10:14 {message}"));
    assert_eq!(wrong(&["0 8 linear 4096:0 0"]), format!("10:14 {message}"));
}

#[test]
fn a_device_that_is_too_small_is_warned_of_and_then_refused() {
    let message = "-EINVAL linear: dm-linear: Device lookup failed";
    let warning = "(device /dev/sda too small for target)";
    assert_eq!(wrong(&["0 8 linear /dev/sda 2041"]), format!("10:14 {message} {warning}"));
    assert_eq!(wrong(&["0 1 linear /dev/sda 2048"]), format!("10:14 {message} {warning}"));
    assert_eq!(wrong(&["0 1 linear /dev/sda 4096"]), format!("10:14 {message} {warning}"));
}

#[test]
fn a_striped_target_has_two_arguments_at_least() {
    assert_eq!(wrong(&["0 8 striped 2"]), "10:7 -EINVAL striped: Not enough arguments");
}

#[test]
fn a_striped_target_needs_a_count() {
    let message = "-EINVAL striped: Invalid stripe count";
    assert_eq!(wrong(&["0 8 striped 2x 8"]), format!("10:15 {message}"));
    assert_eq!(wrong(&["0 8 striped 0 8"]), format!("10:15 {message}"));
}

#[test]
fn a_striped_target_needs_a_chunk_size() {
    assert_eq!(wrong(&["0 8 striped 2 8k"]), "10:17 -EINVAL striped: Invalid chunk_size");
}

#[test]
fn a_chunk_is_a_power_of_two_of_at_least_a_page() {
    for chunk in ["0", "4", "12"] {
        assert_eq!(
            wrong(&[&format!("0 48 striped 2 {chunk} /dev/sda 0 /dev/sdb 0")]),
            "10:18 -EINVAL striped: Invalid chunk size"
        );
    }
}

#[test]
fn a_striped_target_is_whole_chunks_long() {
    assert_eq!(
        wrong(&["0 12 striped 2 8 /dev/sda 0 /dev/sdb 0"]),
        "10:18 -EINVAL striped: Target length not divisible by chunk size"
    );
}

#[test]
fn a_striped_target_is_whole_stripes_long() {
    assert_eq!(
        wrong(&["0 16 striped 3 8 /dev/sda 0 /dev/sdb 0 /dev/sdc 0"]),
        "10:16 -EINVAL striped: Target length not divisible by number of stripes"
    );
}

#[test]
fn a_striped_target_has_a_pair_of_arguments_for_each_stripe() {
    let message = "-EINVAL striped: Not enough destinations specified";
    assert_eq!(wrong(&["0 16 striped 2 8 /dev/sda 0"]), format!("10:30 {message}"));
    assert_eq!(wrong(&["0 16 striped 1 8 /dev/sda 0 /dev/sdb 0"]), format!("10:41 {message}"));
}

#[test]
fn a_count_of_stripes_that_wraps_finds_no_memory() {
    assert_eq!(
        wrong(&["0 2147483648 striped 2147483648 8"]),
        "10:24 -ENOMEM striped: Memory allocation for striped context failed"
    );
}

#[test]
fn a_stripe_without_a_sector_and_one_without_a_device_differ_in_their_error() {
    let message = "striped: Couldn't parse stripe destination";
    assert_eq!(
        wrong(&["0 16 striped 2 8 /dev/sda 0 /dev/sdb x"]),
        format!("10:40 -EINVAL {message}")
    );
    assert_eq!(
        wrong(&["0 16 striped 2 8 /dev/sda 0 /dev/sdx 0"]),
        format!("10:31 -ENXIO {message}")
    );
    assert_eq!(
        wrong(&["0 16 striped 2 8 /dev/sda 2044 /dev/sdb 0"]),
        format!("10:20 -ENXIO {message} (device /dev/sda too small for target)")
    );
}

#[test]
fn a_zero_target_takes_no_arguments() {
    assert_eq!(wrong(&["0 8 zero 1"]), "10:12 -EINVAL zero: No arguments required");
}

#[test]
fn a_delay_target_has_three_or_six_arguments() {
    assert_eq!(
        wrong(&["0 8 delay /dev/sda 0"]),
        "10:7 -EINVAL delay: requires exactly 3 or 6 arguments"
    );
}

#[test]
fn a_delay_target_checks_sector_then_delay_then_device() {
    let lines = ["0 8 delay /dev/sdx x x", "0 8 delay /dev/sdx 0 x", "0 8 delay /dev/sdx 0 0"];
    let messages = [
        "10:22 -EINVAL delay: Invalid device sector",
        "10:24 -EINVAL delay: Invalid delay",
        "10:13 -EINVAL delay: Device lookup failed",
    ];
    assert_eq!(lines.map(|line| wrong(&[line])), messages);
}

#[test]
fn a_delay_target_checks_what_is_for_writes_after_what_is_for_reads() {
    let line = |rest: &str| wrong(&[&format!("0 8 delay /dev/sda 0 0 {rest}")]);
    assert_eq!(line("/dev/sdx x x"), "10:35 -EINVAL delay: Invalid write device sector");
    assert_eq!(line("/dev/sdx 0 x"), "10:37 -EINVAL delay: Invalid write delay");
    assert_eq!(line("/dev/sdx 0 0"), "10:26 -EINVAL delay: Write device lookup failed");
}

#[test]
fn a_multipath_target_needs_devices_with_its_own_sectors() {
    let line = "0 4096 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000";
    assert_eq!(
        wrong(&[line]),
        "10:46 -EINVAL multipath: error getting device (device 8:0 too small for target)"
    );
}

#[test]
fn a_multipath_path_is_looked_for_at_the_place_of_its_target() {
    let line = "2048 8 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000";
    assert_eq!(
        wrong(&["0 2048 zero", line]),
        "11:46 -EINVAL multipath: error getting device (device 8:0 too small for target)"
    );
}

#[test]
fn an_error_says_its_message_alone() {
    let error = parse(&["0 8 bogus"]).unwrap_err();
    assert_eq!(error.to_string(), "bogus: unknown target type");
}

//! Bad input is refused, each kind with its own words: tables in the kernel's, scenarios and
//! configurations with file, line and column. Trails: `bad_trails.rs`.
use dm_model::era::Era;
use dm_sim::world::config::Configuration;
use dm_sim::world::schedule::transcript;

/// What a text prints, or why it is refused.
fn run(text: &str) -> String {
    let world = Configuration::parse("t.dm", text).and_then(|it| it.world(Era::Linux2_6_20));
    match world {
        Ok(world) => transcript(world).join("\n"),
        Err(error) => error.to_string(),
    }
}

/// What the kernel logs and what the load returns for a table of these lines.
fn load(table: &[&str]) -> String {
    let top = "era: 2.6.20\ndisk sda 2048\ndisk sdb 1024\ncreate d --notable\nload d\n";
    let lines: String = table.iter().flat_map(|line| ["  ", line, "\n"]).collect();
    let printed = run(&format!("{top}{lines}"));
    printed.strip_prefix("create d --notable = ok\n").unwrap_or(&printed).to_owned()
}

/// Each table with what the kernel says of it behind `device-mapper: table: 253:0: `, and -EINVAL.
fn assert_refused(cases: &[(&str, &str)]) {
    for (table, message) in cases {
        let table: Vec<_> = table.split('\n').collect();
        let expected = format!("  device-mapper: table: 253:0: {message}\nload d = EINVAL");
        assert_eq!(load(&table), expected, "{table:?}");
    }
}

/// A scenario of a linear device with these lines, for the model only.
fn linear(lines: &str) -> String {
    let top = "era: 2.6.20\nmodel-only: a test\ndisk sda 2048\ncreate d\n  0 2048 linear 8:0 0\n";
    run(&format!("{top}{lines}\n"))
}

/// A configuration with these lines in its header.
fn header(lines: &str) -> String {
    run(&format!("era: 2.6.20\n{lines}\ndisk sda 8\ncreate d --notable\n"))
}

#[test]
fn the_kernel_refuses_a_table_of_lines_that_do_not_fit() {
    assert_refused(&[
        ("0 8 bogus", "bogus: unknown target type"),
        ("0 0 zero", "zero-length target"),
        ("8 8 zero", "zero: Gap in table"),
        ("0 8 zero\n16 8 zero", "zero: Gap in table"),
        ("0 8 zero\n4 8 zero", "zero: Gap in table"),
    ]);
}

#[test]
fn the_kernel_refuses_the_arguments_of_simple_targets() {
    assert_refused(&[
        ("0 8 linear", "linear: Invalid argument count"),
        ("0 8 linear /dev/sda 0 0", "linear: Invalid argument count"),
        ("0 8 linear /dev/sda x", "linear: dm-linear: Invalid device sector"),
        ("0 8 linear /dev/sdx 0", "linear: dm-linear: Device lookup failed"),
        ("0 8 linear 8:32 0", "linear: dm-linear: Device lookup failed"),
        ("0 8 striped 2", "striped: Not enough arguments"),
        ("0 16 striped two 8 8:0 0 8:16 0", "striped: Invalid stripe count"),
        ("0 16 striped 2 x 8:0 0 8:16 0", "striped: Invalid chunk_size"),
        ("0 16 striped 2 12 8:0 0 8:16 0", "striped: Invalid chunk size"),
        ("0 24 striped 2 16 8:0 0 8:16 0", "striped: Target length not divisible by chunk size"),
        ("0 16 striped 2 8 8:0 0", "striped: Not enough destinations specified"),
        ("0 8 zero 1", "zero: No arguments required"),
        ("0 8 delay /dev/sda 0", "delay: requires exactly 3 or 6 arguments"),
        ("0 8 delay /dev/sda 0 soon", "delay: Invalid delay"),
    ]);
}

#[test]
fn the_kernel_refuses_the_arguments_of_multipath() {
    let cases = [
        ("", "invalid number of feature args"),
        ("1 queue_if_no_paths 0 1 1 GROUP", "Unrecognised multipath feature request"),
        ("0 1 hal 1 1 GROUP", "unknown hardware handler type"),
        ("0 2 emc 1 1 1 GROUP", "hardware handler constructor failed"),
        ("0 0 0 1", "invalid number of priority groups"),
        ("0 0 1 0 GROUP", "invalid initial priority group number"),
        ("0 0 2 1 GROUP", "priority group count mismatch"),
        ("0 0 1 1 least-pending 0 1 1 8:0 1", "unknown path selector type"),
        ("0 0 1 1 round-robin", "not enough priority group aruments"),
        ("0 0 1 1 round-robin 0 0 1", "invalid number of paths"),
        ("0 0 1 1 round-robin 0 2 1 8:0 1", "Unknown error"),
        ("0 0 1 1 round-robin 0 1 1 8:32 1", "error getting device"),
        ("0 0 1 1 round-robin 0 1 1 8:0 x", "round-robin ps: invalid repeat count"),
        ("0 0 1 1 round-robin 0 1 2 8:0 1 1", "round-robin ps: incorrect number of arguments"),
    ];
    for (arguments, message) in cases {
        let arguments = arguments.replace("GROUP", "round-robin 0 1 1 8:0 1");
        let table = format!("0 8 multipath {arguments}");
        assert_refused(&[(&table, &format!("multipath: {message}"))]);
    }
}

#[test]
fn a_device_that_is_too_small_is_warned_about_first() {
    let warning = "  device-mapper: table: device /dev/sdb too small for target\n";
    let linear = "  device-mapper: table: 253:0: linear: dm-linear: Device lookup failed\n";
    let multipath = "  device-mapper: table: 253:0: multipath: error getting device\n";
    let end = "load d = EINVAL";
    assert_eq!(load(&["0 2048 linear /dev/sdb 0"]), format!("{warning}{linear}{end}"));
    assert_eq!(
        load(&["0 2048 multipath 0 0 1 1 round-robin 0 1 1 /dev/sdb 1"]),
        format!("{warning}{multipath}{end}")
    );
}

#[test]
fn a_stripe_on_no_device_is_an_address_that_is_not_there() {
    assert_eq!(
        load(&["0 16 striped 2 8 8:0 0 8:32 0"]),
        "  device-mapper: table: 253:0: striped: Couldn't parse stripe destination\n\
         load d = ENXIO"
    );
}

#[test]
fn dmsetup_refuses_a_line_that_is_no_table_line() {
    for (table, line) in [(&["0 zero"][..], 1), (&["zero"], 1), (&["0 8 zero", "8 eight zero"], 2)]
    {
        assert_eq!(load(table), format!("  Invalid format on line {line}\nload d = EINVAL"));
    }
}

#[test]
fn dmsetup_takes_a_device_back_whose_table_is_refused() {
    assert_eq!(
        run("era: 2.6.20\ndisk sda 8\ncreate d\n  0 16 linear /dev/sda 0\ninfo d\n"),
        "  device-mapper: table: device /dev/sda too small for target\n  \
         device-mapper: table: 253:0: linear: dm-linear: Device lookup failed\n\
         create d = EINVAL\n  \
         Device does not exist."
    );
}

#[test]
fn a_refused_table_leaves_the_live_one_alone() {
    assert_eq!(
        linear("load d\n  0 8 bogus\nresume d\ntable d"),
        "create d = ok\n  \
         device-mapper: table: 253:0: bogus: unknown target type\n\
         load d = EINVAL\n\
         resume d = ok\n  \
         0 2048 linear 8:0 0\n\
         table d = ok"
    );
}

#[test]
fn multipath_refuses_a_message_that_makes_no_sense() {
    let top = "era: 2.6.20\ndisk sda 8\ndisk sdb 8\ncreate d\n  \
        0 8 multipath 0 0 1 1 round-robin 0 1 1 /dev/sda 1\n";
    for message in [
        "fail_path",
        "fail_path /dev/sdx",
        "fail_path /dev/sda now",
        "switch_group 0",
        "switch_group 2",
        "disable_group one",
        "queue_if_no_path 1",
        "queue",
    ] {
        assert_eq!(
            run(&format!("{top}message d 0 {message}\n")),
            format!("create d = ok\nmessage d 0 {message} = EINVAL")
        );
    }
    // A disk that is no path of the device is none to fail, and the kernel calls that a success.
    assert_eq!(
        run(&format!("{top}message d 0 fail_path /dev/sdb\n")),
        "create d = ok\nmessage d 0 fail_path /dev/sdb = ok"
    );
}

#[test]
fn a_message_finds_no_target() {
    for line in ["message d 0 fail_path /dev/sda", "message d 2048 fail_path /dev/sda"] {
        assert_eq!(linear(line), format!("create d = ok\n{line} = EINVAL"));
    }
}

#[test]
fn a_name_that_is_gone_is_unknown_to_every_ioctl() {
    for line in ["suspend d", "resume d", "status d", "clear d", "remove d", "message d 0 x"] {
        assert_eq!(
            linear(&format!("remove d\n{line}")),
            format!("create d = ok\nremove d = ok\n{line} = ENXIO")
        );
    }
}

#[test]
fn an_unknown_verb_is_refused_with_the_one_that_was_meant() {
    assert_eq!(linear("supend d"), "t.dm:6:1: found `supend`, expected a verb: `suspend`?");
    assert_eq!(linear("frobnicate d"), "t.dm:6:1: found `frobnicate`, expected a verb");
}

#[test]
fn an_unknown_option_or_a_missing_argument_is_refused_where_it_stands() {
    assert_eq!(
        linear("suspend d --noflsh"),
        "t.dm:6:11: found `--noflsh`, expected an option of suspend: --noflush, --nolockfs, --tag"
    );
    assert_eq!(linear("io a d r 0"), "t.dm:6:11: found the end of the line, expected COUNT");
    assert_eq!(linear("suspend d &"), "t.dm:6:11: a background suspend needs --tag");
}

#[test]
fn an_unknown_tag_is_refused_with_one_that_is_known() {
    assert_eq!(
        linear("io write d w 0 8\nwait wrte"),
        "t.dm:7:6: found `wrte`, expected the tag of an io or of a line that ends in `&` of a \
         line above, such as `write`"
    );
    assert_eq!(
        linear("signal s"),
        "t.dm:6:8: found `s`, expected the tag of a line that ends in `&` of a line above"
    );
    assert_eq!(
        linear("io a d r 0 8\nsignal a"),
        "t.dm:7:8: found the io `a`, expected the tag of a line that ends in `&`"
    );
}

#[test]
fn an_unknown_disk_or_device_is_refused() {
    assert_eq!(
        linear("hold sdb"),
        "t.dm:6:6: found `sdb`, expected a disk of a line above, such as `sda`"
    );
    assert_eq!(linear("suspend sda"), "t.dm:6:9: found the disk `sda`, expected a mapped device");
    assert_eq!(linear("io a sda r 0 8"), "t.dm:6:1: sda is a disk: io goes to a mapped device");
    assert_eq!(
        linear("fault pg_init sda retry"),
        "t.dm:6:1: sda is a disk: a fault needs a mapped device"
    );
}

#[test]
fn a_fault_needs_a_reason_why_no_kernel_does_it() {
    assert_eq!(
        run("era: 2.6.20\ncreate d --notable\nfault bdget d\n"),
        "t.dm:3:1: found `fault`, expected `model-only: REASON` in the header, because no real \
         kernel can do this"
    );
}

#[test]
fn an_absurd_size_is_refused() {
    let end = "a table of the model ends below sector 2^32";
    for sectors in ["4294967296", "18446744073709551615"] {
        assert_eq!(
            load(&[&format!("0 {sectors} zero")]),
            format!("t.dm:5:1: {sectors} sectors: {end}")
        );
    }
    assert_eq!(
        linear("disk sdb 4294967297"),
        "t.dm:6:10: found `4294967297`, expected SECTORS, a number from 1 to 4294967296"
    );
    assert_eq!(
        linear("io a d r 0 33"),
        "t.dm:6:12: found `33`, expected COUNT, a number from 1 to 32"
    );
    let end = "sectors more: the model ends below sector 2^32";
    assert_eq!(linear("io a d r 4294967295 32"), format!("t.dm:6:1: 4294967295 and 32 {end}"));
    assert_eq!(linear("medium sda 4294967295 1"), format!("t.dm:6:1: 4294967295 and 1 {end}"));
}

#[test]
fn io_beyond_the_end_of_the_device_fails() {
    assert_eq!(linear("io a d r 2047 2"), "create d = ok\nio a = EIO");
}

#[test]
fn too_many_of_anything_is_refused() {
    assert_eq!(
        linear(&"status d\n".repeat(300)),
        "t.dm:258:1: more than 255 ioctls and other acts"
    );
    let disks = (0..300).map(|number| format!("disk d{number} 8\n")).collect::<Vec<_>>().concat();
    assert_eq!(run(&format!("era: 2.6.20\n{disks}")), "t.dm:257:1: more than 255 paths");
    let ios = (0..9).map(|number| format!("io i{number} d r 0 8\n")).collect::<Vec<_>>().concat();
    assert_eq!(linear(&ios), "t.dm:14:1: found io number 9, expected at most 8 (BIO_COUNT_MAX)");
    assert_eq!(
        linear("load d\n  0 2048 striped 2 8 8:0 0 8:0 1024\nio a d r 1 32"),
        "t.dm:8:1: a table cuts it into 5 clones, at most 4 fit"
    );
}

#[test]
fn a_second_made_up_verdict_of_one_function_is_refused() {
    assert_eq!(
        linear("fault verdict d map 1\nfault verdict d end_io 0\nfault verdict d map 3"),
        "t.dm:8:1: verdict 3 after 1 of one function: one is known"
    );
}

#[test]
fn a_step_of_a_process_that_never_comes_is_shown() {
    assert_eq!(
        linear("step nobody until S4\nsuspend d"),
        "create d = ok\nsuspend d = not reached\nstep nobody until S4 = not reached"
    );
}

#[test]
fn a_mode_that_no_era_has_is_refused() {
    assert_eq!(
        run("era: 2.6.20\nmode: rq\ndisk sda 8\n"),
        "t.dm:3:1: mode rq: the eras of the model are bio-based"
    );
}

#[test]
fn an_unknown_era_is_refused() {
    let known = "2.6.19, series:1, series:2, series:3, series:4, series:5, series:6, series:7, \
        2.6.20, hardened";
    assert_eq!(
        run("era: 2.6.21\ndisk sda 8\n"),
        format!("t.dm:1:6: found `2.6.21`, expected an era, one of {known}")
    );
    assert_eq!(run(""), "t.dm:1:1: found an empty file, expected the header line `era:`");
}

#[test]
fn a_value_that_a_header_key_does_not_take_is_refused() {
    assert_eq!(header("faults: x"), "t.dm:2:9: faults: expected 0 to 255, found x");
    assert_eq!(header("faults: 256"), "t.dm:2:9: faults: expected 0 to 255, found 256");
    assert_eq!(header("signals: -1"), "t.dm:2:10: signals: expected 0 to 255, found -1");
    assert_eq!(header("heals: maybe"), "t.dm:2:8: heals: expected yes or no, found maybe");
    assert_eq!(header("reorders: 1"), "t.dm:2:11: reorders: expected yes or no, found 1");
    assert_eq!(header("open: always"), "t.dm:2:7: open: expected held, found always");
    assert_eq!(
        header("mutant: dormouse"),
        "t.dm:2:9: mutant: expected the name of a mutant, found dormouse"
    );
}

#[test]
fn an_unknown_or_misplaced_header_key_is_refused() {
    let keys = "expected a header key, era, mode, model-only";
    assert_eq!(header("fautls: 1"), format!("t.dm:2:1: found `fautls`, {keys}"));
    assert_eq!(header("faults: 1\nfaults: 2"), "t.dm:3:1: the header names faults twice");
    assert_eq!(
        run("era: 2.6.20\ndisk sda 8\nfaults: 1\n"),
        format!("t.dm:3:1: found `faults`, {keys}")
    );
}

/// So many lines of one kind, numbered from `first`.
fn lines(first: usize, count: usize, line: impl Fn(usize) -> String) -> String {
    let lines: Vec<String> = (first..first + count).map(line).collect();
    lines.concat()
}

#[test]
fn the_model_refuses_what_it_is_too_small_for() {
    let stacked = |count: usize| -> String {
        let bottom = "era: 2.6.20\ndisk sda 8\ncreate d0\n  0 8 linear /dev/sda 0\n";
        let upper = lines(1, count - 1, |it| {
            format!("create d{it}\n  0 8 linear /dev/mapper/d{} 0\n", it - 1)
        });
        format!("{bottom}{upper}")
    };
    assert_eq!(run(&stacked(3)).lines().count(), 3);
    let deep = "t.dm:9:1: d3 stands on itself or on more than 2 devices, one on the other";
    assert_eq!(run(&stacked(4)), deep);
    let itself = format!("{}load d0\n  0 8 linear /dev/mapper/d0 0\n", stacked(1));
    let message = "t.dm:5:1: d0 stands on itself or on more than 2 devices, one on the other";
    assert_eq!(run(&itself), message);

    let slices = |count| lines(0, count, |it| format!("  {it} 1 linear /dev/sda {it}\n"));
    let cut = format!("era: 2.6.20\ndisk sda 8\ncreate low\n{}", slices(5));
    let below = "create top\n  0 5 linear /dev/mapper/low 0\nio a top r 0 5\n";
    let message = "t.dm:11:1: a table cuts it into 5 clones, at most 4 fit";
    assert_eq!(run(&format!("{cut}{below}")), message);

    let ios = lines(0, 5, |it| format!("io a{it} d r 0 4\n"));
    let many = format!("era: 2.6.20\ndisk sda 8\ncreate d\n{}{ios}", slices(4));
    let message = "t.dm:12:1: the bios so far are cut into 20 clones, at most 16 fit";
    assert_eq!(run(&many), message);
}

//! How verbs are brought about on a kernel, operation by operation, and what cannot be.
use dm_model::era::ERA_NAMES;
use dm_sim::scenario;
use expect_test::{Expect, expect};

use super::*;

const HEADER: &str = "era: 2.6.20\nmode: bio rq\n";

fn compiled(body: &str, mode: Mode) -> Result<Script, ScriptError> {
    let text = format!("{HEADER}{body}");
    let scenario = scenario::parse("test.dm", &text, &ERA_NAMES).expect("it parses");
    script(&scenario, mode, 7, &mut Free::default())
}

fn shows(body: &str, mode: Mode, expected: &Expect) {
    expected.assert_eq(&compiled(body, mode).expect("a kernel can do it").text);
}

const MULTIPATH: &str = "\
disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 /dev/sda 1000
";

#[test]
fn bio_mode_is_a_feature_and_a_path_is_a_gate() {
    shows(
        &format!("{MULTIPATH}hold sda\nio a mp w 0 8 fsync\nrelease sda error\n"),
        Mode::Bio,
        &expect![[r"
            begin	7
            step	3
            create	0	s7-gate.sda	0	2048	linear	{ram0} 0
            node	/dev/sda	s7-gate.sda
            step	4
            create	4	s7-md.mp	0	2048	multipath	3 queue_if_no_path queue_mode bio 0 1 1 round-robin 0 1 1 /dev/sda 1000
            node	/dev/mapper/mp	s7-md.mp
            step	6
            suspend	0	s7-gate.sda	3074	
            step	7
            io	a	/dev/mapper/mp	w	0	8	1	fsync
            step	8
            load	0	s7-gate.sda	0	2048	error	
            suspend	0	s7-gate.sda	0	
            drain
            inflight	s7-md.mp
            end
        "]],
    );
}

#[test]
fn a_path_of_a_request_based_target_is_a_loop_device_over_its_gate() {
    shows(
        &format!("{MULTIPATH}unplug sda\nreplug sda\n"),
        Mode::Rq,
        &expect![[r"
            begin	7
            step	3
            create	0	s7-gate.sda	0	2048	linear	{ram0} 0
            node	/dev/gate.sda	s7-gate.sda
            loop	/dev/sda	/dev/gate.sda
            again	/dev/sda
            step	4
            create	4	s7-md.mp	0	2048	multipath	1 queue_if_no_path 0 1 1 round-robin 0 1 1 /dev/sda 1000
            node	/dev/mapper/mp	s7-md.mp
            step	6
            suspend	0	s7-gate.sda	3074	
            load	0	s7-gate.sda	0	2048	error	
            suspend	0	s7-gate.sda	0	
            unlink	/dev/sda
            step	7
            suspend	0	s7-gate.sda	3074	
            load	0	s7-gate.sda	0	2048	linear	{ram0} 0
            suspend	0	s7-gate.sda	0	
            again	/dev/sda
            drain
            inflight	s7-md.mp
            end
        "]],
    );
}

#[test]
fn numbers_of_devices_are_those_of_the_kernel_and_flags_are_bits() {
    let body = "\
disk sda 2048
disk sdb 2048 lun sda
create d
  0 1024 linear 8:16 0
message d 0 fail_path 8:0
suspend d --noflush --nolockfs --tag s &
signal s
resume d --tag r
remove d --deferred
status d --noflush
table d
";
    let text = compiled(body, Mode::Bio).expect("a kernel can do it").text;
    for line in [
        "create\t0\ts7-gate.sdb\t0\t2048\tlinear\t{ram0} 0",
        "create\t5\ts7-md.d\t0\t1024\tlinear\t{/dev/sdb} 0",
        "message\t7\ts7-md.d\t0\tfail_path {/dev/sda}",
        "suspend\t8\ts7-md.d\t3074\ts",
        "signal\t9\ts",
        "suspend\t10\ts7-md.d\t0\t",
        "remove\t11\ts7-md.d\t131072\t",
        "status\t12\ts7-md.d\t2048",
        "status\t13\ts7-md.d\t2064",
    ] {
        assert!(text.lines().any(|it| it == line), "{line:?} is not in:\n{text}");
    }
}

#[test]
fn a_lun_with_medium_errors_is_scsi_debugs_by_every_path() {
    let body = "\
disk sda 2048
disk sdb 2048 lun sda
disk sdc 2048
create d
  0 2048 linear /dev/sda 0
unplug sdb
replug sdb as sdd
medium sdd 8 4
";
    let script = compiled(body, Mode::Bio).expect("a kernel can do it");
    assert!(script.needs_scsi);
    let on_scsi =
        |name: &str| script.text.contains(&format!("{name}\t0\t2048\tlinear\t{{scsi}} 0"));
    assert!(on_scsi("sda") && on_scsi("sdb") && on_scsi("sdd") && !on_scsi("sdc"));
    assert!(script.text.contains("medium_error_start\t8\n"), "{}", script.text);
}

#[test]
fn what_no_kernel_can_be_brought_to_do_is_refused_with_its_place() {
    let cases = [
        (format!("{MULTIPATH}io a mp r 0 8 readahead\n"), "6:1: no application can see"),
        ("create d\n  x 8 zero\n".to_owned(), "4:3: dmsetup itself refuses this table"),
        (format!("{MULTIPATH}medium sda 0 1\nmedium sda 8 1\n"), "7:1: scsi_debug knows one"),
        (
            "disk sda 4294967296\nmedium sda 0 1\n".to_owned(),
            "3:1: sda has 4294967296 sectors, 131072",
        ),
    ];
    for (body, expected) in cases {
        let error = compiled(&body, Mode::Bio).expect_err("no kernel can").to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let text = "era: 2.6.20\nmode: bio\nmodel-only: why\ncreate d\n  0 8 zero\n";
    let scenario = scenario::parse("test.dm", text, &ERA_NAMES).expect("it parses");
    let error = script(&scenario, Mode::Bio, 0, &mut Free::default()).expect_err("model-only");
    assert_eq!(error.to_string(), "1:1: the scenario is model-only: why");
}

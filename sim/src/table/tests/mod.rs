//! What tables the kernel takes, what it says of them, and how bios fall into clones.
use super::*;
use dm_model::ids::{DiskId, MdId};

mod bad;

/// `sda` (8:0) and `sdb` (8:16) of 2048 sectors, `sdc` (8:32) of unknown size, `mp` (253:0).
struct Fake;

const SDA: Device = Device::Disk(DiskId(0));
const SDB: Device = Device::Disk(DiskId(1));
const SDC: Device = Device::Disk(DiskId(2));
const MP: Device = Device::Md(MdId(0));

impl Devices for Fake {
    fn find(&self, name: &str) -> Option<Device> {
        match name {
            "/dev/sda" | "8:0" => Some(SDA),
            "/dev/sdb" | "8:16" => Some(SDB),
            "/dev/sdc" | "8:32" => Some(SDC),
            "/dev/mapper/mp" | "253:0" => Some(MP),
            _ => None,
        }
    }

    fn sectors(&self, device: Device) -> u64 {
        if device == SDC { 0 } else { 2048 }
    }

    fn number(&self, device: Device) -> String {
        match device {
            Device::Disk(disk) => format!("8:{}", disk.0 * 16),
            Device::Md(md) => format!("253:{}", md.0),
        }
    }
}

fn parse(lines: &[&str]) -> Result<TableSpec, TableError> {
    let placed: Vec<(u32, u32, &str)> =
        (10..).zip(lines).map(|(at, line)| (at, 3, *line)).collect();
    parse_table(&placed, &Fake)
}

fn good(lines: &[&str]) -> TableSpec {
    match parse(lines) {
        Ok(table) => table,
        Err(error) => panic!("{error}"),
    }
}

fn kind(line: &str) -> Kind {
    good(&[line]).targets.remove(0).kind
}

fn told(line: &str) -> String {
    parameters(&good(&[line]).targets[0].kind, &Fake)
}

#[test]
fn a_table_of_two_targets_has_the_size_of_both() {
    let table = good(&["0 1000 linear /dev/sda 24", "1000 24 error"]);
    assert_eq!(table.sectors, 1024);
    let target = &table.targets[1];
    assert_eq!((target.begin, target.len, target.split_io), (1000, 24, 0));
    assert_eq!(table.targets[0].kind, Kind::Linear { device: SDA, start: 24 });
    assert_eq!(table.targets[0].text, "/dev/sda 24");
}

#[test]
fn a_device_is_found_by_number_whatever_stands_behind_it() {
    assert_eq!(kind("0 8 linear 8:16 0"), Kind::Linear { device: SDB, start: 0 });
    assert_eq!(kind("0 8 linear 8:16x 0"), Kind::Linear { device: SDB, start: 0 });
    assert_eq!(kind("0 8 linear /dev/mapper/mp 0"), Kind::Linear { device: MP, start: 0 });
}

#[test]
fn a_sector_may_have_anything_behind_it() {
    assert_eq!(kind("0 8 linear /dev/sda 5k"), Kind::Linear { device: SDA, start: 5 });
}

#[test]
fn a_target_may_end_where_its_device_ends() {
    assert_eq!(kind("0 8 linear /dev/sda 2040"), Kind::Linear { device: SDA, start: 2040 });
}

#[test]
fn a_device_of_unknown_size_has_room_for_everything() {
    assert_eq!(kind("0 9999 linear /dev/sdc 7"), Kind::Linear { device: SDC, start: 7 });
}

#[test]
fn a_striped_target_splits_at_its_chunks() {
    let table = good(&["0 64 striped 2 16 /dev/sda 0 8:16 100"]);
    let stripes = vec![(SDA, 0), (SDB, 100)];
    assert_eq!(table.targets[0].kind, Kind::Striped { chunk: 16, stripes });
    assert_eq!(table.targets[0].split_io, 16);
}

#[test]
fn a_stripe_needs_only_its_share_of_a_device() {
    assert_eq!(good(&["0 4096 striped 2 16 /dev/sda 0 /dev/sdb 0"]).sectors, 4096);
}

#[test]
fn a_delay_target_may_delay_writes_elsewhere() {
    let read = (SDA, 0, 500);
    assert_eq!(kind("0 8 delay /dev/sda 0 500"), Kind::Delay { read, write: None });
    let write = Some((SDB, 8, 0));
    assert_eq!(kind("0 8 delay /dev/sda 0 500 /dev/sdb 8 0"), Kind::Delay { read, write });
}

#[test]
fn an_error_target_looks_at_no_argument() {
    assert_eq!(kind("0 8 error what ever"), Kind::Error);
    assert_eq!(told("0 8 error what ever"), "");
}

#[test]
fn a_zero_target_has_no_arguments() {
    assert_eq!(kind("0 8 zero"), Kind::Zero);
}

#[test]
fn a_multipath_target_is_read_by_its_own_module() {
    let line = "0 8 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000";
    let Kind::Multipath(spec) = kind(line) else { panic!("not multipath") };
    assert_eq!(spec.path_count(), 1);
}

#[test]
fn every_kind_names_its_type() {
    let lines = [
        "0 8 linear 8:0 0",
        "0 8 striped 1 8 8:0 0",
        "0 8 error",
        "0 8 zero",
        "0 8 delay 8:0 0 1",
        "0 8 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000",
    ];
    for line in lines {
        assert_eq!(line.split(' ').nth(2), Some(kind(line).type_name()));
    }
}

#[test]
fn the_told_table_names_devices_by_number() {
    assert_eq!(told("0 8 linear /dev/sda 24"), "8:0 24");
    assert_eq!(told("0 64 striped 2 16 /dev/sda 0 /dev/sdb 1"), "2 16 8:0 0 8:16 1");
    assert_eq!(told("0 8 delay /dev/sda 1 500"), "8:0 1 500");
    assert_eq!(told("0 8 delay /dev/sda 1 500 /dev/sdb 2 0"), "8:0 1 500 8:16 2 0");
    assert_eq!(told("0 8 zero"), "");
}

#[test]
fn the_told_table_is_taken_again() {
    let lines = ["0 8 linear /dev/sda 24", "0 64 striped 2 16 /dev/sda 0 /dev/sdb 1"];
    for line in lines {
        let target = &good(&[line]).targets[0];
        let (len, name) = (target.len, target.kind.type_name());
        let again = kind(&format!("0 {len} {name} {}", parameters(&target.kind, &Fake)));
        assert_eq!(again, target.kind);
    }
}

#[test]
#[should_panic(expected = "tells its state")]
fn the_table_line_of_a_multipath_target_is_not_asked_for_here() {
    told("0 8 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000");
}

#[test]
fn comments_and_empty_lines_of_a_table_are_no_targets() {
    assert_eq!(good(&["# two", "", "0 8 zero # one", "8 8 error"]).targets.len(), 2);
}

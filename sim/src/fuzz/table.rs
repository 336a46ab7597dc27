//! Tables: any lines are refused at their place, or told again as `dmsetup table` does.
use super::{FILE, check_place, devices, row};
use crate::ctr::Devices;
use crate::multipath::{Multipath, MultipathSpec, status};
use crate::table::{Kind, TableSpec, TargetSpec, parameters, parse_table};

/// Reads a table from any bytes, a line of the text a line of the table.
///
/// # Panics
/// When something of the text's way is wrong: see the module.
pub fn table(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<_> = (1..).zip(text.split('\n')).map(|(line, text)| (line, 1, text)).collect();
    let devices = devices();
    match parse_table(&lines, &devices) {
        Err(error) => {
            check_place(&text, error.line, error.column, &error.message);
            assert!(error.errno.code().is_error(), "{error} answers {}", error.errno.code());
        }
        Ok(table) => {
            check_targets(&table);
            let rows: Vec<_> = table.targets.iter().map(row).collect();
            assert_eq!(parse(&rows, &devices), table, "{rows:?}");
            let rows: Vec<_> = table.targets.iter().map(|it| told(it, &devices)).collect();
            let again = parse(&rows, &devices);
            for (again, target) in again.targets.iter().zip(&table.targets) {
                check_told(again, target);
            }
        }
    }
}

fn parse(rows: &[String], devices: &dyn Devices) -> TableSpec {
    let lines: Vec<_> = rows.iter().map(|row| (1, 1, row.as_str())).collect();
    parse_table(&lines, devices).unwrap_or_else(|error| panic!("{FILE}: {error}\n{rows:?}"))
}

/// Targets adjoin, from sector 0 to the end of the table.
fn check_targets(table: &TableSpec) {
    assert!(!table.targets.is_empty(), "a table has a target");
    let mut end = 0;
    for target in &table.targets {
        assert_eq!(target.begin, end, "targets adjoin");
        assert!(target.len > 0, "a target has a sector");
        end = target.begin.wrapping_add(target.len);
    }
    assert_eq!(table.sectors, end, "a table ends with its last target");
}

/// The line of `dmsetup table` before anything has happened.
fn told(target: &TargetSpec, devices: &dyn Devices) -> String {
    let parameters = match &target.kind {
        Kind::Multipath(spec) => status::table(&Multipath::new(spec), spec, devices),
        kind @ (Kind::Linear { .. }
        | Kind::Striped { .. }
        | Kind::Error
        | Kind::Zero
        | Kind::Delay { .. }) => parameters(kind, devices),
    };
    let TargetSpec { begin, len, kind, .. } = target;
    format!("{begin} {len} {} {parameters}", kind.type_name())
}

/// What `dmsetup table` tells is the target again: all but what it does not tell, which are the
/// arguments of a handler, and an initial group that there is not.
fn check_told(again: &TargetSpec, target: &TargetSpec) {
    let place = |target: &TargetSpec| (target.begin, target.len, target.split_io);
    assert_eq!(place(again), place(target));
    let (Kind::Multipath(again), Kind::Multipath(spec)) = (&again.kind, &target.kind) else {
        assert_eq!(again.kind, target.kind);
        return;
    };
    let kind = |spec: &MultipathSpec| spec.handler.as_ref().map(|handler| handler.kind);
    assert_eq!(kind(again), kind(spec));
    assert_eq!(again.groups, spec.groups);
    assert_eq!(again.queue_if_no_path, spec.queue_if_no_path);
    assert_eq!(again.pg_init_retries, spec.pg_init_retries);
    let first = spec.initial_group.unwrap_or_default();
    assert_eq!(again.initial_group, Some(first));
}

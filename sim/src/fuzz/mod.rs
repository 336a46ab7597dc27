//! The bodies of the fuzz targets that read text: what must hold of any bytes.
//!
//! Each takes bytes, panics with what is wrong, and asks two things of them: a text that is refused
//! is refused at a place that it has, and a text that is taken is printed so that it is taken again
//! as the same value. `fuzz/` runs them on what it makes up, a test on what was kept of that.
mod lines;
mod message;
mod rows;
mod scenario;
mod table;
pub mod tape;
mod trail;
pub mod world;

pub use message::message;
pub use scenario::scenario;
pub use table::table;
pub use trail::trail;

use crate::drivers::setup::{DiskSetup, DriverSetup};
use crate::scenario::lint;
use crate::table::{Kind, TableSpec, TargetSpec};

/// A target: its name, which is also its directory below `fuzz/corpus/`, and its body.
pub type Target = (&'static str, fn(&[u8]));

/// Every target that reads text.
pub const TEXTS: [Target; 4] =
    [("scenario", scenario), ("table", table), ("message", message), ("trail", trail)];

/// The name that errors give a text without a file.
const FILE: &str = "fuzz";

/// The sectors of each of the two disks, and of the mapped device, that tables may name.
const SECTOR_COUNT: u64 = 2048;

/// Two disks and a mapped device, whose names the texts of tables and messages may use.
fn devices() -> DriverSetup {
    let disk = |name: &str, lun| DiskSetup { name: name.to_owned(), lun };
    DriverSetup {
        disks: vec![disk("sda", 0), disk("sdb", 1)],
        luns: vec![SECTOR_COUNT; 2],
        mds: vec![("mp".to_owned(), SECTOR_COUNT)],
        ..DriverSetup::default()
    }
}

/// What is wrong has a line and a column of the text, or the column right behind a line, and is
/// told in one line.
fn check_place(text: &str, line: u32, column: u32, message: &str) {
    assert!(!message.is_empty() && !message.contains('\n'), "{message:?}");
    assert!(line >= 1 && column >= 1, "{line}:{column}: {message}");
    let found = text.split('\n').nth(line as usize - 1);
    let found = found.unwrap_or_else(|| panic!("{line}:{column}: {message}: no such line"));
    let behind = found.chars().count() as u32 + 1;
    assert!(column <= behind, "{line}:{column}: {message}: not in {found:?}");
}

/// The lines that are too long are lines of the text.
fn check_lint(text: &str) {
    for warning in lint(FILE, text) {
        check_place(text, warning.line, warning.column, &warning.message);
    }
}

/// A target as a line of a table, its arguments as they were given.
fn row(target: &TargetSpec) -> String {
    let TargetSpec { begin, len, kind, text, .. } = target;
    format!("{begin} {len} {} {text}", kind.type_name())
}

/// The multipath targets of a table.
fn multipaths(table: &TableSpec) -> impl Iterator<Item = &crate::multipath::MultipathSpec> {
    table.targets.iter().filter_map(|target| match &target.kind {
        Kind::Multipath(spec) => Some(spec),
        Kind::Linear { .. }
        | Kind::Striped { .. }
        | Kind::Error
        | Kind::Zero
        | Kind::Delay { .. } => None,
    })
}

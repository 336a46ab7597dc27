//! Tables: what the lines of `dmsetup create` and `load` say, and how the kernel refuses them.
//!
//! Nothing here changes after the load, and nothing maps a bio. The messages are the kernel's
//! own, without the device name in front. Source: `dm-table.c`, `dm-linear.c`, `dm-stripe.c`,
//! `dm-zero.c`, `dm-delay.c` and `dm-target.c`, read in 2.6.24.
mod ctr;
mod number;
mod status;
mod syntax;
#[cfg(test)]
mod tests;

pub use status::parameters;

use crate::ctr::{CtrError, Devices};
use crate::multipath::MultipathSpec;
use dm_model::errno::Errno;
use dm_model::ids::Device;
use syntax::{Row, dmsetup_line, split_args};
use thiserror::Error;

/// A table that the kernel took.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableSpec {
    /// The targets, adjoining, at least one.
    pub targets: Vec<TargetSpec>,
    /// The size of the device (`dm_table_get_size`).
    pub sectors: u64,
}

/// One target of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TargetSpec {
    /// The first sector of the mapped device.
    pub begin: u64,
    /// The number of sectors, at least 1.
    pub len: u64,
    /// What the target is.
    pub kind: Kind,
    /// At which multiples of sectors of the target a bio is split; 0 for none (`ti->split_io`).
    pub split_io: u32,
    /// The arguments as they were given.
    pub text: String,
}

/// What a target is, with its arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `linear`.
    Linear {
        /// Where bios go.
        device: Device,
        /// The sector there that the target's first sector is.
        start: u64,
    },
    /// `striped`.
    Striped {
        /// The sectors of a chunk, a power of two.
        chunk: u32,
        /// Each device and the sector on it where its stripe starts.
        stripes: Vec<(Device, u64)>,
    },
    /// `error`: all I/O fails.
    Error,
    /// `zero`: reads give zeros, writes are dropped.
    Zero,
    /// `delay`.
    Delay {
        /// The device, its first sector, and milliseconds; for writes as well if `write` is none.
        read: (Device, u64, u32),
        /// The same for writes.
        write: Option<(Device, u64, u32)>,
    },
    /// `multipath`.
    Multipath(MultipathSpec),
}

/// Who refused a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refuser {
    /// dmsetup, before any ioctl.
    Dmsetup,
    /// The kernel, in the load ioctl.
    Kernel,
}

/// Why a table was refused.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{message}")]
pub struct TableError {
    /// Who refused it.
    pub refuser: Refuser,
    /// What the ioctl returns; of no meaning when dmsetup refused.
    pub errno: Errno,
    /// What is logged, without `device-mapper: table: ` and the name of the mapped device.
    pub message: String,
    /// What is logged before that as a warning.
    pub warning: Option<String>,
    /// The line, as the caller counts.
    pub line: u32,
    /// The column in it, as the caller counts.
    pub column: u32,
}

/// Reads a table: for each line, its line and column in the caller's text, and the line itself.
///
/// # Errors
/// The first thing that is wrong: dmsetup looks at all lines before the kernel sees one.
pub fn parse_table(
    lines: &[(u32, u32, &str)],
    devices: &dyn Devices,
) -> Result<TableSpec, TableError> {
    let mut rows = Vec::new();
    for (index, &(line, column, text)) in lines.iter().enumerate() {
        let row = dmsetup_line(text).map_err(|offset| TableError {
            refuser: Refuser::Dmsetup,
            errno: Errno::Inval,
            message: format!("Invalid format on line {}", index + 1),
            warning: None,
            line,
            column: column.saturating_add(offset),
        })?;
        rows.extend(row.map(|row| (line, column, row)));
    }
    let mut table = TableSpec { targets: Vec::new(), sectors: 0 };
    for (line, column, row) in rows {
        let target = add_target(&table, &row, devices).map_err(|(at, refusal)| TableError {
            refuser: Refuser::Kernel,
            errno: refusal.error.errno,
            message: refusal.error.message,
            warning: refusal.warning,
            line,
            column: column.saturating_add(at),
        })?;
        table.sectors = target.begin.wrapping_add(target.len);
        table.targets.push(target);
    }
    if table.targets.is_empty() {
        let (line, column, _) = lines.first().copied().unwrap_or((0, 0, ""));
        let message = "populate_table: no targets specified".to_owned();
        let (refuser, errno) = (Refuser::Kernel, Errno::Inval);
        return Err(TableError { refuser, errno, message, warning: None, line, column });
    }
    Ok(table)
}

impl Kind {
    /// The arguments of `multipath`, if it is that.
    pub fn multipath(&self) -> Option<&MultipathSpec> {
        if let Self::Multipath(spec) = self { Some(spec) } else { None }
    }

    /// The name of the target type.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Linear { .. } => "linear",
            Self::Striped { .. } => "striped",
            Self::Error => "error",
            Self::Zero => "zero",
            Self::Delay { .. } => "delay",
            Self::Multipath(_) => "multipath",
        }
    }
}

/// What a constructor says, and the warning that `dm_get_device` logged on the way.
struct CtrRefusal {
    error: CtrError,
    warning: Option<String>,
}

/// `dm_table_add_target`: its checks in its order. Gives the offset in the line of what is wrong.
fn add_target(
    table: &TableSpec,
    row: &Row<'_>,
    devices: &dyn Devices,
) -> Result<TargetSpec, (u32, CtrRefusal)> {
    let refuse = |at: u32, message: String| {
        (at, CtrRefusal { error: CtrError::invalid(&message, None), warning: None })
    };
    if row.len == 0 {
        return Err(refuse(row.len_at, "zero-length target".to_owned()));
    }
    let Some(constructor) = ctr::constructor(row.kind) else {
        return Err(refuse(row.kind_at, format!("{}: unknown target type", row.kind)));
    };
    // `sectors` of an empty table is 0, where the first target has to begin.
    if row.begin != table.sectors {
        return Err(refuse(row.begin_at, format!("{}: Gap in table", row.kind)));
    }
    let words = split_args(row.params);
    let argv: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    let area = ctr::Area::new(row.begin, row.len, devices);
    let (kind, split_io) = constructor(&area, &argv).map_err(|mut error| {
        let params_end =
            row.params_at + row.params.trim_end_matches(number::is_space).chars().count() as u32;
        let at = error.argument.map_or(row.kind_at, |index| {
            words.get(index).map_or(params_end, |(_, offset)| row.params_at + offset)
        });
        error.message = format!("{}: {}", row.kind, error.message);
        (at, CtrRefusal { error, warning: area.take_warning() })
    })?;
    let text = row.params.trim_end_matches(number::is_space).to_owned();
    Ok(TargetSpec { begin: row.begin, len: row.len, kind, split_io, text })
}

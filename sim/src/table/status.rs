//! What the targets whose line never changes report as their table (`STATUSTYPE_TABLE`).
use super::Kind;
use crate::ctr::Devices;

/// The arguments in `dmsetup table`, behind START, LENGTH and TYPE.
///
/// # Panics
/// For a multipath target, whose line tells its state: use `multipath::status::table`.
pub fn parameters(kind: &Kind, devices: &dyn Devices) -> String {
    match kind {
        Kind::Linear { device, start } => format!("{} {start}", devices.number(*device)),
        Kind::Striped { chunk, stripes } => {
            let pairs = stripes.iter();
            let pairs =
                pairs.map(|(device, start)| format!(" {} {start}", devices.number(*device)));
            format!("{} {chunk}{}", stripes.len(), pairs.collect::<String>())
        }
        // These have no status function: even arguments of `error` are not told.
        Kind::Error | Kind::Zero => String::new(),
        Kind::Delay { read, write } => {
            let part = |(device, start, milliseconds): &(_, u64, u32)| {
                format!("{} {start} {milliseconds}", devices.number(*device))
            };
            let write = write.as_ref().map_or(String::new(), |write| format!(" {}", part(write)));
            format!("{}{write}", part(read))
        }
        Kind::Multipath(_) => panic!("the table line of a multipath target tells its state"),
    }
}

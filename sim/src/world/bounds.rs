//! What a scenario may ask for that parses, and that the model is too small for.
//!
//! Every limit has its message here; the limits of a table are its constructors' (`table`).
use dm_model::errno::Code;
use dm_model::ids::{Device, FRAGMENT_COUNT_MAX, TableId};

use super::compile::CompileError;
use super::plan::Plan;
use crate::scenario::{Line, Scenario, Verb};

/// How many of anything a plan may have: ids are bytes.
const COUNT_MAX: usize = u8::MAX as usize;

pub(super) fn error(line: &Line, message: String) -> CompileError {
    CompileError { line: line.number, column: line.column, message }
}

/// Everything that is numbered by a byte.
pub(super) fn check_counts(line: &Line, counts: &[(&str, usize)]) -> Result<(), CompileError> {
    let over = counts.iter().find(|(_, count)| *count > COUNT_MAX);
    let Some((what, _)) = over else { return Ok(()) };
    Err(error(line, format!("more than {COUNT_MAX} {what}")))
}

/// Sectors are 32 bits wide here.
pub(super) fn check_end(line: &Line, sector: u32, count: u32) -> Result<(), CompileError> {
    let message = || format!("{sector} and {count} sectors more: the model ends below sector 2^32");
    sector.checked_add(count).map(|_| ()).ok_or_else(|| error(line, message()))
}

/// A plan knows one made-up verdict of each function.
pub(super) fn check_verdict(line: &Line, first: Code, code: Code) -> Result<(), CompileError> {
    if first == code {
        return Ok(());
    }
    let message = format!("verdict {} after {} of one function: one is known", code.0, first.0);
    Err(error(line, message))
}

/// No table of its device may cut a bio into more clones than the model has.
pub(super) fn check_fragments(scenario: &Scenario, plan: &Plan) -> Result<(), CompileError> {
    let setup = &plan.setup;
    let ios = scenario.lines.iter().filter(|line| matches!(line.verb, Verb::Io { .. }));
    for (line, bio) in ios.zip(&setup.bios) {
        let tables = (0..setup.tables.len()).map(|index| TableId(index as u8));
        for table in tables.filter(|id| Device::Md(setup.tables[id.index()].md) == bio.device) {
            let (mut sector, end) = (bio.sector, bio.sector + u32::from(bio.count));
            let mut clones = 0;
            while let Some(target) = setup.find_target(table, sector).filter(|_| sector < end) {
                sector = sector.saturating_add(setup.max_io_len(target, sector));
                clones += 1;
            }
            if clones > FRAGMENT_COUNT_MAX {
                let most = FRAGMENT_COUNT_MAX;
                let message = format!("a table cuts it into {clones} clones, at most {most} fit");
                return Err(error(line, message));
            }
        }
    }
    Ok(())
}

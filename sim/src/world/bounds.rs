//! What a scenario may ask for that parses, and that the model is too small for.
//!
//! Every limit has its message here; the limits of a table are its constructors' (`table`).
use dm_model::errno::Code;
use dm_model::ids::{Device, FRAGMENT_COUNT_MAX, LIST_COUNT_MAX, MdId, TableId};

use super::compile::CompileError;
use super::plan::Plan;
use crate::drivers::simple;
use crate::scenario::{Line, Scenario, Verb};

/// How many of anything a plan may have: ids are bytes.
const COUNT_MAX: usize = u8::MAX as usize;

/// How many devices may stand on each other: what the numbers of clones are wide enough for.
const STACK_COUNT_MAX: usize = 3;

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

/// The devices below a device, by any of its tables, may not lead back to it and may not be deeper
/// than clones have numbers for.
pub(super) fn check_stacking(scenario: &Scenario, plan: &Plan) -> Result<(), CompileError> {
    let setup = &plan.setup;
    for index in 0..setup.tables.len() {
        let md = setup.tables[index].md;
        if depth(plan, md, STACK_COUNT_MAX).is_none() {
            let name = setup.drivers.name(Device::Md(md));
            let line = scenario.lines.iter().rfind(|line| has_table(line, name));
            let line = line.expect("a line has its table");
            let message = format!(
                "{name} stands on itself or on more than {} devices, one on the other",
                STACK_COUNT_MAX - 1
            );
            return Err(error(line, message));
        }
    }
    Ok(())
}

fn has_table(line: &Line, name: &str) -> bool {
    if let Verb::Create { name: it, .. } = &line.verb {
        it == name
    } else if let Verb::Load { name: it, .. } = &line.verb {
        it == name
    } else {
        false
    }
}

/// How many devices stand on each other, if they are no more than `most`.
fn depth(plan: &Plan, md: MdId, most: usize) -> Option<usize> {
    let left = most.checked_sub(1)?;
    let tables = plan.setup.tables.iter().filter(|table| table.md == md);
    let below = tables.flat_map(|table| &table.below);
    let depths: Option<Vec<usize>> = below.map(|md| depth(plan, *md, left)).collect();
    Some(1 + depths?.into_iter().max().unwrap_or(0))
}

/// No table may cut a bio into more clones than the model has, nor all bios together.
pub(super) fn check_fragments(scenario: &Scenario, plan: &Plan) -> Result<(), CompileError> {
    let setup = &plan.setup;
    let ios = scenario.lines.iter().filter(|line| matches!(line.verb, Verb::Io { .. }));
    let mut sum = 0;
    for (line, bio) in ios.zip(&setup.bios) {
        let (sector, count) = (bio.sector, u32::from(bio.count));
        sum += leaves(plan, bio.device, sector, count).map_err(|clones| {
            let most = FRAGMENT_COUNT_MAX;
            error(line, format!("a table cuts it into {clones} clones, at most {most} fit"))
        })?;
        if sum > LIST_COUNT_MAX {
            let message = format!("the bios so far are cut into {sum} clones");
            return Err(error(line, format!("{message}, at most {LIST_COUNT_MAX} fit")));
        }
    }
    Ok(())
}

/// How many clones reach the disks at most, by the worst of the tables; `Err` with how many clones
/// one table cuts a bio into, if they are too many.
fn leaves(plan: &Plan, device: Device, sector: u32, count: u32) -> Result<usize, usize> {
    let setup = &plan.setup;
    let Device::Md(md) = device else { return Ok(1) };
    let mut most = 1;
    let tables = (0..setup.tables.len()).map(|index| TableId(index as u8));
    for table in tables.filter(|id| setup.tables[id.index()].md == md) {
        let (mut at, end) = (sector, sector.saturating_add(count));
        let (mut clones, mut sum) = (0, 0);
        while let Some(target) = setup.find_target(table, at).filter(|_| at < end) {
            let len = setup.max_io_len(target, at).min(end - at);
            let begin = setup.targets[target.index()].begin;
            let places = simple::places(setup.drivers.kind(target), begin, at);
            let below = places.into_iter().map(|(device, at)| leaves(plan, device, at, len));
            sum += below.collect::<Result<Vec<_>, _>>()?.into_iter().max().unwrap_or(1);
            clones += 1;
            at = at.saturating_add(len);
        }
        if clones > FRAGMENT_COUNT_MAX {
            return Err(clones);
        }
        most = most.max(sum);
    }
    Ok(most)
}

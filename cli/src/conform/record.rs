//! What differs goes into the scenario files, a block for each distinct output.
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use dm_oracle::conform::Verdict;
use dm_sim::scenario::{Mode, Recorded, with_recorded};

use super::Row;
use crate::exit::Failure;

/// Writes the blocks of the kernel that calls itself `release`.
pub(crate) fn write(release: &str, rows: &[Row<'_>]) -> Result<(), Failure> {
    let version = version(release);
    let mut texts: BTreeMap<&Path, String> = BTreeMap::new();
    for row in rows {
        let is_new = |verdict: &Verdict| matches!(verdict, Verdict::Differs);
        if !row.judged.outcomes.iter().any(|outcome| is_new(&outcome.verdict)) {
            continue;
        }
        let text = texts.entry(&row.file.path).or_insert_with(|| row.file.text.clone());
        *text = recorded(text, &version, row);
    }
    for (path, text) in texts {
        replace(path, &text)
            .map_err(|error| Failure::Input(format!("{}: {error}", path.display())))?;
    }
    Ok(())
}

/// A file has its old text or its new one, never a part of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("dm.new");
    fs::write(&beside, text)?;
    fs::rename(&beside, path).inspect_err(|_| {
        // The error that counts is the first one.
        let _ = fs::remove_file(&beside);
    })
}

/// The text with a block for each output that the model does not have.
fn recorded(text: &str, version: &str, row: &Row<'_>) -> String {
    let outputs = row.judged.outcomes.iter().filter(|outcome| match outcome.verdict {
        Verdict::Differs | Verdict::NoReason | Verdict::Recorded(_) => true,
        Verdict::Agrees | Verdict::AgreesWithAnother => false,
    });
    // What another run has shown stays: the blocks of a kernel are a set.
    let is_own = |block: &&Recorded| block.mode == row.mode && block.kernels == [version];
    let known = row.file.scenario.recorded.iter().filter(is_own);
    let mut own: Vec<String> = known.map(|block| block.text.clone()).collect();
    let mut text = text.to_owned();
    for output in outputs.map(|outcome| outcome.observed.transcript.text()) {
        match shared(&text, version, row, &output) {
            Some(shared) => text = shared,
            None if own.contains(&output) => {}
            None => own.push(output),
        }
    }
    with_recorded(&text, &[version.to_owned()], row.mode, &own)
}

/// The text with the version added to the block of another kernel that has this output already.
fn shared(text: &str, version: &str, row: &Row<'_>, output: &str) -> Option<String> {
    let block = row.file.scenario.recorded.iter().find(|block| {
        let is_alone = block.kernels.len() == 1 && block.kernels[0] == version;
        block.mode == row.mode && block.text == output && !is_alone
    })?;
    if block.kernels.iter().any(|kernel| kernel == version) {
        return Some(text.to_owned());
    }
    let mode = match row.mode {
        Mode::Bio => "",
        Mode::Rq => " rq",
    };
    let rule = format!("---- kernel {}{mode}", block.kernels.join(" "));
    let wider = format!("---- kernel {} {version}{mode}", block.kernels.join(" "));
    let place = block.line as usize - 1;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // Blocks are only ever added at the end, so that the lines above stay where they are.
    (lines.get(place)? == &rule).then(|| lines[place] = wider)?;
    Some(lines.join("\n") + "\n")
}

/// The two numbers that name a kernel in a block: 6.1 of 6.1.176.
fn version(release: &str) -> String {
    let mut parts = release.split(|it: char| !it.is_ascii_digit());
    let parts = [parts.next(), parts.next()].map(Option::unwrap_or_default);
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_is_named_by_its_first_two_numbers() {
        let releases = ["6.1.176", "6.12.117+deb12-amd64", "6.1.0-56-amd64", "7.0-rc1"];
        assert_eq!(releases.map(version), ["6.1", "6.12", "6.1", "7.0"]);
    }
}

//! Trails as the user meets them: short on the screen, whole in files, with the command that
//! replays one.
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dm_sim::world::trail::Trail;

use crate::exit::Failure;
use crate::output::Output;
use crate::timeline::{self, Layout, Mark, Told};

/// Writes the trail as `NAME.trail` into the directory, which is made if it is not there.
pub(crate) fn write(directory: &Path, name: &str, trail: &Trail) -> Result<PathBuf, Failure> {
    let path = directory.join(format!("{name}.trail"));
    let text = trail.text().map_err(|error| Failure::Input(error.to_string()))?;
    let written = fs::create_dir_all(directory).and_then(|()| fs::write(&path, text));
    written.map_err(|error| {
        Failure::Input(format!("{}: cannot be written: {error}", path.display()))
    })?;
    Ok(path)
}

/// The command that replays a trail.
pub(crate) fn replay_command(path: &Path) -> String {
    format!("{} replay {}", program(), quoted(path))
}

/// This program, as the user has called it: what is pasted must run.
pub(crate) fn program() -> String {
    let path = std::env::args_os().next().map(PathBuf::from);
    path.map_or("pushback".to_owned(), |path| quoted(&path))
}

/// The path as a shell takes it.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "/._-:@+,".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The trail, one line for what a process does until another one moves.
pub(crate) fn compact(
    output: &mut Output<'_>,
    trail: &Trail,
    marks: &[Mark<'_>],
) -> io::Result<()> {
    let Told { rows, .. } = timeline::of_trail(trail);
    let is_marked = |row: &timeline::Row| marks.iter().any(|mark| mark.step == row.step);
    let turns = timeline::turns(&Layout::with_folded_start(&rows, is_marked), is_marked);
    Layout::of(&turns).rows(output, &turns, marks)
}

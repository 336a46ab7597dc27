//! What the user gives: files, eras, mutants. Every mistake is a message with its place.
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use dm_model::era::{ERA_NAMES, Era};
use dm_sim::scenario::Mode;
use dm_sim::world::World;
use dm_sim::world::config::{Configuration, TextError};
use dm_sim::world::trail::Trail;

use crate::exit::Failure;

/// No scenario or trail is longer, in bytes.
const TEXT_LENGTH_MAX: u64 = 16 << 20;

/// The parser of `--era`.
pub(crate) fn era_parser() -> impl TypedValueParser<Value = Era> {
    PossibleValuesParser::new(ERA_NAMES)
        .map(|name| Era::from_name(&name).expect("the parser accepts the known names only"))
}

/// The text of a file, `-` being standard input, and the file's name for messages.
pub(crate) fn read(path: &Path) -> Result<(String, String), Failure> {
    let is_stdin = path == Path::new("-");
    let name = if is_stdin { "standard input".to_owned() } else { path.display().to_string() };
    let refused = |why: String| Failure::Input(format!("{name}: {why}"));
    let mut bytes = Vec::new();
    let read = if is_stdin {
        io::stdin().lock().take(TEXT_LENGTH_MAX + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(TEXT_LENGTH_MAX + 1).read_to_end(&mut bytes))
    };
    let length = read.map_err(|error| refused(format!("cannot be read: {error}")))?;
    if length as u64 > TEXT_LENGTH_MAX {
        return Err(refused(format!("longer than {} MiB, no scenario is", TEXT_LENGTH_MAX >> 20)));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].split(|byte| *byte == b'\n').count();
        refused(format!("line {line} is not UTF-8 text"))
    })?;
    Ok((text, name))
}

/// The scenario or configuration in a file.
pub(crate) fn configuration(path: &Path) -> Result<Configuration, Failure> {
    let (text, name) = read(path)?;
    let configuration = Configuration::parse(&name, &text).map_err(|error| bad_text(&error))?;
    only_bio_based(&configuration, &name)?;
    Ok(configuration)
}

/// The trail in a file.
pub(crate) fn trail(path: &Path) -> Result<Trail, Failure> {
    let (text, name) = read(path)?;
    let trail = Trail::parse(&name, &text).map_err(|error| bad_text(&error))?;
    only_bio_based(&trail.configuration, &name)?;
    Ok(trail)
}

/// The first state of a configuration.
pub(crate) fn world(configuration: &Configuration, era: Era) -> Result<World, Failure> {
    configuration.world(era).map_err(|error| bad_text(&error))
}

fn bad_text(error: &TextError) -> Failure {
    Failure::Input(error.to_string())
}

fn only_bio_based(configuration: &Configuration, name: &str) -> Result<(), Failure> {
    if configuration.scenario.header.modes.contains(&Mode::Bio) {
        return Ok(());
    }
    Err(Failure::Input(format!(
        "{name}: mode rq: the eras of the model are bio-based, expected mode bio"
    )))
}

//! The label tables are the label enums, docs/labels.md is the tables, and scenarios reach labels.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use dm_model::era::ERA_NAMES;
use dm_model::labels::{CALL, LabelRow};
use dm_sim::scenario::{self, Mode};
use dm_sim::world::World;
use dm_sim::world::config::Configuration;
use dm_sim::world::schedule::DefaultSchedule;

/// Labels that no scenario file reaches by the default schedule, with the reason; reviewed.
const NEVER_REACHED: &[(&[&str], &str)] = &[
    (&["P3Append"], "only a mutant has it"),
    (&["J3", "J4"], "no handler of the era answers an I/O error with MP_BYPASS_PG"),
    (&["S13", "V5"], "no target of the era has a postsuspend that takes a step"),
    (&["R2a", "I7", "DL9"], "a preresume that fails on demand returns within its caller's step"),
    (&["L1b"], "no scenario yet: the second of two devices below must have gone before a load"),
    (
        &["L5"],
        "a load cannot run in the background: the device would have to go between two of its steps",
    ),
];

/// A variant of a label enum, as the source has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Variant {
    file: String,
    label: String,
    /// Its doc comment.
    doc: String,
    /// The doc comment of its enum, which names its processes.
    processes: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a member stands in the root").into()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rows() -> impl Iterator<Item = &'static LabelRow> {
    dm_model::labels::LABELS.iter().chain(dm_sim::drivers::labels::LABELS)
}

/// The files of a directory with this extension, in the order of their names.
fn files(directory: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(directory)).expect("the directory is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == extension));
    paths.sort();
    paths
}

/// The variants of every enum whose doc comment begins with "Labels of".
fn variants() -> Vec<Variant> {
    let mut all = Vec::new();
    for directory in ["model/src", "sim/src/drivers"] {
        for path in files(directory, "rs") {
            let name = path.file_name().expect("a file has a name").to_string_lossy();
            variants_of(&format!("{directory}/{name}"), &read(&path), &mut all);
        }
    }
    all
}

fn variants_of(file: &str, text: &str, all: &mut Vec<Variant>) {
    let mut doc = String::new();
    let mut processes: Option<String> = None;
    for line in text.lines() {
        let line = line.trim();
        if let Some(part) = line.strip_prefix("///") {
            doc.push_str(part);
            continue;
        }
        let doc = if line.starts_with("#[") { continue } else { std::mem::take(&mut doc) };
        let begins_enum = line.starts_with("pub enum ") && doc.starts_with(" Labels of");
        match &processes {
            None if begins_enum => processes = Some(doc),
            None => {}
            Some(_) if line == "}" => processes = None,
            Some(processes) => all.push(Variant {
                file: file.to_owned(),
                label: line.trim_end_matches(',').to_owned(),
                doc: doc.trim().to_owned(),
                processes: processes.clone(),
            }),
        }
    }
}

#[test]
fn every_label_has_a_row_and_every_row_a_label() {
    let of_rows: BTreeSet<(&str, &str)> = rows().map(|row| (row.file, row.label)).collect();
    let variants = variants();
    let of_enums: BTreeSet<_> =
        variants.iter().map(|variant| (variant.file.as_str(), variant.label.as_str())).collect();
    assert!(of_enums.len() > 150, "{} labels were found in the sources", of_enums.len());
    let missing: Vec<_> = of_enums.difference(&of_rows).collect();
    assert!(missing.is_empty(), "labels without a row: {missing:?}");
    let extra: Vec<_> = of_rows.difference(&of_enums).collect();
    assert!(extra.is_empty(), "rows without a label: {extra:?}");
}

#[test]
fn a_label_names_one_step_of_the_whole_model() {
    let mut files = BTreeMap::new();
    for row in rows() {
        let other = files.insert(row.label, row.process);
        assert_eq!(other, None, "{} is a label of {} too", row.label, row.process);
    }
}

#[test]
fn every_row_is_complete() {
    for row in rows() {
        assert!(root().join(row.file).is_file(), "{}: no file {}", row.label, row.file);
        let texts = [row.process, row.guard, row.function, row.source, row.section];
        assert!(texts.iter().all(|text| !text.is_empty()), "{row:?}");
        assert!(row.section.starts_with(['A', 'B']), "{}: no section {}", row.label, row.section);
    }
}

#[test]
fn every_process_of_the_core_is_one_that_its_labels_say() {
    let variants = variants();
    for row in dm_model::labels::LABELS {
        let is_its = |it: &&Variant| it.file == row.file && it.label == row.label;
        let variant = variants.iter().find(is_its).expect("every row has a label");
        let process = format!("[`{}`]", row.process);
        assert!(variant.processes.contains(&process), "{}: {}", row.label, variant.processes);
    }
}

#[test]
fn every_label_says_what_it_does() {
    for variant in variants() {
        assert!(!variant.doc.is_empty(), "{} in {} has no doc", variant.label, variant.file);
    }
}

#[test]
fn a_label_is_a_call_where_its_comment_says_in_what() {
    let variants = variants();
    for row in rows() {
        let is_call = row.guard == CALL;
        let is_its = |it: &&Variant| it.file == row.file && it.label == row.label;
        let doc = &variants.iter().find(is_its).expect("every row has a label").doc;
        let says_call = doc.starts_with("In ") || doc.contains(": in ") || doc.contains("; in ");
        // These return within their caller's step.
        let returns_at_once = ["I7", "DL9"].contains(&row.label);
        assert_eq!(is_call, says_call || returns_at_once, "{}: {} ({doc})", row.label, row.guard);
    }
}

fn document() -> String {
    let variants = variants();
    let mut text = String::from(
        "# The labels\n\n\
         Generated from `model/src/labels.rs`, `sim/src/drivers/labels.rs` and the comments of the\n\
         label enums by `UPDATE_EXPECT=1 cargo test -p dm-properties --test labels`; do not edit.\n\n\
         A label is one atomic step of a process. Its guard is the lock or the atomic operation of\n\
         the kernel that makes it atomic. A guard that is held was taken at an earlier label, one\n\
         that is given back too. \"none: a call\" has no section of its own: the process stands there\n\
         while the function that it has called runs. The last column is a section of\n\
         [KERNEL.md](KERNEL.md). How the cut was checked: [derivation.md](derivation.md).\n",
    );
    let mut process = "";
    for row in rows() {
        if row.process != process {
            process = row.process;
            let LabelRow { file, source, .. } = row;
            let columns = "| label | step | guard | kernel function | section |";
            write!(text, "\n## {process}\n\n`{file}`; read in {source}.\n\n{columns}\n").unwrap();
            text.push_str("|---|---|---|---|---|\n");
        }
        let is_its = |it: &&Variant| it.file == row.file && it.label == row.label;
        let doc = &variants.iter().find(is_its).expect("every row has a label").doc;
        let doc = doc.trim_end_matches('.');
        let LabelRow { label, guard, function, section, .. } = row;
        writeln!(text, "| {label} | {doc} | {guard} | `{function}` | {section} |").unwrap();
    }
    text
}

#[test]
fn the_document_is_the_table() {
    let path = root().join("docs/labels.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, document()).expect("docs/labels.md can be written");
    }
    let found = read(&path);
    assert!(found == document(), "docs/labels.md is stale; UPDATE_EXPECT=1 writes it anew");
}

/// The labels that processes stand at, over all scenario files and their eras.
fn reached() -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    for path in files("scenarios", "dm") {
        let name = path.display().to_string();
        let text = read(&path);
        let scenario = scenario::parse(&name, &text, &ERA_NAMES)
            .unwrap_or_else(|error| panic!("a scenario does not parse: {error}"));
        if !scenario.header.modes.contains(&Mode::Bio) {
            continue;
        }
        let configuration = Configuration::parse(&name, &text)
            .unwrap_or_else(|error| panic!("a scenario does not parse: {error}"));
        for era in &configuration.scenario.header.eras {
            let era = dm_model::era::Era::from_name(era).expect("the parser knows the eras");
            let mut world = configuration
                .world(era)
                .unwrap_or_else(|error| panic!("a scenario does not compile: {error}"));
            let mut schedule = DefaultSchedule::default();
            note(&world, &mut reached);
            while schedule.advance(&mut world).is_some() {
                note(&world, &mut reached);
            }
        }
    }
    reached
}

fn note(world: &World, reached: &mut BTreeSet<String>) {
    for (_, process) in world.processes.iter() {
        reached.extend(process.frames().iter().map(dm_model::frame::Frame::label));
    }
}

#[test]
fn the_labels_that_no_scenario_reaches_are_the_reviewed_ones() {
    let reached = reached();
    assert!(reached.len() > 40, "the scenarios reach only {} labels", reached.len());
    let reviewed: BTreeSet<&str> =
        NEVER_REACHED.iter().flat_map(|(labels, _)| labels.iter().copied()).collect();
    let never: BTreeSet<&str> =
        rows().map(|row| row.label).filter(|label| !reached.contains(*label)).collect();
    let unlisted: Vec<_> = never.difference(&reviewed).collect();
    assert!(unlisted.is_empty(), "no scenario reaches {unlisted:?}, and the list does not say why");
    let listed: Vec<_> = reviewed.difference(&never).collect();
    assert!(listed.is_empty(), "a scenario reaches {listed:?}: take them off the list");
}

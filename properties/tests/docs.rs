//! What the sources, the scenarios and the documents cite is there.
mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dm_properties::claims::CLAIMS;
use dm_properties::configurations;
use dm_properties::liveness::EVENTUALLY;

use common::{read, root};

/// Directories that hold nothing written by hand.
const SKIPPED: [&str; 3] = ["target", ".git", "golden"];
/// The kinds of files that cite.
const EXTENSIONS: [&str; 5] = ["rs", "dm", "check", "md", "toml"];

/// A file of the project that may cite another.
struct Text {
    /// From the root, with `/`.
    name: String,
    text: String,
}

impl Text {
    fn is_document(&self) -> bool {
        Path::new(&self.name).extension().is_some_and(|it| it == "md")
    }

    /// Each line with its place.
    fn lines(&self) -> impl Iterator<Item = (String, &str)> {
        let name = &self.name;
        self.text
            .lines()
            .enumerate()
            .map(move |(index, line)| (format!("{name}:{}", index + 1), line))
    }
}

fn texts() -> Vec<Text> {
    let mut texts = Vec::new();
    collect(&root(), "", &mut texts);
    assert!(texts.len() > 150, "{} texts were found", texts.len());
    texts
}

fn collect(directory: &Path, prefix: &str, texts: &mut Vec<Text>) {
    let entries = fs::read_dir(directory).expect("a directory can be read");
    for entry in entries.map(|entry| entry.expect("it can be read")) {
        let file = entry.file_name().to_string_lossy().into_owned();
        let (name, path) = (format!("{prefix}{file}"), entry.path());
        if path.is_dir() && !SKIPPED.contains(&file.as_str()) {
            collect(&path, &format!("{name}/"), texts);
        } else if path.extension().is_some_and(|it| EXTENSIONS.iter().any(|known| it == *known)) {
            texts.push(Text { text: read(&name), name });
        }
    }
}

/// The words of a line that end with `ending`, as far as they are names of files.
fn named<'a>(line: &'a str, ending: &'a str) -> impl Iterator<Item = &'a str> {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_./*".contains(letter);
    line.split(move |letter| !is_part(letter))
        .map(|word| word.trim_end_matches('.'))
        .filter(move |word| word.strip_suffix(ending).is_some_and(|stem| !stem.is_empty()))
}

/// Whether a word is a field of the code (`self.md`) and no document.
fn is_field(word: &str) -> bool {
    let stem = word.trim_end_matches(".md");
    let is_document = stem.contains('/') || stem.chars().all(|it| !it.is_lowercase());
    !is_document && !["labels", "findings", "derivation"].contains(&stem)
}

/// The numbers of a line with this prefix, as `D-02` or `F13`; not those inside a longer word.
fn numbers<'a>(line: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    line.split(move |letter| !is_part(letter)).filter(move |word| {
        let digits = word.strip_prefix(prefix).unwrap_or("");
        !digits.is_empty() && digits.chars().all(|it| it.is_ascii_digit())
    })
}

#[test]
fn every_document_that_is_named_is_there() {
    let mut found = 0;
    for text in texts() {
        let is_document = text.is_document();
        for (place, line) in text.lines() {
            for word in named(line, ".md").filter(|word| is_document || !is_field(word)) {
                let file = word.rsplit('/').next().expect("a split has a part");
                let is_there = ["", "docs/"].iter().any(|it| root().join(it).join(file).is_file());
                assert!(is_there, "{place}: {word} is not in the root and not in docs/");
                found += 1;
            }
        }
    }
    assert!(found > 80, "{found} documents are named");
}

#[test]
fn every_section_of_the_kernel_that_is_cited_is_there() {
    let kernel = read("docs/KERNEL.md");
    let headings: BTreeSet<&str> = kernel
        .lines()
        .filter(|line| line.starts_with('#'))
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split(' ').next())
        .map(|section| section.trim_end_matches('.'))
        .collect();
    let mut found = 0;
    for text in texts() {
        for (place, line) in text.lines() {
            for (_, rest) in
                line.match_indices("KERNEL.md ").map(|(at, it)| line.split_at(at + it.len()))
            {
                let end = rest.find(|it: char| !it.is_alphanumeric() && it != '.');
                let section = rest[..end.unwrap_or(rest.len())].split("..").next().unwrap_or("");
                let section = section.trim_end_matches('.');
                if section.starts_with(['A', 'B']) && section.len() <= 3 {
                    assert!(headings.contains(section), "{place}: KERNEL.md has no {section}");
                    found += 1;
                }
            }
        }
    }
    assert!(found > 40, "{found} sections are cited");
}

/// The first cells of the rows and the first words of the points of a document.
fn rows(document: &str) -> BTreeSet<String> {
    let text = read(document);
    let cell = |line: &str| {
        let row = line.strip_prefix("| ").or_else(|| line.strip_prefix("- **"))?;
        let end = row.find([' ', '*'])?;
        Some(row[..end].to_owned())
    };
    text.lines().filter_map(cell).collect()
}

#[test]
fn every_bug_that_is_cited_has_its_row_and_every_row_is_cited() {
    let rows: BTreeSet<_> =
        rows("docs/BUGS.md").into_iter().filter(|row| row.starts_with("D-")).collect();
    let mut cited = BTreeSet::new();
    for text in texts() {
        for (place, line) in text.lines() {
            for number in numbers(line, "D-") {
                assert!(rows.contains(number), "{place}: docs/BUGS.md has no row {number}");
                if !text.name.starts_with("docs/") {
                    cited.insert(number.to_owned());
                }
            }
        }
    }
    assert_eq!(rows, cited, "the rows of docs/BUGS.md, and those that are cited");
}

/// In the sources F1 and N1 are labels too.
#[test]
fn every_finding_and_caution_that_a_scenario_cites_is_in_the_claims() {
    let rows = rows("docs/CLAIMS.md");
    let mut found = 0;
    for text in texts().iter().filter(|text| text.name.starts_with("scenarios/")) {
        for (place, line) in text.lines().filter(|(_, line)| line.starts_with('#')) {
            for number in numbers(line, "F").chain(numbers(line, "N")) {
                assert!(rows.contains(number), "{place}: docs/CLAIMS.md has no {number}");
                found += 1;
            }
        }
    }
    assert!(found > 10, "{found} citations were found");
}

#[test]
fn every_claim_is_in_the_document_under_the_number_that_it_names() {
    let text = read("docs/CLAIMS.md");
    let known = rows("docs/CLAIMS.md");
    let safety = CLAIMS.iter().map(|claim| (claim.name, claim.source));
    let liveness = EVENTUALLY.iter().map(|claim| (claim.name, claim.source));
    for (name, source) in safety.chain(liveness) {
        assert!(text.contains(&format!("`{name}`")), "docs/CLAIMS.md lacks {name}");
        let Some(rest) = source.strip_prefix("CLAIMS.md ") else { continue };
        let numbers = rest.split([' ', ',', ';']).take_while(|it| !it.is_empty());
        for number in numbers.filter(|it| it.starts_with(['S', 'L']) && it.len() <= 3) {
            assert!(known.contains(number), "{name}: docs/CLAIMS.md has no {number}");
        }
    }
}

#[test]
fn every_scenario_that_a_document_names_is_there() {
    let scenarios: Vec<String> = texts()
        .into_iter()
        .filter_map(|text| text.name.strip_prefix("scenarios/").map(str::to_owned))
        .collect();
    let mut found = 0;
    for text in texts().iter().filter(|text| text.is_document()) {
        for (place, line) in text.lines() {
            for word in named(line, ".dm") {
                let file = word.rsplit('/').next().expect("a split has a part");
                let is_there = match file.split_once('*') {
                    Some((start, _)) => scenarios.iter().any(|it| it.starts_with(start)),
                    None => scenarios.iter().any(|it| it == file),
                };
                assert!(is_there, "{place}: there is no scenarios/{file}");
                found += 1;
            }
        }
    }
    assert!(found > 30, "{found} scenarios are named");
}

#[test]
fn every_configuration_that_a_document_names_is_there() {
    let mut found = 0;
    for text in texts().iter().filter(|text| text.is_document()) {
        for (place, line) in text.lines() {
            for (_, rest) in
                line.match_indices("--config ").map(|(at, it)| line.split_at(at + it.len()))
            {
                let end = rest.find(|it: char| !it.is_alphanumeric() && !"_-".contains(it));
                let end = end.unwrap_or(rest.len());
                let is_name = !rest[..end].contains(char::is_uppercase);
                let known = configurations::find(&rest[..end]).is_some();
                assert!(known || !is_name, "{place}: no configuration {}", &rest[..end]);
                found += 1;
            }
        }
    }
    assert!(found > 4, "{found} configurations are named");
}

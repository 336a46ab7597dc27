//! What the sources never name: the rules of ARCHITECTURE.md that the compiler does not check.
mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{read, root};

/// Files of more than 400 lines, each with the reason why it is not two.
const LONG_FILES: &[(&str, &str)] = &[
    ("model/src/suspend.rs", "one function, one label enum, and what seeded bugs break of it"),
    ("model/src/plain_memory.rs", "one method for each of Memory's"),
    ("sim/src/drivers/mpath.rs", "the methods of one target, one label enum"),
    ("sim/src/host/memory.rs", "one method for each of Memory's"),
    ("sim/src/simulate/engine.rs", "what happens at one time, and the steps in between"),
    ("sim/src/simulate/judge.rs", "what is told to each oracle, and what each says"),
    ("properties/src/simulated/lower.rs", "the text of one configuration"),
    ("threads/src/engine.rs", "the one file that names loom, shuttle and std::sync"),
    ("threads/src/memory.rs", "one method for each of Memory's"),
];

/// A file of more lines than this needs a reason.
const LINE_COUNT_USUAL: usize = 400;
/// No file has more.
const LINE_COUNT_MAX: usize = 500;

/// A Rust source of the workspace.
struct Source {
    /// From the root, with `/`.
    name: String,
    text: String,
    /// The text without comments and without the insides of strings.
    code: String,
}

impl Source {
    fn is_under(&self, directory: &str) -> bool {
        self.name.starts_with(&format!("{directory}/"))
    }

    /// Lines of code, with the file and the number to show.
    fn lines(&self) -> impl Iterator<Item = (String, &str)> {
        let name = &self.name;
        self.code
            .lines()
            .enumerate()
            .map(move |(index, line)| (format!("{name}:{}", index + 1), line))
    }
}

/// The members of the workspace, as Cargo.toml lists them.
fn members() -> Vec<String> {
    let manifest = read("Cargo.toml");
    let list = manifest.lines().find_map(|line| line.strip_prefix("members = ["));
    let list = list.expect("Cargo.toml lists its members in one line").trim_end_matches(']');
    list.split(',').map(|member| member.trim().trim_matches('"').to_owned()).collect()
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for member in members() {
        collect(&member, &mut sources);
    }
    assert!(sources.len() > 50, "{} sources were found", sources.len());
    sources
}

fn collect(directory: &str, sources: &mut Vec<Source>) {
    let entries = fs::read_dir(root().join(directory)).expect("a directory of the workspace");
    for entry in entries.map(|entry| entry.expect("it can be read")) {
        let name = format!("{directory}/{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() && !name.ends_with("/target") {
            collect(&name, sources);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = read(&name);
            let code = without_comments_and_strings(&text);
            sources.push(Source { name, text, code });
        }
    }
}

/// Blanks comments and the insides of string literals; keeps the lines.
fn without_comments_and_strings(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            string_length(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest[1..].find('\'').expect("the literal ends") + 2
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        code.extend(rest[..length].chars().filter(|it| *it == '\n'));
        code.push(' ');
        rest = &rest[length..];
    }
    code
}

fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (index, letter) in text.char_indices().skip(1) {
        if letter == '"' && !is_escaped {
            return index + 1;
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    text.len()
}

/// The words of a line of code.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}

/// Where one of these words stands in the code of these sources.
fn naming<'a>(sources: impl Iterator<Item = &'a Source>, forbidden: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (place, line) in source.lines() {
            for word in words(line).filter(|word| forbidden.contains(word)) {
                found.push(format!("{place}: {word}"));
            }
        }
    }
    found
}

/// Whether a source is part of a library: no test, no example, not the program.
fn is_library(source: &Source) -> bool {
    let is_program = ["cli", "agent", "benches"].iter().any(|it| source.is_under(it));
    source.name.contains("/src/") && !is_program
}

/// The dependencies that a member's manifest names, those of its tests too.
fn dependencies(member: &str, sections: &[&str]) -> Vec<String> {
    let manifest = read(&format!("{member}/Cargo.toml"));
    let mut section = String::new();
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            line.trim_matches(['[', ']']).clone_into(&mut section);
        } else if sections.contains(&section.as_str())
            && let Some((name, _)) = line.split_once(['.', '='])
        {
            names.push(name.trim().to_owned());
        }
    }
    names
}

#[test]
fn the_model_depends_on_nothing() {
    assert_eq!(dependencies("model", &["dependencies"]), Vec::<String>::new());
}

#[test]
fn model_and_explore_depend_on_nothing_of_the_project() {
    for member in ["model", "explore"] {
        let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
        let ours = dependencies(member, &sections).into_iter().filter(|it| it.starts_with("dm-"));
        assert_eq!(ours.collect::<Vec<_>>(), Vec::<String>::new(), "of {member}");
    }
}

/// `Arc` holds what never changes in a run; nothing else of `std::sync` is named.
#[test]
fn the_model_names_no_clock_no_thread_and_no_lock() {
    let model: Vec<_> = sources().into_iter().filter(|it| it.is_under("model")).collect();
    let words = [
        "HashMap",
        "HashSet",
        "RandomState",
        "Mutex",
        "RwLock",
        "Condvar",
        "Barrier",
        "OnceLock",
        "LazyLock",
        "Instant",
        "SystemTime",
        "rand",
        "f32",
        "f64",
        "unsafe",
        "loom",
        "shuttle",
    ];
    assert_eq!(naming(model.iter(), &words), Vec::<String>::new());
    let modules = ["sync", "thread", "time", "io", "fs", "net", "process", "env", "cell"];
    let mut found = Vec::new();
    for source in &model {
        for (place, line) in source.lines() {
            assert!(!line.contains("std::{"), "{place}: name each module of std by itself");
            let rest = line.replace("std::sync::Arc", "");
            for module in modules.map(|module| format!("std::{module}")) {
                if rest.contains(&module) {
                    found.push(format!("{place}: {module}"));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// The grain is judged by what the primitives are: they are chosen in one place.
#[test]
fn one_file_names_loom_shuttle_and_the_locks_of_std() {
    let others = sources();
    let others = others.iter().filter(|source| source.is_under("threads/src"));
    let others = others.filter(|source| source.name != "threads/src/engine.rs");
    let names = |line: &str| {
        ["loom::", "shuttle::", "std::sync", "std::thread::spawn"]
            .iter()
            .any(|it| line.contains(it))
    };
    let found: Vec<_> =
        others.flat_map(Source::lines).filter(|(_, line)| names(line)).map(|(at, _)| at).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn explore_names_nothing_of_the_device_mapper() {
    let sources = sources();
    let explore = sources.iter().filter(|it| it.is_under("explore/src"));
    let words = [
        "dm",
        "bio",
        "Bio",
        "suspend",
        "Suspend",
        "resume",
        "multipath",
        "Multipath",
        "noflush",
        "pushback",
        "kernel",
        "Kernel",
        "dm_model",
        "dm_sim",
    ];
    assert_eq!(naming(explore, &words), Vec::<String>::new());
}

#[test]
fn a_library_does_not_print() {
    let sources = sources();
    let libraries = sources.iter().filter(|it| is_library(it));
    let macros = ["println!", "eprintln!", "print!", "eprint!", "dbg!", "stdout()", "stderr()"];
    let mut found = Vec::new();
    for (place, line) in libraries.flat_map(Source::lines) {
        found.extend(
            macros.iter().filter(|it| line.contains(**it)).map(|it| format!("{place}: {it}")),
        );
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn no_seed_of_a_library_comes_from_the_clock() {
    let sources = sources();
    // A search and a boot have limits in time.
    let has_limits = |it: &&Source| it.is_under("explore/src") || it.is_under("oracle/src");
    let libraries = sources.iter().filter(|it| is_library(it) && !has_limits(it));
    let words = ["SystemTime", "Instant", "UNIX_EPOCH"];
    assert_eq!(naming(libraries, &words), Vec::<String>::new());
    let limited = sources.iter().filter(has_limits);
    assert_eq!(naming(limited, &["SystemTime", "UNIX_EPOCH", "rand"]), Vec::<String>::new());
}

#[test]
fn nothing_behaves_otherwise_under_a_cfg() {
    for source in sources() {
        let lines: Vec<_> = source.lines().collect();
        for (index, (place, line)) in lines.iter().enumerate() {
            if !["[cfg(", "cfg!(", "cfg_attr("].iter().any(|it| line.contains(it)) {
                continue;
            }
            // A test may need what only one platform has.
            if source.name.contains("/tests/") && line.trim().starts_with("#[cfg(target_os") {
                continue;
            }
            assert_eq!(line.trim(), "#[cfg(test)]", "{place}: only a test module has a cfg");
            let next = lines.get(index + 1).map_or("", |(_, next)| next.trim());
            let is_module = ["mod ", "pub mod ", "pub(crate) mod "];
            let is_module = is_module.iter().any(|it| next.starts_with(it));
            assert!(is_module, "{place}: a cfg(test) stands before a module: {next}");
        }
    }
}

#[test]
fn no_crate_has_features() {
    for member in members() {
        let manifest = read(&format!("{member}/Cargo.toml"));
        assert!(!manifest.contains("[features]"), "{member} has features");
    }
}

#[test]
fn nothing_is_left_to_do() {
    let sources = sources();
    for source in &sources {
        for (place, line) in source.lines() {
            for unfinished in ["todo!", "unimplemented!"] {
                assert!(!line.contains(unfinished), "{place}: {unfinished}");
            }
        }
    }
}

#[test]
fn every_file_begins_by_saying_what_it_owns() {
    for source in sources() {
        let first = source.text.lines().next().unwrap_or_default();
        let says = first.strip_prefix("//! ").is_some_and(|it| !it.is_empty());
        assert!(says, "{} begins with: {first}", source.name);
    }
}

#[test]
fn no_file_is_longer_than_it_may_be() {
    let mut long = BTreeSet::new();
    let mut too_long = Vec::new();
    for source in sources() {
        let count = source.text.lines().count();
        if count > LINE_COUNT_MAX {
            too_long.push(format!("{} has {count} lines", source.name));
        }
        if count > LINE_COUNT_USUAL {
            long.insert(source.name);
        }
    }
    assert_eq!(too_long, Vec::<String>::new());
    let reviewed: BTreeSet<String> =
        LONG_FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(long, reviewed, "files of more than {LINE_COUNT_USUAL} lines, and those reviewed");
}

#[test]
fn every_member_takes_the_lints_of_the_workspace() {
    let manifest = read("Cargo.toml");
    let lints = [
        "wildcard_enum_match_arm = \"warn\"",
        "pedantic = { level = \"warn\", priority = -1 }",
        "unsafe_code = \"forbid\"",
        "missing_docs = \"warn\"",
        "unreachable_pub = \"warn\"",
    ];
    for lint in lints {
        assert!(manifest.lines().any(|line| line.trim() == lint), "Cargo.toml lacks {lint}");
    }
    for member in members().into_iter().filter(|member| member != "agent") {
        let manifest = read(&format!("{member}/Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true"), "{member} has lints of its own");
    }
    let agent = read("agent/Cargo.toml");
    for lint in lints {
        let lint = lint.replace("\"forbid\"", "\"deny\"");
        assert!(agent.lines().any(|line| line.trim() == lint), "agent/Cargo.toml lacks {lint}");
    }
}

/// The agent talks to a kernel: an ioctl and a signal handler have no safe form.
#[test]
fn one_module_of_the_agent_is_unsafe_and_no_other_source() {
    let sources = sources();
    let found = naming(sources.iter(), &["unsafe", "unsafe_code"]);
    let elsewhere: Vec<_> =
        found.iter().filter(|it| !it.starts_with("agent/src/sys.rs:")).collect();
    assert_eq!(elsewhere, Vec::<&String>::new());
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn comments_and_strings_are_no_code() {
    let text = "let a = \"unsafe \\\" x\"; // rand\nlet b = '\"'; /// io\nlet c = r#\"f64\"#;";
    let code = without_comments_and_strings(text);
    assert_eq!(code.lines().count(), 3);
    assert!(!words(&code).any(|word| ["unsafe", "rand", "io", "f64", "x"].contains(&word)));
    assert!(words(&code).any(|word| word == "b"));
}

//! The configurations that a check searches by default, and those that its parameters ask for.
use std::fmt::Write as _;

/// A configuration with its name.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The name on the command line.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The default configurations, each as large as a plain search ends within seconds.
pub fn all() -> &'static [Named] {
    &[
        Named {
            name: "spanning",
            about: "2 bios, one spanning two multipath targets, over one path that comes back",
            text: include_str!("../configurations/spanning.check"),
        },
        Named {
            name: "mixed",
            about: "1 bio over multipath and linear: one clone requeued, the other in error",
            text: include_str!("../configurations/mixed.check"),
        },
        Named {
            name: "faults",
            about: "2 bios over 2 paths, one gone, the other may go",
            text: include_str!("../configurations/faults.check"),
        },
        Named {
            name: "cycles",
            about: "1 bio through two suspend, reload, resume cycles with 2 faults",
            text: include_str!("../configurations/cycles.check"),
        },
        Named {
            name: "messages",
            about: "1 bio, messages against a noflush suspend",
            text: include_str!("../configurations/messages.check"),
        },
        Named {
            name: "implicit",
            about: "1 bio, reload and resume --noflush without a suspend, as multipathd does",
            text: include_str!("../configurations/implicit.check"),
        },
        Named {
            name: "pg_init",
            about: "1 bio over 2 groups, with a hardware handler whose commands may fail",
            text: include_str!("../configurations/pg_init.check"),
        },
        Named {
            name: "suspenders",
            about: "1 bio, a noflush and a flush suspend of one device at once",
            text: include_str!("../configurations/suspenders.check"),
        },
        Named {
            name: "stacked",
            about: "1 bio for a linear device over a multipath device, both suspended",
            text: include_str!("../configurations/stacked.check"),
        },
        Named {
            name: "remove",
            about: "1 bio, a suspend, a load, and the removal of the device",
            text: include_str!("../configurations/remove.check"),
        },
    ]
}

/// Configurations in which a suspend may be interrupted: searched by name, and for the era
/// `hardened`.
pub fn interrupted() -> &'static [Named] {
    &[
        Named {
            name: "interrupted",
            about: "1 bio over a path that may go, a noflush suspend that may be interrupted",
            text: include_str!("../configurations/interrupted.check"),
        },
        Named {
            name: "interrupted-queue",
            about: "the same, and the message queue_if_no_path",
            text: include_str!("../configurations/interrupted-queue.check"),
        },
        Named {
            name: "interrupted-paths",
            about: "1 bio, fail_path and reinstate_path against such a suspend",
            text: include_str!("../configurations/interrupted-paths.check"),
        },
        Named {
            name: "interrupted-suspenders",
            about: "1 bio, two noflush suspends of which one may be interrupted",
            text: include_str!("../configurations/interrupted-suspenders.check"),
        },
        Named {
            name: "interrupted-spanning",
            about: "1 bio over two multipath targets against such a suspend",
            text: include_str!("../configurations/interrupted-spanning.check"),
        },
    ]
}

/// What else users do: flush suspends, tools before the series, other sizes, removal.
pub fn others() -> &'static [Named] {
    &[
        Named {
            name: "interrupted-flush-suspender",
            about: "1 bio, a noflush and a flush suspend of which one may be interrupted, and fail_path",
            text: include_str!("../configurations/interrupted-flush-suspender.check"),
        },
        Named {
            name: "interrupted-flush",
            about: "1 bio over a path that may go, a suspend without the flag that may be interrupted",
            text: include_str!("../configurations/interrupted-flush.check"),
        },
        Named {
            name: "resized",
            about: "1 bio, a table of another size loaded and resumed with the flag and without",
            text: include_str!("../configurations/resized.check"),
        },
        Named {
            name: "old-tools",
            about: "1 bio, load and resume without the flag, as tools before the series, which may be interrupted",
            text: include_str!("../configurations/old-tools.check"),
        },
        Named {
            name: "interrupted-remove",
            about: "1 bio, a noflush suspend that may be interrupted, and the removal of the device",
            text: include_str!("../configurations/interrupted-remove.check"),
        },
        Named {
            name: "swap-fails",
            about: "two resumes of a suspended device with a table loaded, and its removal",
            text: include_str!("../configurations/swap-fails.check"),
        },
        Named {
            name: "fsync-suspended",
            about: "an fsync of a device that is suspended without the flag, and a resume with a new table",
            text: include_str!("../configurations/fsync-suspended.check"),
        },
        Named {
            name: "reloaded-while-initialised",
            about: "1 bio over a path whose group is being initialised, and a resume with a new table",
            text: include_str!("../configurations/reloaded-while-initialised.check"),
        },
    ]
}

/// How much is searched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// The default configurations: half a minute on two cores.
    Quick,
    /// Those in which a suspend may be interrupted, and what else users do, as well: a minute.
    Standard,
    /// And one bio more, over one path: as long as it takes.
    Deep,
}

/// What a bound searches by name.
pub fn of_bound(bound: Bound) -> Vec<&'static Named> {
    match bound {
        Bound::Quick => all().iter().collect(),
        Bound::Standard | Bound::Deep => {
            all().iter().chain(interrupted()).chain(others()).collect()
        }
    }
}

/// What a bound searches besides: sizes of which a configuration is made.
pub fn sizes_of_bound(bound: Bound) -> Option<Parameters> {
    let deep = Parameters { bios: 2, paths: 1, faults: 1, cycles: 1, signals: 0, messages: 0 };
    (bound == Bound::Deep).then_some(deep)
}

/// The configuration of this name, by default or not.
pub fn find(name: &str) -> Option<&'static Named> {
    of_bound(Bound::Standard).into_iter().find(|named| named.name == name)
}

/// The text with the mutant in its header, in place of the one that it may have, so that its
/// trails have it too.
pub fn seeded(text: &str, mutant: &str) -> String {
    let mut lines: Vec<_> = text.lines().filter(|line| !line.starts_with("mutant:")).collect();
    let header = format!("mutant: {mutant}");
    let mode = lines.iter().position(|line| line.starts_with("era:"));
    lines.insert(mode.unwrap_or(0), &header);
    lines.join("\n") + "\n"
}

/// How large a generated configuration is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parameters {
    /// Bios, 1 to 8.
    pub bios: u8,
    /// Paths, 1 to 8.
    pub paths: u8,
    /// How often a path may go offline.
    pub faults: u8,
    /// Suspend, reload, resume cycles.
    pub cycles: u8,
    /// Signals to suspends.
    pub signals: u8,
    /// Messages, `queue_if_no_path` and `fail_if_no_path` in turn.
    pub messages: u8,
}

/// The text of a configuration of this size.
pub fn generate(parameters: Parameters) -> String {
    let Parameters { bios, paths, faults, cycles, signals, messages } = parameters;
    let mut text =
        String::from("# generated from the parameters of check\nera: 2.6.20\nmode: bio\n");
    let _ = writeln!(text, "open: held\nfaults: {faults}\nsignals: {signals}\nheals: yes\n");
    let disk = |path: u8| format!("sd{}", char::from(b'a' + path));
    let _ = writeln!(text, "disk {} 64", disk(0));
    for path in 1..paths {
        let _ = writeln!(text, "disk {} 64 lun {}", disk(path), disk(0));
    }
    let names: Vec<_> = (0..paths).map(|path| format!("/dev/{} 1000", disk(path))).collect();
    let table = format!(
        "  0 64 multipath 1 queue_if_no_path 0 1 1 \\\n    round-robin 0 {paths} 1 \\\n    {}\n",
        names.join(" \\\n    ")
    );
    let _ = write!(text, "create mp\n{table}");
    for bio in 0..bios {
        let tag = char::from(b'a' + bio);
        let _ = write!(text, "||\nio {tag} mp r {} 8\n", u32::from(bio) * 8);
    }
    if cycles > 0 {
        text.push_str("||\n");
    }
    for _ in 0..cycles {
        let _ = write!(text, "suspend mp --noflush\nload mp\n{table}resume mp\n");
    }
    for message in 0..messages {
        let word = if message % 2 == 0 { "queue_if_no_path" } else { "fail_if_no_path" };
        let _ = write!(text, "||\nmessage mp 0 {word}\n");
    }
    text
}

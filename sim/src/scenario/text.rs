//! The canonical one-line text of each verb, which parses to an equal verb.
use super::verb::{Call, Fault, SuspendFlags, Verb};
use std::fmt;

/// Without the table.
impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk { name, sectors, lun: None } => write!(f, "disk {name} {sectors}"),
            Self::Disk { name, sectors, lun: Some(lun) } => {
                write!(f, "disk {name} {sectors} lun {lun}")
            }
            Self::Create { name, table: Some(_) } => write!(f, "create {name}"),
            Self::Create { name, table: None } => write!(f, "create {name} --notable"),
            Self::Load { name, .. } => write!(f, "load {name}"),
            Self::Clear { name } => write!(f, "clear {name}"),
            Self::Suspend { name, flags, call } => write!(f, "suspend {name}{flags}{call}"),
            Self::Resume { name, flags, call } => write!(f, "resume {name}{flags}{call}"),
            Self::Remove { name, deferred, call } => {
                let deferred = if *deferred { " --deferred" } else { "" };
                write!(f, "remove {name}{deferred}{call}")
            }
            Self::Message { name, sector, words } => {
                write!(f, "message {name} {sector}")?;
                words.iter().try_for_each(|word| write_word(f, word))
            }
            Self::Status { name, noflush: false } => write!(f, "status {name}"),
            Self::Status { name, noflush: true } => write!(f, "status {name} --noflush"),
            Self::Table { name } => write!(f, "table {name}"),
            Self::Info { name } => write!(f, "info {name}"),
            Self::Io { tag, device, direction, sector, count, readahead, fsync } => {
                write!(f, "io {tag} {device} {} {sector} {count}", direction.name())?;
                f.write_str(if *readahead { " readahead" } else { "" })?;
                f.write_str(if *fsync { " fsync" } else { "" })
            }
            Self::Wait { tag } => write!(f, "wait {tag}"),
            Self::Signal { tag } => write!(f, "signal {tag}"),
            Self::Hold { path } => write!(f, "hold {path}"),
            Self::Release { path, answer } => write!(f, "release {path} {}", answer.name()),
            Self::Unplug { path } => write!(f, "unplug {path}"),
            Self::Replug { path, new: None } => write!(f, "replug {path}"),
            Self::Replug { path, new: Some(new) } => write!(f, "replug {path} as {new}"),
            Self::Offline { path } => write!(f, "offline {path}"),
            Self::Running { path } => write!(f, "running {path}"),
            Self::Medium { path, sector, count } => write!(f, "medium {path} {sector} {count}"),
            Self::Delay { path, milliseconds } => write!(f, "delay {path} {milliseconds}"),
            Self::Fault { device, fault } => write_fault(f, device, *fault),
            Self::Step { process, until: None } => write!(f, "step {process}"),
            Self::Step { process, until: Some(label) } => {
                write!(f, "step {process} until {label}")
            }
        }
    }
}

impl fmt::Display for SuspendFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.noflush { " --noflush" } else { "" })?;
        f.write_str(if self.nolockfs { " --nolockfs" } else { "" })
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tag) = &self.tag {
            write!(f, " --tag {tag}")?;
        }
        f.write_str(if self.background { " &" } else { "" })
    }
}

fn write_fault(f: &mut fmt::Formatter<'_>, device: &str, fault: Fault) -> fmt::Result {
    match fault {
        Fault::Bdget => write!(f, "fault bdget {device}"),
        Fault::LockFs => write!(f, "fault lock_fs {device}"),
        Fault::Preresume => write!(f, "fault preresume {device}"),
        Fault::PgInit(how) => write!(f, "fault pg_init {device} {}", how.name()),
        Fault::Verdict { of, code } => write!(f, "fault verdict {device} {} {}", of.name(), code.0),
    }
}

/// A word of a message, in quotes where it would read differently without.
fn write_word(f: &mut fmt::Formatter<'_>, word: &str) -> fmt::Result {
    let needs_quotes = word.is_empty() || word == "&" || word.contains(super::lex::is_space);
    if needs_quotes || word.ends_with('\\') {
        write!(f, " \"{word}\"")
    } else {
        write!(f, " {word}")
    }
}

//! One line of the body: its words are the verb, options, arguments and perhaps `&`.
use super::args::Args;
use super::error::Refusal;
use super::lex::{Logical, Word};
use super::scope::{Kind, Scope, TagOf};
use super::verb::{Answer, Call, Direction, Fault, Hook, PgInitFault, Verb};
use super::{DISK_SECTOR_COUNT_MAX, IO_SECTOR_COUNT_MAX, NAME_LENGTH_MAX, TableLine};

/// A line that was understood.
pub(super) struct Parsed {
    /// The words but for `--table` and its argument.
    pub(super) text: String,
    pub(super) verb: Verb,
    /// Whether the lines of its table must follow.
    pub(super) awaits_table: bool,
}

/// Reads one line.
pub(super) fn parse(
    line: &Logical,
    scope: &mut Scope,
    model_only: bool,
) -> Result<Parsed, Refusal> {
    let mut args = Args::new(line)?;
    if matches!(args.verb.text.as_str(), "fault" | "step") && !model_only {
        let expected = "`model-only: REASON` in the header, because no real kernel can do this";
        return Err(Refusal::found(args.verb.place, &args.verb.text, expected));
    }
    let table = args.table(line)?;
    let awaits_table = takes_table(&args.verb.text) && args.notable.is_none() && table.is_empty();
    let verb = match args.verb.text.as_str() {
        "disk" | "hold" | "release" | "unplug" | "replug" | "offline" | "running" | "medium"
        | "delay" => disk_verb(&mut args, scope)?,
        "io" | "wait" | "signal" => bio_verb(&mut args, scope)?,
        "fault" => fault_verb(&mut args, scope)?,
        "step" => step_verb(&mut args)?,
        "suspend" | "resume" | "remove" => call_verb(&mut args, scope)?,
        _ => device_verb(&mut args, scope, table)?,
    };
    args.finish()?;
    Ok(Parsed { text: args.written.join(" "), verb, awaits_table })
}

fn disk_verb(args: &mut Args, scope: &mut Scope) -> Result<Verb, Refusal> {
    if args.verb.text == "disk" {
        let name = scope.declare(&args.take("NAME")?, Kind::Disk)?;
        let sectors = args.number("SECTORS", 1, DISK_SECTOR_COUNT_MAX)?;
        let lun = if args.keyword("lun") { Some(args.take("PATH")?) } else { None };
        let itself = lun.as_ref().filter(|lun| lun.text == name);
        if let Some(lun) = itself {
            return Err(Refusal::found(lun.place, &lun.text, "a disk of a line above"));
        }
        let lun = lun.map(|lun| scope.disk(&lun)).transpose()?;
        return Ok(Verb::Disk { name, sectors, lun });
    }
    let path = scope.disk(&args.take("PATH")?)?;
    Ok(match args.verb.text.as_str() {
        "hold" => Verb::Hold { path },
        "release" => {
            let answers = [Answer::Ok, Answer::Error].map(|answer| (answer.name(), answer));
            Verb::Release { path, answer: args.choice(&answers)? }
        }
        "unplug" => Verb::Unplug { path },
        "replug" => {
            let new = if args.keyword("as") { Some(args.take("NEWPATH")?) } else { None };
            let new = new.map(|new| scope.declare(&new, Kind::Disk)).transpose()?;
            Verb::Replug { path, new }
        }
        "offline" => Verb::Offline { path },
        "running" => Verb::Running { path },
        "medium" => {
            let sector = args.sector("SECTOR")?;
            Verb::Medium { path, sector, count: args.count("COUNT", u32::MAX)? }
        }
        _ => Verb::Delay { path, milliseconds: args.sector("MILLISECONDS")? },
    })
}

fn bio_verb(args: &mut Args, scope: &mut Scope) -> Result<Verb, Refusal> {
    match args.verb.text.as_str() {
        "wait" => return Ok(Verb::Wait { tag: scope.wait(&args.take("TAG")?)? }),
        "signal" => return Ok(Verb::Signal { tag: scope.signal(&args.take("TAG")?)? }),
        _ => scope.count_io(args.verb.place)?,
    }
    let tag = scope.declare_tag(&args.take("TAG")?, TagOf::Io)?;
    let device = scope.any(&args.take("DEV")?)?;
    let directions = [Direction::Read, Direction::Write].map(|way| (way.name(), way));
    let direction = args.choice(&directions)?;
    let sector = args.sector("SECTOR")?;
    let count = args.count("COUNT", IO_SECTOR_COUNT_MAX)?;
    let place = args.place();
    let readahead = args.keyword("readahead");
    if readahead && direction == Direction::Write {
        return Err(Refusal::new(place, "found a readahead that writes, expected `r` before it"));
    }
    let fsync = args.keyword("fsync");
    Ok(Verb::Io { tag, device, direction, sector, count, readahead, fsync })
}

fn fault_verb(args: &mut Args, scope: &Scope) -> Result<Verb, Refusal> {
    let kinds = ["bdget", "lock_fs", "preresume", "pg_init", "verdict"];
    let kind = args.choice(&kinds.map(|name| (name, name)))?;
    let device = args.take("DEV")?;
    let device = if kind == "pg_init" { scope.any(&device)? } else { scope.device(&device)? };
    let fault = match kind {
        "bdget" => Fault::Bdget,
        "lock_fs" => Fault::LockFs,
        "preresume" => Fault::Preresume,
        "pg_init" => {
            let ends = [PgInitFault::FailPath, PgInitFault::BypassPg, PgInitFault::Retry];
            Fault::PgInit(args.choice(&ends.map(|end| (end.name(), end)))?)
        }
        _ => {
            let of = args.choice(&[Hook::Map, Hook::EndIo].map(|hook| (hook.name(), hook)))?;
            Fault::Verdict { of, code: args.code()? }
        }
    };
    Ok(Verb::Fault { device, fault })
}

fn step_verb(args: &mut Args) -> Result<Verb, Refusal> {
    let process = free_token(&args.take("PROCESS")?)?;
    let until = if args.keyword("until") { Some(args.take("LABEL")?) } else { None };
    Ok(Verb::Step { process, until: until.map(|label| free_token(&label)).transpose()? })
}

fn call_verb(args: &mut Args, scope: &mut Scope) -> Result<Verb, Refusal> {
    let name = scope.device(&args.take("NAME")?)?;
    let of = if args.background.is_some() { TagOf::Background } else { TagOf::Foreground };
    let tag = args.tag.take().map(|tag| scope.declare_tag(&tag, of)).transpose()?;
    if let (Some(place), None) = (args.background, &tag) {
        let message = format!("a background {} needs --tag", args.verb.text);
        return Err(Refusal::new(place, message));
    }
    let call = Call { tag, background: args.background.is_some() };
    let flags = args.flags;
    Ok(match args.verb.text.as_str() {
        "suspend" => Verb::Suspend { name, flags, call },
        "resume" => Verb::Resume { name, flags, call },
        _ => {
            scope.remove(&name);
            Verb::Remove { name, deferred: args.deferred, call }
        }
    })
}

fn device_verb(args: &mut Args, scope: &mut Scope, table: Vec<TableLine>) -> Result<Verb, Refusal> {
    let name = args.take("NAME")?;
    if args.verb.text == "create" {
        let name = scope.declare(&name, Kind::Device)?;
        let table = args.notable.is_none().then_some(table);
        return Ok(Verb::Create { name, table });
    }
    let name = scope.device(&name)?;
    Ok(match args.verb.text.as_str() {
        "load" | "reload" => Verb::Load { name, table },
        "clear" => Verb::Clear { name },
        "message" => {
            let sector = args.sector("SECTOR")?;
            let mut words = vec![args.take("WORD")?.text];
            words.extend(args.rest.drain(..).map(|word| word.text));
            Verb::Message { name, sector, words }
        }
        "status" => Verb::Status { name, noflush: args.flags.noflush },
        "table" => Verb::Table { name },
        _ => Verb::Info { name },
    })
}

fn takes_table(verb: &str) -> bool {
    matches!(verb, "create" | "load" | "reload")
}

/// A name that only the model knows: anything that can be printed, but for quotes and `&`.
fn free_token(word: &Word) -> Result<String, Refusal> {
    let wrong = word
        .text
        .chars()
        .any(|character| !character.is_ascii_graphic() || matches!(character, '"' | '\\' | '&'));
    if wrong || word.text.is_empty() || word.text.len() > NAME_LENGTH_MAX {
        let expected = "at most 127 letters, digits and signs without quotes, \\ and &";
        return Err(Refusal::found(word.place, &word.text, expected));
    }
    Ok(word.text.clone())
}

//! The lines that a tape draws, none of which names what the lines above have not declared.
use super::rows::table;
use super::tape::Tape;
use crate::scenario::{
    Answer, Call, Direction, Fault, Hook, Line, PgInitFault, SuspendFlags, TableLine, Verb,
};
use dm_model::errno::Code;

/// The mapped device, over the disks.
const DEVICE: &str = "mp";
/// A device over `DEVICE`.
const TOP: &str = "top";
/// The sectors of each disk and device.
pub(super) const SECTOR_COUNT: u32 = 16;
/// How many bios are drawn at most.
const BIO_COUNT_MAX: usize = 3;
/// How often a device is suspended at most: each time may leave one `dm_io` of a bio behind.
const SUSPEND_COUNT_MAX: usize = 3;
/// The verdicts that are made up: the kernel's own, an error, and two that mean nothing.
const CODES: [i8; 7] = [0, 1, 2, -5, 3, 17, -11];

/// What the lines so far have declared.
#[derive(Default)]
pub(super) struct Lines {
    disks: Vec<String>,
    has_top: bool,
    bios: Vec<String>,
    /// Bios that no line waits for yet.
    unawaited: Vec<String>,
    suspends: usize,
    background: Vec<String>,
    map: Option<Code>,
    end_io: Option<Code>,
    has_faults: bool,
}

impl Lines {
    /// Whether a line was drawn that no real kernel can do.
    pub(super) fn is_model_only(&self) -> bool {
        self.has_faults
    }

    /// Two paths to one disk, one or two devices, and perhaps something that has happened to a path.
    pub(super) fn preamble(&mut self, tape: &mut Tape<'_>) -> Vec<Line> {
        let sectors = u64::from(SECTOR_COUNT);
        let disk = |name: &str, lun| Verb::Disk { name: name.to_owned(), sectors, lun };
        let mut verbs = vec![disk("sda", None), disk("sdb", Some("sda".to_owned()))];
        self.disks = vec!["sda".to_owned(), "sdb".to_owned()];
        let rows = table(tape, &self.disks);
        verbs.push(Verb::Create { name: DEVICE.to_owned(), table: Some(rows) });
        if tape.once_in(5) {
            self.has_top = true;
            let row = TableLine::new(0, 0, "0 16 linear /dev/mapper/mp 0");
            verbs.push(Verb::Create { name: TOP.to_owned(), table: Some(vec![row]) });
        }
        for _ in 0..tape.one_of(&[0, 1, 0, 2]) {
            verbs.push(if tape.once_in(3) { message(tape) } else { self.path(tape) });
        }
        verbs.into_iter().map(Line::new).collect()
    }

    /// A script of one to three acts; the first makes a bio, the last may remove the device, and make it anew.
    pub(super) fn script(&mut self, tape: &mut Tape<'_>, first: bool, last: bool) -> Vec<Line> {
        let mut verbs = Vec::new();
        if first {
            verbs.push(self.io(tape));
        }
        for _ in 0..=tape.below(3) {
            self.act(tape, &mut verbs);
        }
        if last && tape.once_in(4) {
            let (name, call) = (self.device(tape), Call::default());
            verbs.push(Verb::Remove { name: name.clone(), deferred: false, call });
            if tape.once_in(4) {
                verbs.push(Verb::Create { name, table: None });
            }
        }
        verbs.into_iter().map(Line::new).collect()
    }

    fn act(&mut self, tape: &mut Tape<'_>, verbs: &mut Vec<Verb>) {
        match tape.below(16) {
            0..=3 => self.cycle(tape, verbs),
            4 | 5 if self.bios.len() < BIO_COUNT_MAX => verbs.push(self.io(tape)),
            4..=6 => verbs.push(message(tape)),
            7..=9 => verbs.push(self.path(tape)),
            10 => verbs.push(self.load(tape)),
            11 => verbs.push(self.resume(tape)),
            12 => verbs.push(self.fault(tape)),
            13 => verbs.extend(self.wait()),
            14 => verbs.extend(self.signal()),
            _ => verbs.push(self.question(tape)),
        }
    }

    fn device(&self, tape: &mut Tape<'_>) -> String {
        let is_top = self.has_top && tape.once_in(2);
        if is_top { TOP.to_owned() } else { DEVICE.to_owned() }
    }

    /// A suspend, perhaps with a new table, and a resume.
    fn cycle(&mut self, tape: &mut Tape<'_>, verbs: &mut Vec<Verb>) {
        if self.suspends == SUSPEND_COUNT_MAX {
            return;
        }
        self.suspends += 1;
        let name = self.device(tape);
        let flags = flags(tape);
        let call = if tape.once_in(4) {
            let tag = format!("s{}", self.suspends);
            self.background.push(tag.clone());
            Call { tag: Some(tag), background: true }
        } else {
            Call::default()
        };
        verbs.push(Verb::Suspend { name: name.clone(), flags, call });
        if name == DEVICE && tape.once_in(2) {
            verbs.push(self.load(tape));
        }
        if !tape.once_in(8) {
            let call = Call::default();
            verbs.push(Verb::Resume { name, flags: SuspendFlags::default(), call });
        }
    }

    fn io(&mut self, tape: &mut Tape<'_>) -> Verb {
        let tag = ["a", "b", "c", "d"][self.bios.len()].to_owned();
        self.bios.push(tag.clone());
        self.unawaited.push(tag.clone());
        let device = self.device(tape);
        let direction = tape.one_of(&[Direction::Read, Direction::Write]);
        let is_write = direction == Direction::Write;
        let count = tape.one_of(&[8, 4, 2]);
        let sector = tape.one_of(&[0, 4, 8]);
        let (readahead, fsync) = (tape.once_in(8) && !is_write, is_write && tape.once_in(8));
        Verb::Io { tag, device, direction, sector, count, readahead, fsync }
    }

    fn load(&mut self, tape: &mut Tape<'_>) -> Verb {
        Verb::Load { name: DEVICE.to_owned(), table: table(tape, &self.disks) }
    }

    /// A resume, which suspends as well if a table was loaded.
    fn resume(&mut self, tape: &mut Tape<'_>) -> Verb {
        if self.suspends == SUSPEND_COUNT_MAX {
            return self.question(tape);
        }
        self.suspends += 1;
        Verb::Resume { name: self.device(tape), flags: flags(tape), call: Call::default() }
    }

    fn path(&mut self, tape: &mut Tape<'_>) -> Verb {
        let path = self.disks[tape.below(self.disks.len())].clone();
        let answer = tape.one_of(&[Answer::Ok, Answer::Error]);
        match tape.below(8) {
            0 => Verb::Offline { path },
            1 => Verb::Running { path },
            2 => Verb::Unplug { path },
            3 => Verb::Replug { path, new: None },
            4 => Verb::Hold { path },
            5 => Verb::Release { path, answer },
            6 if tape.once_in(2) => Verb::Medium { path, sector: 0, count: 8 },
            6 => Verb::Delay { path, milliseconds: 10 },
            _ if self.disks.len() < 4 => {
                let new = ["sdc", "sdd"][self.disks.len() - 2].to_owned();
                self.disks.push(new.clone());
                Verb::Replug { path, new: Some(new) }
            }
            _ => Verb::Running { path },
        }
    }

    fn fault(&mut self, tape: &mut Tape<'_>) -> Verb {
        self.has_faults = true;
        let code = Code(tape.one_of(&CODES));
        let fault = match tape.below(7) {
            0 => Fault::Bdget,
            1 => Fault::LockFs,
            2 => Fault::Preresume,
            3 => Fault::PgInit(tape.one_of(&[
                PgInitFault::FailPath,
                PgInitFault::BypassPg,
                PgInitFault::Retry,
            ])),
            4 => Fault::Verdict { of: Hook::Map, code: *self.map.get_or_insert(code) },
            _ => Fault::Verdict { of: Hook::EndIo, code: *self.end_io.get_or_insert(code) },
        };
        Verb::Fault { device: DEVICE.to_owned(), fault }
    }

    fn wait(&mut self) -> Option<Verb> {
        self.unawaited.pop().map(|tag| Verb::Wait { tag })
    }

    fn signal(&mut self) -> Option<Verb> {
        self.background.last().cloned().map(|tag| Verb::Signal { tag })
    }

    fn question(&self, tape: &mut Tape<'_>) -> Verb {
        let name = self.device(tape);
        match tape.below(4) {
            0 => Verb::Status { name, noflush: false },
            1 => Verb::Table { name },
            2 => Verb::Info { name },
            _ => Verb::Clear { name },
        }
    }
}

/// Noflush, most often.
fn flags(tape: &mut Tape<'_>) -> SuspendFlags {
    SuspendFlags { noflush: !tape.once_in(4), nolockfs: tape.once_in(4) }
}

fn message(tape: &mut Tape<'_>) -> Verb {
    let path = tape.one_of(&["8:0", "8:16"]);
    let group = tape.one_of(&["1", "2"]);
    let words = match tape.below(8) {
        0 | 1 => vec!["fail_path", path],
        2 | 3 => vec!["reinstate_path", path],
        4 => vec!["queue_if_no_path"],
        5 => vec!["fail_if_no_path"],
        6 => vec!["switch_group", group],
        _ => vec![tape.one_of(&["disable_group", "enable_group"]), group],
    };
    let words = words.into_iter().map(str::to_owned).collect();
    Verb::Message { name: DEVICE.to_owned(), sector: 0, words }
}

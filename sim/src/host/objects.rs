//! Slots of bios, tables, targets, tasks and messages: when they are taken and when given back.
use dm_model::effect::Object;
use dm_model::ids::{BioId, Device, MdId, TableId, TargetId, TaskId};
use dm_model::memory::BioPlace;
use dm_model::queue::Queue;
use dm_model::setup::BioSetup;

use super::{BIO_COUNT, Bio, Host, Md, TARGETS_OF_TABLE, TableSetup, TargetSetup, Task};
use crate::drivers::Target;
use crate::drivers::setup::devices;
use crate::multipath::state::Multipath;
use crate::table::{Kind, TableSpec};

/// Every slot of its kind is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoSlot;

/// No device has it.
const NOBODY: MdId = MdId(u8::MAX);

pub(super) fn empty_table(index: usize) -> TableSetup {
    let first = TargetId((index * TARGETS_OF_TABLE) as u8);
    TableSetup {
        md: NOBODY,
        first,
        count: 0,
        sectors: u32::MAX,
        has_devices: false,
        below: Vec::new(),
    }
}

pub(super) fn empty_target(index: usize) -> TargetSetup {
    let table = TableId((index / TARGETS_OF_TABLE) as u8);
    TargetSetup { table, begin: 0, len: 0, split_io: 0 }
}

impl Host {
    /// A bio that an application is about to make.
    ///
    /// # Errors
    /// When too many are under way.
    pub fn take_bio(&mut self, bio: BioSetup, number: u64) -> Result<BioId, NoSlot> {
        // Given back last, taken last: what still refers to an old bio meets an empty slot.
        let id = match self.free_bios.pop_front() {
            Some(id) => id,
            None if self.bios.len() == BIO_COUNT => return Err(NoSlot),
            None => {
                self.bios.push(Bio::default());
                self.setup.bios.push(bio.clone());
                BioId((self.bios.len() - 1) as u16)
            }
        };
        let count = usize::from(bio.count);
        self.setup.bios[id.index()] = bio;
        let slot = &mut self.bios[id.index()];
        slot.number = number;
        slot.place = BioPlace::New;
        slot.result = None;
        slot.waiter = None;
        slot.data.clear();
        slot.data.resize(count, 0);
        Ok(id)
    }

    /// The bio has ended and its application has nothing left to do.
    pub fn give_bio(&mut self, bio: BioId) {
        self.free_bios.push_back(bio);
    }

    /// A task for a system call.
    ///
    /// # Errors
    /// When too many are under way.
    pub fn take_task(&mut self) -> Result<TaskId, NoSlot> {
        let task = self.free_tasks.pop().ok_or(NoSlot)?;
        self.tasks[task.index()] = Task::default();
        Ok(task)
    }

    /// The system call has returned.
    pub fn give_task(&mut self, task: TaskId) {
        self.tasks[task.index()] = Task::default();
        self.free_tasks.push(task);
    }

    /// A message that is about to be sent.
    ///
    /// # Errors
    /// When too many are under way.
    pub fn take_message(&mut self, words: &[&str]) -> Result<u8, NoSlot> {
        let message = self.free_messages.pop().ok_or(NoSlot)?;
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        self.setup.drivers.messages[usize::from(message)] = words;
        Ok(message)
    }

    /// The message was answered.
    pub fn give_message(&mut self, message: u8) {
        self.free_messages.push(message);
    }

    /// The device's slot is as it was before it was first created.
    ///
    /// # Panics
    /// When the device is alive.
    pub fn renew_md(&mut self, md: MdId) {
        let slot = &mut self.mds[md.index()];
        assert!(!slot.exists || slot.freed, "{md:?} is alive");
        *slot = Md { holders: 1, ..Md::default() };
        self.setup.drivers.mds[md.index()].1 = 0;
    }

    /// Puts a table that its constructors have accepted into a slot, with one reference.
    ///
    /// # Errors
    /// When too many are alive, or the table has too many targets.
    pub fn take_table(&mut self, md: MdId, spec: TableSpec) -> Result<TableId, NoSlot> {
        let index = self.tables.iter().position(|table| !table.is_taken).ok_or(NoSlot)?;
        if spec.targets.len() > TARGETS_OF_TABLE {
            return Err(NoSlot);
        }
        let id = TableId(index as u8);
        let first = index * TARGETS_OF_TABLE;
        let has_devices = spec.targets.iter().any(|target| !devices(&target.kind).is_empty());
        let mut below = Vec::new();
        let count = spec.targets.len() as u8;
        for (place, target) in spec.targets.into_iter().enumerate() {
            for device in devices(&target.kind) {
                if let Device::Md(md) = device
                    && !below.contains(&md)
                {
                    below.push(md);
                }
            }
            let (begin, len) = (target.begin as u32, target.len as u32);
            let split_io = target.split_io;
            self.setup.targets[first + place] = TargetSetup { table: id, begin, len, split_io };
            self.targets[first + place] = match &target.kind {
                Kind::Multipath(spec) => {
                    Target::Multipath { state: Multipath::new(spec), dispatching: Queue::new() }
                }
                Kind::Linear { .. } | Kind::Striped { .. } | Kind::Error | Kind::Zero => {
                    Target::Stateless
                }
                Kind::Delay { .. } => Target::Delay(crate::drivers::delay::Delay::new()),
            };
            self.setup.drivers.kinds[first + place] = target.kind;
        }
        let sectors = spec.sectors as u32;
        self.setup.tables[index] =
            TableSetup { md, first: TargetId(first as u8), count, sectors, has_devices, below };
        let size = &mut self.setup.drivers.mds[md.index()].1;
        *size = u64::from(sectors).max(*size);
        self.tables[index] = super::Table { holders: 1, is_taken: true, ..super::Table::default() };
        Ok(id)
    }

    /// The tables that are freed, with nothing of them left but their slot.
    pub fn freed_tables(&self) -> impl Iterator<Item = TableId> + '_ {
        let tables = self.tables.iter().enumerate();
        let done = tables.filter(|(index, table)| {
            let first = index * TARGETS_OF_TABLE;
            let mut works = self.works[first..first + TARGETS_OF_TABLE].iter();
            let is_idle = works.all(|works| works.pending | works.running == 0);
            table.is_taken && table.freed && table.clones == 0 && is_idle
        });
        done.map(|(index, _)| TableId(index as u8))
    }

    /// No process is left that could know the table: its slot may be used again.
    pub fn give_table(&mut self, table: TableId) {
        let index = table.index();
        self.tables[index] = super::Table::default();
        self.setup.tables[index] = empty_table(index);
        for target in index * TARGETS_OF_TABLE..(index + 1) * TARGETS_OF_TABLE {
            self.targets[target] = Target::Stateless;
            self.setup.drivers.kinds[target] = Kind::Error;
            self.works[target] = dm_model::plain::Works::default();
        }
    }

    pub(super) fn is_freed(&self, object: Object) -> bool {
        match object {
            Object::Md(md) => self.mds[md.index()].freed,
            Object::Pools(md) => self.mds[md.index()].pools_freed,
            Object::Table(table) => self.tables[table.index()].freed,
            Object::Target(target) => {
                self.tables[self.setup.targets[target.index()].table.index()].freed
            }
        }
    }
}

//! What of the host may be used again, who stands where, and how large a run is.
use dm_model::frame::Frame;
use dm_model::ids::MdId;

use super::engine::{Engine, Owner};
use super::run::Sizes;

impl Engine {
    /// The number of the oldest process that is under way; without end if none is.
    fn oldest_process(&self) -> u64 {
        let numbers = self.processes.iter().map(|slot| slot.number).filter(|number| *number > 0);
        numbers.min().unwrap_or(u64::MAX)
    }

    /// Gives slots back that nobody can know any more.
    pub(super) fn sweep(&mut self) {
        let oldest = self.oldest_process();
        let freed: Vec<_> = self.host.freed_tables().collect();
        for table in freed {
            let died = self.calls.died(table, self.process_number);
            if died < oldest {
                self.host.give_table(table);
                self.calls.forget(table);
            }
        }
    }

    /// Whether the slot of the device may be used for a new one.
    pub(super) fn is_md_free(&mut self, md: MdId) -> bool {
        let slot = &self.host.mds[md.index()];
        if !slot.exists {
            return true;
        }
        let is_freed = slot.freed;
        is_freed && self.calls.md_died(md, self.process_number) < self.oldest_process()
    }

    /// How large the run is.
    pub(super) fn sizes(&self) -> Sizes {
        Sizes {
            steps: self.steps,
            time: self.now,
            slots: self.host.slot_count() + self.processes.len(),
            events: self.calendar.len(),
            kept: self.judge.kept_count(),
        }
    }

    /// The devices whose swap is at W4.
    pub(super) fn waiting_swaps(&self) -> impl Iterator<Item = MdId> + '_ {
        let live = self.processes.iter().filter(|slot| slot.number > 0);
        live.filter_map(|slot| {
            let Frame::SwapTable(swap) = slot.process.frame() else { return None };
            (slot.process.label() == "W4").then(|| swap.md())
        })
    }

    /// The processes that are under way, with where each stands.
    pub(super) fn standing(&self) -> impl Iterator<Item = (Owner, String)> + '_ {
        let live = self.processes.iter().filter(|slot| slot.number > 0);
        live.map(|slot| (slot.owner, slot.process.label()))
    }
}

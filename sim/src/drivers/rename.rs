//! What a renaming does to target code, its state, and the disks.
use dm_model::ids::{CloneId, Device, DiskId, TargetId};
use dm_model::memory::CloneState;
use dm_model::rename::{Renamed, Renaming};

use super::delay::Delay;
use super::disk::Disk;
use super::mpath::Method;
use super::worker::K;
use super::{Call, Sim, Target, delay, mpath, pg_init, simple, worker};
use crate::multipath::state::{GroupState, Multipath, PathId};

impl Renamed for Sim {
    fn rename_call(call: &mut Call, by: &Renaming) {
        match call {
            Call::Simple(simple::Call::Map(_, clone)) => *clone = by.clone(*clone),
            Call::Simple(simple::Call::Status(..) | simple::Call::Preresume(_)) => {}
            Call::Mpath(mpath::Call { entry, target: _, done: _, label: _ }) => match entry {
                Method::Map(clone) | Method::EndIo(clone, _) => *clone = by.clone(*clone),
                Method::Message(_) | Method::Status(_) | Method::Nullary => {}
            },
            Call::Worker(worker) => rename_worker(worker, by),
            Call::PgInit(call) => {
                let pg_init::Call { target, path, fail_path: _, bypass_pg: _, retry: _, label } =
                    call;
                // The path becomes known at I10.
                if *label != pg_init::G::I10 {
                    *path = path_of(*path, *target, by);
                }
            }
            Call::Delay(delay::Call { target: _, clone, kind: _, more: _, label }) => {
                if *label == delay::D::DL1 {
                    *clone = by.clone(*clone);
                }
            }
        }
    }

    fn rename_target(state: &mut Target, target: TargetId, by: &Renaming) {
        match state {
            Target::Stateless => {}
            Target::Multipath { state, dispatching } => {
                dispatching.replace_each(|clone| by.clone(clone));
                rename_multipath(state, target, by);
            }
            Target::Delay(Delay { may_delay: _, delayed, flushing }) => {
                delayed.replace_each(|clone| by.clone(clone));
                flushing.replace_each(|clone| by.clone(clone));
            }
        }
    }

    fn rename_disk(disk: &mut Disk, by: &Renaming) {
        let Disk { link: _, held: _, delay: _, medium: _, queue } = disk;
        queue.replace_each(|clone| by.clone(clone));
    }

    fn rename_choice(clone: &mut CloneState, by: &Renaming) {
        let is_multipath = !by.paths[clone.target.index()].is_empty();
        // The other targets have no choice, and multipath keeps the number of a path plus 1.
        if is_multipath {
            let path = clone.info.checked_sub(1).map(PathId);
            clone.info = path.map_or(0, |path| path_of(path, clone.target, by).0 + 1);
            clone.device = path.map_or(Device::Disk(DiskId(0)), |_| by.device(clone.device));
        }
    }
}

fn path_of(path: PathId, target: TargetId, by: &Renaming) -> PathId {
    PathId(by.paths[target.index()][path.index()])
}

/// What was sent on is not looked at any more: only K5 needs it.
fn rename_worker(call: &mut worker::Call, by: &Renaming) {
    let worker::Call { target: _, clone, disk, dispatch: _, more: _, label } = call;
    (*clone, *disk) = match label {
        K::K5 => (by.clone(*clone), by.disks[disk.index()]),
        K::K1 | K::K2 | K::K3 | K::K4 | K::K6 | K::TE1 => (CloneId(0), DiskId(0)),
    };
}

fn rename_multipath(state: &mut Multipath, target: TargetId, by: &Renaming) {
    let Multipath {
        nr_valid_paths: _,
        current_path,
        current_pg: _,
        next_pg: _,
        repeat_count: _,
        queue_io: _,
        queue_if_no_path: _,
        saved_queue_if_no_path: _,
        pg_init_required: _,
        pg_init_in_progress: _,
        pg_init_count: _,
        pg_init_path,
        queued,
        queue_size: _,
        paths,
        groups,
    } = state;
    let path = |path: PathId| path_of(path, target, by);
    *current_path = current_path.map(path);
    *pg_init_path = pg_init_path.map(path);
    queued.replace_each(|clone| by.clone(clone));
    let before = *paths;
    for (index, state) in before.iter().enumerate() {
        paths.as_mut_slice()[path(PathId(index as u8)).index()] = state;
    }
    for group in groups.as_mut_slice() {
        let GroupState { bypassed: _, valid, invalid } = group;
        valid.replace_each(path);
        invalid.replace_each(path);
    }
}

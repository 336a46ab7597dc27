//! How many executions loom tries a second, how many schedules shuttle, how many runs the threads
//! of this machine; and how many states the search visits in the same windows.
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dm_benches::{loom, round, search, shuttle, threads, window};
use dm_threads::engine::Scheduler;

/// Executions of loom against states of `Plain`, of the same windows.
fn windows(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("windows");
    group.sample_size(10);
    for (name, preemptions) in [("end-tail", None), ("requeue-signal-tail", Some(2))] {
        let prepared = window(name);
        group.throughput(Throughput::Elements(search(&prepared)));
        group.bench_function(format!("{name}, states on Plain"), |bencher| {
            bencher.iter(|| search(&prepared));
        });
        group.throughput(Throughput::Elements(loom(&prepared, preemptions)));
        group.bench_function(format!("{name}, executions of loom"), |bencher| {
            bencher.iter(|| loom(&prepared, preemptions));
        });
    }
    group.finish();
}

/// Schedules and runs of the same workload, each with its replay.
fn workloads(criterion: &mut Criterion) {
    const COUNT: usize = 50;
    let mut group = criterion.benchmark_group("workloads");
    group.sample_size(10);
    group.throughput(Throughput::Elements(COUNT as u64));
    for name in ["storm", "interrupted"] {
        let round = round(name);
        for (scheduler, text) in [(Scheduler::Random, "random"), (Scheduler::Pct(3), "pct:3")] {
            group.bench_function(format!("{name}, schedules of shuttle {text}"), |bencher| {
                bencher.iter(|| shuttle(&round, scheduler, COUNT));
            });
        }
        group.bench_function(format!("{name}, runs of threads"), |bencher| {
            bencher.iter(|| threads(&round, COUNT));
        });
    }
    group.finish();
}

mod groups {
    //! The macro makes a public function without words.
    use super::{criterion_group, windows, workloads};
    criterion_group!(benches, windows, workloads);
}

criterion_main!(groups::benches);

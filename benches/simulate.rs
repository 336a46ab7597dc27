//! How many steps of the kernel the simulator takes a second on one core: on the standard host, and
//! on what seeds draw.
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dm_sim::simulate::{Options, run};

/// The standard host, one run of a million steps.
fn standard(criterion: &mut Criterion) {
    let options = Options { standard: true, steps: 1_000_000, ..Options::default() };
    let mut group = criterion.benchmark_group("simulate");
    group.sample_size(10);
    group.throughput(Throughput::Elements(run(1, options).steps));
    group.bench_function("steps of the standard host", |bencher| {
        bencher.iter(|| run(1, options).steps);
    });
    let drawn = Options::default();
    let all = || (0..50).map(|seed| run(seed, drawn).steps).sum::<u64>();
    group.throughput(Throughput::Elements(all()));
    group.bench_function("steps of 50 seeds", |bencher| bencher.iter(all));
    group.finish();
}

mod groups {
    //! The macro makes a public function without words.
    use super::{criterion_group, standard};
    criterion_group!(benches, standard);
}

criterion_main!(groups::benches);

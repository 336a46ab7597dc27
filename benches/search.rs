//! How many states a second the search finds in the reference workload, against the yardstick.
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dm_benches::reference::{Reference, SIZES, yardstick};
use dm_explore::{First, Search};

/// A search; the distinct states.
type Run = fn(Search<'_, Reference>) -> u64;

/// The second largest size, in every way.
fn reference(criterion: &mut Criterion) {
    let (size, states, _) = SIZES[2];
    let mut group = criterion.benchmark_group("reference");
    group.sample_size(10);
    group.throughput(Throughput::Elements(states));
    group.bench_function("yardstick", |bencher| bencher.iter(|| yardstick::search(&size, 20)));
    let searches: [(&str, Run); 5] = [
        ("packed", |search| search.run_packed().states),
        ("packed, depth first", |search| search.first(First::Depth).run_packed().states),
        ("packed, two threads", |search| search.threads(2).run_packed().states),
        ("whole", |search| search.run().states),
        ("whole, two threads", |search| search.threads(2).run().states),
    ];
    for (name, search) in searches {
        group.bench_function(name, |bencher| bencher.iter(|| search(Search::new(&size))));
    }
    group.finish();
}

mod groups {
    //! The macro makes a public function without words.
    use super::{criterion_group, reference};
    criterion_group!(benches, reference);
}

criterion_main!(groups::benches);

//! What is a lock, what an atomic and what plain data, against the tables of KERNEL.md.
use dm_model::ids::{DiskId, MdId, TargetId};
use dm_model::memory::Lock;
use dm_model::mutant::Mutant;
use dm_threads::engine::{Arc, Threads};
use dm_threads::grain::Grain;
use dm_threads::inventory::{Datum, has_readers, lock_name, locks_of, word_name, words_of};
use dm_threads::shared::Shared;
use dm_threads::workload::{WORKLOADS, round};

const KERNEL: &str = include_str!("../../docs/KERNEL.md");
const MD: MdId = MdId(0);

/// A row of the table of `struct mapped_device`: names, kind, guard.
struct Row {
    names: Vec<&'static str>,
    kind: &'static str,
    guard: &'static str,
}

fn code_spans(cell: &'static str) -> Vec<&'static str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn rows() -> Vec<Row> {
    let section = KERNEL.split("## A.1").nth(1).expect("it is there");
    let section = section.split("## A.2").next().expect("it ends");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let rows = rows.map(|line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        Row { names: code_spans(cells[1]), kind: cells[2], guard: cells[3] }
    });
    rows.collect()
}

fn datum(name: &str) -> Datum {
    let found = Datum::of_md(MD).into_iter().find(|datum| datum.name() == name);
    found.unwrap_or_else(|| panic!("{name} is no plain data of the model"))
}

#[test]
fn every_field_of_the_kernel_is_made_of_what_its_row_says() {
    let rows = rows();
    assert!(rows.len() >= 12, "{} rows", rows.len());
    for row in &rows {
        let name = row.names[0];
        let lock = locks_of(MD).into_iter().find(|lock| lock_name(*lock) == name);
        if let Some(lock) = lock {
            assert_eq!(has_readers(lock), row.kind.starts_with("rw"), "{name} is {}", row.kind);
        } else if row.kind == "bits" {
            assert_eq!((name, row.guard), ("flags", "each by itself"));
        } else if row.kind == "atomic" {
            let is_word = words_of(MD).into_iter().any(|word| word_name(word) == name);
            assert!(is_word, "{name} is an atomic");
        } else {
            let guard = datum(name).guards()[0];
            let guard = lock_name(guard);
            assert!(row.guard.contains(guard), "{name} is under {guard}, not {}", row.guard);
        }
    }
}

#[test]
fn everything_that_a_device_has_is_in_the_kernels_text() {
    let has = |name: &str| KERNEL.contains(name);
    for lock in locks_of(MD) {
        assert!(has(lock_name(lock)), "{lock:?}");
    }
    for word in words_of(MD) {
        let name = word_name(word);
        assert!(has(name) || name == "i_size", "{word:?}");
    }
    let is_rooms_own = |datum: &Datum| matches!(datum, Datum::Flushing(_) | Datum::Hashed(_));
    for datum in Datum::of_md(MD).into_iter().filter(|datum| !is_rooms_own(datum)) {
        assert!(has(datum.name()), "{datum:?}");
    }
}

/// One big lock around the world would make everything hold, and say nothing.
#[test]
fn every_lock_of_the_kernel_is_a_lock_of_its_own() {
    let known = WORKLOADS[0];
    let round = Arc::new(round(known.name, known.text, Mutant::None).expect("it is right"));
    let shared = Shared::<Threads>::new(&round, Grain::None);
    let mut locks = locks_of(MD);
    locks.push(Lock::Target(TargetId(0)));
    locks.extend((0..4).map(|disk| Lock::Disk(DiskId(disk))));
    assert_eq!(shared.distinct_locks(&locks), locks.len());
}

#[test]
fn all_plain_data_but_what_is_owned_has_a_guard() {
    for datum in Datum::of_md(MD) {
        assert!(!datum.guards().is_empty(), "{datum:?}");
    }
}

//! The rule by hand, against every way in which it may have gone, and what it keeps.
use super::exhaustive::{Applied, Event, Exhaustive};
use super::*;
use dm_model::errno::Errno;

const AT: [Extent; 1] = [Extent { lun: 0, sector: 5, count: 1 }];

fn act(registers: &mut Registers, event: Event) -> Result<(), Broken> {
    let code = |is_ok| if is_ok { Code::OK } else { Errno::Io.code() };
    match event {
        Event::WriteBegan(io) => registers.write_began(io, &AT),
        Event::ReadBegan(io) => registers.read_began(io, &AT),
        Event::WriteEnded(io, is_ok, are_left) => {
            let copies = if are_left { Copies::Left } else { Copies::None };
            registers.write_ended(io, code(is_ok), copies);
        }
        Event::Settled(io) => registers.settled(io),
        Event::ReadEnded(io, value) => return registers.read_ended(io, Code::OK, &[value]),
        Event::ReadFailed(io) => return registers.read_ended(io, code(false), &[]),
    }
    Ok(())
}

/// The text of the claim that the last event breaks; no other breaks one.
fn broken(events: &[Event]) -> Option<String> {
    let mut registers = Registers::new();
    let (last, before) = events.split_last().expect("there are events");
    for event in before {
        assert_eq!(act(&mut registers, *event), Ok(()), "{event:?} of {events:?}");
    }
    act(&mut registers, *last).err().map(|broken| broken.text)
}

use Event::{ReadBegan, ReadEnded, Settled, WriteBegan, WriteEnded};

#[test]
fn a_sector_that_was_never_written_is_zero() {
    assert_eq!(broken(&[ReadBegan(1), ReadEnded(1, ZERO)]), None);
    let text = broken(&[ReadBegan(1), ReadEnded(1, 9)]).expect("nobody wrote 9");
    let expected = "io 1 read sector 5 of LUN 0: expected 0, found 9, which was overwritten before \
                    or never written there";
    assert_eq!(text, expected);
}

#[test]
fn a_write_that_completed_is_read_and_what_was_before_is_not() {
    let write = [WriteBegan(1), WriteEnded(1, true, false), ReadBegan(2)];
    assert_eq!(broken(&[&write[..], &[ReadEnded(2, 1)]].concat()), None);
    assert!(broken(&[&write[..], &[ReadEnded(2, ZERO)]].concat()).is_some());
}

#[test]
fn a_write_in_flight_is_read_and_denied_by_turns() {
    let events = [
        WriteBegan(1),
        ReadBegan(2),
        ReadEnded(2, ZERO),
        ReadBegan(3),
        ReadEnded(3, 1),
        WriteBegan(4),
        ReadBegan(5),
        ReadEnded(5, 4),
        ReadBegan(6),
        ReadEnded(6, 1),
        ReadBegan(7),
        ReadEnded(7, 4),
    ];
    assert_eq!(broken(&events), None, "a write is applied again by a retry");
    let again = [ReadBegan(8), ReadEnded(8, ZERO)];
    assert!(broken(&[&events[..], &again].concat()).is_some(), "nobody writes zero again");
}

#[test]
fn a_write_that_failed_may_have_been_applied_or_not_but_not_both_by_turns() {
    let failed = [WriteBegan(1), WriteEnded(1, false, false), ReadBegan(2)];
    let as_before = [&failed[..], &[ReadEnded(2, ZERO), ReadBegan(3)]].concat();
    let as_written = [&failed[..], &[ReadEnded(2, 1), ReadBegan(3)]].concat();
    assert_eq!(broken(&[&as_before[..], &[ReadEnded(3, ZERO)]].concat()), None);
    assert_eq!(broken(&[&as_written[..], &[ReadEnded(3, 1)]].concat()), None);
    assert!(broken(&[&as_before[..], &[ReadEnded(3, 1)]].concat()).is_some());
    assert!(broken(&[&as_written[..], &[ReadEnded(3, ZERO)]].concat()).is_some());
}

#[test]
fn a_copy_that_is_left_appears_until_it_is_settled() {
    let late = [
        WriteBegan(1),
        WriteEnded(1, false, true),
        WriteBegan(2),
        WriteEnded(2, true, false),
        ReadBegan(3),
        ReadEnded(3, 2),
    ];
    let appears = [&late[..], &[ReadBegan(4), ReadEnded(4, 1)]].concat();
    assert_eq!(broken(&appears), None);
    let settled = [&late[..], &[Settled(1), ReadBegan(4)]].concat();
    assert_eq!(broken(&[&settled[..], &[ReadEnded(4, 1)]].concat()), None);
    let seen = [&settled[..], &[ReadEnded(4, 2), ReadBegan(5), ReadEnded(5, 1)]].concat();
    assert!(broken(&seen).is_some(), "2 stood there after 1 was settled");
    let over = [WriteBegan(6), WriteEnded(6, true, false), ReadBegan(7), ReadEnded(7, 1)];
    assert!(broken(&[&settled[..], &[ReadEnded(4, 2)], &over].concat()).is_some());
}

#[test]
fn what_a_read_showed_is_not_taken_back_for_one_that_began_earlier() {
    let events = [
        WriteBegan(1),
        WriteEnded(1, true, false),
        WriteBegan(2),
        ReadBegan(3),
        ReadEnded(3, 2),
        WriteEnded(2, false, false),
        ReadBegan(4),
        ReadEnded(4, 1),
    ];
    assert!(broken(&events).is_some());
}

#[test]
fn an_earlier_late_read_that_ends_later_does_not_shorten_a_hold() {
    let events = [
        WriteBegan(1),
        WriteEnded(1, true, false),
        WriteBegan(2),
        ReadBegan(3),
        ReadBegan(4),
        WriteEnded(2, false, false),
        ReadBegan(5),
        ReadEnded(5, 1),
        ReadEnded(4, 1),
    ];
    assert_eq!(broken(&[&events[..], &[ReadEnded(3, 1)]].concat()), None);
    let text = broken(&[&events[..], &[ReadEnded(3, 2)]].concat()).expect("5 found 1 after 2");
    let why = "another read denies: it began later and found what was before";
    assert!(text.ends_with(&format!("found 2, which {why}")), "{text}");
}

#[test]
fn each_sector_is_judged_by_itself_and_named() {
    let mut it = Registers::new();
    let wide = [Extent { lun: 3, sector: 14, count: 4 }, Extent { lun: 7, sector: 0, count: 1 }];
    it.write_began(1, &wide);
    it.read_began(2, &[wide[0]]);
    assert_eq!(it.read_ended(2, Code::OK, &[1, 0, 1, 0]), Ok(()), "half of it was applied");
    it.write_ended(1, Code::OK, Copies::None);
    it.read_began(3, &wide);
    let broken = it.read_ended(3, Code::OK, &[1, 1, 1, 1, 0]).expect_err("one is missing");
    let expected = "io 3 read sector 0 of LUN 7: expected 1, found 0, which was overwritten before \
                    or never written there";
    assert_eq!((broken.claim, broken.text.as_str()), (POSSIBLE_VALUE, expected));
    it.read_began(4, &[Extent { lun: 3, sector: 13, count: 1 }]);
    assert_eq!(it.read_ended(4, Code::OK, &[0]), Ok(()), "it lies before the write");
}

/// A generator with a stream that never changes: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A history at random: `steps` events, of at most three open writes and two open reads.
fn history(random: &mut Random, steps: usize) -> Vec<Event> {
    let (mut writes, mut left, mut reads) = (Vec::new(), Vec::new(), Vec::new());
    let mut values = vec![ZERO];
    let mut events = Vec::new();
    let mut last = 0;
    while events.len() < steps {
        let event = match random.below(8) {
            0 | 1 if writes.len() + left.len() < 3 => {
                last += 1;
                writes.push(last);
                values.push(last);
                WriteBegan(last)
            }
            2 | 3 if reads.len() < 2 => {
                last += 1;
                reads.push(last);
                ReadBegan(last)
            }
            4 | 5 if !writes.is_empty() => {
                let io = writes.swap_remove(random.below(writes.len() as u64) as usize);
                let (is_ok, are_left) = (random.below(3) > 0, random.below(4) == 0);
                left.extend(Some(io).filter(|_| are_left));
                WriteEnded(io, is_ok, are_left)
            }
            6 if !left.is_empty() => {
                Settled(left.swap_remove(random.below(left.len() as u64) as usize))
            }
            6 | 7 if !reads.is_empty() => {
                let io = reads.swap_remove(random.below(reads.len() as u64) as usize);
                // Mostly a young value, so that a history goes on for a while.
                let young = &values[values.len().saturating_sub(3)..];
                let value =
                    if random.below(3) > 0 { random.pick(young) } else { random.pick(&values) };
                if random.below(16) == 0 { Event::ReadFailed(io) } else { ReadEnded(io, value) }
            }
            _ => continue,
        };
        events.push(event);
    }
    events
}

/// How many histories are possible to the end by the rule, and how many of those the exhaustive
/// checker denies. Each event is judged alike, or the rule is the weaker one.
fn compare(seed: u64, histories: usize, steps: usize, applied: Applied) -> (usize, usize) {
    let mut random = Random(seed);
    let (mut possible, mut weaker) = (0, 0);
    for _ in 0..histories {
        let events = history(&mut random, steps);
        let (mut registers, mut exhaustive) = (Registers::new(), Exhaustive::new(applied));
        let mut is_possible = true;
        for event in &events {
            let allowed = exhaustive.allows(*event);
            is_possible = act(&mut registers, *event).is_ok();
            assert!(is_possible || !allowed, "stricter at {event:?} of {events:?}");
            if !is_possible || !allowed {
                weaker += usize::from(is_possible);
                break;
            }
        }
        possible += usize::from(is_possible);
    }
    (possible, weaker)
}

#[test]
fn the_rule_is_exact_on_histories_at_random() {
    let (possible, weaker) = compare(1, 1_500, 14, Applied::AnyNumber);
    assert_eq!((possible, weaker), (1_156, 0));
}

/// Where a write is applied once at most the rule is too weak by what retries may do.
#[test]
fn the_rule_is_never_stricter_than_the_textbook() {
    let (possible, weaker) = compare(2, 1_500, 14, Applied::Once);
    assert_eq!((possible, weaker), (1_171, 26));
}

#[test]
#[ignore = "a minute"]
fn the_rule_is_exact_on_many_and_longer_histories_at_random() {
    let (possible, weaker) = compare(3, 20_000, 18, Applied::AnyNumber);
    assert_eq!((possible, weaker), (13_678, 0));
}

/// A disk of `sectors` sectors that takes writes and reads of one sector, some of them for long;
/// one write in eight fails, applied or not. Each value is one that the disk had.
fn run(registers: &mut Registers, sectors: u64, count: u64, depth: usize) -> usize {
    let mut random = Random(4);
    let mut disk = vec![ZERO; sectors as usize];
    let mut open: Vec<(u64, u64, bool)> = Vec::new();
    let mut most = 0;
    for io in 1..=count {
        let sector = random.below(sectors);
        let extent = [Extent { lun: 0, sector, count: 1 }];
        let is_write = random.below(2) == 0;
        if is_write {
            registers.write_began(io, &extent);
        } else {
            registers.read_began(io, &extent);
        }
        open.push((io, sector, is_write));
        if open.len() < depth {
            continue;
        }
        let (io, sector, is_write) = open.swap_remove(random.below(depth as u64) as usize);
        if is_write {
            let is_ok = random.below(8) > 0;
            if is_ok || random.below(2) == 0 {
                disk[sector as usize] = io;
            }
            let code = if is_ok { Code::OK } else { Errno::Io.code() };
            registers.write_ended(io, code, Copies::None);
        } else {
            let read = registers.read_ended(io, Code::OK, &[disk[sector as usize]]);
            assert_eq!(read, Ok(()));
        }
        if io % 1_024 == 0 {
            most = most.max(registers.candidate_count());
        }
    }
    most
}

#[test]
fn memory_is_flat_and_no_value_that_was_there_is_denied() {
    let mut registers = Registers::new();
    let most = run(&mut registers, 64, 200_000, 32);
    assert_eq!(most, 90, "candidates of 64 sectors with 32 open");
    assert_eq!(registers.unjudged_count(), 0);
}

#[test]
fn a_sector_with_too_many_candidates_judges_less_and_denies_nothing_more() {
    let mut it = Registers::new();
    it.read_began(1, &AT);
    let failed = 2..2 + 2 * CANDIDATE_COUNT_MAX as u64;
    for io in failed.clone() {
        it.write_began(io, &AT);
        it.write_ended(io, Errno::Io.code(), Copies::None);
        assert!(it.candidate_count() <= PAGE_SECTORS as usize + CANDIDATE_COUNT_MAX);
    }
    it.read_began(900, &AT);
    assert_eq!(it.read_ended(900, Code::OK, &[failed.end - 1]), Ok(()), "the last one is kept");
    assert_eq!(it.unjudged_count(), 0);
    assert_eq!(it.read_ended(1, Code::OK, &[2]), Ok(()), "the first one was");
    assert_eq!(it.unjudged_count(), 1);
    it.write_began(901, &AT);
    it.write_ended(901, Code::OK, Copies::None);
    it.read_began(902, &AT);
    assert!(it.read_ended(902, Code::OK, &[2]).is_err(), "all of them are overwritten");
}

#[test]
fn any_value_is_possible_as_long_as_each_of_those_it_stands_for() {
    let many = CANDIDATE_COUNT_MAX as u64 + 2;
    let mut it = Registers::new();
    for io in 1..=many {
        // It begins before the later ones of the merged half are over.
        if io == 10 {
            it.write_began(900, &AT);
        }
        it.write_began(io, &AT);
        it.write_ended(io, Errno::Io.code(), Copies::None);
    }
    it.write_ended(900, Code::OK, Copies::None);
    it.read_began(901, &AT);
    assert_eq!(it.read_ended(901, Code::OK, &[20]), Ok(()), "20 may be later than 900");
    assert_eq!(it.unjudged_count(), 1);

    let mut it = Registers::new();
    it.read_began(900, &AT);
    for io in 1..=many {
        if io == 10 {
            it.read_began(901, &AT);
        }
        it.write_began(io, &AT);
        it.write_ended(io, Code::OK, Copies::None);
    }
    assert_eq!(it.read_ended(901, Code::OK, &[20]), Ok(()), "20 was written during 901");
    assert_eq!(it.unjudged_count(), 1);
}

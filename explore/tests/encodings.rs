//! The encoding tells apart what is different, and takes few bytes for what is small.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::hash::Hash;

use dm_explore::encode;

/// Asserts that the values, which differ pairwise, encode differently and prefix-free.
fn assert_told_apart<T: Hash + Debug + PartialEq>(values: &[T]) {
    for (i, left) in values.iter().enumerate() {
        for (j, right) in values.iter().enumerate() {
            let is_prefix = encode(right).starts_with(&encode(left));
            assert_eq!(left == right, i == j, "{left:?} is listed twice");
            assert_eq!(is_prefix, i == j, "{left:?} and {right:?}");
        }
    }
}

#[derive(Debug, PartialEq, Hash)]
enum Shape {
    Empty,
    Point(u8),
    Pair(u8, u8),
    Named { name: String, parts: Vec<Shape> },
    Boxed(Option<Box<Shape>>),
}

#[test]
fn nested_options_are_told_apart() {
    assert_told_apart(&[None, Some(None), Some(Some(None)), Some(Some(Some(0_u8)))]);
    assert_told_apart(&[(None, Some(1_u8)), (Some(1), None), (None, None), (Some(1), Some(1))]);
}

#[test]
fn the_borders_of_lists_are_told_apart() {
    assert_told_apart(&[
        vec![],
        vec![vec![]],
        vec![vec![], vec![]],
        vec![vec![0_u8]],
        vec![vec![0], vec![]],
        vec![vec![], vec![0]],
        vec![vec![0, 0]],
        vec![vec![1, 0], vec![0]],
        vec![vec![1], vec![0, 0]],
    ]);
    assert_told_apart(&[
        (vec![1_u8, 2], vec![3_u8]),
        (vec![1], vec![2, 3]),
        (vec![], vec![1, 2, 3]),
    ]);
}

#[test]
fn the_borders_of_strings_are_told_apart() {
    assert_told_apart(&[("ab", "c"), ("a", "bc"), ("abc", ""), ("", "abc"), ("", ""), ("\0", "")]);
    assert_told_apart(&[("ÿ", ""), ("", "ÿ"), ("\u{7f}", "\u{ff}")]);
}

#[test]
fn the_variants_of_an_enum_are_told_apart() {
    let named = |name: &str, parts| Shape::Named { name: name.to_owned(), parts };
    assert_told_apart(&[
        Shape::Empty,
        Shape::Point(0),
        Shape::Point(1),
        Shape::Pair(0, 1),
        Shape::Pair(1, 0),
        named("", vec![]),
        named("", vec![Shape::Empty]),
        named("", vec![Shape::Point(2), Shape::Empty]),
        named("", vec![named("a", vec![])]),
        named("a", vec![]),
        Shape::Boxed(None),
        Shape::Boxed(Some(Box::new(Shape::Empty))),
        Shape::Boxed(Some(Box::new(Shape::Boxed(None)))),
    ]);
}

#[test]
fn numbers_of_every_width_are_told_apart() {
    let edges = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x3fff, 0x4000, 0xffff, 0x1_0000, 0xffff_ffff];
    assert_told_apart(&[&edges[..], &[1 << 32, 1 << 63, u64::MAX]].concat());
    assert_told_apart(&[0, 1, -1, 63, 64, -64, -65, i64::MIN, i64::MAX]);
    assert_told_apart(&[i32::MIN, -1, 0, 1, i32::MAX]);
    assert_told_apart(&[i16::MIN, -1, 0, 1, i16::MAX]);
    assert_told_apart(&[i8::MIN, -1, 0, 1, i8::MAX]);
    assert_told_apart(&[0, 1, u128::MAX]);
    assert_told_apart(&[0, 0xff, 0x100, u16::MAX]);
    assert_told_apart(&['a', 'ä', '\u{10ffff}', '\0']);
}

#[test]
fn every_pair_of_small_lists_is_told_apart() {
    let mut lists = vec![vec![]];
    for from in 0.. {
        if lists.len() > 120 {
            break;
        }
        for item in 0..3_u16 {
            let longer: Vec<u16> = [&lists[from][..], &[item * 100]].concat();
            lists.push(longer);
        }
    }
    assert_told_apart(&lists);
}

#[test]
fn equal_values_encode_equally_however_they_are_laid_out() {
    let straight: VecDeque<u32> = (0..4).collect();
    let mut wrapped: VecDeque<u32> = (2..4).collect();
    wrapped.push_front(1);
    wrapped.push_front(0);
    assert_eq!(encode(&straight), encode(&wrapped));

    let mut spare = Vec::with_capacity(100);
    spare.extend([1_u8, 2]);
    assert_eq!(encode(&spare), encode(&vec![1_u8, 2]));
    let forward: BTreeMap<u8, u8> = [(1, 2), (3, 4)].into();
    let backward: BTreeMap<u8, u8> = [(3, 4), (1, 2)].into();
    assert_eq!(encode(&forward), encode(&backward));
}

#[test]
fn discriminants_lengths_and_small_numbers_take_one_byte_each() {
    assert_eq!(encode(&Shape::Empty).len(), 1);
    assert_eq!(encode(&Shape::Pair(1, 2)).len(), 3);
    assert_eq!(encode(&(7_u32, 100_u64, 127_usize, -3_i32, true)).len(), 5);
    assert_eq!(encode(&vec![Some(1_u32), None]).len(), 4);
    assert_eq!(encode(&"name").len(), 5);
}

//! The containers of the shared memory against those of the standard library, after any operations.
use std::collections::{BTreeMap, VecDeque};

use dm_explore::encode;
use dm_model::list::List;
use dm_model::queue::Queue;
use dm_model::sorted::Map;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::sample::Index;
use proptest::strategy::{Just, Strategy};
use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};

/// What stands in place of the list and of the queue here.
const ROOM: usize = 4;

/// Something that is done to a list or to a queue.
#[derive(Clone, Debug)]
enum Operation {
    PushBack(u8),
    PopFront,
    PopBack,
    RemoveAt(Index),
    InsertAt(Index, u8),
    MergeHead(Vec<u8>),
    Take,
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        4 => any::<u8>().prop_map(Operation::PushBack),
        2 => Just(Operation::PopFront),
        1 => Just(Operation::PopBack),
        1 => any::<Index>().prop_map(Operation::RemoveAt),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, it)| Operation::InsertAt(at, it)),
        1 => vec(any::<u8>(), 0..4).prop_map(Operation::MergeHead),
        1 => Just(Operation::Take),
    ];
    vec(operation, 0..40)
}

proptest! {
    #[test]
    fn a_queue_is_a_deque_whatever_is_beyond_its_room(operations in operations()) {
        let (mut queue, mut plain) = (Queue::<u8, ROOM>::new(), VecDeque::new());
        for operation in operations {
            match operation {
                Operation::PushBack(value) | Operation::InsertAt(_, value) => {
                    queue.push_back(value);
                    plain.push_back(value);
                }
                Operation::PopFront | Operation::PopBack => {
                    prop_assert_eq!(queue.pop_front(), plain.pop_front());
                }
                Operation::RemoveAt(at) if !plain.is_empty() => {
                    let at = at.index(plain.len());
                    prop_assert_eq!(Some(queue.remove_at(at)), plain.remove(at));
                }
                Operation::RemoveAt(_) => {}
                Operation::MergeHead(values) => {
                    queue.merge_head(values.iter().copied().collect());
                    values.into_iter().rev().for_each(|value| plain.push_front(value));
                }
                Operation::Take => {
                    prop_assert!(queue.take().iter().eq(plain.drain(..)));
                }
            }
            prop_assert!(queue.iter().eq(plain.iter().copied()), "{:?} {:?}", queue, plain);
            prop_assert_eq!(queue.len(), plain.len());
            prop_assert_eq!(queue.is_in_place(), plain.len() <= ROOM);
            prop_assert_eq!(queue.get(ROOM), plain.get(ROOM).copied());
            // Whatever has been done before, equal contents are one state.
            let anew: Queue<u8, ROOM> = plain.iter().copied().collect();
            prop_assert_eq!(&anew, &queue);
            prop_assert_eq!(encode(&anew), encode(&queue));
        }
    }

    #[test]
    fn a_list_is_a_vector_that_never_grows(operations in operations()) {
        let (mut list, mut plain) = (List::<u8, ROOM>::new(), Vec::new());
        for operation in operations {
            match operation {
                Operation::PushBack(value) if plain.len() < ROOM => {
                    list.push_back(value);
                    plain.push(value);
                }
                Operation::InsertAt(at, value) if plain.len() < ROOM => {
                    let at = at.index(plain.len() + 1);
                    list.insert_at(at, value);
                    plain.insert(at, value);
                }
                Operation::MergeHead(values) if plain.len() + values.len() <= ROOM => {
                    let mut head = List::new();
                    for value in &values {
                        head.push_back(*value);
                    }
                    list.merge_head(head);
                    plain.splice(0..0, values);
                }
                Operation::PushBack(_) | Operation::InsertAt(..) | Operation::MergeHead(_) => {}
                Operation::PopFront => {
                    let expected = (!plain.is_empty()).then(|| plain.remove(0));
                    prop_assert_eq!(list.pop_front(), expected);
                }
                Operation::PopBack => prop_assert_eq!(list.pop_back(), plain.pop()),
                Operation::RemoveAt(at) if !plain.is_empty() => {
                    let at = at.index(plain.len());
                    prop_assert_eq!(list.remove_at(at), plain.remove(at));
                }
                Operation::RemoveAt(_) => {}
                Operation::Take => {
                    let taken = list.take();
                    prop_assert_eq!(taken.as_slice(), &std::mem::take(&mut plain)[..]);
                }
            }
            prop_assert_eq!(list.as_slice(), &plain[..]);
            let mut anew = List::<u8, ROOM>::new();
            for value in &plain {
                anew.push_back(*value);
            }
            prop_assert_eq!(encode(&anew), encode(&list), "what was there before shows");
        }
    }

    #[test]
    fn a_map_is_a_tree_map(operations in vec((any::<bool>(), 0..12_u8, any::<u8>()), 0..40)) {
        let (mut map, mut plain) = (Map::new(), BTreeMap::new());
        for (inserts, key, value) in operations {
            match (inserts, plain.contains_key(&key)) {
                (true, false) => {
                    map.insert(key, value);
                    plain.insert(key, value);
                }
                (false, true) => prop_assert_eq!(Some(map.remove(key)), plain.remove(&key)),
                (true, true) => {
                    let found = map.get_mut(key).expect("it is there");
                    *found = value;
                    plain.insert(key, value);
                }
                (false, false) => prop_assert_eq!(map.get(key), None),
            }
            prop_assert!(map.iter().eq(plain.iter().map(|(key, value)| (*key, value))));
            prop_assert_eq!((map.len(), map.is_empty()), (plain.len(), plain.is_empty()));
        }
    }
}

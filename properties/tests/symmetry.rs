//! What is interchangeable is: a permuted action leads from a permuted state where the action led
//! from the state, permuted, and breaks the same claims.
use std::collections::BTreeSet;

use dm_explore::{Reduced, System, Taken};
use dm_properties::configurations::{Bound, Parameters, generate, of_bound};
use dm_properties::kills::{KILLS, SMALL};
use dm_properties::system::{Broken, Checked, Goal, Pace, State};
use dm_sim::world::config::Configuration;
use dm_sim::world::plan::Action;
use dm_sim::world::rename::Permutation;

fn checked(name: &str, text: &str) -> Checked {
    let configuration = Configuration::parse(name, text).unwrap_or_else(|it| panic!("{it}"));
    let world = configuration.world(configuration.era).unwrap_or_else(|it| panic!("{it}"));
    Checked::new(world, Goal::Claims, Pace::Free)
}

/// Numbers that look random, the same each time (xorshift).
struct Lots(u64);

impl Lots {
    fn draw(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }
}

/// Takes an action; `None` where it is blocked or asks for a choice.
fn take(system: &Checked, state: &State, action: Action) -> (Taken, State, BTreeSet<&'static str>) {
    let mut after = state.clone();
    let mut broken: Vec<Broken> = Vec::new();
    let taken = system.step(&mut after, &action, &mut broken);
    (taken, after, broken.iter().map(|broken| broken.claim.name).collect())
}

fn renamed(state: &State, by: &Permutation) -> State {
    let mut state = state.clone();
    state.rename(by);
    state
}

/// Walks at random and permutes each step; how many steps it was.
fn walk(system: &Checked, lots: &mut Lots, name: &str) -> usize {
    let symmetry = system.symmetry();
    let identity = Permutation::identity(&system.initial().world);
    let mut state = system.initial();
    for count in 0..400 {
        let mut actions = Vec::new();
        system.actions(&state, &mut actions);
        if actions.is_empty() {
            return count;
        }
        let mut action = actions[lots.draw(actions.len())];
        let (mut taken, mut after, mut broken) = take(system, &state, action);
        if let Taken::Choices(choices) = taken {
            action = system.variant(&action, lots.draw(choices.into()) as u8);
            (taken, after, broken) = take(system, &state, action);
        }
        for by in symmetry.permutations() {
            let other = renamed(&state, by);
            let permuted = by.action(action);
            let alone = |state: &State| -> BTreeSet<Action> {
                system.alone_from_start().all(&state.world).collect()
            };
            let expected = alone(&state).into_iter().map(|it| by.action(it)).collect();
            assert_eq!(alone(&other), expected, "{name}: what is alone");
            let mut listed = Vec::new();
            system.actions(&other, &mut listed);
            let is_listed = listed.iter().any(|it| it.kind == permuted.kind);
            assert!(is_listed, "{name}: {action:?} is possible, {permuted:?} is not");
            let (taken_there, there, broken_there) = take(system, &other, permuted);
            assert_eq!(taken, taken_there, "{name}: {action:?}");
            if taken == Taken::Moved {
                let same = renamed(&there, &identity) == renamed(&after, by);
                assert!(same, "{name}: {action:?} leads elsewhere than {permuted:?}, by {by:?}");
                assert_eq!(broken, broken_there, "{name}: {action:?}");
            }
        }
        if taken == Taken::Moved {
            state = after;
            assert_represented(system, &state, name);
            // A seeded bug may make the model lose track of itself.
            if !broken.is_empty() {
                return count;
            }
        }
    }
    400
}

/// What stands for a state is one of those that are alike, and stands for all of them.
fn assert_represented(system: &Checked, state: &State, name: &str) {
    if system.symmetry().is_trivial() {
        return;
    }
    let canonical = |mut state: State| {
        system.canonical(&mut state);
        state
    };
    let it = canonical(state.clone());
    for by in system.symmetry().permutations() {
        assert!(canonical(renamed(state, by)) == it, "{name}: {by:?}");
    }
    assert!(system.symmetry().permutations().any(|by| renamed(state, by) == it), "{name}");
}

fn sizes(bios: u8, paths: u8, faults: u8, cycles: u8) -> String {
    generate(Parameters { bios, paths, faults, cycles, signals: 0, messages: 0 })
}

/// Two scripts of each kind.
const PAIRS: &str = "\
era: 2.6.20
mode: bio
open: held
faults: 1
heals: yes
signals: 1
reorders: yes

disk sda 32
disk sdb 32 lun sda
create mp
  0 32 multipath 1 queue_if_no_path 0 1 1 \\
    round-robin 0 2 1 8:0 1 8:16 1
create lin
  0 16 linear /dev/mapper/mp 0
||
io a mp w 0 8
io b mp r 24 4
||
io c mp w 8 8
io d mp r 24 4
||
suspend mp --noflush
resume mp
||
suspend mp --noflush
resume mp
||
io e mp w 16 8
";

#[test]
fn each_permutation_takes_steps_to_steps() {
    let mut lots = Lots(7);
    let mut steps = 0;
    let named = of_bound(Bound::Standard).into_iter().chain(SMALL);
    let mut texts: Vec<_> =
        named.map(|named| (named.name.to_owned(), named.text.to_owned())).collect();
    for (bios, paths, faults, cycles) in
        [(1, 2, 1, 1), (2, 1, 1, 1), (2, 2, 1, 0), (3, 2, 2, 2), (2, 3, 2, 1)]
    {
        texts.push((format!("{bios} {paths}"), sizes(bios, paths, faults, cycles)));
    }
    texts.push(("pairs".to_owned(), PAIRS.to_owned()));
    for (name, text) in &texts {
        let system = checked(name, text);
        let walks = if system.symmetry().is_trivial() { 1 } else { 60 };
        steps += (0..walks).map(|_| walk(&system, &mut lots, name)).sum::<usize>();
    }
    assert!(steps > 20_000, "{steps} steps");
}

#[test]
fn so_it_does_with_every_seeded_bug() {
    let mut lots = Lots(11);
    for kill in KILLS {
        let bug = kill.seeded().name;
        let text = dm_properties::configurations::seeded(&sizes(2, 2, 1, 1), bug);
        let system = checked(bug, &text);
        for _ in 0..8 {
            walk(&system, &mut lots, bug);
        }
    }
}

#[test]
fn what_is_interchangeable_is_known() {
    let permutations = |text: &str| checked("x", text).symmetry().count();
    assert_eq!(permutations(&sizes(1, 1, 1, 1)), 1);
    assert_eq!(permutations(&sizes(3, 1, 1, 1)), 6);
    assert_eq!(permutations(&sizes(3, 2, 1, 1)), 12);
    assert_eq!(permutations(&sizes(2, 3, 1, 1)), 12);
    // The third write lies apart from the others, but its script says less.
    assert_eq!(permutations(PAIRS), 2 * 2 * 2);
}

#[test]
fn what_a_script_or_a_place_tells_apart_is_not_interchangeable() {
    let permutations = |text: &str| checked("x", text).symmetry().count();
    let without = |from: &str, to: &str| permutations(&PAIRS.replace(from, to));
    assert_eq!(without("io c mp w 8 8", "io c mp r 8 8"), 4, "a read is no write");
    assert_eq!(without("io c mp w 8 8", "io c mp w 4 8"), 4, "they overlap");
    assert_eq!(without("io c mp w 8 8", "io c mp w 8 4"), 4, "one is shorter");
    assert_eq!(without("io e mp w 16 8", "io e lin r 0 4"), 4, "another one reads there");
    assert_eq!(without("io e mp w 16 8", "offline sda\nio e mp w 16 8"), 4, "a line is about sda");
    assert_eq!(
        without("io e mp w 16 8", "message mp 0 fail_path 8:0"),
        4,
        "a message is about sda"
    );
    assert_eq!(without("disk sdb 32 lun sda", "disk sdb 32"), 4, "they lead to different places");
    assert_eq!(without("8:16 1\n", "8:16 2\n"), 4, "one is used twice as often");
    assert_eq!(without("io e mp w 16 8", "wait a\nio e mp w 16 8"), 4, "somebody waits for a");
}

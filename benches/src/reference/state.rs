//! A state of the reference workload, readable and as a word.
use super::Queue;

/// A state. Every queue and place holds its default where nothing is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub struct State {
    /// Where each bio is: four bits each, a [`Place`], or 8 plus the path that it is in flight on.
    pub places: u32,
    /// Bios that wait outside the closed gate.
    pub deferred: Queue,
    /// Bios that were given back while the device was being suspended.
    pub pushback: Queue,
    /// Bios that wait for a path.
    pub queued: Queue,
    /// Paths that have their plug, a bit each.
    pub plugged: u8,
    /// Paths that are marked failed, a bit each.
    pub failed: u8,
    /// Bios that the device has begun and not given back.
    pub pending: u8,
    /// Where the suspender is: 0 to 7.
    pub suspender: u8,
    /// Suspends that have begun.
    pub cycles: u8,
    /// Faults that have happened.
    pub faults: u8,
    /// The flags.
    pub flags: Flags,
}

/// Where a bio is that is not in flight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Not submitted yet.
    New = 0,
    /// In the queue of deferred bios.
    Deferred = 1,
    /// In the queue of those pushed back.
    PushedBack = 2,
    /// In the target's queue.
    Queued = 3,
    /// About to be mapped.
    Mapping = 4,
    /// Back from a path in error.
    Error = 5,
    /// Completed.
    Ok = 6,
    /// Completed in error.
    Eio = 7,
}

/// A bio in flight on path p is at this plus p.
pub(crate) const IN_FLIGHT: u32 = 8;

/// Flags, a bit each.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub struct Flags(u8);

impl Flags {
    /// A suspend is under way that is not to flush.
    pub const NOFLUSH: u8 = 1;
    /// The gate is closed.
    pub const BLOCKED: u8 = 2;
    /// Bios wait when no path is left; as at the beginning.
    pub const QUEUES: Self = Self(Self::QUEUE);
    /// As in [`Flags::QUEUES`].
    pub const QUEUE: u8 = 4;
    /// What that was when the suspend began.
    pub const SAVED: u8 = 8;

    /// Whether the flag is set.
    #[inline]
    pub fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }

    /// Sets the flag to this.
    #[inline]
    pub fn set(&mut self, flag: u8, value: bool) {
        self.0 = self.0 & !flag | if value { flag } else { 0 };
    }
}

/// The lowest bit of each place.
const ONES: u32 = 0x1111_1111;

const BIO_COUNT: u32 = 5;
/// How many bits each part of a word takes, the lowest first.
pub(super) const PLACES: u32 = 4 * BIO_COUNT;
pub(super) const ORDER: u32 = 4 * BIO_COUNT;

impl State {
    /// Where the bio is, as a number.
    #[inline]
    pub fn place(&self, bio: usize) -> u32 {
        self.places >> (4 * bio) & 15
    }

    /// Puts the bio somewhere.
    #[inline]
    pub fn put(&mut self, bio: usize, place: u32) {
        self.places = self.places & !(15 << (4 * bio)) | place << (4 * bio);
    }

    /// The lowest bit of each place that is this one.
    #[inline]
    fn at(places: u32, place: Place) -> u32 {
        let other = places ^ (ONES * place as u32);
        let other = other | other >> 2;
        !(other | other >> 1) & ONES
    }

    /// Whether any bio is there, which is not `New`.
    #[inline]
    pub fn any_at(&self, place: Place) -> bool {
        Self::at(self.places, place) != 0
    }

    /// The state as a word. The three queues hold each bio at most once, so that one order of all
    /// that wait says what is in each, together with the places.
    #[inline]
    pub fn pack(&self) -> u64 {
        let order = self.deferred.then(self.pushback).then(self.queued);
        let mut word = u64::from(self.places) | order.bits() << PLACES;
        let mut shift = PLACES + ORDER;
        for (part, bits) in self.parts() {
            debug_assert!(part < 1 << bits, "{self:?} has a part of more than {bits} bits");
            word |= u64::from(part) << shift;
            shift += bits;
        }
        word
    }

    /// The state of which this is the word.
    #[inline]
    pub fn unpack(word: u64) -> Self {
        let places = (word & ((1 << PLACES) - 1)) as u32;
        let order = Queue::from_bits(word >> PLACES & ((1 << ORDER) - 1));
        let count = |place| Self::at(places, place).count_ones();
        let (deferred, order) = order.split(count(Place::Deferred));
        let (pushback, queued) = order.split(count(Place::PushedBack));
        let mut rest = word >> (PLACES + ORDER);
        let mut next = |bits: u32| {
            let part = (rest & ((1 << bits) - 1)) as u8;
            rest >>= bits;
            part
        };
        let [plugged, failed, pending] = [next(2), next(2), next(3)];
        let [suspender, cycles, faults, flags] = [next(3), next(2), next(2), next(4)];
        let flags = Flags(flags);
        Self {
            places,
            deferred,
            pushback,
            queued,
            plugged,
            failed,
            pending,
            suspender,
            cycles,
            faults,
            flags,
        }
    }

    /// The small parts of a word and how many bits each takes.
    #[inline]
    fn parts(&self) -> [(u8, u32); 7] {
        [
            (self.plugged, 2),
            (self.failed, 2),
            (self.pending, 3),
            (self.suspender, 3),
            (self.cycles, 2),
            (self.faults, 2),
            (self.flags.0, 4),
        ]
    }
}

//! A state of the reference workload as the word that it is packed to, which every action changes
//! in place.
//!
//! The three queues are one order of bios, the deferred ones first, then those pushed back, then
//! the queued ones: a bio is in the queue that its place says.
use super::state::{Flags, ORDER, PLACES, Place, State};

/// A state: from the lowest bits, the places, the order, and the small parts in the order of
/// [`State::pack`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Word(pub u64);

const ONES: u64 = 0x11111;
pub(super) const ORDER_MASK: u64 = (1 << ORDER) - 1;
/// Where each small part begins.
pub(super) const PLUGGED: u32 = PLACES + ORDER;
pub(super) const FAILED: u32 = PLUGGED + 2;
const PENDING: u32 = FAILED + 2;
const SUSPENDER: u32 = PENDING + 3;
const CYCLES: u32 = SUSPENDER + 3;
const FAULTS: u32 = CYCLES + 2;
pub(super) const FLAGS: u32 = FAULTS + 2;

impl Word {
    /// The readable state as a word.
    pub fn of(state: &State) -> Self {
        Self(state.pack())
    }

    /// The readable state.
    pub fn state(self) -> State {
        State::unpack(self.0)
    }

    /// Where the bio is, as a number.
    #[inline]
    pub(super) fn place(self, bio: u8) -> u64 {
        self.0 >> (4 * bio) & 15
    }

    /// Moves a bio to another place.
    #[inline]
    pub(super) fn put(&mut self, bio: u8, place: u64) {
        self.0 = self.0 & !(15 << (4 * bio)) | place << (4 * bio);
    }

    /// The lowest bit of each place that is this one.
    #[inline]
    pub(super) fn at(self, place: Place) -> u64 {
        let other = self.0 ^ (ONES * place as u64);
        let other = other | other >> 2;
        !(other | other >> 1) & ONES
    }

    /// Whether any bio is there, which is not `New`.
    #[inline]
    pub(super) fn any_at(self, place: Place) -> bool {
        self.at(place) != 0
    }

    /// How many bits of the order are those of the bios there.
    #[inline]
    fn order_bits(self, place: Place) -> u32 {
        // The sum of all the bits ends up above the highest place.
        let count = (self.at(place) * ONES) >> (PLACES - 4) & 15;
        4 * count as u32
    }

    #[inline]
    fn order(self) -> u64 {
        self.0 >> PLACES & ORDER_MASK
    }

    #[inline]
    fn set_order(&mut self, order: u64) {
        self.0 = self.0 & !(ORDER_MASK << PLACES) | order << PLACES;
    }

    /// What a hole at the end of the queue of the place, which is one of the three, adds to the
    /// word, and the lowest bit of the hole.
    #[inline]
    pub(super) fn hole(self, place: Place) -> (u64, u64) {
        let end = self.begin(place) + self.order_bits(place);
        let behind = self.order() >> end << end;
        // Fifteen times as much again are four bits.
        ((15 * behind) << PLACES, 1 << (PLACES + end))
    }

    /// Puts a bio at the end of the queue of the place, which is one of the three.
    #[inline]
    pub(super) fn push(&mut self, place: Place, bio: u8) {
        let (hole, lowest) = self.hole(place);
        self.0 += hole + u64::from(bio + 1) * lowest;
        self.put(bio, place as u64);
    }

    /// The first bio of the queue of the place goes to be mapped. Where there is none, nothing is
    /// said of the word.
    #[inline]
    pub(super) fn map_first(&mut self, place: Place) {
        let begin = self.begin(place);
        let (order, before) = (self.order(), (1 << begin) - 1);
        self.set_order(order & before | order >> 4 & !before);
        // Bios count from one there.
        let its = (15 << (4 * (order >> begin & 15))) >> 4;
        self.0 = self.0 & !its | (ONES * Place::Mapping as u64) & its;
    }

    /// Where the queue of the place begins in the order.
    #[inline]
    fn begin(self, place: Place) -> u32 {
        match place {
            Place::Deferred => 0,
            Place::PushedBack => self.order_bits(Place::Deferred),
            Place::Queued => self.order_bits(Place::Deferred) + self.order_bits(Place::PushedBack),
            Place::New | Place::Mapping | Place::Error | Place::Ok | Place::Eio => {
                unreachable!("bios at {place:?} are in no queue")
            }
        }
    }

    /// Those that were pushed back become the first of those that are deferred.
    #[inline]
    pub(super) fn merge(&mut self) {
        let (deferred, pushed) =
            (self.order_bits(Place::Deferred), self.order_bits(Place::PushedBack));
        let (order, both) = (self.order(), (1 << (deferred + pushed)) - 1);
        let first = (order & both) >> deferred;
        let then = (order & ((1 << deferred) - 1)) << pushed;
        self.set_order(order & !both | then | first);
        self.0 ^= self.at(Place::PushedBack) * (Place::PushedBack as u64 ^ Place::Deferred as u64);
    }

    /// Whether the path has its plug.
    #[inline]
    pub(super) fn is_plugged(self, path: u8) -> bool {
        self.0 >> (PLUGGED + u32::from(path)) & 1 != 0
    }

    /// The paths that are marked failed, a bit each.
    #[inline]
    pub(super) fn failed(self) -> u64 {
        self.0 >> FAILED & 3
    }

    /// Sets or clears a bit of the paths that have their plug, or that are marked failed.
    #[inline]
    pub(super) fn mark(&mut self, part: u32, path: u8, value: bool) {
        let bit = 1 << (part + u32::from(path));
        self.0 = self.0 & !bit | if value { bit } else { 0 };
    }

    #[inline]
    pub(super) fn pending(self) -> u64 {
        self.0 >> PENDING & 7
    }

    /// The device has begun one bio more.
    #[inline]
    pub(super) fn begin_bio(&mut self) {
        debug_assert!(self.pending() < 7, "{self:?}");
        self.0 += 1 << PENDING;
    }

    /// The device has given one bio back.
    #[inline]
    pub(super) fn give_back(&mut self) {
        debug_assert!(self.pending() > 0, "{self:?}");
        self.0 -= 1 << PENDING;
    }

    #[inline]
    pub(super) fn suspender(self) -> u64 {
        self.0 >> SUSPENDER & 7
    }

    #[inline]
    pub(super) fn set_suspender(&mut self, at: u64) {
        self.0 = self.0 & !(7 << SUSPENDER) | at << SUSPENDER;
    }

    /// Whether a bio has ended in error.
    #[inline]
    pub(super) fn has_failed(self) -> bool {
        self.any_at(Place::Eio)
    }

    /// Whether the suspender has found the device quiet, and it has to stay so.
    #[inline]
    pub(super) fn is_suspended(self) -> bool {
        self.suspender() >= 5
    }

    /// Whether the device has given back all that it has begun, and nothing is pushed back.
    #[inline]
    pub(super) fn is_quiet(self) -> bool {
        self.pending() == 0 && !self.any_at(Place::PushedBack)
    }

    #[inline]
    pub(super) fn cycles(self) -> u64 {
        self.0 >> CYCLES & 3
    }

    #[inline]
    pub(super) fn begin_cycle(&mut self) {
        debug_assert!(self.cycles() < 3, "{self:?}");
        self.0 += 1 << CYCLES;
    }

    #[inline]
    pub(super) fn faults(self) -> u64 {
        self.0 >> FAULTS & 3
    }

    #[inline]
    pub(super) fn add_fault(&mut self) {
        debug_assert!(self.faults() < 3, "{self:?}");
        self.0 += 1 << FAULTS;
    }

    /// Whether the flag is set.
    #[inline]
    pub(super) fn has(self, flag: u8) -> bool {
        self.0 & u64::from(flag) << FLAGS != 0
    }

    /// Sets the flag to this.
    #[inline]
    pub(super) fn set(&mut self, flag: u8, value: bool) {
        let bit = u64::from(flag) << FLAGS;
        self.0 = self.0 & !bit | if value { bit } else { 0 };
    }
}

impl Default for Word {
    fn default() -> Self {
        Self::of(&State::default())
    }
}

/// The paths all have their plugs, and bios wait when no path is left.
pub(super) fn initial(paths: usize) -> Word {
    let mut word = Word::default();
    (0..paths as u8).for_each(|path| word.mark(PLUGGED, path, true));
    word.set(Flags::QUEUE, true);
    word
}

/// No path is marked failed any more.
#[inline]
pub(super) fn repair(word: &mut Word) {
    word.0 &= !(3 << FAILED);
}

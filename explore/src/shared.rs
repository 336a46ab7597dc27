//! Owns what the threads of a search share: its set of states, its limits, and its progress.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use crate::frontier::First;
use crate::report::{Finish, Limit};
use crate::search::{Control, Limits, Observer, PROGRESS_INTERVAL, Progress};

/// What the threads of a search share.
pub(crate) struct Shared<'s, F> {
    pub(crate) form: &'s F,
    pub(crate) limits: Limits,
    pub(crate) first: First,
    pub(crate) stops_when_broken: bool,
    pub(crate) threads: usize,
    /// When the limit of time is reached.
    pub(crate) until: Option<Instant>,
    /// Set from outside to end the search.
    pub(crate) interrupt: Option<&'s AtomicBool>,
    /// States that may have been found.
    pub(crate) leased: AtomicU64,
    /// What the workers have told: states, transitions, states expanded.
    pub(crate) counts: [AtomicU64; COUNT],
    pub(crate) deepest: AtomicU64,
    /// How many times the observer should have been told.
    pub(crate) told: AtomicU64,
    pub(crate) bytes: fn(&F) -> usize,
    /// When a checkpoint is due.
    pub(crate) due: Option<Instant>,
}

/// How many counts a worker tells.
pub(crate) const COUNT: usize = 3;
/// So many states one of several threads may find before it asks again.
const LEASE: u64 = 4_096;

impl<F> Shared<'_, F> {
    /// Why everybody is to end, if so.
    pub(crate) fn ending(&self) -> Option<Finish> {
        if self.interrupt.is_some_and(|it| it.load(Relaxed)) {
            return Some(Finish::Stopped);
        }
        let is_late = self.until.is_some_and(|until| Instant::now() >= until);
        is_late.then_some(Finish::LimitReached(Limit::Time))
    }

    /// Goes on from these counts.
    pub(crate) fn resume_at(&mut self, counts: [u64; COUNT], deepest: u32) {
        *self.leased.get_mut() = counts[0];
        *self.told.get_mut() = counts[0] / PROGRESS_INTERVAL;
        self.counts = counts.map(AtomicU64::new);
        *self.deepest.get_mut() = deepest.into();
    }

    /// Whether everybody is to pause so that a checkpoint can be written.
    pub(crate) fn is_checkpoint_due(&self) -> bool {
        self.due.is_some_and(|due| Instant::now() >= due)
    }

    /// So many more states may be found. Alone, until the observer is to be told.
    pub(crate) fn lease(&self) -> u64 {
        let states_max = self.limits.states.unwrap_or(u64::MAX);
        let mut lease = 0;
        let _ = self.leased.fetch_update(Relaxed, Relaxed, |leased| {
            let alone = PROGRESS_INTERVAL - leased % PROGRESS_INTERVAL;
            let wanted = if self.threads == 1 { alone } else { LEASE };
            lease = wanted.min(states_max.saturating_sub(leased));
            Some(leased + lease)
        });
        lease
    }

    /// What a worker has counted and not told yet.
    pub(crate) fn publish(&self, counts: [u64; COUNT], depth: u32, published: &mut [u64; COUNT]) {
        for ((all, count), published) in self.counts.iter().zip(counts).zip(published) {
            all.fetch_add(count.wrapping_sub(*published), Relaxed);
            *published = count;
        }
        self.deepest.fetch_max(depth.into(), Relaxed);
    }

    /// How far the search has come.
    pub(crate) fn progress(&self) -> Progress {
        let [states, transitions, expanded] = self.counts.each_ref().map(|it| it.load(Relaxed));
        Progress {
            states,
            transitions,
            depth: self.deepest.load(Relaxed) as u32,
            frontier: states.saturating_sub(expanded),
            bytes: (self.bytes)(self.form),
        }
    }

    /// Tells the observer, where this thread has one, if it is time.
    pub(crate) fn tell(&self, observer: &mut Option<Observer<'_>>) -> Control {
        let Some(observer) = observer else { return Control::Continue };
        let mark = self.counts[0].load(Relaxed) / PROGRESS_INTERVAL;
        if self.told.swap(mark, Relaxed) >= mark {
            return Control::Continue;
        }
        observer(&self.progress())
    }
}

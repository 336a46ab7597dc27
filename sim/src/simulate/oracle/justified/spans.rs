//! Intervals of time during which something was true, as long as an open I/O can see them.

/// A closed interval of time, in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Window {
    pub(super) from: u64,
    pub(super) to: u64,
}

impl Window {
    /// What two intervals have in common: a moment at least.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (both.from <= both.to).then_some(both)
    }

    pub(super) fn contains(self, moment: u64) -> bool {
        self.from <= moment && moment <= self.to
    }
}

/// Intervals, in the order in which they were opened. Those that are open have no end yet.
#[derive(Clone, Debug)]
pub(super) struct Spans<T>(Vec<(Window, T)>);

impl<T> Default for Spans<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Spans<T> {
    /// Something is true from now on. What ended before `oldest` is forgotten.
    pub(super) fn open(&mut self, from: u64, what: T, oldest: u64) {
        self.0.retain(|(window, _)| window.to >= oldest);
        self.0.push((Window { from, to: u64::MAX }, what));
    }

    /// What is open and chosen ends.
    pub(super) fn close(&mut self, time: u64, chosen: impl Fn(&T) -> bool) {
        for (window, what) in self.0.iter_mut().filter(|(window, _)| window.to == u64::MAX) {
            if chosen(what) {
                window.to = time;
            }
        }
    }

    /// What is open.
    pub(super) fn current(&self) -> impl Iterator<Item = &T> {
        self.0.iter().filter(|(window, _)| window.to == u64::MAX).map(|(_, what)| what)
    }

    /// What is open, to be changed.
    pub(super) fn current_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().filter(|(window, _)| window.to == u64::MAX).map(|(_, what)| what)
    }

    /// What was true at some moment of a window, and when within it.
    pub(super) fn within(&self, window: Window) -> impl Iterator<Item = (Window, &T)> {
        self.0.iter().filter_map(move |(span, what)| span.and(window).map(|both| (both, what)))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_true_to_the_end_and_what_is_closed_is_not() {
        let mut spans = Spans::default();
        spans.open(10, 'a', 0);
        spans.open(20, 'b', 0);
        spans.close(30, |what| *what == 'a');
        let of = |spans: &Spans<char>, from, to| -> String {
            spans.within(Window { from, to }).map(|(_, what)| *what).collect()
        };
        assert_eq!((of(&spans, 0, 9), of(&spans, 30, 40)), (String::new(), "ab".to_owned()));
        assert_eq!((of(&spans, 31, 40), spans.current().count()), ("b".to_owned(), 1));
    }

    #[test]
    fn what_nobody_can_see_any_more_is_forgotten() {
        let mut spans = Spans::default();
        for time in 0..1_000 {
            spans.open(time, (), time);
            spans.close(time, |()| true);
            assert!(spans.len() <= 2, "{} at {time}", spans.len());
        }
    }
}

//! The kernel versions that the model can be: values, each difference one named predicate.
//!
//! The series is Kiyoshi Ueda's "dm: avoid I/O error during suspend in no path situation" (2006),
//! patch by patch as its cover letter numbers them; `2.6.20` adds Jun'ichi Nomura's "dm-multipath:
//! fix stall on noflush suspend/resume" (LKML 2007-01-19).

/// A kernel version.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Era {
    /// 2.6.19, before the series.
    Linux2_6_19,
    /// Patch 1: white space.
    Series1,
    /// Patch 2: `dm_suspend` takes a word of flags.
    Series2,
    /// Patch 3: the values that `map` and `end_io` return have names; others are a BUG.
    Series3,
    /// Patch 4: the targets use those names.
    Series4,
    /// Patch 5: the ioctl flag `DM_NOFLUSH_FLAG` reaches `dm_suspend`, which does not read it.
    Series5,
    /// Patch 6: the pushback of the core (commit 2e93ccc1933d).
    Series6,
    /// Patch 7: multipath answers REQUEUE (commit 45e157206c73).
    Series7,
    /// 2.6.20: the series and the stall fix.
    Linux2_6_20,
    /// No kernel: 2.6.20 with the change that docs/hardened.md proposes.
    Hardened,
}

/// Every era, oldest first; what is no kernel comes last.
pub const ERAS: [Era; 10] = [
    Era::Linux2_6_19,
    Era::Series1,
    Era::Series2,
    Era::Series3,
    Era::Series4,
    Era::Series5,
    Era::Series6,
    Era::Series7,
    Era::Linux2_6_20,
    Era::Hardened,
];

/// The names of [`ERAS`], in their order.
pub const ERA_NAMES: [&str; 10] = [
    "2.6.19", "series:1", "series:2", "series:3", "series:4", "series:5", "series:6", "series:7",
    "2.6.20", "hardened",
];

impl Era {
    /// The name in scenarios and on the command line.
    pub fn name(self) -> &'static str {
        ERA_NAMES[self as usize]
    }

    /// The era with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        ERA_NAMES.iter().position(|&known| known == name).map(|index| ERAS[index])
    }

    /// Whether an unknown verdict of a target is a BUG (patch 3, commit 45cbcd798354). Before it
    /// any positive value of `map` dispatches the clone and any of `end_io` leaves it to the target.
    pub fn unknown_verdict_is_a_bug(self) -> bool {
        self >= Self::Series3
    }

    /// Whether the ioctl layer hands `DM_NOFLUSH_FLAG` on (patch 5, commit 81fdb096dbce). Kernels
    /// before it ignore the bit.
    pub fn ioctl_passes_noflush(self) -> bool {
        self >= Self::Series5
    }

    /// Whether the core pushes back: the NOFLUSH bit, the pushback list, the merge, and REQUEUE
    /// as a verdict (patch 6, commit 2e93ccc1933d).
    pub fn core_pushes_back(self) -> bool {
        self >= Self::Series6
    }

    /// Whether multipath asks for pushback when `__must_push_back` (patch 7, commit 45e157206c73).
    pub fn multipath_pushes_back(self) -> bool {
        self >= Self::Series7
    }

    /// Whether a noflush suspend does without `bdget_disk`, so that a swap after it neither takes
    /// the inode's mutex nor changes the size (the stall fix of 2.6.20, KERNEL.md A.4 S4 and A.6).
    pub fn noflush_skips_bdget(self) -> bool {
        self >= Self::Linux2_6_20
    }

    /// Whether dm_suspend decides that it was interrupted while NOFLUSH is still set, and has its
    /// targets undo their presuspend before it clears it (docs/hardened.md).
    pub fn undoes_presuspend(self) -> bool {
        self >= Self::Hardened
    }

    /// Whether a REQUEUE that comes without NOFLUSH is parked too, and issued again by a work item
    /// of the device (docs/hardened.md).
    pub fn parks_late_requeues(self) -> bool {
        self >= Self::Hardened
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_era_is_found_by_its_name() {
        for era in ERAS {
            assert_eq!(Era::from_name(era.name()), Some(era));
        }
        assert_eq!(Era::from_name("2.6.18"), None);
    }

    #[test]
    fn eras_are_ordered_by_age() {
        assert!(ERAS.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

//! Which ordering each access to a shared word has in the kernel, and where it gets it from.
//!
//! C11 as loom has it stands for the kernel's model: a full barrier is a sequentially consistent
//! fence before and after, an access without a barrier is relaxed. A lock orders by itself.
use std::fmt;

use dm_model::memory::Word;

use crate::engine::{Engine, Ordering};

/// How strongly an access is ordered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Strength {
    /// Atomic, and nothing else.
    Relaxed,
    /// What comes after it in the program stays after it.
    Acquire,
    /// What comes before it in the program stays before it.
    Release,
    /// Both.
    AcqRel,
    /// A full barrier on its open sides (`smp_mb`).
    Full,
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Relaxed => "relaxed",
            Self::Acquire => "acquire",
            Self::Release => "release",
            Self::AcqRel => "acquire and release",
            Self::Full => "full barrier",
        })
    }
}

/// What an access does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Reads.
    Load,
    /// Writes.
    Store,
    /// Does both in one operation.
    Update,
}

impl Access {
    /// The strengths that it can have, weakest first.
    pub fn strengths(self) -> &'static [Strength] {
        match self {
            Self::Load => &[Strength::Relaxed, Strength::Acquire, Strength::Full],
            Self::Store => &[Strength::Relaxed, Strength::Release, Strength::Full],
            Self::Update => &[
                Strength::Relaxed,
                Strength::Acquire,
                Strength::Release,
                Strength::AcqRel,
                Strength::Full,
            ],
        }
    }
}

macro_rules! sites {
    ($($(#[doc = $doc:literal])* $name:ident $text:literal $access:ident $strength:ident
       $source:literal;)*) => {
        /// A kind of access to a shared word.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Site {
            $($(#[doc = $doc])* $name,)*
        }

        /// Every site.
        pub const SITES: &[Site] = &[$(Site::$name,)*];

        impl Site {
            /// The access in words.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What it does.
            pub fn access(self) -> Access {
                match self { $(Self::$name => Access::$access,)* }
            }

            /// Its ordering in the kernel.
            pub fn strength(self) -> Strength {
                match self { $(Self::$name => Strength::$strength,)* }
            }

            /// Where the kernel gets that ordering from.
            pub fn source(self) -> &'static str {
                match self { $(Self::$name => $source,)* }
            }
        }
    };
}

sites! {
    /// B2.
    PendingRise "pending++ (B2)" Update Full "start_io_acct: atomic_inc_return";
    /// P4.
    PendingFall "pending-- (P4)" Update Full "end_io_acct: atomic_dec_return";
    /// S8b and S11a.
    PendingRead "pending read (S8b, S11a)" Load Relaxed "dm_suspend: atomic_read";
    /// M1.
    IoCountRise "io_count++ (M1)" Update Relaxed "__map_bio: atomic_inc";
    /// P2.
    IoCountFall "io_count-- (P2)" Update Full "dec_pending: atomic_dec_and_test";
    /// P1a, and P3 for the one that is left.
    IoErrorRead "io->error read (P1a, P3)" Load Relaxed "dec_pending: a plain int";
    /// P1c.
    IoErrorWrite "io->error write (P1c)" Store Relaxed "dec_pending: a plain int";
    /// Q2a, P1b, P3 and the others.
    FlagTest "flag test (Q2a, P1b, N1, ..)" Load Relaxed "test_bit: a plain read";
    /// S2, S6a, S14.
    FlagSet "flag set (S2, S6a, S14)" Update Relaxed "set_bit: atomic, no barrier";
    /// S10, R3a, R5.
    FlagClear "flag clear (S10, R3a, R5)" Update Relaxed "clear_bit: atomic, no barrier";
    /// S8a.
    TaskPrepare "task->state := INTERRUPTIBLE (S8a)" Store Full "set_current_state: set_mb, after it";
    /// S9a.
    TaskRun "task->state := RUNNING (S9a)" Store Full "set_current_state: set_mb, after it";
    /// P5 and G2.
    TaskWake "task->state read (P5, G2)" Load Full
        "try_to_wake_up: the lock of the run queue is a full barrier before it (e0acd0a68ec7)";
    /// G1.
    SignalSet "TIF_SIGPENDING set (G1)" Store Relaxed "set_tsk_thread_flag: set_bit";
    /// S8c.
    SignalTest "TIF_SIGPENDING test (S8c)" Load Relaxed "signal_pending: test_bit";
    /// B1, S1, R1.
    TableGet "table holders++ (B1, S1, R1)" Update Relaxed "dm_table_get: atomic_inc";
    /// T1.
    TablePut "table holders-- (B5, O1, R7)" Update Full "dm_table_put: atomic_dec_and_test";
    /// X1, Y1, Z1.
    MdGet "md holders++ (X1, Y1, Z1)" Update Relaxed "dm_get: atomic_inc";
    /// V1, V2.
    MdPut "md holders-- (V1, V2)" Update Full "dm_put: atomic_dec_and_lock";
    /// Z1, Z2, D1.
    OpenCount "open_count (Z1, Z2)" Update Relaxed "dm_blk_open, dm_blk_close: atomic_inc, atomic_dec";
    /// D1.
    OpenCountRead "open_count read (D1)" Load Relaxed "dm_lock_for_deletion: atomic_read";
    /// TE1.
    EventNr "event_nr++ (TE1)" Update Relaxed "event_callback: atomic_inc";
    /// Q0, W0.
    SizeRead "i_size read (Q0)" Load Relaxed "generic_make_request: a plain read";
    /// W4.
    SizeWrite "i_size write (W4)" Store Relaxed "__set_size: a plain write";
}

/// The ordering of every access.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Orderings([Strength; SITES.len()]);

impl Default for Orderings {
    fn default() -> Self {
        Self(std::array::from_fn(|index| SITES[index].strength()))
    }
}

impl Orderings {
    /// The same with another ordering of one access.
    #[must_use]
    pub fn with(mut self, site: Site, strength: Strength) -> Self {
        self.0[site as usize] = strength;
        self
    }

    /// The ordering of an access.
    pub fn of(&self, site: Site) -> Strength {
        self.0[site as usize]
    }
}

/// What a read of a word is.
pub(crate) fn load_site(word: Word) -> Site {
    match word {
        Word::Pending(_) => Site::PendingRead,
        Word::IoError(_) => Site::IoErrorRead,
        Word::SignalPending(_) => Site::SignalTest,
        Word::OpenCount(_) => Site::OpenCountRead,
        Word::Size(_) => Site::SizeRead,
        Word::Holders(_) | Word::EventNr(_) | Word::IoCount(_) | Word::TableHolders(_) => {
            unreachable!("the kernel does not read {word:?} alone")
        }
    }
}

/// What a write of a word is.
pub(crate) fn store_site(word: Word) -> Site {
    match word {
        Word::IoError(_) => Site::IoErrorWrite,
        Word::SignalPending(_) => Site::SignalSet,
        Word::Size(_) => Site::SizeWrite,
        Word::Pending(_)
        | Word::Holders(_)
        | Word::OpenCount(_)
        | Word::EventNr(_)
        | Word::IoCount(_)
        | Word::TableHolders(_) => unreachable!("the kernel does not write {word:?} alone"),
    }
}

/// What an addition to a word is.
pub(crate) fn add_site(word: Word, delta: i32) -> Site {
    match word {
        Word::Pending(_) if delta > 0 => Site::PendingRise,
        Word::Pending(_) => Site::PendingFall,
        Word::IoCount(_) if delta > 0 => Site::IoCountRise,
        Word::IoCount(_) => Site::IoCountFall,
        Word::TableHolders(_) if delta > 0 => Site::TableGet,
        Word::TableHolders(_) => Site::TablePut,
        Word::Holders(_) if delta > 0 => Site::MdGet,
        Word::Holders(_) => Site::MdPut,
        Word::OpenCount(_) => Site::OpenCount,
        Word::EventNr(_) => Site::EventNr,
        Word::IoError(_) | Word::SignalPending(_) | Word::Size(_) => {
            unreachable!("the kernel does not add to {word:?}")
        }
    }
}

/// A read of this strength.
pub(crate) fn load<E: Engine>(atomic: &E::Atomic, strength: Strength) -> i32 {
    match strength {
        Strength::Relaxed | Strength::Release => E::load(atomic, Ordering::Relaxed),
        Strength::Acquire | Strength::AcqRel => E::load(atomic, Ordering::Acquire),
        Strength::Full => {
            E::fence(Ordering::SeqCst);
            E::load(atomic, Ordering::Acquire)
        }
    }
}

/// A write of this strength.
pub(crate) fn store<E: Engine>(atomic: &E::Atomic, value: i32, strength: Strength) {
    match strength {
        Strength::Relaxed | Strength::Acquire => E::store(atomic, value, Ordering::Relaxed),
        Strength::Release | Strength::AcqRel => E::store(atomic, value, Ordering::Release),
        Strength::Full => {
            E::store(atomic, value, Ordering::Release);
            E::fence(Ordering::SeqCst);
        }
    }
}

/// A read and write in one of this strength.
pub(crate) fn update<E: Engine, R>(strength: Strength, update: impl FnOnce(Ordering) -> R) -> R {
    match strength {
        Strength::Relaxed => update(Ordering::Relaxed),
        Strength::Acquire => update(Ordering::Acquire),
        Strength::Release => update(Ordering::Release),
        Strength::AcqRel => update(Ordering::AcqRel),
        Strength::Full => {
            E::fence(Ordering::SeqCst);
            let result = update(Ordering::AcqRel);
            E::fence(Ordering::SeqCst);
            result
        }
    }
}

//! The identities of everything that the model has: small numbers, each of its own type.
use std::fmt;
use std::hash::{Hash, Hasher};

/// How many bios one application may have in one world.
pub const BIO_COUNT_MAX: usize = 8;
/// How many clones one bio may be split into.
pub const FRAGMENT_COUNT_MAX: usize = 4;
/// How many `dm_io` of one bio may be alive at once: an old one lives on at P5..P7 while its bio
/// is issued again.
pub const GENERATION_COUNT_MAX: usize = 4;
/// How many sectors one bio may have.
pub const SECTOR_COUNT_MAX: usize = 32;
/// How many bios one list may hold: the bios of all applications, each in its fragments.
pub const LIST_COUNT_MAX: usize = 16;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($number:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
        pub struct $name(pub $number);

        impl $name {
            /// The number as an index.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A `struct mapped_device`.
    MdId(u8);
    /// A bio that an application made.
    BioId(u16);
    /// A table; every load of a table makes a new one.
    TableId(u8);
    /// A target of a table, numbered over all tables.
    TargetId(u8);
    /// A block device that is not a mapped device: a path to a disk.
    DiskId(u8);
    /// A `struct dm_io`. Its number tells the bio and the generation, so that no allocator is
    /// shared between processes.
    IoId(u16);
    /// A clone of a bio together with its `target_io`. Its number tells the `dm_io` and the fragment.
    CloneId(u16);
    /// The task of a system call: what can sleep on a wait queue and be sent a signal.
    TaskId(u8);
}

/// Feeds each number by its own width.
macro_rules! hash_as {
    ($($name:ident $write:ident;)*) => {$(
        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                state.$write(self.0);
            }
        }
    )*};
}

hash_as! {
    MdId write_u8;
    TableId write_u8;
    TargetId write_u8;
    DiskId write_u8;
    IoId write_u16;
    CloneId write_u16;
    TaskId write_u8;
}

/// A search compares what this feeds: a byte, as on `Plain` every bio has a small number.
impl Hash for BioId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match u8::try_from(self.0) {
            Ok(small) if small < u8::MAX => state.write_u8(small),
            _ => {
                state.write_u8(u8::MAX);
                state.write_u16(self.0);
            }
        }
    }
}

/// A `struct bio *`: what a device is asked to do comes from an application or from the device
/// stacked above it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum BioPtr {
    /// A bio of an application.
    Original(BioId),
    /// A clone that a mapped device above handed down.
    Clone(CloneId),
}

impl Default for BioPtr {
    fn default() -> Self {
        Self::Original(BioId(0))
    }
}

/// A `struct block_device *`: where a clone is sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Device {
    /// A path to a disk.
    Disk(DiskId),
    /// A mapped device.
    Md(MdId),
}

impl IoId {
    /// The `dm_io` of this bio and generation.
    pub const fn of(bio: BioPtr, generation: usize) -> Self {
        let owner = match bio {
            BioPtr::Original(bio) => bio.index(),
            BioPtr::Clone(clone) => BIO_COUNT_MAX + clone.index(),
        };
        assert!(generation < GENERATION_COUNT_MAX, "too many dm_io of one bio are alive");
        let number = owner * GENERATION_COUNT_MAX + generation;
        assert!(number <= u16::MAX as usize, "too many devices stand on each other");
        Self(number as u16)
    }

    /// The bio or the clone that the `dm_io` carries.
    pub const fn owner(self) -> BioPtr {
        let owner = self.index() / GENERATION_COUNT_MAX;
        match owner.checked_sub(BIO_COUNT_MAX) {
            None => BioPtr::Original(BioId(owner as u16)),
            Some(clone) => BioPtr::Clone(CloneId(clone as u16)),
        }
    }
}

impl CloneId {
    /// The clone of this fragment, counted from 0.
    pub const fn of(io: IoId, fragment: usize) -> Self {
        assert!(fragment < FRAGMENT_COUNT_MAX, "a bio is split into too many clones");
        let number = io.index() * FRAGMENT_COUNT_MAX + fragment;
        assert!(number <= u16::MAX as usize, "too many devices stand on each other");
        Self(number as u16)
    }

    /// Which part of its bio the clone is, counted from 0.
    pub const fn fragment(self) -> usize {
        self.index() % FRAGMENT_COUNT_MAX
    }

    /// The `dm_io` that the clone belongs to.
    pub const fn io(self) -> IoId {
        IoId((self.index() / FRAGMENT_COUNT_MAX) as u16)
    }

    /// The application's bio that the clone is a part of, over all devices.
    pub const fn original(self) -> BioId {
        let mut owner = self.io().owner();
        loop {
            match owner {
                BioPtr::Original(bio) => return bio,
                BioPtr::Clone(clone) => owner = clone.io().owner(),
            }
        }
    }
}

impl fmt::Display for BioPtr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Original(bio) => write!(f, "bio {}", bio.0),
            Self::Clone(clone) => write!(f, "{clone}"),
        }
    }
}

impl fmt::Display for IoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let owner = self.index() / GENERATION_COUNT_MAX;
        let generation = self.index() % GENERATION_COUNT_MAX;
        if owner < BIO_COUNT_MAX {
            write!(f, "bio {owner} io {generation}")
        } else {
            write!(f, "{} io {generation}", CloneId((owner - BIO_COUNT_MAX) as u16))
        }
    }
}

impl fmt::Display for CloneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} clone {}", self.io(), self.fragment())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_tells_its_owner() {
        let io = IoId::of(BioPtr::Original(BioId(3)), 1);
        let clone = CloneId::of(io, 2);
        assert_eq!((clone.io(), clone.fragment()), (io, 2));
        assert_eq!(clone.to_string(), "bio 3 io 1 clone 2");
        let below = IoId::of(BioPtr::Clone(clone), 0);
        assert_eq!(below.to_string(), "bio 3 io 1 clone 2 io 0");
    }

    #[test]
    fn two_levels_of_stacking_fit_the_numbers() {
        let mut clone = CloneId::of(IoId::of(BioPtr::Original(BioId(7)), 3), 3);
        for _ in 0..2 {
            clone = CloneId::of(IoId::of(BioPtr::Clone(clone), 3), 3);
        }
        assert!(clone.index() < usize::from(u16::MAX));
    }
}

//! Error numbers and the one space of integers that verdicts and errors share.
//!
//! In the kernel a target's `map` and `end_io` return an `int` in which 0, 1 and 2 are verdicts
//! and negative values are errors (KERNEL.md A.1, "Return-value algebra"); `dm_io.error` holds
//! the same kind of value. The model keeps that space, because eras read it differently.
use std::fmt;

/// An error number of the kernel, without its sign.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Errno {
    /// `EINTR`, 4: a signal interrupted the wait.
    Intr,
    /// `EIO`, 5: the I/O failed.
    Io,
    /// `ENXIO`, 6: no such device or address.
    Nxio,
    /// `EAGAIN`/`EWOULDBLOCK`, 11: a read-ahead would have blocked.
    Again,
    /// `ENOMEM`, 12: an allocation failed.
    Nomem,
    /// `EBUSY`, 16: the device is in use.
    Busy,
    /// `EINVAL`, 22: the request makes no sense now.
    Inval,
    /// `EROFS`, 30: the file system refuses to be frozen.
    Rofs,
    /// `EOPNOTSUPP`, 95: the device cannot do this kind of I/O.
    Opnotsupp,
}

/// Every error number of the model, in the order of their values.
pub const ERRNOS: [Errno; 9] = [
    Errno::Intr,
    Errno::Io,
    Errno::Nxio,
    Errno::Again,
    Errno::Nomem,
    Errno::Busy,
    Errno::Inval,
    Errno::Rofs,
    Errno::Opnotsupp,
];

impl Errno {
    /// The positive number.
    pub const fn number(self) -> i8 {
        match self {
            Self::Intr => 4,
            Self::Io => 5,
            Self::Nxio => 6,
            Self::Again => 11,
            Self::Nomem => 12,
            Self::Busy => 16,
            Self::Inval => 22,
            Self::Rofs => 30,
            Self::Opnotsupp => 95,
        }
    }

    /// The name in capitals, as `errno.h` has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intr => "EINTR",
            Self::Io => "EIO",
            Self::Nxio => "ENXIO",
            Self::Again => "EAGAIN",
            Self::Nomem => "ENOMEM",
            Self::Busy => "EBUSY",
            Self::Inval => "EINVAL",
            Self::Rofs => "EROFS",
            Self::Opnotsupp => "EOPNOTSUPP",
        }
    }

    /// The error as a return value.
    pub const fn code(self) -> Code {
        Code(-self.number())
    }
}

/// An `int` that a function of the kernel returns: 0, a verdict (positive) or an error (negative).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Code(pub i8);

impl Code {
    /// Success; as a verdict of `map`, `DM_MAPIO_SUBMITTED`; of `end_io`, "done with it".
    pub const OK: Self = Self(0);
    /// `DM_MAPIO_SUBMITTED`: the target took the clone (dm.h, commit 45cbcd798354).
    pub const SUBMITTED: Self = Self(0);
    /// `DM_MAPIO_REMAPPED`: the core is to dispatch the clone.
    pub const REMAPPED: Self = Self(1);
    /// `DM_ENDIO_INCOMPLETE`: the target keeps the clone.
    pub const INCOMPLETE: Self = Self(1);
    /// `DM_MAPIO_REQUEUE` and `DM_ENDIO_REQUEUE`: the target hands the clone back to the core.
    pub const REQUEUE: Self = Self(2);

    /// Whether this is an error.
    pub const fn is_error(self) -> bool {
        self.0 < 0
    }

    /// The error, if it is one.
    pub fn errno(self) -> Option<Errno> {
        ERRNOS.into_iter().find(|errno| errno.code() == self)
    }
}

impl From<Errno> for Code {
    fn from(errno: Errno) -> Self {
        errno.code()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errno() {
            Some(errno) => write!(f, "-{}", errno.name()),
            None => write!(f, "{}", self.0),
        }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_own_number_and_name() {
        for errno in ERRNOS {
            assert_eq!(errno.code().errno(), Some(errno));
            assert!(errno.name().starts_with('E'), "{errno:?}");
        }
        assert!(ERRNOS.windows(2).all(|pair| pair[0].number() < pair[1].number()));
    }

    #[test]
    fn a_verdict_is_not_an_error() {
        for verdict in [Code::SUBMITTED, Code::REMAPPED, Code::REQUEUE] {
            assert!(!verdict.is_error());
            assert_eq!(verdict.errno(), None);
        }
    }
}

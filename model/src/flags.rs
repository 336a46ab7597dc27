//! The bits of `md->flags`, the flags of the ioctl interface and those of `dm_suspend`.

/// A bit of `md->flags` (dm.c, commit 2e93ccc1933d).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Flag {
    /// `DMF_BLOCK_IO`: bios are deferred. Written under `io_lock` W.
    BlockIo = 0,
    /// `DMF_SUSPENDED`. Written under `suspend_lock`.
    Suspended = 1,
    /// `DMF_FROZEN`: `lock_fs` has frozen the file system. Touched under `suspend_lock`.
    Frozen = 2,
    /// `DMF_FREEING`: the last reference is gone.
    Freeing = 3,
    /// `DMF_DELETING`: a remove is under way; nobody may open the device.
    Deleting = 4,
    /// `DMF_NOFLUSH_SUSPENDING`: targets may hand bios back. Cleared under `pushback_lock`.
    NoflushSuspending = 5,
}

impl Flag {
    /// The flag as a mask.
    pub const fn mask(self) -> u8 {
        1 << self as u8
    }
}

/// `DM_SUSPEND_FLAG`: suspend (else resume); in a reply, the device is suspended.
pub const DM_SUSPEND_FLAG: u32 = 1 << 1;
/// `DM_STATUS_TABLE_FLAG`: the table's line instead of its status.
pub const DM_STATUS_TABLE_FLAG: u32 = 1 << 4;
/// `DM_ACTIVE_PRESENT_FLAG`: in a reply, there is a live table.
pub const DM_ACTIVE_PRESENT_FLAG: u32 = 1 << 5;
/// `DM_INACTIVE_PRESENT_FLAG`: in a reply, a loaded table waits for a resume.
pub const DM_INACTIVE_PRESENT_FLAG: u32 = 1 << 6;
/// `DM_SKIP_LOCKFS_FLAG`: do not freeze the file system (`dmsetup --nolockfs`).
pub const DM_SKIP_LOCKFS_FLAG: u32 = 1 << 10;
/// `DM_NOFLUSH_FLAG`: do not flush queued I/O (`dmsetup --noflush`; patch 5, 81fdb096dbce).
pub const DM_NOFLUSH_FLAG: u32 = 1 << 11;

/// The flags that `dm_suspend` takes (dm.h: `DM_SUSPEND_LOCKFS_FLAG`, `DM_SUSPEND_NOFLUSH_FLAG`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SuspendFlags {
    /// Freeze the file system before I/O is blocked.
    pub lockfs: bool,
    /// Let targets hand their I/O back instead of failing it.
    pub noflush: bool,
}

impl SuspendFlags {
    /// What `do_suspend` and `do_resume` compute from the flags of their ioctl (KERNEL.md A.7).
    /// A kernel whose ioctl layer does not know `DM_NOFLUSH_FLAG` ignores it.
    pub fn from_ioctl(flags: u32, passes_noflush: bool) -> Self {
        Self {
            lockfs: flags & DM_SKIP_LOCKFS_FLAG == 0,
            noflush: passes_noflush && flags & DM_NOFLUSH_FLAG != 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_those_of_the_ioctl() {
        assert_eq!([DM_SUSPEND_FLAG, DM_STATUS_TABLE_FLAG], [0x2, 0x10]);
        assert_eq!([DM_ACTIVE_PRESENT_FLAG, DM_INACTIVE_PRESENT_FLAG], [0x20, 0x40]);
        assert_eq!([DM_SKIP_LOCKFS_FLAG, DM_NOFLUSH_FLAG], [0x400, 0x800]);
    }

    #[test]
    fn suspend_flags_follow_the_ioctl_flags() {
        let of = |flags| SuspendFlags::from_ioctl(flags, true);
        assert_eq!(of(0), SuspendFlags { lockfs: true, noflush: false });
        assert_eq!(of(DM_SKIP_LOCKFS_FLAG), SuspendFlags { lockfs: false, noflush: false });
        assert_eq!(of(DM_NOFLUSH_FLAG), SuspendFlags { lockfs: true, noflush: true });
        let both = DM_NOFLUSH_FLAG | DM_SKIP_LOCKFS_FLAG;
        assert_eq!(of(both), SuspendFlags { lockfs: false, noflush: true });
    }

    #[test]
    fn an_old_kernel_ignores_the_noflush_bit() {
        let flags = SuspendFlags::from_ioctl(DM_NOFLUSH_FLAG, false);
        assert_eq!(flags, SuspendFlags { lockfs: true, noflush: false });
    }
}

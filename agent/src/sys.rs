//! The two calls that have no safe form: an ioctl with a buffer, and a handler that does nothing.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

/// An ioctl that reads and writes `buffer`.
///
/// # Errors
/// What the kernel answers.
///
/// # Panics
/// When the buffer is shorter than the size in the request's number: the caller's mistake.
pub(crate) fn ioctl(fd: BorrowedFd<'_>, request: u32, buffer: &mut [u8]) -> io::Result<()> {
    let size = (request >> 16) & 0x3fff;
    assert!(buffer.len() >= size as usize, "the buffer is shorter than the request says");
    // SAFETY: the kernel reads and writes at most `size` bytes, or, for the device-mapper, as many
    // as the header at the buffer's start says, which `dm::Request` sets to the buffer's length.
    // The buffer is ours for the time of the call.
    let result = unsafe {
        libc::ioctl(fd.as_raw_fd(), libc::c_ulong::from(request) as _, buffer.as_mut_ptr())
    };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// An ioctl whose argument is a number; some answer with one.
///
/// # Errors
/// What the kernel answers.
pub(crate) fn ioctl_number(fd: BorrowedFd<'_>, request: u32, number: u64) -> io::Result<u32> {
    // SAFETY: the requests that are made take a number, and nothing of this process is touched.
    let result = unsafe { libc::ioctl(fd.as_raw_fd(), libc::c_ulong::from(request) as _, number) };
    u32::try_from(result).map_err(|_| io::Error::last_os_error())
}

extern "C" fn ignore(_signal: libc::c_int) {}

/// From now on the signal interrupts what sleeps in the kernel, which then answers EINTR.
///
/// # Errors
/// What the kernel answers.
pub(crate) fn interrupt_on(signal: Signal) -> io::Result<()> {
    let action = SigAction::new(SigHandler::Handler(ignore), SaFlags::empty(), SigSet::empty());
    // SAFETY: the handler does nothing, so it may run at any point.
    unsafe { sigaction(signal, &action) }?;
    Ok(())
}

//! What the kernel logs while a scenario runs, and what its block tracepoints see.
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use nix::libc::O_NONBLOCK;
use nix::mount::{MsFlags, mount};

const TRACING: &str = "/sys/kernel/tracing";
const EVENTS: [&str; 3] = ["block_bio_queue", "block_bio_remap", "block_bio_complete"];

/// The kernel's log from now on.
#[derive(Debug)]
pub(crate) struct KernelLog {
    file: Option<File>,
}

impl KernelLog {
    /// Begins at the end.
    pub(crate) fn new() -> Self {
        let file = OpenOptions::new().read(true).custom_flags(O_NONBLOCK).open("/dev/kmsg");
        let mut file = file.ok();
        if let Some(file) = &mut file {
            let _ = file.seek(SeekFrom::End(0));
        }
        Self { file }
    }

    /// The messages since the last call.
    pub(crate) fn messages(&mut self) -> Vec<String> {
        let Some(file) = &mut self.file else { return Vec::new() };
        let mut messages = Vec::new();
        let mut record = [0; 8192];
        // A read gives one record; -EPIPE says that some were lost, and the next goes on.
        loop {
            match file.read(&mut record) {
                Ok(length) if length > 0 => {
                    let text = String::from_utf8_lossy(&record[..length]);
                    let first = text.lines().next().unwrap_or_default();
                    let message = first.split_once(';').map_or(first, |(_, message)| message);
                    messages.push(message.to_owned());
                }
                Err(error) if error.raw_os_error() == Some(nix::libc::EPIPE) => {}
                Ok(_) | Err(_) => return messages,
            }
        }
    }
}

/// Whether a message says that the kernel itself is at fault.
pub(crate) fn is_bug(message: &str) -> bool {
    ["BUG:", "kernel BUG at", "WARNING:", "Oops", "general protection fault"]
        .iter()
        .any(|sign| message.contains(sign))
}

/// Lets the block tracepoints record from now on; false where the kernel has none.
pub(crate) fn start_tracing() -> bool {
    if !Path::new(TRACING).join("events").exists() {
        let _ = mount(Some("tracefs"), TRACING, Some("tracefs"), MsFlags::empty(), None::<&str>);
    }
    let enable =
        |event: &&str| fs::write(format!("{TRACING}/events/block/{event}/enable"), "1").is_ok();
    EVENTS.iter().filter(|event| enable(event)).count() == EVENTS.len()
}

/// What was traced since the last call, oldest first.
pub(crate) fn traced() -> Vec<String> {
    let text = fs::read_to_string(format!("{TRACING}/trace")).unwrap_or_default();
    let _ = fs::write(format!("{TRACING}/trace"), "");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.trim().to_owned()).collect()
}

//! What the agent tells the host: one line for each observation, `@kind` and fields behind tabs.
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

/// The channel to the host.
#[derive(Debug)]
pub(crate) struct Report {
    channel: Mutex<File>,
}

impl Report {
    /// Reports go to this device.
    pub(crate) fn new(channel: File) -> Self {
        Self { channel: Mutex::new(channel) }
    }

    /// Writes one line, whole: the host counts on it. When nobody listens there is nobody to tell.
    pub(crate) fn line(&self, kind: &str, fields: &[&str]) {
        let mut text = format!("@{kind}");
        for field in fields {
            text.push('\t');
            text.extend(field.chars().map(|it| if it.is_control() { ' ' } else { it }));
        }
        text.push('\n');
        let mut channel = self.channel.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = channel.write_all(text.as_bytes());
    }
}

/// `ok`, or the name of the error.
pub(crate) fn result(result: &io::Result<()>) -> String {
    match result {
        Ok(()) => "ok".to_owned(),
        Err(error) => errno(error),
    }
}

/// The name of an error; `short` for a transfer that ends at the end of the device.
pub(crate) fn errno(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => format!("{:?}", nix::errno::Errno::from_raw(number)),
        None if error.kind() == io::ErrorKind::UnexpectedEof => "short".to_owned(),
        None => error.to_string(),
    }
}

//! The locks that may be held across steps, and who waits at them.
//!
//! As on `Plain` a lock is a count of readers or one writer. A host's rwsem is fair to writers, as
//! the kernel's is: while one waits no new reader gets in. Every run of it is one of `Plain`'s.
use super::ProcessId;

/// One lock.
#[derive(Debug, Default)]
pub(super) struct LockState {
    readers: u32,
    has_writer: bool,
    /// Writers that were blocked and have not got in since.
    writers: Vec<ProcessId>,
    parked_readers: Vec<ProcessId>,
    parked_writers: std::collections::VecDeque<ProcessId>,
}

impl LockState {
    /// Whether the process gets in alone.
    pub(super) fn lock(&mut self, process: ProcessId) -> bool {
        if self.has_writer || self.readers > 0 {
            return false;
        }
        if !self.writers.is_empty() {
            self.writers.retain(|waiting| *waiting != process);
        }
        self.has_writer = true;
        true
    }

    /// Whether the process gets in with others.
    pub(super) fn lock_shared(&mut self) -> bool {
        let is_free = !self.has_writer && self.writers.is_empty();
        self.readers += u32::from(is_free);
        is_free
    }

    /// The writer leaves; who may try now is ready.
    pub(super) fn unlock(&mut self, ready: &mut Vec<ProcessId>) -> bool {
        let was_held = self.has_writer;
        self.has_writer = false;
        self.wake(ready);
        was_held
    }

    /// A reader leaves.
    pub(super) fn unlock_shared(&mut self, ready: &mut Vec<ProcessId>) -> bool {
        let was_held = self.readers > 0;
        self.readers = self.readers.saturating_sub(1);
        if self.readers == 0 {
            self.wake(ready);
        }
        was_held
    }

    /// The process waits.
    pub(super) fn park(&mut self, process: ProcessId, shared: bool) {
        if shared {
            self.parked_readers.push(process);
            return;
        }
        if !self.writers.contains(&process) {
            self.writers.push(process);
        }
        self.parked_writers.push_back(process);
    }

    fn wake(&mut self, ready: &mut Vec<ProcessId>) {
        match self.parked_writers.pop_front() {
            Some(writer) => ready.push(writer),
            None if self.writers.is_empty() => ready.append(&mut self.parked_readers),
            // A writer that was woken before is about to get in.
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reader_gets_in_before_a_writer_that_waits() {
        let (mut lock, mut ready) = (LockState::default(), Vec::new());
        assert!(lock.lock_shared());
        assert!(!lock.lock(ProcessId(1)));
        lock.park(ProcessId(1), false);
        assert!(!lock.lock_shared());
        lock.park(ProcessId(2), true);
        assert!(lock.unlock_shared(&mut ready));
        assert_eq!(ready, [ProcessId(1)]);
        assert!(!lock.lock_shared(), "the writer was woken and is not in yet");
        lock.park(ProcessId(3), true);
        assert!(lock.lock(ProcessId(1)));
        assert!(lock.unlock(&mut ready));
        assert_eq!(ready, [ProcessId(1), ProcessId(2), ProcessId(3)]);
        assert!(lock.lock_shared());
    }
}

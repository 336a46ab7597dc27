//! Threads in which I/O and ioctls run, and what each of them is doing.
use std::fs;
use std::io;
use std::os::unix::thread::JoinHandleExt;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nix::sys::pthread::pthread_kill;
use nix::sys::signal::Signal;

/// How long a thread that was started may take until it is seen in the kernel.
const START_MAX: Duration = Duration::from_secs(5);
/// How long a wait may last.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// How often a state is looked at.
const POLL: Duration = Duration::from_micros(300);
/// After so long a rest nothing moves any more: longer than the time for which a request-based
/// target delays a requeue (100 ms, `dm_mq_delay_requeue_request`), and than any delay of a path.
const REST: Span = Span { time: Duration::from_millis(600), polls: 60 };
/// How long a rest has to last while a call is under way: a suspend of a request-based device looks
/// every 5 ms whether its I/O is done (`dm_wait_for_completion`), in a kernel with ticks of 10 ms.
const CALL_LULL: Span = Span { time: Duration::from_millis(40), polls: 10 };
/// How long it has to last otherwise: an open may wait for a work item to begin.
const LULL: Span = Span { time: Duration::from_millis(3), polls: 3 };
/// How long a kernel that does not come to rest is given between two lines.
const SETTLE: Span = Span { time: Duration::from_millis(80), polls: 12 };

/// A time in which this task has had so many turns: on a host that is busy with other things a
/// machine may stand still while time passes, and then nothing in it has had the chance to move.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Span {
    time: Duration,
    polls: u32,
}

/// The span since a moment.
#[derive(Clone, Copy, Debug)]
struct Stopwatch {
    begin: Instant,
    polls: u32,
}

impl Stopwatch {
    fn new() -> Self {
        Self { begin: Instant::now(), polls: 0 }
    }

    /// One more turn; whether the span is over.
    fn has_run(&mut self, span: Span) -> bool {
        self.polls += 1;
        self.polls >= span.polls && self.begin.elapsed() >= span.time
    }
}

/// Work in a thread of its own.
#[derive(Debug)]
pub(crate) struct Job {
    /// Its name in the scenario; empty for a call in the foreground.
    pub(crate) tag: String,
    is_call: bool,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    task: AtomicI32,
    done: Mutex<bool>,
    changed: Condvar,
}

impl Job {
    /// Starts it, a call to the device-mapper or an I/O. The work tells its result by itself.
    pub(crate) fn start(
        tag: &str,
        is_call: bool,
        work: impl FnOnce() + Send + 'static,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let inner = Arc::clone(&shared);
        let thread = thread::Builder::new().stack_size(128 * 1024).spawn(move || {
            inner.task.store(nix::unistd::gettid().as_raw(), Ordering::SeqCst);
            work();
            *inner.done.lock().unwrap_or_else(PoisonError::into_inner) = true;
            inner.changed.notify_all();
        })?;
        Ok(Self { tag: tag.to_owned(), is_call, shared, thread })
    }

    /// Whether its work is done.
    pub(crate) fn is_done(&self) -> bool {
        *self.shared.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is done; false when no job has moved for so long that none will, or when the
    /// time is over. Others than the jobs do not count: bio-based multipath without a path never
    /// rests, but spins between `process_queued_bios` and `__multipath_map_bio`.
    pub(crate) fn wait(&self, jobs: &[Self]) -> bool {
        let begin = Instant::now();
        let mut rest = Stopwatch::new();
        let mut done_before = 0;
        while begin.elapsed() < WAIT_MAX {
            let done = self.shared.done.lock().unwrap_or_else(PoisonError::into_inner);
            let result = self.shared.changed.wait_timeout_while(done, POLL, |done| !*done);
            if *result.unwrap_or_else(PoisonError::into_inner).0 {
                return true;
            }
            let done = jobs.iter().filter(|job| job.is_done()).count();
            if done != done_before || !are_at_rest(jobs) {
                (rest, done_before) = (Stopwatch::new(), done);
            } else if rest.has_run(REST) {
                break;
            }
        }
        self.is_done()
    }

    /// Waits until it sleeps in the kernel or is done: until what it was started for is under way.
    pub(crate) fn wait_until_under_way(&self) {
        let begin = Instant::now();
        while begin.elapsed() < START_MAX && !self.is_done() && !self.sleeps() {
            thread::sleep(POLL);
        }
    }

    /// Whether the kernel has put it to sleep.
    pub(crate) fn sleeps(&self) -> bool {
        let task = self.shared.task.load(Ordering::SeqCst);
        let stat = fs::read_to_string(format!("/proc/self/task/{task}/stat"));
        let state = stat.ok().and_then(|stat| {
            let (_, fields) = stat.rsplit_once(") ")?;
            fields.chars().next()
        });
        // S is a sleep that a signal ends, D one that none ends.
        task != 0 && matches!(state, Some('S' | 'D'))
    }

    /// Sends it the signal that interrupts a sleep in the kernel.
    pub(crate) fn interrupt(&self) -> io::Result<()> {
        if self.is_done() {
            return Ok(());
        }
        Ok(pthread_kill(self.thread.as_pthread_t() as _, Signal::SIGUSR1)?)
    }
}

/// Waits until the kernel has nothing to do but what waits for somebody: no task but this one
/// runs, and every job is done or asleep, each time that it is looked. A kernel that never rests is
/// given some time.
pub(crate) fn settle(jobs: &[Job]) {
    let mut whole = Stopwatch::new();
    let mut rest = Stopwatch::new();
    while !whole.has_run(SETTLE) {
        thread::sleep(POLL);
        let has_call = jobs.iter().any(|job| job.is_call && !job.is_done());
        let lull = if has_call { CALL_LULL } else { LULL };
        if !are_at_rest(jobs) || running_tasks() > 1 {
            rest = Stopwatch::new();
        } else if rest.has_run(lull) {
            return;
        }
    }
}

fn are_at_rest(jobs: &[Job]) -> bool {
    jobs.iter().all(|job| job.is_done() || job.sleeps())
}

/// How many tasks run or are ready to, this one among them.
fn running_tasks() -> u32 {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let running = load.split_whitespace().nth(3).and_then(|it| it.split_once('/'));
    running.and_then(|(running, _)| running.parse().ok()).unwrap_or(u32::MAX)
}

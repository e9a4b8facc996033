use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use portcullis_core::stack::{Moment, monotonic, nanoseconds};

/// Where a [`Memory`](crate::Memory) takes the time from.
///
/// The machine's monotonic clock unless said otherwise; a test holds a [`ManualClock`] and never
/// sleeps.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Monotonic {
        /// When the process's epoch was, in nanoseconds since the Unix epoch.
        unix: u64,
    },
    Manual {
        now: Arc<AtomicU64>,
    },
}

impl Clock {
    /// The machine's monotonic clock, from 0 when the process first asked for one.
    pub fn monotonic() -> Self {
        let now = monotonic();
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(Source::Monotonic { unix: nanoseconds(unix).saturating_sub(now) })
    }

    /// A clock that stands still at 0, which is the Unix epoch as well, and the hand that advances it.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use portcullis_limit::{Clock, Memory, Quota, RateLimit};
    ///
    /// let (clock, hand) = Clock::manual();
    /// let limit = RateLimit::by_address(Quota::per_minute(60))
    ///     .with_store(Memory::new().with_clock(clock));
    /// hand.advance(Duration::from_secs(30));
    /// # let _ = limit;
    /// ```
    pub fn manual() -> (Self, ManualClock) {
        let now = Arc::new(AtomicU64::new(0));
        (Self(Source::Manual { now: Arc::clone(&now) }), ManualClock { now })
    }

    /// The time since the clock's epoch, in nanoseconds.
    #[inline]
    pub(crate) fn now(&self) -> u64 {
        self.now_at(&mut Moment::default())
    }

    /// The same, or what the machine's clock showed a moment ago.
    #[inline]
    pub(crate) fn now_at(&self, moment: &mut Moment) -> u64 {
        match &self.0 {
            Source::Monotonic { .. } => moment.now(),
            Source::Manual { now } => now.load(Ordering::Acquire),
        }
    }

    /// The time since the Unix epoch of what this clock shows as `now`, in nanoseconds.
    ///
    /// It is what the machine's calendar said when the clock was made, and runs on with it from
    /// there: a calendar that is set back or forward moves no window.
    pub(crate) fn since_unix_epoch(&self, now: u64) -> u64 {
        match &self.0 {
            Source::Monotonic { unix, .. } => unix.saturating_add(now),
            Source::Manual { .. } => now,
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::monotonic()
    }
}

/// The hand of a [`Clock`] that stands still.
#[derive(Clone, Debug)]
pub struct ManualClock {
    now: Arc<AtomicU64>,
}

impl ManualClock {
    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let by = nanoseconds(by);
        let advance = |now: u64| Some(now.saturating_add(by));
        // It always advances, so there is nothing to report.
        let _ = self.now.fetch_update(Ordering::AcqRel, Ordering::Acquire, advance);
    }
}

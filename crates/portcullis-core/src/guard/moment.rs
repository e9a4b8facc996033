use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// What the monotonic clock showed to a guard of this request, for those that are asked right after
/// it: so that all of them read it once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment(Option<u64>);

impl Moment {
    /// This one, in nanoseconds since the process's epoch.
    #[inline]
    pub const fn at(now: u64) -> Self {
        Self(Some(now))
    }

    /// What it showed, in nanoseconds since the process's epoch; it is read where nobody has yet.
    #[inline]
    pub fn now(&mut self) -> u64 {
        *self.0.get_or_insert_with(monotonic)
    }

    /// The same, where somebody has read it.
    #[inline]
    pub fn known(&self) -> Option<u64> {
        self.0
    }

    /// Time has passed, nobody knows how much.
    #[inline]
    pub fn pass(&mut self) {
        self.0 = None;
    }
}

/// What the monotonic clock shows, in nanoseconds since the process's epoch.
pub fn monotonic() -> u64 {
    since_epoch(Instant::now())
}

/// The time from the process's epoch, when it was first asked for, until then; 0 where it was before.
///
/// One epoch for all, so that one reading of the clock does for several.
#[inline]
pub fn since_epoch(then: Instant) -> u64 {
    static EPOCH: OnceLock<Instant> = OnceLock::new();

    let epoch = *EPOCH.get_or_init(Instant::now);
    // Nobody asks for what is 584 years off.
    then.saturating_duration_since(epoch).as_nanos() as u64
}

/// Whole nanoseconds; 584 years of them fit.
#[inline]
pub fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

mod error;
#[cfg(feature = "serde")]
mod serde;
#[cfg(test)]
mod tests;
mod text;

use std::{num::NonZeroU32, time::Duration};

pub use self::{error::QuotaError, text::ParseQuotaError};

/// How many requests one key may send: a rate, and a burst.
///
/// `Quota::per_minute(300)` gives back one request every 200 ms, up to 300 of them: a caller that
/// was silent may send 300 at once, and in any span of length `w` at most 300 + `w` ÷ 200 ms. A
/// quota [in windows](Quota::in_windows) gives all of them back at once instead.
///
/// Times are held in whole microseconds, rounded up, so a quota never admits more than it says. In a
/// `const`, a quota that cannot be is a compile error:
///
/// ```compile_fail
/// const NOTHING: portcullis_limit::Quota = portcullis_limit::Quota::per_minute(0);
/// ```
///
/// Numbers from outside go through [`Quota::try_per`] and [`Quota::try_burst`], which return the
/// error instead, and text is parsed: `300/1m`, `10/s`, `1000/24h;burst=50`, `500/h;window=epoch`.
///
/// ```
/// # use portcullis_limit::Quota;
/// let quota: Quota = "300/1m;burst=20".parse()?;
/// assert_eq!(quota, Quota::per_minute(300).burst(20));
/// assert_eq!(quota.to_string(), "300/1m;burst=20");
/// # Ok::<_, portcullis_limit::ParseQuotaError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quota {
    count: NonZeroU32,
    /// In which `count` requests may come, in whole microseconds.
    period_micros: u64,
    /// The time between two requests at a steady rate, in whole microseconds.
    interval_micros: u64,
    burst: NonZeroU32,
    window: Option<Window>,
}

/// When the windows of a [`Quota`] begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Window {
    /// With a key's first request, and after it ended with the first one that comes then.
    FirstRequest,
    /// At whole multiples of their length since the Unix epoch: an hour's begins with the hour, a
    /// day's at midnight UTC, the same for all keys.
    Epoch,
}

/// The longest time that a whole burst may take to come back, in microseconds: 146 years. It keeps
/// every sum of nanoseconds within 64 bits.
const LONGEST_MICROS: u64 = (1 << 62) / 1_000;

/// The most requests of a window, and the largest burst of one.
pub(crate) const MOST_IN_WINDOW: u32 = i32::MAX as u32;

impl Quota {
    /// This many requests a second, and as many at once.
    ///
    /// # Panics
    ///
    /// When the quota cannot be; in a `const`, that is a compile error. See [`QuotaError`].
    #[track_caller]
    pub const fn per_second(count: u32) -> Self {
        Self::per(count, Duration::from_secs(1))
    }

    /// This many requests a minute, and as many at once.
    ///
    /// # Panics
    ///
    /// When the quota cannot be; in a `const`, that is a compile error. See [`QuotaError`].
    #[track_caller]
    pub const fn per_minute(count: u32) -> Self {
        Self::per(count, Duration::from_secs(60))
    }

    /// This many requests an hour, and as many at once.
    ///
    /// # Panics
    ///
    /// When the quota cannot be; in a `const`, that is a compile error. See [`QuotaError`].
    #[track_caller]
    pub const fn per_hour(count: u32) -> Self {
        Self::per(count, Duration::from_secs(3_600))
    }

    /// This many requests in this time, and as many at once.
    ///
    /// # Panics
    ///
    /// When the quota cannot be; in a `const`, that is a compile error. See [`QuotaError`].
    #[track_caller]
    pub const fn per(count: u32, period: Duration) -> Self {
        match Self::try_per(count, period) {
            Ok(quota) => quota,
            Err(error) => panic!("{}", error.message()),
        }
    }

    /// This many requests in this time, and as many at once.
    ///
    /// # Errors
    ///
    /// When the quota cannot be: see [`QuotaError`].
    pub const fn try_per(count: u32, period: Duration) -> Result<Self, QuotaError> {
        let Some(count) = NonZeroU32::new(count) else { return Err(QuotaError::Zero) };
        if period.is_zero() {
            return Err(QuotaError::Zero);
        }
        let nanos = period.as_nanos();
        if nanos / 1_000 < count.get() as u128 {
            return Err(QuotaError::TooFast);
        }
        let period_micros = nanos.div_ceil(1_000);
        if period_micros > LONGEST_MICROS as u128 {
            return Err(QuotaError::TooLong);
        }
        let period_micros = period_micros as u64;
        let interval_micros = period_micros.div_ceil(count.get() as u64);
        Self { count, period_micros, interval_micros, burst: count, window: None }.checked()
    }

    /// The same rate with another burst: how many requests may come at once.
    ///
    /// # Panics
    ///
    /// When the quota cannot be; in a `const`, that is a compile error. See [`QuotaError`].
    #[must_use]
    #[track_caller]
    pub const fn burst(self, burst: u32) -> Self {
        match self.try_burst(burst) {
            Ok(quota) => quota,
            Err(error) => panic!("{}", error.message()),
        }
    }

    /// The same rate with another burst: how many requests may come at once.
    ///
    /// # Errors
    ///
    /// When the quota cannot be: see [`QuotaError`].
    pub const fn try_burst(self, burst: u32) -> Result<Self, QuotaError> {
        match NonZeroU32::new(burst) {
            Some(burst) => Self { burst, ..self }.checked(),
            None => Err(QuotaError::Zero),
        }
    }

    /// Exactly this many requests in each window, all of which come back when the next one begins:
    /// for a contract that promises that.
    ///
    /// Mind what it permits: at the end of one window and the beginning of the next, twice as many
    /// requests come within a moment.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use portcullis_limit::{Quota, Window};
    ///
    /// const DAY: Duration = Duration::from_secs(86_400);
    /// const DAILY: Quota = Quota::per(1_000, DAY).in_windows(Window::Epoch);
    /// ```
    ///
    /// # Panics
    ///
    /// When the quota cannot be; in a `const`, that is a compile error. See [`QuotaError`].
    #[must_use]
    #[track_caller]
    pub const fn in_windows(self, window: Window) -> Self {
        match self.try_in_windows(window) {
            Ok(quota) => quota,
            Err(error) => panic!("{}", error.message()),
        }
    }

    /// Exactly this many requests in each window: see [`Quota::in_windows`].
    ///
    /// # Errors
    ///
    /// When the quota cannot be: see [`QuotaError`].
    pub const fn try_in_windows(self, window: Window) -> Result<Self, QuotaError> {
        Self { window: Some(window), ..self }.checked()
    }

    const fn checked(self) -> Result<Self, QuotaError> {
        if self.window.is_some() {
            if self.burst.get() != self.count.get() {
                return Err(QuotaError::BurstInWindow);
            }
            if self.count.get() > MOST_IN_WINDOW {
                return Err(QuotaError::TooMany);
            }
        }
        match self.interval_micros.checked_mul(self.burst.get() as u64) {
            Some(whole) if whole <= LONGEST_MICROS => Ok(self),
            _ => Err(QuotaError::TooLong),
        }
    }

    /// How many requests may come at once.
    pub const fn limit(&self) -> u32 {
        self.burst.get()
    }

    /// The time between two requests at a steady rate, in whole microseconds.
    pub const fn interval(&self) -> Duration {
        Duration::from_micros(self.interval_micros)
    }

    /// When its windows begin, if it has any.
    pub const fn window(&self) -> Option<Window> {
        self.window
    }

    /// The time after which all requests are back: the length of a window, or what the whole burst
    /// takes.
    pub const fn whole(&self) -> Duration {
        match self.window {
            Some(_) => Duration::from_micros(self.period_micros),
            None => Duration::from_micros(self.interval_micros * self.burst.get() as u64),
        }
    }

    pub(crate) const fn interval_micros(&self) -> u64 {
        self.interval_micros
    }

    pub(crate) const fn period_micros(&self) -> u64 {
        self.period_micros
    }

    pub(crate) const fn count(&self) -> u32 {
        self.count.get()
    }

    /// When so many requests may come at once of a key that has not so many left, and whose quota is
    /// whole in this time; in nanoseconds, as that is.
    #[inline]
    pub(crate) const fn room_in(&self, cost: u32, whole_in: u64) -> u64 {
        match self.window {
            Some(_) => whole_in,
            None => {
                let may_be_missing = self.burst.get().saturating_sub(cost);
                whole_in.saturating_sub(self.interval_micros * 1_000 * may_be_missing as u64)
            }
        }
    }

    /// The same quota, as governor computes with it.
    pub(crate) fn governor(&self) -> governor::Quota {
        // `with_period` refuses an interval of zero, which `try_per` has refused before.
        governor::Quota::with_period(self.interval())
            .unwrap_or_else(|| governor::Quota::per_second(NonZeroU32::MIN))
            .allow_burst(self.burst)
    }
}

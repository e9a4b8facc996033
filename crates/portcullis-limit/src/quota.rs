use std::{fmt, num::NonZeroU32, time::Duration};

/// How many requests one key may send: a rate, and a burst.
///
/// `Quota::per_minute(300)` gives back one request every 200 ms, up to 300 of them: a caller that
/// was silent may send 300 at once, and in any window of length `w` at most 300 + `w` ÷ 200 ms.
///
/// The time between two requests is held in whole microseconds, rounded up, so a quota never admits
/// more than it says. In a `const`, a quota that cannot be is a compile error:
///
/// ```compile_fail
/// const NOTHING: portcullis_limit::Quota = portcullis_limit::Quota::per_minute(0);
/// ```
///
/// Numbers from outside go through [`Quota::try_per`] and [`Quota::try_burst`], which return the
/// error instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quota {
    /// The time between two requests, in whole microseconds.
    interval_micros: u64,
    burst: NonZeroU32,
}

/// The longest time that a whole burst may take to come back, in microseconds: 146 years. It keeps
/// every sum of nanoseconds within 64 bits.
const LONGEST_MICROS: u64 = (1 << 62) / 1_000;

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
        let Some(burst) = NonZeroU32::new(count) else { return Err(QuotaError::Zero) };
        if period.is_zero() {
            return Err(QuotaError::Zero);
        }
        let nanos = period.as_nanos();
        if nanos / 1_000 < count as u128 {
            return Err(QuotaError::TooFast);
        }
        let interval_micros = nanos.div_ceil(1_000).div_ceil(count as u128);
        if interval_micros > LONGEST_MICROS as u128 {
            return Err(QuotaError::TooLong);
        }
        Self { interval_micros: interval_micros as u64, burst }.checked()
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

    const fn checked(self) -> Result<Self, QuotaError> {
        match self.interval_micros.checked_mul(self.burst.get() as u64) {
            Some(whole) if whole <= LONGEST_MICROS => Ok(self),
            _ => Err(QuotaError::TooLong),
        }
    }

    /// How many requests may come at once.
    pub const fn limit(&self) -> u32 {
        self.burst.get()
    }

    /// The time after which one more request may come.
    pub const fn interval(&self) -> Duration {
        Duration::from_micros(self.interval_micros)
    }

    /// The time that all but one of the burst take to come back, in nanoseconds.
    pub(crate) fn tolerance_nanos(&self) -> u64 {
        self.interval_micros * 1_000 * u64::from(self.burst.get() - 1)
    }

    /// The same quota, as governor computes with it.
    pub(crate) fn governor(&self) -> governor::Quota {
        // `with_period` refuses an interval of zero, which `try_per` has refused before.
        governor::Quota::with_period(self.interval())
            .unwrap_or_else(|| governor::Quota::per_second(NonZeroU32::MIN))
            .allow_burst(self.burst)
    }
}

/// Why a [`Quota`] cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuotaError {
    /// A count, a burst or a period of zero admits nothing at all, or everything.
    Zero,
    /// More than a million requests a second, of which each would be less than a microsecond apart.
    TooFast,
    /// The whole burst would take more than 146 years to come back.
    TooLong,
}

impl QuotaError {
    const fn message(self) -> &'static str {
        match self {
            Self::Zero => {
                "a quota's count, burst and period are at least 1: leave the limit out to admit everything"
            }
            Self::TooFast => "a quota is at most 1,000,000 requests a second",
            Self::TooLong => {
                "a quota's whole burst must come back within 146 years: lower the burst or raise the rate"
            }
        }
    }
}

impl fmt::Display for QuotaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for QuotaError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_between_two_requests_is_rounded_up() {
        for (count, period, micros) in [
            (600, Duration::from_secs(60), 100_000),
            (7, Duration::from_secs(60), 8_571_429),
            (1_000_000, Duration::from_secs(1), 1),
            (999_999, Duration::from_secs(1), 2),
            (1, Duration::from_nanos(1_001), 2),
        ] {
            let quota = Quota::per(count, period);
            assert_eq!(quota.interval(), Duration::from_micros(micros), "{count} in {period:?}");
            assert_eq!(quota.limit(), count);
        }
    }

    #[test]
    fn a_quota_that_cannot_be_says_why() {
        let second = Duration::from_secs(1);
        assert_eq!(Quota::try_per(0, second), Err(QuotaError::Zero));
        assert_eq!(Quota::try_per(1, Duration::ZERO), Err(QuotaError::Zero));
        assert_eq!(Quota::try_per(1_000_001, second), Err(QuotaError::TooFast));
        assert_eq!(Quota::try_per(1, Duration::from_nanos(999)), Err(QuotaError::TooFast));
        assert_eq!(Quota::try_per(1, Duration::MAX), Err(QuotaError::TooLong));
        let hourly = Quota::per_hour(1);
        assert_eq!(hourly.try_burst(0), Err(QuotaError::Zero));
        assert_eq!(hourly.try_burst(u32::MAX), Err(QuotaError::TooLong));
    }

    #[test]
    fn the_largest_quota_that_can_be_fits_in_nanoseconds() {
        let longest = Quota::per(1, Duration::from_micros(LONGEST_MICROS / 4)).burst(4);
        assert_eq!(longest.governor().burst_size().get(), 4);
        assert!(longest.tolerance_nanos() > 0);
    }
}

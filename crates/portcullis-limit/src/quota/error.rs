use std::{error::Error, fmt};

/// Why a [`Quota`](super::Quota) cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuotaError {
    /// A count, a burst or a period of zero admits nothing at all, or everything.
    Zero,
    /// More than a million requests a second, of which each would be less than a microsecond apart.
    TooFast,
    /// The whole burst would take more than 146 years to come back.
    TooLong,
    /// A fixed window with a burst of its own: its count is what may come at once.
    BurstInWindow,
    /// More than 2,147,483,647 requests in one window.
    TooMany,
}

impl QuotaError {
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::Zero => {
                "a quota's count, burst and period are at least 1: leave the limit out to admit everything"
            }
            Self::TooFast => "a quota is at most 1,000,000 requests a second",
            Self::TooLong => {
                "a quota's whole burst must come back within 146 years: lower the burst or raise the rate"
            }
            Self::BurstInWindow => {
                "a quota in windows has no burst of its own: its count is what may come at once"
            }
            Self::TooMany => "a window has at most 2,147,483,647 requests",
        }
    }
}

impl fmt::Display for QuotaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl Error for QuotaError {}

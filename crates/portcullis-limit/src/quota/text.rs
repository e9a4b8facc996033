//! A quota as text: `300/1m`, `10/s`, `1000/24h;burst=50`, `500/h;window=epoch`.

use std::{error::Error, fmt, str::FromStr, time::Duration};

use super::{Quota, QuotaError, Window};

/// Units of time, and their length in microseconds; the longest first.
const UNITS: [(&str, u64); 6] = [
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("us", 1),
];

pub(super) const EPOCH: &str = "epoch";
pub(super) const FIRST_REQUEST: &str = "first-request";

/// Why a text is no [`Quota`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseQuotaError {
    /// It is not written as one.
    Syntax(String),
    /// It is written as one that cannot be.
    Quota(QuotaError),
}

/// A count, a slash and a period, then parameters: `300/1m`, `10/s`, `1000/24h;burst=50`,
/// `500/h;window=epoch`, `500/h;window=first-request`. Units are `us`, `ms`, `s`, `m`, `h` and `d`;
/// spaces may stand around the signs.
impl FromStr for Quota {
    type Err = ParseQuotaError;

    fn from_str(text: &str) -> Result<Self, ParseQuotaError> {
        let is_wrong = || ParseQuotaError::Syntax(shown(text));
        let mut parts = text.split(';').map(str::trim);
        let rate = parts.next().unwrap_or_default();
        let (count, time) = rate.split_once('/').ok_or_else(is_wrong)?;
        let count = number(count).and_then(|count| u32::try_from(count).ok());
        let (Some(count), Some(period)) = (count, period(time.trim())) else {
            return Err(is_wrong());
        };
        let mut quota = Self::try_per(count, period).map_err(ParseQuotaError::Quota)?;

        let (mut burst, mut window) = (None, None);
        for part in parts {
            let (name, value) = part.split_once('=').ok_or_else(is_wrong)?;
            match (name.trim(), value.trim()) {
                ("burst", value) if burst.is_none() => {
                    let value = number(value).and_then(|burst| u32::try_from(burst).ok());
                    burst = Some(value.ok_or_else(is_wrong)?);
                }
                ("window", name) if window.is_none() => {
                    window = Some(self::window(name).ok_or_else(is_wrong)?);
                }
                _ => return Err(is_wrong()),
            }
        }
        if let Some(burst) = burst {
            quota = quota.try_burst(burst).map_err(ParseQuotaError::Quota)?;
        }
        if let Some(window) = window {
            quota = quota.try_in_windows(window).map_err(ParseQuotaError::Quota)?;
        }
        Ok(quota)
    }
}

/// The windows that begin by this name.
pub(super) fn window(name: &str) -> Option<Window> {
    match name {
        EPOCH => Some(Window::Epoch),
        FIRST_REQUEST => Some(Window::FirstRequest),
        _ => None,
    }
}

pub(super) fn window_name(window: Window) -> &'static str {
    match window {
        Window::Epoch => EPOCH,
        Window::FirstRequest => FIRST_REQUEST,
    }
}

/// Decimal digits, without a sign.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_decimal { text.parse().ok() } else { None }
}

/// `1m`, `90s`, or a unit alone.
pub(super) fn period(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = text.split_at(digits);
    let count = if count.is_empty() { 1 } else { number(count)? };
    let (_, micros) = UNITS.into_iter().find(|(name, _)| *name == unit.trim_start())?;
    // What is too long for 64 bits is too long for a quota as well, which says so.
    Some(Duration::from_micros(count.saturating_mul(micros)))
}

/// The text as an error shows it: it may come from outside.
fn shown(text: &str) -> String {
    text.chars().take(64).collect()
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, micros) = UNITS
            .into_iter()
            .find(|(_, micros)| self.period_micros().is_multiple_of(*micros))
            .unwrap_or(("us", 1));
        write!(f, "{}/{}{name}", self.count(), self.period_micros() / micros)?;
        match self.window() {
            None if self.limit() != self.count() => write!(f, ";burst={}", self.limit()),
            None => Ok(()),
            Some(window) => write!(f, ";window={}", window_name(window)),
        }
    }
}

impl fmt::Display for ParseQuotaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(text) => write!(
                f,
                "{text:?} is not a quota, which is a count, a slash and a period, such as 300/1m, \
                 10/s, 1000/24h;burst=50 or 500/h;window=epoch"
            ),
            Self::Quota(error) => error.fmt(f),
        }
    }
}

impl Error for ParseQuotaError {}

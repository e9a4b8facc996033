//! The headers of an answer that was written before, to be written again with other numbers.

use std::{num::NonZeroU64, sync::OnceLock};

use http::{HeaderMap, HeaderName, header::RETRY_AFTER};
use portcullis_core::{
    ApiError, ErrorStatus, X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING, X_RATELIMIT_RESET,
    header_value, stack::Stamps,
};

/// What may differ between two answers of one prepared error.
#[derive(Clone, Copy)]
pub(crate) struct Numbers {
    /// Which of them there are.
    are_said: [bool; 4],
    /// By what a line says, and 0 where nothing is said.
    values: [u64; 5],
}

impl Numbers {
    /// What an answer of this error says, once it is stamped; none where what is stamped depends on
    /// more than numbers.
    #[inline]
    pub(crate) fn of(error: &ApiError, stamps: &Stamps) -> Option<Self> {
        let stamped = stamps.allowance_alone()?;
        let allowance = match (error.allowance(), stamped) {
            (own, _) if error.status() == ErrorStatus::TOO_MANY_REQUESTS => own,
            (own, None) => own,
            (None, stamped) => stamped,
            // The tighter one.
            (Some(_), Some(_)) => return None,
        };
        let [wait, reset] = [error.retry_after(), allowance.and_then(|it| it.reset)]
            .map(|seconds| seconds.map_or(0, NonZeroU64::get));
        let [limit, remaining] =
            allowance.map_or([0; 2], |it| [it.limit, it.remaining].map(u64::from));
        let is_limited = allowance.is_some();
        Some(Self {
            are_said: [wait > 0, is_limited, is_limited, reset > 0],
            values: [wait, limit, remaining, reset, 0],
        })
    }
}

/// The headers of a prepared error's answers, by who refused; none where they cannot be repeated.
#[derive(Default)]
pub(crate) struct Heads([OnceLock<Option<Head>>; 2]);

/// Who refuses a request. Beside what their errors say, they have headers of their own.
#[derive(Clone, Copy)]
pub enum By {
    /// A guard, which has none.
    Guard,
    /// A tenant mask.
    Mask,
}

/// The headers of one answer.
struct Head {
    headers: HeaderMap,
    numbers: Numbers,
    /// What each line says, in their order.
    lines: Box<[Line]>,
}

/// What a header's line says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    RetryAfter,
    Limit,
    Remaining,
    Reset,
    Words,
}

impl Heads {
    /// The headers with these numbers.
    #[inline]
    pub(crate) fn again(&self, by: By, numbers: &Numbers) -> Option<HeaderMap> {
        self.0[by as usize].get()?.as_ref()?.again(numbers)
    }

    /// Keeps the headers of an answer of this error.
    pub(crate) fn keep(&self, by: By, error: &ApiError, headers: &HeaderMap, numbers: Numbers) {
        self.0[by as usize].get_or_init(|| Head::of(error, headers, numbers));
    }
}

impl Head {
    fn of(error: &ApiError, headers: &HeaderMap, numbers: Numbers) -> Option<Self> {
        // What is stamped depends on those of the error's own.
        let is_own = |name| error.headers().contains_key(name);
        if is_own(X_RATELIMIT_LIMIT) || is_own(X_RATELIMIT_REMAINING) || is_own(X_RATELIMIT_RESET) {
            return None;
        }
        let mut lines: Vec<_> = headers.iter().map(|(name, _)| Line::of(name)).collect();
        // Those at the end are copied, and not looked at.
        lines.truncate(lines.iter().rposition(|line| *line != Line::Words).map_or(0, |at| at + 1));
        Some(Self { headers: headers.clone(), numbers, lines: lines.into() })
    }

    fn again(&self, numbers: &Numbers) -> Option<HeaderMap> {
        let Self { headers, numbers: before, lines } = self;
        if numbers.are_said != before.are_said {
            return None;
        }
        let mut headers = headers.clone();
        for (line, value) in lines.iter().zip(headers.values_mut()) {
            let number = numbers.values[*line as usize];
            if number != before.values[*line as usize] {
                *value = header_value(number);
            }
        }
        Some(headers)
    }
}

impl Line {
    fn of(name: &HeaderName) -> Self {
        match name {
            _ if *name == RETRY_AFTER => Self::RetryAfter,
            _ if *name == X_RATELIMIT_LIMIT => Self::Limit,
            _ if *name == X_RATELIMIT_REMAINING => Self::Remaining,
            _ if *name == X_RATELIMIT_RESET => Self::Reset,
            _ => Self::Words,
        }
    }
}

use std::num::NonZeroU64;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::number::header_value;

/// `x-ratelimit-limit`: how many requests the binding policy admits at once.
pub const X_RATELIMIT_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");

/// `x-ratelimit-remaining`: how many of them are left.
pub const X_RATELIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// `x-ratelimit-reset`: when all of them are back, in the unit that the limit was told.
pub const X_RATELIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What a caller may still send: the tightest policy's limit, and what is left of it.
///
/// It becomes the pair `X-RateLimit-Limit` and `X-RateLimit-Remaining`, and `X-RateLimit-Reset`
/// where it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allowance {
    /// The policy's burst: how many requests it admits at once, in requests.
    pub limit: u32,
    /// How many requests are left before the next refusal.
    pub remaining: u32,
    /// `X-RateLimit-Reset`, as it is written. `None` writes none: the field has no one meaning.
    pub reset: Option<NonZeroU64>,
}

impl Allowance {
    /// `remaining` of `limit` requests.
    pub const fn new(limit: u32, remaining: u32) -> Self {
        Self { limit, remaining, reset: None }
    }

    /// Says when the limit is whole again, as seconds from now or since the Unix epoch: the client
    /// has to know which.
    #[must_use]
    pub const fn with_reset(self, seconds: NonZeroU64) -> Self {
        Self { reset: Some(seconds), ..self }
    }

    /// Writes the fields, over any that are there.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        headers.insert(X_RATELIMIT_LIMIT, header_value(self.limit.into()));
        headers.insert(X_RATELIMIT_REMAINING, header_value(self.remaining.into()));
        self.stamp_reset(headers);
    }

    /// Writes the fields where there are none, or where those there promise more.
    pub(crate) fn stamp(self, headers: &mut HeaderMap) {
        // Mostly no header has several lines, of which an insertion would lose all but the first.
        if headers.len() > headers.keys_len() {
            return self.stamp_beside(headers);
        }
        if let Some(limit) = headers.insert(X_RATELIMIT_LIMIT, header_value(self.limit.into())) {
            headers.insert(X_RATELIMIT_LIMIT, limit);
            return self.stamp_beside(headers);
        }
        let remaining = header_value(self.remaining.into());
        if let Some(remaining) = headers.insert(X_RATELIMIT_REMAINING, remaining) {
            headers.insert(X_RATELIMIT_REMAINING, remaining);
            headers.remove(X_RATELIMIT_LIMIT);
            return self.stamp_beside(headers);
        }
        self.stamp_reset(headers);
    }

    /// The same, where there may be fields of somebody else's.
    #[cold]
    fn stamp_beside(self, headers: &mut HeaderMap) {
        let is_there = headers.contains_key(X_RATELIMIT_LIMIT);
        match headers.get(X_RATELIMIT_REMAINING) {
            Some(theirs)
                if is_there && promise(theirs).is_some_and(|it| it > self.remaining.into()) =>
            {
                // Theirs would speak of another limit.
                headers.remove(X_RATELIMIT_RESET);
                self.write(headers);
            }
            None if !is_there => self.write(headers),
            // They are tighter; or one of the two is alone, and stays so: what is left of a limit
            // that is not said, or the reverse.
            _ => {}
        }
    }

    fn stamp_reset(self, headers: &mut HeaderMap) {
        if let Some(seconds) = self.reset {
            headers.insert(X_RATELIMIT_RESET, header_value(seconds.get()));
        }
    }
}

/// How many requests a `X-RateLimit-Remaining` says are left.
fn promise(remaining: &HeaderValue) -> Option<u64> {
    remaining.to_str().ok()?.parse().ok()
}

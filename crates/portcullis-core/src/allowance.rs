use http::{HeaderMap, HeaderName, HeaderValue, header::Entry};

use crate::number::header_value;

/// `x-ratelimit-limit`: how many requests the binding policy admits at once.
pub const X_RATELIMIT_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");

/// `x-ratelimit-remaining`: how many of them are left.
pub const X_RATELIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// What a caller may still send: the tightest policy's limit, and what is left of it.
///
/// It becomes the pair `X-RateLimit-Limit` and `X-RateLimit-Remaining`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allowance {
    /// The policy's burst: how many requests it admits at once, in requests.
    pub limit: u32,
    /// How many requests are left before the next refusal.
    pub remaining: u32,
}

impl Allowance {
    /// `remaining` of `limit` requests.
    pub const fn new(limit: u32, remaining: u32) -> Self {
        Self { limit, remaining }
    }

    /// Writes the pair, over any that is there.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        headers.insert(X_RATELIMIT_LIMIT, header_value(self.limit.into()));
        headers.insert(X_RATELIMIT_REMAINING, header_value(self.remaining.into()));
    }

    /// Writes the pair where there is none, or where the one there promises more.
    pub(crate) fn stamp(self, headers: &mut HeaderMap) {
        let Entry::Vacant(vacant) = headers.entry(X_RATELIMIT_LIMIT) else {
            let there = headers.get(X_RATELIMIT_REMAINING).and_then(promise);
            if there.is_some_and(|there| there > self.remaining.into()) {
                self.write(headers);
            }
            return;
        };
        vacant.insert(header_value(self.limit.into()));
        match headers.entry(X_RATELIMIT_REMAINING) {
            Entry::Vacant(vacant) => {
                vacant.insert(header_value(self.remaining.into()));
            }
            // What is left of somebody else's limit, who does not say which, stays alone.
            Entry::Occupied(_) => {
                headers.remove(X_RATELIMIT_LIMIT);
            }
        }
    }
}

/// How many requests a `X-RateLimit-Remaining` says are left.
fn promise(remaining: &HeaderValue) -> Option<u64> {
    remaining.to_str().ok()?.parse().ok()
}

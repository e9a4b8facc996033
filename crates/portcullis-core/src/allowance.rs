use http::{HeaderMap, HeaderName};

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

    /// Writes the pair where there is none, or where `may_tighten` and the one there promises more.
    pub(crate) fn stamp(self, headers: &mut HeaderMap, may_tighten: bool) {
        let there = match headers.get(X_RATELIMIT_REMAINING) {
            None if !headers.contains_key(X_RATELIMIT_LIMIT) => return self.write(headers),
            None => return,
            Some(there) => there,
        };
        let promised = there.to_str().ok().and_then(|digits| digits.parse::<u64>().ok());
        if may_tighten && promised.is_some_and(|promised| promised > self.remaining.into()) {
            self.write(headers);
        }
    }
}

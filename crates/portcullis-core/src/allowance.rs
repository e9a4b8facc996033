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
        // Where one does not fit in, neither does the other.
        let _ = headers.try_insert(X_RATELIMIT_LIMIT, header_value(self.limit.into()));
        let _ = headers.try_insert(X_RATELIMIT_REMAINING, header_value(self.remaining.into()));
        self.stamp_reset(headers);
    }

    /// Writes the fields where there are none, or where those there promise more. Where no more headers
    /// fit in there will be none.
    pub(crate) fn stamp(self, headers: &mut HeaderMap) {
        // Mostly no header has several lines, of which an insertion would lose all but the first.
        if headers.len() > headers.keys_len() {
            return self.stamp_beside(headers);
        }
        match headers.try_insert(X_RATELIMIT_LIMIT, header_value(self.limit.into())) {
            Ok(None) => {}
            Ok(Some(limit)) => {
                headers.insert(X_RATELIMIT_LIMIT, limit);
                return self.stamp_beside(headers);
            }
            Err(_) => return,
        }
        match headers.try_insert(X_RATELIMIT_REMAINING, header_value(self.remaining.into())) {
            Ok(None) => self.stamp_reset(headers),
            Ok(Some(remaining)) => {
                headers.insert(X_RATELIMIT_REMAINING, remaining);
                headers.remove(X_RATELIMIT_LIMIT);
                self.stamp_beside(headers);
            }
            Err(_) => drop(headers.remove(X_RATELIMIT_LIMIT)),
        }
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

    #[inline(always)]
    fn stamp_reset(self, headers: &mut HeaderMap) {
        if let Some(seconds) = self.reset {
            // Where it does not fit in, the pair is said without it.
            let _ = headers.try_insert(X_RATELIMIT_RESET, header_value(seconds.get()));
        }
    }
}

/// How many requests a `X-RateLimit-Remaining` says are left.
fn promise(remaining: &HeaderValue) -> Option<u64> {
    remaining.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_response_that_is_full_of_headers_both_fields_are_stamped_or_none() {
        let name = |number: usize| HeaderName::try_from(format!("x-{number}")).unwrap();
        let value = HeaderValue::from_static("");
        let mut full = HeaderMap::new();
        while full.try_insert(name(full.len()), value.clone()).is_ok() {}
        for (free, expected) in [(0, 0), (1, 0), (2, 2), (3, 3)] {
            let mut headers = full.clone();
            (0..free).for_each(|number| drop(headers.remove(name(number))));
            let before = headers.len();
            Allowance::new(9, 8).with_reset(NonZeroU64::MIN).stamp(&mut headers);
            assert_eq!(headers.len() - before, expected, "{free}");
            assert_eq!(headers.contains_key(X_RATELIMIT_REMAINING), expected > 0, "{free}");
        }
    }
}

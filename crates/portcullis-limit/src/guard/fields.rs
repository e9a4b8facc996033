//! The IETF's `RateLimit` fields.

use std::{
    fmt::Write,
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};

use http::{
    HeaderName, HeaderValue,
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
};
use portcullis_core::{X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING, X_RATELIMIT_RESET};

use super::admitted::{Told, whole_seconds};
use crate::{KeyHasher, Policy, PolicyName, Quota, Standing};

/// `ratelimit`: how the caller stands under each policy.
pub const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// `ratelimit-policy`: which policies there are.
pub const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What a browser's script may only read of an answer from elsewhere if CORS exposes it: give it to
/// tower-http's `CorsLayer::expose_headers`.
pub const EXPOSED_HEADERS: [HeaderName; 7] = [
    RETRY_AFTER,
    WWW_AUTHENTICATE,
    X_RATELIMIT_LIMIT,
    X_RATELIMIT_REMAINING,
    X_RATELIMIT_RESET,
    RATELIMIT,
    RATELIMIT_POLICY,
];

/// Which fields of the IETF's a limit writes.
///
/// They are not yet an RFC, and their names have changed before: so the draft is named, and none is
/// written unless asked for.
#[derive(Clone, Debug)]
pub struct RateLimitFields {
    partitions: Option<RandomState>,
}

impl RateLimitFields {
    /// `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-11, sections 3 and
    /// 4: an item for each policy, by its name.
    ///
    /// Of a policy `q` is what may come at once and `w` the whole seconds in which it comes back.
    /// `r` is what is left, and `t` the seconds in which it may be sent evenly; where nothing is
    /// left, those to wait. Of a refusal, policies that do not refuse say no `t`.
    pub fn draft_11() -> Self {
        Self { partitions: None }
    }

    /// Says as well by `pk` which partition the caller is counted in: 48 bits of a hash of its key,
    /// keyed at random per process.
    #[must_use]
    pub fn with_partition_key(self) -> Self {
        Self { partitions: Some(RandomState::new()) }
    }

    /// What tells the key from others, if that is said.
    pub(super) fn partition(&self, policy: &PolicyName, key: &KeyHasher) -> Option<u64> {
        let mut hasher = self.partitions.as_ref()?.build_hasher();
        hasher.write_u64(policy.id());
        hasher.write(key.bytes());
        Some(hasher.finish())
    }

    /// Both fields, with an item for each policy that was charged.
    pub(super) fn lines<'a>(
        &self,
        policies: &[Policy],
        told: impl Iterator<Item = Told<'a>> + Clone,
    ) -> [(HeaderName, HeaderValue); 2] {
        let (mut policy, mut limit) = (String::new(), String::new());
        let is_refusal = told.clone().any(|(_, standing)| standing.is_refusing());
        for (charged, standing) in told {
            let name = policies[charged.policy].name().as_str();
            let quota = &charged.quota;
            let (units, window) = units_and_window(quota);
            let parameters = [("q", units), ("w", window)];
            item(&mut policy, name, parameters, charged.partition);
            let remaining = u64::from(standing.remaining);
            // Of a refusal only what refuses says how long: nobody is to come before `Retry-After`.
            let time = match is_refusal && !standing.is_refusing() {
                true => None,
                false => Some(("t", effective_window(quota, &standing))),
            };
            let parameters = [("r", remaining)].into_iter().chain(time);
            item(&mut limit, name, parameters, charged.partition);
        }
        [(RATELIMIT_POLICY, value(policy)), (RATELIMIT, value(limit))]
    }
}

/// `q` and `w`: so many requests in so many whole seconds.
fn units_and_window(quota: &Quota) -> (u64, u64) {
    let whole = quota.whole();
    let burst = u64::from(quota.limit());
    // What comes back faster than in a second is said as what comes in one.
    match Duration::from_secs(1) {
        second if whole < second && quota.window().is_none() => {
            let in_a_second = second.as_micros() as u64 / quota.interval_micros();
            (in_a_second.max(burst), 1)
        }
        _ => (burst, whole_seconds(whole).get()),
    }
}

/// `t`: the whole seconds over which what is left may be sent, or after which something is.
fn effective_window(quota: &Quota, standing: &Standing) -> u64 {
    let wait = match (standing.retry_after(), standing.remaining) {
        (Some(wait), 0) => wait,
        _ if quota.window().is_some() => standing.whole_in(),
        (_, 0) => Duration::from_nanos(quota.room_in(1, standing.whole_in)),
        (_, remaining) => quota.interval() * remaining,
    };
    whole_seconds(wait).get()
}

/// Appends one item of a list: a string, and parameters that are integers (RFC 9651, section 3).
fn item<'a>(
    list: &mut String,
    name: &str,
    parameters: impl IntoIterator<Item = (&'a str, u64)>,
    partition: Option<u64>,
) {
    if !list.is_empty() {
        list.push_str(", ");
    }
    list.push('"');
    for character in name.chars() {
        if matches!(character, '"' | '\\') {
            list.push('\\');
        }
        list.push(character);
    }
    list.push('"');
    for (parameter, number) in parameters {
        // RFC 9651, section 3.3.1: an integer has at most 15 digits.
        let number = number.min(999_999_999_999_999);
        // A `String` takes what is written.
        let _ = write!(list, ";{parameter}={number}");
    }
    if let Some(partition) = partition {
        list.push_str(";pk=:");
        list.extend((0..8).map(|place| digit(partition >> (6 * place))));
        list.push(':');
    }
}

/// A digit of base64 (RFC 4648, section 4), of the lowest six bits: eight of them are six bytes,
/// whatever they are.
fn digit(bits: u64) -> char {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char::from(DIGITS[(bits & 63) as usize])
}

/// The list as a header's value: it is printable ASCII.
fn value(list: String) -> HeaderValue {
    HeaderValue::try_from(list).unwrap_or(HeaderValue::from_static(""))
}

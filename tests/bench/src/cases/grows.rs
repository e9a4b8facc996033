//! What the cost grows with: policies, a key's length, headers.

use http::{HeaderName, StatusCode};
use portcullis::{ByHeader, GuardLayer, Policy, RateLimit};

use super::{OK, quotas, router};
use crate::{
    case::Case,
    proof::{
        Expected,
        Value::{Number, Text},
    },
    request::Caller,
};

const NAMES: [&str; 4] = ["first", "second", "third", "fourth"];

/// One limit per address, of so many policies, at most four.
pub(super) fn policies(count: usize, caller: Caller) -> Case {
    let policy = |name: &&'static str| Policy::by_address(quotas::ADDRESS).named(*name);
    let [first, others @ ..] = &NAMES;
    let others = others.iter().take(count - 1).map(policy);
    limited(others.fold(RateLimit::new(policy(first)), RateLimit::and), caller)
}

/// One limit, by the value of this header.
pub(super) fn by_header(name: &'static str, caller: Caller) -> Case {
    let key = ByHeader(HeaderName::from_static(name));
    limited(RateLimit::by_key(quotas::ADDRESS, key), caller)
}

fn limited(limit: RateLimit, caller: Caller) -> Case {
    let counted = Expected::status(StatusCode::OK)
        .header("x-ratelimit-limit", Text("600"))
        .header("x-ratelimit-remaining", Number(100..=599))
        .body(OK);
    Case::new(router().layer(GuardLayer::new(limit)).with_state(()), caller, counted)
}

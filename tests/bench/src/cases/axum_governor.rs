//! A peer: `axum-governor`, by the peer's address, in one `Router::layer`.

use std::num::NonZeroU32;

use axum_governor::{GovernorConfigBuilder, GovernorLayer, PeerIp, Quota, nz};
use http::StatusCode;

use super::{OK, quotas, router};
use crate::{
    case::Case,
    proof::{
        Expected,
        Value::{Number, Text},
    },
    request::Caller,
};

pub(super) fn admitted(caller: Caller) -> Case {
    let expected = Expected::status(StatusCode::OK)
        .header("x-ratelimit-limit", Text("600"))
        .header("x-ratelimit-remaining", Number(100..=599))
        .body(OK);
    // Its quotas are per whole seconds: this one gives one back every microsecond, as the others'.
    limited(Quota::requests_per_second(nz!(1_000_000_u32)), quotas::ADDRESS_BURST, caller, expected)
}

pub(super) fn denied_ip(caller: Caller) -> Case {
    let expected = Expected::status(StatusCode::TOO_MANY_REQUESTS)
        .header("retry-after", Number(100..=900))
        .header("x-ratelimit-limit", Text("1"))
        .header("x-ratelimit-remaining", Text("0"));
    limited(Quota::seconds_per_request(nz!(900_u32)), 1, caller, expected)
}

fn limited(quota: Quota, burst: u32, caller: Caller, expected: Expected) -> Case {
    let Some(burst) = NonZeroU32::new(burst) else { panic!("a quota has a burst") };
    let config = GovernorConfigBuilder::default()
        .with_extractor(PeerIp::default())
        .expect_connect_info()
        .quota_default(quota.burst(burst))
        .gc_disable()
        .finish();
    let Ok(config) = config else { panic!("a configuration with an extractor and a quota") };
    let router = router().layer(GovernorLayer::new(config)).with_state(());
    Case::new(router, caller, expected)
}

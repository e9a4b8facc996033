//! A peer: `tower_governor`, by the peer's address, with its headers, in one `Router::layer`.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use tower_governor::{GovernorLayer, governor::GovernorConfigBuilder};

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
    limited(quotas::REFILL, quotas::ADDRESS_BURST, caller, expected)
}

pub(super) fn denied_ip(caller: Caller) -> Case {
    let expected = Expected::status(StatusCode::TOO_MANY_REQUESTS)
        .header("retry-after", Number(100..=900))
        .header("x-ratelimit-limit", Text("1"))
        .header("x-ratelimit-remaining", Text("0"));
    limited(quotas::DROUGHT, 1, caller, expected)
}

fn limited(interval: Duration, burst: u32, caller: Caller, expected: Expected) -> Case {
    let config =
        GovernorConfigBuilder::default().period(interval).burst_size(burst).use_headers().finish();
    let Some(config) = config else { panic!("a quota has an interval and a burst") };
    let router = router().layer(GovernorLayer::new(Arc::new(config))).with_state(());
    Case::new(router, caller, expected)
}

//! A peer: `tower_governor`, by the peer's address, with its headers, in one `Router::layer`.

use std::{sync::Arc, time::Duration};

use axum::Router;
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
    Case::new(limited(quotas::REFILL, quotas::ADDRESS_BURST), caller, let_through())
}

pub(super) fn denied_ip(caller: Caller) -> Case {
    Case::new(limited(quotas::DROUGHT, 1), caller, too_many_requests())
}

pub(super) fn limited(interval: Duration, burst: u32) -> Router {
    let config =
        GovernorConfigBuilder::default().period(interval).burst_size(burst).use_headers().finish();
    let Some(config) = config else { panic!("a quota has an interval and a burst") };
    router().layer(GovernorLayer::new(Arc::new(config))).with_state(())
}

pub(super) fn let_through() -> Expected {
    Expected::status(StatusCode::OK)
        .header("x-ratelimit-limit", Text("600"))
        .header("x-ratelimit-remaining", Number(100..=599))
        .body(OK)
}

pub(super) fn too_many_requests() -> Expected {
    Expected::status(StatusCode::TOO_MANY_REQUESTS)
        .header("retry-after", Number(100..=900))
        .header("x-ratelimit-limit", Text("1"))
        .header("x-ratelimit-remaining", Text("0"))
}

//! Each layer of the stack alone, in one `Router::layer`.

use http::StatusCode;
use portcullis::{Detail, EnvelopeLayer, GuardLayer, MaskLayer, RateLimit};
use tower::Layer;

use super::{OK, Place, quotas, router};
use crate::{
    case::Case,
    proof::{
        Expected,
        Value::{Absent, Number, Text},
    },
    request::Caller,
};

const UNKNOWN_PATH: &str = "/nowhere";

pub(super) fn envelope(place: Place, caller: Caller) -> Case {
    let layer = EnvelopeLayer::new(Detail::new());
    let rendered = Expected::status(StatusCode::NOT_FOUND)
        .header("content-type", Text("application/json"))
        .header("cache-control", Absent)
        .body(r#"{"detail":"Not Found"}"#);
    let case = match place {
        Place::Router => Case::new(router().layer(layer).with_state(()), caller, ok()),
        Place::Outside => Case::new(layer.layer(router().with_state(())), caller, ok()),
    };
    case.proven_by(UNKNOWN_PATH, caller, rendered)
}

pub(super) fn address_limit(caller: Caller) -> Case {
    let layer = GuardLayer::new(RateLimit::by_address(quotas::ADDRESS));
    let router = router().layer(layer).with_state(());
    let counted = ok()
        .header("x-ratelimit-limit", Text("600"))
        .header("x-ratelimit-remaining", Number(100..=599));
    Case::new(router, caller, counted)
}

pub(super) fn address_limit_denied(caller: Caller) -> Case {
    let layer = GuardLayer::new(RateLimit::by_address(quotas::SPENT_ADDRESS));
    let router = router().layer(layer).with_state(());
    let refused = Expected::status(StatusCode::TOO_MANY_REQUESTS)
        .header("retry-after", Number(100..=900))
        .header("x-ratelimit-limit", Text("1"))
        .header("x-ratelimit-remaining", Text("0"));
    Case::new(router, caller, refused)
}

pub(super) fn tenant_mask(caller: Caller) -> Case {
    let router = router().layer(MaskLayer::new()).with_state(());
    let masked =
        Expected::status(StatusCode::NOT_FOUND).header("cache-control", Text("no-store")).body("");
    Case::new(router, caller, ok()).proven_by(UNKNOWN_PATH, caller, masked)
}

fn ok() -> Expected {
    Expected::status(StatusCode::OK).body(OK)
}

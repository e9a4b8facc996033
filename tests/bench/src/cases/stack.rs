//! The whole stack: envelope, limit per address, bearer, limit per caller, tenant mask.

use axum::{Router, routing::get};
use http::StatusCode;
use portcullis::{Bearer, Detail, Hidden, MaskLayer, Portcullis, Quota, RateLimit, Verify};
use tower::Layer;

use super::{
    OK, Place,
    account::{self, Account},
    quotas, router,
};
use crate::{
    case::Case,
    proof::{
        Expected,
        Value::{Absent, Number, Text},
    },
    request::{Caller, PATH},
};

pub(super) fn admitted(place: Place, caller: Caller) -> Case {
    stack(router(), quotas::ADDRESS, quotas::CALLER, place, caller, let_through())
        .proven_by(PATH, Caller::Anonymous, challenged())
        .proven_by("/nowhere", caller, not_found())
}

/// Refused by the limit per address, before the bearer.
pub(super) fn denied_ip(place: Place, caller: Caller) -> Case {
    let expected = too_many_requests("1");
    stack(router(), quotas::SPENT_ADDRESS, quotas::CALLER, place, caller, expected.clone())
        .proven_by(PATH, Caller::Anonymous, expected)
}

/// Refused by the limit per caller, behind the bearer.
pub(super) fn denied_key(place: Place, caller: Caller) -> Case {
    let expected = too_many_requests("2");
    stack(router(), quotas::ADDRESS, quotas::SPENT_CALLER, place, caller, expected).proven_by(
        PATH,
        Caller::Anonymous,
        challenged(),
    )
}

/// Refused by the bearer, behind the limit per address. It is for anonymous callers.
pub(super) fn unauthorized(place: Place, caller: Caller) -> Case {
    stack(router(), quotas::ADDRESS, quotas::CALLER, place, caller, challenged()).proven_by(
        PATH,
        Caller::Known,
        let_through(),
    )
}

/// Hidden by the handler, and masked.
pub(super) fn masked(place: Place, caller: Caller) -> Case {
    let hiding = Router::new().route(PATH, get(async || Err::<(), _>(Hidden::foreign("globex"))));
    stack(hiding, quotas::ADDRESS, quotas::CALLER, place, caller, not_found()).proven_by(
        "/nowhere",
        caller,
        not_found(),
    )
}

pub(super) fn stack(
    router: Router,
    per_address: Quota,
    per_caller: Quota,
    place: Place,
    caller: Caller,
    expected: Expected,
) -> Case {
    placed(layers(per_address, per_caller), router, place, caller, expected)
}

/// A stack in front of a router.
pub(super) fn placed(
    layers: Portcullis<Detail, Bearer<impl Verify>>,
    router: Router,
    place: Place,
    caller: Caller,
    expected: Expected,
) -> Case {
    match place {
        Place::Router => Case::new(router.layer(layers).with_state(()), caller, expected),
        Place::Outside => Case::new(layers.layer(router.with_state(())), caller, expected),
    }
}

/// All five of them.
pub(super) fn layers(
    per_address: Quota,
    per_caller: Quota,
) -> Portcullis<Detail, Bearer<impl Verify>> {
    Portcullis::new()
        .envelope(Detail::new())
        .address_limit(RateLimit::by_address(per_address))
        .bearer(Bearer::new(account::keys()))
        .caller_limit(RateLimit::by(per_caller, |account: &Account| &account.id))
        .tenant_mask(MaskLayer::new())
}

/// What the handler answers, counted.
pub(super) fn let_through() -> Expected {
    counted(StatusCode::OK).body(OK)
}

/// An answer that both limits counted: the one per caller has less left.
pub(super) fn counted(status: StatusCode) -> Expected {
    Expected::status(status)
        .header("x-ratelimit-limit", Text("300"))
        .header("x-ratelimit-remaining", Number(100..=299))
        .header("retry-after", Absent)
}

pub(super) fn too_many_requests(limit: &'static str) -> Expected {
    rendered(Expected::status(StatusCode::TOO_MANY_REQUESTS))
        .header("retry-after", Number(100..=900))
        .header("x-ratelimit-limit", Text(limit))
        .header("x-ratelimit-remaining", Text("0"))
        .body(r#"{"detail":"Rate limit exceeded"}"#)
}

pub(super) fn challenged() -> Expected {
    rendered(Expected::status(StatusCode::UNAUTHORIZED))
        .header("www-authenticate", Text("Bearer"))
        .header("x-ratelimit-limit", Text("600"))
        .header("x-ratelimit-remaining", Number(100..=599))
        .body(r#"{"detail":"Missing bearer token"}"#)
}

pub(super) fn not_found() -> Expected {
    rendered(counted(StatusCode::NOT_FOUND))
        .header("cache-control", Text("no-store"))
        .body(r#"{"detail":"Not Found"}"#)
}

fn rendered(answer: Expected) -> Expected {
    answer.header("content-type", Text("application/json"))
}

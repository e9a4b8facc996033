//! The stack, which shows a request's id in its errors: the id that a proxy has given it, or one that
//! is set and propagated around the stack, by tower-http's two layers, or by one of the user's own that
//! does no more than has to be done.

mod own;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use http::HeaderValue;
use portcullis::{Bearer, Detail, EnvelopeLayer, Portcullis, Verify};
use tower::ServiceBuilder;
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};

use self::own::OwnRequestIdLayer;
use super::{Place, quotas, router, stack};
use crate::{
    case::Case,
    proof::{
        Expected,
        Value::{Absent, Present},
    },
    request::{Caller, PATH, REQUEST_ID},
};

/// How the error of a request starts that has an id and no credentials.
const SHOWN: &str = r#"{"detail":"Missing bearer token","request_id":""#;

/// The error of a request with a given id for a path that there is no route for.
const MISSING: &str = r#"{"detail":"Not Found","request_id":"7b0c6e1f9d2a4835be61f07a93cd5e24"}"#;

/// Numbers the requests, which is what an id costs least.
#[derive(Clone, Default)]
struct Numbers(Arc<AtomicU64>);

impl Numbers {
    fn next(&self) -> HeaderValue {
        HeaderValue::from(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

impl MakeRequestId for Numbers {
    fn make_request_id<B>(&mut self, _: &http::Request<B>) -> Option<RequestId> {
        Some(RequestId::new(self.next()))
    }
}

/// The id is there already, and nobody has to answer with it but the proxy.
pub(super) fn given(place: Place, caller: Caller) -> Case {
    stack::placed(showing(), router(), place, caller, unnamed(stack::let_through())).proven_by(
        "/nowhere",
        caller,
        unnamed(stack::not_found()).body(MISSING),
    )
}

pub(super) fn tower_http(place: Place, caller: Caller) -> Case {
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, Numbers::default()))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(showing());
    proven(match place {
        Place::Router => Case::new(router().layer(layers).with_state(()), caller, named()),
        Place::Outside => Case::new(layers.service(router().with_state(())), caller, named()),
    })
}

pub(super) fn own(place: Place, caller: Caller) -> Case {
    let layers = ServiceBuilder::new().layer(OwnRequestIdLayer::default()).layer(showing());
    proven(match place {
        Place::Router => Case::new(router().layer(layers).with_state(()), caller, named()),
        Place::Outside => Case::new(layers.service(router().with_state(())), caller, named()),
    })
}

/// The stack.
fn showing() -> Portcullis<Detail, Bearer<impl Verify>> {
    let envelope = EnvelopeLayer::new(Detail::new()).with_request_id(REQUEST_ID);
    stack::layers(quotas::ADDRESS, quotas::CALLER).envelope(envelope)
}

/// The id is in the body of an error, and in no header.
fn unnamed(answer: Expected) -> Expected {
    answer.header("x-request-id", Absent)
}

fn named() -> Expected {
    stack::let_through().header("x-request-id", Present)
}

/// Shows that an error has the id too.
fn proven(case: Case) -> Case {
    let challenged = stack::challenged().header("x-request-id", Present).body_starts(SHOWN);
    case.proven_by(PATH, Caller::Anonymous, challenged)
}

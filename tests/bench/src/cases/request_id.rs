//! The stack, which shows a request's id in its errors, and around it what sets one and propagates
//! it: tower-http's two layers, or one of the user's own that does no more than has to be done.

mod own;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use http::{HeaderName, HeaderValue};
use portcullis::{Bearer, Detail, EnvelopeLayer, Portcullis, Verify};
use tower::ServiceBuilder;
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};

use self::own::OwnRequestIdLayer;
use super::{Place, quotas, router, stack};
use crate::{
    case::Case,
    proof::{Expected, Value::Present},
    request::{Caller, PATH},
};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How the error of a request starts that has an id and no credentials.
const SHOWN: &str = r#"{"detail":"Missing bearer token","request_id":""#;

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

pub(super) fn tower_http(place: Place, caller: Caller) -> Case {
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(X_REQUEST_ID, Numbers::default()))
        .layer(PropagateRequestIdLayer::new(X_REQUEST_ID))
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
    let envelope = EnvelopeLayer::new(Detail::new()).with_request_id(X_REQUEST_ID);
    stack::layers(quotas::ADDRESS, quotas::CALLER).envelope(envelope)
}

fn named() -> Expected {
    stack::let_through().header("x-request-id", Present)
}

/// Shows that an error has the id too.
fn proven(case: Case) -> Case {
    let challenged = stack::challenged().header("x-request-id", Present).body_starts(SHOWN);
    case.proven_by(PATH, Caller::Anonymous, challenged)
}

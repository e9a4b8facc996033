//! Peers: other layers of tower-http, each in one `Router::layer`.

use http::{HeaderName, StatusCode};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    trace::TraceLayer,
};

use super::{OK, router};
use crate::{
    case::Case,
    proof::{Expected, Value},
    request::Caller,
};

pub(super) fn catch_panic(caller: Caller) -> Case {
    Case::new(router().layer(CatchPanicLayer::new()).with_state(()), caller, ok())
}

/// As it is unless it is told otherwise. Nobody subscribes.
pub(super) fn trace(caller: Caller) -> Case {
    Case::new(router().layer(TraceLayer::new_for_http()).with_state(()), caller, ok())
}

/// A random UUID, on the request and on the answer.
pub(super) fn request_id(caller: Caller) -> Case {
    let name = HeaderName::from_static("x-request-id");
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(name.clone(), MakeRequestUuid))
        .layer(PropagateRequestIdLayer::new(name));
    Case::new(
        router().layer(layers).with_state(()),
        caller,
        ok().header("x-request-id", Value::Present),
    )
}

fn ok() -> Expected {
    Expected::status(StatusCode::OK).body(OK)
}

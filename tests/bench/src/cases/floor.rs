//! The router that all are compared with, and the least that a layer can cost in it.

use std::{
    hint::black_box,
    task::{Context, Poll},
};

use http::StatusCode;
use sha2::{Digest, Sha256};
use tower::{Service, layer::layer_fn};

use super::{OK, router};
use crate::{
    case::Case,
    proof::{Expected, Value},
    request::{Caller, KEY},
};

/// The router by itself.
pub(super) fn bare(caller: Caller) -> Case {
    Case::new(router().with_state(()), caller, untouched())
}

/// The digest of a key, as a request's bearer takes it.
pub(super) fn sha256(caller: Caller) -> Case {
    Case::before_drop(caller, || {
        black_box(Sha256::digest(black_box(KEY.as_bytes())));
    })
}

/// A layer that does nothing, in one `Router::layer`.
pub(super) fn empty_layer(caller: Caller) -> Case {
    let router = router().layer(layer_fn(Empty)).with_state(());
    Case::new(router, caller, untouched())
}

fn untouched() -> Expected {
    Expected::status(StatusCode::OK).header("x-ratelimit-limit", Value::Absent).body(OK)
}

/// A service that only hands on.
#[derive(Clone)]
struct Empty<S>(S);

impl<S: Service<R>, R> Service<R> for Empty<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.0.call(request)
    }
}

use std::{
    future::{Ready, ready},
    task::{Context, Poll},
};

use axum::{extract::Request, response::Response};
use portcullis::BoxError;
use tower::{Layer, Service};

/// Puts a service in place of any other that is never ready: it says why, or panics.
#[derive(Clone, Copy)]
pub(crate) enum Unready {
    Says,
    Panics,
}

impl<S> Layer<S> for Unready {
    type Service = Self;

    fn layer(&self, _: S) -> Self {
        *self
    }
}

impl Service<Request> for Unready {
    type Response = Response;
    type Error = BoxError;
    type Future = Ready<Result<Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self {
            Self::Says => Poll::Ready(Err("the database is gone".into())),
            Self::Panics => panic!("the database is gone"),
        }
    }

    fn call(&mut self, _: Request) -> Self::Future {
        ready(Ok(Response::default()))
    }
}

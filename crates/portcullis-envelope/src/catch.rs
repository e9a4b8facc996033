mod future;

use std::{
    convert::Infallible,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    task::{self, Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use portcullis_core::{ApiError, BoxError};
use tower_layer::Layer;
use tower_service::Service;

pub use self::future::CatchFuture;
use crate::adopt;

/// Turns what a service does instead of answering into an answer: a panic, and an error of its own,
/// become responses that carry an [`ApiError`].
///
/// An [`EnvelopeLayer`](crate::EnvelopeLayer) has one built in. One of its own beneath the guards
/// lets them stamp those answers like any other, which is what the `portcullis` stack does.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct CatchLayer;

impl CatchLayer {
    /// The layer.
    pub const fn new() -> Self {
        Self
    }
}

impl<S> Layer<S> for CatchLayer {
    type Service = CatchService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CatchService::new(inner)
    }
}

/// Asks a service whether it is ready, unless it is known not to be. What it fails with, or panics, is
/// kept to be the next call's answer.
pub fn ready<E: Into<BoxError>>(
    unready: &mut Option<ApiError>,
    poll: impl FnOnce() -> Poll<Result<(), E>>,
) -> Poll<Result<(), Infallible>> {
    if unready.is_none() {
        let poll = || poll().map_err(|error| adopt::error(error.into()));
        *unready = match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(readiness) => task::ready!(readiness).err(),
            Err(payload) => Some(adopt::panic(payload)),
        };
    }
    Poll::Ready(Ok(()))
}

/// The service that a [`CatchLayer`] makes. It never fails.
pub struct CatchService<S> {
    inner: S,
    /// What the inner service failed with when it was asked whether it is ready: the next call's
    /// answer.
    unready: Option<ApiError>,
}

impl<S> CatchService<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self { inner, unready: None }
    }
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for CatchService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    S::Error: Into<BoxError>,
    ResBody: From<Bytes>,
{
    type Response = Response<ResBody>;
    type Error = Infallible;
    type Future = CatchFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        ready(&mut self.unready, || self.inner.poll_ready(cx))
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        if let Some(error) = self.unready.take() {
            return CatchFuture::failed(error);
        }
        match catch_unwind(AssertUnwindSafe(|| self.inner.call(request))) {
            Ok(response) => CatchFuture::inner(response),
            Err(payload) => CatchFuture::failed(adopt::panic(payload)),
        }
    }
}

impl<S: Clone> Clone for CatchService<S> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone())
    }
}

impl<S> fmt::Debug for CatchService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CatchService").finish_non_exhaustive()
    }
}

mod future;
#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Method, Request, Response};
use portcullis_core::{ApiError, BoxError};
use tower_service::Service;

use self::future::Renderer;
pub use self::future::ResponseFuture;
use crate::{Envelope, adopt};

/// The service that an [`EnvelopeLayer`](crate::EnvelopeLayer) makes.
pub struct EnvelopeService<E, S> {
    envelope: Arc<E>,
    inner: S,
    /// What the inner service failed with when it was asked whether it is ready: the next call's
    /// answer.
    unready: Option<ApiError>,
}

impl<E, S> EnvelopeService<E, S> {
    pub(crate) fn new(envelope: Arc<E>, inner: S) -> Self {
        Self { envelope, inner, unready: None }
    }
}

impl<E, S, ReqBody, ResBody> Service<Request<ReqBody>> for EnvelopeService<E, S>
where
    E: Envelope,
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    S::Error: Into<BoxError>,
    ResBody: From<Bytes>,
{
    type Response = Response<ResBody>;
    type Error = Infallible;
    type Future = ResponseFuture<E, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.unready.is_none()
            && let Err(error) = ready!(self.inner.poll_ready(cx))
        {
            self.unready = Some(adopt::error(error.into()));
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let renderer = Renderer {
            envelope: Arc::clone(&self.envelope),
            is_head: request.method() == Method::HEAD,
        };
        if let Some(error) = self.unready.take() {
            return ResponseFuture::failed(renderer, error);
        }
        match catch_unwind(AssertUnwindSafe(|| self.inner.call(request))) {
            Ok(response) => ResponseFuture::inner(renderer, response),
            Err(payload) => ResponseFuture::failed(renderer, adopt::panic(payload)),
        }
    }
}

impl<E, S: Clone> Clone for EnvelopeService<E, S> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.envelope), self.inner.clone())
    }
}

impl<E, S> fmt::Debug for EnvelopeService<E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvelopeService").finish_non_exhaustive()
    }
}

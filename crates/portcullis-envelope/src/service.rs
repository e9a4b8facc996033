mod future;
#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Method, Request, Response};
use portcullis_core::BoxError;
use tower_service::Service;

pub use self::future::ResponseFuture;
use crate::{Envelope, catch::CatchService};

/// The service that an [`EnvelopeLayer`](crate::EnvelopeLayer) makes. It never fails.
pub struct EnvelopeService<E, S> {
    envelope: Arc<E>,
    inner: CatchService<S>,
}

impl<E, S> EnvelopeService<E, S> {
    pub(crate) fn new(envelope: Arc<E>, inner: S) -> Self {
        Self { envelope, inner: CatchService::new(inner) }
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
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let is_head = request.method() == Method::HEAD;
        ResponseFuture::new(Arc::clone(&self.envelope), is_head, self.inner.call(request))
    }
}

impl<E, S: Clone> Clone for EnvelopeService<E, S> {
    fn clone(&self) -> Self {
        Self { envelope: Arc::clone(&self.envelope), inner: self.inner.clone() }
    }
}

impl<E, S> fmt::Debug for EnvelopeService<E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvelopeService").finish_non_exhaustive()
    }
}

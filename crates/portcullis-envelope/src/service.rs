mod future;
#[cfg(test)]
mod prepared;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use portcullis_core::BoxError;
use tower_service::Service;

pub use self::future::ResponseFuture;
use crate::{Envelope, catch::CatchService, renderer::Renderer};

/// The service that an [`EnvelopeLayer`](crate::EnvelopeLayer) makes. It never fails.
pub struct EnvelopeService<E, S> {
    renderer: Arc<Renderer<E>>,
    inner: CatchService<S>,
}

impl<E, S> EnvelopeService<E, S> {
    pub(crate) fn new(renderer: Arc<Renderer<E>>, inner: S) -> Self {
        Self { renderer, inner: CatchService::new(inner) }
    }
}

impl<E, S, ReqBody, ResBody> Service<Request<ReqBody>> for EnvelopeService<E, S>
where
    E: Envelope,
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    S::Error: Into<BoxError>,
    ResBody: Body + From<Bytes> + Send + 'static,
{
    type Response = Response<ResBody>;
    type Error = Infallible;
    type Future = ResponseFuture<E, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let asked = self.renderer.note(&request);
        ResponseFuture::new(Arc::clone(&self.renderer), asked, self.inner.call(request))
    }
}

impl<E, S: Clone> Clone for EnvelopeService<E, S> {
    fn clone(&self) -> Self {
        Self { renderer: Arc::clone(&self.renderer), inner: self.inner.clone() }
    }
}

impl<E, S> fmt::Debug for EnvelopeService<E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvelopeService").finish_non_exhaustive()
    }
}

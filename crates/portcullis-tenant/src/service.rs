mod future;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower_service::Service;

pub use self::future::ResponseFuture;
use crate::mask::Mask;

/// The service that a [`MaskLayer`](crate::MaskLayer) makes.
#[derive(Clone)]
pub struct MaskService<S> {
    mask: Arc<Mask>,
    inner: S,
}

impl<S> MaskService<S> {
    pub(crate) fn new(mask: Arc<Mask>, inner: S) -> Self {
        Self { mask, inner }
    }
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for MaskService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ResBody: Default,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let caller = self.mask.caller(request.extensions());
        ResponseFuture::new(Arc::clone(&self.mask), caller, self.inner.call(request))
    }
}

impl<S> fmt::Debug for MaskService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MaskService").finish_non_exhaustive()
    }
}

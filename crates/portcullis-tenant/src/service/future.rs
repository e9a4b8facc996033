use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Response, StatusCode};
use pin_project_lite::pin_project;
use portcullis_core::ApiError;

use crate::Hidden;

pin_project! {
    /// The response of a [`MaskService`](super::MaskService).
    pub struct ResponseFuture<F> {
        mask: ApiError,
        #[pin]
        response: F,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(mask: ApiError, response: F) -> Self {
        Self { mask, response }
    }
}

impl<F, ResBody, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
    ResBody: Default,
{
    type Output = Result<Response<ResBody>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.response.poll(cx))?;
        if response.status() != StatusCode::NOT_FOUND {
            return Poll::Ready(Ok(response));
        }
        audit(&response);
        Poll::Ready(Ok(this.mask.clone().into_response()))
    }
}

/// Tells the truth about a hidden resource, to the logs.
fn audit<B>(response: &Response<B>) {
    let hidden = response
        .extensions()
        .get::<ApiError>()
        .and_then(Error::source)
        .and_then(|source| source.downcast_ref::<Hidden>());
    if let Some(hidden) = hidden {
        tracing::info!(target: "portcullis_tenant", foreign = hidden.is_foreign(), "{hidden}");
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

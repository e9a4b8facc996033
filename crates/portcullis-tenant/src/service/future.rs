use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::Response;
use pin_project_lite::pin_project;

use crate::mask::Mask;

pin_project! {
    /// The response of a [`MaskService`](super::MaskService).
    pub struct ResponseFuture<F> {
        mask: Arc<Mask>,
        caller: Option<Box<str>>,
        #[pin]
        response: F,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(mask: Arc<Mask>, caller: Option<Box<str>>, response: F) -> Self {
        Self { mask, caller, response }
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
        // Handed on where it is: a response is large to move.
        let mut polled = this.response.poll(cx);
        if let Poll::Ready(Ok(response)) = &mut polled
            && let Some(missing) = this.mask.see(response, this.caller.as_deref())
        {
            *response = missing.into_response();
        }
        polled
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Response, StatusCode};
use pin_project_lite::pin_project;

use crate::mask::Asked;

pin_project! {
    /// The response of a [`MaskService`](super::MaskService).
    pub struct ResponseFuture<F> {
        asked: Arc<Asked>,
        #[pin]
        response: F,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(asked: Arc<Asked>, response: F) -> Self {
        Self { asked, response }
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
            && (response.status() >= StatusCode::BAD_REQUEST || !response.extensions().is_empty())
        {
            this.asked.answer(response);
        }
        polled
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

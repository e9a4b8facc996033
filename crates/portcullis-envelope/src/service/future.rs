use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Response, StatusCode};
use pin_project_lite::pin_project;
use portcullis_core::BoxError;

use crate::{Envelope, Final, adopt, catch::CatchFuture, log, rewrite};

pin_project! {
    /// The response of an [`EnvelopeService`](super::EnvelopeService).
    pub struct ResponseFuture<E, F> {
        envelope: Arc<E>,
        is_head: bool,
        #[pin]
        response: CatchFuture<F>,
    }
}

impl<E, F> ResponseFuture<E, F> {
    pub(super) fn new(envelope: Arc<E>, is_head: bool, response: CatchFuture<F>) -> Self {
        Self { envelope, is_head, response }
    }
}

impl<E, F, ResBody, Error> Future for ResponseFuture<E, F>
where
    E: Envelope,
    F: Future<Output = Result<Response<ResBody>, Error>>,
    Error: Into<BoxError>,
    ResBody: From<Bytes>,
{
    type Output = Result<Response<ResBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.response.poll(cx))?;
        if response.status() >= StatusCode::BAD_REQUEST {
            envelop(&**this.envelope, &mut response, *this.is_head);
        }
        Poll::Ready(Ok(response))
    }
}

/// Puts an error into the envelope, unless it is in one or speaks for itself.
fn envelop<B: From<Bytes>>(envelope: &impl Envelope, response: &mut Response<B>, is_head: bool) {
    let Some(error) = adopt::response(response) else { return };
    log::cause(&error);
    rewrite::body(response, envelope.render(&error), is_head);
    response.extensions_mut().insert(Final);
}

impl<E, F> fmt::Debug for ResponseFuture<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body::Body;
use pin_project_lite::pin_project;
use portcullis_core::BoxError;

use crate::{
    Envelope,
    catch::CatchFuture,
    finish::{Finish, Reading},
    renderer::{Asked, Renderer},
};

pin_project! {
    /// The response of an [`EnvelopeService`](super::EnvelopeService).
    pub struct ResponseFuture<E, F> {
        renderer: Arc<Renderer<E>>,
        asked: Asked,
        #[pin]
        response: CatchFuture<F>,
        // Boxed: only foreign errors that come with a text are read.
        reading: Option<Box<Reading>>,
    }
}

impl<E, F> ResponseFuture<E, F> {
    pub(super) fn new(renderer: Arc<Renderer<E>>, asked: Asked, response: CatchFuture<F>) -> Self {
        Self { renderer, asked, response, reading: None }
    }
}

impl<E, F, ResBody, Error> Future for ResponseFuture<E, F>
where
    E: Envelope,
    F: Future<Output = Result<Response<ResBody>, Error>>,
    Error: Into<BoxError>,
    ResBody: Body + From<Bytes> + Send + 'static,
{
    type Output = Result<Response<ResBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if this.reading.is_none() {
            // Handed on where it is: a response is large to move.
            let mut polled = this.response.poll(cx);
            let Poll::Ready(Ok(response)) = &mut polled else { return polled };
            if response.status() < StatusCode::BAD_REQUEST {
                return polled;
            }
            match this.renderer.finish(response, this.asked) {
                Finish::Now => return polled,
                Finish::Later(reading) => *this.reading = Some(reading),
            }
        }
        let Some(reading) = this.reading else { return Poll::Pending };
        Poll::Ready(Ok(ready!(reading.poll(this.renderer, this.asked, cx))))
    }
}

impl<E, F> fmt::Debug for ResponseFuture<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

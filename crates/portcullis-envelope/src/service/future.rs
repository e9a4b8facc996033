use std::{
    convert::Infallible,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Response, StatusCode, header::CONTENT_LENGTH, response::Parts};
use http_body::Body;
use pin_project_lite::pin_project;
use portcullis_core::{BoxError, BoxFuture, ErrorStatus};

use crate::{
    Envelope, adopt,
    adopt::Adopted,
    catch::CatchFuture,
    read,
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

/// A foreign error, while its text is read.
struct Reading {
    status: ErrorStatus,
    head: Option<Parts>,
    text: BoxFuture<Option<String>>,
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
            let mut response = ready!(this.response.poll(cx))?;
            if response.status() < StatusCode::BAD_REQUEST {
                return Poll::Ready(Ok(response));
            }
            match this.renderer.adopt(&response, this.asked) {
                Adopted::Not => return Poll::Ready(Ok(response)),
                Adopted::Now(error) => {
                    this.renderer.write(&mut response, error, this.asked);
                    return Poll::Ready(Ok(response));
                }
                Adopted::Text(status) => {
                    let (head, body) = response.into_parts();
                    let text = Box::pin(read::text(body));
                    *this.reading = Some(Box::new(Reading { status, head: Some(head), text }));
                }
            }
        }
        let Some(Reading { status, head, text }) = this.reading.as_deref_mut() else {
            return Poll::Pending;
        };
        // A body that panics has no text.
        let text = match catch_unwind(AssertUnwindSafe(|| text.as_mut().poll(cx))) {
            Ok(text) => ready!(text),
            Err(_) => None,
        };
        let Some(head) = head.take() else { return Poll::Pending };
        let mut response = Response::from_parts(head, ResBody::from(Bytes::new()));
        // Whoever answered `HEAD` before us may have dropped the text, and with it what `GET` says.
        let is_unknown =
            this.asked.is_head && text.as_deref() == Some("") && !status.is_server_error();
        this.renderer.write(&mut response, adopt::text(*status, text), this.asked);
        if is_unknown {
            response.headers_mut().remove(CONTENT_LENGTH);
        }
        Poll::Ready(Ok(response))
    }
}

impl<E, F> fmt::Debug for ResponseFuture<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

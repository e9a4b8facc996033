use std::{
    convert::Infallible,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Response, StatusCode};
use pin_project_lite::pin_project;
use portcullis_core::{ApiError, BoxError};

use crate::{Envelope, Final, adopt, log, rewrite};

pin_project! {
    /// The response of an [`EnvelopeService`](super::EnvelopeService).
    pub struct ResponseFuture<E, F> {
        renderer: Renderer<E>,
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F> {
        Inner { #[pin] response: F },
        Failed { error: Option<ApiError> },
    }
}

impl<E, F> ResponseFuture<E, F> {
    pub(super) fn inner(renderer: Renderer<E>, response: F) -> Self {
        Self { renderer, state: State::Inner { response } }
    }

    pub(super) fn failed(renderer: Renderer<E>, error: ApiError) -> Self {
        Self { renderer, state: State::Failed { error: Some(error) } }
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
        let error = match this.state.project() {
            StateProj::Inner { response } => {
                match catch_unwind(AssertUnwindSafe(|| response.poll(cx))) {
                    Ok(response) => match ready!(response) {
                        Ok(response) => return Poll::Ready(Ok(this.renderer.finish(response))),
                        Err(error) => adopt::error(error.into()),
                    },
                    Err(payload) => adopt::panic(payload),
                }
            }
            StateProj::Failed { error } => match error.take() {
                Some(error) => error,
                None => return Poll::Pending,
            },
        };
        Poll::Ready(Ok(this.renderer.answer(error)))
    }
}

/// What of the request it takes to write an error's body.
pub(super) struct Renderer<E> {
    pub(super) envelope: Arc<E>,
    pub(super) is_head: bool,
}

impl<E: Envelope> Renderer<E> {
    /// Puts a response into the envelope if it is an error that is not in one yet.
    #[inline]
    fn finish<B: From<Bytes>>(&self, response: Response<B>) -> Response<B> {
        if response.status() < StatusCode::BAD_REQUEST {
            return response;
        }
        match adopt::response(&response) {
            Some(error) => self.write(&error, response),
            None => response,
        }
    }

    /// The response that an error without one is.
    fn answer<B: From<Bytes>>(&self, error: ApiError) -> Response<B> {
        let response = error.clone().into_response::<()>();
        self.write(&error, response.map(|()| B::from(Bytes::new())))
    }

    fn write<B: From<Bytes>>(&self, error: &ApiError, mut response: Response<B>) -> Response<B> {
        log::cause(error);
        rewrite::body(&mut response, self.envelope.render(error), self.is_head);
        response.extensions_mut().insert(Final);
        response
    }
}

impl<E, F> fmt::Debug for ResponseFuture<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

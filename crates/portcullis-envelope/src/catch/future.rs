use std::{
    convert::Infallible,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::Response;
use pin_project_lite::pin_project;
use portcullis_core::{ApiError, BoxError};

use crate::adopt;

pin_project! {
    /// The response of a [`CatchService`](super::CatchService).
    pub struct CatchFuture<F> {
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

impl<F> CatchFuture<F> {
    pub(super) fn inner(response: F) -> Self {
        Self { state: State::Inner { response } }
    }

    pub(super) fn failed(error: ApiError) -> Self {
        Self { state: State::Failed { error: Some(error) } }
    }
}

impl<F, ResBody, Error> Future for CatchFuture<F>
where
    F: Future<Output = Result<Response<ResBody>, Error>>,
    Error: Into<BoxError>,
    ResBody: From<Bytes>,
{
    type Output = Result<Response<ResBody>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let error = match self.project().state.project() {
            StateProj::Inner { response } => {
                let poll = || response.poll(cx).map_err(|error| adopt::error(error.into()));
                match catch_unwind(AssertUnwindSafe(poll)) {
                    Ok(response) => match ready!(response) {
                        Ok(response) => return Poll::Ready(Ok(response)),
                        Err(error) => error,
                    },
                    Err(payload) => adopt::panic(payload),
                }
            }
            StateProj::Failed { error } => match error.take() {
                Some(error) => error,
                None => return Poll::Pending,
            },
        };
        let response = error.into_response::<()>().map(|()| ResBody::from(Bytes::new()));
        Poll::Ready(Ok(response))
    }
}

impl<F> fmt::Debug for CatchFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CatchFuture").finish_non_exhaustive()
    }
}

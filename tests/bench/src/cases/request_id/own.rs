use std::{
    pin::Pin,
    task::{Context, Poll},
};

use http::{HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use super::{Numbers, REQUEST_ID};

/// Gives a request an id that has none, and the answer the request's.
#[derive(Clone, Default)]
pub(super) struct OwnRequestIdLayer {
    numbers: Numbers,
}

impl<S> Layer<S> for OwnRequestIdLayer {
    type Service = OwnRequestId<S>;

    fn layer(&self, inner: S) -> OwnRequestId<S> {
        OwnRequestId { numbers: self.numbers.clone(), inner }
    }
}

#[derive(Clone)]
pub(super) struct OwnRequestId<S> {
    numbers: Numbers,
    inner: S,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for OwnRequestId<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        let id = request.headers_mut().entry(REQUEST_ID).or_insert_with(|| self.numbers.next());
        let id = Some(id.clone());
        ResponseFuture { id, response: self.inner.call(request) }
    }
}

pin_project! {
    pub(super) struct ResponseFuture<F> {
        id: Option<HeaderValue>,
        #[pin]
        response: F,
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut polled = this.response.poll(cx);
        if let Poll::Ready(Ok(response)) = &mut polled
            && let Some(id) = this.id.take()
        {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        polled
    }
}

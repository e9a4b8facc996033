//! A request in, a response out, without an executor.

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use tower::{Service, ServiceExt};

use crate::request::Request;

pub(crate) type Response = http::Response<Body>;

/// A service of any type: what it answers.
pub(crate) type Exchange = Box<dyn FnMut(Request) -> Response>;

/// Calls a service as hyper-util's `TowerToHyperService` does, through which `axum::serve` goes:
/// each request gets a clone of the connection's service, which is asked whether it is ready and
/// then called.
pub(crate) fn exchange<S>(service: S) -> Exchange
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + 'static,
{
    Box::new(move |request| {
        let Ok(response) = now(service.clone().oneshot(request));
        response
    })
}

/// Drives the response's body to its end, and drops the response.
pub(crate) fn finish(response: Response, mut each: impl FnMut(Bytes)) {
    let (head, mut body) = response.into_parts();
    while let Some(frame) = now(poll_fn(|cx| Pin::new(&mut body).poll_frame(cx))) {
        match frame.map(|frame| frame.into_data()) {
            Ok(Ok(data)) => each(data),
            Ok(Err(_trailers)) => {}
            Err(error) => panic!("the body of a response broke: {error}"),
        }
    }
    drop(head);
}

/// The output of a future that has nothing to wait for, as all have here.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a case waits for something, and nobody would wake it"),
    }
}

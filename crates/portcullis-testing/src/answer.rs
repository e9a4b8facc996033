use std::{
    fmt::Debug,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use bytes::Buf;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use crate::RequestBody;

/// What a client gets: an answer, or the end of its connection and why.
pub(crate) type Answer = Result<Wire, String>;

/// All of a response that goes over the wire.
pub(crate) struct Wire {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) trailers: HeaderMap,
}

/// Asks a fresh clone of the service.
pub(crate) async fn ask<S, B>(service: &S, request: Request<RequestBody>) -> Answer
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
    S::Error: Debug,
    B: Body<Error: Debug>,
{
    unpanicking(async move {
        let mut service = service.clone();
        let failed = |error: S::Error| format!("the service failed: {error:?}");
        poll_fn(|cx| service.poll_ready(cx)).await.map_err(failed)?;
        read(service.call(request).await.map_err(failed)?).await
    })
    .await
}

async fn read<B: Body<Error: Debug>>(response: Response<B>) -> Answer {
    let (head, body) = response.into_parts();
    let mut wire = Wire {
        status: head.status,
        headers: head.headers,
        body: Vec::new(),
        trailers: HeaderMap::new(),
    };
    let mut body = pin!(body);
    while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        let frame = frame.map_err(|error| format!("the body was cut off: {error:?}"))?;
        match frame.into_data() {
            Ok(mut data) => {
                while data.has_remaining() {
                    let chunk = data.chunk();
                    let read = chunk.len();
                    wire.body.extend_from_slice(chunk);
                    data.advance(read);
                }
            }
            Err(frame) => wire.trailers.extend(frame.into_trailers().unwrap_or_default()),
        }
    }
    Ok(wire)
}

/// A server ends the connection on which a handler panics, and goes on.
async fn unpanicking(answer: impl Future<Output = Answer>) -> Answer {
    let mut answer = pin!(answer);
    poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx)))
            .unwrap_or_else(|_| Poll::Ready(Err("the service panicked".to_owned())))
    })
    .await
}

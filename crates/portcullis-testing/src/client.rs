use std::{
    fmt::Debug,
    future::poll_fn,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::atomic::Ordering,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Buf;
use http::{HeaderMap, Request, Response, header::CONTENT_TYPE};
use http_body::Body;
use tower_service::Service;

use crate::{
    RequestBody,
    alarm::Alarm,
    answer::{Answer, End, NoAnswer, Wire},
};

/// Asks a service, and waits for no answer for ever.
pub(crate) struct Client<S> {
    service: S,
    patience: Patience,
    alarm: Alarm,
}

/// How long, and for how much, an answer is waited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For the head, and then for the body.
    pub(crate) time: Duration,
    /// How many bytes of the body.
    pub(crate) body: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self { time: Duration::from_secs(5), body: 4 << 20 }
    }
}

impl<S, B> Client<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
    S::Error: Debug,
    B: Body<Error: Debug>,
{
    pub(crate) fn new(service: S, patience: Patience) -> Self {
        Self { service, patience, alarm: Alarm::new() }
    }

    /// Asks a fresh clone of the service.
    pub(crate) async fn ask(&self, request: Request<RequestBody>) -> Answer {
        let was_asked_for = request.body().was_asked_for();
        let time = self.patience.time;
        let head = self.alarm.within(time, unpanicking(self.head(request))).await;
        let wire = match head {
            Some(Some(Ok(response))) => Ok(self.read(response).await),
            Some(Some(Err(error))) => Err(NoAnswer::Failed(error)),
            Some(None) => Err(NoAnswer::Panicked),
            None => Err(NoAnswer::Late(time)),
        };
        Answer { wire, has_read: was_asked_for.load(Ordering::Relaxed) }
    }

    async fn head(&self, request: Request<RequestBody>) -> Result<Response<B>, String> {
        let mut service = self.service.clone();
        let failed = |error: S::Error| format!("{error:?}");
        poll_fn(|cx| service.poll_ready(cx)).await.map_err(failed)?;
        service.call(request).await.map_err(failed)
    }

    async fn read(&self, response: Response<B>) -> Wire {
        let (head, body) = response.into_parts();
        let is_sized = body.size_hint().exact().is_some();
        let mut wire = Wire {
            version: head.version,
            status: head.status,
            headers: head.headers,
            is_sized,
            body: Vec::new(),
            trailers: HeaderMap::new(),
            end: End::Events,
        };
        if !is_of_events(&wire.headers) {
            let Patience { time, body: most } = self.patience;
            let end = self.alarm.within(time, unpanicking(wire.fill(body, most))).await;
            wire.end = match end {
                Some(end) => end.unwrap_or(End::CutOff),
                None => End::Late(time),
            };
        }
        wire
    }
}

impl Wire {
    /// Reads a body to its end, and what was read stays whichever end that is.
    async fn fill<B: Body>(&mut self, body: B, most: usize) -> End {
        let mut body = pin!(body);
        for frames in 1_u64.. {
            if frames % 64 == 0 {
                pause().await;
            }
            let frame = match poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
                None => return End::Whole,
                Some(Err(_)) => return End::CutOff,
                Some(Ok(frame)) => frame,
            };
            match frame.into_data() {
                Ok(mut data) => {
                    while data.has_remaining() {
                        let chunk = data.chunk();
                        let read = chunk.len().min(most - self.body.len());
                        if read == 0 {
                            return End::TooLong(most);
                        }
                        self.body.extend_from_slice(&chunk[..read]);
                        data.advance(read);
                    }
                }
                Err(frame) => self.trailers.extend(frame.into_trailers().unwrap_or_default()),
            }
        }
        End::TooLong(most)
    }
}

/// Lets the time be looked at between two frames of a body that always has one.
async fn pause() {
    let mut has_paused = false;
    poll_fn(|cx| {
        if mem::replace(&mut has_paused, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Server-sent events have no end, and it is not waited for.
fn is_of_events(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| {
        value.as_bytes().to_ascii_lowercase().starts_with(b"text/event-stream")
    })
}

/// What the work comes to, and nothing if it panics: a server ends the connection on which a handler
/// does, and goes on.
async fn unpanicking<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut work = Droppable(Some(Box::pin(work)));
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.poll(cx))) {
        Ok(polled) => polled.map(Some),
        Err(payload) => {
            // It may panic when it is dropped.
            mem::forget(payload);
            Poll::Ready(None)
        }
    })
    .await
}

/// Work that may panic when it is dropped, as it is where nobody waits for it any more.
struct Droppable<F>(Option<Pin<Box<F>>>);

impl<F: Future> Droppable<F> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<F::Output> {
        match &mut self.0 {
            Some(work) => work.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

impl<F> Drop for Droppable<F> {
    fn drop(&mut self) {
        let work = self.0.take();
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(work))) {
            mem::forget(payload);
        }
    }
}

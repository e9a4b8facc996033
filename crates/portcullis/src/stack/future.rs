use std::{
    any::Any,
    convert::Infallible,
    fmt, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Extensions, Request, Response, StatusCode};
use http_body::Body;
use pin_project_lite::pin_project;
use portcullis_core::{ApiError, BoxError, Guard, stack::Stamps};
use portcullis_envelope::{
    Envelope,
    stack::{Asked, Finish, Reading, error, panic},
};
use portcullis_tenant::stack::{Mask, Missing};
use tower_service::Service;

use super::{
    pending::{Next, Pending},
    service::Shared,
};

pin_project! {
    /// The response of a [`PortcullisService`](super::PortcullisService).
    pub struct ResponseFuture<E, B, S, ReqBody>
    where
        S: Service<Request<ReqBody>>,
    {
        shared: Arc<Shared<E, B>>,
        asked: Asked,
        pub(super) stamps: Stamps,
        // Who asks, for the mask, of a request that came to it.
        pub(super) caller: Option<Box<str>>,
        #[pin]
        pub(super) state: State<S, ReqBody>,
    }
}

pin_project! {
    #[project = StateProj]
    pub(super) enum State<S, ReqBody>
    where
        S: Service<Request<ReqBody>>,
    {
        Inner { #[pin] response: S::Future },
        Decided { decided: Option<Decided> },
        // Boxed: they are large and rare, and every future is as large as its largest state.
        Waiting { pending: Box<Pending<S, ReqBody>> },
        Reading { reading: Box<Reading> },
    }
}

/// An answer that did not come from the inner service.
pub(super) struct Decided {
    error: ApiError,
    /// Empty, and with the room that the request's took.
    extensions: Extensions,
    /// Whether the mask sees it, which is beneath the guards.
    is_masked: bool,
}

impl<S, ReqBody> State<S, ReqBody>
where
    S: Service<Request<ReqBody>>,
{
    /// A guard refuses.
    pub(super) fn refused(error: ApiError, extensions: Extensions) -> Self {
        Self::Decided { decided: Some(Decided { error, extensions, is_masked: false }) }
    }

    /// Somebody panicked before the inner service was called.
    pub(super) fn panicked(payload: Box<dyn Any + Send>) -> Self {
        Self::refused(panic(payload), Extensions::new())
    }

    /// The inner service failed, or has panicked.
    pub(super) fn failed(error: ApiError) -> Self {
        let extensions = Extensions::new();
        Self::Decided { decided: Some(Decided { error, extensions, is_masked: true }) }
    }

    pub(super) fn waiting(pending: Pending<S, ReqBody>) -> Self {
        Self::Waiting { pending: Box::new(pending) }
    }
}

impl<E, B, S, ReqBody> ResponseFuture<E, B, S, ReqBody>
where
    S: Service<Request<ReqBody>>,
{
    /// Nothing is decided yet.
    #[inline]
    pub(super) fn new(shared: Arc<Shared<E, B>>, asked: Asked, stamps: Stamps) -> Self {
        Self { shared, asked, stamps, caller: None, state: State::Decided { decided: None } }
    }
}

impl<E, B, S, ReqBody, ResBody> Future for ResponseFuture<E, B, S, ReqBody>
where
    E: Envelope,
    B: Guard,
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    S::Error: Into<BoxError>,
    ResBody: Body + Default + From<Bytes> + Send + 'static,
{
    type Output = Result<Response<ResBody>, Infallible>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let shared = &**this.shared;
        loop {
            // What comes from beneath the guards.
            let mut response = match this.state.as_mut().project() {
                StateProj::Inner { response } => {
                    let poll = || response.poll(cx);
                    match catch_unwind(AssertUnwindSafe(poll)) {
                        Ok(polled) => match ready!(polled) {
                            Ok(response) => response,
                            Err(failed) => {
                                let adopt = || error(failed.into());
                                let adopted = catch_unwind(AssertUnwindSafe(adopt));
                                adopted.unwrap_or_else(panic).into_response()
                            }
                        },
                        Err(payload) => panic(payload).into_response(),
                    }
                }
                StateProj::Decided { decided } => {
                    let Some(Decided { error, extensions, is_masked }) = decided.take() else {
                        return Poll::Pending;
                    };
                    if !is_masked {
                        let stamps = mem::take(this.stamps);
                        let response = shared.refused(error, stamps, extensions, this.asked);
                        return Poll::Ready(Ok(response));
                    }
                    error.into_response()
                }
                StateProj::Waiting { pending } => {
                    let poll = || pending.poll(shared, cx);
                    let next = match catch_unwind(AssertUnwindSafe(poll)) {
                        Ok(next) => {
                            let Next { state, stamps, caller } = ready!(next);
                            (*this.stamps, *this.caller) = (stamps, caller);
                            state
                        }
                        Err(payload) => State::panicked(payload),
                    };
                    this.state.set(next);
                    continue;
                }
                StateProj::Reading { reading } => {
                    let response = ready!(reading.poll(&shared.renderer, this.asked, cx));
                    return Poll::Ready(Ok(response));
                }
            };
            let stamps = mem::take(this.stamps);
            let mask = shared.mask.as_deref();
            if let Some(missing) = hide(mask, &mut response, this.caller.as_deref()) {
                return Poll::Ready(Ok(shared.masked(missing, stamps, this.asked)));
            }
            stamps.stamp(&mut response);
            if response.status() < StatusCode::BAD_REQUEST {
                return Poll::Ready(Ok(response));
            }
            match shared.renderer.finish(&mut response, this.asked) {
                Finish::Now => return Poll::Ready(Ok(response)),
                Finish::Later(reading) => this.state.set(State::Reading { reading }),
            }
        }
    }
}

/// Shows a mask what may be an error, and says what a client gets in its place.
#[inline]
fn hide<B: Default>(
    mask: Option<&Mask>,
    response: &mut Response<B>,
    caller: Option<&str>,
) -> Option<Missing> {
    let mask = mask?;
    let seen = catch_unwind(AssertUnwindSafe(|| mask.see(response, caller)));
    seen.unwrap_or_else(|payload| {
        *response = panic(payload).into_response();
        None
    })
}

impl<E, B, S, ReqBody> fmt::Debug for ResponseFuture<E, B, S, ReqBody>
where
    S: Service<Request<ReqBody>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

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
use http::{Request, Response, StatusCode};
use http_body::Body;
use pin_project_lite::pin_project;
use portcullis_core::{ApiError, BoxError, Guard, stack::Stamps};
use portcullis_envelope::{
    Envelope,
    stack::{Asked, Finish, Reading, error, panic},
};
use portcullis_tenant::stack::Mask;
use tower_service::Service;

use super::{pending::Pending, service::Shared};

pin_project! {
    /// The response of a [`PortcullisService`](super::PortcullisService).
    pub struct ResponseFuture<E, B, S, ReqBody>
    where
        S: Service<Request<ReqBody>>,
    {
        shared: Arc<Shared<E, B>>,
        asked: Asked,
        #[pin]
        state: State<S, ReqBody>,
    }
}

pin_project! {
    #[project = StateProj]
    pub(super) enum State<S, ReqBody>
    where
        S: Service<Request<ReqBody>>,
    {
        Inner { #[pin] response: S::Future, stamps: Stamps, caller: Option<Box<str>> },
        Decided { decided: Option<Decided> },
        // Boxed: they are large and rare, and every future is as large as its largest state.
        Waiting { pending: Box<Pending<S, ReqBody>> },
        Reading { reading: Box<Reading> },
    }
}

/// An answer that did not come from the inner service.
pub(super) struct Decided {
    error: ApiError,
    stamps: Stamps,
    /// Whether the mask sees it, which is beneath the guards; and who asks it.
    masked: Option<Option<Box<str>>>,
}

impl<S, ReqBody> State<S, ReqBody>
where
    S: Service<Request<ReqBody>>,
{
    /// A guard refuses.
    pub(super) fn refused(error: ApiError, stamps: Stamps) -> Self {
        Self::Decided { decided: Some(Decided { error, stamps, masked: None }) }
    }

    /// Somebody panicked before the inner service was called, and what the guards had in mind for the
    /// response nobody knows.
    pub(super) fn panicked(payload: Box<dyn Any + Send>) -> Self {
        Self::refused(panic(payload), Stamps::default())
    }

    /// The inner service failed, or has panicked.
    pub(super) fn failed(error: ApiError, stamps: Stamps, caller: Option<Box<str>>) -> Self {
        Self::Decided { decided: Some(Decided { error, stamps, masked: Some(caller) }) }
    }

    pub(super) fn waiting(pending: Pending<S, ReqBody>) -> Self {
        Self::Waiting { pending: Box::new(pending) }
    }
}

impl<E, B, S, ReqBody> ResponseFuture<E, B, S, ReqBody>
where
    S: Service<Request<ReqBody>>,
{
    pub(super) fn new(shared: Arc<Shared<E, B>>, asked: Asked, state: State<S, ReqBody>) -> Self {
        Self { shared, asked, state }
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
            let mut response = match this.state.as_mut().project() {
                StateProj::Inner { response, stamps, caller } => {
                    let poll = || response.poll(cx);
                    let mut response = match catch_unwind(AssertUnwindSafe(poll)) {
                        Ok(polled) => match ready!(polled) {
                            Ok(response) => response,
                            Err(failed) => {
                                let adopt = || error(failed.into());
                                let adopted = catch_unwind(AssertUnwindSafe(adopt));
                                adopted.unwrap_or_else(panic).into_response()
                            }
                        },
                        Err(payload) => panic(payload).into_response(),
                    };
                    hide(shared.mask.as_deref(), &mut response, caller.as_deref());
                    mem::take(stamps).stamp(&mut response);
                    response
                }
                StateProj::Decided { decided } => {
                    let Some(Decided { error, stamps, masked }) = decided.take() else {
                        return Poll::Pending;
                    };
                    let mut response = error.into_response();
                    if let Some(caller) = masked {
                        hide(shared.mask.as_deref(), &mut response, caller.as_deref());
                    }
                    stamps.stamp(&mut response);
                    response
                }
                StateProj::Waiting { pending } => {
                    let poll = || pending.poll(shared, cx);
                    let next = match catch_unwind(AssertUnwindSafe(poll)) {
                        Ok(next) => ready!(next),
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

/// Shows a mask what may be an error.
#[inline]
fn hide<B: Default>(mask: Option<&Mask>, response: &mut Response<B>, caller: Option<&str>) {
    let Some(mask) = mask else { return };
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| mask.see(response, caller))) {
        *response = panic(payload).into_response();
    }
}

impl<E, B, S, ReqBody> fmt::Debug for ResponseFuture<E, B, S, ReqBody>
where
    S: Service<Request<ReqBody>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

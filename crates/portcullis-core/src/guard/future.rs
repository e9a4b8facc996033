use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::{Guards, waiting::Waiting};
use crate::{ApiError, stamps::Stamps};

pin_project! {
    /// The response of a [`GuardService`](super::GuardService).
    pub struct ResponseFuture<G, S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        state: State<G, S, B>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<G, S, B>
    where
        S: Service<Request<B>>,
    {
        Refused { refusal: Option<(ApiError, Stamps)> },
        Inner { #[pin] response: S::Future, stamps: Option<Stamps> },
        // Boxed: it is large and rare, and every future is as large as its largest state.
        Deciding { pending: Box<Pending<G, S, B>> },
    }
}

/// A request that waits for a guard's decision, and what it takes to go on then.
pub(super) struct Pending<G, S, B> {
    pub(super) waiting: Waiting<B>,
    pub(super) guards: Arc<G>,
    pub(super) inner: S,
}

impl<G, S, B> ResponseFuture<G, S, B>
where
    S: Service<Request<B>>,
{
    pub(super) fn refused(refusal: ApiError, stamps: Stamps) -> Self {
        Self { state: State::Refused { refusal: Some((refusal, stamps)) } }
    }

    pub(super) fn inner(response: S::Future, stamps: Stamps) -> Self {
        Self { state: State::Inner { response, stamps: Some(stamps) } }
    }

    pub(super) fn deciding(pending: Pending<G, S, B>) -> Self {
        Self { state: State::Deciding { pending: Box::new(pending) } }
    }
}

impl<G, S, ReqBody, ResBody> Future for ResponseFuture<G, S, ReqBody>
where
    G: Guards,
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ResBody: Default,
{
    type Output = Result<Response<ResBody>, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            let next = match state.as_mut().project() {
                StateProj::Inner { response, stamps } => {
                    // Handed on where it is: a response is large to move.
                    let mut polled = response.poll(cx);
                    if let Poll::Ready(Ok(response)) = &mut polled
                        && let Some(stamps) = stamps.take()
                    {
                        stamps.stamp(response);
                    }
                    return polled;
                }
                StateProj::Refused { refusal } => {
                    let Some((refusal, stamps)) = refusal.take() else { return Poll::Pending };
                    let mut response = refusal.into_response();
                    stamps.stamp(&mut response);
                    return Poll::Ready(Ok(response));
                }
                StateProj::Deciding { pending } => ready!(pending.poll(cx)),
            };
            state.set(next);
        }
    }
}

impl<G, S, B> Pending<G, S, B>
where
    G: Guards,
    S: Service<Request<B>>,
{
    /// Says what comes next, once that is decided.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<State<G, S, B>> {
        let (decided, stamps) = ready!(self.waiting.poll(&*self.guards, cx));
        Poll::Ready(match decided {
            Ok(request) => {
                State::Inner { response: self.inner.call(request), stamps: Some(stamps) }
            }
            Err(refusal) => State::Refused { refusal: Some((refusal, stamps)) },
        })
    }
}

impl<G, S, B> fmt::Debug for ResponseFuture<G, S, B>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

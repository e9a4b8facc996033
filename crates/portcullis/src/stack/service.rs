use std::{
    convert::Infallible,
    fmt, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use portcullis_core::{
    ApiError, BoxError, Guard, Guards,
    stack::{Halt, Progress, Stamps, Waiting},
};
use portcullis_envelope::{
    Envelope,
    stack::{Renderer, panic, ready},
};
use portcullis_limit::RateLimit;
use portcullis_tenant::stack::Mask;
use tower_service::Service;

use super::{
    future::{ResponseFuture, State},
    pending::Pending,
};

/// The service that a [`Portcullis`](super::Portcullis) makes in front of `S`. It never fails.
///
/// It is one service, and not one for each slot: what those share is counted once for each request,
/// the request is taken apart once, and is moved as seldom as can be. What it does, and in which
/// order, is what an envelope's, a guard's, a mask's and a catch's service do around each other.
pub struct PortcullisService<E, B, S> {
    shared: Arc<Shared<E, B>>,
    inner: S,
    /// What the inner service failed with when it was asked whether it is ready: the next call's
    /// answer.
    unready: Option<ApiError>,
}

/// What all requests share.
pub(super) struct Shared<E, B> {
    pub(super) renderer: Renderer<E>,
    /// From the outermost in.
    pub(super) guards: (Option<RateLimit>, Arc<B>, Option<RateLimit>),
    pub(super) mask: Option<Arc<Mask>>,
}

impl<E, B, S> PortcullisService<E, B, S> {
    pub(super) fn new(shared: Arc<Shared<E, B>>, inner: S) -> Self {
        Self { shared, inner, unready: None }
    }
}

impl<E, B, S, ReqBody, ResBody> Service<Request<ReqBody>> for PortcullisService<E, B, S>
where
    E: Envelope,
    B: Guard,
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
    S::Error: Into<BoxError>,
    ResBody: Body + Default + From<Bytes> + Send + 'static,
{
    type Response = Response<ResBody>;
    type Error = Infallible;
    type Future = ResponseFuture<E, B, S, ReqBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        ready(&mut self.unready, || self.inner.poll_ready(cx))
    }

    #[inline]
    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let asked = self.shared.renderer.note(&request);
        let (mut head, body) = request.into_parts();
        let mut progress = Progress::default();

        let Self { shared, inner, unready } = self;
        let ask = || shared.guards.ask(&mut progress, &mut head);
        let state = match catch_unwind(AssertUnwindSafe(ask)) {
            Ok(Ok(())) => {
                let request = Request::from_parts(head, body);
                shared.enter(inner, unready, request, progress.stamps)
            }
            Ok(Err(Halt::Refused(refusal))) => State::refused(refusal, progress.stamps),
            Ok(Err(Halt::Waiting(decision))) => {
                match catch_unwind(AssertUnwindSafe(|| inner.clone())) {
                    // The inner service that was ready goes with the request, a fresh one stays.
                    Ok(fresh) => State::waiting(Pending {
                        waiting: Waiting::new(decision, progress, head, body),
                        inner: mem::replace(inner, fresh),
                        unready: unready.take(),
                    }),
                    Err(payload) => State::panicked(payload),
                }
            }
            Err(payload) => State::panicked(payload),
        };
        ResponseFuture::new(Arc::clone(&self.shared), asked, state)
    }
}

impl<E, B> Shared<E, B> {
    /// Calls the inner service with a request that all guards have admitted.
    #[inline(always)]
    pub(super) fn enter<S, ReqBody>(
        &self,
        inner: &mut S,
        unready: &mut Option<ApiError>,
        request: Request<ReqBody>,
        stamps: Stamps,
    ) -> State<S, ReqBody>
    where
        S: Service<Request<ReqBody>>,
    {
        let caller = self.mask.as_ref().and_then(|mask| mask.caller(request.extensions()));
        if let Some(error) = unready.take() {
            return State::failed(error, stamps, caller);
        }
        // Lent to the closure, since a request is large to move.
        let mut request = Some(request);
        let call = || request.take().map(|request| inner.call(request));
        match catch_unwind(AssertUnwindSafe(call)) {
            Ok(Some(response)) => State::Inner { response, stamps, caller },
            Ok(None) => State::failed(ApiError::internal("no request"), stamps, caller),
            Err(payload) => State::failed(panic(payload), stamps, caller),
        }
    }
}

impl<E, B, S: Clone> Clone for PortcullisService<E, B, S> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.shared), self.inner.clone())
    }
}

impl<E, B, S> fmt::Debug for PortcullisService<E, B, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortcullisService").finish_non_exhaustive()
    }
}

use std::{
    convert::Infallible,
    fmt, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Extensions, Request, Response};
use http_body::Body;
use portcullis_core::{
    ApiError, BoxError, Guard, Guards,
    stack::{Halt, Progress, Stamps, Waiting},
};
use portcullis_envelope::{
    Envelope,
    stack::{Asked, By, Refused, Renderer, panic, ready},
};
use portcullis_limit::RateLimit;
use portcullis_tenant::stack::{Mask, Missing};
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
        let Self { shared, inner, unready } = self;
        let asked = shared.renderer.note(&request);
        let mut future = ResponseFuture::new(Arc::clone(shared), asked, Stamps::default());
        // Lent to the closure, since a request is large to move.
        let mut request = Some(request.into_parts());
        let mut is_admitted = false;
        let ask = || {
            let (head, _) = request.as_mut()?;
            let mut progress = Progress::default();
            match shared.guards.ask(&mut progress, head) {
                Ok(()) => {
                    is_admitted = true;
                    future.stamps = progress.stamps;
                    future.caller = shared.caller(&head.extensions);
                    if let Some(error) = unready.take() {
                        future.state = State::failed(error);
                        return Some(());
                    }
                    let (head, body) = request.take()?;
                    let response = inner.call(Request::from_parts(head, body));
                    // There is nothing to drop yet.
                    mem::forget(mem::replace(&mut future.state, State::Inner { response }));
                }
                Err(Halt::Refused(refusal)) => {
                    let mut extensions = mem::take(&mut head.extensions);
                    extensions.clear();
                    future.stamps = progress.stamps;
                    future.state = State::refused(refusal, extensions);
                }
                Err(Halt::Waiting(decision)) => {
                    // The inner service that was ready goes with the request, a fresh one stays.
                    let fresh = inner.clone();
                    let (head, body) = request.take()?;
                    future.state = State::waiting(Pending {
                        waiting: Waiting::new(decision, progress, head, body),
                        inner: mem::replace(inner, fresh),
                        unready: unready.take(),
                    });
                }
            }
            Some(())
        };
        match catch_unwind(AssertUnwindSafe(ask)) {
            Ok(Some(())) => {}
            Ok(None) => future.state = State::failed(ApiError::internal("no request")),
            Err(payload) if is_admitted => future.state = State::failed(panic(payload)),
            // What the guards had in mind for the response nobody knows.
            Err(payload) => future.state = State::panicked(payload),
        }
        future
    }
}

impl<E, B> Shared<E, B> {
    /// Who asks, where the mask is told so.
    #[inline]
    pub(super) fn caller(&self, extensions: &Extensions) -> Option<Box<str>> {
        self.mask.as_ref().and_then(|mask| mask.caller(extensions))
    }
}

impl<E: Envelope, B> Shared<E, B> {
    /// What a request gets that a guard refuses.
    #[inline]
    pub(super) fn refused<ResBody>(
        &self,
        error: ApiError,
        stamps: Stamps,
        mut extensions: Extensions,
        asked: &Asked,
    ) -> Response<ResBody>
    where
        ResBody: Default + From<Bytes>,
    {
        error.extend(&mut extensions);
        let refused = Refused { by: By::Guard, error, extensions };
        let plain = |Refused { error, .. }: Refused| error.into_response();
        self.renderer.answer(refused, stamps, asked, plain)
    }

    /// What a request gets whose answer the mask hides.
    pub(super) fn masked<ResBody>(
        &self,
        missing: Missing,
        stamps: Stamps,
        asked: &Asked,
    ) -> Response<ResBody>
    where
        ResBody: Default + From<Bytes>,
    {
        let Missing { error, extensions } = missing;
        let refused = Refused { by: By::Mask, error, extensions };
        let plain = |Refused { error, extensions, .. }: Refused| {
            Missing { error, extensions }.into_response()
        };
        self.renderer.answer(refused, stamps, asked, plain)
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

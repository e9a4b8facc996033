use std::{
    fmt, mem,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower_service::Service;

use super::{
    Guards, ResponseFuture,
    future::Pending,
    progress::{Halt, Progress},
    waiting::Waiting,
};

/// The service that a [`GuardLayer`](super::GuardLayer) makes: it asks every guard, then calls the
/// inner service, or answers with the first refusal.
pub struct GuardService<G, S> {
    guards: Arc<G>,
    inner: S,
}

impl<G, S> GuardService<G, S> {
    pub(super) fn new(guards: Arc<G>, inner: S) -> Self {
        Self { guards, inner }
    }
}

impl<G, S, ReqBody, ResBody> Service<Request<ReqBody>> for GuardService<G, S>
where
    G: Guards,
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
    ResBody: Default,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = ResponseFuture<G, S, ReqBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let (mut head, body) = request.into_parts();
        let mut progress = Progress::default();

        match self.guards.ask(&mut progress, &mut head) {
            Ok(()) => {
                let response = self.inner.call(Request::from_parts(head, body));
                ResponseFuture::inner(response, progress.stamps)
            }
            Err(Halt::Refused(refusal)) => ResponseFuture::refused(refusal, progress.stamps),
            Err(Halt::Waiting(decision)) => {
                // The inner service that was ready goes with the request, a fresh one stays.
                let fresh = self.inner.clone();
                ResponseFuture::deciding(Pending {
                    waiting: Waiting::new(decision, progress, head, body),
                    guards: Arc::clone(&self.guards),
                    inner: mem::replace(&mut self.inner, fresh),
                })
            }
        }
    }
}

impl<G, S: Clone> Clone for GuardService<G, S> {
    fn clone(&self) -> Self {
        Self { guards: Arc::clone(&self.guards), inner: self.inner.clone() }
    }
}

impl<G, S> fmt::Debug for GuardService<G, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardService").finish_non_exhaustive()
    }
}

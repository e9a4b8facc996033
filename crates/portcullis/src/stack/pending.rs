use std::{
    mem,
    task::{Context, Poll, ready},
};

use http::{Request, request::Parts};
use portcullis_core::{
    Admission, ApiError, BoxFuture, Guard,
    stack::{Halt, Progress},
};
use tower_service::Service;

use super::{future::State, service::Shared};

/// A request that waits for a guard's decision.
pub(super) struct Pending<S, ReqBody> {
    pub(super) decision: BoxFuture<Result<Admission, ApiError>>,
    pub(super) progress: Progress,
    pub(super) request: Option<(Parts, ReqBody)>,
    pub(super) inner: S,
    pub(super) unready: Option<ApiError>,
}

impl<S, ReqBody> Pending<S, ReqBody>
where
    S: Service<Request<ReqBody>>,
{
    /// Waits for the decision, asks the guards that are left, and says what comes next.
    pub(super) fn poll<E, B: Guard>(
        &mut self,
        shared: &Shared<E, B>,
        cx: &mut Context<'_>,
    ) -> Poll<State<S, ReqBody>> {
        loop {
            let decision = ready!(self.decision.as_mut().poll(cx));
            let Some((mut head, body)) = self.request.take() else { return Poll::Pending };

            match self.progress.resume(decision, &shared.guards, &mut head) {
                Err(Halt::Waiting(decision)) => {
                    self.request = Some((head, body));
                    self.decision = decision;
                }
                Ok(()) => {
                    let request = Request::from_parts(head, body);
                    let stamps = mem::take(&mut self.progress.stamps);
                    let Self { inner, unready, .. } = self;
                    return Poll::Ready(shared.enter(inner, unready, request, stamps));
                }
                Err(Halt::Refused(refusal)) => {
                    let stamps = mem::take(&mut self.progress.stamps);
                    return Poll::Ready(State::refused(refusal, stamps));
                }
            }
        }
    }
}

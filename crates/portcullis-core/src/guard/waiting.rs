use std::{
    fmt, mem,
    task::{Context, Poll, ready},
};

use http::{Request, request::Parts};

use super::{
    Guards,
    progress::{Halt, Progress},
};
use crate::{Admission, ApiError, BoxFuture, stamps::Stamps};

/// A request that waits for a guard's decision.
pub struct Waiting<B> {
    decision: BoxFuture<Result<Admission, ApiError>>,
    progress: Progress,
    request: Option<(Parts, B)>,
}

impl<B> Waiting<B> {
    /// A request that came so far.
    pub fn new(
        decision: BoxFuture<Result<Admission, ApiError>>,
        progress: Progress,
        head: Parts,
        body: B,
    ) -> Self {
        Self { decision, progress, request: Some((head, body)) }
    }

    /// Waits for the decision and asks the guards that are left: the request, if all have admitted
    /// it, or the refusal, and what is to be stamped on the response.
    pub fn poll(
        &mut self,
        guards: &impl Guards,
        cx: &mut Context<'_>,
    ) -> Poll<(Result<Request<B>, ApiError>, Stamps)> {
        loop {
            let decision = ready!(self.decision.as_mut().poll(cx));
            let Some((mut head, body)) = self.request.take() else { return Poll::Pending };

            let decided = match self.progress.resume(decision, guards, &mut head) {
                Ok(()) => Ok(Request::from_parts(head, body)),
                Err(Halt::Refused(refusal)) => Err(refusal),
                Err(Halt::Waiting(decision)) => {
                    self.request = Some((head, body));
                    self.decision = decision;
                    continue;
                }
            };
            return Poll::Ready((decided, mem::take(&mut self.progress.stamps)));
        }
    }
}

impl<B> fmt::Debug for Waiting<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").finish_non_exhaustive()
    }
}

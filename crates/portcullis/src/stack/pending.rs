use std::task::{Context, Poll, ready};

use http::Request;
use portcullis_core::{ApiError, Guard, stack::Waiting};
use tower_service::Service;

use super::{future::State, service::Shared};

/// A request that waits for a guard's decision, and what it takes to go on then.
pub(super) struct Pending<S, ReqBody> {
    pub(super) waiting: Waiting<ReqBody>,
    pub(super) inner: S,
    pub(super) unready: Option<ApiError>,
}

impl<S, ReqBody> Pending<S, ReqBody>
where
    S: Service<Request<ReqBody>>,
{
    /// Says what comes next, once that is decided.
    pub(super) fn poll<E, B: Guard>(
        &mut self,
        shared: &Shared<E, B>,
        cx: &mut Context<'_>,
    ) -> Poll<State<S, ReqBody>> {
        let (decided, stamps) = ready!(self.waiting.poll(&shared.guards, cx));
        Poll::Ready(match decided {
            Ok(request) => shared.enter(&mut self.inner, &mut self.unready, request, stamps),
            Err(refusal) => State::refused(refusal, stamps),
        })
    }
}

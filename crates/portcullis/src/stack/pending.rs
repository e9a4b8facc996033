use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    task::{Context, Poll, ready},
};

use http::{Extensions, Request};
use portcullis_core::{
    ApiError, Guard,
    stack::{Stamps, Waiting},
};
use portcullis_envelope::stack::panic;
use tower_service::Service;

use super::{future::State, service::Shared};

/// A request that waits for a guard's decision, and what it takes to go on then.
pub(super) struct Pending<S, ReqBody> {
    pub(super) waiting: Waiting<ReqBody>,
    pub(super) inner: S,
    pub(super) unready: Option<ApiError>,
}

/// How it goes on.
pub(super) struct Next<S, ReqBody>
where
    S: Service<Request<ReqBody>>,
{
    pub(super) state: State<S, ReqBody>,
    pub(super) stamps: Stamps,
    pub(super) caller: Option<Box<str>>,
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
    ) -> Poll<Next<S, ReqBody>> {
        let (decided, stamps) = ready!(self.waiting.poll(&shared.guards, cx));
        let request = match decided {
            Ok(request) => request,
            Err(refusal) => {
                let state = State::refused(refusal, Extensions::new());
                return Poll::Ready(Next { state, stamps, caller: None });
            }
        };
        let caller = shared.caller(request.extensions());
        let state = match self.unready.take() {
            Some(error) => State::failed(error),
            None => match catch_unwind(AssertUnwindSafe(|| self.inner.call(request))) {
                Ok(response) => State::Inner { response },
                Err(payload) => State::failed(panic(payload)),
            },
        };
        Poll::Ready(Next { state, stamps, caller })
    }
}

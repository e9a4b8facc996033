//! A decision about a request's head, and the one service that carries it out.

mod chain;
mod future;
mod layer;
mod moment;
mod progress;
mod service;
#[cfg(test)]
mod tests;
mod waiting;

use std::{fmt, sync::Arc};

use http::request::Parts;

pub use self::{
    chain::Guards,
    future::ResponseFuture,
    layer::GuardLayer,
    moment::{Moment, monotonic, nanoseconds, since_epoch},
    progress::{Halt, Progress},
    service::GuardService,
    waiting::Waiting,
};
use crate::{Admission, ApiError, BoxFuture};

/// Decides about a request by its head, before its body is read.
///
/// A guard is shared by all connections behind an [`Arc`], so it keeps what changes behind a lock
/// or an atomic. See the [crate's example](crate).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no guard",
    note = "a `RateLimit`, a `Bearer` and your own type that implements `Guard` are; a tower layer is put on by `.layer(…)`"
)]
pub trait Guard: Send + Sync + 'static {
    /// Admits the request or refuses it.
    ///
    /// What the guard learns it may put into the head's extensions, for those further in.
    fn check(&self, head: &mut Parts) -> Verdict;

    /// The same, of a guard that knows the time already, or leaves it to the next one.
    #[doc(hidden)]
    #[inline]
    fn check_at(&self, head: &mut Parts, moment: &mut Moment) -> Verdict {
        let verdict = self.check(head);
        moment.pass();
        verdict
    }
}

/// A guard's answer.
///
/// What is decided in memory is decided [`Now`](Verdict::Now) and costs no box; what asks another
/// machine comes [`Later`](Verdict::Later), in a future that owns what it needs.
#[must_use = "a verdict does nothing until a guard returns it"]
#[non_exhaustive]
pub enum Verdict {
    /// Decided, without waiting.
    Now(Result<Admission, ApiError>),
    /// Decided when the future is ready. It is dropped if the client goes away first.
    Later(BoxFuture<Result<Admission, ApiError>>),
}

impl Verdict {
    /// A verdict that has to wait for something.
    pub fn later(
        decision: impl Future<Output = Result<Admission, ApiError>> + Send + 'static,
    ) -> Self {
        Self::Later(Box::pin(decision))
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(decision) => f.debug_tuple("Now").field(decision).finish(),
            Self::Later(_) => f.debug_tuple("Later").finish_non_exhaustive(),
        }
    }
}

impl From<Result<Admission, ApiError>> for Verdict {
    fn from(decision: Result<Admission, ApiError>) -> Self {
        Self::Now(decision)
    }
}

impl From<Admission> for Verdict {
    fn from(admission: Admission) -> Self {
        Self::Now(Ok(admission))
    }
}

impl From<ApiError> for Verdict {
    fn from(refusal: ApiError) -> Self {
        Self::Now(Err(refusal))
    }
}

impl<G: Guard + ?Sized> Guard for Arc<G> {
    #[inline]
    fn check(&self, head: &mut Parts) -> Verdict {
        (**self).check(head)
    }

    #[inline]
    fn check_at(&self, head: &mut Parts, moment: &mut Moment) -> Verdict {
        (**self).check_at(head, moment)
    }
}

/// No guard: everything is admitted.
impl Guard for () {
    #[inline]
    fn check(&self, _head: &mut Parts) -> Verdict {
        Verdict::from(Admission::new())
    }

    #[inline]
    fn check_at(&self, head: &mut Parts, _moment: &mut Moment) -> Verdict {
        self.check(head)
    }
}

/// A guard that may be absent: `None` admits everything.
impl<G: Guard> Guard for Option<G> {
    #[inline]
    fn check(&self, head: &mut Parts) -> Verdict {
        self.check_at(head, &mut Moment::default())
    }

    #[inline]
    fn check_at(&self, head: &mut Parts, moment: &mut Moment) -> Verdict {
        match self {
            Some(guard) => guard.check_at(head, moment),
            None => Verdict::from(Admission::new()),
        }
    }
}

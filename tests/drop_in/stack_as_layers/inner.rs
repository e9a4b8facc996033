use std::task::{Context, Poll};

use axum::{extract::Request, response::Response};
use portcullis::{ApiError, BoxError, Hidden};
use tower::{Service, load_shed::error::Overloaded};

use super::{
    behaviours::{Behaviour, Outcome, panics},
    journal::Journal,
};

/// What a service says when it is asked whether it is ready.
#[derive(Clone, Copy, Debug)]
pub(super) enum Readiness {
    Ready,
    Fails,
    Sheds,
    Hides,
    Panics,
}

impl Readiness {
    pub(super) const ALL: [Self; 5] =
        [Self::Ready, Self::Fails, Self::Sheds, Self::Hides, Self::Panics];
}

/// A service that keeps a journal of what is asked of it.
pub(super) struct Inner {
    readiness: Readiness,
    behaviour: Behaviour,
    journal: Journal,
    is_ready: bool,
}

impl Inner {
    pub(super) fn new(readiness: Readiness, behaviour: Behaviour, journal: &Journal) -> Self {
        Self { readiness, behaviour, journal: journal.clone(), is_ready: false }
    }
}

/// A clone of a service that is ready need not be.
impl Clone for Inner {
    fn clone(&self) -> Self {
        Self::new(self.readiness, self.behaviour, &self.journal)
    }
}

impl Service<Request> for Inner {
    type Response = Response;
    type Error = BoxError;
    type Future = Outcome;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.journal.write("asked whether it is ready");
        match self.readiness {
            Readiness::Ready => self.is_ready = true,
            Readiness::Fails => return Poll::Ready(Err("the database is gone".into())),
            Readiness::Sheds => return Poll::Ready(Err(Overloaded::new().into())),
            Readiness::Hides => {
                return Poll::Ready(Err(ApiError::from(Hidden::missing()).into()));
            }
            Readiness::Panics => panics(),
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request) -> Outcome {
        self.journal.write(if self.is_ready { "called" } else { "called before it was ready" });
        self.is_ready = false;
        (self.behaviour.outcome)()
    }
}

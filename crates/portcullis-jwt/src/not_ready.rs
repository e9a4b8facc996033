use std::{error::Error, fmt, sync::Arc};

use crate::remote::Failure;

/// An issuer's keys are not there, and could not be fetched. See [`Jwt::ready`](crate::Jwt::ready).
#[derive(Clone)]
pub struct NotReady(Arc<Failure>);

impl NotReady {
    pub(crate) fn new(failure: Arc<Failure>) -> Self {
        Self(failure)
    }
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Error for NotReady {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

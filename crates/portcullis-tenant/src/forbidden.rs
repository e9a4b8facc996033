use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
};

use portcullis_core::ApiError;

use crate::{ProvenVisible, facts::Facts};

/// 403: the caller may see the resource, and may not do that with it.
///
/// It is made of a [`Visible`](crate::Visible) and of nothing else, since a 403 tells that there is
/// something: `visible.require(…)?`, or [`Forbidden::of`] where a closure is too small. Without one it
/// does not compile:
///
/// ```compile_fail
/// # struct Ticket;
/// # let ticket = Ticket;
/// portcullis_tenant::Forbidden::of(&ticket); // `Ticket` is not proven visible
/// ```
///
/// It converts into an [`ApiError`], which takes a code and a message for the client; its source must
/// stay, if within another error's chain, since the mask knows by it that visibility was proven. It
/// proves that of one answer. One that was kept, as an `ApiError` can be cloned, and is returned again
/// is an unproven 403.
///
/// A mask finds it among an error's [sources](std::error::Error::source). thiserror's
/// `#[error(transparent)]` hands on the source of what it wraps, and so hides what it wraps: mark the
/// field `#[source]` with a message of its own, or convert it into an `ApiError` first.
#[must_use = "nothing is forbidden until a handler returns it"]
pub struct Forbidden {
    pub(crate) only_of_what_is_proven_visible: Proof,
}

/// What is known of a resource that the caller sees.
pub(crate) struct Proof {
    facts: Facts,
    /// Whether an answer was proven by it.
    is_spent: AtomicBool,
    /// What the service refuses with, whose causes are its own.
    refusal: Option<ApiError>,
}

impl Proof {
    pub(crate) const fn new(facts: Facts) -> Self {
        Self { facts, is_spent: AtomicBool::new(false), refusal: None }
    }
}

impl Forbidden {
    /// A refusal of something with this resource.
    pub fn of(visible: &impl ProvenVisible) -> Self {
        visible.forbidden()
    }

    /// With what the service refuses with, so that its causes are logged.
    pub(crate) fn with_refusal(mut self, refusal: ApiError) -> Self {
        self.only_of_what_is_proven_visible.refusal = Some(refusal);
        self
    }

    pub(crate) const fn facts(&self) -> &Facts {
        &self.only_of_what_is_proven_visible.facts
    }

    /// The proof, for the first answer that it is of.
    pub(crate) fn taken(&self) -> Option<&Self> {
        let is_spent = &self.only_of_what_is_proven_visible.is_spent;
        (!is_spent.swap(true, Ordering::Relaxed)).then_some(self)
    }
}

/// A plain 403, whose private source it is.
impl From<Forbidden> for ApiError {
    fn from(forbidden: Forbidden) -> Self {
        Self::forbidden().with_source(forbidden)
    }
}

#[cfg(feature = "axum")]
impl axum_core::response::IntoResponse for Forbidden {
    fn into_response(self) -> axum_core::response::Response {
        ApiError::from(self).into_response()
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the caller may see the resource, and may not do that with it")
    }
}

impl fmt::Debug for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forbidden").finish_non_exhaustive()
    }
}

impl std::error::Error for Forbidden {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.only_of_what_is_proven_visible.refusal.as_ref()?.source()
    }
}

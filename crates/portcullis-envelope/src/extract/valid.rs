use std::ops::Deref;

use axum_core::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use portcullis_core::{ApiError, Issue};

use super::{Cookie, ExtractPolicy, Header, Json, Path, Query};
use crate::faults::MOST_FAULTS;

/// What must hold for a value beyond its shape: bounds, lengths, one member beside another.
///
/// It is asked once the value is there, by [`Valid`].
pub trait Rules {
    /// The rules that the value breaks, each at its location from the value inwards; none, where it
    /// is valid.
    fn broken(&self) -> Vec<Issue>;
}

/// An extractor whose value also keeps its type's [`Rules`].
///
/// ```
/// use portcullis_core::Issue;
/// use portcullis_envelope::extract::{Json, Rules, Valid};
///
/// #[derive(serde::Deserialize)]
/// struct Stay {
///     nights: u8,
/// }
///
/// impl Rules for Stay {
///     fn broken(&self) -> Vec<Issue> {
///         let mut broken = Vec::new();
///         if self.nights == 0 {
///             let message = "Input should be greater than or equal to 1";
///             let issue = Issue::new("greater_than_equal", message).with_context("ge", 1);
///             broken.push(issue.at("nights")); // the client sees ["body", "nights"]
///         }
///         broken
///     }
/// }
///
/// async fn book(Valid(Json(stay)): Valid<Json<Stay>>) -> String {
///     format!("{} nights", stay.nights)
/// }
/// ```
///
/// A library of rules fits in where [`Rules::broken`] calls it and turns each line of its report into
/// an [`Issue`]. For `garde` there is an extractor, `Garde`, behind the feature of that name.
///
/// # Rejections
///
/// The extractor's own, and 422 with the first hundred issues of the rules that are broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Valid<E>(pub E);

impl<E> Deref for Valid<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.0
    }
}

impl<E, S> FromRequest<S> for Valid<E>
where
    E: FromRequest<S, Rejection = ApiError> + Part<Target: Rules>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let policy = ExtractPolicy::of(request.extensions());
        check(E::from_request(request, state).await?, policy)
    }
}

impl<E, S> FromRequestParts<S> for Valid<E>
where
    E: FromRequestParts<S, Rejection = ApiError> + Part<Target: Rules>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let policy = ExtractPolicy::of(&head.extensions);
        check(E::from_request_parts(head, state).await?, policy)
    }
}

fn check<E: Part<Target: Rules>>(
    extracted: E,
    policy: ExtractPolicy,
) -> Result<Valid<E>, ApiError> {
    refuse::<E>(extracted.broken(), policy)?;
    Ok(Valid(extracted))
}

/// A refusal with the first hundred of these issues, if there are any.
pub(super) fn refuse<E: Part>(broken: Vec<Issue>, policy: ExtractPolicy) -> Result<(), ApiError> {
    if broken.is_empty() {
        return Ok(());
    }
    let shown = broken.into_iter().take(MOST_FAULTS);
    Err(policy.invalid(shown.map(|issue| issue.within(E::NAME))))
}

/// An extractor of one part of the request. This module's are all that there are.
pub trait Part: Deref + sealed::Sealed {
    /// The first step of its issues' locations.
    const NAME: &'static str;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! parts {
    ($($extractor:ident $name:literal,)*) => {
        $(
            impl<T> sealed::Sealed for $extractor<T> {}

            impl<T> Part for $extractor<T> {
                const NAME: &'static str = $name;
            }
        )*
    };
}

parts! {
    Cookie "cookie",
    Header "header",
    Json "body",
    Path "path",
    Query "query",
}

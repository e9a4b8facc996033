//! The rules of `garde`, for the types that have them.

use std::ops::Deref;

use axum_core::extract::{FromRequest, FromRequestParts, Request};
use garde::Validate;
use http::request::Parts;
use portcullis_core::{ApiError, Issue, Segment};

use super::{ExtractPolicy, Part, valid::refuse};
use crate::faults::MOST_FAULTS;

/// An extractor whose value also keeps the rules of `garde`: its type implements
/// [`garde::Validate`], with a context that has a default.
///
/// ```
/// use garde::Validate;
/// use portcullis_envelope::extract::{Garde, Json};
///
/// #[derive(serde::Deserialize, Validate)]
/// struct Stay {
///     #[garde(range(min = 1))]
///     nights: u8,
/// }
///
/// async fn book(Garde(Json(stay)): Garde<Json<Stay>>) -> String {
///     format!("{} nights", stay.nights)
/// }
/// ```
///
/// # Rejections
///
/// The extractor's own, and 422 with an issue for each of the first hundred lines of garde's report,
/// in its order, of the kind `value_error`. garde knows a member by its Rust name: one that serde
/// renames stands under the Rust name, and a map's key with a dot or a bracket is taken for several
/// steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Garde<E>(pub E);

impl<E> Deref for Garde<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.0
    }
}

impl<E, S> FromRequest<S> for Garde<E>
where
    E: FromRequest<S, Rejection = ApiError> + Part<Target: Validate<Context: Default>>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let policy = ExtractPolicy::of(request.extensions());
        let extracted = E::from_request(request, state).await?;
        refuse::<E>(broken(&*extracted), policy)?;
        Ok(Self(extracted))
    }
}

impl<E, S> FromRequestParts<S> for Garde<E>
where
    E: FromRequestParts<S, Rejection = ApiError> + Part<Target: Validate<Context: Default>>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let policy = ExtractPolicy::of(&head.extensions);
        let extracted = E::from_request_parts(head, state).await?;
        refuse::<E>(broken(&*extracted), policy)?;
        Ok(Self(extracted))
    }
}

/// The first hundred lines of garde's report, each an issue.
fn broken<T: Validate<Context: Default> + ?Sized>(value: &T) -> Vec<Issue> {
    let Err(report) = value.validate() else { return Vec::new() };
    let issues = report.iter().take(MOST_FAULTS).map(|(path, error)| {
        let issue = Issue::new("value_error", format!("Value error, {}", error.message()));
        steps(&path.to_string()).into_iter().fold(issue, Issue::at)
    });
    issues.collect()
}

/// The steps of a path as garde writes it: `items[1].qty`.
fn steps(path: &str) -> Vec<Segment> {
    let parts = path.split(['.', '[']).filter(|part| !part.is_empty());
    let step = |part: &str| match part.strip_suffix(']') {
        Some(index) => match index.parse::<usize>() {
            Ok(index) => Segment::from(index),
            Err(_) => Segment::from(index.to_owned()),
        },
        None => Segment::from(part.to_owned()),
    };
    parts.map(step).collect()
}

#[cfg(test)]
mod tests {
    use garde::Validate;

    use super::*;

    #[derive(Validate)]
    struct Order {
        #[garde(length(min = 1))]
        subject: String,
        #[garde(dive)]
        items: Vec<Item>,
    }

    #[derive(Validate)]
    struct Item {
        #[garde(range(min = 1))]
        qty: u8,
    }

    #[test]
    fn every_broken_rule_is_an_issue_at_its_place() {
        let items = vec![Item { qty: 1 }, Item { qty: 0 }];
        let broken = broken(&Order { subject: String::new(), items });

        let located: Vec<_> = broken.iter().map(Issue::location).collect();
        let subject: &[Segment] = &["subject".into()];
        let qty: &[Segment] = &["items".into(), 1.into(), "qty".into()];
        assert_eq!(located, [qty, subject]);
        assert!(broken.iter().all(|issue| issue.message().starts_with("Value error, ")));
    }

    #[test]
    fn what_keeps_its_rules_has_no_issue() {
        assert!(broken(&Order { subject: "a".to_owned(), items: Vec::new() }).is_empty());
    }
}

use std::borrow::Cow;

use axum_core::extract::FromRequestParts;
use http::{Uri, request::Parts};
use portcullis_core::ApiError;
use serde_core::de::DeserializeOwned;

use super::{ExtractPolicy, words};
use crate::faults::{self, Source};

/// The query of the request's URI.
///
/// It takes the place of axum's `Query`. Numbers and booleans are read from their text as pydantic
/// reads them (`true`, `1`, `on`, `yes` and so on); a name that comes more than once fills a list,
/// and is refused where one value is wanted. Names that the type does not declare are ignored,
/// unless it says `deny_unknown_fields`.
///
/// ```
/// use portcullis_envelope::extract::Query;
///
/// #[derive(serde::Deserialize)]
/// struct Page {
///     number: u32,
///     #[serde(default)]
///     tags: Vec<String>,
/// }
///
/// let uri = "/tickets?number=2&tags=new&tags=urgent".parse()?;
/// let Query(page) = Query::<Page>::try_from_uri(&uri)?;
/// assert_eq!((page.number, page.tags.len()), (2, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Rejections
///
/// 422 with one issue for each fault, at `["query", "number"]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Query<T>(pub T);

super::transparent!(Query);

impl<T: DeserializeOwned> Query<T> {
    /// Reads the query of a URI that is at hand already.
    ///
    /// # Errors
    ///
    /// 422 with all faults of the query.
    pub fn try_from_uri(uri: &Uri) -> Result<Self, ApiError> {
        Self::read(uri.query().unwrap_or_default(), ExtractPolicy::new())
    }

    fn read(query: &str, policy: ExtractPolicy) -> Result<Self, ApiError> {
        let pairs = form_urlencoded::parse(query.as_bytes());
        let read = |node| faults::read(&node, "query", Source::Words, policy.reveal()).map(Self);
        read(words::object(pairs.map(|(name, value): (Cow<'_, str>, _)| (name, Some(value)))))
            .or_else(|issues| match &*issues {
                // The type wants the query as a list of pairs.
                [issue] if issue.kind() == "list_type" && issue.location().len() == 1 => {
                    read(words::pairs(pairs))
                }
                _ => Err(issues),
            })
            .map_err(|issues| policy.invalid(issues))
    }
}

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        Self::read(head.uri.query().unwrap_or_default(), ExtractPolicy::of(&head.extensions))
    }
}

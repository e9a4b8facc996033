use std::borrow::Cow;

use axum_core::extract::FromRequestParts;
use http::{HeaderMap, request::Parts};
use portcullis_core::ApiError;
use serde_core::de::DeserializeOwned;

use super::{ExtractPolicy, words};
use crate::faults::{self, Node, Source};

/// The request's headers, as members of a struct.
///
/// A member `x_request_id`, or one renamed to `X-Request-Id`, is the header `x-request-id`. A list
/// takes every line of a header; where one value is wanted, a second line is refused. Maps and
/// flattened parts have the names as HTTP/2 writes them: `x-request-id`.
///
/// ```
/// use portcullis_envelope::extract::Header;
///
/// #[derive(serde::Deserialize)]
/// struct Trace {
///     x_request_id: String,
///     x_depth: Option<u8>,
/// }
///
/// async fn show(Header(trace): Header<Trace>) -> String {
///     trace.x_request_id
/// }
/// ```
///
/// # Rejections
///
/// 422 with one issue for each fault, at `["header", "x-request-id"]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Header<T>(pub T);

super::transparent!(Header);

impl<T, S> FromRequestParts<S> for Header<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let policy = ExtractPolicy::of(&head.extensions);
        faults::read(&lines(&head.headers), "header", Source::Headers, policy.reveal())
            .map(Self)
            .map_err(|issues| policy.invalid(issues))
    }
}

fn lines(headers: &HeaderMap) -> Node<'_> {
    words::object(headers.iter().map(|(name, value)| {
        let text = std::str::from_utf8(value.as_bytes()).ok();
        (Cow::Borrowed(name.as_str()), text.map(Cow::Borrowed))
    }))
}

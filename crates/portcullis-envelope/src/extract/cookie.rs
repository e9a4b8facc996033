use std::borrow::Cow;

use axum_core::extract::FromRequestParts;
use http::{HeaderMap, header::COOKIE, request::Parts};
use portcullis_core::ApiError;
use serde_core::de::DeserializeOwned;

use super::{ExtractPolicy, words};
use crate::faults::{self, Node, Source};

/// The request's cookies, as members of a struct or a map.
///
/// The values are the caller's own text: not decoded, not verified. A cookie that comes twice fills
/// a list, and is refused where one value is wanted.
///
/// ```
/// use portcullis_envelope::extract::Cookie;
///
/// #[derive(serde::Deserialize)]
/// struct Preferences {
///     rows: u16,
/// }
///
/// async fn list(Cookie(preferences): Cookie<Preferences>) -> String {
///     format!("{} rows", preferences.rows)
/// }
/// ```
///
/// # Rejections
///
/// 422 with one issue for each fault, at `["cookie", "rows"]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Cookie<T>(pub T);

super::transparent!(Cookie);

impl<T, S> FromRequestParts<S> for Cookie<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(head: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let policy = ExtractPolicy::of(&head.extensions);
        faults::read(&cookies(&head.headers), "cookie", Source::Words, policy.reveal())
            .map(Self)
            .map_err(|issues| policy.invalid(issues))
    }
}

/// RFC 6265, section 4.2.1: `name=value` pairs, parted by semicolons. What is no pair is no cookie.
fn cookies(headers: &HeaderMap) -> Node<'_> {
    let lines = headers.get_all(COOKIE).iter();
    // Another application's cookie may be no UTF-8, and spoils no other.
    let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let texts = pairs.filter_map(|pair| std::str::from_utf8(pair).ok());
    let pairs = texts.filter_map(|pair| pair.split_once('='));
    words::object(pairs.map(|(name, value)| {
        let value = value.trim();
        let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        (Cow::Borrowed(name.trim()), Some(Cow::Borrowed(unquoted.unwrap_or(value))))
    }))
}

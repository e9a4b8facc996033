//! What a body says that it is.

use http::{HeaderMap, header::CONTENT_TYPE};

/// The media type without its parameters, in lower case.
pub(crate) fn essence(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// Whether this essence is `application/json` or an `application/*+json`.
pub(crate) fn is_json(essence: &str) -> bool {
    essence
        .strip_prefix("application/")
        .is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}

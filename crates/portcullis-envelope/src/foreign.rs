//! What becomes of errors that others have written.

use std::borrow::Cow;

use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};

use crate::media_type::{essence, is_json};

/// What becomes of an error whose body somebody else wrote in some media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreign {
    /// It leaves as it is: the application renders its own errors.
    Keep,
    /// It leaves in the envelope.
    Adopt,
}

/// What a client reads of an adopted 4xx that came with a text.
///
/// The text of a 5xx is never shown, and is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientText {
    /// The text, as `(StatusCode::CONFLICT, "Name is taken")` means it; but the status's phrase
    /// where the text is one of axum's or tower-http's own, which carry Rust's words, serde's, or
    /// the caller's input.
    #[default]
    Own,
    /// Always the status's phrase. Bodies are not even read.
    Phrase,
}

/// Which foreign errors are kept.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    /// Media types, the last one that matches being the one that counts.
    rules: Vec<(Cow<'static, str>, Foreign)>,
}

impl Policy {
    pub(crate) fn set(&mut self, media_type: Cow<'static, str>, foreign: Foreign) {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        self.rules.push((Cow::Owned(essence.to_ascii_lowercase()), foreign));
    }

    /// What becomes of a body with these headers.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Foreign {
        let Some(essence) = essence(headers) else { return Foreign::Adopt };
        let rule = self.rules.iter().rev().find(|(media_type, _)| matches(media_type, &essence));
        rule.map_or(Foreign::Adopt, |(_, foreign)| *foreign)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self { rules: vec![(Cow::Borrowed("application/json"), Foreign::Keep)] }
    }
}

/// Whether the answer is a gRPC one, which says in its trailers, or headers, what went wrong.
pub(crate) fn is_grpc(headers: &HeaderMap) -> bool {
    essence(headers).is_some_and(|essence| essence.starts_with("application/grpc"))
}

/// Whether the body is plain text, in UTF-8 as far as its headers say.
pub(crate) fn is_text(headers: &HeaderMap) -> bool {
    let Some(media_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let media_type = media_type.to_ascii_lowercase();
    let mut parts = media_type.split(';').map(str::trim);
    parts.next() == Some("text/plain")
        && parts.all(|part| !part.starts_with("charset=") || part.contains("utf-8"))
        && !headers.contains_key(CONTENT_ENCODING)
}

/// Whether a rule covers this media type: the same, any of `text/*`, or a `+json` of
/// `application/json`. Both are in lower case.
fn matches(rule: &str, essence: &str) -> bool {
    if rule == essence {
        return true;
    }
    match rule.strip_suffix('*') {
        Some(kind) => kind.ends_with('/') && essence.starts_with(kind),
        None => rule == "application/json" && is_json(essence),
    }
}

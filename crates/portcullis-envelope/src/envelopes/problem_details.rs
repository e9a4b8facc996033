use std::borrow::Cow;

use http::HeaderValue;
use portcullis_core::{ApiError, Issue, Segment};
use serde_core::{Serialize, Serializer, ser::SerializeMap};

use super::{
    Phrases,
    issues::{Pointer, serialize_members, value, within},
};
use crate::{Envelope, Rendered};

/// `application/problem+json` (RFC 9457):
/// `{"type":"about:blank","title":"Not Found","status":404,"detail":"…"}`
///
/// `title` is the status's phrase, `detail` the error's own message, where it has one, and `code`
/// its code. `instance` is there if the layer was
/// [told](crate::EnvelopeLayer::with_instance) to say it. Issues stand in `errors`, each with a
/// `detail`, its `code`, and where it is: a JSON Pointer into the body (`"pointer":"#/items/1/qty"`;
/// where a map's key is wrong, to the member that has it), or a `parameter` and what it is `in` (`query`, `path`, `header`, `cookie`). Extra members come
/// last.
///
/// With a base address, an error with a code has a type of its own:
///
/// ```
/// use portcullis_envelope::{ApiError, Code, Envelope, ProblemDetails};
///
/// let envelope = ProblemDetails::new().with_type_base("https://errors.example.com/");
/// let rendered = envelope.render(&ApiError::conflict().with_code(Code::new("NAME_TAKEN")));
/// assert_eq!(
///     rendered.body,
///     concat!(
///         r#"{"type":"https://errors.example.com/NAME_TAKEN","title":"Conflict","status":409,"#,
///         r#""code":"NAME_TAKEN"}"#
///     )
/// );
/// ```
#[derive(Clone, Debug)]
pub struct ProblemDetails {
    type_base: Option<Cow<'static, str>>,
    phrases: Phrases,
}

impl ProblemDetails {
    /// The envelope, in which every problem is of the type `about:blank`.
    pub const fn new() -> Self {
        Self { type_base: None, phrases: Phrases::rfc9110() }
    }

    /// The type of an error with a code is this address and the code.
    #[must_use]
    pub fn with_type_base(self, base: impl Into<Cow<'static, str>>) -> Self {
        Self { type_base: Some(base.into()), ..self }
    }

    /// Reads these phrases as titles.
    #[must_use]
    pub fn with_phrases(self, phrases: Phrases) -> Self {
        Self { phrases, ..self }
    }
}

impl Default for ProblemDetails {
    fn default() -> Self {
        Self::new()
    }
}

impl Envelope for ProblemDetails {
    fn render(&self, error: &ApiError) -> Rendered {
        let json = Rendered::json(&Problem { style: self, error });
        Rendered { content_type: HeaderValue::from_static("application/problem+json"), ..json }
    }

    fn repeats(&self, _error: &ApiError) -> bool {
        true
    }
}

struct Problem<'a> {
    style: &'a ProblemDetails,
    error: &'a ApiError,
}

impl Serialize for Problem<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { style, error } = self;
        let mut problem = serializer.serialize_map(None)?;
        match (&style.type_base, error.code()) {
            (Some(base), Some(code)) => {
                problem.serialize_entry("type", &format_args!("{base}{code}"))?;
            }
            _ => problem.serialize_entry("type", "about:blank")?,
        }
        problem.serialize_entry("title", style.phrases.of(error.status()))?;
        problem.serialize_entry("status", &error.status().as_u16())?;
        if let Some(detail) = error.own_message() {
            problem.serialize_entry("detail", detail)?;
        }
        if let Some(code) = error.code() {
            problem.serialize_entry("code", code.as_str())?;
        }
        if !error.issues().is_empty() {
            problem.serialize_entry("errors", &Errors(error.issues()))?;
        }
        serialize_members(
            &mut problem,
            error,
            &["type", "title", "status", "detail", "code", "errors"],
        )?;
        problem.end()
    }
}

struct Errors<'a>(&'a [Issue]);

impl Serialize for Errors<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Item))
    }
}

struct Item<'a>(&'a Issue);

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let issue = self.0;
        let mut item = serializer.serialize_map(None)?;
        item.serialize_entry("detail", issue.message())?;
        item.serialize_entry("code", issue.kind())?;
        match issue.location() {
            [Segment::Name(part), Segment::Name(parameter), ..] if part != "body" => {
                item.serialize_entry("in", part)?;
                item.serialize_entry("parameter", parameter)?;
            }
            [Segment::Name(part), ..] if part != "body" => item.serialize_entry("in", part)?,
            _ => {
                let pointer = Pointer(value(within(issue)));
                item.serialize_entry("pointer", &format_args!("{pointer}"))?;
            }
        }
        item.end()
    }
}

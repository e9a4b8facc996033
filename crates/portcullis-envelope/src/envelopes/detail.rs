use portcullis_core::{ApiError, Code, Issue};
use serde_core::{Serialize, Serializer, ser::SerializeMap};

use super::{
    Phrases,
    issues::{Dotted, Location, Object, serialize_members},
};
use crate::{Envelope, Rendered};

/// `{"detail":"Not Found"}`: the shape that FastAPI made common.
///
/// The message stands under `detail`, and an error's extra members beside it. Where an error has
/// issues, `detail` is the array of them, each with `loc`, `msg` and `type`. An error without a
/// message reads Python's reason phrase.
///
/// ```
/// use portcullis_envelope::{ApiError, Detail, Envelope};
///
/// let error = ApiError::forbidden().with_message("Verify your e-mail").with_member("resend", true);
/// let rendered = Detail::new().render(&error);
/// assert_eq!(rendered.body, r#"{"detail":"Verify your e-mail","resend":true}"#);
/// ```
///
/// With codes:
///
/// ```
/// use portcullis_envelope::{ApiError, Code, CodePlace, Detail, Envelope};
///
/// let error = ApiError::forbidden().with_code(Code::new("NO_ACCESS")).with_message("Not yours");
/// let nested = Detail::new().with_code(CodePlace::Nested).render(&error);
/// assert_eq!(nested.body, r#"{"detail":{"code":"NO_ACCESS","message":"Not yours"}}"#);
/// let beside = Detail::new().with_code(CodePlace::Beside).render(&error);
/// assert_eq!(beside.body, r#"{"detail":"Not yours","code":"NO_ACCESS"}"#);
/// ```
#[derive(Clone, Debug)]
pub struct Detail {
    code: CodePlace,
    issues: IssuesAs,
    shows_context: bool,
    shows_input: bool,
    phrases: Phrases,
}

/// Where a [`Detail`] shows the code of an error that has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodePlace {
    /// Nowhere: clients branch on the status.
    #[default]
    Omitted,
    /// `{"detail":{"code":…,"message":…}}`
    Nested,
    /// `{"detail":…,"code":…}`
    Beside,
}

/// How a [`Detail`] shows the issues of a validation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssuesAs {
    /// `[{"loc":["body","subject"],"msg":"Field required","type":"missing"}]`
    #[default]
    List,
    /// `"body.subject: Field required; body.priority: …"`
    Text,
}

impl Detail {
    /// The envelope, without codes.
    pub const fn new() -> Self {
        Self {
            code: CodePlace::Omitted,
            issues: IssuesAs::List,
            shows_context: false,
            shows_input: false,
            phrases: Phrases::python(),
        }
    }

    /// Shows codes, there.
    #[must_use]
    pub fn with_code(self, place: CodePlace) -> Self {
        Self { code: place, ..self }
    }

    /// Shows issues so.
    #[must_use]
    pub fn with_issues(self, issues: IssuesAs) -> Self {
        Self { issues, ..self }
    }

    /// Shows the bounds that an input broke, as `ctx`.
    #[must_use]
    pub fn with_context(self) -> Self {
        Self { shows_context: true, ..self }
    }

    /// Shows what the caller sent, as `input`, where the extractor kept it. It may be a secret.
    #[must_use]
    pub fn with_input(self) -> Self {
        Self { shows_input: true, ..self }
    }

    /// Reads these phrases where an error has no message.
    #[must_use]
    pub fn with_phrases(self, phrases: Phrases) -> Self {
        Self { phrases, ..self }
    }
}

impl Default for Detail {
    fn default() -> Self {
        Self::new()
    }
}

impl Envelope for Detail {
    fn render(&self, error: &ApiError) -> Rendered {
        Rendered::json(&Body { style: self, error })
    }

    fn repeats(&self, _error: &ApiError) -> bool {
        true
    }
}

struct Body<'a> {
    style: &'a Detail,
    error: &'a ApiError,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { style, error } = *self;
        let message = style.phrases.message(error);
        let mut body = serializer.serialize_map(None)?;
        match (error.issues(), style.issues, style.code, error.code()) {
            ([], _, CodePlace::Nested, Some(code)) => {
                body.serialize_entry("detail", &Nested { code, message })?;
            }
            ([], ..) => body.serialize_entry("detail", message)?,
            (issues, IssuesAs::Text, ..) => body.serialize_entry("detail", &joined(issues))?,
            (issues, IssuesAs::List, ..) => {
                body.serialize_entry("detail", &List { style, issues })?;
            }
        }
        if let (CodePlace::Beside, Some(code)) = (style.code, error.code()) {
            body.serialize_entry("code", code.as_str())?;
        }
        let is_beside = style.code == CodePlace::Beside;
        let own: &[&str] = if is_beside { &["detail", "code"] } else { &["detail"] };
        serialize_members(&mut body, error, own)?;
        body.end()
    }
}

struct Nested<'a> {
    code: Code,
    message: &'a str,
}

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut nested = serializer.serialize_map(Some(2))?;
        nested.serialize_entry("code", self.code.as_str())?;
        nested.serialize_entry("message", self.message)?;
        nested.end()
    }
}

fn joined(issues: &[Issue]) -> String {
    let texts = issues.iter().map(|issue| match issue.location() {
        [] => issue.message().to_owned(),
        location => format!("{}: {}", Dotted(location), issue.message()),
    });
    texts.collect::<Vec<_>>().join("; ")
}

struct List<'a> {
    style: &'a Detail,
    issues: &'a [Issue],
}

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.issues.iter().map(|issue| Item { style: self.style, issue }))
    }
}

struct Item<'a> {
    style: &'a Detail,
    issue: &'a Issue,
}

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { style, issue } = self;
        let mut item = serializer.serialize_map(None)?;
        item.serialize_entry("loc", &Location(issue.location()))?;
        item.serialize_entry("msg", issue.message())?;
        item.serialize_entry("type", issue.kind())?;
        if style.shows_context && issue.context().len() > 0 {
            item.serialize_entry("ctx", &Object(issue.context()))?;
        }
        if let (true, Some(input)) = (style.shows_input, issue.input()) {
            item.serialize_entry("input", input)?;
        }
        item.end()
    }
}

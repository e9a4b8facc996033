use std::collections::BTreeMap;

use portcullis_core::{ApiError, CatalogueEntry, ErrorStatus, Issue};
use serde_core::{Serialize, Serializer, ser::SerializeMap};

use super::{
    Phrases,
    by_status::{ByStatus, Case},
    issues::{Dotted, serialize_members, within},
};
use crate::{Envelope, Rendered};

/// `{"error":{"code":"APP_002","message":"Application not found"}}`
///
/// A validation's issues stand in `details`, grouped by field:
/// `{"formErrors":[…],"fieldErrors":{"address.city":["Field required"]}}`. Extra members stand in
/// the inner object.
///
/// An error without a code takes the entry for its status, and where there is none a code made from
/// the status's phrase, `NOT_FOUND`:
///
/// ```
/// use portcullis_envelope::{ApiError, Envelope, ErrorObject, ErrorStatus, catalogue};
///
/// catalogue! { REQUESTS { REQ_404: 404, "No such route"; } }
///
/// let envelope = ErrorObject::new().with_entry(ErrorStatus::NOT_FOUND, REQ_404);
/// let rendered = envelope.render(&ApiError::not_found());
/// assert_eq!(rendered.body, r#"{"error":{"code":"REQ_404","message":"No such route"}}"#);
/// ```
#[derive(Clone, Debug)]
pub struct ErrorObject {
    details: DetailsWhen,
    by_status: ByStatus,
}

/// When an [`ErrorObject`] has `details`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DetailsWhen {
    /// On errors that have issues.
    #[default]
    Issues,
    /// On every error; `{}` where it has none.
    Always,
}

impl ErrorObject {
    /// The envelope, with codes from phrases where an error has none.
    pub const fn new() -> Self {
        Self { details: DetailsWhen::Issues, by_status: ByStatus::new(Case::Upper) }
    }

    /// The code and message for errors of this status that have none of their own.
    #[must_use]
    pub fn with_entry(mut self, status: ErrorStatus, entry: CatalogueEntry) -> Self {
        self.by_status.insert(status, entry);
        self
    }

    /// Each of these entries for errors of its status that have none of their own: a whole table, or
    /// some constants of one.
    ///
    /// ```
    /// use portcullis_envelope::{ErrorObject, catalogue};
    ///
    /// catalogue! {
    ///     REQUESTS {
    ///         REQ_404: 404, "No such route";
    ///         REQ_405: 405, "The route has no such method";
    ///     }
    /// }
    /// catalogue! { SERVER { SRV_001: 500, "Internal server error"; } }
    ///
    /// let envelope = ErrorObject::new().with_entries(REQUESTS.entries()).with_entries(&[SRV_001]);
    /// # let _ = envelope;
    /// ```
    ///
    /// # Panics
    ///
    /// When two of them have the same status.
    #[must_use]
    #[track_caller]
    pub fn with_entries<'a>(
        mut self,
        entries: impl IntoIterator<Item = &'a CatalogueEntry>,
    ) -> Self {
        self.by_status.insert_all(entries);
        self
    }

    /// Has `details` then.
    #[must_use]
    pub fn with_details(self, details: DetailsWhen) -> Self {
        Self { details, ..self }
    }

    /// Reads these phrases where neither the error nor an entry has a message.
    #[must_use]
    pub fn with_phrases(mut self, phrases: Phrases) -> Self {
        self.by_status.set_phrases(phrases);
        self
    }
}

impl Default for ErrorObject {
    fn default() -> Self {
        Self::new()
    }
}

impl Envelope for ErrorObject {
    fn render(&self, error: &ApiError) -> Rendered {
        Rendered::json(&Outer(Inner { style: self, error }))
    }

    fn repeats(&self, _error: &ApiError) -> bool {
        true
    }
}

struct Outer<'a>(Inner<'a>);

impl Serialize for Outer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut outer = serializer.serialize_map(Some(1))?;
        outer.serialize_entry("error", &self.0)?;
        outer.end()
    }
}

struct Inner<'a> {
    style: &'a ErrorObject,
    error: &'a ApiError,
}

impl Serialize for Inner<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { style, error } = self;
        let mut inner = serializer.serialize_map(None)?;
        inner.serialize_entry("code", &style.by_status.code(error))?;
        inner.serialize_entry("message", style.by_status.message(error))?;
        match (error.issues(), style.details) {
            ([], DetailsWhen::Issues) => {}
            ([], DetailsWhen::Always) => inner.serialize_entry("details", &NoDetails)?,
            (issues, _) => inner.serialize_entry("details", &Details::of(issues))?,
        }
        serialize_members(&mut inner, error, &["code", "message", "details"])?;
        inner.end()
    }
}

/// `{}`
struct NoDetails;

impl Serialize for NoDetails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_map(Some(0))?.end()
    }
}

/// Issues by field, the fields in the order of their first issue.
struct Details<'a> {
    form: Vec<&'a str>,
    fields: Vec<(String, Vec<&'a str>)>,
}

impl<'a> Details<'a> {
    fn of(issues: &'a [Issue]) -> Self {
        let mut details = Self { form: Vec::new(), fields: Vec::new() };
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for issue in issues {
            let location = within(issue);
            if location.is_empty() {
                details.form.push(issue.message());
                continue;
            }
            let place = *places.entry(Dotted(location).to_string()).or_insert_with_key(|field| {
                details.fields.push((field.clone(), Vec::new()));
                details.fields.len() - 1
            });
            details.fields[place].1.push(issue.message());
        }
        details
    }
}

impl Serialize for Details<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut details = serializer.serialize_map(Some(2))?;
        details.serialize_entry("formErrors", &self.form)?;
        details.serialize_entry("fieldErrors", &Fields(&self.fields))?;
        details.end()
    }
}

struct Fields<'a>(&'a [(String, Vec<&'a str>)]);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(field, messages)| (field, messages)))
    }
}

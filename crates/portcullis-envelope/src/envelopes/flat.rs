use portcullis_core::{ApiError, CatalogueEntry, ErrorStatus};
use serde_core::{Serialize, Serializer, ser::SerializeMap};

use super::{
    Phrases,
    by_status::{ByStatus, Case},
    issues::serialize_members,
};
use crate::{Envelope, Rendered};

/// `{"error":"rate_limit_exceeded","message":"…","retry_after":12}`
///
/// The shape of an endpoint that goes its own way. `retry_after`, in seconds, is the number of the
/// `Retry-After` header, and stands there where there is one. An error without a code takes the
/// entry for its status, and where there is none a code made from the status's phrase,
/// `too_many_requests`. Extra members come last.
///
/// ```
/// use std::time::Duration;
///
/// use portcullis_envelope::{ApiError, Envelope, Flat};
///
/// let error = ApiError::too_many_requests(Duration::from_secs(12)).with_message("Slow down");
/// let rendered = Flat::new().render(&error);
/// let body = r#"{"error":"too_many_requests","message":"Slow down","retry_after":12}"#;
/// assert_eq!(rendered.body, body);
/// ```
#[derive(Clone, Debug)]
pub struct Flat {
    by_status: ByStatus,
}

impl Flat {
    /// The envelope, with codes from phrases where an error has none.
    pub const fn new() -> Self {
        Self { by_status: ByStatus::new(Case::Lower) }
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

    /// Reads these phrases where neither the error nor an entry has a message.
    #[must_use]
    pub fn with_phrases(mut self, phrases: Phrases) -> Self {
        self.by_status.set_phrases(phrases);
        self
    }
}

impl Default for Flat {
    fn default() -> Self {
        Self::new()
    }
}

impl Envelope for Flat {
    fn render(&self, error: &ApiError) -> Rendered {
        Rendered::json(&Body { style: self, error })
    }

    /// It shows the seconds to wait.
    fn repeats(&self, error: &ApiError) -> bool {
        error.retry_after().is_none()
    }
}

struct Body<'a> {
    style: &'a Flat,
    error: &'a ApiError,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { style, error } = self;
        let mut body = serializer.serialize_map(None)?;
        body.serialize_entry("error", &style.by_status.code(error))?;
        body.serialize_entry("message", style.by_status.message(error))?;
        if let Some(seconds) = error.retry_after() {
            body.serialize_entry("retry_after", &seconds.get())?;
        }
        serialize_members(&mut body, error, &["error", "message", "retry_after"])?;
        body.end()
    }
}

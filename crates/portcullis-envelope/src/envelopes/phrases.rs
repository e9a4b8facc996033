use std::{borrow::Cow, collections::BTreeMap};

use portcullis_core::{ApiError, ErrorStatus};

/// What an error reads that has no message of its own.
///
/// ```
/// use portcullis_envelope::{ErrorStatus, Phrases};
///
/// let phrases = Phrases::python()
///     .with(ErrorStatus::INTERNAL_SERVER_ERROR, "Internal server error");
/// assert_eq!(phrases.of(ErrorStatus::PAYLOAD_TOO_LARGE), "Request Entity Too Large");
/// ```
#[derive(Clone, Debug)]
pub struct Phrases {
    base: Base,
    own: BTreeMap<u16, Cow<'static, str>>,
}

#[derive(Clone, Copy, Debug)]
enum Base {
    Rfc9110,
    Python,
}

impl Phrases {
    /// The reason phrases of RFC 9110, section 15: `Content Too Large`, `Unprocessable Content`.
    pub const fn rfc9110() -> Self {
        Self { base: Base::Rfc9110, own: BTreeMap::new() }
    }

    /// The reason phrases of Python's `http.HTTPStatus` up to 3.12, which FastAPI sends: `Request
    /// Entity Too Large`, `Unprocessable Entity`. (3.13 took those of RFC 9110.)
    pub const fn python() -> Self {
        Self { base: Base::Python, own: BTreeMap::new() }
    }

    /// Another phrase for one status.
    #[must_use]
    pub fn with(mut self, status: ErrorStatus, phrase: impl Into<Cow<'static, str>>) -> Self {
        self.own.insert(status.as_u16(), phrase.into());
        self
    }

    /// The phrase of a status.
    pub fn of(&self, status: ErrorStatus) -> &str {
        if let Some(own) = self.own.get(&status.as_u16()) {
            return own;
        }
        match (self.base, status.as_u16()) {
            (Base::Python, 413) => "Request Entity Too Large",
            (Base::Python, 414) => "Request-URI Too Long",
            (Base::Python, 416) => "Requested Range Not Satisfiable",
            (Base::Python, 418) => "I'm a Teapot",
            (Base::Python, 422) => "Unprocessable Entity",
            _ => status.phrase(),
        }
    }

    /// What a client reads of an error: its own message, or the phrase.
    pub fn message<'a>(&'a self, error: &'a ApiError) -> &'a str {
        error.own_message().unwrap_or_else(|| self.of(error.status()))
    }
}

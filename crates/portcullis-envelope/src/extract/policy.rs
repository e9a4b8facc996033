use http::Extensions;
use portcullis_core::{ApiError, CatalogueEntry, Issue};

use crate::faults::Reveal;

/// How the extractors answer, where a service wants it otherwise than they do by default.
///
/// They find it in the request's extensions, so that any layer may put it there:
///
/// ```
/// use axum::{Extension, Router, routing::post};
/// use portcullis_envelope::extract::{ExtractPolicy, Json, OnMalformed};
///
/// async fn create(Json(_ticket): Json<serde_json::Value>) {}
///
/// let policy = ExtractPolicy::new().with_on_malformed(OnMalformed::BadRequest);
/// let app: Router = Router::new().route("/tickets", post(create)).layer(Extension(policy));
/// # let _ = app;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExtractPolicy {
    on_invalid: OnInvalid,
    on_malformed: OnMalformed,
    inputs: Inputs,
    reasons: Reasons,
}

/// How a request is refused that has issues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnInvalid {
    /// 422 with its issues.
    #[default]
    Unprocessable,
    /// 400 with its issues, where an API knows no 422.
    BadRequest,
    /// The entry's status, code and message, with its issues: where an endpoint has a name for it.
    Entry(CatalogueEntry),
}

/// How a body that is no JSON at all is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnMalformed {
    /// As [`OnInvalid`] says, with one issue of the kind `json_invalid`, whose location ends in the
    /// character at which the body stops being JSON: as FastAPI does.
    #[default]
    Unprocessable,
    /// 400 without issues, with the message `There was an error parsing the body`.
    BadRequest,
}

/// Whether an issue keeps what the caller sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inputs {
    /// It does not: the input may be a secret.
    #[default]
    Dropped,
    /// It does, in [`Issue::input`](portcullis_core::Issue::input), up to 64 KiB for all issues of
    /// the request; what is larger is dropped, and a missing member has none. Whether it is shown is the envelope's choice.
    Kept,
}

/// Whether a type's own words on what is wrong with a value are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reasons {
    /// They are not, and the message is `Value error, invalid value`: such words often repeat the
    /// input, and name Rust's types.
    #[default]
    Hidden,
    /// They are: what a `try_from`, a `FromStr` or a `deserialize_with` says stands after
    /// `Value error, `, up to 200 characters of it.
    Shown,
}

impl ExtractPolicy {
    /// What the extractors do without a policy.
    pub const fn new() -> Self {
        Self {
            on_invalid: OnInvalid::Unprocessable,
            on_malformed: OnMalformed::Unprocessable,
            inputs: Inputs::Dropped,
            reasons: Reasons::Hidden,
        }
    }

    /// Says how a request that has issues is refused.
    ///
    /// On a route, where one endpoint has a name of its own for it; the policy there takes the place
    /// of one further out.
    ///
    /// ```
    /// use axum::{Extension, Router, handler::Handler, routing::post};
    /// use portcullis_envelope::catalogue;
    /// use portcullis_envelope::extract::{ExtractPolicy, Json, OnInvalid};
    ///
    /// catalogue! { USERS { USR_003: 400, "Invalid user data"; } }
    ///
    /// async fn create(Json(_user): Json<serde_json::Value>) {}
    ///
    /// let invalid = ExtractPolicy::new().with_on_invalid(OnInvalid::Entry(USR_003));
    /// let app: Router = Router::new().route("/users", post(create.layer(Extension(invalid))));
    /// # let _ = app;
    /// ```
    #[must_use]
    pub const fn with_on_invalid(self, on_invalid: OnInvalid) -> Self {
        Self { on_invalid, ..self }
    }

    /// Says how a body that is no JSON is refused.
    #[must_use]
    pub const fn with_on_malformed(self, on_malformed: OnMalformed) -> Self {
        Self { on_malformed, ..self }
    }

    /// Says whether issues keep what the caller sent.
    #[must_use]
    pub const fn with_inputs(self, inputs: Inputs) -> Self {
        Self { inputs, ..self }
    }

    /// Says whether a type's own words are shown.
    #[must_use]
    pub const fn with_reasons(self, reasons: Reasons) -> Self {
        Self { reasons, ..self }
    }

    pub(super) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or_default()
    }

    /// The refusal of what has these issues.
    pub(super) fn invalid(self, issues: impl IntoIterator<Item = Issue>) -> ApiError {
        let refusal = match self.on_invalid {
            OnInvalid::Unprocessable => ApiError::unprocessable(),
            OnInvalid::BadRequest => ApiError::bad_request(),
            OnInvalid::Entry(entry) => entry.into(),
        };
        issues.into_iter().fold(refusal, ApiError::with_issue)
    }

    pub(super) fn on_malformed(self) -> OnMalformed {
        self.on_malformed
    }

    pub(super) fn reveal(self) -> Reveal {
        Reveal { inputs: self.inputs == Inputs::Kept, reasons: self.reasons == Reasons::Shown }
    }
}

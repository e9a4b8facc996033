use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::HeaderValue;
use portcullis_core::ApiError;
use serde_core::Serialize;

/// The shape in which an API's errors leave.
///
/// See the [crate's example](crate) for one of your own.
pub trait Envelope: Send + Sync + 'static {
    /// Writes the body of an error.
    ///
    /// It is called for `HEAD` too, whose answer has the length and type of the body and not the
    /// body itself (RFC 9110, section 9.3.2). It must not panic: nothing is left to answer with.
    fn render(&self, error: &ApiError) -> Rendered;

    /// Whether this error's body is made of its status, code, message, issues and members alone, so
    /// that it is the same each time: of an error that is [prepared](ApiError::prepared) it is then
    /// written once. Not where it shows the time, a new id, or the seconds to wait; `false` unless
    /// the envelope says otherwise.
    fn repeats(&self, _error: &ApiError) -> bool {
        false
    }
}

impl<E: Envelope + ?Sized> Envelope for Arc<E> {
    fn render(&self, error: &ApiError) -> Rendered {
        (**self).render(error)
    }

    fn repeats(&self, error: &ApiError) -> bool {
        (**self).repeats(error)
    }
}

/// An error's body, and its media type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rendered {
    /// The response's `Content-Type`.
    pub content_type: HeaderValue,
    /// The response's body.
    pub body: Bytes,
}

impl Rendered {
    /// A body of this type.
    pub fn new(content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        Self { content_type, body: body.into() }
    }

    /// A compact JSON body, `application/json`.
    ///
    /// A value that cannot be written as JSON, such as a map whose keys are no strings, leaves as
    /// `{}`, and `tracing` is told why: an error is no place for a second one.
    pub fn json(value: &impl Serialize) -> Self {
        let mut body = Vec::with_capacity(128);
        if let Err(error) = serde_json::to_writer(&mut body, value) {
            tracing::error!(%error, "an envelope's body cannot be written as JSON");
            body = b"{}".to_vec();
        }
        Self::new(HeaderValue::from_static("application/json"), body)
    }
}

/// The shape of one error, whatever the layer's is: for an endpoint that goes its own way.
///
/// It stands in the error's extensions, so that a guard or a handler may put it there.
///
/// ```
/// use portcullis_envelope::{ApiError, Flat, OwnEnvelope, catalogue};
///
/// catalogue! { INGESTION { RATE_LIMIT_EXCEEDED as "rate_limit_exceeded": 429, "Slow down"; } }
///
/// let error = ApiError::from(RATE_LIMIT_EXCEEDED).with_extension(OwnEnvelope::new(Flat::new()));
/// # let _ = error;
/// ```
#[derive(Clone)]
pub struct OwnEnvelope(Arc<dyn Envelope>);

impl OwnEnvelope {
    /// This envelope, for the error that has it in its extensions.
    pub fn new(envelope: impl Envelope) -> Self {
        Self(Arc::new(envelope))
    }

    pub(crate) fn render(&self, error: &ApiError) -> Rendered {
        self.0.render(error)
    }
}

impl fmt::Debug for OwnEnvelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnEnvelope").finish_non_exhaustive()
    }
}

/// Marks a response as being in its last form: no envelope touches it.
///
/// ```
/// use http::{Response, StatusCode};
/// use portcullis_envelope::Final;
///
/// let mut page = Response::new("<h1>Gone fishing</h1>");
/// *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
/// page.extensions_mut().insert(Final);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Final;

use http::{HeaderValue, header::WWW_AUTHENTICATE};
use portcullis_core::ApiError;

use crate::{Reason, Unavailable};

/// How each [`Reason`] reads on the wire. Made once: a refusal is a clone of one pointer.
pub(crate) struct Refusals {
    missing: ApiError,
    malformed: ApiError,
    empty: ApiError,
    duplicate: ApiError,
    too_long: ApiError,
    unknown: ApiError,
    expired: ApiError,
}

impl Refusals {
    pub(crate) fn new() -> Self {
        const INVALID_REQUEST: &str = r#"Bearer error="invalid_request""#;
        const INVALID_TOKEN: &str = r#"Bearer error="invalid_token""#;
        Self {
            // Who sent no credentials is told no error (RFC 6750, section 3.1).
            missing: unauthorized("Bearer", "Missing bearer token"),
            malformed: unauthorized(INVALID_REQUEST, "Malformed Authorization header"),
            empty: unauthorized(INVALID_REQUEST, "Empty bearer token"),
            duplicate: unauthorized(INVALID_REQUEST, "More than one Authorization header"),
            too_long: unauthorized(INVALID_REQUEST, "Bearer token too long"),
            unknown: unauthorized(INVALID_TOKEN, "Invalid bearer token"),
            expired: unauthorized(INVALID_TOKEN, "Bearer token expired"),
        }
    }

    /// The refusal for this reason. A revoked token reads as one that never was.
    pub(crate) fn of(&self, reason: Reason) -> ApiError {
        let refusal = match reason {
            Reason::Missing => &self.missing,
            Reason::Malformed => &self.malformed,
            Reason::Empty => &self.empty,
            Reason::Duplicate => &self.duplicate,
            Reason::TooLong => &self.too_long,
            Reason::Unknown | Reason::Revoked => &self.unknown,
            Reason::Expired => &self.expired,
        };
        refusal.clone()
    }

    /// The refusal when nobody could say whether the token is good.
    pub(crate) fn unavailable(why: Unavailable) -> ApiError {
        ApiError::unavailable(why.source).with_retry_after(why.retry_after)
    }
}

fn unauthorized(challenge: &'static str, message: &'static str) -> ApiError {
    ApiError::unauthorized()
        .with_header(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
        .with_message(message)
}

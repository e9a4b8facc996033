//! What the presets say.

use portcullis_core::ErrorStatus;

use crate::Reason;

pub(super) fn status(reason: Reason) -> ErrorStatus {
    match reason.is_forbidden() {
        true => ErrorStatus::FORBIDDEN,
        false => ErrorStatus::UNAUTHORIZED,
    }
}

/// RFC 6750, section 3.1: `invalid_request` is a 400.
pub(super) fn rfc6750_status(reason: Reason) -> ErrorStatus {
    match reason.error_code() {
        Some("invalid_request") => ErrorStatus::BAD_REQUEST,
        _ => status(reason),
    }
}

/// A revoked token reads as one that never was.
pub(super) fn message(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "Missing bearer token",
        Reason::OtherScheme => "Authorization scheme is not Bearer",
        Reason::Malformed => "Malformed Authorization header",
        Reason::Empty => "Empty bearer token",
        Reason::Duplicate => "More than one Authorization header",
        Reason::TooLong => "Bearer token too long",
        Reason::Unknown | Reason::Revoked => "Invalid bearer token",
        Reason::Expired => "Bearer token expired",
        Reason::InsufficientScope => "Missing required scope: {scope}",
        Reason::NotPermitted => "These credentials are not permitted for this endpoint",
    }
}

/// What is said of a session, in place of what is said of a token.
pub(super) fn session_message(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "Missing session",
        Reason::Malformed => "Malformed session cookie",
        Reason::Empty => "Empty session cookie",
        Reason::Duplicate => "More than one session cookie",
        Reason::TooLong => "Session cookie too long",
        Reason::Unknown | Reason::Revoked => "Invalid session",
        Reason::Expired => "Session expired",
        Reason::OtherScheme | Reason::InsufficientScope | Reason::NotPermitted => message(reason),
    }
}

/// Seen on FastAPI 0.165: `HTTPBearer` says the first to who sent no bearer token, its guide the
/// second of one that is not good, and the third of scopes.
pub(super) fn fastapi_message(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing | Reason::OtherScheme | Reason::Empty => "Not authenticated",
        Reason::InsufficientScope | Reason::NotPermitted => "Not enough permissions",
        _ => "Invalid authentication credentials",
    }
}

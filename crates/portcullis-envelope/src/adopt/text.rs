use std::fmt;

/// How long a text may be that a client reads as a message, in bytes.
const LONGEST_MESSAGE: usize = 1_024;

/// How the texts begin that axum 0.8 and tower-http reject a request with. Most go on with serde's
/// words, Rust's type names, or the caller's input.
///
/// The test package asks every extractor of axum's for its rejection, so that this list cannot fall
/// behind unseen.
const REJECTIONS: &[&str] = &[
    // Json, Form, Query
    "Failed to parse the request body as JSON",
    "Failed to deserialize",
    "Expected request with `Content-Type: application/json`",
    "Form requests must have `Content-Type: application/x-www-form-urlencoded`",
    // Path, RawPathParams, MatchedPath, NestedPath
    "Invalid URL: ",
    "Invalid UTF-8 in `",
    "Wrong number of path arguments",
    "Unsupported type `",
    "No paths parameters found for matched route",
    "No matched path found",
    "The matched route is not nested",
    // Extension, ConnectInfo, State
    "Missing request extension",
    // Bytes, String, and the limits on a body
    "Failed to buffer the request body",
    "Request body didn't contain valid UTF-8",
    "length limit exceeded",
    // Multipart, and multer beneath it
    "Request payload is too large",
    "Invalid `boundary` for `multipart/form-data` request",
    "Error parsing `multipart/form-data` request",
    "unknown field received: ",
    "field \"",
    "failed to decode",
    "failed to read",
    "failed to lock multipart state",
    "stream size exceeded limit: ",
    "incomplete multipart stream",
    "Content-Type is not multipart/form-data",
    "multipart boundary not found in Content-Type",
    // WebSocketUpgrade
    "Request method must be `",
    "Connection header did not include 'upgrade'",
    "`Upgrade` header did not include 'websocket'",
    "`:protocol` pseudo-header did not include 'websocket'",
    "`Sec-WebSocket-",
    "WebSocket request couldn't be upgraded",
    // CatchPanic
    "Service panicked",
];

/// Whether a text is the application's own, and reads like a message.
pub(super) fn is_fit_for_clients(text: &str) -> bool {
    !text.trim().is_empty()
        && text.len() <= LONGEST_MESSAGE
        && !text.chars().any(char::is_control)
        && !REJECTIONS.iter().any(|rejection| text.starts_with(rejection))
}

/// The text of a foreign 5xx: its cause, as far as anybody said.
#[derive(Debug)]
pub(super) struct Foreign(pub(super) String);

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Foreign {}

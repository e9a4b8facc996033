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
    "failed to decode field's raw header ",
    "failed to decode Content-Type",
    "failed to read headers",
    "failed to read stream",
    "failed to read field complete headers",
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

/// How multer's texts end that begin with a field's name, which the caller chose.
const FIELD_REJECTIONS: [&str; 2] = [" received with incomplete data", " bytes"];

/// A text that is the application's own and reads like a message: one line of up to 1 KiB.
pub(super) fn message(text: &str) -> Option<&str> {
    let text = text.trim();
    let is_rejection = REJECTIONS.iter().any(|rejection| text.starts_with(rejection))
        || (text.starts_with("field \"")
            && FIELD_REJECTIONS.iter().any(|rejection| text.ends_with(rejection)));
    let is_message = !text.is_empty()
        && text.len() <= LONGEST_MESSAGE
        && !text.chars().any(is_no_part_of_a_line)
        && !is_rejection;
    is_message.then_some(text)
}

/// Control characters, line separators, and what turns the direction of writing.
fn is_no_part_of_a_line(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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

use std::{fmt, ops::Range};

use http::HeaderValue;

/// A bearer token as it came, known to be a `b64token` (RFC 6750, section 2.1).
///
/// Cloning it copies no bytes. `Debug` does not show it; compare it through its digest, or in
/// constant time.
#[derive(Clone)]
pub struct Token {
    header: HeaderValue,
    at: Range<usize>,
}

impl Token {
    /// The token at this place of an `Authorization` header, whose bytes are known to be ASCII.
    pub(crate) fn new(header: &HeaderValue, at: Range<usize>) -> Self {
        let mut header = header.clone();
        header.set_sensitive(true);
        Self { header, at }
    }

    /// The token's text: ASCII letters, digits and `-._~+/`, then any number of `=`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.header.as_bytes()[self.at.clone()]).unwrap_or_default()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

use std::{fmt, hint::black_box, mem, ops::Range};

use http::HeaderValue;

use crate::{Reason, parse};

/// A token as it came: a `b64token` (RFC 6750, section 2.1), or what a session's cookie holds.
///
/// `Debug` does not show it; compare it through its digest, or in constant time. There is no
/// `PartialEq`.
///
/// The token that a verifier is lent lies in the request's own memory, and costs nothing. A clone is
/// a copy of its own, which is overwritten when it is dropped: what a look-up takes along stays no
/// longer than the look-up. The buffer that the connection was read into is the HTTP server's.
pub struct Token(Text);

enum Text {
    Header { value: HeaderValue, at: Range<usize> },
    Copy(Wiped),
}

/// A copy, which is overwritten when it is dropped.
struct Wiped(Box<[u8]>);

impl Token {
    /// The token at this place of a header's value, which it takes out of the header and gives back
    /// through [`give_back`](Self::give_back).
    #[inline]
    pub(crate) fn take(value: &mut HeaderValue, at: Range<usize>) -> Self {
        let mut token = Self(Text::Header { value: HeaderValue::from_static(""), at });
        token.exchange(value);
        token
    }

    #[inline]
    pub(crate) fn give_back(mut self, to: &mut HeaderValue) {
        self.exchange(to);
    }

    #[inline]
    fn exchange(&mut self, with: &mut HeaderValue) {
        if let Text::Header { value, .. } = &mut self.0 {
            mem::swap(value, with);
        }
    }

    pub(crate) fn copy(bytes: &[u8]) -> Self {
        Self(Text::Copy(Wiped(bytes.into())))
    }

    /// The token's bytes, which are ASCII.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Header { value, at } => &value.as_bytes()[at.clone()],
            Text::Copy(Wiped(bytes)) => bytes,
        }
    }

    /// The token's text: ASCII letters, digits and `-._~+/`, then any number of `=`; out of a
    /// cookie, what a `cookie-value` is made of (RFC 6265, section 4.1.1).
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// For the tests of a verifier: the token that this text is.
///
/// ```
/// use portcullis_bearer::{Reason, Token};
///
/// assert_eq!(Token::try_from("tok")?.as_str(), "tok");
/// assert_eq!(Token::try_from("two words").err(), Some(Reason::Malformed));
/// # Ok::<(), Reason>(())
/// ```
impl TryFrom<&str> for Token {
    type Error = Reason;

    fn try_from(text: &str) -> Result<Self, Reason> {
        if text.is_empty() {
            return Err(Reason::Empty);
        }
        if !parse::is_b64token(text.as_bytes()) {
            return Err(Reason::Malformed);
        }
        Ok(Self::copy(text.as_bytes()))
    }
}

impl Clone for Token {
    fn clone(&self) -> Self {
        Self::copy(self.as_bytes())
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Overwrites a secret. The optimiser may not leave it out, since the black box may look at it.
fn wipe(secret: &mut [u8]) {
    secret.fill(0);
    black_box(secret);
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_token_nor_its_copy_prints_itself() {
        let mut header = HeaderValue::from_static("Bearer hunter2");
        let token = Token::take(&mut header, 7..14);
        let copy = token.clone();
        assert_eq!((token.as_str(), copy.as_str()), ("hunter2", "hunter2"));
        assert_eq!(format!("{token:?} {copy:?}"), "Token(…) Token(…)");
        token.give_back(&mut header);
        assert_eq!(header, "Bearer hunter2");
    }

    #[test]
    fn a_copy_is_wiped() {
        let mut secret = *b"hunter2";
        wipe(&mut secret);
        assert_eq!(secret, [0; 7]);
    }
}

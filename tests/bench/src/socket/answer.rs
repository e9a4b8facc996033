//! An answer of HTTP/1.1, of the little that a server under measurement sends.

use axum::body::Body;
use http::{HeaderName, HeaderValue, StatusCode};
use portcullis::BoxError;

use crate::exchange::Response;

/// The bytes of one answer: a head, and a body whose length it says.
#[derive(Clone, Copy)]
pub(super) struct Answer<'a>(pub(super) &'a [u8]);

const END_OF_HEAD: &[u8] = b"\r\n\r\n";
const LENGTH: &[u8] = b"\r\ncontent-length: ";

impl<'a> Answer<'a> {
    /// Whether these bytes are a whole answer.
    ///
    /// # Errors
    ///
    /// When the head is there and has no length, as hyper writes it, or there is more than the answer.
    pub(super) fn is_whole(bytes: &[u8]) -> Result<bool, BoxError> {
        let Some(end) = find(bytes, END_OF_HEAD) else { return Ok(false) };
        let start = find(&bytes[..end], LENGTH).ok_or("an answer does not say its length")?;
        let digits = bytes[start + LENGTH.len()..].iter().take_while(|byte| byte.is_ascii_digit());
        let length = digits.fold(0, |length, digit| 10 * length + usize::from(digit - b'0'));
        let whole = end + END_OF_HEAD.len() + length;
        match bytes.len() {
            there if there > whole => Err("there is more than the answer".into()),
            there => Ok(there == whole),
        }
    }

    /// The three digits of the status.
    pub(super) fn status(self) -> &'a [u8] {
        let begin = b"HTTP/1.1 ".len();
        self.0.get(begin..begin + 3).unwrap_or_default()
    }

    /// The same, as a service gives it.
    pub(super) fn response(self) -> Result<Response, BoxError> {
        let end = find(self.0, END_OF_HEAD).ok_or("an answer has no end of its head")?;
        let body = self.0[end + END_OF_HEAD.len()..].to_vec();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = StatusCode::from_bytes(self.status())?;
        for line in str::from_utf8(&self.0[..end])?.split("\r\n").skip(1) {
            let (name, value) = line.split_once(": ").ok_or("a header has no value")?;
            let name = HeaderName::from_bytes(name.as_bytes())?;
            response.headers_mut().append(name, HeaderValue::from_str(value)?);
        }
        Ok(response)
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_LENGTH;

    use super::*;

    const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\nx: y\r\n\r\nhello world";

    #[test]
    fn an_answer_is_whole_when_its_last_byte_has_come() {
        for end in 0..OK.len() {
            assert!(!Answer::is_whole(&OK[..end]).unwrap(), "{end} bytes");
        }
        assert!(Answer::is_whole(OK).unwrap());
        assert!(Answer::is_whole(&[OK, b"H"].concat()).is_err());
        assert!(Answer::is_whole(b"HTTP/1.1 200 OK\r\nx: y\r\n\r\n").is_err());
    }

    #[test]
    fn an_answer_is_read_back() {
        let response = Answer(OK).response().unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_LENGTH], "11");
        assert_eq!(response.headers()["x"], "y");
    }
}

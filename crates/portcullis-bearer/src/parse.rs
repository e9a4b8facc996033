use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

use crate::{Reason, Token};

/// The longest `Authorization` header that is looked at, in bytes.
const MAX_LENGTH: usize = 8 * 1024;

/// The request's one bearer token.
pub(crate) fn token(headers: &HeaderMap) -> Result<Token, Reason> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let header = lines.next().ok_or(Reason::Missing)?;
    if lines.next().is_some() {
        return Err(Reason::Duplicate);
    }
    credentials(header)
}

/// `"Bearer" 1*SP b64token`, with the white space around it that HTTP/2 does not trim.
fn credentials(header: &HeaderValue) -> Result<Token, Reason> {
    const SCHEME: &[u8] = b"bearer";

    let bytes = header.as_bytes();
    if bytes.len() > MAX_LENGTH {
        return Err(Reason::TooLong);
    }
    let start = bytes.iter().position(|byte| !is_white_space(*byte)).ok_or(Reason::Malformed)?;
    let end = bytes.iter().rposition(|byte| !is_white_space(*byte)).map_or(start, |last| last + 1);

    let (scheme, rest) =
        bytes[start..end].split_at_checked(SCHEME.len()).ok_or(Reason::Malformed)?;
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return Err(Reason::Malformed);
    }
    if rest.is_empty() {
        return Err(Reason::Empty);
    }
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    if spaces == 0 || !is_b64token(&rest[spaces..]) {
        return Err(Reason::Malformed);
    }
    Ok(Token::new(header, start + SCHEME.len() + spaces..end))
}

/// `OWS` (RFC 9110, section 5.6.3).
fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Which bytes a token is made of, but for the `=` that it may end with.
static IS_TOKEN: [bool; 256] = {
    let mut is_token = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let letter = byte as u8;
        is_token[byte] = letter.is_ascii_alphanumeric()
            || matches!(letter, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
        byte += 1;
    }
    is_token
};

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
fn is_b64token(bytes: &[u8]) -> bool {
    let length = bytes.iter().take_while(|byte| IS_TOKEN[usize::from(**byte)]).count();
    length > 0 && bytes[length..].iter().all(|byte| *byte == b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(header: &str) -> Result<String, Reason> {
        let value = HeaderValue::from_bytes(header.as_bytes()).unwrap();
        let headers = HeaderMap::from_iter([(AUTHORIZATION, value)]);
        token(&headers).map(|token| token.as_str().to_owned())
    }

    #[test]
    fn exactly_the_grammar_is_accepted() {
        for (header, expected) in [
            ("Bearer tok", Ok("tok")),
            ("bearer tok", Ok("tok")),
            ("bEARER tok", Ok("tok")),
            ("Bearer   tok", Ok("tok")),
            (" \tBearer tok \t", Ok("tok")),
            ("Bearer aZ09-._~+/==", Ok("aZ09-._~+/==")),
            ("Bearer bearer", Ok("bearer")),
            ("", Err(Reason::Malformed)),
            (" ", Err(Reason::Malformed)),
            ("B", Err(Reason::Malformed)),
            ("Bearer", Err(Reason::Empty)),
            ("Bearer ", Err(Reason::Empty)),
            ("Bearer \t ", Err(Reason::Empty)),
            ("Bearertok", Err(Reason::Malformed)),
            ("Bearer\ttok", Err(Reason::Malformed)),
            ("Bearer \ttok", Err(Reason::Malformed)),
            ("Bearer tok extra", Err(Reason::Malformed)),
            ("Bearer a, Bearer b", Err(Reason::Malformed)),
            ("Bearer a,b", Err(Reason::Malformed)),
            ("Bearer a=b", Err(Reason::Malformed)),
            ("Bearer =", Err(Reason::Malformed)),
            ("Bearer a\"b", Err(Reason::Malformed)),
            ("Bearer a:b", Err(Reason::Malformed)),
            ("Bearer tök", Err(Reason::Malformed)),
            ("Basic dXNlcjpwdw==", Err(Reason::Malformed)),
            ("tok", Err(Reason::Malformed)),
        ] {
            assert_eq!(parsed(header), expected.map(str::to_owned), "{header:?}");
        }
    }

    #[test]
    fn no_header_is_missing_and_two_are_never_chosen_from() {
        let mut headers = HeaderMap::new();
        assert_eq!(token(&headers).err(), Some(Reason::Missing));
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer tok"));
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer tok"));
        assert_eq!(token(&headers).err(), Some(Reason::Duplicate));
    }

    #[test]
    fn eight_kibibytes_are_the_longest_header() {
        let longest = format!("Bearer {}", "a".repeat(MAX_LENGTH - 7));
        assert!(parsed(&longest).is_ok());
        assert_eq!(parsed(&format!("{longest}a")), Err(Reason::TooLong));
    }

    #[test]
    fn a_token_does_not_print_itself() {
        let token = credentials(&HeaderValue::from_static("Bearer hunter2")).unwrap();
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}

use std::ops::Range;

use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

use crate::{Reason, challenge::is_token_byte, lanes::all};

/// What becomes of a request with several `Authorization` lines.
///
/// Two lines are never chosen from: whichever of them a server takes, a proxy in front of it may
/// have looked at the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnDuplicate {
    /// It is refused as [`Reason::Duplicate`].
    #[default]
    Refuse,
    /// It is taken if all lines are the same, byte by byte, white space around them aside.
    AllowIdentical,
}

/// Where in the first `Authorization` line the request's one bearer token is, and that line.
#[inline(always)]
pub(crate) fn token(
    headers: &mut HeaderMap,
    max_length: usize,
    on_duplicate: OnDuplicate,
) -> Result<(&mut HeaderValue, Range<usize>), Reason> {
    // Mostly no header has several lines, which takes no search.
    if headers.len() > headers.keys_len() {
        are_one(headers, on_duplicate)?;
    }
    let header = headers.get_mut(AUTHORIZATION).ok_or(Reason::Missing)?;
    let at = credentials(header, max_length)?;
    Ok((header, at))
}

/// Whether all lines are one.
#[cold]
fn are_one(headers: &HeaderMap, on_duplicate: OnDuplicate) -> Result<(), Reason> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let Some(header) = lines.next() else { return Ok(()) };
    for another in lines {
        let [one, other] = [header, another].map(|line| &line.as_bytes()[trimmed(line.as_bytes())]);
        if on_duplicate == OnDuplicate::Refuse || one != other {
            return Err(Reason::Duplicate);
        }
    }
    Ok(())
}

/// `"Bearer" 1*SP b64token`, with the white space around it that HTTP/2 does not trim.
#[inline]
fn credentials(header: &HeaderValue, max_length: usize) -> Result<Range<usize>, Reason> {
    let bytes = header.as_bytes();
    // As nearly everybody writes it.
    if let Some(token) = bytes.strip_prefix(b"Bearer ")
        && bytes.len() <= max_length
        && is_b64token(token)
    {
        return Ok(bytes.len() - token.len()..bytes.len());
    }
    unusual_credentials(bytes, max_length)
}

/// The same, however it is written.
#[cold]
fn unusual_credentials(bytes: &[u8], max_length: usize) -> Result<Range<usize>, Reason> {
    const SCHEME: &[u8] = b"bearer";

    // What is trimmed does not count: HTTP/1.1 has trimmed it already. Each byte of it is looked at
    // once.
    let Range { start, end } = trimmed(bytes);
    if end - start > max_length {
        return Err(Reason::TooLong);
    }

    let Some((scheme, rest)) = bytes[start..end].split_at_checked(SCHEME.len()) else {
        return Err(not_bearer(&bytes[start..end]));
    };
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return Err(not_bearer(&bytes[start..end]));
    }
    if rest.is_empty() {
        return Err(Reason::Empty);
    }
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    if spaces == 0 {
        return Err(not_bearer(&bytes[start..end]));
    }
    if !is_b64token(&rest[spaces..]) {
        return Err(Reason::Malformed);
    }
    Ok(start + SCHEME.len() + spaces..end)
}

/// Whether this is `auth-scheme 1*SP …` of another scheme (RFC 9110, section 11.4). One word alone
/// may be that too, and is more often a token whose scheme was forgotten.
#[cold]
fn not_bearer(header: &[u8]) -> Reason {
    let scheme = header.iter().take_while(|byte| is_token_byte(**byte)).count();
    if scheme > 0 && header.get(scheme) == Some(&b' ') {
        Reason::OtherScheme
    } else {
        Reason::Malformed
    }
}

/// What is left of a line without the `OWS` (RFC 9110, section 5.6.3) at either end.
#[inline]
fn trimmed(bytes: &[u8]) -> Range<usize> {
    let is_text = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let start = bytes.iter().position(is_text).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(is_text).map_or(start, |last| last + 1);
    start..end
}

/// Whether a token may have this byte, the `=` that it may end with aside. Without a branch.
#[inline]
const fn is_token(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    // `-`, `.`, `/` and the digits follow each other.
    let is_digit = byte.wrapping_sub(b'-') <= b'9' - b'-';
    is_letter | is_digit | (byte == b'+') | (byte == b'_') | (byte == b'~')
}

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
pub(crate) fn is_b64token(bytes: &[u8]) -> bool {
    let bytes = match bytes {
        [.., b'='] => without_padding(bytes),
        _ => bytes,
    };
    !bytes.is_empty() && all(bytes, is_token)
}

#[cold]
fn without_padding(bytes: &[u8]) -> &[u8] {
    let length = bytes.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    &bytes[..length]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::bytes::Regex;

    use super::*;

    const MAX_LENGTH: usize = 64;

    fn of(lines: &[&[u8]], on_duplicate: OnDuplicate) -> Result<Vec<u8>, Reason> {
        let value = |line: &&[u8]| HeaderValue::from_bytes(line).unwrap();
        let mut headers: HeaderMap =
            lines.iter().map(|line| (AUTHORIZATION, value(line))).collect();
        let (_, at) = token(&mut headers, MAX_LENGTH, on_duplicate)?;
        Ok(lines[0][at].to_vec())
    }

    fn parsed(line: &[u8]) -> Result<Vec<u8>, Reason> {
        of(&[line], OnDuplicate::Refuse)
    }

    #[test]
    fn several_lines_are_never_chosen_from() {
        use OnDuplicate::{AllowIdentical, Refuse};

        let tok = || Ok(b"tok".to_vec());
        for (lines, policy, expected) in [
            (&[] as &[&[u8]], Refuse, Err(Reason::Missing)),
            (&[b"Bearer tok", b"Bearer tok"], Refuse, Err(Reason::Duplicate)),
            (&[b"Bearer tok", b"Bearer tok"], AllowIdentical, tok()),
            (&[b"Bearer tok", b" Bearer tok\t"], AllowIdentical, tok()),
            (&[b"Bearer tok", b"bearer tok"], AllowIdentical, Err(Reason::Duplicate)),
            (&[b"Bearer tok", b"Bearer tok", b"Basic x"], AllowIdentical, Err(Reason::Duplicate)),
            (&[b"Bearer a,b", b"Bearer a,b"], AllowIdentical, Err(Reason::Malformed)),
        ] {
            assert_eq!(of(lines, policy), expected, "{lines:?} {policy:?}");
        }
    }

    #[test]
    fn the_longest_header_is_as_long_as_it_may_be() {
        let longest = format!("Bearer {}", "a".repeat(MAX_LENGTH - 7));
        assert!(parsed(longest.as_bytes()).is_ok());
        assert_eq!(parsed(format!("{longest}a").as_bytes()), Err(Reason::TooLong));
        // The white space around it, which HTTP/1.1 trims, is no part of it.
        let padding = " \t".repeat(MAX_LENGTH);
        assert!(parsed(format!("{padding}{longest}{padding}").as_bytes()).is_ok());
        let longer = format!("{padding}{longest}a{padding}");
        assert_eq!(parsed(longer.as_bytes()), Err(Reason::TooLong));
    }

    /// Lines of all bytes that a header may hold, most of them nearly right.
    fn line() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            4 => proptest::sample::select(b" \t=,;\"aZ09-._~+/".to_vec()),
            1 => (0x20_u8..=0xff).prop_filter("a control character", |byte| *byte != 0x7f),
        ];
        let tail = proptest::collection::vec(byte, 0..12);
        let head =
            proptest::sample::select(vec!["", " ", "Bearer", "bearer ", "BEARER  ", "Basic "]);
        (head, tail).prop_map(|(head, tail)| [head.as_bytes(), &tail].concat())
    }

    #[test]
    fn a_token_has_these_bytes_and_no_other() {
        for byte in 0..=u8::MAX {
            let is_one = byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
            for (length, place) in [(1, 0), (15, 7), (16, 0), (17, 8), (43, 31), (48, 46)] {
                let mut token = vec![b'a'; length];
                token[place] = byte;
                assert_eq!(is_b64token(&token), is_one, "{byte} at {place} of {length}");
            }
        }
    }

    #[test]
    fn what_pads_a_token_stands_at_its_end_and_not_alone() {
        let long = "a".repeat(16);
        for (token, expected) in [
            ("=".to_owned(), false),
            ("a=".to_owned(), true),
            (format!("{long}=="), true),
            (format!("{long}=a"), false),
            (format!("a={long}="), false),
        ] {
            assert_eq!(is_b64token(token.as_bytes()), expected, "{token}");
        }
    }

    proptest! {
        /// The grammar, as RFC 6750 and RFC 9110 write it, read by somebody else.
        #[test]
        fn exactly_the_grammar_is_accepted(line in line()) {
            let grammar =
                Regex::new(r"(?-u)\A[ \t]*[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9\-._~+/]+=*)[ \t]*\z");
            let captures = grammar.unwrap();
            let expected = captures.captures(&line).map(|captures| captures[1].to_vec());
            prop_assert_eq!(parsed(&line).ok(), expected);
        }

        /// A header is a bearer's, another scheme's, or malformed; and empty exactly when nothing
        /// but the scheme is there.
        #[test]
        fn every_refusal_has_the_one_reason_that_fits(line in line()) {
            let [empty, other] = [
                r"(?-u)\A[ \t]*(?i:bearer)[ \t]*\z",
                r"(?-u)\A[ \t]*[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [ \t]*[^ \t]",
            ]
            .map(|grammar| Regex::new(grammar).unwrap());
            let bearer = Regex::new(r"(?-u)\A[ \t]*(?i:bearer)[ \t]").unwrap();
            match parsed(&line) {
                Ok(_) | Err(Reason::Malformed) => prop_assert!(!empty.is_match(&line)),
                Err(Reason::Empty) => prop_assert!(empty.is_match(&line)),
                Err(Reason::OtherScheme) => {
                    prop_assert!(other.is_match(&line) && !bearer.is_match(&line));
                }
                Err(reason) => prop_assert!(false, "{reason:?}"),
            }
        }
    }
}

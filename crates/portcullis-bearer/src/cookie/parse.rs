use http::{HeaderMap, HeaderValue, header::COOKIE};

use crate::{Reason, Token};

/// The longest value that is looked at, in bytes: what browsers keep of a cookie.
const MAX_LENGTH: usize = 4 * 1024;

/// The value of the one cookie by this name. HTTP/2 may have a line for each cookie (RFC 9113,
/// section 8.2.3).
pub(super) fn session(headers: &HeaderMap, name: &str) -> Result<Token, Reason> {
    let lines = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    let mut values = lines.flat_map(pairs).filter_map(|pair| value_of(pair, name));
    let value = values.next().ok_or(Reason::Missing)?;
    if values.next().is_some() {
        return Err(Reason::Duplicate);
    }
    if value.len() > MAX_LENGTH {
        return Err(Reason::TooLong);
    }
    let value =
        value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value);
    if value.is_empty() {
        return Err(Reason::Empty);
    }
    if !value.iter().all(|byte| is_cookie_octet(*byte)) {
        return Err(Reason::Malformed);
    }
    Ok(Token::copy(value))
}

/// Takes the cookies by this name out of all lines, and lines that had no other out of the head.
pub(super) fn remove(headers: &mut HeaderMap, name: &str) {
    let kept: Vec<_> = headers
        .get_all(COOKIE)
        .iter()
        .map(|line| {
            let others = pairs(line.as_bytes()).filter(|pair| value_of(pair, name).is_none());
            others.collect::<Vec<_>>().join(&b"; "[..])
        })
        .filter(|line| !line.is_empty())
        .collect();
    headers.remove(COOKIE);
    for line in kept {
        // It is made of bytes that were a header's value.
        if let Ok(mut line) = HeaderValue::from_bytes(&line) {
            line.set_sensitive(true);
            headers.append(COOKIE, line);
        }
    }
}

fn pairs(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b';').map(<[u8]>::trim_ascii)
}

/// The pair's value, if it has this name, in this very case.
fn value_of<'a>(pair: &'a [u8], name: &str) -> Option<&'a [u8]> {
    pair.strip_prefix(name.as_bytes())?.strip_prefix(b"=")
}

/// `cookie-octet` (RFC 6265, section 4.1.1).
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (COOKIE, HeaderValue::from_static(line))).collect()
    }

    #[test]
    fn the_one_cookie_by_this_name_is_found_and_two_are_never_chosen_from() {
        for (lines, expected) in [
            (&[] as &[_], Err(Reason::Missing)),
            (&["a=b"], Err(Reason::Missing)),
            (&["__Host-s=tok"], Ok("tok")),
            (&["a=b; __Host-s=tok;c=d"], Ok("tok")),
            (&["a=b", "__Host-s=tok"], Ok("tok")),
            (&["__Host-s=\"tok\""], Ok("tok")),
            (&["__Host-s=a=b"], Ok("a=b")),
            (&["__host-s=tok"], Err(Reason::Missing)),
            (&["x__Host-s=tok"], Err(Reason::Missing)),
            (&["__Host-session=tok"], Err(Reason::Missing)),
            (&["__Host-s"], Err(Reason::Missing)),
            (&["__Host-s="], Err(Reason::Empty)),
            (&["__Host-s=\"\""], Err(Reason::Empty)),
            (&["__Host-s=a b"], Err(Reason::Malformed)),
            (&["__Host-s=a,b"], Err(Reason::Malformed)),
            (&["__Host-s=\"a"], Err(Reason::Malformed)),
            (&["__Host-s=tok; __Host-s=tok"], Err(Reason::Duplicate)),
            (&["__Host-s=tok", "__Host-s=other"], Err(Reason::Duplicate)),
        ] {
            let found = session(&cookies(lines), "__Host-s");
            let found = found.as_ref().map(Token::as_str).map_err(|reason| *reason);
            assert_eq!(found, expected, "{lines:?}");
        }
    }

    #[test]
    fn a_session_that_is_removed_leaves_the_other_cookies() {
        let mut headers = cookies(&["a=b; __Host-s=tok; c=d", "__Host-s=tok", "e=f"]);
        remove(&mut headers, "__Host-s");
        let lines: Vec<_> = headers.get_all(COOKIE).iter().collect();
        assert_eq!(lines, ["a=b; c=d", "e=f"]);
        assert!(lines.iter().all(|line| line.is_sensitive()));
    }
}

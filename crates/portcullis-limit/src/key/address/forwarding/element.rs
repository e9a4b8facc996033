//! One element of `Forwarded` (RFC 7239, section 4): `for=192.0.2.60;proto=http;by=203.0.113.43`.

use std::net::IpAddr;

use super::node;

/// The address in the one parameter `for`; `None` where any of the element is malformed.
pub(super) fn address(element: &[u8]) -> Option<IpAddr> {
    let mut client = None;
    let mut rest = element.trim_ascii();
    while !rest.is_empty() {
        // RFC 7239 allows for nothing between two semicolons.
        if !rest.starts_with(b";") {
            let (name, after) = token(rest)?;
            let (value, after) = value(after.strip_prefix(b"=")?)?;
            if name.eq_ignore_ascii_case(b"for") && client.replace(value).is_some() {
                return None;
            }
            rest = after.trim_ascii_start();
            if rest.is_empty() {
                break;
            }
        }
        rest = rest.strip_prefix(b";")?.trim_ascii_start();
    }
    node::address(client?)
}

/// A token (RFC 9110, section 5.6.2), and what follows.
fn token(text: &[u8]) -> Option<(&[u8], &[u8])> {
    leading(text, is_token)
}

/// A quoted string's inside, or what stands there without quotes, and what follows.
fn value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        // An address without its quotes is one all the same.
        return leading(text, |byte| is_token(byte) || matches!(byte, b':' | b'[' | b']'));
    };
    let mut at = 0;
    loop {
        match quoted.get(at)? {
            b'"' => return Some((&quoted[..at], &quoted[at + 1..])),
            // It stays where it is: no address needs one, and one that has it is none.
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The bytes that are of a kind, at least one, and what follows.
fn leading(text: &[u8], is_of_the_kind: impl Fn(u8) -> bool) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| !is_of_the_kind(*byte)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

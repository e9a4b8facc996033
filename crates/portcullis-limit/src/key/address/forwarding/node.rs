//! An address with or without a port, as RFC 7239 writes it in section 6 and as everybody writes it
//! in `X-Forwarded-For`.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str,
};

/// The canonical address; `None` for `unknown`, an obfuscated name, and whatever is none.
pub(super) fn address(node: &[u8]) -> Option<IpAddr> {
    let node = str::from_utf8(node).ok()?;
    if let Ok(address) = node.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let (address, port) = match node.strip_prefix('[') {
        Some(bracketed) => {
            let (address, port) = bracketed.split_once(']')?;
            (IpAddr::V6(address.parse::<Ipv6Addr>().ok()?), port)
        }
        None => {
            let (address, _) = node.split_once(':')?;
            (IpAddr::V4(address.parse::<Ipv4Addr>().ok()?), &node[address.len()..])
        }
    };
    (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then(|| address.to_canonical())
}

/// A number, or an obfuscated port (RFC 7239, section 6.3).
fn is_port(port: &str) -> bool {
    match port.strip_prefix('_') {
        Some(name) => {
            let is_obfuscated = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            !name.is_empty() && name.bytes().all(is_obfuscated)
        }
        None => {
            let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
            is_number && (1..=5).contains(&port.len())
        }
    }
}

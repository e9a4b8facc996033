#[cfg(feature = "proxies")]
mod properties;
#[cfg(feature = "proxies")]
mod rfc7239;
#[cfg(feature = "proxies")]
mod trust;
#[cfg(feature = "proxies")]
mod walk;

use std::{hash::Hasher, net::SocketAddr};

use http::{HeaderName, HeaderValue, Request};
use portcullis_core::ErrorStatus;

use super::*;

/// A request from this peer, if it has an address, with these header lines.
fn request(peer: Option<&str>, lines: &[(&'static str, &str)]) -> Parts {
    let (mut head, ()) = Request::new(()).into_parts();
    if let Some(peer) = peer {
        let peer: IpAddr = peer.parse().unwrap();
        head.extensions.insert(SocketAddr::new(peer, 9));
    }
    for (name, value) in lines {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        head.headers.append(HeaderName::from_static(name), value);
    }
    head
}

/// What a key writes, as far as can be seen from outside.
fn written(write: impl FnOnce(&mut KeyHasher)) -> u64 {
    let mut hasher = KeyHasher::default();
    write(&mut hasher);
    hasher.finish()
}

fn client_of(address: &str) -> Client {
    Address::new().client_of(address.parse().unwrap())
}

#[test]
fn a_limit_counts_by_exactly_what_the_client_hashes_to() {
    for peer in ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1"] {
        for address in [Address::new(), Address::new().with_ipv6_prefix(128)] {
            let head = request(Some(peer), &[]);
            let client = address.client(&head).unwrap();
            let by_key = written(|hasher| address.hash(&head, hasher).unwrap());
            assert_eq!(by_key, written(|hasher| client.hash(hasher)), "{peer}");
            assert_eq!(client, address.client_of(peer.parse().unwrap()), "{peer}");
        }
    }
    let sharing = Address::new().on_missing(OnMissingAddress::Share);
    let by_key = written(|hasher| sharing.hash(&request(None, &[]), hasher).unwrap());
    assert_eq!(by_key, written(|hasher| Client::UNKNOWN.hash(hasher)));
}

#[test]
fn clients_that_differ_hash_to_something_else() {
    let address = Address::new();
    let clients = ["192.0.2.1", "192.0.2.2", "::c000:201", "2001:db8::", "2001:db8:0:1::"]
        .map(|text| address.client_of(text.parse().unwrap()));
    let longer = Address::new().with_ipv6_prefix(72).client_of("2001:db8::".parse().unwrap());
    let clients: Vec<_> = clients.into_iter().chain([longer, Client::UNKNOWN]).collect();
    for (at, one) in clients.iter().enumerate() {
        for other in &clients[at + 1..] {
            assert_ne!(one, other);
            assert_ne!(written(|it| one.hash(it)), written(|it| other.hash(it)), "{one} {other}");
        }
    }
}

#[test]
fn a_client_is_written_as_what_is_counted() {
    for (address, client) in [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("::1", "::/64"),
    ] {
        assert_eq!(client_of(address).to_string(), client);
    }
    assert_eq!(Client::UNKNOWN.to_string(), "unknown");
    assert_eq!(format!("{:?}", client_of("192.0.2.1")), "Client(192.0.2.1)");
}

#[test]
fn an_ipv6_prefix_is_as_long_as_it_says() {
    let one: IpAddr = "2001:db8::".parse().unwrap();
    for bits in 1..=128 {
        let address = Address::new().with_ipv6_prefix(bits);
        let flipped = |bit: u8| {
            let IpAddr::V6(one) = one else { unreachable!("it is IPv6") };
            IpAddr::from((one.to_bits() ^ (1_u128 << (128 - u32::from(bit)))).to_be_bytes())
        };
        assert_ne!(address.client_of(one), address.client_of(flipped(bits)), "{bits}");
        if bits < 128 {
            assert_eq!(address.client_of(one), address.client_of(flipped(bits + 1)), "{bits}");
        }
    }
    let whole = Address::new().with_ipv6_prefix(128).client_of(one);
    assert_eq!(whole.to_string(), "2001:db8::/128");
}

#[test]
fn an_ipv4_client_is_one_address_whatever_the_ipv6_prefix_is() {
    let address = Address::new().with_ipv6_prefix(1);
    let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|it| address.client_of(it.parse().unwrap()));
    assert_ne!(one, other);
}

#[test]
#[should_panic(expected = "an IPv6 prefix has 1 to 128 bits, not 0")]
fn a_prefix_of_nothing_would_be_one_client_for_all_and_is_refused() {
    let _ = Address::new().with_ipv6_prefix(0);
}

#[test]
#[should_panic(expected = "an IPv6 prefix has 1 to 128 bits, not 129")]
fn a_prefix_longer_than_an_address_is_refused() {
    let _ = Address::new().with_ipv6_prefix(129);
}

#[test]
fn who_has_no_address_is_refused_or_shares_or_passes_uncounted_as_it_was_said() {
    let head = request(None, &[]);
    let Err(NoKey::Refused(refusal)) = Address::new().client(&head) else {
        panic!("it is refused unless said otherwise")
    };
    assert_eq!(refusal.status(), ErrorStatus::INTERNAL_SERVER_ERROR);
    assert_eq!(refusal.code(), Some(CLIENT_ADDRESS_MISSING));

    let sharing = Address::new().on_missing(OnMissingAddress::Share);
    assert_eq!(sharing.client(&head).unwrap(), Client::UNKNOWN);

    let admitting = Address::new().on_missing(OnMissingAddress::Admit);
    assert!(matches!(admitting.client(&head), Err(NoKey::Uncounted)));
}

#[test]
fn no_header_is_read_unless_a_proxy_is_trusted() {
    let lines = [("x-forwarded-for", "198.51.100.1"), ("forwarded", "for=198.51.100.1")];
    let head = request(Some("192.0.2.1"), &lines);
    assert_eq!(Address::new().client(&head).unwrap(), client_of("192.0.2.1"));
}

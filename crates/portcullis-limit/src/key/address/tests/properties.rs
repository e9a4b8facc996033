//! What holds for every chain of proxies, and whatever a client makes up.

use std::{
    collections::HashSet,
    net::{Ipv4Addr, Ipv6Addr},
};

use proptest::{collection::vec, prelude::*};

use super::*;

const HEADERS: [&str; 2] = ["x-forwarded-for", "forwarded"];

/// How the header by this name is read.
fn reading(header: &str, trust: Trust) -> Address {
    let address = match header {
        "forwarded" => Address::from_forwarded(trust),
        _ => Address::from_x_forwarded_for(trust),
    };
    address.with_ipv6_prefix(128)
}

fn networks() -> Trust {
    Trust::networks(["10.0.0.0/8", "fd00::/8"]).unwrap()
}

fn proxy() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<[u8; 3]>().prop_map(|[b, c, d]| Ipv4Addr::new(10, b, c, d).into()),
        any::<u128>().prop_map(|bits| Ipv6Addr::from_bits(bits >> 8 | 0xfd << 120).into()),
    ]
}

fn outsider() -> impl Strategy<Value = IpAddr> {
    let any = prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::from(Ipv4Addr::from_bits(bits))),
        any::<u128>().prop_map(|bits| IpAddr::from(Ipv6Addr::from_bits(bits))),
    ];
    any.prop_filter("a proxy", |address| match address.to_canonical() {
        IpAddr::V4(address) => address.octets()[0] != 10,
        IpAddr::V6(address) => address.octets()[0] != 0xfd,
    })
}

/// How a proxy writes an address: bare or mapped, with or without a port and what `Forwarded`
/// allows around it; and whether it begins a new line.
fn written_by_a_proxy() -> impl Strategy<Value = (u8, bool)> {
    (any::<u8>(), any::<bool>())
}

fn entry(header: &str, address: IpAddr, style: u8) -> String {
    let address = match address {
        IpAddr::V4(address) if style & 1 == 1 => address.to_ipv6_mapped().into(),
        other => other,
    };
    let node = match (address, style >> 1 & 3) {
        (IpAddr::V4(address), 0 | 1) => address.to_string(),
        (IpAddr::V4(address), _) => format!("{address}:{style}"),
        (IpAddr::V6(address), 0) => format!("[{address}]"),
        (IpAddr::V6(address), 1) => address.to_string(),
        (IpAddr::V6(address), _) => format!("[{address}]:{style}"),
    };
    if header != "forwarded" {
        return node;
    }
    match style >> 3 & 3 {
        0 => format!("for=\"{node}\""),
        1 => format!("For=\"{node}\";proto=https;host=\"a\\\",b\\\\\""),
        2 => format!("by=_me; FOR=\"{node}\""),
        _ => format!("ext=\"for=192.0.2.66, \";for=\"{node}\";"),
    }
}

/// What a client makes up: anything that a header can hold, and what looks like an entry more often
/// than chance has it.
fn forged() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        any::<u8>()
            .prop_filter("not in a header", |byte| HeaderValue::from_bytes(&[*byte]).is_ok()),
        prop::sample::select(b"\",;=\\ \t:[]10.for".to_vec()),
    ];
    vec(byte, 0..80)
}

fn head_of(peer: IpAddr, header: &'static str, lines: &[Vec<u8>]) -> Parts {
    let mut head = request(Some(&peer.to_string()), &[]);
    for line in lines {
        head.headers.append(header, HeaderValue::from_bytes(line).unwrap());
    }
    head
}

proptest! {
    #[test]
    fn behind_any_chain_of_proxies_and_whatever_is_forged_the_client_is_found(
        forged in vec(forged(), 0..3),
        client in outsider(),
        proxies in vec(proxy(), 1..8),
        styles in vec(written_by_a_proxy(), 8),
    ) {
        for header in HEADERS {
            // Each proxy appends whom it was called by, the last of them is the peer.
            let mut lines = forged.clone();
            let callers = std::iter::once(&client).chain(&proxies[..proxies.len() - 1]);
            for (caller, (style, begins_a_line)) in callers.zip(&styles) {
                let entry = entry(header, *caller, *style);
                match lines.last_mut() {
                    Some(line) if !begins_a_line => {
                        line.extend_from_slice(b", ");
                        line.extend_from_slice(entry.as_bytes());
                    }
                    _ => lines.push(entry.into_bytes()),
                }
            }
            let head = head_of(*proxies.last().unwrap(), header, &lines);
            for trust in [networks(), Trust::hops(proxies.len() as u8)] {
                let address = reading(header, trust);
                prop_assert_eq!(address.client(&head).unwrap(), address.client_of(client));
            }
        }
    }

    #[test]
    fn whatever_a_client_sends_by_itself_it_is_counted_as_itself(
        client in outsider(),
        lines in vec(forged(), 0..4),
    ) {
        for header in HEADERS {
            let address = reading(header, networks());
            let head = head_of(client, header, &lines);
            prop_assert_eq!(address.client(&head).unwrap(), address.client_of(client));
        }
    }

    #[test]
    fn any_bytes_at_all_are_read_and_somebody_is_the_client(
        peer in prop_oneof![outsider(), proxy()],
        lines in vec(forged(), 0..4),
        hops in 1_u8..=64,
    ) {
        for header in HEADERS {
            for trust in [networks(), Trust::hops(hops)] {
                prop_assert!(reading(header, trust).client(&head_of(peer, header, &lines)).is_ok());
            }
        }
    }

    #[test]
    fn any_text_is_a_network_or_is_named(text in "[0-9a-f:./]{0,24}|\\PC{0,12}") {
        if let Err(error) = Trust::networks([&text]) {
            let said = error.to_string();
            prop_assert!(said.starts_with(&format!("{text:?}")), "{}", said);
        }
    }
}

#[test]
fn a_thousand_forged_values_from_one_peer_are_one_client() {
    for header in HEADERS {
        for (peer, appended) in [("192.0.2.1", None), ("10.0.0.1", Some("192.0.2.1"))] {
            let address = reading(header, networks());
            let clients: HashSet<_> = (0..1_000_u32)
                .map(|count| {
                    let made_up = Ipv4Addr::from_bits(0xcb00_7100 + count).into();
                    let mut lines = vec![entry(header, made_up, count as u8).into_bytes()];
                    let written = appended.map(|it: &str| entry(header, it.parse().unwrap(), 0));
                    lines.extend(written.map(String::into_bytes));
                    address
                        .client(&head_of(peer.parse().unwrap(), header, &lines))
                        .unwrap()
                        .to_string()
                })
                .collect();
            assert_eq!(clients, HashSet::from(["192.0.2.1".to_owned()]), "{header} from {peer}");
        }
    }
}

#[test]
fn a_megabyte_of_header_is_read_from_the_right_and_no_further_than_it_must_be() {
    let megabyte = 1 << 20;
    for filler in [",", "\"", "\\", "\\\"", " ", "1", ";", "for=", "10.0.0.9,", "for=10.0.0.9,"] {
        for header in HEADERS {
            let mut line = filler.repeat(megabyte / filler.len()).into_bytes();
            let address = reading(header, networks());
            let proxy: IpAddr = "10.0.0.1".parse().unwrap();
            assert!(address.client(&head_of(proxy, header, &[line.clone()])).is_ok());

            let client: IpAddr = "192.0.2.1".parse().unwrap();
            line.extend_from_slice(b", ");
            line.extend_from_slice(entry(header, client, 0).as_bytes());
            let head = head_of(proxy, header, &[line]);
            assert_eq!(address.client(&head).unwrap(), address.client_of(client), "{filler}");
        }
    }
}

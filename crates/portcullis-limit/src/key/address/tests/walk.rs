//! The way from the peer to the client, entry by entry from the right.

use super::*;

/// The client of a request from this peer with these lines of `X-Forwarded-For`, behind the proxies
/// of 10.0.0.0/8 and `::1`; a dash where nobody knows.
fn client(peer: &str, lines: &[&str]) -> String {
    let trust = Trust::networks(["10.0.0.0/8", "::1"]).unwrap();
    by(Address::from_x_forwarded_for(trust), peer, lines)
}

fn by(address: Address, peer: &str, lines: &[&str]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
    let head = request((peer != "-").then_some(peer), &lines);
    address.with_ipv6_prefix(128).client(&head).map_or("-".into(), |it| it.to_string())
}

#[track_caller]
fn assert_clients(table: &[(&str, &[&str], &str)]) {
    for (peer, lines, expected) in table {
        assert_eq!(client(peer, lines), *expected, "{peer} {lines:?}");
    }
}

#[test]
fn the_client_is_the_first_from_the_right_that_is_not_trusted() {
    assert_clients(&[
        ("10.0.0.1", &["192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", &["192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        ("10.0.0.1", &["192.0.2.1,10.0.0.3,10.0.0.2"], "192.0.2.1"),
        ("::1", &["2001:db8::1, 10.0.0.2"], "2001:db8::1/128"),
    ]);
}

#[test]
fn a_forged_entry_left_of_the_first_untrusted_is_never_read() {
    for forged in ["198.51.100.1", "10.0.0.9", "unknown", "", ",,,", "\"", "é", "a b"] {
        let line = format!("{forged}, 192.0.2.1, 10.0.0.2");
        assert_eq!(client("10.0.0.1", &[&line]), "192.0.2.1", "{forged}");
        assert_eq!(client("10.0.0.1", &[forged, "192.0.2.1, 10.0.0.2"]), "192.0.2.1", "{forged}");
    }
}

#[test]
fn a_peer_that_is_not_trusted_is_the_client_whatever_it_says() {
    assert_clients(&[
        ("192.0.2.9", &["192.0.2.1"], "192.0.2.9"),
        ("192.0.2.9", &["10.0.0.1"], "192.0.2.9"),
        ("11.0.0.1", &["192.0.2.1"], "11.0.0.1"),
    ]);
}

#[test]
fn lines_are_one_list_in_the_order_in_which_they_came() {
    assert_clients(&[
        ("10.0.0.1", &["198.51.100.1", "192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", &["198.51.100.1", "192.0.2.1", "10.0.0.2"], "192.0.2.1"),
        ("10.0.0.1", &["198.51.100.1, 192.0.2.1", "10.0.0.3, 10.0.0.2"], "192.0.2.1"),
    ]);
}

#[test]
fn an_entry_may_have_a_port_and_space_around_it() {
    assert_clients(&[
        ("10.0.0.1", &["192.0.2.1:4711"], "192.0.2.1"),
        ("10.0.0.1", &["192.0.2.1:_http"], "192.0.2.1"),
        ("10.0.0.1", &["[2001:db8::1]"], "2001:db8::1/128"),
        ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1/128"),
        ("10.0.0.1", &["192.0.2.1:80 ,\t10.0.0.2:80\t"], "192.0.2.1"),
        ("10.0.0.1", &["192.0.2.1", "[::1]:80"], "192.0.2.1"),
    ]);
}

#[test]
fn at_an_entry_that_is_no_address_the_last_one_reached_is_the_client() {
    for entry in [
        "",
        "unknown",
        "_hidden",
        "localhost",
        "192.0.2",
        "192.0.2.256",
        "0192.0.2.1",
        "192.0.2.1:",
        "192.0.2.1:http",
        "192.0.2.1:123456",
        "192.0.2.1:_",
        "192.0.2.1 10.0.0.1",
        "[192.0.2.1]",
        "[2001:db8::1",
        "2001:db8::1]",
        "[2001:db8::1]80",
        "[2001:db8::1]:",
        "[2001:db8::1%eth0]",
        "\"192.0.2.1\"",
        "for=192.0.2.1",
        "é",
    ] {
        let line = format!("198.51.100.1, {entry}, 10.0.0.2");
        assert_eq!(client("10.0.0.1", &[&line]), "10.0.0.2", "{entry}");
        assert_eq!(client("10.0.0.1", &["198.51.100.1", entry]), "10.0.0.1", "{entry}");
    }
}

#[test]
fn a_mapped_address_is_trusted_and_counted_as_the_ipv4_address() {
    assert_clients(&[
        ("::ffff:10.0.0.1", &["192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", &["::ffff:192.0.2.1, ::ffff:10.0.0.2"], "192.0.2.1"),
        ("10.0.0.1", &["[::ffff:192.0.2.1]:80"], "192.0.2.1"),
        ("::ffff:192.0.2.9", &["192.0.2.1"], "192.0.2.9"),
    ]);
}

#[test]
fn where_all_are_trusted_the_leftmost_is_the_client() {
    assert_clients(&[
        ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", &[], "10.0.0.1"),
    ]);
}

#[test]
fn a_number_of_hops_is_the_place_from_the_right() {
    let hops = |count, lines: &[&str]| {
        by(Address::from_x_forwarded_for(Trust::hops(count)), "192.0.2.9", lines)
    };
    let lines = ["198.51.100.1, 192.0.2.1", "203.0.113.5"];
    assert_eq!(hops(1, &lines), "203.0.113.5");
    assert_eq!(hops(2, &lines), "192.0.2.1");
    assert_eq!(hops(3, &lines), "198.51.100.1");
    // Around a proxy:
    assert_eq!(hops(4, &lines), "198.51.100.1");
    assert_eq!(hops(1, &[]), "192.0.2.9");
    assert_eq!(hops(2, &["unknown, 192.0.2.1"]), "192.0.2.1");
}

#[test]
fn a_peer_without_an_address_is_believed_where_it_was_said_and_nowhere_else() {
    let address = |trust| Address::from_x_forwarded_for(trust);
    let networks = || Trust::networks(["10.0.0.0/8"]).unwrap();
    let lines = ["192.0.2.1, 10.0.0.2"];
    assert_eq!(by(address(networks()), "-", &lines), "-");
    assert_eq!(by(address(networks().with_unix_socket()), "-", &lines), "192.0.2.1");
    assert_eq!(by(address(Trust::hops(2)), "-", &lines), "192.0.2.1");
    assert_eq!(by(address(Trust::hops(2).with_unix_socket()), "-", &lines), "192.0.2.1");
}

#[test]
fn who_is_believed_and_names_nobody_is_missing() {
    let trusting = || Address::from_x_forwarded_for(Trust::hops(1));
    assert_eq!(by(trusting(), "-", &[]), "-");
    assert_eq!(by(trusting(), "-", &["unix:"]), "-");
    assert_eq!(by(trusting().on_missing(OnMissingAddress::Share), "-", &[]), "unknown");
}

#[test]
fn one_header_is_read_and_the_other_is_not() {
    let lines = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.2")];
    let head = request(Some("10.0.0.1"), &lines);
    let trust = || Trust::networks(["10.0.0.0/8"]).unwrap();
    let read = |address: Address| address.client(&head).unwrap().to_string();
    assert_eq!(read(Address::from_x_forwarded_for(trust())), "192.0.2.1");
    assert_eq!(read(Address::from_forwarded(trust())), "192.0.2.2");
}

#[test]
fn no_more_than_64_entries_are_read() {
    let chain = |count| vec!["10.0.0.2"; count].join(",");
    assert_eq!(client("10.0.0.1", &[&format!("192.0.2.1,{}", chain(63))]), "192.0.2.1");
    assert_eq!(client("10.0.0.1", &[&format!("192.0.2.1,{}", chain(64))]), "10.0.0.2");
}

#[test]
fn no_more_than_1024_bytes_of_an_entry_are_read() {
    let padded = |spaces| format!("198.51.100.1,{}192.0.2.1", " ".repeat(spaces));
    assert_eq!(client("10.0.0.1", &[&padded(1_015)]), "192.0.2.1");
    assert_eq!(client("10.0.0.1", &[&padded(1_016)]), "10.0.0.1");
    let alone = |spaces| format!("{}192.0.2.1", " ".repeat(spaces));
    assert_eq!(client("10.0.0.1", &[&alone(1_015)]), "192.0.2.1");
    assert_eq!(client("10.0.0.1", &[&alone(1_016)]), "10.0.0.1");
}

//! Which networks and numbers are taken, and what is said of those that are not.

use super::*;

fn refusal(network: &str) -> String {
    Trust::networks(["::1", network]).expect_err(network).to_string()
}

/// Whether a proxy at this address is believed.
fn believes(trust: &Trust, peer: &str) -> bool {
    let head = request(Some(peer), &[("x-forwarded-for", "192.0.2.77")]);
    let client = Address::from_x_forwarded_for(trust.clone()).client(&head).unwrap();
    client == client_of("192.0.2.77")
}

#[test]
fn a_network_is_all_its_addresses_and_no_other() {
    for (network, inside, outside) in [
        ("10.0.0.0/8", ["10.0.0.0", "::ffff:10.255.255.255"], ["9.255.255.255", "11.0.0.0"]),
        ("192.0.2.7", ["192.0.2.7", "::ffff:192.0.2.7"], ["192.0.2.6", "::192.0.2.7"]),
        ("192.0.2.7/32", ["192.0.2.7", "::ffff:c000:207"], ["192.0.2.6", "192.0.2.8"]),
        ("::1", ["::1", "0:0::1"], ["::2", "127.0.0.1"]),
        ("2001:DB8::/32", ["2001:db8::", "2001:db8:ffff::1"], ["2001:db7::1", "2001:db9::"]),
        ("::ffff:10.0.0.0/104", ["10.0.0.1", "::ffff:10.9.9.9"], ["11.0.0.1", "::10.0.0.1"]),
        ("::ffff:10.0.0.1", ["10.0.0.1", "::ffff:10.0.0.1"], ["10.0.0.2", "::a00:1"]),
    ] {
        let trust = Trust::networks([network]).unwrap();
        assert_eq!(inside.map(|peer| believes(&trust, peer)), [true; 2], "{network}");
        assert_eq!(outside.map(|peer| believes(&trust, peer)), [false; 2], "{network}");
    }
}

#[test]
fn without_networks_nobody_is_believed() {
    let trust = Trust::networks([""; 0]).unwrap();
    assert!(!believes(&trust, "10.0.0.1"));
    assert!(!believes(&trust, "::1"));
}

#[test]
fn a_network_that_is_none_is_named() {
    for none in [
        "",
        " ::1",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10/8",
        "010.0.0.0/8",
        "::/129",
        "::1%lo",
        "proxy.example",
        "10.0.0.0/255.0.0.0",
        "[::1]",
        "10.0.0.1:80",
    ] {
        assert_eq!(
            refusal(none),
            format!(
                "{none:?} is no network: write an address such as 192.0.2.7, or a network such as \
                 10.0.0.0/8"
            )
        );
    }
}

#[test]
fn a_network_that_trusts_more_than_meets_the_eye_is_refused() {
    assert_eq!(
        refusal("10.1.2.3/8"),
        r#""10.1.2.3/8" names one host and many: write 10.0.0.0/8, or no prefix"#
    );
    assert_eq!(
        refusal("::ffff:10.1.2.3/104"),
        r#""::ffff:10.1.2.3/104" names one host and many: write 10.0.0.0/8, or no prefix"#
    );
    for everybody in ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96"] {
        let said = format!("{everybody:?} is everybody: name the proxies' networks, or count hops");
        assert_eq!(refusal(everybody), said);
    }
    assert_eq!(
        refusal("::ffff:0:0/95"),
        r#""::ffff:0:0/95" is IPv4 in part: write the IPv4 network by itself"#
    );
}

#[test]
#[should_panic(expected = "trust 1 to 64 hops: for none, count by the peer, `Address::new()`")]
fn no_hops_are_no_trust_and_are_refused() {
    let _ = Trust::hops(0);
}

#[test]
#[should_panic(expected = "trust 1 to 64 hops")]
fn more_hops_than_are_read_are_refused() {
    let _ = Trust::hops(65);
}

#[test]
fn a_number_of_hops_can_be_a_constant() {
    const BEHIND_A_CDN: Trust = Trust::hops(2);
    assert!(believes(&BEHIND_A_CDN, "203.0.113.1"));
}

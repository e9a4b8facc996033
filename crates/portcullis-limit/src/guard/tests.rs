use std::{net::SocketAddr, num::NonZeroU64, time::Duration};

use http::Request;
use portcullis_core::ErrorStatus;

use super::*;
use crate::{CLIENT_ADDRESS_MISSING, LIMIT_KEY_MISSING, ManualClock};

#[derive(Clone)]
struct Account {
    name: &'static str,
}

fn from_address(address: &str) -> Parts {
    let (mut head, ()) = Request::new(()).into_parts();
    let peer: SocketAddr = address.parse().unwrap();
    head.extensions.insert(peer);
    head
}

fn by_address(quota: Quota) -> (RateLimit<Address>, ManualClock) {
    let (clock, hand) = Clock::manual();
    (RateLimit::by_address(quota).with_clock(clock), hand)
}

fn is_admitted<K: Key>(limit: &RateLimit<K>, mut head: Parts) -> bool {
    match limit.check(&mut head) {
        Verdict::Now(decision) => decision.is_ok(),
        _ => panic!("a limit in memory decides now"),
    }
}

/// How many of 100 requests from these addresses, in turn, are admitted at 10 an hour each.
fn admitted_of_100(addresses: &[&str]) -> usize {
    let (limit, _hand) = by_address(Quota::per_hour(10));
    addresses
        .iter()
        .cycle()
        .take(100)
        .filter(|address| is_admitted(&limit, from_address(address)))
        .count()
}

#[test]
fn who_waits_exactly_retry_after_is_admitted_and_a_second_less_is_not() {
    let quota = Quota::per(3, Duration::from_millis(7_100)).burst(2);
    let (limit, hand) = by_address(quota);
    let head = || from_address("192.0.2.1:9");
    while is_admitted(&limit, head()) {}
    let wait = limit.decide(&head()).unwrap_err().retry_after().map_or(0, NonZeroU64::get);
    assert_eq!(wait, 3);

    hand.advance(Duration::from_secs(wait - 1));
    assert!(!is_admitted(&limit, head()));
    hand.advance(Duration::from_secs(1));
    assert!(is_admitted(&limit, head()));
}

#[test]
fn a_refusal_says_the_limit_and_that_nothing_is_left() {
    let (limit, _hand) = by_address(Quota::per_minute(1));
    let head = || from_address("192.0.2.1:9");
    assert!(is_admitted(&limit, head()));
    let refusal = limit.decide(&head()).unwrap_err();
    assert_eq!(refusal.status(), ErrorStatus::TOO_MANY_REQUESTS);
    assert_eq!(refusal.allowance(), Some(Allowance::new(1, 0)));
    assert_eq!(refusal.retry_after(), NonZeroU64::new(60));
}

#[test]
fn a_port_is_not_a_client_and_an_address_is() {
    assert_eq!(admitted_of_100(&["192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3"]), 10);
    assert_eq!(admitted_of_100(&["192.0.2.1:1", "192.0.2.2:1"]), 20);
}

#[test]
fn a_mapped_ipv4_address_is_the_ipv4_address() {
    assert_eq!(admitted_of_100(&["192.0.2.1:1", "[::ffff:192.0.2.1]:1"]), 10);
    assert_eq!(admitted_of_100(&["[::ffff:192.0.2.1]:1", "[::ffff:192.0.2.2]:1"]), 20);
}

#[test]
fn a_64_prefix_is_one_client() {
    assert_eq!(admitted_of_100(&["[2001:db8:0:1::1]:1", "[2001:db8:0:1:ffff::2]:1"]), 10);
    assert_eq!(admitted_of_100(&["[2001:db8:0:1::1]:1", "[2001:db8:0:2::1]:1"]), 20);
}

#[cfg(feature = "axum")]
#[test]
fn an_address_that_the_service_put_there_goes_before_the_connections() {
    use axum::extract::ConnectInfo;

    let (limit, _hand) = by_address(Quota::per_hour(1));
    let admitted = ["192.0.2.1:1", "192.0.2.2:1", "192.0.2.3:1"].map(|client| {
        let mut head = from_address(client);
        let proxy: SocketAddr = "10.0.0.1:1".parse().unwrap();
        head.extensions.insert(ConnectInfo(proxy));
        is_admitted(&limit, head)
    });
    assert_eq!(admitted, [true; 3]);
}

#[test]
fn clones_count_together() {
    let (limit, _hand) = by_address(Quota::per_minute(5));
    let admitted = (0..20)
        .filter(|turn| {
            let copy = limit.clone();
            is_admitted(if turn % 2 == 0 { &copy } else { &limit }, from_address("192.0.2.1:9"))
        })
        .count();
    assert_eq!(admitted, 5);
}

#[test]
fn a_limit_by_a_part_of_the_principal_tells_principals_apart() {
    let limit = RateLimit::by(Quota::per_hour(3), |account: &Account| account.name);
    let head = |name| {
        let (mut head, ()) = Request::new(()).into_parts();
        head.extensions.insert(Account { name });
        head
    };
    let admitted = |name| (0..10).filter(|_| is_admitted(&limit, head(name))).count();
    assert_eq!([admitted("alice"), admitted("bob"), admitted("alice")], [3, 3, 0]);
}

#[test]
fn a_missing_address_or_value_is_a_500_with_a_code() {
    let (head, ()) = Request::new(()).into_parts();
    let (by_address, _hand) = by_address(Quota::per_minute(5));
    let by_account = RateLimit::by(Quota::per_minute(5), |account: &Account| account.name);

    let refusals = [by_address.decide(&head).unwrap_err(), by_account.decide(&head).unwrap_err()];

    assert!(refusals.iter().all(|refusal| refusal.status().as_u16() == 500));
    let codes = refusals.map(|refusal| refusal.code());
    assert_eq!(codes, [Some(CLIENT_ADDRESS_MISSING), Some(LIMIT_KEY_MISSING)]);
}

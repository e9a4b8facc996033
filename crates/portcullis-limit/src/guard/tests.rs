mod headers;
mod keys;
mod moments;
mod policies;
mod readers;
mod refusals;
mod stores;

use std::{net::SocketAddr, num::NonZeroU64, time::Duration};

use http::{Request, request::Parts};
use portcullis_core::{Admission, ApiError, Guard, Verdict};

use super::*;
use crate::{Clock, ManualClock, Memory};

#[derive(Clone)]
struct Account {
    name: &'static str,
    quota: Option<Quota>,
}

/// A request from this address.
fn from_address(address: &str) -> Parts {
    let (mut head, ()) = Request::new(()).into_parts();
    let peer: SocketAddr = address.parse().unwrap();
    head.extensions.insert(peer);
    head
}

/// A request from one and the same address.
fn from_client() -> Parts {
    from_address("192.0.2.1:9")
}

/// A request of this account.
fn of_account(name: &'static str) -> Parts {
    let mut head = from_client();
    head.extensions.insert(Account { name, quota: None });
    head
}

/// The same limit on a clock that stands still.
fn at_rest(limit: RateLimit) -> (RateLimit, ManualClock) {
    let (clock, hand) = Clock::manual();
    (limit.with_store(Memory::new().with_clock(clock)), hand)
}

fn ask(limit: &RateLimit, mut head: Parts) -> Result<Admission, ApiError> {
    match limit.check(&mut head) {
        Verdict::Now(decision) => decision,
        _ => panic!("a limit in memory decides now"),
    }
}

fn is_admitted(limit: &RateLimit, head: Parts) -> bool {
    ask(limit, head).is_ok()
}

/// How many of this many requests are admitted.
fn admitted_of(limit: &RateLimit, count: usize, head: impl Fn() -> Parts) -> usize {
    (0..count).filter(|_| is_admitted(limit, head())).count()
}

/// The seconds that a refusal asks to wait.
fn retry_after(refusal: &ApiError) -> u64 {
    refusal.retry_after().map_or(0, NonZeroU64::get)
}

#[test]
fn who_waits_exactly_retry_after_is_admitted_and_a_second_less_is_not() {
    let quota = Quota::per(3, Duration::from_millis(7_100)).burst(2);
    let (limit, hand) = at_rest(RateLimit::by_address(quota));
    while is_admitted(&limit, from_client()) {}
    let wait = retry_after(&ask(&limit, from_client()).unwrap_err());
    assert_eq!(wait, 3);

    hand.advance(Duration::from_secs(wait - 1));
    assert!(!is_admitted(&limit, from_client()));
    hand.advance(Duration::from_secs(1));
    assert!(is_admitted(&limit, from_client()));
}

#[test]
fn clones_count_together() {
    let (limit, _hand) = at_rest(RateLimit::by_address(Quota::per_minute(5)));
    let clone = limit.clone();
    assert_eq!(admitted_of(&limit, 3, from_client) + admitted_of(&clone, 10, from_client), 5);
}

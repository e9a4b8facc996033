//! A guard that takes its time stands between two limits of one store: the second one decides by the
//! time after it.

use std::{
    hint::spin_loop,
    time::{Duration, Instant},
};

use axum::{Router, routing::get as on_get};
use http::Request;
use portcullis::{
    Bearer, Clock, Detail, EnvelopeLayer, Guard, GuardLayer, Layer, ManualClock, Memory,
    Portcullis, Quota, RateLimit, Token, Verdict, Verification, Verify,
};
use portcullis_tests::{Account, Served, Wire, get, oneshot};

const WILE: Account = Account { name: "wile", tenant: "acme" };

/// Knows every key, and takes two seconds to say so of those that are slow.
struct Slow(ManualClock);

impl Verify for Slow {
    type Principal = Account;

    fn verify(&self, token: &Token) -> Verification<Account> {
        const WHILE: Duration = Duration::from_secs(2);
        let account = Some(WILE);
        let hand = self.0.clone();
        match token.as_str() {
            "slow" => hand.advance(WHILE),
            "slow-later" => {
                return Verification::later(async move {
                    hand.advance(WHILE);
                    account
                });
            }
            _ => {}
        }
        account.into()
    }
}

/// The limits per address and per account, of one store, and the guard between them.
fn guards() -> (RateLimit, Bearer<Slow>, RateLimit) {
    let (clock, hand) = Clock::manual();
    let store = Memory::new().with_clock(clock);
    let by_address = RateLimit::by_address(Quota::per_hour(100)).with_store(store.clone());
    let one_in_three_seconds = Quota::per(1, Duration::from_secs(3));
    let by_account = RateLimit::by(one_in_three_seconds, |account: &Account| account.name);
    (by_address, Bearer::new(Slow(hand)), by_account.with_store(store))
}

fn service() -> Router {
    Router::new().route("/", on_get(async || "in"))
}

/// The status, and how long to wait.
async fn ask(service: impl Served, key: &str) -> (u16, String) {
    let answer: Wire = oneshot(service, get("/").key(key)).await;
    (answer.status.as_u16(), answer.header("retry-after").to_owned())
}

/// Two seconds after the first request there is a second to wait, and after another two none.
async fn assert_by_the_time_after(service: impl Served, slow: &str) {
    assert_eq!(ask(service.clone(), "fast").await, (200, String::new()));
    assert_eq!(ask(service.clone(), slow).await, (429, "1".to_owned()), "{slow}");
    assert_eq!(ask(service, slow).await, (200, String::new()), "{slow}");
}

#[tokio::test]
async fn the_limit_behind_a_slow_guard_decides_by_the_time_after_it() {
    for slow in ["slow", "slow-later"] {
        let (by_address, bearer, by_account) = guards();
        let stack =
            Portcullis::new().address_limit(by_address).bearer(bearer).caller_limit(by_account);
        assert_by_the_time_after(stack.layer(service()), slow).await;

        let envelope = EnvelopeLayer::new(Detail::new());
        let layers = envelope.layer(GuardLayer::new(guards()).layer(service()));
        assert_by_the_time_after(layers, slow).await;
    }
}

/// Charges the limit of the account itself, and is done when the machine's clock has run so far that
/// the account may come again.
struct Patient(RateLimit);

const MOMENT: Duration = Duration::from_millis(1);

impl Verify for Patient {
    type Principal = Account;

    fn verify(&self, _: &Token) -> Verification<Account> {
        let (mut head, ()) = Request::new(()).into_parts();
        head.extensions.insert(WILE);
        assert!(matches!(self.0.check(&mut head), Verdict::Now(Ok(_))));
        let charged = Instant::now();
        while charged.elapsed() < MOMENT {
            spin_loop();
        }
        Some(WILE).into()
    }
}

#[tokio::test]
async fn the_machines_clock_runs_on_between_two_limits() {
    let limits = || {
        let by_address = RateLimit::by_address(Quota::per_hour(100));
        let one_a_moment = Quota::per(1, MOMENT);
        (by_address, RateLimit::by(one_a_moment, |account: &Account| account.name))
    };
    let (by_address, by_account) = limits();
    let stack = Portcullis::new()
        .address_limit(by_address)
        .bearer(Bearer::new(Patient(by_account.clone())))
        .caller_limit(by_account);
    assert_eq!(ask(stack.layer(service()), "key").await, (200, String::new()));

    let (by_address, by_account) = limits();
    let guards = (by_address, Bearer::new(Patient(by_account.clone())), by_account);
    let layers = EnvelopeLayer::new(Detail::new()).layer(GuardLayer::new(guards).layer(service()));
    assert_eq!(ask(layers, "key").await, (200, String::new()));
}

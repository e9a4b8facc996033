//! Two limits, a layer each: what the inner one says of its limit gets past the outer one.

use axum::{Router, routing::get as on_get};
use portcullis::{Bearer, Clock, Detail, EnvelopeLayer, GuardLayer, Memory, Quota, RateLimit};
use portcullis_tests::{ACME, Account, Keys, Protocol, Server, get};

/// A limit per account, in a layer of its own within one per address.
async fn nested(per_address: u32, per_account: u32) -> Server {
    let (clock, _hand) = Clock::manual();
    let store = Memory::new().with_clock(clock);
    let by_account = RateLimit::by(Quota::per_hour(per_account), |account: &Account| account.name);
    let by_address = RateLimit::by_address(Quota::per_hour(per_address));
    Server::of(
        Router::new()
            .route("/", on_get(async || "in"))
            .layer(GuardLayer::new(by_account.with_store(store.clone())))
            .layer(GuardLayer::new(Bearer::new(Keys)))
            .layer(GuardLayer::new(by_address.with_store(store)))
            .layer(EnvelopeLayer::new(Detail::new())),
    )
    .await
}

#[tokio::test]
async fn a_429_of_the_inner_limit_keeps_its_own_numbers() {
    for protocol in Protocol::ALL {
        let mut client = nested(100, 1).await.client(protocol).await;
        assert_eq!(
            client.send(get("/").key(ACME)).await.lines(),
            [
                "200 OK",
                "content-length: 2",
                "content-type: text/plain; charset=utf-8",
                "x-ratelimit-limit: 1",
                "x-ratelimit-remaining: 0",
                "",
                "in",
            ]
        );
        assert_eq!(
            client.send(get("/").key(ACME)).await.lines(),
            [
                "429 Too Many Requests",
                "content-length: 32",
                "content-type: application/json",
                "retry-after: 3600",
                "x-ratelimit-limit: 1",
                "x-ratelimit-remaining: 0",
                "",
                r#"{"detail":"Rate limit exceeded"}"#,
            ]
        );
    }
}

#[tokio::test]
async fn what_is_admitted_shows_the_tightest_limit_whichever_layer_it_stands_in() {
    for protocol in Protocol::ALL {
        for (per_address, per_account, limit, remaining) in
            [(100, 10, "10", "9"), (10, 100, "10", "9"), (10, 10, "10", "9")]
        {
            let mut client = nested(per_address, per_account).await.client(protocol).await;
            let answer = client.send(get("/").key(ACME)).await;
            assert_eq!(answer.header("x-ratelimit-limit"), limit);
            assert_eq!(answer.header("x-ratelimit-remaining"), remaining);
        }
    }
}

#[tokio::test]
async fn a_429_of_the_outer_limit_is_not_looked_at_by_the_inner_one() {
    for protocol in Protocol::ALL {
        let mut client = nested(1, 100).await.client(protocol).await;
        assert_eq!(client.send(get("/").key(ACME)).await.header("x-ratelimit-remaining"), "0");
        let refused = client.send(get("/").key(ACME)).await;
        assert_eq!((refused.status.as_u16(), refused.header("x-ratelimit-limit")), (429, "1"));
        assert_eq!(refused.header("x-ratelimit-remaining"), "0");
    }
}

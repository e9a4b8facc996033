use std::convert::Infallible;

use http::{HeaderName, Response, header::RETRY_AFTER};
use portcullis_core::{GuardLayer, X_RATELIMIT_RESET};
use tower::{Layer, ServiceExt};

use super::*;
use crate::Window;

/// The answer that one request from one client gets.
pub(super) async fn answer(limit: &RateLimit) -> Response<String> {
    let service = tower::service_fn(|_: Request<()>| async {
        Ok::<_, Infallible>(Response::new(String::new()))
    });
    let mut request = Request::new(());
    let peer: SocketAddr = "192.0.2.1:9".parse().unwrap();
    request.extensions_mut().insert(peer);
    GuardLayer::new(limit.clone()).layer(service).oneshot(request).await.unwrap()
}

fn field<'a>(response: &'a Response<String>, name: &HeaderName) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn reset_is_written_where_asked_for_in_the_unit_that_was_named() {
    let limit = RateLimit::by_address(Quota::per(10, Duration::from_secs(15)).burst(3));
    for (reset, written) in [
        (None, ["", ""]),
        (Some(Reset::DeltaSeconds), ["2", "3"]),
        (Some(Reset::EpochSeconds), ["1002", "1003"]),
    ] {
        let (clock, hand) = Clock::manual();
        hand.advance(Duration::from_secs(1_000));
        let mut limit = limit.clone().with_store(Memory::new().with_clock(clock));
        if let Some(reset) = reset {
            limit = limit.with_reset(reset);
        }
        for expected in written {
            assert_eq!(field(&answer(&limit).await, &X_RATELIMIT_RESET), expected);
        }
    }
}

#[tokio::test]
async fn the_ietfs_fields_have_an_item_for_each_policy() {
    let limit = RateLimit::new(Policy::by_address(Quota::per_second(10)).named("burst"))
        .and(Policy::by_address(Quota::per_hour(1_000)).named("hour \"long\""))
        .and(
            Policy::by_address(Quota::per_hour(4).in_windows(Window::FirstRequest)).named("window"),
        )
        .with_fields(RateLimitFields::draft_11());
    let (limit, hand) = at_rest(limit);
    let first = answer(&limit).await;
    assert_eq!(
        field(&first, &RATELIMIT_POLICY),
        r#""burst";q=10;w=1, "hour \"long\"";q=1000;w=3600, "window";q=4;w=3600"#
    );
    assert_eq!(
        field(&first, &RATELIMIT),
        r#""burst";r=9;t=1, "hour \"long\"";r=999;t=3597, "window";r=3;t=3600"#
    );
    for _ in 0..3 {
        answer(&limit).await;
    }
    hand.advance(Duration::from_secs(600));
    let refused = answer(&limit).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(
        field(&refused, &RATELIMIT),
        r#""burst";r=10, "hour \"long\"";r=1000, "window";r=0;t=3000"#
    );
    assert_eq!(field(&refused, &RETRY_AFTER), "3000");
}

#[tokio::test]
async fn what_comes_back_within_a_second_is_said_as_what_comes_in_one() {
    let quota = Quota::per_second(200).burst(5);
    let limit = RateLimit::by_address(quota).with_fields(RateLimitFields::draft_11());
    let (limit, _hand) = at_rest(limit);
    let response = answer(&limit).await;
    assert_eq!(field(&response, &RATELIMIT_POLICY), "\"address\";q=200;w=1");
    assert_eq!(field(&response, &RATELIMIT), "\"address\";r=4;t=1");
}

#[tokio::test]
async fn a_partition_is_told_by_a_hash_that_is_the_same_in_both_fields() {
    let fields = RateLimitFields::draft_11().with_partition_key();
    let limit = RateLimit::by_address(Quota::per_minute(5)).with_fields(fields);
    let (limit, _hand) = at_rest(limit);
    let partition = |text: &str| {
        let (_, partition) = text.split_once(";pk=:").unwrap();
        assert_eq!(partition.len(), 9, "{text}");
        partition.to_owned()
    };
    let (first, second) = (answer(&limit).await, answer(&limit).await);
    let seen = [
        partition(field(&first, &RATELIMIT)),
        partition(field(&first, &RATELIMIT_POLICY)),
        partition(field(&second, &RATELIMIT)),
    ];
    assert!(seen.iter().all(|it| *it == seen[0]));
}

#[tokio::test]
async fn a_silent_limit_writes_nothing_until_it_refuses() {
    let limit = RateLimit::by_address(Quota::per_minute(1))
        .with_fields(RateLimitFields::draft_11())
        .with_reset(Reset::DeltaSeconds)
        .silent();
    let (limit, _hand) = at_rest(limit);
    assert!(answer(&limit).await.headers().is_empty());
    let refused = answer(&limit).await;
    let mut names: Vec<_> = refused.headers().keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "ratelimit",
            "ratelimit-policy",
            "retry-after",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
        ]
    );
    assert!(names.iter().all(|name| EXPOSED_HEADERS.iter().any(|exposed| exposed == name)));
}

#[tokio::test]
async fn retry_after_holds_for_the_limits_further_out_as_well() {
    for is_one_layer in [true, false] {
        let (clock, hand) = Clock::manual();
        let store = Memory::new().with_clock(clock);
        let outer = RateLimit::by_address(Quota::per_minute(2)).with_store(store.clone());
        let inner = Policy::by_address(Quota::per_second(1)).named("inner");
        let inner = RateLimit::new(inner).with_message("Again in {retry_after}s").with_store(store);
        let service = tower::service_fn(|request: Request<()>| async move {
            // What they leave each other is not for the handler's eyes, and does no harm there.
            drop(request);
            Ok::<_, Infallible>(Response::new(String::new()))
        });
        let ask = async || {
            let mut request = Request::new(());
            let peer: SocketAddr = "192.0.2.1:9".parse().unwrap();
            request.extensions_mut().insert(peer);
            let response = if is_one_layer {
                let layer = GuardLayer::new((outer.clone(), inner.clone()));
                layer.layer(service).oneshot(request).await.unwrap()
            } else {
                let layered = GuardLayer::new(inner.clone()).layer(service);
                GuardLayer::new(outer.clone()).layer(layered).oneshot(request).await.unwrap()
            };
            let error = response.extensions().get::<ApiError>().cloned();
            let message = error.map_or(String::new(), |error| error.message().to_owned());
            (response.status().as_u16(), field(&response, &RETRY_AFTER).to_owned(), message)
        };
        let refused = |seconds: &str| (429, seconds.to_owned(), format!("Again in {seconds}s"));

        assert_eq!(ask().await.0, 200);
        // The inner one waits for a second; the outer one has admitted its last, and for 30.
        assert_eq!(ask().await, refused("30"));
        hand.advance(Duration::from_secs(30));
        assert_eq!(ask().await.0, 200);
    }
}

//! What the whole stack covers, by where it is put.

use axum::{Router, routing::get as on_get};
use http::StatusCode;
use portcullis_tests::{ACME, Quotas, Stack, get, oneshot, put, stack};

use crate::place::Place;

fn stacked() -> Stack {
    stack(Quotas::default()).0
}

const NO_KEY: [&str; 8] = [
    "401 Unauthorized",
    "content-length: 33",
    "content-type: application/json",
    "www-authenticate: Bearer",
    "x-ratelimit-limit: 600",
    "x-ratelimit-remaining: 599",
    "",
    r#"{"detail":"Missing bearer token"}"#,
];

const NOT_FOUND: [&str; 8] = [
    "404 Not Found",
    "cache-control: no-store",
    "content-length: 22",
    "content-type: application/json",
    "x-ratelimit-limit: 300",
    "x-ratelimit-remaining: 299",
    "",
    r#"{"detail":"Not Found"}"#,
];

/// axum's own.
const BARE: [&str; 1] = ["404 Not Found"];

#[tokio::test]
async fn every_place_covers_its_routes() {
    for place in Place::ALL {
        let refused = oneshot(place.put(stacked()), get("/api/here")).await;
        assert_eq!(refused.lines(), NO_KEY, "{place:?}");
        let masked = oneshot(place.put(stacked()), get("/api/gone").key(ACME)).await;
        assert_eq!(masked.lines(), NOT_FOUND, "{place:?}");
        let admitted = oneshot(place.put(stacked()), get("/api/here").key(ACME)).await;
        assert_eq!((admitted.status.as_u16(), admitted.text()), (200, "here"), "{place:?}");
    }
}

#[tokio::test]
async fn every_place_covers_a_wrong_method_of_its_routes() {
    for place in Place::ALL {
        assert_eq!(
            oneshot(place.put(stacked()), put("/api/here").key(ACME)).await.lines(),
            [
                "405 Method Not Allowed",
                "allow: GET,HEAD",
                "content-length: 31",
                "content-type: application/json",
                "x-ratelimit-limit: 300",
                "x-ratelimit-remaining: 299",
                "",
                r#"{"detail":"Method Not Allowed"}"#,
            ],
            "{place:?}"
        );
    }
}

#[tokio::test]
async fn without_a_key_a_wrong_method_is_a_401_to_which_a_router_adds_allow() {
    for place in Place::ALL {
        let refused = oneshot(place.put(stacked()), put("/api/here")).await;
        let allow = if place == Place::Outside { "" } else { "GET,HEAD" };
        assert_eq!(refused.header("allow"), allow, "{place:?}");
        assert_eq!(refused.without("allow").lines(), NO_KEY, "{place:?}");
    }
}

#[tokio::test]
async fn an_unknown_path_is_covered_on_router_layer_outside_and_by_a_nested_fallback() {
    for place in [Place::RouterLayer, Place::Outside, Place::NestedWithFallback] {
        let refused = oneshot(place.put(stacked()), get("/api/nowhere")).await;
        assert_eq!(refused.lines(), NO_KEY, "{place:?}");
        let missing = oneshot(place.put(stacked()), get("/api/nowhere").key(ACME)).await;
        assert_eq!(missing.lines(), NOT_FOUND, "{place:?}");
    }
}

#[tokio::test]
async fn an_unknown_path_escapes_a_route_layer_a_method_router_and_a_nest_without_fallback() {
    for place in [Place::RouteLayer, Place::MethodRouter, Place::Nested] {
        let missing = oneshot(place.put(stacked()), get("/api/nowhere").key(ACME)).await;
        assert_eq!(missing.lines(), BARE, "{place:?}");
    }
}

#[tokio::test]
async fn a_nested_fallback_covers_the_prefix_and_not_the_prefix_with_a_slash() {
    let layered = || Place::NestedWithFallback.put(stacked());
    assert_eq!(oneshot(layered(), get("/api")).await.lines(), NO_KEY);
    assert_eq!(oneshot(layered(), get("/api/")).await.lines(), BARE);
    assert_eq!(oneshot(layered(), get("/elsewhere")).await.lines(), BARE);
}

#[tokio::test]
async fn what_is_added_after_the_layer_escapes_it() {
    let late = || Router::new().route("/late", on_get(async || "late"));
    let layered = || Router::new().route("/early", on_get(async || "early")).layer(stacked());
    for router in [
        layered().route("/late", on_get(async || "late")),
        layered().merge(late()),
        late().merge(layered()),
        layered().nest("/nested", late()).merge(late()),
    ] {
        assert_eq!(oneshot(router.clone(), get("/early")).await.lines(), NO_KEY);
        assert_eq!(oneshot(router, get("/late")).await.text(), "late");
    }
}

#[tokio::test]
async fn of_two_merged_routers_without_a_fallback_the_second_answers_an_unknown_path() {
    let bare = || Router::new().route("/bare", on_get(async || "bare"));
    let layered = || Router::new().route("/layered", on_get(async || "layered")).layer(stacked());
    assert_eq!(oneshot(bare().merge(layered()), get("/nowhere")).await.lines(), NO_KEY);
    assert_eq!(oneshot(layered().merge(bare()), get("/nowhere")).await.lines(), BARE);
}

#[tokio::test]
async fn a_fallback_that_is_set_after_the_layer_escapes_it() {
    let early = || Router::new().route("/early", on_get(async || "early"));
    let fallback = async || (StatusCode::NOT_FOUND, "nothing here");
    let escapes = early().layer(stacked()).fallback(fallback);
    let covered = early().fallback(fallback).layer(stacked());

    assert_eq!(oneshot(escapes, get("/late").key(ACME)).await.text(), "nothing here");
    assert_eq!(oneshot(covered, get("/late").key(ACME)).await.lines(), NOT_FOUND);
}

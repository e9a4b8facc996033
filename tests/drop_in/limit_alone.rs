use axum::{ServiceExt, extract::Request};
use portcullis::{Clock, GuardLayer, Memory, Quota, RateLimit};
use portcullis_tests::{Protocol, Server, get};

use crate::place::{Layered, Place};

/// Two requests an hour from each address, on a clock that stands still.
fn limited(place: Place) -> Layered {
    let (clock, _hand) = Clock::manual();
    place.put(GuardLayer::new(
        RateLimit::by_address(Quota::per_hour(2)).with_store(Memory::new().with_clock(clock)),
    ))
}

#[tokio::test]
async fn the_third_of_two_requests_is_a_429_that_says_when_to_come_back() {
    for place in Place::ALL {
        for protocol in Protocol::ALL {
            let server = Server::of(limited(place)).await;
            let mut client = server.client(protocol).await;
            for remaining in ["1", "0"] {
                assert_eq!(
                    client.send(get("/api/here")).await.lines(),
                    [
                        "200 OK",
                        "content-length: 4",
                        "content-type: text/plain; charset=utf-8",
                        "x-ratelimit-limit: 2",
                        &format!("x-ratelimit-remaining: {remaining}"),
                        "",
                        "here",
                    ],
                    "{place:?} {protocol:?}"
                );
            }
            // An empty body on HTTP/2 needs no length, and outside the router has none.
            assert_eq!(
                client.send(get("/api/here")).await.without("content-length").lines(),
                [
                    "429 Too Many Requests",
                    "retry-after: 1800",
                    "x-ratelimit-limit: 2",
                    "x-ratelimit-remaining: 0",
                ],
                "{place:?} {protocol:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_routes_behind_one_layer_share_one_quota_and_so_do_connections() {
    for place in Place::ALL {
        let server = Server::of(limited(place)).await;
        for (path, status) in
            [("/api/here", 200), ("/api/empty", 204), ("/api/here", 429), ("/api/gone", 429)]
        {
            let mut client = server.client(Protocol::Http1).await;
            assert_eq!(client.send(get(path)).await.status, status, "{place:?} {path}");
        }
    }
}

#[tokio::test]
async fn an_unknown_path_is_counted_where_the_layer_covers_it() {
    for (place, limit) in [
        (Place::RouterLayer, "2"),
        (Place::RouteLayer, ""),
        (Place::MethodRouter, ""),
        (Place::Nested, ""),
        (Place::NestedWithFallback, "2"),
        (Place::Outside, "2"),
    ] {
        let server = Server::of(limited(place)).await;
        let mut client = server.client(Protocol::Http1).await;
        let answer = client.send(get("/api/nowhere")).await;
        assert_eq!((answer.status.as_u16(), answer.header("x-ratelimit-limit")), (404, limit));
    }
}

#[tokio::test]
async fn a_service_that_is_not_told_who_calls_admits_nobody() {
    for place in Place::ALL {
        let untold = ServiceExt::<Request>::into_make_service(limited(place));
        let server = Server::made_by(untold).await;
        let mut client = server.client(Protocol::Http1).await;
        let answer = client.send(get("/api/here")).await;
        assert_eq!(answer.lines(), ["500 Internal Server Error", "content-length: 0"], "{place:?}");
    }
}

use std::convert::Infallible;

use axum::{body::Body, extract::Request, response::Response};
use http::{Method, header::CONTENT_LENGTH};
use portcullis::{Detail, EnvelopeLayer};
use portcullis_tests::{Protocol, Server, ask, assert_alike, get, head, oneshot, put};
use tower::{Layer, service_fn};

use crate::place::{Layered, Place};

fn enveloped(place: Place) -> Layered {
    place.put(EnvelopeLayer::new(Detail::new()))
}

const NOT_FOUND: [&str; 5] = [
    "404 Not Found",
    "content-length: 22",
    "content-type: application/json",
    "",
    r#"{"detail":"Not Found"}"#,
];

const GONE: [&str; 5] = [
    "404 Not Found",
    "content-length: 30",
    "content-type: application/json",
    "",
    r#"{"detail":"row 7 was deleted"}"#,
];

#[tokio::test]
async fn a_handlers_own_404_keeps_its_words_and_loses_what_described_them() {
    for place in Place::ALL {
        let answer = oneshot(enveloped(place), get("/api/gone")).await;
        assert_eq!(answer.lines(), GONE, "{place:?}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_enveloped_wherever_the_layer_stands_and_keeps_allow() {
    for place in Place::ALL {
        assert_eq!(
            oneshot(enveloped(place), put("/api/here")).await.lines(),
            [
                "405 Method Not Allowed",
                "allow: GET,HEAD",
                "content-length: 31",
                "content-type: application/json",
                "",
                r#"{"detail":"Method Not Allowed"}"#,
            ],
            "{place:?}"
        );
    }
}

#[tokio::test]
async fn an_unknown_path_is_enveloped_where_the_layer_covers_it() {
    for (place, is_covered) in [
        (Place::RouterLayer, true),
        (Place::RouteLayer, false),
        (Place::MethodRouter, false),
        (Place::Nested, false),
        (Place::NestedWithFallback, true),
        (Place::Outside, true),
    ] {
        let answer = oneshot(enveloped(place), get("/api/nowhere")).await;
        if is_covered {
            assert_eq!(answer.lines(), NOT_FOUND, "{place:?}");
        } else {
            assert_eq!((answer.status.as_u16(), answer.text()), (404, ""), "{place:?}");
        }
    }
}

#[tokio::test]
async fn head_of_an_error_has_the_length_of_its_get_and_no_body() {
    for place in Place::ALL {
        let server = Server::of(enveloped(place)).await;
        for protocol in Protocol::ALL {
            let mut client = server.client(protocol).await;
            let got = client.send(get("/api/closed")).await;
            assert_eq!((got.status.as_u16(), got.header("content-length")), (503, "32"));
            assert_alike(&client.send(head("/api/closed")).await, &got.without_body());
        }
    }
}

#[tokio::test]
async fn head_of_an_error_with_words_of_its_own_names_the_length_of_its_get_or_none() {
    for place in Place::ALL {
        let server = Server::of(enveloped(place)).await;
        for protocol in Protocol::ALL {
            let mut client = server.client(protocol).await;
            let got = client.send(get("/api/gone")).await;
            assert_eq!(got.lines(), GONE, "{place:?} {protocol:?}");
            let head = client.send(head("/api/gone")).await;
            assert_eq!((head.status.as_u16(), head.text()), (404, ""), "{place:?} {protocol:?}");
            let length = head.header("content-length");
            assert!(["", "30"].contains(&length), "{length:?}, {place:?} {protocol:?}");
        }
    }
}

#[tokio::test]
async fn what_is_no_error_passes_untouched() {
    for place in Place::ALL {
        let [server, bare] = [Server::of(enveloped(place)).await, Server::of(place.bare()).await];
        for protocol in Protocol::ALL {
            let [mut client, mut before] =
                [server.client(protocol).await, bare.client(protocol).await];
            for path in ["/api/here", "/api/empty", "/api/unchanged"] {
                for method in [Method::GET, Method::HEAD] {
                    let asked = ask(method, path);
                    assert_alike(&client.send(asked.clone()).await, &before.send(asked).await);
                }
            }
        }
    }
}

/// What no router looks after: a body on HEAD, and a length that is not the body's.
#[tokio::test]
async fn a_service_without_a_router_may_be_as_careless_with_its_errors() {
    let careless = service_fn(async |_: Request| {
        let response = Response::builder().status(404).header(CONTENT_LENGTH, "999");
        Ok::<_, Infallible>(response.body(Body::from("row 7 was deleted")).unwrap_or_default())
    });
    let server = Server::of(EnvelopeLayer::new(Detail::new()).layer(careless)).await;
    for protocol in Protocol::ALL {
        let mut client = server.client(protocol).await;
        let got = client.send(get("/")).await;
        assert_eq!(got.lines(), NOT_FOUND, "{protocol:?}");
        assert_alike(&client.send(head("/")).await, &got.without_body());
    }
}

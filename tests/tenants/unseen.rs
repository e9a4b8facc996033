//! What no header and no body of a 404 shows: whether a body was asked for, the phrase beside the
//! status, and answers that are no 404.

use axum::{
    Router,
    body::to_bytes,
    extract::{Path, Request},
    response::{IntoResponse, Response},
    routing::{any, get as on_get},
};
use http::{HeaderValue, header::EXPECT};
use hyper::ext::ReasonPhrase;
use portcullis::{Hidden, MaskLayer, Visible};
use portcullis_testing::Oracle;
use portcullis_tests::{ACME, Raw, Server, put};

use crate::things::{Thing, answer, masked, tenants};

/// What comes over the wire for a foreign, a missing and an own thing, when the client asks whether
/// its body is wanted.
async fn expecting(service: Router) -> [Raw; 3] {
    let server = Server::of(service.layer(masked(MaskLayer::new()))).await;
    let ask = |path| put(path).key(ACME).header(EXPECT, "100-continue").json("\"new\"");
    let mut answers = Vec::new();
    for path in ["/things/2", "/things/9", "/things/1"] {
        let raw = server.raw(ask(path)).await;
        answers.push(raw.but_for("date").but_for("x-ratelimit-remaining"));
    }
    answers.try_into().expect("three answers")
}

fn is_asked_for(raw: &Raw) -> bool {
    raw.bytes().starts_with(b"HTTP/1.1 100 Continue\r\n")
}

#[tokio::test]
async fn a_body_is_asked_for_of_those_alone_who_see_the_row() {
    let rename = async |thing: Visible<Thing>, _: String| thing.id.to_string();
    let [foreign, missing, own] = expecting(Router::new().route("/things/{id}", any(rename))).await;
    assert_eq!(foreign, missing);
    assert_eq!([&foreign, &own].map(is_asked_for), [false, true]);
}

#[tokio::test]
async fn a_handler_that_reads_the_body_only_where_there_is_a_row_is_found_out() {
    async fn rename(Path(id): Path<u64>, request: Request) -> Result<(), Hidden> {
        if Thing::find(id).is_none() {
            return Err(Hidden::missing());
        }
        let _ = to_bytes(request.into_body(), 1_000).await;
        Err(Hidden::foreign("globex"))
    }
    let service = Router::new().route("/things/{id}", any(rename));
    let [foreign, missing, _] = expecting(service.clone()).await;
    assert_eq!([foreign, missing].each_ref().map(is_asked_for), [true, false]);

    let [acme, _] = tenants();
    let ask = |path: &str| {
        let mut request = acme.clone().map(|()| "\"new\"");
        *request.uri_mut() = path.parse().expect("a path");
        request
    };
    let service = service.layer(masked(MaskLayer::new()));
    let told = Oracle::new().compare(service, ask("/things/2"), ask("/things/9")).await;
    assert!(told.iter().len() > 0);
    assert!(told.iter().all(|it| it.field() == "request's body"), "{told}");
}

#[tokio::test]
async fn the_phrase_beside_the_status_is_that_of_any_404() {
    async fn show(Path(id): Path<u64>) -> Response {
        let mut response = answer(404, "");
        if Thing::find(id).is_some() {
            response.extensions_mut().insert(ReasonPhrase::from_static(b"Not Yours"));
        }
        response
    }
    let service = Router::new().route("/things/{id}", any(show));
    let [foreign, missing, _] = expecting(service).await;
    assert_eq!(foreign, missing);
    assert!(missing.bytes().starts_with(b"HTTP/1.1 404 Not Found\r\n"), "{missing:?}");
}

/// gRPC says what it says in a trailer or a header of a 200, which no mask looks into.
#[tokio::test]
async fn grpc_is_told_apart_by_its_own_status() {
    async fn show(Path(id): Path<u64>) -> Response {
        let status = if Thing::find(id).is_some() { "7" } else { "5" };
        let mut response = answer(200, "").into_response();
        for (name, value) in [("content-type", "application/grpc"), ("grpc-status", status)] {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
    let [acme, _] = tenants();
    let service = Router::new().route("/things.Things/{id}", on_get(show));
    let service = service.layer(masked(MaskLayer::new()));
    let ask = |path: &str| {
        let mut request = acme.clone().map(|()| "");
        *request.uri_mut() = path.parse().expect("a path");
        request
    };
    let [foreign, missing] = ["/things.Things/2", "/things.Things/9"].map(ask);
    let told = Oracle::new().compare(service, foreign, missing).await;
    assert!(told.iter().len() > 0);
    assert!(told.iter().all(|it| it.field() == "header grpc-status"), "{told}");
}

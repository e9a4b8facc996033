//! The same over real sockets: hyper, both protocols, the stack inside the router and around it.

use axum::{Json, Router, routing::get as on_get};
use http::{
    Method,
    header::{ACCEPT_ENCODING, EXPECT, IF_MATCH, IF_NONE_MATCH},
};
use portcullis::{Forbidden, Layer, MaskLayer, Visible};
use portcullis_tests::{ACME, Ask, Protocol, Server, ask, assert_alike, get, head, put};
use tower_http::compression::{CompressionLayer, predicate::SizeAbove};

use crate::things::{Thing, masked};

async fn rename(thing: Visible<Thing>, Json(_): Json<String>) -> Result<(), Forbidden> {
    thing.require(|_, _| false)
}

fn things() -> Router {
    let methods = on_get(async |thing: Visible<Thing>| thing.id.to_string()).put(rename);
    Router::new().route("/things/{id}", methods)
}

async fn servers() -> [Server; 2] {
    let mask = || masked(MaskLayer::new());
    [Server::of(things().layer(mask())).await, Server::of(mask().layer(things())).await]
}

/// The same question about two things.
fn both(dress: impl Fn(&'static str) -> Ask) -> [Ask; 2] {
    ["/things/2", "/things/9"].map(|path| dress(path).key(ACME))
}

fn questions() -> Vec<[Ask; 2]> {
    vec![
        both(get),
        both(head),
        both(|path| put(path).json("\"new\"")),
        both(|path| put(path).json("{")),
        both(|path| put(path).json(vec![b'a'; 300_000])),
        both(|path| put(path).header(EXPECT, "100-continue").json("\"new\"")),
        both(|path| get(path).header(IF_NONE_MATCH, "*")),
        both(|path| put(path).header(IF_MATCH, "*").json("\"new\"")),
        both(|path| get(path).header(ACCEPT_ENCODING, "gzip")),
        both(|path| ask(Method::DELETE, path)),
        both(|path| ask(Method::OPTIONS, path)),
        both(|path| ask(Method::TRACE, path)),
    ]
}

#[tokio::test]
async fn every_method_answers_alike_over_either_protocol() {
    for server in servers().await {
        for protocol in Protocol::ALL {
            for [foreign, missing] in questions() {
                // One connection each: a body that nobody reads may end the one that it came on.
                let foreign = server.client(protocol).await.send(foreign).await;
                let missing = server.client(protocol).await.send(missing).await;
                assert_alike(&foreign, &missing);
            }
        }
    }
}

#[tokio::test]
async fn not_one_byte_on_http_1_tells() {
    for server in servers().await {
        for [foreign, missing] in questions() {
            let bytes =
                async |ask| server.raw(ask).await.but_for("date").but_for("x-ratelimit-remaining");
            assert_eq!(bytes(foreign).await, bytes(missing).await);
        }
    }
}

#[tokio::test]
async fn compressed_they_are_the_same_bytes() {
    let compressed = CompressionLayer::new().compress_when(SizeAbove::new(0));
    let service = things().layer(masked(MaskLayer::new())).layer(compressed);
    let server = Server::of(service).await;
    let [foreign, missing] = both(|path| get(path).header(ACCEPT_ENCODING, "gzip"));
    let bytes = async |ask| server.raw(ask).await.but_for("date").but_for("x-ratelimit-remaining");
    let foreign = bytes(foreign).await;
    assert!(foreign.bytes().windows(22).any(|it| it == b"content-encoding: gzip"), "{foreign:?}");
    assert_eq!(foreign, bytes(missing).await);
}

#[tokio::test]
async fn an_id_is_not_told_by_how_it_is_written() {
    let server = Server::of(things().layer(masked(MaskLayer::new()))).await;
    let mut client = server.client(Protocol::Http1).await;
    for spelled in [
        ["/things/%32", "/things/%39"],
        ["/things/002", "/things/009"],
        ["/things/2?x=1", "/things/9?x=1"],
        ["/things/2/", "/things/9/"],
        ["/things/+2", "/things/+9"],
        ["/things/2%00", "/things/9%00"],
        ["/things//2", "/things//9"],
    ] {
        let [foreign, missing] = spelled.map(|path| get(path).key(ACME));
        assert_alike(&client.send(foreign).await, &client.send(missing).await);
    }
}

#[tokio::test]
async fn what_is_ones_own_may_be_forbidden() {
    for server in servers().await {
        let mut client = server.client(Protocol::Http1).await;
        let forbidden = client.send(put("/things/1").key(ACME).json("\"new\"")).await;
        assert_eq!(
            (forbidden.status.as_u16(), forbidden.text()),
            (403, r#"{"detail":"Forbidden"}"#)
        );
    }
}

//! Panics where few look for one.

use std::{
    convert::Infallible,
    panic::panic_any,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    response::Response,
    routing::get,
};
use http::header::CONTENT_TYPE;
use hyper::body::Frame;
use portcullis_tests::Protocol;

use crate::{matrix::answer, place::Place, shape::Shape, source::Source, unready::Unready};

/// Fails, and names every cell, unless this is what its expectation says.
async fn assert_caught(source: Source) {
    let mut wrong = Vec::new();
    for (index, shape) in Shape::all().iter().enumerate() {
        for place in Place::ALL {
            let server = source.serve(place, shape).await;
            for protocol in Protocol::ALL {
                for method in source.methods {
                    let client = server.client(protocol).await;
                    let got = answer(client, source.ask(method)).await;
                    if !source.answers(index, place, method).contains(&got) {
                        wrong.push(format!(
                            "{} {place:?} {protocol:?} {method} {got:?}",
                            shape.name
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_service_that_panics_when_it_is_asked_whether_it_is_ready_is_a_500() {
    assert_caught(Source::beneath("poll_ready", 500, Unready::Panics, Router::new())).await;
}

/// A body that panics when it is read.
struct Trap;

impl HttpBody for Trap {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        panic!("the database is gone");
    }
}

#[tokio::test]
async fn a_text_that_panics_while_it_is_read_reads_as_its_phrase() {
    assert_caught(Source::route("a text", 409, get(trap)).wordy()).await;
}

async fn trap() -> Response {
    let response = Response::builder().status(409).header(CONTENT_TYPE, "text/plain");
    response.body(Body::new(Trap)).unwrap_or_default()
}

/// A panic's payload that panics in turn.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("the database is gone");
    }
}

#[tokio::test]
async fn a_panic_whose_payload_panics_in_turn_is_a_500() {
    assert_caught(Source::route("a bomb", 500, get(async || -> () { panic_any(Bomb) }))).await;
}

//! What a handler says of its own refusal, in plain text.

use axum::{
    Router,
    body::{Body, Bytes},
    response::Response,
    routing::get as on_get,
};
use http::{StatusCode, header::CONTENT_TYPE};
use http_body_util::channel::Channel;
use portcullis::{Detail, EnvelopeLayer};
use portcullis_tests::{get, oneshot};

fn enveloped() -> Router {
    Router::new()
        .route("/taken", on_get(async || (StatusCode::CONFLICT, "Name is taken")))
        .route("/broken", on_get(async || (StatusCode::BAD_GATEWAY, "10.0.0.7 is down")))
        .route("/late", on_get(late))
        .layer(EnvelopeLayer::new(Detail::new()))
}

/// Says what it has to say in two parts, the second one not at once.
async fn late() -> Response {
    let (mut pen, body) = Channel::<Bytes>::new(1);
    tokio::spawn(async move {
        for part in ["Name is ", "taken"] {
            tokio::task::yield_now().await;
            let _ = pen.send_data(part.into()).await;
        }
    });
    let refused = Response::builder().status(409).header(CONTENT_TYPE, "text/plain");
    refused.body(Body::new(body)).unwrap_or_default()
}

const TAKEN: [&str; 5] = [
    "409 Conflict",
    "content-length: 26",
    "content-type: application/json",
    "",
    r#"{"detail":"Name is taken"}"#,
];

#[tokio::test]
async fn the_words_of_a_4xx_reach_the_client_in_the_envelope() {
    for path in ["/taken", "/late"] {
        assert_eq!(oneshot(enveloped(), get(path)).await.lines(), TAKEN, "{path}");
    }
}

#[tokio::test]
async fn the_words_of_a_5xx_do_not() {
    let answer = oneshot(enveloped(), get("/broken")).await;
    assert_eq!((answer.status.as_u16(), answer.text()), (502, r#"{"detail":"Bad Gateway"}"#));
}

#[test]
fn a_runtime_without_a_timer_answers_with_those_words_or_with_the_phrase() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let answer = runtime.block_on(oneshot(enveloped(), get("/late")));
    assert_eq!(answer.status, 409);
    let bodies = [r#"{"detail":"Name is taken"}"#, r#"{"detail":"Conflict"}"#];
    assert!(bodies.contains(&answer.text()), "{}", answer.text());
}

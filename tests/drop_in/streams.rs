//! A body that grows while it is read, such as server-sent events, is not held back.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    response::Response,
    routing::get as on_get,
};
use http::{Response as Answer, header::CONTENT_TYPE};
use http_body_util::{
    BodyExt,
    channel::{Channel, Sender},
};
use hyper::body::Incoming;
use portcullis_tests::{ACME, Client, Protocol, Quotas, Server, get, stack};
use tokio::sync::mpsc;
use tower::Layer;

/// Where the handler hands over the pen that writes its body.
type Pens = mpsc::Sender<Sender<Bytes>>;

/// Answers with a body of which nothing is written yet.
async fn events(State(pens): State<Pens>) -> Response {
    let (pen, body) = Channel::<Bytes>::new(1);
    let handed = pens.send(pen).await;
    let status = if handed.is_ok() { 200 } else { 500 };
    let response = Response::builder().status(status).header(CONTENT_TYPE, "text/event-stream");
    response.body(Body::new(body)).unwrap_or_default()
}

fn service() -> (Router, mpsc::Receiver<Sender<Bytes>>) {
    let (pens, handed) = mpsc::channel(1);
    (Router::new().route("/events", on_get(events)).with_state(pens), handed)
}

async fn next(body: &mut Answer<Incoming>) -> Option<Bytes> {
    body.frame().await.and_then(Result::ok).and_then(|frame| frame.into_data().ok())
}

/// The head comes before anything is written, and each event before the next one is.
async fn assert_unbuffered(mut client: Client, mut handed: mpsc::Receiver<Sender<Bytes>>) {
    let mut answer = client.open(get("/events").key(ACME)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    assert_eq!(answer.headers()["x-ratelimit-remaining"], "299");
    assert!(!answer.headers().contains_key("content-length"));

    let mut pen = handed.recv().await.expect("the handler was reached");
    for event in ["data: 1\n\n", "data: 2\n\n"] {
        pen.send_data(event.into()).await.expect("the client reads");
        assert_eq!(next(&mut answer).await.as_deref(), Some(event.as_bytes()));
    }
    drop(pen);
    let rest = answer.into_body().collect().await.expect("a body that is whole");
    assert_eq!(rest.to_bytes(), "");
}

#[tokio::test]
async fn each_event_arrives_before_the_next_one_is_written() {
    for protocol in Protocol::ALL {
        let (router, handed) = service();
        let inside = Server::of(router.layer(stack(Quotas::default()).0)).await;
        assert_unbuffered(inside.client(protocol).await, handed).await;

        let (router, handed) = service();
        let outside = Server::of(stack(Quotas::default()).0.layer(router)).await;
        assert_unbuffered(outside.client(protocol).await, handed).await;
    }
}

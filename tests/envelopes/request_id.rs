//! One id for a request: in the answer's header, in its body, and in the log beside the cause.

use axum::{Router, routing::get as on_get};
use http::{HeaderName, Request, StatusCode};
use portcullis::{ApiError, Detail, EnvelopeLayer};
use portcullis_tests::{Protocol, Server, get, head};
use tower::{Layer, ServiceBuilder};
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};

use crate::{journal::Journal, place::Place, shape::Shape};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Every request is the same.
#[derive(Clone, Copy)]
struct Seven;

impl MakeRequestId for Seven {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        Some(RequestId::new("req-7".parse().ok()?))
    }
}

fn service() -> Router {
    let ours = async || -> Result<(), ApiError> { Err(ApiError::internal("the pool is empty")) };
    let named = async || -> Result<(), ApiError> {
        Err(ApiError::conflict().with_member("request_id", "of another service"))
    };
    Router::new()
        .route("/ours", on_get(ours))
        .route("/named", on_get(named))
        .route("/words", on_get(async || (StatusCode::BAD_GATEWAY, "the pool is empty")))
        .route("/panic", on_get(async || -> () { panic!("the pool is empty") }))
        .route("/served", on_get(async || "served"))
}

async fn serve(shape: &Shape, place: Place) -> Server {
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(X_REQUEST_ID, Seven))
        .layer(PropagateRequestIdLayer::new(X_REQUEST_ID))
        .layer(EnvelopeLayer::new(shape.envelope.clone()).with_request_id(X_REQUEST_ID));
    match place {
        Place::Inside => Server::of(service().layer(layers)).await,
        Place::Outside => Server::of(layers.service(service())).await,
    }
}

/// How a body says this id, in the order of [`Shape::all`].
fn bodies(id: &str) -> [String; 5] {
    [
        format!(r#"{{"detail":"Not Found","request_id":"{id}"}}"#),
        format!(r#"{{"error":{{"code":"NOT_FOUND","message":"Not Found","request_id":"{id}"}}}}"#),
        format!(r#"{{"type":"about:blank","title":"Not Found","status":404,"request_id":"{id}"}}"#),
        format!(r#"{{"error":"not_found","message":"Not Found","request_id":"{id}"}}"#),
        format!("404: Not Found\nrequest_id is \"{id}\""),
    ]
}

#[tokio::test]
async fn the_body_of_an_error_has_the_id_that_its_header_has() {
    for (shape, [made, sent]) in Shape::all().iter().zip(pairs()) {
        for place in Place::ALL {
            let server = serve(shape, place).await;
            for protocol in Protocol::ALL {
                let cell = (shape.name, place, protocol);
                let mut client = server.client(protocol).await;
                let answer = client.send(get("/nowhere")).await;
                assert_eq!(
                    (answer.header("x-request-id"), answer.text()),
                    ("req-7", &*made),
                    "{cell:?}"
                );

                // An id that the request came with stays, and is a word like any other.
                let asked = || get("/nowhere").header(X_REQUEST_ID, r#"<a"b>"#);
                let answer = client.send(asked()).await;
                assert_eq!(answer.header("x-request-id"), r#"<a"b>"#, "{cell:?}");
                assert_eq!(answer.text(), sent, "{cell:?}");
                assert_eq!(answer.header("content-length"), sent.len().to_string(), "{cell:?}");
            }
        }
    }
}

fn pairs() -> impl Iterator<Item = [String; 2]> {
    bodies("req-7").into_iter().zip(bodies(r#"<a\"b>"#)).map(Into::into)
}

#[tokio::test]
async fn the_log_has_the_id_beside_the_cause() {
    let journal = Journal::open();
    for shape in &Shape::all() {
        for place in Place::ALL {
            let server = serve(shape, place).await;
            for protocol in Protocol::ALL {
                for (path, status, cause) in [
                    ("/ours", 500, "the pool is empty"),
                    ("/words", 502, "the pool is empty"),
                    ("/panic", 500, "panicked: the pool is empty"),
                ] {
                    let answer = server.client(protocol).await.send(get(path)).await;
                    assert_eq!(answer.header("x-request-id"), "req-7");
                    assert!(answer.text().contains("req-7"), "{}", answer.text());
                    let mut log = journal.take();
                    log.retain(|line| line.contains("the pool is empty"));
                    let line = format!(
                        "ERROR portcullis_envelope::log: a request failed status={status} \
                         request_id=\"req-7\" cause={cause}"
                    );
                    assert_eq!(log, [line], "{} {place:?} {protocol:?} {path}", shape.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_member_by_that_name_stays_and_a_success_has_none() {
    let layers = EnvelopeLayer::new(Detail::new()).with_request_id(X_REQUEST_ID);
    for server in [
        Server::of(service().layer(layers.clone())).await,
        Server::of(layers.layer(service())).await,
    ] {
        for protocol in Protocol::ALL {
            let mut client = server.client(protocol).await;
            let named = client.send(get("/named").header(X_REQUEST_ID, "req-7")).await;
            let body = r#"{"detail":"Conflict","request_id":"of another service"}"#;
            assert_eq!(named.text(), body, "{protocol:?}");
            let served = client.send(get("/served").header(X_REQUEST_ID, "req-7")).await;
            assert_eq!(served.text(), "served", "{protocol:?}");
            // Without a layer that makes one, there is one only if the caller sent it.
            let without = client.send(get("/nowhere")).await;
            assert_eq!(without.text(), r#"{"detail":"Not Found"}"#, "{protocol:?}");
            let head = client.send(head("/nowhere").header(X_REQUEST_ID, "req-7")).await;
            let length = r#"{"detail":"Not Found","request_id":"req-7"}"#.len().to_string();
            assert_eq!((head.header("content-length"), head.text()), (&*length, ""));
        }
    }
}

//! What tower-http's layers refuse with, nearly always without a word.

use std::{future::pending, time::Duration};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    routing::{any, get},
};
use http::{
    HeaderName, StatusCode,
    header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, ETAG},
};
use serde_json::{Value, json};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer,
    decompression::RequestDecompressionLayer, limit::RequestBodyLimitLayer,
    map_response_body::MapResponseBodyLayer, timeout::TimeoutLayer, trace::TraceLayer,
    validate_request::ValidateRequestHeaderLayer,
};

use crate::source::Source;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

pub(super) fn all() -> Vec<Source> {
    let timeout = |status| TimeoutLayer::with_status_code(status, Duration::ZERO);
    let never = || Router::new().route("/", get(async || pending::<()>().await));
    let limit = (MapResponseBodyLayer::new(Body::new), RequestBodyLimitLayer::new(4));
    let inflate = (MapResponseBodyLayer::new(Body::new), RequestDecompressionLayer::new());
    let deflate = (MapResponseBodyLayer::new(Body::new), CompressionLayer::new());
    let catch = (MapResponseBodyLayer::new(Body::new), CatchPanicLayer::new());
    let trace = (MapResponseBodyLayer::new(Body::new), TraceLayer::new_for_http());
    #[expect(deprecated, reason = "whoever has it goes on using it")]
    let bearer = ValidateRequestHeaderLayer::bearer("acme-key");
    #[expect(deprecated, reason = "whoever has it goes on using it")]
    let basic = ValidateRequestHeaderLayer::basic("wile", "acme");
    vec![
        Source::beneath("timeout 408", 408, timeout(StatusCode::REQUEST_TIMEOUT), never()),
        Source::beneath("timeout 504", 504, timeout(StatusCode::GATEWAY_TIMEOUT), never()),
        Source::beneath("body limit", 413, limit, reads()).posted(|ask| ask.body("five.")),
        Source::beneath("request decompression", 415, inflate.clone(), reads())
            .posted(|ask| ask.header(CONTENT_ENCODING, "snappy").body("five."))
            .keeps("accept-encoding", "gzip"),
        Source::beneath("request decompression, no gzip", 400, inflate, reads())
            .posted(|ask| ask.header(CONTENT_ENCODING, "gzip").body("five."))
            .wordy(),
        Source::beneath("compression", 406, deflate, success())
            .asked(|ask| ask.header(ACCEPT_ENCODING, "identity;q=0"))
            .keeps("vary", "accept-encoding"),
        Source::beneath("cross-site request", 403, CsrfLayer::new(), reads())
            .posted(|ask| ask.header(SEC_FETCH_SITE, "cross-site").body("five.")),
        Source::beneath("bearer, none", 401, bearer.clone(), success()),
        Source::beneath("bearer, another", 401, bearer, success())
            .asked(|ask| ask.header(AUTHORIZATION, "Bearer stolen")),
        Source::beneath("basic, none", 401, basic, success()).keeps("www-authenticate", "Basic"),
        Source::beneath("catch panic", 500, catch, Router::new().route("/", get(panics))).wordy(),
        Source::beneath("unknown path in a trace", 404, trace, Router::new()),
    ]
}

/// A service that reads what it is sent.
fn reads() -> Router {
    Router::new().route("/", any(async |_: Bytes| ()))
}

/// A success that says much, and describes it.
fn success() -> Router {
    let success = async || -> ([(HeaderName, &str); 1], Json<Value>) {
        ([(ETAG, "\"7\"")], Json(json!({ "balance": 90_000 })))
    };
    Router::new().route("/", get(success))
}

async fn panics() {
    panic!("the database is gone");
}

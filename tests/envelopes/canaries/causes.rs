//! Why a request failed is for the log, once, and not for the client.

use std::{fmt, io, panic::panic_any};

use axum::{
    Extension, Json, Router,
    body::Body,
    extract::Request,
    response::{Html, Response},
    routing::get,
};
use http::{HeaderName, StatusCode, header::CONTENT_TYPE};
use portcullis::{ApiError, BoxError, Detail, EnvelopeLayer, ErrorStatus};
use serde::{Serialize, Serializer, ser::Error};
use tower::{
    buffer::BufferLayer,
    util::{AndThenLayer, MapRequestLayer},
};
use tower_http::{catch_panic::CatchPanicLayer, map_response_body::MapResponseBodyLayer};

use super::{CANARY, assert_kept};
use crate::source::Source;

const ERROR: &str = "ERROR portcullis_envelope::log: a request failed";
const DEBUG: &str = "DEBUG portcullis_envelope::log: a request was refused";

#[tokio::test]
async fn why_a_request_failed_is_logged_once_and_never_sent() {
    let caught = (MapResponseBodyLayer::new(Body::new), CatchPanicLayer::new());
    let buffered = (BufferLayer::<Request>::new(8), AndThenLayer::new(error));
    assert_kept(vec![
        (failing("internal", || ApiError::internal(CANARY)), ERROR),
        (failing("a cause's cause", || ApiError::internal(Wrapped(CANARY.into()))), ERROR),
        (failing("renamed", renamed), ERROR),
        (Source::route("words", 502, get(async || (StatusCode::BAD_GATEWAY, CANARY))), ERROR),
        (Source::route("no JSON", 500, get(async || Json(Unwritable))), ERROR),
        (Source::route("a Rust type", 500, get(async |_: Extension<hunter2::Pool>| ())), ERROR),
        (Source::route("panic", 500, get(async || -> () { panic!("{CANARY}") })), ERROR),
        (Source::route("panic with text", 500, get(async || -> () { panic_any(CANARY) })), ERROR),
        // Its hook is where what it catches is logged.
        (Source::beneath("caught panic", 500, caught, panicking()), "ERROR tower_http"),
        (
            Source::beneath("panic at once", 500, MapRequestLayer::new(at_once), Router::new()),
            ERROR,
        ),
        (Source::beneath("error", 500, AndThenLayer::new(error), Router::new()), ERROR),
        (Source::beneath("error in a buffer", 500, buffered, Router::new()), ERROR),
        (Source::beneath("error of ours", 500, AndThenLayer::new(ours), Router::new()), ERROR),
        (twice(), ERROR),
    ])
    .await;
}

#[tokio::test]
async fn why_a_request_was_refused_is_a_matter_for_debugging_and_never_sent() {
    assert_kept(vec![
        (failing("conflict", || ApiError::conflict().with_source(CANARY)), DEBUG),
        (
            failing("not found", || {
                ApiError::not_found()
                    .with_message("No such row")
                    .with_source(Wrapped(CANARY.into()))
            }),
            DEBUG,
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_page_that_nobody_reads_goes_nowhere() {
    let page = async || (StatusCode::BAD_GATEWAY, Html(CANARY));
    let bytes = async || -> (StatusCode, [(HeaderName, &str); 1], &str) {
        (StatusCode::BAD_GATEWAY, [(CONTENT_TYPE, "application/octet-stream")], CANARY)
    };
    let long = async || (StatusCode::BAD_GATEWAY, CANARY.repeat(2_000));
    assert_kept(vec![
        (Source::route("a page", 502, get(page)), ""),
        (Source::route("bytes", 502, get(bytes)), ""),
        (Source::route("a long text", 502, get(long)), ""),
    ])
    .await;
}

/// A handler that fails so.
fn failing(name: &'static str, error: fn() -> ApiError) -> Source {
    let status = error().status().as_u16();
    Source::route(name, status, get(async move || Err::<(), _>(error())))
}

fn renamed() -> ApiError {
    ApiError::conflict().with_source(CANARY).with_status(ErrorStatus::SERVICE_UNAVAILABLE)
}

/// An error that says nothing of what it was caused by.
#[derive(Debug)]
struct Wrapped(BoxError);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the query failed")
    }
}

impl std::error::Error for Wrapped {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

/// A handler under two envelopes.
fn twice() -> Source {
    let handler = get(async || Err::<(), _>(ApiError::internal(CANARY)));
    let inner = Router::new().route("/", handler).layer(EnvelopeLayer::new(Detail::new()));
    Source::router("under two envelopes", 500, inner)
}

mod hunter2 {
    #[derive(Clone)]
    pub(super) struct Pool;
}

struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom(CANARY))
    }
}

fn panicking() -> Router {
    Router::new().route("/", get(async || -> () { panic!("{CANARY}") }))
}

fn at_once(_: Request) -> Request {
    panic!("{CANARY}")
}

async fn error(_: Response) -> Result<Response, BoxError> {
    Err(io::Error::other(CANARY).into())
}

async fn ours(_: Response) -> Result<Response, BoxError> {
    Err(ApiError::internal(CANARY).into())
}

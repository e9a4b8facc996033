//! What routers and handlers answer that know nothing of an envelope.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    response::{Html, IntoResponse, Response},
    routing::{delete, get},
};
use http::{
    HeaderName, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_RANGE, ETAG, LAST_MODIFIED, RETRY_AFTER, SET_COOKIE},
};

use crate::source::Source;

pub(super) fn all() -> Vec<Source> {
    vec![
        Source::router("unknown path", 404, Router::new()).at("/nowhere"),
        Source::route("wrong method", 405, delete(async || ())).keeps("allow", "DELETE"),
        Source::route("wrong method, posted", 405, get(async || ()))
            .posted(|ask| ask.body("unread"))
            .keeps("allow", "GET,HEAD"),
        Source::router("fallback", 404, Router::new().fallback(nothing_here))
            .wordy()
            .says("Nothing here"),
        Source::route("words", 409, get(async || (StatusCode::CONFLICT, "Name is taken")))
            .wordy()
            .says("Name is taken"),
        Source::route("words that are too many", 400, get(two_lines)).wordy(),
        Source::route("a bare 502", 502, get(async || StatusCode::BAD_GATEWAY)),
        Source::route("words of a 502", 502, get(unreachable)).wordy(),
        Source::route("somebody else's page", 503, get(page))
            .keeps("retry-after", "30")
            .keeps("set-cookie", "replica=7"),
        Source::route("a range that is not there", 416, get(range))
            .keeps("content-range", "bytes */7"),
        Source::route("no range, and no 416", 404, get(range_of_nothing)),
        Source::route("a status that nobody knows", 599, get(unknown)),
        Source::route("no JSON", 500, get(no_json)).wordy(),
        Source::route("a panic", 500, get(panics)),
    ]
}

async fn nothing_here() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "Nothing here")
}

async fn two_lines() -> (StatusCode, &'static str) {
    (StatusCode::BAD_REQUEST, "Traceback:\n  in handler()")
}

async fn unreachable() -> (StatusCode, &'static str) {
    (StatusCode::BAD_GATEWAY, "10.0.0.7 refused the connection")
}

/// A page that describes itself, wrongly at that.
async fn page() -> impl IntoResponse {
    let headers: [(HeaderName, &str); 5] = [
        (RETRY_AFTER, "30"),
        (SET_COOKIE, "replica=7"),
        (CONTENT_ENCODING, "gzip"),
        (ETAG, "\"7\""),
        (LAST_MODIFIED, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ];
    (StatusCode::SERVICE_UNAVAILABLE, headers, Html("<h1>nginx</h1>"))
}

async fn range() -> impl IntoResponse {
    (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, "bytes */7")])
}

async fn range_of_nothing() -> impl IntoResponse {
    (StatusCode::NOT_FOUND, [(CONTENT_RANGE, "bytes */7")])
}

async fn unknown() -> Response {
    Response::builder().status(599).body(Vec::new().into()).unwrap_or_default()
}

/// JSON has no keys that are no strings.
async fn no_json() -> Json<BTreeMap<(u8, u8), u8>> {
    Json(BTreeMap::from([((1, 2), 3)]))
}

async fn panics() {
    panic!("the database is gone");
}

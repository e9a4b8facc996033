//! What a caller sent, what a handler wrote for itself, and what a client must not have after all.

use axum::{
    Form, Json, Router,
    body::Body,
    extract::{Path, Query},
    response::Html,
    routing::{any, get},
};
use http::{
    HeaderName, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG},
};
use portcullis::extract;
use serde::Deserialize;
use serde_json::{Value, json};
use tower_http::{compression::CompressionLayer, map_response_body::MapResponseBodyLayer};

use super::{CANARY, Planted, assert_kept};
use crate::source::Source;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    #[serde(rename = "cents")]
    _cents: u64,
    #[serde(rename = "kind")]
    _kind: Option<Kind>,
}

#[derive(Deserialize)]
enum Kind {
    Invoice,
}

#[tokio::test]
async fn what_the_caller_sent_is_not_said_back_by_axums_extractors() {
    let json = || any(async |_: Json<Draft>| ());
    let query = || any(async |_: Query<Draft>| ());
    let form = || any(async |_: Form<Draft>| ());
    let path = Router::new().route("/{id}", any(async |_: Path<u64>| ()));
    assert_kept(silent([
        Source::route("Json, type", 422, json()).posted(|ask| ask.json(r#"{"cents":"hunter2"}"#)),
        Source::route("Json, variant", 422, json())
            .posted(|ask| ask.json(r#"{"cents":1,"kind":"hunter2"}"#)),
        Source::route("Json, member", 422, json())
            .posted(|ask| ask.json(r#"{"cents":1,"hunter2":1}"#)),
        Source::route("Json, syntax", 400, json()).posted(|ask| ask.json(r#"{"cents":hunter2"#)),
        Source::route("Query", 400, query()).at("/?cents=hunter2"),
        Source::route("Query, member", 400, query()).at("/?cents=1&hunter2=1"),
        Source::route("Form", 422, form()).posted(|ask| {
            ask.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body("cents=hunter2")
        }),
        Source::router("Path", 400, path).at("/hunter2"),
        Source::router("unknown path", 404, Router::new()).at("/hunter2?hunter2=hunter2"),
    ]))
    .await;
}

#[tokio::test]
async fn what_the_caller_sent_is_not_said_back_by_ours() {
    let json = || any(async |_: extract::Json<Draft>| ());
    let path = Router::new().route("/{id}", any(async |_: extract::Path<u64>| ()));
    assert_kept(silent([
        Source::route("Json, type", 422, json()).posted(|ask| ask.json(r#"{"cents":"hunter2"}"#)),
        Source::route("Json, variant", 422, json())
            .posted(|ask| ask.json(r#"{"cents":1,"kind":"hunter2"}"#)),
        Source::route("Query", 422, any(async |_: extract::Query<Draft>| ())).at("/?cents=hunter2"),
        Source::router("Path", 422, path).at("/hunter2"),
    ]))
    .await;
}

#[tokio::test]
async fn what_a_handler_did_not_mean_as_a_message_is_not_read_as_one() {
    let lines = async || (StatusCode::BAD_REQUEST, "Traceback:\n  hunter2");
    let long = async || (StatusCode::BAD_REQUEST, CANARY.repeat(200));
    let page = async || (StatusCode::BAD_REQUEST, Html(CANARY));
    let file = async || -> (StatusCode, [(HeaderName, &str); 2]) {
        let headers =
            [(CONTENT_DISPOSITION, "attachment; filename=hunter2"), (ETAG, "\"hunter2\"")];
        (StatusCode::NOT_FOUND, headers)
    };
    assert_kept(silent([
        Source::route("lines", 400, get(lines)),
        Source::route("a long text", 400, get(long)),
        Source::route("a page", 400, get(page)),
        Source::route("headers of a file", 404, get(file)),
    ]))
    .await;
}

#[tokio::test]
async fn a_success_that_the_client_cannot_accept_stays_here() {
    let compressed = || (MapResponseBodyLayer::new(Body::new), CompressionLayer::new());
    let json = async || Json(json!({ "password": CANARY })) as Json<Value>;
    let router = |route| Router::new().route("/", route);
    let asked = [
        Source::beneath("JSON", 406, compressed(), router(get(json))),
        Source::beneath("text", 406, compressed(), router(get(async || CANARY))),
        Source::beneath("page", 406, compressed(), router(get(async || Html(CANARY)))),
    ];
    let refused = |source: Source| source.asked(|ask| ask.header(ACCEPT_ENCODING, "identity;q=0"));
    assert_kept(silent(asked.map(refused))).await;
}

/// What is neither sent nor logged.
fn silent<const N: usize>(sources: [Source; N]) -> Vec<Planted> {
    sources.into_iter().map(|source| (source, "")).collect()
}

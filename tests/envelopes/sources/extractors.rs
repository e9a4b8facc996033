//! What axum's extractors reject, with words of serde's, of Rust's, or of the caller's own.

use axum::{
    Extension, Form, Json, Router,
    body::Bytes,
    extract::{
        ConnectInfo, DefaultBodyLimit, Multipart, Path, Query, WebSocketUpgrade,
        multipart::MultipartError,
    },
    routing::{MethodRouter, any},
};
use http::header::CONTENT_TYPE;
use portcullis_tests::Ask;
use serde::Deserialize;

use crate::source::Source;

#[derive(Clone, Deserialize)]
struct Draft {
    #[serde(rename = "cents")]
    _cents: u64,
}

pub(super) fn all() -> Vec<Source> {
    vec![
        rejected("Json, type", 415, json()),
        rejected("Json, type, posted", 415, json()).posted(|ask| ask.body("{}")),
        rejected("Json, nothing", 400, json()).asked(|ask| ask.json("")),
        rejected("Json, syntax", 400, json()).posted(|ask| ask.json(r#"{"cents":"#)),
        rejected("Json, data", 422, json()).posted(|ask| ask.json(r#"{"cents":"x"}"#)),
        rejected("Json, length", 413, json().layer(DefaultBodyLimit::max(4)))
            .posted(|ask| ask.json(r#"{"cents":7}"#)),
        // axum takes a `HEAD` for something that has a body.
        rejected("Form, query", 400, form()).at("/?cents=x").only_by_get(),
        rejected("Form, type", 415, form()).posted(|ask| ask.body("cents=1")),
        rejected("Form, data", 422, form()).posted(|ask| urlencoded(ask).body("cents=x")),
        rejected("Query", 400, any(async |_: Query<Draft>| ())).at("/?cents=x"),
        path("Path", 400, "/{number}").at("/letters"),
        path("Path, UTF-8", 400, "/{number}").at("/%FF"),
        path("Path, number of arguments", 500, "/{one}/{other}").at("/1/2"),
        path("Path, none", 500, "/"),
        rejected("Extension", 500, any(async |_: Extension<Draft>| ())),
        rejected("ConnectInfo", 500, any(async |_: ConnectInfo<Draft>| ())),
        rejected("String", 400, any(async |_: String| ())).posted(|ask| ask.body(vec![0xFF])),
        rejected("Bytes, length", 413, any(async |_: Bytes| ()).layer(DefaultBodyLimit::max(4)))
            .posted(|ask| ask.body("five.")),
        rejected("Multipart, type", 400, any(fields)),
        rejected("Multipart, unfinished", 400, any(fields))
            .posted(|ask| multipart(ask, UNFINISHED)),
        rejected("Multipart, length", 413, any(fields).layer(DefaultBodyLimit::max(4)))
            .posted(|ask| multipart(ask, UNFINISHED)),
        rejected("WebSocketUpgrade, method", 405, websocket()).posted(|ask| ask),
        rejected("WebSocketUpgrade, headers", 400, websocket()).only_by_get().only_over_http1(),
    ]
}

const UNFINISHED: &str = "--x\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\nunfinished";

/// A route whose extractor answers with words, of which the client reads none.
fn rejected(name: &'static str, status: u16, route: MethodRouter) -> Source {
    Source::route(name, status, route).wordy()
}

/// The same of a path's.
fn path(name: &'static str, status: u16, path: &'static str) -> Source {
    let router = Router::new().route(path, any(async |_: Path<u64>| ()));
    Source::router(name, status, router).wordy()
}

fn json() -> MethodRouter {
    any(async |_: Json<Draft>| ())
}

fn form() -> MethodRouter {
    any(async |_: Form<Draft>| ())
}

fn websocket() -> MethodRouter {
    any(async |it: WebSocketUpgrade| it.on_upgrade(async |_| ()))
}

async fn fields(mut multipart: Multipart) -> Result<(), MultipartError> {
    while let Some(field) = multipart.next_field().await? {
        field.bytes().await?;
    }
    Ok(())
}

fn urlencoded(ask: Ask) -> Ask {
    ask.header(CONTENT_TYPE, "application/x-www-form-urlencoded")
}

fn multipart(ask: Ask, body: &'static str) -> Ask {
    ask.header(CONTENT_TYPE, "multipart/form-data; boundary=x").body(body)
}

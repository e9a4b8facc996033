//! The service of `app.py`, as Portcullis has it.

use std::collections::BTreeMap;

use axum::{
    Router,
    routing::{get, patch, post},
};
use http::{HeaderValue, header::WWW_AUTHENTICATE};
use portcullis::{
    ApiError, Code, CodePlace, Detail, EnvelopeLayer, ErrorStatus,
    extract::{Cookie, Header, Json, Path, Query},
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Priority {
    Low,
    Medium,
    High,
    Urgent,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Item {
    name: String,
    qty: i64,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Ticket {
    subject: String,
    priority: Priority,
    #[serde(default)]
    items: Vec<Item>,
    note: Option<String>,
    #[serde(default)]
    score: f64,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    counts: BTreeMap<String, i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Strict {
    name: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Tree {
    value: i64,
    #[serde(default)]
    children: Vec<Self>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Search {
    q: String,
    limit: Option<i64>,
    #[serde(default)]
    exact: bool,
    #[serde(default)]
    ratio: f64,
    priority: Option<Priority>,
    #[serde(default)]
    tag: Vec<i64>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Notify {
    notify: bool,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Trace {
    x_depth: i64,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Seen {
    visits: i64,
}

#[derive(Deserialize)]
struct Words {
    detail: Option<String>,
}

pub(crate) fn service() -> Router {
    let nested = EnvelopeLayer::new(Detail::new().with_code(CodePlace::Nested));
    Router::new()
        .route("/tickets", post(async |_: Json<Ticket>| ()))
        .route("/tickets/{ticket_id}", get(id))
        .route("/tickets/{ticket_id}/note", get(id).put(id).delete(id))
        .route(
            "/tickets/{ticket_id}/items",
            patch(async |_: Path<i64>, _: Query<Notify>, _: Json<Item>| ()),
        )
        .route("/search", get(async |_: Query<Search>| ()))
        .route("/traced", get(async |_: Header<Trace>| ()))
        .route("/seen", get(async |_: Cookie<Seen>| ()))
        .route("/strict", post(async |_: Json<Strict>| ()))
        .route("/trees", post(async |_: Json<Tree>| ()))
        .route("/fails/{status}", get(fails))
        .route("/coded", get(coded).layer(nested))
        .route("/challenged", get(challenged))
        .route("/spent", get(spent))
        .route("/panics", get(panics))
        .layer(EnvelopeLayer::new(Detail::new()))
}

async fn id(_: Path<i64>) {}

async fn fails(Path(status): Path<u16>, Query(words): Query<Words>) -> ApiError {
    match (ErrorStatus::from_u16(status), words.detail) {
        (Ok(status), Some(detail)) => ApiError::new(status).with_message(detail),
        (Ok(status), None) => ApiError::new(status),
        (Err(error), _) => ApiError::internal(error),
    }
}

async fn coded() -> ApiError {
    ApiError::forbidden().with_code(Code::new("NO_ACCESS")).with_message("Not yours")
}

async fn challenged() -> ApiError {
    let challenge = HeaderValue::from_static("Bearer");
    ApiError::unauthorized()
        .with_header(WWW_AUTHENTICATE, challenge)
        .with_message("Invalid API key")
}

async fn spent() -> ApiError {
    ApiError::too_many_requests(std::time::Duration::from_secs(12)).with_message("Slow down")
}

async fn panics() {
    panic!("the database password is hunter2");
}

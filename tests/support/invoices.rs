use axum::{
    Json, Router,
    extract::Path,
    routing::{get, post},
};
use http::{HeaderName, StatusCode, header::ETAG};
use portcullis::{Hidden, Principal};
use serde::{Deserialize, Serialize};

use crate::Account;

/// The service that existed before: invoices of several tenants.
///
/// | request | answer |
/// |---|---|
/// | `GET /invoices/1` | `acme`'s, 404 for anybody else |
/// | `GET /invoices/2` | `globex`'s, 404 for anybody else |
/// | `DELETE /invoices/{id}` | 204 for its tenant |
/// | `POST /invoices` | 201, with `{"id":3,"cents":…}` |
/// | `GET /whoami` | the caller's name |
/// | `GET /unchanged` | 304, with an `ETag` |
/// | `GET /panic` | a panic |
pub fn invoices() -> Router {
    Router::new()
        .route("/invoices", post(create))
        .route("/invoices/{id}", get(show).delete(remove))
        .route("/whoami", get(async |Principal(account): Principal<Account>| account.name))
        .route("/unchanged", get(unchanged))
        .route("/panic", get(panics))
}

#[derive(Serialize)]
struct Invoice {
    id: u64,
    cents: u64,
}

#[derive(Deserialize)]
struct Draft {
    cents: u64,
}

/// The row by this id, if the caller may see it.
fn visible(id: u64, caller: &Account) -> Result<Invoice, Hidden> {
    let (owner, cents) = match id {
        1 => ("acme", 1_200),
        2 => ("globex", 90_000),
        _ => return Err(Hidden::missing()),
    };
    if owner == caller.tenant { Ok(Invoice { id, cents }) } else { Err(Hidden::foreign(owner)) }
}

async fn show(
    Path(id): Path<u64>,
    Principal(caller): Principal<Account>,
) -> Result<Json<Invoice>, Hidden> {
    visible(id, &caller).map(Json)
}

async fn remove(
    Path(id): Path<u64>,
    Principal(caller): Principal<Account>,
) -> Result<StatusCode, Hidden> {
    visible(id, &caller).map(|_| StatusCode::NO_CONTENT)
}

async fn create(Json(draft): Json<Draft>) -> (StatusCode, Json<Invoice>) {
    (StatusCode::CREATED, Json(Invoice { id: 3, cents: draft.cents }))
}

async fn unchanged() -> (StatusCode, [(HeaderName, &'static str); 1]) {
    (StatusCode::NOT_MODIFIED, [(ETAG, "\"7\"")])
}

async fn panics() {
    panic!("the database password is hunter2");
}

//! `{"error":{"code":…,"message":…}}` for everything, whoever failed.

use axum::{
    Extension, Router,
    routing::{get, post},
};
use portcullis::{
    ApiError, EnvelopeLayer, ErrorObject,
    extract::{ExtractPolicy, Json, OnMalformed},
};
use serde::Deserialize;

use super::{
    Contract,
    causes::{WAIT, challenged, panicking, refused},
};
use crate::codes::directory::*;

pub(crate) fn protect(service: Router) -> Router {
    let envelope = ErrorObject::new().with_entries(REQUESTS.entries());
    let envelope = envelope.with_entries(&[SRV_001, SRV_002]);
    let policy = ExtractPolicy::new().with_on_malformed(OnMalformed::BadRequest);
    service.layer(Extension(policy)).layer(EnvelopeLayer::new(envelope))
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Draft {
    name: String,
    slug: String,
}

/// The routes, for what their extractors and the router itself refuse.
fn applications() -> Router {
    Router::new()
        .route("/applications", post(create))
        .route("/applications/{id}", get(async || ()).delete(async || ()))
}

async fn create(draft: Result<Json<Draft>, ApiError>) -> Result<(), ApiError> {
    draft.map(drop).map_err(|error| match error.issues() {
        [] => error,
        // What is wrong stays; what it is called is this endpoint's own.
        _ => error
            .with_status(APP_001.status())
            .with_code(APP_001.code())
            .with_message(APP_001.message()),
    })
}

fn causes() -> Vec<(&'static str, Vec<Router>)> {
    let no_token = || refused(challenged(AUTH_001));
    let wrong_password = || refused(challenged(AUTH_003));
    let attempts = ApiError::from(AUTH_007).with_retry_after(WAIT);
    vec![
        ("no token", vec![no_token()]),
        ("malformed", vec![no_token()]),
        ("expired", vec![refused(challenged(AUTH_002))]),
        ("not found", vec![refused(APP_002)]),
        ("no access", vec![refused(APP_005)]),
        ("invalid data", vec![applications()]),
        ("slug taken", vec![refused(APP_003)]),
        ("active users", vec![refused(APP_004)]),
        ("role name taken", vec![refused(PERM_004)]),
        ("role not found", vec![refused(PERM_002)]),
        ("user not found", vec![refused(USR_001)]),
        ("unknown route", vec![applications()]),
        ("wrong method", vec![applications()]),
        ("unsupported body", vec![applications()]),
        ("malformed body", vec![applications()]),
        ("sign-in attempts", vec![wrong_password(), wrong_password(), refused(attempts)]),
        ("unforeseen failure", vec![panicking()]),
    ]
}

#[tokio::test]
async fn the_directory_speaks_every_error_of_its_vectors() {
    let vectors = include_str!("../vectors/directory.json");
    Contract { vectors, protect, causes: causes() }.is_spoken().await;
}

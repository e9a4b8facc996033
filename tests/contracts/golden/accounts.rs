//! `{"detail":{"code":…,"message":…}}` where there is a code, `{"detail":"text"}` where there is none.

use axum::{Extension, Router};
use portcullis::{
    ApiError, CodePlace, Detail, EnvelopeLayer, ErrorStatus, Phrases,
    extract::{ExtractPolicy, OnMalformed},
};

use super::{
    Contract,
    causes::{WAIT, challenged, refused, unauthorized},
};
use crate::codes::accounts::*;

pub(crate) fn protect(service: Router) -> Router {
    let phrases = Phrases::python()
        .with(ErrorStatus::INTERNAL_SERVER_ERROR, "Internal server error")
        .with(ErrorStatus::TOO_MANY_REQUESTS, "Rate limit exceeded");
    let envelope = Detail::new().with_code(CodePlace::Nested).with_phrases(phrases);
    let policy = ExtractPolicy::new().with_on_malformed(OnMalformed::BadRequest);
    service.layer(Extension(policy)).layer(EnvelopeLayer::new(envelope))
}

fn unreachable() -> ApiError {
    let message = "Failed to reach billing service";
    ApiError::unavailable("connection refused").with_retry_after(WAIT).with_message(message)
}

fn causes() -> Vec<(&'static str, Vec<Router>)> {
    let no_bearer = || refused(unauthorized("missing bearer token"));
    let no_header = || refused(unauthorized("invalid authorization header"));
    let no_token_name = ApiError::bad_request().with_message("token_name is required");
    let session = vec![
        refused(no_token_name),
        refused(NO_ACCESS),
        refused(NOT_FOUND),
        refused(PROJECT_NAME),
        refused(unreachable()),
        refused(TWO_FACTOR_NOT_STARTED),
        refused(TWO_FACTOR_NOT_ENABLED),
        refused(INVALID_CODE),
    ];
    vec![
        ("register: MISSING_NAME", vec![refused(MISSING_NAME)]),
        ("register: MISSING_EMAIL", vec![refused(MISSING_EMAIL)]),
        ("register: MISSING_PASSWORD", vec![refused(MISSING_PASSWORD)]),
        ("register: INVALID_EMAIL", vec![refused(INVALID_EMAIL)]),
        ("register: PASSWORD_TOO_WEAK", vec![refused(PASSWORD_TOO_WEAK)]),
        ("register twice", vec![refused(EMAIL_ALREADY_EXISTS)]),
        ("wrong password", vec![refused(challenged(INVALID_CREDENTIALS))]),
        ("expired challenge", vec![refused(challenged(INVALID_CHALLENGE))]),
        ("bearer: missing", vec![no_bearer()]),
        ("bearer: another scheme", vec![no_header()]),
        ("bearer: two tokens", vec![no_header()]),
        ("bearer: empty", vec![refused(unauthorized("invalid bearer token"))]),
        ("bearer: unknown", vec![refused(unauthorized("invalid token"))]),
        ("tokens need a session", vec![refused(unauthorized("no session cookie"))]),
        ("a session's tokens", session),
        ("per-IP limit", vec![no_bearer(), refused(ApiError::too_many_requests(WAIT))]),
        ("unknown route", vec![Router::new()]),
    ]
}

#[tokio::test]
async fn accounts_speak_every_error_of_their_vectors() {
    let vectors = include_str!("../vectors/accounts.json");
    Contract { vectors, protect, causes: causes() }.is_spoken().await;
}

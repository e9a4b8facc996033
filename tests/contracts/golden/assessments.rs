//! `{"detail":"text"}` always, and one code beside it.

use axum::{Router, routing::post};
use portcullis::{
    ApiError, CodePlace, Detail, EnvelopeLayer, Hidden, IssuesAs, catalogue, extract::Json,
};
use serde::Deserialize;

use super::{
    Contract,
    causes::{WAIT, refused, unauthorized},
};

catalogue! {
    SIGN_IN { EMAIL_NOT_VERIFIED: 403, "Verify your e-mail address first"; }
}

fn protect(service: Router) -> Router {
    let envelope = Detail::new().with_code(CodePlace::Beside).with_issues(IssuesAs::Text);
    service.layer(EnvelopeLayer::new(envelope))
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only its faults are looked at")]
struct Draft {
    title: String,
}

/// The routes, for what their extractors and the router itself refuse.
fn assessments() -> Router {
    Router::new().route("/api/v1/assessments", post(async |_: Json<Draft>| ()))
}

fn of(hidden: Hidden) -> Router {
    refused(ApiError::from(hidden).with_message("Assessment not found"))
}

fn rate_limit() -> ApiError {
    let limit = ApiError::too_many_requests(WAIT);
    let seconds = limit.retry_after().map_or(1, |seconds| seconds.get());
    limit.with_message(format!("Rate limit exceeded. Retry after {seconds}s."))
}

fn causes() -> Vec<(&'static str, Vec<Router>)> {
    let masked = || vec![of(Hidden::missing()), of(Hidden::foreign("globex"))];
    let low = ApiError::forbidden().with_message("Your role may only read");
    let state = ApiError::conflict().with_message("The assessment has started already");
    vec![
        ("missing", vec![of(Hidden::missing())]),
        ("GET another organisation's assessment looks missing", masked()),
        ("HEAD another organisation's assessment looks missing", masked()),
        ("DELETE another organisation's assessment looks missing", masked()),
        ("PATCH another organisation's assessment looks missing", masked()),
        ("GET another organisation's /findings looks missing", masked()),
        ("GET another organisation's /report looks missing", masked()),
        ("POST another organisation's /findings looks missing", masked()),
        ("masked before the precondition", masked()),
        ("role too low stays 403", vec![refused(low)]),
        ("422 is a string", vec![assessments()]),
        ("409", vec![refused(state)]),
        ("no credentials", vec![refused(unauthorized("Missing bearer token"))]),
        ("unverified account", vec![refused(EMAIL_NOT_VERIFIED)]),
        ("wrong password", vec![refused(unauthorized("Wrong e-mail address or password"))]),
        ("rate limit", vec![refused(rate_limit())]),
        ("unknown route", vec![assessments()]),
    ]
}

#[tokio::test]
async fn assessments_speak_every_error_of_their_vectors() {
    let vectors = include_str!("../vectors/assessments.json");
    Contract { vectors, protect, causes: causes() }.is_spoken().await;
}

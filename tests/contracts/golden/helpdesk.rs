//! `{"detail":"text"}` and no codes; one endpoint that goes its own way.

use axum::{
    Router,
    routing::{get, post},
};
use portcullis::{
    Allowance, ApiError, Detail, EnvelopeLayer, ErrorStatus, Flat, Hidden, Phrases, catalogue,
    extract::{Json, Path},
};
use serde::Deserialize;

use super::{
    Contract,
    causes::{WAIT, panicking, refused, unauthorized},
};

catalogue! {
    INGESTION { RATE_LIMIT_EXCEEDED as "rate_limit_exceeded": 429, "Too many articles at once"; }
}

fn protect(service: Router) -> Router {
    let phrases = Phrases::python()
        .with(ErrorStatus::INTERNAL_SERVER_ERROR, "Internal server error")
        .with(ErrorStatus::TOO_MANY_REQUESTS, "Rate limit exceeded");
    service.layer(EnvelopeLayer::new(Detail::new().with_phrases(phrases)))
}

/// The stricter limit of the knowledge base's endpoint, in that endpoint's own shape.
fn ingestion() -> Router {
    let envelope = Flat::new().with_entry(ErrorStatus::TOO_MANY_REQUESTS, RATE_LIMIT_EXCEEDED);
    Router::new().route(
        "/v1/kb/articles",
        post(async || ApiError::too_many_requests(WAIT)).layer(EnvelopeLayer::new(envelope)),
    )
}

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
struct Draft {
    subject: String,
    priority: Priority,
}

/// The routes, for what their extractors and the router itself refuse.
fn tickets() -> Router {
    Router::new()
        .route("/v1/tickets", post(async |_: Json<Draft>| ()))
        .route("/v1/tickets/{ticket_id}", get(async |_: Path<u64>| ()))
}

fn denied(message: &'static str) -> Router {
    refused(ApiError::forbidden().with_message(message))
}

fn not_found() -> Router {
    refused(ApiError::from(Hidden::missing()).with_message("Ticket not found"))
}

fn another_tenants() -> Router {
    refused(ApiError::from(Hidden::foreign("globex")).with_message("Ticket not found"))
}

fn key_limit() -> ApiError {
    ApiError::too_many_requests(WAIT)
        .with_message("API key rate limit exceeded")
        .with_allowance(Allowance::new(2, 0))
        .with_member("limit", 2)
}

fn causes() -> Vec<(&'static str, Vec<Router>)> {
    let missing = || refused(unauthorized("Missing authentication credentials"));
    let invalid = || refused(unauthorized("Invalid API key"));
    let subject = "Subject must be between 1 and 255 characters";
    let reused = "Idempotency key reused with a different payload";
    let spent = ApiError::too_many_requests(WAIT).with_message("Rate limit exceeded");
    vec![
        ("missing credentials", vec![missing()]),
        ("unknown key", vec![invalid()]),
        ("revoked key", vec![invalid()]),
        ("missing scope", vec![denied("API key missing required scope: tickets:write")]),
        (
            "endpoint closed to API keys",
            vec![denied("API keys are not permitted for this endpoint")],
        ),
        ("ticket not found", vec![not_found()]),
        (
            "another tenant's ticket looks missing",
            vec![not_found(), another_tenants(), another_tenants()],
        ),
        ("unknown route", vec![tickets()]),
        ("wrong method", vec![tickets()]),
        (
            "business rule is a plain 400",
            vec![refused(ApiError::bad_request().with_message(subject))],
        ),
        ("enum outside its values", vec![tickets()]),
        ("missing field", vec![tickets()]),
        ("wrong type", vec![tickets()]),
        ("every fault at once", vec![tickets()]),
        ("malformed JSON", vec![tickets()]),
        ("path integer", vec![tickets()]),
        ("key limit", vec![refused(key_limit())]),
        ("stricter limit of one endpoint", vec![ingestion()]),
        ("limit before authentication", vec![invalid(), refused(spent)]),
        ("idempotency key", vec![refused(ApiError::conflict().with_message(reused))]),
        ("unforeseen failure", vec![panicking()]),
        ("HEAD has no body", vec![not_found()]),
    ]
}

#[tokio::test]
async fn the_helpdesk_speaks_every_error_of_its_vectors() {
    let vectors = include_str!("../vectors/helpdesk.json");
    Contract { vectors, protect, causes: causes() }.is_spoken().await;
}

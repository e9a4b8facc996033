//! A 429 as each contract wants it: the limit decides, its settings and the envelope say how it reads.

use axum::{Router, routing::get as on_get};
use portcullis::{
    ApiError, Clock, Detail, Envelope, EnvelopeLayer, ErrorObject, Flat, GuardLayer, Memory,
    Policy, ProblemDetails, Quota, RateLimit, catalogue,
};
use portcullis_tests::{Wire, get, oneshot};

catalogue! {
    CODES {
        REQ_429: 429, "Too many requests, slow down";
        QUOTA_EXCEEDED as "quota-exceeded": 429, "Request cannot be satisfied as assigned quota has been exceeded";
        RATE_LIMIT_EXCEEDED as "rate_limit_exceeded": 429, "Too many articles at once";
    }
}

/// What the third of two requests gets.
async fn refused(limit: RateLimit, envelope: impl Envelope) -> Wire {
    let (clock, _hand) = Clock::manual();
    let limit = limit.with_store(Memory::new().with_clock(clock));
    let app = Router::new()
        .route("/", on_get(async || "in"))
        .layer(GuardLayer::new(limit))
        .layer(EnvelopeLayer::new(envelope));
    for _ in 0..2 {
        assert_eq!(oneshot(app.clone(), get("/")).await.status, 200);
    }
    oneshot(app, get("/")).await
}

fn two_a_minute() -> RateLimit {
    RateLimit::by_address(Quota::per_minute(2))
}

#[tokio::test]
async fn a_text_beside_the_limit_as_a_number() {
    let limit = two_a_minute()
        .with_message("API key rate limit exceeded")
        .with_refusal(|refusal| refusal.error().with_member("limit", refusal.limit()));
    assert_eq!(
        refused(limit, Detail::new()).await.lines(),
        [
            "429 Too Many Requests",
            "content-length: 50",
            "content-type: application/json",
            "retry-after: 30",
            "x-ratelimit-limit: 2",
            "x-ratelimit-remaining: 0",
            "",
            r#"{"detail":"API key rate limit exceeded","limit":2}"#,
        ]
    );
}

#[tokio::test]
async fn a_text_with_the_seconds_in_it() {
    let limit = two_a_minute().with_message("Rate limit exceeded. Retry after {retry_after}s.");
    let refused = refused(limit, Detail::new()).await;
    assert_eq!(refused.text(), r#"{"detail":"Rate limit exceeded. Retry after 30s."}"#);
}

#[tokio::test]
async fn a_code_and_a_message_of_the_catalogue() {
    let limit = two_a_minute().with_refusal(|_| REQ_429.into());
    let refused = refused(limit, ErrorObject::new()).await;
    let body = r#"{"error":{"code":"REQ_429","message":"Too many requests, slow down"}}"#;
    assert_eq!(refused.text(), body);
    assert_eq!(refused.headers["retry-after"], "30");
    assert_eq!(refused.headers["x-ratelimit-remaining"], "0");
}

#[tokio::test]
async fn an_endpoints_own_shape_with_the_seconds_as_a_number() {
    let limit = two_a_minute().with_refusal(|_| RATE_LIMIT_EXCEEDED.into());
    let refused = refused(limit, Flat::new()).await;
    let body =
        r#"{"error":"rate_limit_exceeded","message":"Too many articles at once","retry_after":30}"#;
    assert_eq!(refused.text(), body);
}

#[tokio::test]
async fn a_problem_of_the_ietfs_type_with_the_policies_that_refuse() {
    let limit = two_a_minute()
        .and(Policy::by_address(Quota::per_hour(1_000)).named("hourly"))
        .with_refusal(|refusal| {
            let violated: Vec<_> = refusal.violated().collect();
            ApiError::from(QUOTA_EXCEEDED).with_member("violated-policies", violated)
        });
    let types = "https://iana.org/assignments/http-problem-types#";
    let refused = refused(limit, ProblemDetails::new().with_type_base(types)).await;
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    for part in [
        r#""type":"https://iana.org/assignments/http-problem-types#quota-exceeded""#,
        r#""status":429"#,
        r#""violated-policies":["address"]"#,
    ] {
        assert!(refused.text().contains(part), "{}", refused.text());
    }
}

//! What axum's extractors refuse: a phrase, and none of serde's words nor of the caller's input.

use axum::{Router, extract::DefaultBodyLimit};
use http::header::CONTENT_TYPE;
use portcullis_tests::{ACME, Ask, Quotas, get, invoices, post};

use crate::way::Way;

/// The invoices, whose drafts are at most 16 bytes long.
fn short_drafts() -> Router {
    invoices().layer(DefaultBodyLimit::max(16))
}

/// What is refused, the status line, the length of the body, and the body.
fn refused() -> [(Ask, [&'static str; 3]); 5] {
    [
        (
            post("/invoices").header(CONTENT_TYPE, "text/plain").body(r#"{"cents":7}"#),
            [
                "415 Unsupported Media Type",
                "content-length: 35",
                r#"{"detail":"Unsupported Media Type"}"#,
            ],
        ),
        (
            post("/invoices").json(r#"{"cents":"#),
            ["400 Bad Request", "content-length: 24", r#"{"detail":"Bad Request"}"#],
        ),
        (
            post("/invoices").json(r#"{"cents":"x"}"#),
            [
                "422 Unprocessable Entity",
                "content-length: 33",
                r#"{"detail":"Unprocessable Entity"}"#,
            ],
        ),
        (
            post("/invoices").json(r#"{"cents":1234567890}"#),
            [
                "413 Payload Too Large",
                "content-length: 37",
                r#"{"detail":"Request Entity Too Large"}"#,
            ],
        ),
        (
            get("/invoices/hunter2"),
            ["400 Bad Request", "content-length: 24", r#"{"detail":"Bad Request"}"#],
        ),
    ]
}

#[tokio::test]
async fn a_rejection_reads_as_its_phrase_and_nothing_of_serde() {
    for way in Way::ALL {
        for (ask, [status, length, body]) in refused() {
            let mut visit = way.open_to(short_drafts(), Quotas::default()).await;
            assert_eq!(
                visit.send(ask.key(ACME)).await.lines(),
                [
                    status,
                    length,
                    "content-type: application/json",
                    "x-ratelimit-limit: 300",
                    "x-ratelimit-remaining: 299",
                    "",
                    body,
                ],
                "{way:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_draft_that_is_refused_for_its_key_is_not_read_and_the_next_one_gets_through() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        let draft = || post("/invoices").json(r#"{"cents":7}"#);
        assert_eq!(visit.send(draft()).await.status, 401, "{way:?}");
        let created = visit.send(draft().key(ACME)).await;
        assert_eq!((created.status.as_u16(), created.text()), (201, r#"{"id":3,"cents":7}"#));
    }
}

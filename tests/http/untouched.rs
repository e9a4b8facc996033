use axum::{Router, routing::get as on_get};
use http::{
    HeaderName, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, ETAG, SERVER},
};
use portcullis_tests::{ACME, Quotas, assert_alike, delete, get, head};

use crate::way::Way;

/// A page of a service that describes it wrongly, and of which nothing is known to be ours.
fn stale() -> Router {
    let page = async || -> (StatusCode, [(HeaderName, &str); 4], &str) {
        let headers = [
            (CONTENT_LENGTH, "999"),
            (CONTENT_ENCODING, "gzip"),
            (ETAG, "\"7\""),
            (SERVER, "replica"),
        ];
        (StatusCode::SERVICE_UNAVAILABLE, headers, "10.0.0.7 refused the connection")
    };
    Router::new().route("/stale", on_get(page))
}

#[tokio::test]
async fn a_foreign_error_that_lies_about_its_length_leaves_with_the_right_one() {
    for way in Way::ALL {
        let mut visit = way.open_to(stale(), Quotas::default()).await;
        let answer = visit.send(get("/stale").key(ACME)).await;
        assert_eq!(
            answer.lines(),
            [
                "503 Service Unavailable",
                "content-length: 32",
                "content-type: application/json",
                "server: replica",
                "x-ratelimit-limit: 300",
                "x-ratelimit-remaining: 299",
                "",
                r#"{"detail":"Service Unavailable"}"#,
            ],
            "{way:?}"
        );
        assert_alike(&visit.send(head("/stale").key(ACME)).await, &answer.without_body());
    }
}

#[tokio::test]
async fn a_204_and_a_304_are_the_services_own_and_say_what_is_left() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        for (ask, status, etag, remaining) in
            [(delete("/invoices/1"), 204, "", "299"), (get("/unchanged"), 304, "\"7\"", "298")]
        {
            let answer = visit.send(ask.key(ACME)).await;
            assert_eq!((answer.status.as_u16(), answer.text()), (status, ""), "{way:?}");
            assert_eq!(answer.header("etag"), etag, "{way:?}");
            assert_eq!(answer.header("content-type"), "", "{way:?}");
            assert_eq!(answer.header("x-ratelimit-remaining"), remaining, "{way:?}");
        }
    }
}

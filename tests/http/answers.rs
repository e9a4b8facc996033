use http::Method;
use portcullis_tests::{ACME, GLOBEX, ask, delete, get, post};

use crate::way::Way;

#[tokio::test]
async fn a_key_opens_the_service_and_every_answer_says_what_is_left() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        assert_eq!(
            visit.send(get("/invoices/1").key(ACME)).await.lines(),
            [
                "200 OK",
                "content-length: 21",
                "content-type: application/json",
                "x-ratelimit-limit: 300",
                "x-ratelimit-remaining: 299",
                "",
                r#"{"id":1,"cents":1200}"#,
            ],
            "{way:?}"
        );
        let later = visit.send(get("/whoami").key(GLOBEX)).await;
        assert_eq!((later.status.as_u16(), later.text()), (200, "hank"), "{way:?}");
        let created = visit.send(post("/invoices").key(ACME).json(r#"{"cents":7}"#)).await;
        assert_eq!((created.status.as_u16(), created.text()), (201, r#"{"id":3,"cents":7}"#));
    }
}

#[tokio::test]
async fn without_a_key_the_answer_is_a_401_with_its_challenge() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        assert_eq!(
            visit.send(get("/invoices/1")).await.lines(),
            [
                "401 Unauthorized",
                "content-length: 33",
                "content-type: application/json",
                "www-authenticate: Bearer",
                "x-ratelimit-limit: 600",
                "x-ratelimit-remaining: 599",
                "",
                r#"{"detail":"Missing bearer token"}"#,
            ],
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn a_key_that_is_nobodys_is_a_401_that_says_so() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        assert_eq!(
            visit.send(get("/invoices/1").key("stolen")).await.lines(),
            [
                "401 Unauthorized",
                "content-length: 33",
                "content-type: application/json",
                r#"www-authenticate: Bearer error="invalid_token""#,
                "x-ratelimit-limit: 600",
                "x-ratelimit-remaining: 599",
                "",
                r#"{"detail":"Invalid bearer token"}"#,
            ],
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn a_wrong_method_is_a_405_in_the_envelope_with_allow() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        assert_eq!(
            visit.send(ask(Method::PATCH, "/invoices/1").key(ACME)).await.lines(),
            [
                "405 Method Not Allowed",
                "allow: GET,HEAD,DELETE",
                "content-length: 31",
                "content-type: application/json",
                "x-ratelimit-limit: 300",
                "x-ratelimit-remaining: 299",
                "",
                r#"{"detail":"Method Not Allowed"}"#,
            ],
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn a_panic_is_a_500_in_the_envelope_that_keeps_its_secret_and_the_connection() {
    for way in Way::ALL {
        let mut visit = way.open().await;
        assert_eq!(
            visit.send(get("/panic").key(ACME)).await.lines(),
            [
                "500 Internal Server Error",
                "content-length: 34",
                "content-type: application/json",
                "x-ratelimit-limit: 300",
                "x-ratelimit-remaining: 299",
                "",
                r#"{"detail":"Internal Server Error"}"#,
            ],
            "{way:?}"
        );
        let next = visit.send(delete("/invoices/1").key(ACME)).await;
        assert_eq!(next.status, 204, "{way:?}");
    }
}

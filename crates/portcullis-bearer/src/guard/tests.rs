use std::{convert::Infallible, time::Duration};

use http::{HeaderMap, Request, Response, StatusCode};
use portcullis_core::GuardLayer;
use tower::{Layer, ServiceExt, service_fn};

use super::*;
use crate::Reason;

#[derive(Clone, Copy, PartialEq, Debug)]
struct Account(u64);

/// Every token's outcome, by its text.
fn outcome(token: &str) -> Outcome<Account> {
    match token {
        "good" => Outcome::Accepted(Account(7)),
        "expired" => Outcome::Rejected(Reason::Expired),
        "revoked" => Outcome::Rejected(Reason::Revoked),
        "down" => Outcome::unavailable(Duration::from_millis(1_500), "the database is down"),
        _ => Outcome::Rejected(Reason::Unknown),
    }
}

/// What a client with this `Authorization` gets, from a verifier that answers now and from one that
/// answers later, which must not differ.
async fn answer(authorization: Option<&str>) -> (StatusCode, HeaderMap, String) {
    let now = through(authorization, |token| outcome(token.as_str()).into()).await;
    let later = through(authorization, |token| {
        let token = token.clone();
        Verification::later(async move {
            tokio::task::yield_now().await;
            outcome(token.as_str())
        })
    })
    .await;
    assert_eq!(now, later);
    now
}

async fn through(
    authorization: Option<&str>,
    verify: impl Fn(&Token) -> Verification<Account> + Send + Sync + 'static,
) -> (StatusCode, HeaderMap, String) {
    let handler = service_fn(async |request: Request<()>| {
        let account = request.extensions().get::<Account>().copied();
        let hidden = request.headers()[AUTHORIZATION].is_sensitive();
        Ok::<_, Infallible>(Response::new(format!("{account:?}, hidden: {hidden}")))
    });
    let mut request = Request::builder();
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    let service = GuardLayer::new(Bearer::from_fn(verify)).layer(handler);
    let response = service.oneshot(request.body(()).unwrap()).await.unwrap();
    let message = response.extensions().get::<ApiError>().map(|error| error.message().to_owned());
    let (head, body) = response.into_parts();
    (head.status, head.headers, message.unwrap_or(body))
}

#[tokio::test]
async fn a_good_token_hands_the_principal_to_the_handler_and_hides_the_header() {
    let (status, headers, body) = answer(Some("Bearer good")).await;
    assert_eq!((status, &*body), (StatusCode::OK, "Some(Account(7)), hidden: true"));
    assert!(headers.is_empty());
}

#[tokio::test]
async fn every_refusal_has_its_challenge() {
    let request_error = r#"Bearer error="invalid_request""#;
    let token_error = r#"Bearer error="invalid_token""#;
    for (authorization, challenge, message) in [
        (None, "Bearer", "Missing bearer token"),
        (Some("Basic YQ=="), request_error, "Malformed Authorization header"),
        (Some("Bearer"), request_error, "Empty bearer token"),
        (Some("Bearer nobody"), token_error, "Invalid bearer token"),
        (Some("Bearer expired"), token_error, "Bearer token expired"),
        (Some("Bearer revoked"), token_error, "Invalid bearer token"),
    ] {
        let (status, headers, told) = answer(authorization).await;
        assert_eq!(status, 401);
        assert_eq!(headers["www-authenticate"], challenge, "{authorization:?}");
        assert_eq!(told, message);
    }
}

#[tokio::test]
async fn a_check_that_could_not_be_made_is_no_fault_of_the_token() {
    let (status, headers, told) = answer(Some("Bearer down")).await;
    assert_eq!((status.as_u16(), &*told), (503, "Service Unavailable"));
    assert_eq!(headers["retry-after"], "2");
    assert!(!headers.contains_key("www-authenticate"));
}
